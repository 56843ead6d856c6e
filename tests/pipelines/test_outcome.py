"""A run's outcome reaches the webhook and the mailbox that the environment names, and no secret leaves it."""

import json
import socketserver
import threading

import pytest
from click.testing import CliRunner

from pipelines import main_job, monthly, notify, outcome, refresh, store
from pipelines.cli import main
from pipelines.errors import InputError
from pipelines.refresh import Outcome
from tests.pipelines.local_server import Server, status


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    for name in (notify.WEBHOOK, notify.MAIL, notify.WHEN, "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def webhook(home, monkeypatch):
    """A server that takes JSON at a path with a secret in it, and the bodies it was sent."""
    server, bodies = Server(), []

    def take(request):
        bodies.append(json.loads(request.rfile.read(int(request.headers["Content-Length"]))))
        status(server.code)(request)

    server.code = 204
    server.answers["/secret-token"] = [take]
    monkeypatch.setenv(notify.WEBHOOK, f"{server.url}/secret-token")
    yield server, bodies
    server.close()


def test_a_failure_is_posted_without_the_folders_of_this_machine_and_a_success_only_when_asked(webhook, monkeypatch):
    _, bodies = webhook
    outcome.remember("one", None)
    assert bodies == []
    outcome.remember("two", f"{store.home()}/tables: the disk is full")
    assert bodies == [
        {"status": "failed", "edition": None, "run_id": "two", "message": "store/tables: the disk is full"}
    ]
    monkeypatch.setenv(notify.WHEN, "always")
    outcome.remember("three", None)
    assert [body["status"] for body in bodies] == ["failed", "done"]


def test_a_webhook_that_refuses_or_is_not_there_is_told_in_status_without_its_address(webhook):
    server, _ = webhook
    server.code = 500
    outcome.remember("one", "the disk is full")
    told = CliRunner().invoke(main, ["status"]).stdout
    assert "FAILED" in told and "the disk is full" in told
    assert "CYBERACCORD_WEBHOOK: not delivered: status 500" in told
    server.close()
    outcome.remember("two", "the disk is full")
    told = CliRunner().invoke(main, ["status"]).stdout
    assert "CYBERACCORD_WEBHOOK: not delivered: ConnectionError" in told
    assert "secret-token" not in told


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/secret", "smtp://127.0.0.1:1/secret", "not an address secret"])
def test_an_address_that_cannot_be_one_is_told_without_repeating_it(address, home):
    for send in (notify.post, notify.mail):
        with pytest.raises(notify.NotDelivered) as error:
            send(address, {"status": "failed", "edition": None, "run_id": "", "message": ""})
        assert "secret" not in str(error.value) and "expected" in str(error.value)


class Mailbox(socketserver.StreamRequestHandler):
    """The least of SMTP that takes a mail."""

    def handle(self):
        def say(line):
            self.wfile.write(line.encode() + b"\r\n")

        say("220 ready")
        for line in self.rfile:
            self.server.heard.append(line.decode().strip())
            word = line[:4].upper()
            if word == b"DATA":
                say("354 go on")
                for text in self.rfile:
                    if text == b".\r\n":
                        break
                    self.server.letter.append(text.decode().strip())
            if word == b"QUIT":
                say("221 bye")
                return
            say("250 ok")


@pytest.fixture
def mailbox(home):
    with socketserver.TCPServer(("127.0.0.1", 0), Mailbox) as server:
        server.heard, server.letter = [], []
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_a_failure_is_mailed_to_everybody_named(mailbox, monkeypatch):
    port = mailbox.server_address[1]
    monkeypatch.setenv(notify.MAIL, f"smtp://127.0.0.1:{port}/?from=us@example.org&to=a@example.org&to=b@example.org")
    outcome.remember("one", "the disk is full")
    assert "undelivered" not in outcome.last()
    assert {"rcpt TO:<a@example.org>", "rcpt TO:<b@example.org>"} <= set(mailbox.heard)
    assert "Subject: CyberAccord: failed, edition none yet" in mailbox.letter
    assert "the disk is full" in mailbox.letter


def test_a_password_is_not_sent_where_the_server_offers_no_encryption(mailbox, monkeypatch):
    port = mailbox.server_address[1]
    monkeypatch.setenv(notify.MAIL, f"smtp://me:pass-word@127.0.0.1:{port}/?from=us@example.org&to=a@example.org")
    outcome.remember("one", "the disk is full")
    assert outcome.last()["undelivered"] == [
        "CYBERACCORD_MAIL: not delivered: the server offers no encryption, so the password was not sent"
    ]
    assert not any("AUTH" in line or "pass-word" in line for line in mailbox.heard)


def test_an_older_outcome_does_not_replace_a_newer_one(home):
    from datetime import UTC, datetime

    outcome.remember("newer", None)
    outcome.remember("older", "failed long ago", ended=datetime(2021, 1, 1, tzinfo=UTC))
    assert outcome.last()["run_id"] == "newer"


def test_monthly_notes_a_source_that_failed_and_runs_all_the_same(webhook, monkeypatch):
    _, bodies = webhook
    found = [Outcome("eurepoc", "failed", "no answer; 2024 stays"), Outcome("cisa_kev", "landed", "2026-01-01: 3 rows")]
    monkeypatch.setattr(refresh, "run", lambda **_: found)
    monkeypatch.setattr(main_job, "_materialize", lambda *_: None)
    monkeypatch.setattr(main_job, "closing_lines", lambda *_: ["the headline"])
    result = CliRunner().invoke(main, ["monthly"])
    assert (result.exit_code, result.stdout) == (0, "the headline\n")
    assert outcome.last()["notes"] == ["eurepoc: no answer; 2024 stays"]
    assert bodies[0]["status"] == "sources_failed" and "eurepoc" in bodies[0]["message"]


def test_monthly_tells_an_input_that_is_wrong_and_leaves_what_was_published(webhook, monkeypatch):
    _, bodies = webhook

    def wrong(*_):
        raise InputError("data/scenarios/x.yaml", 3, "policy", "rule", "value", "something else")

    monkeypatch.setattr(refresh, "run", lambda **_: [])
    monkeypatch.setattr(main_job, "check_inputs", wrong)
    result = CliRunner().invoke(main, ["monthly"])
    assert result.exit_code == 2 and "x.yaml, row 3" in result.stderr
    assert bodies[0]["status"] == "failed" and "x.yaml, row 3" in bodies[0]["message"]
    assert "x.yaml, row 3" in CliRunner().invoke(main, ["status"]).stdout
    assert outcome.last()["what"] == monthly.NAME
