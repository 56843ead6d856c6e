"""`cyberaccord ensemble`: one convention at one level of adoption in far more draws than a run has.

On the inputs, the seed and the day of the run whose tables are in the store, so that the run's own draws are among
those of the ensemble. Blocks and their statistics are in `draw_blocks`, what happens in a draw in models/.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from models.counterfactual import DEFAULT_SET, LEVELS, METRICS, Point, headline_point, level_points
from models.gdp import BASE_YEAR
from models.headline import FULLEST
from models.large_ensemble import Streamed
from models.results import accessions, memberships
from models.study import Study
from pipelines import draw_blocks, named_files, priors, scenarios, store, table_files
from pipelines.assets.study import coverage_laws, prepare_convention
from pipelines.draw_blocks import STATISTICS
from pipelines.errors import InputError
from pipelines.parquet import on_the_store, stamp
from pipelines.settings import RunSettings

if TYPE_CHECKING:
    from upath import UPath

DRAWS = 10 * 2**20
"""The fewest above 1e7 that are balanced: ten scrambles of 2^20."""
OWN = "scenario"
"""The metric of a scenario's own membership of the last year, which has no level: the headline."""


class OtherInputs(Exception):
    """The tables in the store rest on other inputs or code than are here: one line says so."""


@dataclass(frozen=True)
class Place:
    """One row of results: a scenario and its own membership (`level` None), or a level of a metric of adoption."""

    scenario: str
    metric: str = OWN
    level: float | None = None

    def __post_init__(self) -> None:
        """InputError for a scenario, metric or level that no table has."""
        named_files.find(store.DATA / "scenarios", self.scenario, "unknown_scenario")
        if self.scenario == scenarios.STATUS_QUO:
            raise InputError("SCENARIO", None, None, "avoids something", self.scenario, "a convention")
        if self.metric not in (OWN, *METRICS):
            raise InputError("--metric", None, None, "a metric", self.metric, f"one of {', '.join((OWN, *METRICS))}")
        allowed = f"one of {', '.join(f'{level:g}' for level in LEVELS[1:])} with --metric {', '.join(METRICS)}"
        if (self.level is None) != (self.metric == OWN) or self.level not in (None, *LEVELS[1:]):
            raise InputError("--level", None, None, "a level of the metric", self.level, allowed)

    @property
    def below(self) -> str:
        """The folder of its blocks below that of all ensembles."""
        return f"{self.scenario}/{self.metric}" + ("" if self.level is None else f"_{100 * self.level:.0f}")

    def __str__(self) -> str:
        """In words."""
        return self.scenario + (", its own membership" if self.level is None else f", {self.metric} at {self.level:g}")


@dataclass(frozen=True)
class Result:
    """What an ensemble says of a place, USD bn a year at 2020 prices, beside what the run's own draws say."""

    place: Place
    draws: int
    values: dict[str, float]
    errors: dict[str, float]
    of_run: dict[str, float]
    draws_of_run: int

    def lines(self) -> list[str]:
        """A heading and a line a statistic."""
        columns = (f"{self.draws:,} draws", "standard error", f"the run's {self.draws_of_run:,}")
        body = [
            f"{name:14}{self.values[name]:>20.6g}{self.errors[name]:>20.2g}{self.of_run[name]:>20.6g}"
            for name in STATISTICS
        ]
        head = " " * 14 + "".join(f"{column:>20}" for column in columns)
        unit = "avoided loss, USD bn a year at 2020 prices; p_not_better is a probability"
        return [f"{self.place}: {unit}", head, *body]


class Ensemble:
    """A place on the tables of the store: the study, the point, and what every block of it rests on."""

    def __init__(self, place: Place, folder: Path | UPath | None = None) -> None:
        self.place = place
        self.folder = (folder or store.tables() / "ensemble") / place.below
        made = store.tables() / "model" / "counterfactual" / f"{place.scenario}.parquet"
        if not made.exists():
            allowed = f"a scenario that is computed: cyberaccord run --scenario {place.scenario}"
            raise InputError("SCENARIO", None, None, "computed", place.scenario, allowed)
        run = stamp(made)
        of_run = RunSettings.of(run)
        if not of_run.made(run):
            raise OtherInputs(f"the tables of {place.scenario} rest on other inputs or code than are here: run again")
        self.draws_of_run, self.of_run = of_run.draws, _of_run(made, place)
        # sums of products of fewer draws than a default run has would hold those of others less well
        settings = RunSettings(draws=max(of_run.draws, store.DRAWS), seed=of_run.seed, as_of=of_run.as_of)
        tables = on_the_store()
        study, register = prepare_convention(settings, tables), priors.load()
        point = _point(study, place, settings)
        self.streamed = Streamed(
            study, [point], register.priors, coverage_laws(tables), str(register.choices["allocation"])
        )
        # the convention is read here, as its file is today, whatever the run has read
        rests = {**settings.stamp(), "convention": scenarios.text_hashes([place.scenario])[place.scenario]}
        self.rests_on = json.dumps(rests, sort_keys=True)

    def result(
        self, draws: int, part: str | None = None, workers: int = 2, say: Callable[[str], None] = lambda _: None
    ) -> Result | list[str]:
        """Compute the blocks that are not there, of those that `part` names, and evaluate all; names of those that
        other machines have yet to compute where some are missing."""
        scrambles, blocks = draw_blocks.layout(draws)
        wanted = draw_blocks.chosen(blocks, part)
        missing = [block for block in wanted if not draw_blocks.is_there(self.folder, block, self.rests_on)]
        began = time.monotonic()
        for done, block in enumerate(missing):
            left = f", {(time.monotonic() - began) / done * (len(missing) - done):.0f} s left" if done else ""
            say(f"block {done + 1} of {len(missing)}{left}")
            start = block.scramble * (draws // scrambles) + block.first
            [avoided] = self.streamed.evaluated(range(start, start + block.draws), draws, scrambles, workers)
            draw_blocks.write(self.folder, block, avoided, self.rests_on)
        others = [block for block in blocks if block not in wanted]
        absent = [b.name for b in others if not draw_blocks.is_there(self.folder, b, self.rests_on)]
        if absent:
            return absent
        values, errors = draw_blocks.statistics(self.folder, blocks)
        return Result(self.place, draws, values, errors, self.of_run, self.draws_of_run)


def _of_run(made: Path | UPath, place: Place) -> dict[str, float]:
    """What the run has published of the place."""
    table = table_files.read(made)
    at = pl.col("year") == BASE_YEAR if place.level is None else pl.col("adoption_level") == place.level
    found = table.filter(
        at,
        pl.col("adoption_metric") == place.metric,
        pl.col("effect_set") == DEFAULT_SET,
        pl.col("iso3") == "WLD",
        pl.col("measure") == "avoided_loss",
    ).filter(FULLEST)
    [row] = found.select(STATISTICS).to_dicts()
    return row


def _point(study: Study, place: Place, settings: RunSettings) -> Point:
    text = scenarios.load(place.scenario, scenarios.directory(settings.day)).for_models()
    if place.level is None:
        joined = memberships(study, [text], accessions(study, [text]))[text.name].joined[-1]
        return headline_point(study.world, text, study.settings, joined)
    levels = level_points(study.world, text, study.weights, study.settings)
    return next(p for p in levels if (p.metric, p.level) == (place.metric, place.level))


def run(
    place: Place,
    draws: int,
    part: str | None,
    workers: int,
    folder: str | None,
    say: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """The lines that the command ends with.

    Errors
    ------
    InputError for what the arguments name, OtherInputs for tables of other inputs, `table_files.Unreachable` for a
    bucket that does not answer.
    """
    _, blocks = draw_blocks.layout(draws)
    draw_blocks.chosen(blocks, part)
    where = store.place(folder) if folder else None
    try:
        with table_files.answering(where or store.tables()):
            ensemble = Ensemble(place, where)
            found = ensemble.result(draws, part, workers, say)
    except (FileNotFoundError, PermissionError) as error:
        raise table_files.Unreachable(f"{where or store.tables()}: {error}") from None
    shown = f"Blocks: {ensemble.folder}"
    if isinstance(found, Result):
        return [*found.lines(), shown]
    return [f"{len(blocks) - len(found)} of {len(blocks)} blocks are there; missing: {found[0]} and others", shown]
