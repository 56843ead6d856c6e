"""Uncertain inputs as files: data/priors/*.yaml checked and turned into models.priors.Prior.

A file may hold `priors` (distributions), `undrawn` (those that no draw of the model reads), `effect_sets` (named
beliefs about the effect of law), `choices` (switches). How they are sampled and where they enter is in models/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, model_validator

from models import effects as beliefs
from models import priors as distributions
from models.frequency import Reporting
from models.priors import COORDINATES, DISTRIBUTIONS, Prior
from pipelines import cards, named_files, plain_tables, store
from pipelines.errors import InputError
from pipelines.yaml_files import Lines, Location, Refused, Strict, read

REPORTING = "reporting_probability"
NOWHERE = -1
"""Coordinate of a prior that is never drawn."""
Number = StrictFloat | StrictInt
Kind = Literal["estimated", "published", "judgement"]
Words = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Keys = Annotated[tuple[str, ...], Field(min_length=1)]


class Shape(Strict):
    """A distribution and its arguments; `pooled_predictive` names studies whose synthesis is the distribution."""

    distribution: str | None = None
    arguments: dict[str, Number] = Field(default_factory=dict)
    pooled_predictive: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _possible(self) -> Shape:
        if self.pooled_predictive:
            if self.distribution is not None:
                raise Refused("one_or_the_other", self.distribution, "one of the two")
            return self
        check_distribution(self.distribution, self.arguments)
        return self

    def law(self) -> beliefs.Law:
        """The same for the models, which pool the studies named by the keys of the arguments."""
        if self.pooled_predictive:
            return beliefs.Law("pooled_predictive", dict.fromkeys(self.pooled_predictive, 1.0))
        return beliefs.Law(str(self.distribution), {name: float(value) for name, value in self.arguments.items()})


class Belief(Strict):
    """An uncertain number as written: what it may be, in which unit, where that comes from."""

    id: Name
    distribution: str
    arguments: dict[str, Number]
    unit: Words
    kind: Kind
    sources: Keys
    rationale: Words
    verified: StrictBool

    @model_validator(mode="after")
    def _possible(self) -> Belief:
        check_distribution(self.distribution, self.arguments)
        arguments = {name: float(value) for name, value in self.arguments.items()}
        if self.id in distributions.FRACTIONS:
            low, high = distributions.support(self.distribution, arguments)
            if low < 0 or high > 1:
                shown = f"{self.distribution} from {low:.3g} to {high:.3g}"
                raise Refused("fraction", shown, "a distribution within [0, 1]", ("distribution",))
        return self

    def prior(self, coordinate: int, comonotone_with: str | None = None) -> Prior:
        """The same for the models, at its place in the Sobol' sequence."""
        return Prior(
            prior_id=self.id,
            distribution=self.distribution,
            arguments={name: float(value) for name, value in self.arguments.items()},
            unit=self.unit,
            kind=self.kind,
            source=", ".join(self.sources),
            verified=self.verified,
            rationale=self.rationale,
            coordinate=coordinate,
            comonotone_with=comonotone_with,
        )


class PriorEntry(Belief):
    """One uncertain input of the model as written, with its place in the draws."""

    coordinate: Annotated[int, Field(ge=0, lt=COORDINATES)] | None = None
    comonotone_with: Name | None = None

    @model_validator(mode="after")
    def _placed(self) -> PriorEntry:
        if (self.coordinate is None) == (self.comonotone_with is None):
            raise Refused("coordinate_or_comonotone", self.coordinate, "a coordinate, or the prior it moves with")
        return self


class EffectSet(Strict):
    """A belief about the effect of law as written: three log rate ratios, or a mixture of other sets."""

    name: Name
    title: Words
    kind: Kind
    sources: Keys
    rationale: Words
    target: Shape | None = None
    origin: Shape | None = None
    cooperation: Shape | None = None
    mixture: dict[str, Annotated[Number, Field(ge=0, le=1)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> EffectSet:
        given = [self.target, self.origin, self.cooperation]
        if self.mixture:
            if any(shape is not None for shape in given):
                raise Refused("mixture_or_effects", self.name, "mixture, or the three effects")
            total = sum(self.mixture.values())
            if abs(total - 1) > 1e-9:
                raise Refused("weights_sum_to_one", total, "weights with sum 1", ("mixture",))
        elif any(shape is None for shape in given):
            raise Refused("three_effects", self.name, "target, origin and cooperation, or a mixture")
        return self

    def belief(self) -> beliefs.EffectSet:
        """The same for the models."""
        shapes = {"target": self.target, "origin": self.origin, "cooperation": self.cooperation}
        return beliefs.EffectSet(
            name=self.name,
            title=self.title,
            kind=self.kind,
            source=", ".join(self.sources),
            rationale=self.rationale,
            laws={coefficient: shape.law() for coefficient, shape in shapes.items() if shape is not None},
            mixture={name: float(weight) for name, weight in self.mixture.items()},
        )


class Choice(Strict):
    """A switch of the model: its default and what it may be instead."""

    id: Name
    default: str | Number
    alternatives: tuple[str | Number, ...]
    unit: Words
    sources: Keys
    rationale: Words


class PriorsFile(Strict):
    """A file of data/priors as written."""

    priors: tuple[PriorEntry, ...] = ()
    undrawn: tuple[Belief, ...] = ()
    effect_sets: tuple[EffectSet, ...] = ()
    rank_correlation: Annotated[float, Field(gt=-1, lt=1)] | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Register:
    """Everything in data/priors; `options` are each choice's default and then its alternatives.

    `undrawn` enter tables of facts by their quantiles and no draw of the model, so they have no place in the draws.
    """

    priors: tuple[Prior, ...] = ()
    undrawn: tuple[Prior, ...] = ()
    effect_sets: tuple[beliefs.EffectSet, ...] = ()
    choices: Mapping[str, str | float] = field(default_factory=dict)
    rank_correlation: float = 0.0
    options: Mapping[str, tuple[str | float, ...]] = field(default_factory=dict)


def check_distribution(distribution: str | None, arguments: Mapping[str, float]) -> None:
    """Refuse a distribution that does not exist, or arguments it cannot have, naming what is allowed."""
    family = DISTRIBUTIONS.get(distribution or "")
    if family is None:
        allowed = f"one of {', '.join(sorted(DISTRIBUTIONS))}"
        raise Refused("distribution", distribution, allowed, ("distribution",))
    try:
        distributions.check(str(distribution), {name: float(value) for name, value in arguments.items()})
    except (ValueError, OverflowError):
        takes = f"finite {', '.join(family.arguments)} with {family.rule}"
        shown = ", ".join(f"{name}: {value}" for name, value in arguments.items())
        where: Location = ("arguments",)
        raise Refused(f"possible_{distribution}", f"{{{shown}}}", takes, where) from None


def load(folder: Path | None = None, sources: frozenset[str] | None = None) -> Register:
    """Every prior, effect set and choice; InputError for the first that is wrong, with file, line and field.

    Sources must be keys of the reference table of sources; ids and Sobol' coordinates must be unique over all files.
    """
    folder = folder or store.DATA / "priors"
    known = sources if sources is not None else _source_ids(store.DATA)
    seen: dict[tuple[str, object], str] = {}
    entries: list[tuple[PriorEntry, Lines, Location]] = []
    places: dict[str, int] = {}
    undrawn: list[Prior] = []
    sets: list[beliefs.EffectSet] = []
    choices: dict[str, str | float] = {}
    options: dict[str, tuple[str | float, ...]] = {}
    correlation = 0.0
    for path in sorted(folder.glob("*.yaml")):
        written, lines = read(path, PriorsFile)
        for index, prior in enumerate(written.priors):
            _once(seen, "id", prior.id, lines, ("priors", index, "id"))
            if prior.coordinate is not None:
                _once(seen, "coordinate", prior.coordinate, lines, ("priors", index, "coordinate"))
                places[prior.id] = prior.coordinate
            entries.append((prior, lines, ("priors", index, "comonotone_with")))
        for index, belief in enumerate(written.undrawn):
            _once(seen, "id", belief.id, lines, ("undrawn", index, "id"))
            undrawn.append(belief.prior(NOWHERE))
        for index, effects in enumerate(written.effect_sets):
            _once(seen, "effect set", effects.name, lines, ("effect_sets", index, "name"))
            sets.append(effects.belief())
        for index, choice in enumerate(written.choices):
            _once(seen, "choice", choice.id, lines, ("choices", index, "id"))
            choices[choice.id] = choice.default
            options[choice.id] = (choice.default, *choice.alternatives)
        for part in ("priors", "undrawn", "effect_sets", "choices"):
            for index, entry in enumerate(getattr(written, part)):
                _sources_known(entry.sources, known, lines, (part, index, "sources"))
        for index, effects in enumerate(written.effect_sets):
            for name in effects.mixture:
                if name not in {other.name for other in written.effect_sets if not other.mixture}:
                    where = ("effect_sets", index, "mixture", name)
                    raise lines.error(where, "unknown_effect_set", name, "effect sets of the same file")
        if written.rank_correlation is not None:
            correlation = written.rank_correlation
    if not entries:
        raise InputError(store.shown(folder), None, None, "not_empty", None, "files *.yaml with a list under `priors`")
    priors = tuple(
        entry.prior(_place(entry, places, lines, where), entry.comonotone_with) for entry, lines, where in entries
    )
    return Register(priors, tuple(undrawn), tuple(sets), choices, correlation, options)


def check_effect_sets(names: Iterable[str], effects: Iterable[beliefs.EffectSet]) -> None:
    """InputError for the first of some names that is no effect set."""
    known = [effect.name for effect in effects]
    for name in names:
        if name not in known:
            allowed = named_files.nearest(name, known)
            raise InputError("--effect-set", None, None, "in_data_priors", name, allowed)


def reporting(folder: Path | None = None) -> Reporting:
    """The probability that an event is on record where a source rests on what victims tell, Beta(a, b)."""
    found = next((p for p in load(folder).undrawn if p.prior_id == REPORTING), None)
    if found is None or found.distribution != "beta" or found.arguments["a"] <= 1:
        given = None if found is None else f"{found.distribution} {dict(found.arguments)}"
        allowed = "an entry under `undrawn`, beta with a above 1: below, the mean of its inverse is infinite"
        raise InputError(store.shown(folder or store.DATA / "priors"), None, REPORTING, "known_prior", given, allowed)
    return Reporting(found.arguments["a"], found.arguments["b"])


def _place(entry: PriorEntry, places: Mapping[str, int], lines: Lines, where: Location) -> int:
    """A prior's own coordinate, or that of the prior it moves with."""
    leader = entry.comonotone_with
    if leader is None:
        return places[entry.id]
    if leader not in places:
        raise lines.error(where, "known_prior", leader, "the id of a prior that has a coordinate")
    return places[leader]


def _once(seen: dict[tuple[str, object], str], what: str, value: object, lines: Lines, where: Location) -> None:
    if (what, value) in seen:
        raise lines.error(
            where, f"unique_{what.replace(' ', '_')}", value, f"one of its own (first in {seen[what, value]})"
        )
    seen[what, value] = f"{lines.path.name}, row {lines.at(where)}"


def _sources_known(given: tuple[str, ...], known: frozenset[str], lines: Lines, where: Location) -> None:
    for index, key in enumerate(given):
        if key not in known:
            raise lines.error((*where, index), "known_source", key, "a source_id of data/reference/sources.csv")


def _source_ids(data: Path) -> frozenset[str]:
    """Sources of data/reference/sources.csv, and those with a card in data/sources."""
    rows = plain_tables.rows(data / "reference" / "sources.csv", "source_id")
    return frozenset(row["source_id"] for row in rows) | {*cards.names(data / "sources")}
