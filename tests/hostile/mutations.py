"""Bytes made hostile: a step of damage at a time, by what the bytes are (an archive, Parquet, lines, JSON, whatever).

A step is a name, a place, a length and a value, so that hypothesis can shrink it and atheris can draw it from a seed.
A kind of file that is not known here is damaged as bytes and as text: nothing is added for a new parser.
"""

from __future__ import annotations

import io
import random
import re
import stat
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import parquet_table
from pipelines.sources.archives import DAMAGED

NASTY = [
    *(b"", b" ", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\r", b"\r\n", b"\n\n", b"\t"),
    *(b'"', b'""', b"'", b",", b";", b"\\", b"[", b"]", b"{", b"}", b"<", b"&lol;", b"\x1f", b"\x1b[2J"),
    *(b"-0", b"-1", b"0", b"1e999", b"-1e999", b"1e308", b"nan", b"NaN", b"inf", b"-Infinity", b"0x" + b"f" * 5000),
    *(b"9" * 19, b"9" * 20, b"-" + b"9" * 40, b"9" * 400, b"9" * 5000, b"1_000", b"1.5", "½".encode(), "１２".encode()),
    *(b"null", b"true", b"false", b"None", b"[]", b"{}", b"[[[]]]", b'{"a": {"a": 1}}', b"['x', ['y']]"),
    *(rb'"\ud800"', rb"['\ud800']", b"[0x" + b"f" * 5000 + b"]", b"b'x'", b"{'a': 1}", b"[{}, (), 1j, ...]"),
    *(b"0000-00-00", b"9999-99-99", b"9999-12-31", b"1900-02-29", b"-0001-01-01", b"2021-02-31T25:61", b"10000-01-01"),
    *(b"=cmd|' /C calc'!A0", b"@SUM(A1)", b"+1", b"<script>alert(1)</script>", b"](javascript:alert(1))", b"../../x"),
    *("\u202eturned\u2066".encode(), "\u200b".encode(), "\u2028".encode(), "\U0001f600".encode(), b"a" * 70_000),
    *(b"[" * 3000, b'{"a":' * 3000, b"(" * 300, b"-" * 3000 + b"1", b"<a>" * 1000, b'"\n"' * 50, b",,,,,,,,,,,,,,,,,,"),
]
JSON = [
    *(rb'"\ud800"', rb'["\ud800", "a"]', b"9" * 400, b"-" + b"9" * 25, b"1e999", b"-0.0", b"NaN", b"Infinity", b"null"),
    *(b"true", b'"x"', b"[]", b"{}", b'["a", 1, null, ["b"]]', b'{"a": ["b"]}', b'"9999-99-99"', b'"\\u0000"', b'""'),
    *(b"1e308", b"9" * 19, b"0.1", b"[" * 900 + b"]" * 900, b'"\\u001f"', b'"=1+1"', b"253402300800", b"-62135596801"),
]
"""What a value of JSON becomes: each is JSON, and none is what its reader looks for."""
JSON_VALUE = re.compile(rb'(?<=:)\s*("(?:[^"\\]|\\.)*"|-?[0-9.eE+]+|null|true|false|\[[^\[\]{}]*\])')
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[^\s,;:<>\[\]{}"]+')
LARGEST_COLUMN = 5_000_000
"""Bytes that one step may add as a column; without a limit, columns of ends of lines make more lines for the next one,
and four steps made files of gigabytes."""


class Step(NamedTuple):
    """One damage: which, where (as a share of 65,536), how much, and with what."""

    kind: str
    place: int
    length: int
    value: bytes


def damaged(payload: bytes, steps: list[Step]) -> bytes:
    """The bytes after every step, in order."""
    for step in steps:
        payload = STEPS[step.kind](payload, step)
    return payload


def drawn(seed: int) -> list[Step]:
    """One to four steps from a seed."""
    chance = random.Random(seed)
    return [
        Step(chance.choice(KINDS), chance.randrange(65_536), chance.randrange(64), chance.choice(NASTY))
        for _ in range(chance.randint(1, 4))
    ]


def _at(payload: bytes, step: Step) -> int:
    return step.place * len(payload) // 65_536


def _flip(payload: bytes, step: Step) -> bytes:
    if not payload:
        return payload
    at = _at(payload, step)
    return payload[:at] + bytes([payload[at] ^ (1 << step.length % 8)]) + payload[at + 1 :]


def _cut(payload: bytes, step: Step) -> bytes:
    return payload[: _at(payload, step)]


def _drop(payload: bytes, step: Step) -> bytes:
    at = _at(payload, step)
    return payload[:at] + payload[at + step.length + 1 :]


def _repeat(payload: bytes, step: Step) -> bytes:
    at = _at(payload, step)
    return payload[:at] + payload[at : at + step.length] * 3 + payload[at:]


def _splice(payload: bytes, step: Step) -> bytes:
    at = _at(payload, step)
    return payload[at:] + payload[:at]


def _insert(payload: bytes, step: Step) -> bytes:
    at = _at(payload, step)
    return payload[:at] + step.value + payload[at:]


def _replace(payload: bytes, step: Step) -> bytes:
    """A cell, a JSON value or a word becomes something else; what is quoted stays so every other time."""
    values = list(JSON_VALUE.finditer(payload)) if payload.lstrip()[:1] in (b"[", b"{") else []
    if values and step.length % 3:
        value = values[step.place * len(values) // 65_536]
        return payload[: value.start(1)] + JSON[(step.length + step.place) % len(JSON)] + payload[value.end(1) :]
    found = list(TOKEN.finditer(payload))
    if not found:
        return payload + step.value
    token = found[step.place * len(found) // 65_536]
    value = step.value
    if step.length % 2 and token[0].startswith(b'"'):
        value = b'"' + value.replace(b'"', b'\\"' if step.length % 4 == 1 else b'""') + b'"'
    return payload[: token.start()] + value + payload[token.end() :]


def _lines(payload: bytes, step: Step) -> bytes:
    """A line goes, comes twice, moves, or all ends of lines become others."""
    lines = payload.split(b"\n")
    at = step.place * len(lines) // 65_536
    what = step.length % 6
    if what == 0:
        del lines[at]
    elif what == 1:
        lines.insert(at, lines[at])
    elif what == 2:
        lines.insert(0, lines.pop(at))
    elif what == 3:
        lines = [line + b"\r" for line in lines]
    elif what == 4:
        lines[at] = step.value
    else:
        return b"\r".join(lines)
    return b"\n".join(lines)


def _column(payload: bytes, step: Step) -> bytes:
    """A column of comma-separated lines goes, comes twice, or has one more beside it where that is not too large."""
    if step.length % 3 == 2 and (payload.count(b"\n") + 1) * len(step.value) > LARGEST_COLUMN:
        return payload
    lines = [line.split(b",") for line in payload.split(b"\n")]
    at = step.place * len(lines[0]) // 65_536
    for number, cells in enumerate(lines):
        if at < len(cells):
            if step.length % 3 == 0:
                del cells[at]
            else:
                cells.insert(at, cells[at] if step.length % 3 == 1 else step.value if number else b"extra")
    return b"\n".join(map(b",".join, lines))


def _members(payload: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except DAMAGED:
        return None


def _inside(payload: bytes, step: Step) -> bytes:
    """A member of an archive is damaged and the archive packed again; of other bytes, a value is replaced."""
    members = _members(payload) if payload[:2] == b"PK" else None
    if not members:
        return _replace(payload, step)
    largest = sorted(members, key=lambda name: -len(members[name]))
    name = largest[step.length % min(len(largest), 4)]
    kinds = [kind for kind in KINDS if kind not in ("inside", "archive", "table")]
    inner = step._replace(kind=kinds[step.place % len(kinds)], place=step.place * 7919 % 65_536)
    return packed({**members, name: damaged(members[name], [inner])})


def packed(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _archive(payload: bytes, step: Step) -> bytes:
    """What an archive may do that none of ours does; other bytes are packed into one, or replaced by one."""
    members = (_members(payload) if payload[:2] == b"PK" else None) or {"a.csv": payload}
    name = list(members)[step.length % len(members)]
    what = step.length % 9
    if what == 0:
        return packed({**members, "../../../outside.csv": b"x"})
    if what == 1:
        return packed({("/outside/" if key == name else "") + key: content for key, content in members.items()})
    if what == 2:
        return packed({f"{n}.json": b"[]" for n in range(201)})
    if what == 3:
        return packed({name: packed(members)})
    if what == 4:
        return packed({**members, name: b"0" * 2_000_000})
    if what == 5:
        return _flagged(packed(members), encrypted=True)
    if what == 6:
        return _flagged(packed(members), encrypted=False)
    target = io.BytesIO(packed(members))
    with zipfile.ZipFile(target, "a") as archive:
        entry = zipfile.ZipInfo(name if what == 7 else f"link-{name}")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def _flagged(payload: bytes, *, encrypted: bool) -> bytes:
    """The first member says that it is encrypted, or that its checksum is another."""
    changed = bytearray(payload)
    local, directory = changed.find(b"PK\x03\x04"), changed.find(b"PK\x01\x02")
    for place in (local + 6, directory + 8) if encrypted else (local + 14, directory + 16):
        changed[place] ^= 1
    return bytes(changed)


def _table(payload: bytes, step: Step) -> bytes:
    """A Parquet file of other columns or types; other bytes have a column damaged."""
    if payload[:4] != b"PAR1":
        return _column(payload, step)
    try:  # by what is tested, for polars may end the process on what was damaged before
        frame = parquet_table.read(payload, "any", "any.parquet", parquet_table.columns(payload)).drop("row_number")
    except (SourceFormatError, pl.exceptions.PolarsError):
        return _flip(payload, step)
    if not frame.width:
        return payload
    name = frame.columns[step.place % frame.width]
    what = step.length % 8
    if what == 0:
        frame = frame.drop(name)
    elif what == 1:
        frame = frame.with_columns(pl.Series(name, [str(value) for value in frame[name]], dtype=pl.String))
    elif what == 2:
        frame = frame.with_columns(pl.lit(step.value).alias(name))
    elif what == 3:
        frame = frame.with_columns(pl.concat_list(pl.col(name)).alias(name))
    elif what == 4:
        frame = frame.with_columns(pl.lit(None).alias(name))
    elif what == 5:
        frame = frame.with_columns(pl.lit([float("nan"), float("inf"), -0.0, 1e308][step.place % 4]).alias(name))
    elif what == 6:
        frame = frame.head(0).with_columns(pl.lit(1).alias("row_number"))
    else:
        frame = pl.concat([frame, frame])
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


STEPS: dict[str, Callable[[bytes, Step], bytes]] = {
    "flip": _flip,
    "cut": _cut,
    "drop": _drop,
    "repeat": _repeat,
    "splice": _splice,
    "insert": _insert,
    "replace": _replace,
    "lines": _lines,
    "column": _column,
    "inside": _inside,
    "archive": _archive,
    "table": _table,
}
KINDS = [*STEPS, "replace", "replace", "inside"]
"""What is drawn: damage that leaves a file readable is the more telling."""
