"""Telling somebody how a run ended: a webhook, a mail, or neither. What is told is decided in `outcome`.

`CYBERACCORD_WEBHOOK` is an address that takes JSON; `CYBERACCORD_MAIL` is `smtp://user:password@host:587/?from=a@x&to=b@y`
or `smtps://...`; `CYBERACCORD_NOTIFY=always` tells successes too. Addresses may hold secrets: no message, log or error
repeats them, and what is sent names neither this machine nor its folders.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from pipelines import store

WEBHOOK, MAIL, WHEN = "CYBERACCORD_WEBHOOK", "CYBERACCORD_MAIL", "CYBERACCORD_NOTIFY"
SECONDS = 10
"""After which a server that does not answer is given up."""


class NotDelivered(Exception):
    """A message did not arrive; the words say why without the address."""


def tell(status: str, edition: str | None, run_id: str, message: str) -> list[str]:
    """Send a run's outcome where the environment says; return a line for each way on which it did not arrive.

    A success (`done`) is told only where `CYBERACCORD_NOTIFY` is `always`.
    """
    if status == "done" and os.environ.get(WHEN, "failure") != "always":
        return []
    content = {"status": status, "edition": edition, "run_id": run_id, "message": without_folders(message)}
    missed = []
    ways: tuple[tuple[str, Callable[[str, dict[str, str | None]], None]], ...] = ((WEBHOOK, post), (MAIL, mail))
    for name, send in ways:
        if address := os.environ.get(name):
            try:
                send(address, content)
            except NotDelivered as error:
                missed.append(f"{name}: not delivered: {error}")
    return missed


def post(address: str, content: dict[str, str | None]) -> None:
    """POST the outcome as JSON; NotDelivered unless the answer is a success. Redirects are not followed."""
    import requests

    if urlsplit(address).scheme not in ("http", "https"):
        raise NotDelivered("an address that begins with http:// or https:// is expected")
    try:
        answer = requests.post(address, json=content, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise NotDelivered(type(error).__name__) from None
    if not 200 <= answer.status_code < 300:
        raise NotDelivered(f"status {answer.status_code}")


def mail(address: str, content: dict[str, str | None]) -> None:
    """Send the outcome as a plain mail; NotDelivered where that fails. A password never goes over an open line."""
    try:
        parts = urlsplit(address)
        asked, port = parse_qs(parts.query), parts.port
        sender, receivers = asked["from"][0], asked["to"]
    except (ValueError, KeyError):
        raise NotDelivered("smtp://user:password@host:port/?from=...&to=... is expected") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise NotDelivered("an address that begins with smtp:// or smtps:// is expected")
    letter = EmailMessage()
    try:
        letter["From"], letter["To"] = sender, ", ".join(receivers)
        letter["Subject"] = f"CyberAccord: {content['status']}, edition {content['edition'] or 'none yet'}"
        letter.set_content(f"{content['message']}\n\n{json.dumps(content, indent=2)}\n")
        with _connected(parts.scheme, parts.hostname, port) as server:
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if parts.username:
                if parts.scheme == "smtp" and not isinstance(server.sock, ssl.SSLSocket):
                    raise NotDelivered("the server offers no encryption, so the password was not sent")
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(letter)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        code = getattr(error, "smtp_code", None)
        raise NotDelivered(type(error).__name__ + (f" {code}" if code else "")) from None


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, "localhost", timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port or 587, "localhost", timeout=SECONDS)
    server.ehlo()
    return server


def without_folders(text: str) -> str:
    """A message in which the folders of this machine have short names."""
    folders = {store.home(): "store", store.DATA: "data", store.ROOT: ".", Path.home(): "~"}
    for folder in sorted(folders, key=lambda path: -len(str(path))):
        if len(folder.parts) > 1:
            text = text.replace(str(folder), folders[folder])
    return text
