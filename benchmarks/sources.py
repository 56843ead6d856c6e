"""How long refreshing takes against reading the same bytes, how much memory it needs, and how both grow.

Measured on the mirror that CYBERACCORD_MIRROR names, in processes of their own, so that memory is that of the refresh.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
import zipfile
from pathlib import Path

import polars as pl

from benchmarks.alone import alone
from benchmarks.lines import Line, at_most, timed
from models.escalation import fit_table
from pipelines import aggregate, refresh, vocabulary
from pipelines.dyadic_incidents import dyadic_incidents

TIMES = 3


def refreshed(mirror: Path) -> tuple[float, float]:
    """Seconds and peak GB of fetching, parsing, validating and landing every source of a mirror into an empty store."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "CYBERACCORD_HOME": home, "CYBERACCORD_MIRROR": str(mirror)}
        (code, took), peak = alone(landed, environment=environment)
    if code:
        raise SystemExit(f"the refresh ended with exit code {code}")
    return took, peak


def landed() -> tuple[int, float]:
    """Exit code and seconds of a refresh of all sources, in the folders that the environment names."""
    took, code = timed(lambda: refresh.main([], lambda line: None))
    return code, took


def read(mirror: Path) -> float:
    """Seconds to read the same bytes into tables with the fastest call of a library, nothing checked."""
    start = time.perf_counter()
    for path in sorted(mirror.glob("*/*/*")):
        read_file(path)
    return time.perf_counter() - start


def read_file(path: Path) -> None:
    """A file into a table by polars, fastexcel or json."""
    payload = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            for name in archive.namelist():
                read_bytes(name, archive.read(name))
    else:
        read_bytes(path.name, payload)


def read_bytes(name: str, payload: bytes) -> None:
    """Bytes into a table, by the ending of the file's name."""
    if name.endswith(".csv"):
        start = max(payload.find(b'"Country Name"'), 0)  # four lines of preamble are no CSV
        pl.read_csv(payload[start:], infer_schema_length=None, ignore_errors=True)
    elif name.endswith(".json"):
        json.loads(payload)
    elif name.endswith(".parquet"):
        pl.read_parquet(io.BytesIO(payload))
    elif name.endswith(".xlsx"):
        import fastexcel

        book = fastexcel.read_excel(payload)
        for sheet in book.sheet_names:
            book.load_sheet(sheet).to_polars()


def lines(mirror: Path) -> list[Line]:
    """Refreshing from the mirror against reading the same bytes, and the fit on every dyad on record."""
    rounds = [(read(mirror), *refreshed(mirror)) for _ in range(TIMES)]
    bare, took, peak = zip(*rounds, strict=True)
    middle = sorted(took)[TIMES // 2]
    return [
        at_most(
            "refresh_over_reading",
            "refresh of all sources over reading the same bytes with the fastest call",
            [own / read for own, read in zip(took, bare, strict=True)],
            3,
            f"{middle:.1f} s over {sorted(bare)[TIMES // 2]:.2f} s",
            middle,
        ),
        at_most("refresh", "refresh of all sources, of its 20 s", [s / 20 for s in took], 1, f"{middle:.1f} s", middle),
        at_most(
            "refresh_memory",
            "refresh of all sources, of its 1.5 GB",
            [gb / 1.5 for gb in peak],
            1,
            f"{max(peak):.2f} GB",
        ),
        escalation_line(mirror),
    ]


def escalation_line(mirror: Path) -> Line:
    """The fit of campaigns and retaliation on every dyad on record, with its twenty seeds of hours."""
    words = vocabulary.load()
    found = aggregate.incidents(aggregate.staging_tables(mirror, words), words)
    events = dyadic_incidents(found.incidents, found.parties)
    took = sorted(timed(lambda: fit_table(events))[0] for _ in range(TIMES))
    return at_most(
        "escalation_fit",
        f"Hawkes fit and its sensitivity on {events.height} events, of 5 s",
        [seconds / 5 for seconds in took],
        1,
        f"{took[TIMES // 2]:.1f} s",
        took[TIMES // 2],
    )
