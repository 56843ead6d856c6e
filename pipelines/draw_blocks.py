"""Draws of an ensemble as blocks, a Parquet file each, in a folder or a bucket, and their statistics by DuckDB.

A block waits for no other and says what it rests on, so several machines may share the blocks, and an ensemble that was
broken off goes on. Which convention they are of, and how a block is computed, is in `large_ensemble`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl

from models.statistics import scramble_error
from pipelines import store, table_files
from pipelines.errors import InputError

if TYPE_CHECKING:
    from upath import UPath

SCRAMBLES = range(8, 16)
SIZE = 2**17
"""Draws of a file at most, 1.5 MB."""
MEMORY = "1GB"
"""What DuckDB may take; exact quantiles hold every value, 84 MB of 1e7."""
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
STATISTICS = ("mean", *QUANTILES, "p_not_better")
STAMP = "ensemble"


@dataclass(frozen=True)
class Block:
    """Draws of one scramble from `first` on."""

    scramble: int
    first: int
    draws: int

    @property
    def name(self) -> str:
        """The file; the same draws have the same name in an ensemble of any size."""
        return f"{self.scramble:02d}_{self.first:09d}_{self.draws}.parquet"


def layout(draws: int) -> tuple[int, list[Block]]:
    """Number of scrambles and the blocks of an ensemble; InputError for a number that is not balanced."""
    scrambles = draws
    while scrambles > SCRAMBLES[-1] and scrambles % 2 == 0:
        scrambles //= 2
    if scrambles not in SCRAMBLES or draws < 2 * scrambles:
        allowed = f"8 to 15 times a power of two, such as {store.DRAWS} or {10 * 2**20}"
        raise InputError("--draws", None, None, "balanced", draws, allowed)
    per = draws // scrambles
    size = min(per, SIZE)
    return scrambles, [Block(s, first, size) for s in range(scrambles) for first in range(0, per, size)]


def chosen(blocks: Sequence[Block], part: str | None) -> Sequence[Block]:
    """The blocks from A to before B that `A:B` names, by default all."""
    if part is None:
        return blocks
    start, _, stop = part.partition(":")
    if not (start.isdigit() and stop.isdigit() and int(start) < int(stop) <= len(blocks)):
        allowed = f"FIRST:END within 0:{len(blocks)}, such as 0:{max(len(blocks) // 2, 1)}"
        raise InputError("--blocks", None, None, "blocks of these draws", part, allowed)
    return blocks[int(start) : int(stop)]


def is_there(folder: Path | UPath, block: Block, rests_on: str) -> bool:
    """Whether a block was computed on what stands now; one of half a file or of something else is not."""
    try:
        return table_files.metadata(folder / block.name).get(STAMP) == rests_on
    except (FileNotFoundError, pl.exceptions.ComputeError):
        return False


def write(folder: Path | UPath, block: Block, avoided: np.ndarray, rests_on: str) -> None:
    """Write a block: scramble, place in its sequence, avoided loss in USD bn a year at 2020 prices."""
    place = np.arange(block.first, block.first + block.draws, dtype=np.int32)
    scramble = np.full(block.draws, block.scramble, dtype=np.int8)
    frame = pl.DataFrame({"scramble": scramble, "place": place, "avoided_loss": avoided})
    if isinstance(folder, Path):
        folder.mkdir(parents=True, exist_ok=True)
    table_files.write(frame, folder / block.name, {STAMP: rests_on})


def statistics(folder: Path | UPath, blocks: Sequence[Block]) -> tuple[dict[str, float], dict[str, float]]:
    """Mean, exact quantiles and the probability that nothing is avoided, and their standard errors over scrambles.

    Quantiles are interpolated linearly, as `models.statistics` has them.
    """
    levels = list(QUANTILES.values())
    with table_files.files_at_hand(folder, [block.name for block in blocks]) as files, duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute("set threads = 1")  # or the sums would differ in their last digit from run to run
        connection.execute("set enable_progress_bar = false")

        def ask(by: str) -> np.ndarray:
            found = connection.execute(
                f"""
                select fsum(avoided_loss) / count(*), quantile_cont(avoided_loss, {levels}),
                    count(*) filter (avoided_loss <= 0) / count(*)
                from read_parquet(?) {by}
                """,
                [[str(file) for file in files]],
            ).fetchall()
            return np.array([[mean, *quantiles, odds] for mean, quantiles, odds in found])

        [whole] = ask("").tolist()
        errors = scramble_error(ask("group by scramble order by scramble").T).tolist()
    return dict(zip(STATISTICS, whole, strict=True)), dict(zip(STATISTICS, errors, strict=True))
