"""What changed since the last edition: each headline's move split into method, parameters and data.

One thing is exchanged at a time, in a stated order: today's code on the inputs before, then today's parameters, then
today's data, so that the components add up to the move. Where the order matters it is part of the answer; nothing is
split by assumption. How inputs are laid out and computed again is in `kept_inputs` and `recompute`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines import editions, kept_inputs, recompute, store, whole_file
from pipelines.kept_inputs import Basis
from pipelines.recompute import STATISTICS, Headline, Values
from pipelines.scenarios import STATUS_QUO
from pipelines.schemas.meta import META
from pipelines.schemas.tables import MONEY
from pipelines.views import VIEWS

METHOD, DRAWS, PARAMETERS, DATA = "method", "draws", "parameters", "data"
ORDER = (METHOD, DRAWS, PARAMETERS, DATA)
"""In which things are exchanged. `draws` is Monte Carlo: it stands only where their number or seed differs."""
BEFORE, AFTER, JOINT = "before", "after", "not separated"
SAME = {METHOD: "the same code", PARAMETERS: "the same files", DATA: "the same files and vintages"}
COMPUTE = ("python", "numpy", "polars", "scipy")
"""Packages whose version is part of the method."""
ROUNDING = 1e-9
"""USD bn below which two numbers of the same inputs are the same: machines differ in the last digits."""
UNEXPLAINED = "the numbers differ although no code, parameter, file or vintage does: another machine, perhaps"
STALE = "one of the editions shows this scenario as computed before its own run, on something else"
NAMED = 4
"""Files that a note names before it counts the rest."""


@dataclass(frozen=True)
class Published:
    """An edition to compare with: its headlines, and what they rest on, or why that is not known."""

    edition: str
    run_id: str
    values: Values
    basis: Basis | None
    reason: str = ""


@dataclass(frozen=True)
class State:
    """Headlines after some exchanges: values, or a reason by scenario (or "" for all) why there are none."""

    values: Values
    reasons: Mapping[str, str]

    def reason(self, scenario: str) -> str:
        """Why a scenario has no value here."""
        return self.reasons.get(scenario) or self.reasons.get("") or "those inputs have no such headline"


Compute = Callable[[Path, Mapping[str, str], Sequence[str], date | None, Sequence[tuple[int, int]]], recompute.Answer]


def earlier(edition: str) -> Published | None:
    """The newest kept edition of an earlier month; None for a first edition, InputError for a file that is none."""
    months = [name for name in editions.names() if name < edition]
    if not months:
        return None
    path = store.database(months[-1])
    run_id = str(editions.rows(path, "select run_id from meta.runs")[0]["run_id"])
    values = values_of(editions.rows(path, "from headline"))
    try:
        return Published(months[-1], run_id, values, kept_inputs.of_run(run_id))
    except kept_inputs.Gone as error:
        return Published(months[-1], run_id, values, None, str(error))


def headline_of(files: Sequence[Path]) -> Values:
    """The headlines that files of model.counterfactual will give once published."""
    [view] = [view for view in VIEWS if view.name == "headline"]
    with duckdb.connect() as connection:
        connection.execute("create schema model")
        connection.read_parquet([str(file) for file in files]).create_view("counterfactual_files")
        connection.execute("create view model.counterfactual as from main.counterfactual_files")
        answer = connection.execute(view.sql)
        columns = [column[0] for column in answer.description or ()]
        return values_of([dict(zip(columns, row, strict=True)) for row in answer.fetchall()])


def values_of(rows: Sequence[Mapping[str, object]]) -> Values:
    """Rows of view `headline` by scenario and mechanisms; without the status quo, which avoids nothing ever."""
    return {
        (str(row["scenario"]), str(row["mechanisms"])): {
            "p50": float(row["p50"]),  # type: ignore[arg-type]
            "mean": float(row["avoided_loss"]),  # type: ignore[arg-type]
        }
        for row in rows
        if row["scenario"] != STATUS_QUO
    }


def empty() -> pl.DataFrame:
    """meta.changes of a first edition."""
    return pl.DataFrame(schema={name: built.dtype.type for name, built in META["changes"].columns.items()})


def table(
    edition: str, before: Published, now: Basis, after: Values, compute: Compute = recompute.headlines
) -> pl.DataFrame:
    """meta.changes: a row a headline that both editions have, a statistic and a component of its move.

    Parameters
    ----------
    before : the edition compared with
    now : what this edition rests on
    after : its headlines
    compute : how a layout is computed, for tests that count how often

    Notes
    -----
    At most two layouts are computed: the inputs before, where method or draws differ beside something else, and the
    data before with today's parameters, where parameters and data both differ.
    """
    shared = sorted(set(before.values) & set(after))
    moved = differing(before.basis, now) if before.basis else {}
    fresh = [] if before.basis is None else sorted({s for s, _ in shared} - before.basis.stale - now.stale)
    states = _between(before.basis, now, list(moved), fresh, compute) if before.basis and fresh else []
    rows = []
    for headline in shared:
        for statistic in STATISTICS:
            ends = before.values[headline][statistic], after[headline][statistic]
            if before.basis is None:
                parts = _joint(ends, before.reason)
            elif headline[0] not in fresh:
                parts = _joint(ends, STALE)
            else:
                parts = _components(headline, statistic, ends, moved, states)
            listed = [(BEFORE, ends[0], None), *parts, (AFTER, ends[1], None)]
            for step, (component, value, note) in enumerate(listed):
                own = (before.edition, before.run_id, edition, *headline, statistic, step, component, value)
                rows.append((*own, MONEY, note))
    return pl.DataFrame(rows, schema=empty().schema, orient="row")


def differing(old: Basis, new: Basis) -> dict[str, str]:
    """What differs between two runs, in the order of the exchange, each with words on what."""
    found = {
        METHOD: _code(old, new),
        DRAWS: _settings(old, new),
        PARAMETERS: _files(old.of(parameters=True), new.of(parameters=True)),
        DATA: _files(_figures(old), _figures(new)),
    }
    if old.day != new.day:
        days = f"--as-of {old.day or 'not given'} -> {new.day or 'not given'}"
        found[DATA] = f"{found[DATA]}, {days}" if found[DATA] else days
    return {kind: words for kind, words in found.items() if words}


def _code(old: Basis, new: Basis) -> str:
    known = old.code is not None and new.code is not None
    same = old.code == new.code if known else old.commit is not None and old.commit == new.commit
    commits = f", commit {old.commit[:7]} -> {new.commit[:7]}" if old.commit and new.commit else ""
    words = [] if same else [f"the code{commits}"]
    words += [
        f"{name} {old.versions.get(name, 'unknown')} -> {new.versions.get(name, 'unknown')}"
        for name in COMPUTE
        if old.versions.get(name) != new.versions.get(name)
    ]
    return ", ".join(words)


def _settings(old: Basis, new: Basis) -> str:
    pairs = {"draws": (old.draws, new.draws), "seed": (old.seed, new.seed)}
    return ", ".join(f"{name} {one} -> {other}" for name, (one, other) in pairs.items() if one != other)


def _figures(basis: Basis) -> dict[str, str]:
    """Hashes of the data: files, and vintages by source and label."""
    return basis.of(parameters=False) | {f"vintage {name}": digest for name, digest in basis.vintages.items()}


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    words = [f"{name}{'' if name in old and name in new else ' new' if name in new else ' gone'}" for name in changed]
    more = len(words) - NAMED
    return ", ".join(words[:NAMED] + ([f"{more} more"] if more > 0 else []))


def _between(old: Basis, new: Basis, moved: Sequence[str], scenarios: Sequence[str], compute: Compute) -> list[State]:
    """The headlines after each exchange but the last, whose result is this edition."""
    wanted = [moved[: place + 1] for place in range(len(moved) - 1)]
    states: list[State] = []
    for with_parameters in (False, True):  # one layout each
        steps = [done for done in wanted if (PARAMETERS in done) == with_parameters]
        if steps:
            settings = [(new.draws, new.seed) if DRAWS in done else (old.draws, old.seed) for done in steps]
            states += _computed(old, new if with_parameters else old, new, scenarios, settings, compute)
    return states


def _computed(
    data: Basis,
    parameters: Basis,
    known: Basis,
    scenarios: Sequence[str],
    settings: Sequence[tuple[int, int]],
    compute: Compute,
) -> list[State]:
    try:
        with whole_file.room(store.home()) as folder:  # in the store, where a kill leaves it to the next run
            environment = kept_inputs.lay_out(folder, data, parameters, known)
            answer = compute(folder, environment, scenarios, data.day, settings)
    except (kept_inputs.Gone, recompute.Failed) as error:
        return [State({}, {"": str(error)}) for _ in settings]
    return [State(values, answer.refused) for values in answer.values or [{} for _ in settings]]


def _joint(ends: tuple[float, float], reason: str) -> list[tuple[str, float, str | None]]:
    """The whole move as one component."""
    return [(JOINT, ends[1] - ends[0], f"{METHOD}, {PARAMETERS}, {DATA}: {reason}")]


def _components(
    headline: Headline,
    statistic: str,
    ends: tuple[float, float],
    moved: Mapping[str, str],
    states: Sequence[State],
) -> list[tuple[str, float, str | None]]:
    """Component, value and note of one headline's move, in order."""
    kinds = [kind for kind in ORDER if kind in moved]
    parts: dict[str, tuple[str, float, str | None]] = {
        kind: (kind, 0.0, SAME[kind]) for kind in SAME if kind not in moved
    }
    if not kinds:
        return list(parts.values()) if abs(ends[1] - ends[0]) <= ROUNDING else _joint(ends, UNEXPLAINED)
    # the edition itself ends the last exchange; what stands between is known where it was computed
    reached = [state.values.get(headline, {}).get(statistic) for state in states] + [ends[1]]
    last, open_kinds, reason = ends[0], [], ""
    for place, (kind, value) in enumerate(zip(kinds, reached, strict=True)):
        open_kinds.append(kind)
        if value is None:
            reason = reason or states[place].reason(headline[0])
            continue
        if len(open_kinds) == 1:
            parts[kind] = (kind, value - last, moved[kind])
        else:
            parts[open_kinds[0]] = (JOINT, value - last, f"{', '.join(open_kinds)}: {reason}")
        last, open_kinds, reason = value, [], ""
    return [parts[kind] for kind in ORDER if kind in parts]
