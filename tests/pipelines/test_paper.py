"""`cyberaccord report --pdf` where there is no browser, or one that fails, hangs or prints nothing: one line."""

import os
import select

import pytest
from click.testing import CliRunner

from pipelines import paper, store
from pipelines.cli import main

EDITION = "2000-01"


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The page of an edition in an otherwise empty store."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "home"))
    path = store.report() / EDITION / "index.html"
    path.parent.mkdir(parents=True)
    path.write_text("<p>A page</p>", encoding="utf-8")
    return path


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Make the only browser on this machine a shell script."""

    def install(*lines):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / "chromium"
        program.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setattr(paper, "PLACES", ())
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")
        monkeypatch.setattr(paper, "NAMES", ("chromium",))
        return program

    return install


def test_without_a_browser_the_page_is_rendered_and_one_line_says_how_to_get_one(published, monkeypatch):
    monkeypatch.setattr(paper, "PLACES", ())
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(main, ["report", "--pdf"])
    assert result.exit_code == 1
    assert result.stdout.strip().endswith("index.html")
    [line] = result.stderr.strip().splitlines()
    assert "neither Chromium nor Chrome" in line and "apt-get install chromium" in line


PRINTS = 'for flag; do case "$flag" in --print-to-pdf=*) out="${flag#*=}";; esac; last="$flag"; done'


def test_a_pdf_takes_the_place_of_the_last_one_whole_and_nothing_is_left_beside_it(page, browser):
    browser(PRINTS, 'printf "%%PDF-1.4 of $last" > "$out"')
    page.with_name("report.pdf").write_bytes(b"the last one")
    assert paper.print_edition(EDITION) == page.with_name("report.pdf")
    assert page.with_name("report.pdf").read_text() == f"%PDF-1.4 of {page.as_uri()}"
    assert sorted(path.name for path in page.parent.iterdir()) == ["index.html", "report.pdf"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (('echo "no usable sandbox" >&2', "exit 3"), "ended with 3: no usable sandbox"),
        (("exit 0",), "ended well and printed nothing"),
        ((PRINTS, 'echo "<html>" > "$out"'), "ended well and printed nothing"),
    ],
)
def test_a_browser_that_fails_is_one_line_and_the_last_pdf_stays(page, browser, lines, words):
    browser(*lines)
    page.with_name("report.pdf").write_bytes(b"the last one")
    with pytest.raises(paper.NotPrinted, match=words) as raised:
        paper.print_edition(EDITION)
    assert "\n" not in str(raised.value)
    assert page.with_name("report.pdf").read_bytes() == b"the last one"
    assert sorted(path.name for path in page.parent.iterdir()) == ["index.html", "report.pdf"]


def test_a_browser_that_hangs_is_stopped_with_all_that_it_started(page, browser, monkeypatch, tmp_path):
    held = tmp_path / "held"  # a pipe that ends for its reader once nobody is left who could write
    os.mkfifo(held)
    reader = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    browser(f"exec 3> {held}", "sleep 60 &", "sleep 60")
    monkeypatch.setattr(paper, "LONGEST", 1)
    with pytest.raises(paper.NotPrinted, match="was stopped after 1 seconds"):
        paper.print_edition(EDITION)
    assert select.select([reader], [], [], 10)[0] == [reader]
    assert os.read(reader, 1) == b""
    os.close(reader)


@pytest.mark.parametrize("command", [["report", "--edition", EDITION], ["changes", "--edition", EDITION]])
def test_an_edition_that_is_no_database_is_one_line(page, command):
    path = store.database(EDITION)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database")
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    [line] = result.stderr.strip().splitlines()
    assert f"{EDITION}.duckdb" in line and "run again, or remove the file" in line
