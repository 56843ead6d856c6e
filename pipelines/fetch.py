"""Bytes of public sources, from their publishers or from a mirror of them: never during a run, `refresh` only.

A mirror is a folder <source>/<vintage>/<file> or the same tree served on loopback with its INDEX.csv, named by
CYBERACCORD_MIRROR. What is done with the bytes is in `refresh`.
"""

from __future__ import annotations

import csv
import io
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests
import tenacity

from pipelines import addresses, vintages
from pipelines.cards import FETCHED, Card
from pipelines.cards import File as Wanted
from pipelines.errors import InputError
from pipelines.vintages import File, sha256

MIRROR = "CYBERACCORD_MIRROR"
INDEX = "INDEX.csv"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
AGENT = "cyberaccord-refresh/0.1"
MB = 2**20
CHUNK = 2**16
PASSING = (429, 500, 502, 503, 504)
"""Answers that may be another one in a moment."""


@dataclass(frozen=True)
class Limits:
    """How long to wait for an answer and for a whole file (seconds), how often to ask, over how many redirects."""

    connect: float = 10
    read: float = 30
    whole: float = 600
    tries: int = 3
    wait: float = 1
    redirects: int = 5


class FetchError(Exception):
    """A file did not come; one line says which and why, without what may be secret in an address."""

    def __str__(self) -> str:
        """The reason, addresses shown without user, password and keys."""
        return addresses.shown(super().__str__())


class Passing(FetchError):
    """A failure that may not last, worth another try."""


@dataclass(frozen=True)
class Fetched:
    """An edition of a source: its label, its bytes and where they came from. Nothing in it where nothing changed."""

    label: str
    content: Mapping[str, bytes]
    files: tuple[File, ...]


def mirror() -> str | None:
    """The mirror, or None for the publishers; InputError for a folder that is not there or a host that is not here."""
    named = os.environ.get(MIRROR)
    if not named:
        return None
    if "://" in named:
        parts = urlsplit(named)
        if parts.scheme != "http" or parts.hostname not in LOOPBACK:
            raise InputError(
                MIRROR, None, None, "loopback", addresses.shown(named), "a folder, or http://127.0.0.1:<port>"
            )
    elif not Path(named).expanduser().is_dir():
        raise InputError(
            MIRROR, None, None, "folder_exists", named, "a folder that is there, or http://127.0.0.1:<port>"
        )
    return named


def editions(card: Card, limits: Limits | None = None) -> Iterator[Fetched]:
    """Editions of a source that the store does not hold, the oldest first; FetchError where a file does not come."""
    limits, place = limits or Limits(), mirror()
    if place is None:
        yield from _from_publisher(card, limits)
    elif "://" in place:
        yield from _from_server(card, place.rstrip("/"), limits)
    else:
        yield from _from_folder(card, Path(place).expanduser())


def by_hand(card: Card) -> bool:
    """Whether a person must fetch the source: it has a file without an address, and there is no mirror."""
    return mirror() is None and any(file.url is None for file in card.files if file.tables)


def _from_publisher(card: Card, limits: Limits) -> Iterator[Fetched]:
    last = vintages.standing(card.source_id)
    known = {file.url: file for file in last.files} if last else {}  # by the address as it is shown
    content: dict[str, bytes] = {}
    files: list[File] = []
    with _session(limits) as session:
        for wanted in card.files:
            if wanted.url is None:
                continue
            before = known.get(addresses.shown(wanted.url))
            answer = download(session, wanted.url, wanted.max_mb * MB, limits, before)
            if answer is None and last is not None and before is not None:
                content[before.name] = (last.folder / before.name).read_bytes()
                files.append(before)
            elif answer is not None:
                payload, file = answer
                content[wanted.saved] = payload
                files.append(replace(file, name=wanted.saved))
    label = vintages.now().date().isoformat() if card.vintage == FETCHED else card.vintage
    yield Fetched(label, content, tuple(files))


def _from_folder(card: Card, root: Path) -> Iterator[Fetched]:
    base = root / card.source_id
    if not base.is_dir():
        raise FetchError(f"{card.source_id}: the mirror has no folder of this name")
    for folder in sorted(path for path in base.iterdir() if path.is_dir() and not path.name.startswith(".")):
        content = {}
        for path in sorted(folder.iterdir()):
            wanted = _wanted(card, path.name)
            if wanted is None or not path.is_file():
                continue
            if (size := path.stat().st_size) > wanted.max_mb * MB:
                raise FetchError(f"{card.source_id}/{path.name}: {size / MB:.1f} MB; allowed: {wanted.max_mb:g} MB")
            content[path.name] = path.read_bytes()
        files = tuple(File(name, len(payload), sha256(payload)) for name, payload in content.items())
        yield Fetched(folder.name, content, files)


def _from_server(card: Card, root: str, limits: Limits) -> Iterator[Fetched]:
    with _session(limits, proxies=False) as session:
        listed = [row for row in _index(root, limits) if row["source"] == card.source_id]
        rows = [row for row in listed if None not in row.values() and _wanted(card, row["file"])]
        if not rows:
            raise FetchError(f"{card.source_id}: the mirror's {INDEX} does not list it")
        for name in (row[column] for row in rows for column in ("vintage", "file")):
            if re.search(r"[/\\\0]|^\.|^$", name):
                raise FetchError(f"{card.source_id}: {name!r} in the mirror's {INDEX} is no plain name")
        for label in sorted({row["vintage"] for row in rows}):
            mine = {row["file"]: row["sha256"] for row in rows if row["vintage"] == label}
            if vintages.same_content(card.source_id, mine):
                yield Fetched(label, {}, tuple(File(name, 0, digest) for name, digest in mine.items()))
                continue
            content, files = {}, []
            for name, digest in mine.items():
                wanted = _wanted(card, name)
                assert wanted is not None
                url = f"{root}/{quote(card.source_id)}/{quote(label)}/{quote(name)}"
                answer = download(session, url, wanted.max_mb * MB, limits)
                assert answer is not None  # nothing was known, so the server was not asked what changed
                payload, file = answer
                if file.sha256 != digest:
                    raise FetchError(
                        f"{card.source_id}/{name}: not the bytes that the mirror's {INDEX} lists (checksum)"
                    )
                content[name] = payload
                files.append(replace(file, name=name))
            yield Fetched(label, content, tuple(files))


def _index(root: str, limits: Limits) -> list[dict[str, str]]:
    with _session(limits, proxies=False) as session:
        answer = download(session, f"{root}/{INDEX}", 10 * MB, limits)
    assert answer is not None
    try:
        rows = list(csv.DictReader(io.StringIO(answer[0].decode("utf-8", errors="replace"), newline="")))
    except csv.Error as error:
        raise FetchError(f"{root}/{INDEX}: {error}") from None
    if not rows or not {"source", "vintage", "file", "sha256"} <= set(rows[0]):
        raise FetchError(f"{root}/{INDEX}: no table with the columns source, vintage, file, sha256")
    return rows


def _wanted(card: Card, name: str) -> Wanted | None:
    return next((file for file in card.files if fnmatchcase(name, file.name) or name == file.saved), None)


def _session(limits: Limits, proxies: bool = True) -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = AGENT
    session.max_redirects = limits.redirects
    session.trust_env = proxies
    return session


def download(
    session: requests.Session, url: str, most: float, limits: Limits, known: File | None = None
) -> tuple[bytes, File] | None:
    """The bytes of an address; None where the server says that they are the known ones.

    Parameters
    ----------
    most : bytes that it may have
    known : what is held of it, with the server's marks (ETag, Last-Modified)

    Raises
    ------
    FetchError
        It did not come, in as many tries as the limits say.
    """
    again = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(limits.tries),
        wait=tenacity.wait_exponential_jitter(initial=limits.wait, max=20 * limits.wait, jitter=limits.wait),
        retry=tenacity.retry_if_exception_type(Passing),
        reraise=True,
    )
    return again(_once, session, url, most, limits, known)


def _once(
    session: requests.Session, url: str, most: float, limits: Limits, known: File | None
) -> tuple[bytes, File] | None:
    marks = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
    headers = {name: value for name, value in marks.items() if value}
    started = time.monotonic()
    try:
        with session.get(url, stream=True, timeout=(limits.connect, limits.read), headers=headers) as response:
            if url.startswith("https:") and not response.url.startswith("https:"):
                raise FetchError(f"{url}: redirected to {response.url}, which is not encrypted")
            if response.status_code == requests.codes.not_modified and known is not None:
                return None
            if response.status_code != requests.codes.ok:
                kind = Passing if response.status_code in PASSING else FetchError
                raise kind(f"{url}: the server answers {response.status_code} {response.reason}")
            payload = bytearray()
            for chunk in response.iter_content(CHUNK):
                payload += chunk
                if len(payload) > most:
                    raise FetchError(f"{url}: more than {most / MB:g} MB, the limit of its card")
                if time.monotonic() - started > limits.whole:
                    raise Passing(f"{url}: not whole after {limits.whole:g} seconds")
            etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    except requests.TooManyRedirects:
        raise FetchError(f"{url}: more than {limits.redirects} redirects") from None
    except requests.Timeout:
        raise Passing(f"{url}: no answer in {limits.read:g} seconds") from None
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
        raise Passing(f"{url}: {_plain(error)}") from None
    except requests.RequestException as error:
        raise FetchError(f"{url}: {_plain(error)}") from None
    content = bytes(payload)
    return content, File(url.rsplit("/", 1)[-1], len(content), sha256(content), addresses.shown(url), etag, modified)


def _plain(error: Exception) -> str:
    """The innermost reason, without addresses of objects."""
    reason: BaseException = error
    while reason.args and isinstance(reason.args[-1], BaseException):
        reason = reason.args[-1]
    inner = getattr(reason, "reason", None)
    text = str(inner or reason)
    told = " ".join(text.split(": ", 1)[-1].split())[:160].rstrip("\"')>")
    return told or type(error).__name__
