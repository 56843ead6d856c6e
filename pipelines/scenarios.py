"""Conventions as files: data/scenarios/*.yaml checked and turned into models.convention.Scenario.

Also keeps Dagster's partition keys equal to the files (`sync`). What a convention does is in models/. No dagster, no
pandera: `cyberaccord scenario` answers at once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from pipelines import definition_files, named_files, plain_tables, store
from pipelines.errors import InputError
from pipelines.named_files import hint, nearest
from pipelines.yaml_files import Lines, Location, Refused, Strict, read

if TYPE_CHECKING:
    from models.convention import Scenario

PARTITIONS = "scenario"
"""Name of Dagster's set of partitions, one key a file."""
STATUS_QUO = "status_quo"
FIRST_YEAR, LAST_YEAR = 2021, 2035
EVERYONE = "World"
"""Stands for every economy of the run."""
PARTIES = "Budapest"
"""Stands for the parties to the Budapest Convention on the data date."""


def _in_horizon(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused("horizon", str(day), f"{FIRST_YEAR}-01-01 to {LAST_YEAR}-12-31")
    return day


def _share(value: float) -> float:
    if not 0 < value <= 1:
        raise Refused("share", value, "a fraction above 0, at most 1")
    return value


Day = Annotated[date, AfterValidator(_in_horizon)]


class Group(Strict):
    """Economies by bloc and by ISO3 code, less exceptions."""

    blocs: tuple[str, ...] = ()
    economies: tuple[str, ...] = ()
    except_: tuple[str, ...] = Field(default=(), alias="except")


class Policy(Strict):
    """What diplomats choose."""

    clauses: tuple[Literal["law", "consequences", "stand_down", "haven", "sharing"], ...]
    definition: str = "criminal"
    opened: Day | None = None
    entry_into_force_threshold: Annotated[int, Field(ge=0)]
    admits_reservations_on_cooperation: bool
    founders: Group = Group()


class Signatories(Group):
    """Who signs later: a day, a group, the share of it that signs (largest GDP first), and why."""

    date: Day
    share: Annotated[float, AfterValidator(_share)] = 1.0
    reason: Annotated[str, Field(min_length=1)]


class Assumptions(Strict):
    """What nobody chooses.

    `escalation_belief` is that of the run unless given; `switched_off` names reactions that are assumed away.
    `accession` hazard: others join as states joined the Budapest Convention, instead of on dates. `dwell_ratio` is the
    time until an attack is found over that of today, for a text with the clause `sharing`.
    """

    escalation_belief: Literal["little_reciprocity", "op_ed"] | None = None
    switched_off: tuple[Literal["retaliation", "effort", "proxies"], ...] = ()
    accession: Literal["dated", "hazard"] = "dated"
    dwell_ratio: Annotated[float, AfterValidator(_share)] = 1.0
    later_signatories: tuple[Signatories, ...] = ()
    note: str = ""


class ScenarioFile(Strict):
    """A file of data/scenarios as written."""

    title: Annotated[str, Field(min_length=1)]
    summary: Annotated[str, Field(min_length=1)]
    policy: Policy
    assumptions: Assumptions = Assumptions()

    @model_validator(mode="after")
    def _opens_for_founders(self) -> ScenarioFile:
        founders = self.policy.founders
        if self.policy.opened is None and (founders.blocs or founders.economies):
            raise Refused("founders_need_a_day", None, "a date when founders are named", ("policy", "opened"))
        hazard = self.assumptions.accession == "hazard"
        if hazard and not (founders.blocs or founders.economies):
            raise Refused("hazard_needs_founders", None, "founders, whom others follow", ("policy", "founders"))
        if hazard and self.assumptions.later_signatories:
            where = ("assumptions", "later_signatories")
            raise Refused("dated_or_hazard", "hazard", "no later signatories where accession is by hazard", where)
        sharing = "sharing" in self.policy.clauses
        if sharing != (self.assumptions.dwell_ratio < 1):
            allowed = "a ratio below 1 with the clause sharing, and only then"
            raise Refused("sharing_shortens", self.assumptions.dwell_ratio, allowed, ("assumptions", "dwell_ratio"))
        for index, later in enumerate(self.assumptions.later_signatories):
            if self.policy.opened is None or later.date < self.policy.opened:
                where = ("assumptions", "later_signatories", index, "date")
                raise Refused("opened_first", str(later.date), "policy.opened or later", where)
        return self


@dataclass(frozen=True)
class Directory:
    """The names a scenario may use: economies with GDP of 2020 (USD bn, 0 where unknown), and blocs by name."""

    economies: Mapping[str, float]
    blocs: Mapping[str, frozenset[str]]

    def resolve(self, group: Group, where: Location, lines: Lines) -> frozenset[str]:
        """The ISO3 codes of a group; InputError, at the line, for a name that does not exist."""
        chosen: set[str] = set()
        for field, names, known in (
            ("blocs", group.blocs, self.blocs),
            ("economies", group.economies, self.economies),
            ("except", group.except_, self.economies),
        ):
            for index, name in enumerate(names):
                if name not in known:
                    rule = "unknown_bloc" if field == "blocs" else "unknown_economy"
                    allowed = nearest(name, known) if field == "blocs" else f"an ISO 3166 code{hint(name, known)}"
                    raise lines.error((*where, field, index), rule, name, allowed)
        for name in group.blocs:
            chosen |= self.blocs[name]
        return frozenset(chosen | set(group.economies)) - frozenset(group.except_)

    def largest(self, members: frozenset[str], share: float) -> frozenset[str]:
        """The given share of the members, in number, largest GDP first (ties by ISO3)."""
        ordered = sorted(members, key=lambda iso3: (-self.economies[iso3], iso3))
        return frozenset(ordered[: math.ceil(round(share * len(ordered), 9))])


@dataclass(frozen=True)
class Convention:
    """A file with its names resolved: founders, and the day on which each economy joins, founders included."""

    name: str
    written: ScenarioFile
    founders: frozenset[str]
    joins: Mapping[str, date]

    def for_models(self) -> Scenario:
        """The same as the models take it (imported here, because numpy costs more time than all the rest)."""
        from models.convention import Scenario

        policy = self.written.policy
        return Scenario(
            name=self.name,
            title=self.written.title,
            summary=self.written.summary,
            clauses=frozenset(policy.clauses),
            founders=self.founders,
            joins=self.joins,
            entry_into_force_threshold=policy.entry_into_force_threshold,
            admits_reservations_on_cooperation=policy.admits_reservations_on_cooperation,
            definition=policy.definition,
            accession=self.written.assumptions.accession,
            dwell_ratio=self.written.assumptions.dwell_ratio,
            belief=self.written.assumptions.escalation_belief,
            switched_off=frozenset(self.written.assumptions.switched_off),
        )


def directory(as_of: date | None = None, folder: Path | None = None) -> Directory:
    """The names scenarios may use, from the reference tables (treaty status on `as_of`, by default today's table)."""
    folder = folder or store.DATA / "reference"
    amounts = plain_tables.rows(folder / "gdp.csv", "iso3", "year", "gdp_usd_bn_current")
    gdp = {row["iso3"]: row["gdp_usd_bn_current"] for row in amounts if row["year"] == "2020"}
    economies = {
        row["iso3"]: _number(gdp.get(row["iso3"])) for row in plain_tables.rows(folder / "economies.csv", "iso3")
    }
    blocs: dict[str, set[str]] = {EVERYONE: set(economies)}
    for row in plain_tables.rows(folder / "blocs.csv", "bloc", "iso3"):
        blocs.setdefault(row["bloc"], set()).add(row["iso3"])
    latest = str(as_of or date.max)
    blocs[PARTIES] = {
        row["iso3"]
        for row in plain_tables.rows(folder / "treaty_status.csv", "treaty", "iso3", "ratified_on")
        if row["treaty"] == "CETS185" and "" < row["ratified_on"] <= latest
    }
    return Directory(economies, {name: frozenset(members & set(economies)) for name, members in blocs.items()})


def names(folder: Path | None = None) -> list[str]:
    """The scenarios there are files for, the status quo first; InputError for a name that cannot be one."""
    found = named_files.names(folder or store.DATA / "scenarios")
    return sorted(found, key=lambda name: (name != STATUS_QUO, name))


def load(name: str, known: Directory | None = None, folder: Path | None = None) -> Convention:
    """A scenario by name; InputError where file, line and field are wrong."""
    return load_file(named_files.find(folder or store.DATA / "scenarios", name, "unknown_scenario"), known)


def load_file(path: Path, known: Directory | None = None) -> Convention:
    """The same for any file, wherever it lies."""
    written, lines = read(named_files.checked(path), ScenarioFile)
    known = known or directory()
    policy = written.policy
    founders = known.resolve(policy.founders, ("policy", "founders"), lines)
    definitions = definition_files.names()
    if policy.definition not in definitions:
        where = ("policy", "definition")
        raise lines.error(where, "unknown_definition", policy.definition, nearest(policy.definition, definitions))
    if policy.entry_into_force_threshold > len(known.economies):
        where = ("policy", "entry_into_force_threshold")
        allowed = f"at most the {len(known.economies)} economies of the run"
        raise lines.error(where, "threshold_can_be_met", policy.entry_into_force_threshold, allowed)
    joins: dict[str, date] = {}
    for index, later in enumerate(written.assumptions.later_signatories):
        where = ("assumptions", "later_signatories", index)
        for iso3 in known.largest(known.resolve(later, where, lines), later.share):
            joins[iso3] = min(later.date, joins.get(iso3, later.date))
    if policy.opened is not None:
        joins |= dict.fromkeys(founders, policy.opened)
    return Convention(path.stem, written, founders, dict(sorted(joins.items())))


def load_all(wanted: Sequence[str] = (), as_of: date | None = None, folder: Path | None = None) -> list[Scenario]:
    """The scenarios asked for, by default all; the status quo always comes along, as what the others are held to."""
    chosen = [*dict.fromkeys([STATUS_QUO, *wanted])] if wanted else names(folder)
    known = directory(as_of)
    return [load(name, known, folder).for_models() for name in chosen]


def broken(folder: Path | None = None) -> dict[str, str]:
    """By name, what is wrong with each file that cannot be read: half-saved, or against a rule."""
    known, found = directory(), {}
    for name in names(folder):
        try:
            load(name, known, folder)
        except InputError as error:
            found[name] = str(error)
    return found


def text_hashes(wanted: Collection[str] = ()) -> dict[str, str]:
    """Start of the SHA-256 of the scenario files, by default of all: whether a table was computed from another text.

    InputError for a name that there is no file for.
    """
    folder = store.DATA / "scenarios"
    files = {name: named_files.find(folder, name, "unknown_scenario") for name in wanted or names()}
    return {name: sha256(path.read_bytes()).hexdigest()[:12] for name, path in files.items()}


def sync(
    instance: Any, tables: Path | None = None, folder: Path | None = None, hold: Collection[str] = ()
) -> tuple[list[str], list[str]]:
    """Make Dagster's partition keys equal to the files; return what was added and what was removed.

    A removed scenario loses its Parquet too, or the next edition would publish a convention nobody can read. Names to
    `hold` are neither added nor removed.
    """
    wanted, present = names(folder), list(instance.get_dynamic_partitions(PARTITIONS))
    removed = [name for name in present if name not in wanted and name not in hold]
    for name in removed:
        instance.delete_dynamic_partition(PARTITIONS, name)
        for file in (tables or store.tables()).glob(f"*/*/{name}.parquet"):
            file.unlink(missing_ok=True)
    added = [name for name in wanted if name not in present and name not in hold]
    if added:
        instance.add_dynamic_partitions(PARTITIONS, added)
    return added, removed


def adjacent(instance: Any, wanted: Sequence[str]) -> tuple[str, str]:
    """First and last key of a range that holds exactly the `wanted` scenarios.

    A run can only name a range of keys, and keys keep the order in which they were added: scenarios that do not lie
    side by side are added anew at the end. Keys carry no history of their own, so nothing else changes.
    """
    present = list(instance.get_dynamic_partitions(PARTITIONS))
    places = sorted(present.index(name) for name in wanted)
    if places[-1] - places[0] + 1 != len(places):
        for name in wanted:
            instance.delete_dynamic_partition(PARTITIONS, name)
        instance.add_dynamic_partitions(PARTITIONS, list(wanted))
        return wanted[0], wanted[-1]
    return present[places[0]], present[places[-1]]


def _number(text: str | None) -> float:
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
