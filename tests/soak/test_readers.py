"""Four processes read while editions are published: no read fails or is of two editions, and no publication waits."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

import polars as pl
import pytest

from pipelines import editions, store, warehouse
from pipelines.assets.publication import FROM_ASSETS, FROM_VINTAGES, SCHEMAS, WRITTEN_LATER
from tests.soak import whole
from tests.soak.conftest import environment

pytestmark = pytest.mark.soak

SCRIPT = Path(__file__).with_name("reader.py")
READERS = 4
MARKED = {"model.counterfactual": ("draws", "mcse"), "core.gdp": ("gdp_usd_bn_2020",)}
"""Columns that carry the number of the publication."""


class Publisher:
    """Publishes the tables of a run, each time under another number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        later = [warehouse.Table(schema, ()) for schema in SCHEMAS if schema.name in WRITTEN_LATER]
        self.tables = [*warehouse.tables_on_disk(FROM_ASSETS, store.tables(), FROM_VINTAGES), *later]
        [self.run] = editions.rows(editions.find(None), "from meta.runs")
        self.number = 0

    def publish(self) -> float:
        """The seconds that a publication took, from its tables to the end of the swap."""
        self.number += 1
        tables = [self.marked(table) if table.schema.name in MARKED else table for table in self.tables]
        start = perf_counter()
        warehouse.publish(tables, {**self.run, "seed": self.number}, "2000-01")
        return perf_counter() - start

    def marked(self, table: warehouse.Table) -> warehouse.Table:
        frame, path = pl.read_parquet(table.files), self.folder / f"{table.schema.name}-{self.number}.parquet"
        columns = MARKED[str(table.schema.name)]
        frame.with_columns(pl.lit(self.number).cast(frame.schema[name]).alias(name) for name in columns).write_parquet(
            path
        )
        return warehouse.Table(table.schema, (path,))


def start(stack: ExitStack, home: Path, what: str, *pipes: int) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), what],
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=pipes,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


def end(process: subprocess.Popen) -> dict:
    said, told = process.communicate()
    assert process.returncode == 0, told
    return json.loads(said)


def test_no_read_fails_or_mixes_editions_while_others_are_published_and_no_publication_waits(home, tmp_path, long):
    wanted, publications = (10_000, 50) if long else (1_000, 8)
    publisher = Publisher(tmp_path)
    alone = [publisher.publish() for _ in range(3)]
    first = publisher.number
    with ExitStack() as stack:
        holder = start(stack, home, "hold")
        assert holder.stdout.readline() == "holding\n"
        counted, pipe = os.pipe()
        readers = [start(stack, home, str(pipe), pipe) for _ in range(READERS)]
        os.close(pipe)
        reads, beside = len(os.read(counted, 1)), []
        for number in range(1, publications + 1):
            beside.append(publisher.publish())
            while reads < wanted * number // publications:  # spread over the reads
                reads += len(os.read(counted, 1 << 16))
        # a publication that waited for a reader would never have ended: this one has held its file from the first on
        assert holder.poll() is None
        told, held = [end(reader) for reader in readers], end(holder)
        os.close(counted)
    reads = sum(each["reads"] for each in told)
    seen = {number for each in told for number in each["seen"]}
    print(
        f"\n{reads:,} reads by {READERS} processes during {publications} publications, {len(seen)} editions seen, "
        f"{sum(len(each['mixed']) for each in told)} mixed; longest publication {max(beside):.2f} s, without readers "
        f"{max(alone):.2f} s; longest read {max(each['longest'] for each in told):.2f} s"
    )
    assert reads >= wanted
    assert [each["mixed"] for each in told] == [[]] * READERS
    assert seen <= set(range(first, first + publications + 1)) and len(seen) > publications // 2
    assert held == {"rows": held["of"], "of": held["of"], "seen": [first]}
    assert whole.edition(editions.find(None))[1] == whole.edition(editions.find("2000-01"))[1] == publisher.number
