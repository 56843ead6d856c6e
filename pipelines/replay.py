"""An edition computed again from what its run kept, by today's code, and every number compared with the published one.

Inputs are laid out by `kept_inputs`, numbers compared by `comparison`. The main job runs in a process and a store of
its own: neither this store, nor the edition, nor Dagster's home is written to.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from pipelines import kept_inputs, manifest, store, vintages
from pipelines.comparison.__main__ import lines
from pipelines.comparison.cells import Outcome, compare
from pipelines.comparison.machine import machine_class
from pipelines.comparison.tables import VOLATILE, Expected, of_database, quoted
from pipelines.kept_inputs import Basis, Gone
from pipelines.replication import kept
from pipelines.replication.kept import Kept
from pipelines.replication.results import keys
from pipelines.scenarios import STATUS_QUO

CHANGES = "meta.changes (is against the edition before, whose inputs are not among this run's)"
REASONS = {"git_commit": "said above where it is another", "versions": "said above where they are others"}
"""Why columns of meta.runs are left out here; for the others the reason is that of a package."""
START = "from pipelines.cli import main; main(prog_name='cyberaccord')"
OURS = ("CYBERACCORD_", "DAGSTER_")
"""Starts of the environment's variables that could lead the run to other files."""
TRIES, PAUSE = 20, 0.25
"""To remove the folder of a replay: how often, and seconds between."""
REMEMBERED = 40
"""Lines of the run that are kept for its last word."""


class Failed(Exception):
    """The edition could not be computed again, through no fault of its files: one line says why."""


def run(edition: str, echo: Callable[[str], None], say: Callable[[str], None]) -> bool:
    """Replay an edition: say what is another today, compute, print the comparison; whether nothing differs.

    Parameters
    ----------
    echo : prints a line; say : shows what is under way

    Errors
    ------
    InputError for an edition that is not there and a manifest that is damaged or of another run, Gone for an input or
    vintage that is not what the manifest says, Failed where today's code does not compute it.
    """
    found = kept.find(edition)
    basis = kept_inputs.of_run(found.run["run_id"])
    for line in differing(found, basis):
        echo(line)
    with _folder() as layout:
        environment = kept_inputs.lay_out(layout, basis, basis, staged=False)
        _check_vintages(basis)
        home = Path(environment["CYBERACCORD_HOME"])
        _compute(layout, environment, options(found, basis), say)
        say(f"comparing with edition {edition}")
        same_class = None if found.measured is None else found.measured["machine"] == machine_class()
        same_code = basis.code == manifest.code_sha256()
        outcomes, unseen = compared(
            found.database, home / "published" / "cyberaccord.duckdb", basis.stale, same_class is True, same_code
        )
    for line in lines(outcomes, same_class, unseen, every=False):
        echo(line)
    return all(each.passed for each in outcomes)


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for as long as a replay takes."""
    folder = Path(tempfile.mkdtemp(prefix="cyberaccord-replay-"))
    try:
        yield folder / "layout"
    finally:
        for _ in range(TRIES):  # processes that copy the output of steps end a moment after the run
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            time.sleep(PAUSE)


def differing(found: Kept, basis: Basis) -> list[str]:
    """What is not as it was for the edition: the code, Python and packages, the class of machine; a line each."""
    return [line for line in (_code(found, basis), _packages(basis), _machine(found)) if line]


def _code(found: Kept, basis: Basis) -> str | None:
    now, then = manifest.git_commit(), found.run["git_commit"]
    if basis.code == manifest.code_sha256() and now == then:
        return None
    here = _commit(now, manifest.uncommitted_changes())
    there = _commit(then, found.manifest.get("uncommitted_changes"))
    if basis.code == manifest.code_sha256():
        return f"code: {here}, the edition's is {there}; the programs that compute are the same byte for byte"
    if basis.code is None:
        return f"code: {here}, the edition's is {there}; which programs computed it was not recorded"
    return f"code: ANOTHER than the edition's: {here}, the edition's is {there}; what differs below may be of the code"


def _commit(commit: str | None, uncommitted: object) -> str:
    return (f"commit {commit[:7]}" if commit else "outside git") + (" with uncommitted changes" if uncommitted else "")


def _packages(basis: Basis) -> str | None:
    now = manifest.versions()
    both = sorted({*now, *basis.versions})
    pairs = [(name, basis.versions.get(name, "none"), now.get(name, "none")) for name in both]
    moved = [f"{n} {a} -> {b}" for n, a, b in pairs if (_minor(a) != _minor(b) if n == "python" else a != b)]
    return f"packages: not those of the edition: {', '.join(moved)}" if moved else None


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _machine(found: Kept) -> str | None:
    if found.measured is None:
        return None
    then, now = found.measured["machine"], machine_class()
    moved = [f"{name} {then.get(name, 'none')} -> {now[name]}" for name in now if then.get(name) != now[name]]
    return f"machine: of another class than the edition's: {', '.join(moved)}" if moved else None


def _check_vintages(basis: Basis) -> None:
    """Gone for the first vintage of the run whose bytes are not those that were landed."""
    for name in sorted(basis.vintages):
        source, label = name.split("/", 1)
        try:
            vintages.read(next(v for v in vintages.kept(source) if v.label == label))
        except vintages.Damaged as error:
            raise Gone(str(error)) from None


def options(found: Kept, basis: Basis) -> list[str]:
    """The options of `cyberaccord run` that compute the edition, without the scenarios that are not of its run.

    Every scenario is named, so that those which the run did not have, though their files were there, are not computed.
    """
    try:
        own = [str(name) for name in found.manifest["scenarios"] if name not in {*basis.stale, STATUS_QUO}]
    except (KeyError, TypeError):
        raise Gone(f"the manifest of run {basis.run_id} does not say which scenarios it published") from None
    chosen = [*("--draws", str(basis.draws)), *("--seed", str(basis.seed))]
    chosen += ["--as-of", str(basis.day)] if basis.day else []
    chosen += [word for name in found.manifest.get("effect_sets", ()) for word in ("--effect-set", str(name))]
    return chosen + [word for name in own or [STATUS_QUO] for word in ("--scenario", name)]


def _compute(layout: Path, environment: Mapping[str, str], chosen: Sequence[str], say: Callable[[str], None]) -> None:
    """The main job of today's code on a layout; Failed with its last line where it does not end well."""
    path = os.pathsep.join(filter(None, (str(store.ROOT), os.environ.get("PYTHONPATH"))))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    running = subprocess.Popen(
        [sys.executable, "-c", START, "run", *chosen],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=layout,  # so that messages name files from data/ on
        env={**inherited, **environment, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"},
    )
    said: deque[str] = deque(maxlen=REMEMBERED)
    assert running.stdout is not None  # it is a pipe
    with running:
        for line in running.stdout:
            if line.strip():
                said.append(line.strip())
                say(f"computing again: {said[-1]}")
    if running.returncode:
        told = said[-1] if said else f"it ended with {running.returncode}"
        told = re.sub(r"^run \S+ failed: (.*); what was published stays$", r"\1", told)
        raise Failed(f"the edition could not be computed again by the code of this folder: {told}")


def compared(
    edition: Path, fresh: Path, stale: Collection[str], exact: bool, same_code: bool
) -> tuple[list[Outcome], list[str]]:
    """Every table of an edition against that of a fresh run, and in words what was not looked at, each with the reason.

    Parameters
    ----------
    stale : scenarios that the edition shows as an earlier run computed them on something else. Where the fresh run has
        no rows of them they are left out of a table; where it has, because all files are read, they are compared
    exact : no tolerance
    same_code : where it is another, its hash is not looked at: a line of its own has said so
    """
    volatile = {table: dict(columns) for table, columns in VOLATILE.items()}
    runs = volatile["meta.runs"] = volatile["meta.runs"] | REASONS
    if not same_code:
        runs["code_sha256"] = "said above, is another"
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        for name, path in (("edition", edition), ("fresh", fresh)):
            connection.execute(f"attach {quoted(str(path))} as {name} (read_only)")
        expected, left = [], {name: list[str]() for name in sorted(stale)}
        for table in of_database(connection, "edition", keys()):
            gone = [name for name in left if _is_of_the_edition_alone(connection, table.name, name)]
            for name in gone:
                left[name].append(table.name)
            expected.append(_without(table, gone))
        outcomes = compare(connection, expected, "fresh", exact, volatile)
    unseen = [f"{table}, {name} ({why})" for table, columns in volatile.items() for name, why in columns.items()]
    earlier = "an earlier run computed it on something else, which this run did not keep"
    return outcomes, [
        CHANGES,
        *unseen,
        *(f"{name} in {', '.join(tables)} ({earlier})" for name, tables in left.items()),
    ]


def _is_of_the_edition_alone(connection: duckdb.DuckDBPyConnection, table: str, scenario: str) -> bool:
    """Whether a scenario has rows in a table of the edition and none in that of the fresh run, if it is there."""
    counts = []
    for catalog in ("edition", "fresh"):
        schema, name = table.split(".")
        known = connection.execute(
            "select count(*) from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ? "
            "and column_name = 'scenario'",
            [catalog, schema, name],
        ).fetchall()[0][0]
        query = f"select count(*) from {catalog}.{table} where scenario = ?"
        counts.append(connection.execute(query, [scenario]).fetchall()[0][0] if known else 0)
    return counts[0] > 0 and counts[1] == 0


def _without(table: Expected, scenarios: Sequence[str]) -> Expected:
    if not scenarios:
        return table
    listed = ", ".join(quoted(name) for name in scenarios)
    return replace(table, relation=f"(select * from {table.relation} where scenario not in ({listed}))")
