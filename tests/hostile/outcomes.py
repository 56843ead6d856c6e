"""What may become of hostile input: rows that are all counted, or one line of the error that is documented."""

from __future__ import annotations

import base64
import importlib
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import NoReturn

import polars as pl

from pipelines import file_columns, ingest
from pipelines.cards import Card, File
from pipelines.errors import InputError, SourceFormatError
from pipelines.schemas.staging import tables_of
from pipelines.vocabulary import Vocabulary

DAY = date(2024, 12, 31)
SECONDS = 60
"""A case that takes longer hangs; the largest takes 2 s."""


class Hangs(BaseException):
    """A case did not end."""


@contextmanager
def told(payload: bytes, what: str, seconds: int = SECONDS) -> Iterator[None]:
    """Anything that is raised inside, a panic of polars too, fails with the bytes, so that they can become a test.

    With 0 seconds nothing is timed here: libFuzzer has a timer of its own.
    """

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise Hangs(f"no end after {seconds} s")

    if seconds:
        before = signal.signal(signal.SIGALRM, stop)
        signal.alarm(seconds)
    try:
        yield
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        shown = base64.b64encode(payload[:20_000]).decode()
        trace = "".join(traceback.format_exception(error)[-6:])
        raise AssertionError(f"{what}: {type(error).__name__}\nbytes (base64): {shown}\n{trace}") from None
    finally:
        if seconds:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)


class Ends(Counter[bool]):
    """How many cases were read, and how many refused; a case that did anything else has failed by itself."""

    def of(self, payload: bytes, what: str, read: Callable[[], object]) -> None:
        """Read a case, or have it refused; anything that is raised fails with its bytes (`told`)."""
        with told(payload, what):
            self[bool(read())] += 1

    def both_met(self) -> bool:
        """Whether damage was met that may be read, and damage that must be refused; else the cases show little."""
        return self[True] > 0 and self[False] > 0


def one_line(error: Exception, *parts: str) -> None:
    text = str(error)
    assert text.isprintable(), repr(text)
    assert len(text) < 2_000
    assert all(part in text for part in parts), text


def parsed(card: Card, spec: File, payload: bytes) -> dict[str, pl.DataFrame]:
    """What the parsers of a file make of it; empty where one refuses it."""
    module = importlib.import_module(f"pipelines.sources.{card.source_id}")
    found = {}
    for table, function in spec.tables.items():
        try:
            found[table] = getattr(module, function)(payload)
        except SourceFormatError as error:
            one_line(error, card.source_id, "expected")
            return {}
        assert found[table]["row_number"].null_count() == 0
    return found


def split(card: Card, spec: File, payload: bytes, words: Vocabulary) -> None:
    """Parse a file and split its tables: every row is kept, rejected or merged, and every reject has its row."""
    for name, raw in parsed(card, spec, payload).items():
        try:
            table, rejects = ingest.split(raw, tables_of(card.source_id)[name], card.source_id, "2024", DAY, words)
        except ingest.Refused as error:
            one_line(error, card.source_id)
            continue
        conserved(table, rejects, raw.height)


def staged(card: Card, files: dict[str, bytes], words: Vocabulary) -> ingest.Staged | None:
    """The whole path of a vintage, its columns for the next one too; None where it is refused."""
    try:
        found = ingest.stage(card, files, "2024", DAY, words)
    except (SourceFormatError, ingest.Refused) as error:
        one_line(error, card.source_id)
        return None
    for name, table in found.tables.items():
        conserved(table, found.rejects.filter(pl.col("table_name") == name), table.rows_in)
    for name, payload in files.items():
        assert all(isinstance(column, str) for column in file_columns.columns(name, payload))
    return found


def conserved(table: ingest.Table, rejects: pl.DataFrame, rows: int) -> None:
    assert table.rows_in == rows
    assert rows == table.kept.height + table.rows_rejected + table.rows_merged
    assert rejects.height >= table.rows_rejected


def read_or_refused(error: InputError, file: str) -> None:
    """A line that names the file, the rule and what is allowed."""
    one_line(error, file, "allowed: ", "(rule ")
