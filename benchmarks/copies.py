"""More of the same, for the cost curves of `growth`: repeated so that little is shared by accident.

What stays rare in the world stays rare here: each copy of the trackers' records has words of its own and comes after
the others in time, as new incidents do. Copies on the same days would crowd the blocks of the matching, which a limit
then empties. Initials and words of two or three letters do meet by accident, as in the world: a hundred copies have 5 %
more pairs a record, which the curve of merging bears.
"""

from __future__ import annotations

import json
import random
import string
from dataclasses import replace
from datetime import timedelta

import polars as pl

from models.convention import Scenario

SPAN = 60
"""Years from one copy of the records to the next: more than trackers look back."""
LEFT = 0.9
"""Share of the later signatories that a copy of a scenario keeps."""
DELAY = 3
"""Years up to which its memberships are put off."""
PRICES = "BTC-USD.csv"


def payload(name: str, content: bytes, times: int) -> bytes:
    """A CSV or JSON list with its records repeated; the first number of a record's id carries the repetition."""
    if name == PRICES:
        return content
    if name.endswith(".csv"):
        table = pl.read_csv(content, infer_schema=False)
        first = table.columns[0]
        each = [table.with_columns(pl.col(first) + (f"{n:03d}" if n else "")) for n in range(times)]
        return pl.concat(each).write_csv().encode()
    if name == "export.json":
        addresses = json.loads(content)
        return json.dumps(
            [{**entry, "address": f"{entry['address']}{n or ''}"} for n in range(times) for entry in addresses]
        ).encode()
    return content


def records(table: pl.DataFrame, times: int) -> pl.DataFrame:
    """The records of `merge.RECORD` and so many less one copies of them, later ones with higher numbers."""
    return pl.concat([table, *(_copy(table, n) for n in range(1, times))])


def _copy(table: pl.DataFrame, n: int) -> pl.DataFrame:
    """The records in other words: the alphabet in another order, so that all but short words are as rare as ever."""
    order = random.Random(n).sample(string.ascii_lowercase, 26)
    old, new = string.ascii_lowercase + string.ascii_uppercase, "".join(order) + "".join(order).upper()
    alphabet = str.maketrans(old, new)
    names = [None if row is None else [word.translate(alphabet) for word in row] for row in table["names"].to_list()]
    number = pl.col("record_id").str.split_exact(":", 1).struct.field("field_1").str.zfill(8)
    return table.with_columns(
        record_id=pl.concat_str("source_id", pl.lit(f":{n:03d}"), number),
        title=pl.Series(
            [None if title is None else title.translate(alphabet) for title in table["title"]], dtype=pl.String
        ),
        names=pl.Series(names, dtype=pl.List(pl.String)),
        urls=pl.col("urls").list.eval(pl.element() + f"?{n}"),
        start_date=pl.col("start_date").dt.offset_by(f"{SPAN * n}y"),
        end_date=pl.col("end_date").dt.offset_by(f"{SPAN * n}y"),
    )


def dyads(events: pl.DataFrame, times: int) -> pl.DataFrame:
    """The events of `dyadic_incidents` between so many times the pairs of states, on the same days."""
    return pl.concat(events.with_columns(dyad=pl.col("dyad") + f" {n:03d}") for n in range(times))


def attacks(events: pl.DataFrame, times: int) -> pl.DataFrame:
    """So many times the events of `dyadic_incidents` between the same pairs of states: each copy begins elsewhere in
    the window and goes on at its start."""
    first, window = events["day"].min(), events["day"].max() - events["day"].min() + 1
    starts = [0, *(random.Random(n).randrange(window) for n in range(1, times))]
    return pl.concat(events.with_columns(day=first + (pl.col("day") - first + start) % window) for start in starts)


def texts(base: Scenario, times: int) -> list[Scenario]:
    """A scenario so many times, each with other signatories and other dates."""
    found = []
    for n in range(times):
        chance = random.Random(n)
        joins = {
            economy: day + timedelta(days=365 * chance.randrange(DELAY))
            for economy, day in sorted(base.joins.items())
            if economy in base.founders or chance.random() < LEFT
        }
        found.append(replace(base, name=f"copy_{n:03d}", joins=joins))
    return found
