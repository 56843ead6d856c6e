"""How long refreshing takes against reading the same bytes, how much memory it needs, and how both grow.

Measured on the mirror that CYBERACCORD_MIRROR names, in processes of their own, so that memory is that of the refresh.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import polars as pl

REFRESH = """
import json, resource, sys, time
from pipelines import refresh
start = time.perf_counter()
code = refresh.main([], lambda line: None)
took = time.perf_counter() - start
print(json.dumps([code, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20]))
"""
STAGE = """
import json, resource, sys, time
from benchmarks.sources import staged
print(json.dumps([*staged(sys.argv[1], int(sys.argv[2])), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20]))
"""


def refreshed(mirror: Path) -> tuple[float, float]:
    """Seconds and peak GB of fetching, parsing, validating and landing every source of a mirror into an empty store."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "CYBERACCORD_HOME": home, "CYBERACCORD_MIRROR": str(mirror)}
        done = subprocess.run(
            [sys.executable, "-c", REFRESH], check=True, capture_output=True, text=True, env=environment
        )
    code, took, peak = json.loads(done.stdout)
    if code:
        raise SystemExit(f"the refresh failed: {done.stderr}")
    return took, peak


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


def grown(mirror: Path, source_id: str, times: int) -> tuple[float, float]:
    """Seconds and peak GB of staging a source whose rows are repeated so many times."""
    environment = {**os.environ, "CYBERACCORD_MIRROR": str(mirror)}
    done = subprocess.run(
        [sys.executable, "-c", STAGE, source_id, str(times)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    took, peak = json.loads(done.stdout)
    return took, peak


def staged(source_id: str, times: int) -> tuple[float]:
    """Seconds to parse and validate a vintage whose records are repeated, with their ids made different."""
    from pipelines import cards, ingest, vintages, vocabulary

    folder = max((Path(os.environ["CYBERACCORD_MIRROR"]) / source_id).iterdir())
    content = {path.name: repeated(path.name, path.read_bytes(), times) for path in folder.iterdir()}
    card = cards.load(source_id)
    day = vintages.day_of(card, folder.name, vintages.now().date())
    words = vocabulary.load()
    start = time.perf_counter()
    ingest.stage(card, content, folder.name, day, words)
    return (time.perf_counter() - start,)


def repeated(name: str, payload: bytes, times: int) -> bytes:
    """A CSV or JSON list with its records repeated; the first number of a record's id carries the repetition."""
    if name == "BTC-USD.csv":
        return payload  # prices are no incidents
    if name.endswith(".csv"):
        table = pl.read_csv(payload, infer_schema=False)
        first = table.columns[0]
        each = [table.with_columns(pl.col(first) + (f"{n:03d}" if n else "")) for n in range(times)]
        return pl.concat(each).write_csv().encode()
    if name == "export.json":
        addresses = json.loads(payload)
        return json.dumps(
            [{**entry, "address": f"{entry['address']}{n or ''}"} for n in range(times) for entry in addresses]
        ).encode()
    return payload
