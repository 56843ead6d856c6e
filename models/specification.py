"""The headline under every combination of the model's discrete choices: the specification curve, in USD.

Beside it, the net benefit, and the avoided loss without stand-down and by law alone, so that what is said of a
convention can be held against every combination. A full factorial, cheap because most choices act on sums that others
share. One choice changed at a time is in `variants`; uncertain inputs are in `sensitivity`. Choices that the headline
does not read are not here: phase-in and discounting act over years only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.conduct import Conduct
from models.convention import Scenario
from models.counterfactual import headline_point
from models.effects import mixture_choice, sample_betas
from models.ensemble import Baseline
from models.kernel import Factors
from models.priors import Draws
from models.setting import Conventions, Setting, kernels
from models.study import Study, baseline, origins
from models.world import World

Array = NDArray[np.float64]
Value = str | float

USD = "USD bn, 2020 prices"
QUANTILES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
CHOICES = (
    *("anchor", "allocation", "tracker_state", "tracker_criminal", "budapest_strength", "effect_set", "displacement"),
    *("definition", "escalation_belief"),
)
"""The choices of data/priors/choices.yaml that the headline reads, the effect set, and the definition of the text."""
BESIDE = ("net_benefit", "without_standdown", "law_alone")
"""Means beside the headline: less its costs, without stand-down, and of the law alone."""


@dataclass(frozen=True)
class Curve:
    """Results of every combination: `options` by choice, each array (options of the first choice, of the second, ...).

    mean, quantiles (first axis as `QUANTILES`) USD bn of 2020; p_not_better a fraction; beside the means of `BESIDE`,
    USD bn of 2020. The first option of each choice is the default.
    """

    options: Mapping[str, Sequence[Value]]
    mean: Array
    quantiles: Array
    p_not_better: Array
    beside: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class _Outcomes:
    """Results under one strength of Budapest, USD bn of 2020.

    avoided : (effect sets, displacement rules, definitions, beliefs, draws), everything in the text
    without_standdown, law_alone : the same axes without draws, means of the avoided loss
    price : (definitions, beliefs) mean cost of consequences; enforcement : yearly cost of the law, whatever the loss
    """

    avoided: Array
    without_standdown: Array
    law_alone: Array
    price: Array
    enforcement: float


def first_scramble(study: Study) -> Study:
    """The study on the first of its scrambles alone: a balanced eighth of the draws, enough to compare choices."""
    own, size = study.draws, study.draws.size // study.draws.scrambles
    values = {name: each[:size] for name, each in own.values.items()}
    start = Baseline(study.baseline.loss[:size], study.baseline.median)
    return replace(study, draws=Draws(values, own.scramble[:size], own.seed, own.medians), baseline=start)


def specification_curve(
    study: Study,
    scenario: Scenario,
    membership: Array,
    options: Mapping[str, Sequence[Value]],
    anchors: Mapping[str, float],
) -> Curve:
    """The avoided loss of a convention under every combination of choices, everything in its text.

    Parameters
    ----------
    study : whose draws are used, paired over all combinations
    membership : (economies,) that of the last year, fully phased in
    options : for each of `CHOICES` the default and then its alternatives; what the study was prepared with comes first
    anchors : USD bn of 2020 by name

    Errors
    ------
    ValueError for a choice that is missing, unknown or without options, and for an anchor without a value.

    Notes
    -----
    The world loss scales every flow as long as no economy is held at its GDP (model.md 7), so an anchor is computed
    only where one is. A mixture of effect sets takes, draw by draw, the result of the set that the draw believes.
    """
    chosen = _checked(options, anchors)
    beliefs = _Beliefs(study, chosen["effect_set"])
    shape = tuple(len(chosen[name]) for name in CHOICES)
    mean, p_not_better = np.empty(shape), np.empty(shape)
    quantiles = np.empty((len(QUANTILES), *shape))
    beside = {name: np.empty(shape) for name in BESIDE}
    with threadpool_limits(1):
        worlds = _worlds(study, chosen["tracker_state"], chosen["tracker_criminal"])
        for column, allocation in enumerate(chosen["allocation"]):
            for start, factors in _starts(study, str(allocation), [anchors[str(a)] for a in chosen["anchor"]]):
                for (state, criminal), world in worlds.items():
                    found = _values(study, scenario, membership, chosen, beliefs, start, world)
                    for strength, result in enumerate(found):
                        at = (column, state, criminal, strength)
                        values = result.avoided
                        average, own = values.mean(-1), np.quantile(values, list(QUANTILES.values()), axis=-1)
                        for row, factor in factors.items():
                            mean[row, *at], quantiles[:, row, *at] = factor * average, factor * own
                            p_not_better[row, *at] = np.mean(values <= 0, axis=-1)
                            # consequences cost a share of the loss, enforcement a share of GDP
                            paid = factor * (average - result.price) - result.enforcement
                            beside["net_benefit"][row, *at] = paid
                            beside["without_standdown"][row, *at] = factor * result.without_standdown
                            beside["law_alone"][row, *at] = factor * result.law_alone
    return Curve(chosen, mean, quantiles, p_not_better, beside)


class _Beliefs:
    """The effect sets asked for: which sets are summed, and which are mixtures of those draw by draw."""

    def __init__(self, study: Study, names: Sequence[Value]) -> None:
        known = {e.name: e for e in study.effects}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ValueError(f"unknown effect set '{unknown[0]}'; known: {', '.join(known)}")
        self.names = names
        simple = [e for e in study.effects if not e.mixture]
        mixed = [known[str(name)] for name in names if known[str(name)].mixture]
        self.choice = {e.name: mixture_choice(e, [s.name for s in simple], study.draws) for e in mixed}
        needed = simple if mixed else [e for e in simple if e.name in names]
        self.betas = {e.name: sample_betas(e, study.draws, study.rank_correlation) for e in needed}
        self.kernels: dict[str, dict[bytes, Factors]] = {name: {} for name in self.betas}

    def stacked(self, by_set: Mapping[str, Array]) -> Array:
        """(sets asked for, ..., draws) from the sets that were summed."""
        simple = list(by_set.values())
        return np.stack(
            [np.choose(self.choice[n], simple) if n in self.choice else by_set[n] for n in map(str, self.names)]
        )


def _checked(options: Mapping[str, Sequence[Value]], anchors: Mapping[str, float]) -> dict[str, tuple[Value, ...]]:
    for name in (*CHOICES, *options):
        if name not in CHOICES or not options.get(name):
            raise ValueError(f"options are needed for {', '.join(CHOICES)}, and for nothing else; see '{name}'")
        if len(set(options[name])) < len(options[name]):
            raise ValueError(f"an option of '{name}' is there twice: {', '.join(map(str, options[name]))}")
    missing = [a for a in options["anchor"] if a not in anchors]
    if missing:
        raise ValueError(f"anchor '{missing[0]}' has no value; known: {', '.join(anchors)}")
    return {name: tuple(options[name]) for name in CHOICES}


def _worlds(study: Study, state: Sequence[Value], criminal: Sequence[Value]) -> dict[tuple[int, int], World]:
    """The world under each pair of trackers, by their places among the options."""
    counts = study.tables["incident_counts"]
    found = {}
    for (i, of_state), (j, of_crime) in product(enumerate(state), enumerate(criminal)):
        trackers = {**study.trackers, "state": str(of_state), "criminal": str(of_crime)}
        found[i, j] = study.world.with_origins(origins(counts, study.world.iso3, trackers))
    return found


def _starts(study: Study, allocation: str, anchors: Sequence[float]) -> Iterator[tuple[Baseline, dict[int, float]]]:
    """Baselines that are needed, each with the anchors that are multiples of it: place and factor."""
    start = baseline(study.world, study.draws, study.anchor, allocation)
    gdp = study.world.gdp
    highest = float(np.max(np.divide(start.loss, gdp, out=np.zeros_like(start.loss), where=gdp > 0)))
    factors = {row: anchor / study.anchor for row, anchor in enumerate(anchors)}
    free = {row: factor for row, factor in factors.items() if highest * max(factor, 1.0) < 1}
    if free:
        yield start, free
    for row in factors.keys() - free.keys():
        yield baseline(study.world, study.draws, anchors[row], allocation), {row: 1.0}


def _values(
    study: Study,
    scenario: Scenario,
    membership: Array,
    chosen: Mapping[str, Sequence[Value]],
    beliefs: _Beliefs,
    start: Baseline,
    world: World,
) -> Iterator[_Outcomes]:
    """Results by strength of Budapest."""
    texts = [
        replace(scenario, definition=str(definition), belief=str(belief))
        for definition, belief in product(chosen["definition"], chosen["escalation_belief"])
    ]
    conduct: dict[str, list[Conduct | None]] = {}
    for strength in chosen["budapest_strength"]:
        settings = replace(study.settings, budapest_strength=float(strength))
        points = [headline_point(world, text, settings, membership) for text in texts]
        conventions = Conventions(Setting(world, study.draws, start, settings, study.reciprocity), points)
        # what states do to each other does not hang on how strong the law is
        conduct = conduct or {
            "all": conventions.conduct(),
            "no_standdown": conventions.conduct("no_standdown"),
            "law": [None] * len(points),
        }
        by_set: dict[str, dict[str, list[Array]]] = {m: {name: [] for name in beliefs.betas} for m in conduct}
        price = np.zeros(len(points))
        for name, betas in beliefs.betas.items():
            effects = kernels(conventions.ensemble, betas, beliefs.kernels[name])
            for rule in chosen["displacement"]:
                ensemble = copy(conventions.ensemble)
                ensemble.displacement = str(rule)
                law = ensemble.run_factored(effects)
                for mechanism, acts in conduct.items():
                    outcomes = conventions.outcomes(law, acts)
                    by_set[mechanism][name].append(np.stack([o.avoided for o in outcomes]))
                    if mechanism == "all":
                        price = np.array([o.price.mean() for o in outcomes])
        shape = (len(chosen["displacement"]), len(chosen["definition"]), len(chosen["escalation_belief"]))
        avoided = {
            mechanism: beliefs.stacked({name: np.stack(rules).reshape(*shape, -1) for name, rules in sets.items()})
            for mechanism, sets in by_set.items()
        }
        yield _Outcomes(
            avoided["all"],
            avoided["no_standdown"].mean(-1),
            avoided["law"].mean(-1),
            price.reshape(shape[1:]),
            float(points[0].cost.sum()),
        )


def specification_table(curve: Curve) -> pl.DataFrame:
    """`model.specification`: one row a combination; row 0 holds the defaults."""
    names = list(curve.options)
    choices = [
        json.dumps(dict(zip(names, values, strict=True))) for values in product(*(curve.options[n] for n in names))
    ]
    return pl.DataFrame(
        {
            "spec_id": pl.arange(len(choices), eager=True, dtype=pl.Int32),
            "choices": choices,
            "mean": curve.mean.ravel(),
            **{name: curve.quantiles[k].ravel() for k, name in enumerate(QUANTILES)},
            "p_not_better": curve.p_not_better.ravel(),
            **{name: curve.beside[name].ravel() for name in BESIDE if name in curve.beside},
            "is_default": np.arange(len(choices)) == 0,
            "unit": [USD] * len(choices),
        }
    )


def choice_table(curve: Curve) -> pl.DataFrame:
    """`model.specification_choice`: how much hangs on each choice, one row a choice and option.

    mean, lower and upper (quantiles 0.05 and 0.95) are over the means of all combinations with the option, each
    counting once; `alone` is the mean where all other choices are the defaults. `first` is the share of the variance of
    all means that the choice explains by itself, `total` the share that is left when all other choices are known.
    """
    rows = []
    whole = float(curve.mean.var())
    for axis, (name, options) in enumerate(curve.options.items()):
        by_option = np.moveaxis(curve.mean, axis, 0).reshape(len(options), -1)
        first, total = (float(part / whole) if whole > 0 else 0.0 for part in _variances(by_option))
        for k, option in enumerate(options):
            own = by_option[k]
            low, high = np.quantile(own, (0.05, 0.95))
            spread = (float(own.mean()), float(low), float(high), float(own[0]))
            rows.append((name, str(option), k == 0, own.size, *spread, first, total, USD))
    columns = ["choice", "option", "is_default", "specifications", "mean", "lower", "upper", "alone"]
    return pl.DataFrame(rows, schema=[*columns, "first", "total", "unit"], orient="row")


def _variances(by_option: Array) -> tuple[float, float]:
    """Variance of the means of the options, and mean variance between options where all else is given."""
    return float(by_option.mean(1).var()), float(by_option.var(0).mean())
