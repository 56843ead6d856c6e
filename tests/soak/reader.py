"""One reader of the published database, in a process of its own: started by the tests, it reads until its input ends.

A read is one opening of the database with several queries on it. The published tables carry the number of their
publication, so that a read which shows two numbers has met a mixed edition.

    reader.py PIPE     a byte goes into the pipe for each read, and one line of JSON to stdout at the end
    reader.py hold     opens the database, takes the first rows of a result, and the others when its input ends
"""

import json
import os
import select
import sys
import time

import duckdb

from pipelines import ask, editions

NUMBERS = (
    "select seed from meta.runs",
    "select distinct gdp_usd_bn_2020 from core.gdp",
    "select distinct mcse from headline where mcse is not null",
    "select distinct draws from model.counterfactual",
    "select seed from meta.runs",
)
"""Each asks another table or view for the number of the publication."""


def numbers(connection: duckdb.DuckDBPyConnection) -> set[int]:
    return {int(value) for sql in NUMBERS for (value,) in connection.execute(sql).fetchall()}


def plain() -> duckdb.DuckDBPyConnection:
    """As somebody opens it who does not use the command line."""
    return duckdb.connect(str(editions.find(None)), read_only=True)


def reading(pipe: int) -> dict:
    """Read until the input ends, by the product's own way and the plain one in turn."""
    reads, longest, seen, mixed = 0, 0.0, set(), []
    while not select.select([sys.stdin], [], [], 0)[0]:
        start = time.perf_counter()
        with ask.connect() if reads % 2 else plain() as connection:
            found = numbers(connection)
        longest = max(longest, time.perf_counter() - start)
        reads += 1
        seen |= found
        if len(found) != 1:
            mixed.append(sorted(found))
        os.write(pipe, b".")
    return {"reads": reads, "longest": longest, "seen": sorted(seen), "mixed": mixed}


def holding() -> dict:
    """Keep a result unfinished, and the file open, until the input ends."""
    with plain() as connection, plain() as other:
        result = connection.execute("select draws from model.counterfactual")
        rows = [result.fetchone()]
        print("holding", flush=True)
        sys.stdin.read()
        while row := result.fetchone():
            rows.append(row)
        [(count,)] = other.execute("select count(*) from model.counterfactual").fetchall()
        return {"rows": len(rows), "of": count, "seen": sorted({int(value) for (value,) in rows} | numbers(other))}


if __name__ == "__main__":
    print(json.dumps(holding() if sys.argv[1] == "hold" else reading(int(sys.argv[1]))))
