"""What is printed beside the counterfactual: blocs as conventions, changed choices, winners and losers, memberships.

The counterfactual table itself is in `measures`, break-even points in `break_even`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.convention import Scenario, member_since, membership_in
from models.counterfactual import DEFAULT_SET, Point, Settings, headline_point
from models.economies import covered_share
from models.effects import sample_betas
from models.ensemble import Baseline, Ensemble
from models.flows import central_flow
from models.kernel import Factors
from models.measures import MEASURES, STATISTICS, MeasureDraws, summarize, without_probability
from models.priors import Draws
from models.study import Study, baseline, origins
from models.world import World

Array = NDArray[np.float64]

USD = "USD bn, 2020 prices"
ALTERNATIVE_TRACKERS = {"state": "eurepoc", "criminal": "eurepoc", "other": "eurepoc"}
"""One tracker for every class, the alternative to a tracker of breaches for class criminal."""


@dataclass(frozen=True)
class Setting:
    """What a variant may change of a study."""

    world: World
    draws: Draws
    start: Baseline
    settings: Settings


def default_summaries(
    study: Study, points: Sequence[Point], setting: Setting | None = None, known: dict[bytes, Factors] | None = None
) -> list[Array]:
    """(measures, statistics) of the world at each point under the default effect set.

    `setting` holds what differs from the study, by default nothing; `known` keeps factored kernels between calls whose
    draws of compliance and of the elasticity are the same.
    """
    own = setting or Setting(study.world, study.draws, study.baseline, study.settings)
    default = next(e for e in study.effects if e.name == DEFAULT_SET)
    with threadpool_limits(1):
        ensemble = Ensemble(own.world, own.draws, own.start, [p.state for p in points], own.settings.displacement)
        betas = sample_betas(default, own.draws, study.rank_correlation)
        kept = known if known is not None and _same_kernel(own.draws, study.draws) else {}
        effects = []
        for batch in ensemble.batches:
            key = batch.nodes.standing.key() + batch.cols.origin.tobytes() + batch.cols.target.tobytes()
            effects.append(kept[key] if key in kept else kept.setdefault(key, ensemble.effect(batch, betas)))
        results = ensemble.run_factored(effects)
    covered = covered_share(ensemble)
    found = []
    for point, result in zip(points, results, strict=True):
        before = (own.start.loss @ point.state.growth)[None]
        cost = np.array([point.cost.sum()])
        totals = MeasureDraws(before, before * covered, result.deterred[None], result.displaced[None], cost)
        summary = summarize(totals, own.draws.scrambles)[0]
        found.append(without_probability(summary) if point.is_status_quo else summary)
    return found


def _same_kernel(draws: Draws, others: Draws) -> bool:
    return all(draws[name] is others[name] for name in ("compliance", "count_to_loss"))


def membership_shares(study: Study, scenarios: Sequence[Scenario]) -> pl.DataFrame:
    """`model.membership_share`: each scenario's membership of the last year in the three metrics of adoption."""
    rows = []
    for scenario in scenarios:
        member = membership_in(scenario, study.world.iso3, study.world.years[-1])
        rows += [(scenario.name, name, float(w @ member / w.sum())) for name, w in study.weights.items()]
    return pl.DataFrame(rows, schema=["scenario", "adoption_metric", "share"], orient="row")


def adoption_path(study: Study, scenarios: Sequence[Scenario]) -> pl.DataFrame:
    """`model.adoption_path`: membership by year as the scenario file dates it, 0 or 1 until accession is modelled."""
    frames = []
    for scenario in scenarios:
        since = member_since(scenario, study.world.iso3)
        for year in study.world.years:
            member = (np.nan_to_num(since, nan=np.inf) < year + 1).astype(float)
            frames.append(
                pl.DataFrame({"iso3": study.world.iso3, "p_member": member}).select(
                    pl.lit(scenario.name).alias("scenario"), "iso3", pl.lit(year, pl.Int32).alias("year"), "p_member"
                )
            )
    return pl.concat(frames)


def blocs(study: Study, members: Mapping[str, frozenset[str]]) -> pl.DataFrame:
    """`model.blocs`: a convention with exactly these members, fully phased in, under the default effect set."""
    world, weights = study.world, study.weights
    scenario = Scenario("bloc", "", "", frozenset({"law"}), frozenset(), {}, 0, False)
    names = sorted(members)
    inside = [np.array([float(code in members[name]) for code in world.iso3]) for name in names]
    points = [headline_point(world, scenario, study.settings, m) for m in inside]
    summaries = default_summaries(study, points)
    rows = []
    for name, member, summary in zip(names, inside, summaries, strict=True):
        shares = {f"share_{k}": float(w @ member / w.sum()) for k, w in weights.items()}
        for measure in ("avoided_share", "avoided_loss", "net_benefit"):
            statistics = dict(zip(STATISTICS, summary[list(MEASURES).index(measure)].tolist(), strict=True))
            rows.append(
                {
                    "bloc": name,
                    "members": int(member.sum()),
                    **shares,
                    "measure": measure,
                    **statistics,
                    "unit": MEASURES[measure],
                }
            )
    return pl.DataFrame(rows).with_columns(pl.col(STATISTICS).fill_nan(None))


def winners(table: pl.DataFrame, economies: pl.DataFrame) -> pl.DataFrame:
    """`model.winners`: economies whose mean loss falls or rises although the world's mean loss may fall.

    `table` is `model.counterfactual`; the headline membership under the default effect set is read from it.
    """
    rows = table.filter(
        (pl.col("adoption_metric") == "scenario")
        & (pl.col("year") == 2020)
        & (pl.col("effect_set") == DEFAULT_SET)
        & (pl.col("measure") == "avoided_loss")
        & (pl.col("iso3") != "WLD")
    ).join(economies.select("iso3", "region", "income_group"), on="iso3")
    # below a thousandth of a million USD a difference is rounding, not a gain
    gain = pl.col("mean").filter(pl.col("mean") > 1e-6)
    harm = pl.col("mean").filter(pl.col("mean") < -1e-6)
    return (
        rows.group_by("scenario", "region", "income_group")
        .agg(
            gain.len().cast(pl.Int32).alias("winners"),
            harm.len().cast(pl.Int32).alias("losers"),
            gain.sum().alias("gain"),
            harm.sum().alias("harm"),
        )
        .with_columns(pl.lit(USD).alias("unit"))
        .sort("scenario", "region", "income_group")
    )


def dominant_origin(study: Study, threat_class: str = "criminal") -> str:
    """The economy from which most of the foreign loss of a class comes, at central values."""
    flow = central_flow(study.world, study.draws, study.baseline.median)[threat_class][:-1]
    return study.world.iso3[int(np.argmax(flow.sum(1) - np.diagonal(flow)))]


def variants(study: Study, scenario: Scenario, counts: pl.DataFrame) -> pl.DataFrame:
    """`model.variants`: the headline of a scenario with one choice changed at a time, under the default effect set.

    `counts` are the incident counts of all trackers, needed to take another tracker or to leave an origin out.
    """
    first = dominant_origin(study)
    base = Setting(study.world, study.draws, study.baseline, study.settings)
    without = study.world.with_origins(origins(counts, study.world.iso3, study.trackers, without=first))
    flat = baseline(study.world, study.draws, study.anchor, "flat")

    def held(**values: float) -> Setting:
        return replace(base, draws=study.draws.replace(**values))

    def chosen(**values: object) -> Setting:
        return replace(base, settings=replace(study.settings, **values))  # type: ignore[arg-type]

    cases = {
        "default": ("as in the headline", base),
        "compliance_full": ("every member enforces as a party to Budapest does (zeta = 1)", held(compliance=1.0)),
        "flat_allocation": (
            "one loss rate for every economy, not the unverified regional ones",
            replace(base, start=flat),
        ),
        "unattributed_unreachable": (
            "what nobody attributed is out of reach (lambda_U = 0)",
            held(unattributed_follow=0.0),
        ),
        "unattributed_proportional": (
            "what nobody attributed has the origins of what was (lambda_U = 1)",
            held(unattributed_follow=1.0),
        ),
        "criminal_origins_eurepoc": (
            "origins of crime from the tracker of political operations, not from the one of breaches",
            replace(base, world=study.world.with_origins(origins(counts, study.world.iso3, ALTERNATIVE_TRACKERS))),
        ),
        f"without_origin_{first}": (
            f"without incidents that originate in {first}, the first origin of crime",
            replace(base, world=without),
        ),
        "no_displacement": ("no deterred attacker moves elsewhere (phi = 0)", held(mobility=0.0)),
        "full_displacement": ("every deterred attacker can move elsewhere (phi = 1)", held(mobility=1.0)),
        "one_sided_displacement": (
            "attacks that are drawn in come from nowhere else",
            chosen(displacement="one_sided"),
        ),
        "count_to_loss_one": ("money follows counts one for one (c = 1)", held(count_to_loss=1.0)),
        "budapest_weak": (
            "Budapest membership half as strong as the new convention (delta = 0.5)",
            chosen(budapest_strength=0.5),
        ),
    }

    known: dict[bytes, Factors] = {}

    def summary_of(setting: Setting) -> Array:
        return default_summaries(study, [headline_point(setting.world, scenario, setting.settings)], setting, known)[0]

    # the first case leaves its kernel for the others
    ordered = [setting for _, setting in cases.values()]
    summaries = [summary_of(ordered[0])]
    with ThreadPoolExecutor(2) as pool:
        summaries += pool.map(summary_of, ordered[1:])
    rows = []
    for (name, (description, _)), summary in zip(cases.items(), summaries, strict=True):
        loss = dict(zip(STATISTICS, summary[list(MEASURES).index("avoided_loss")].tolist(), strict=True))
        share = float(summary[list(MEASURES).index("avoided_share"), 0])
        labels = {"variant": name, "description": description, "scenario": scenario.name}
        rows.append({**labels, **loss, "avoided_share": share, "unit": USD})
    return pl.DataFrame(rows).with_columns(pl.col(STATISTICS).fill_nan(None))
