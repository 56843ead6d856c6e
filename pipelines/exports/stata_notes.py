"""Notes of a Stata file, which pyreadstat does not write, and its date: put into a finished file of format 118.

A note is a characteristic `note1`, `note2`, ... of a variable or of the data (`_dta`), and `note0` is their number. The
section of characteristics is before the data, and the map at the head of the file says where each section begins, so
what follows moves (Stata's help file `dta`). The date is that of the edition, not of the minute in which the file is
written, so that the same edition gives the same bytes.
"""

from __future__ import annotations

import shutil
import struct
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

MAP = b"<map>"
DATE = b"<timestamp>\x11"
"""What is before the date: its 17 letters, such as 26 Nov 2026 09:07."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PLACES = struct.Struct("<14Q")
"""The map: where each section begins, the last two being the end of the data set and of the file."""
CHARACTERISTICS = 8
BEGIN, END = b"<characteristics>", b"</characteristics>"
NAME_BYTES = 129
LONGEST = 67_000
"""Bytes of a note, a little under what Stata holds."""


def add_notes(path: Path, notes: Sequence[tuple[str, str]], moment: datetime) -> None:
    """Add notes, pairs of variable (or `_dta`) and text, to a file without any, and date it.

    ValueError where the file is not laid out as expected.
    """
    date = f"{moment:%d} {MONTHS[moment.month - 1]} {moment:%Y %H:%M}".encode()
    beside = path.with_suffix(".noted")
    with path.open("rb") as file, beside.open("wb") as noted:
        head = file.read(1024)
        at, dated_at = head.index(MAP) + len(MAP), head.index(DATE) + len(DATE)
        file.seek(at)
        places = list(PLACES.unpack(file.read(PLACES.size)))
        begin = places[CHARACTERISTICS]
        file.seek(begin)
        if file.read(len(BEGIN + END)) != BEGIN + END:
            raise ValueError(f"{path.name}: no empty section of characteristics where the map says")
        section = BEGIN + b"".join(_characteristics(notes)) + END
        moved = len(section) - len(BEGIN + END)
        places[CHARACTERISTICS + 1 :] = [place + moved for place in places[CHARACTERISTICS + 1 :]]
        noted.write(head[:dated_at] + date + head[dated_at + len(date) : at] + PLACES.pack(*places))
        file.seek(at + PLACES.size)
        noted.write(file.read(begin - at - PLACES.size) + section)
        file.seek(begin + len(BEGIN + END))
        shutil.copyfileobj(file, noted, 1 << 20)
    beside.replace(path)


def _characteristics(notes: Sequence[tuple[str, str]]) -> list[bytes]:
    counts: Counter[str] = Counter()
    found = []
    for variable, text in notes:
        counts[variable] += 1
        found.append(_characteristic(variable, f"note{counts[variable]}", text))
    return [*(_characteristic(variable, "note0", str(count)) for variable, count in counts.items()), *found]


def _characteristic(variable: str, name: str, text: str) -> bytes:
    content = text.replace("\0", "").encode()[:LONGEST].decode(errors="ignore").encode() + b"\0"
    names = b"".join(word.encode().ljust(NAME_BYTES, b"\0") for word in (variable, name))
    return b"<ch>" + struct.pack("<I", len(names) + len(content)) + names + content + b"</ch>"
