"""All tables that follow from a study: one function for what depends on scenarios, one for what does not.

The pipeline calls these; each table is defined where it is computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl
from threadpoolctl import threadpool_limits

from models import break_even, headline
from models.contrast import implied_contrasts
from models.convention import Scenario
from models.counterfactual import evaluate, scenario_points
from models.effects import all_betas, density_table, effect_table
from models.measures import counterfactual_table
from models.study import Study


def scenario_tables(study: Study, scenarios: Sequence[Scenario], economies: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Tables by scenario: counterfactual, winners, break_even, adoption_path, membership_share.

    All scenarios are evaluated on the same draws in one call.
    """
    # the bits of a sum depend on the number of BLAS threads; the workers are threads of their own
    with threadpool_limits(1):
        return _scenario_tables(study, scenarios, economies)


def _scenario_tables(study: Study, scenarios: Sequence[Scenario], economies: pl.DataFrame) -> dict[str, pl.DataFrame]:
    points = [p for s in scenarios for p in scenario_points(study.world, s, study.weights, study.settings)]
    with ThreadPoolExecutor(1) as pool:
        paying = pool.submit(break_even.break_even, study, scenarios)
        evaluation = evaluate(
            study.world, study.draws, study.baseline, points, study.effects, study.rank_correlation, study.settings
        )
        table = counterfactual_table(evaluation, points)
    return {
        "counterfactual": table,
        "winners": headline.winners(table, economies),
        "break_even": pl.concat((paying.result(), break_even.adoption_break_even(evaluation, points))),
        "adoption_path": headline.adoption_path(study, scenarios),
        "membership_share": headline.membership_shares(study, scenarios),
    }


def comparison_tables(
    study: Study,
    blocs: Mapping[str, frozenset[str]],
    headline_scenario: Scenario,
    counts: pl.DataFrame,
    findings: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    """Tables beside the scenarios: blocs, variants, effect_sets, effect_density, implied_contrasts.

    `blocs` name members; `counts` are the incident counts of all trackers, `findings` the evidence on treaties.
    """
    betas = all_betas(study.effects, study.draws, study.rank_correlation)
    with threadpool_limits(1), ThreadPoolExecutor(1) as pool:
        by_bloc = pool.submit(headline.blocs, study, blocs)
        by_variant = headline.variants(study, headline_scenario, counts)
    return {
        "blocs": by_bloc.result(),
        "variants": by_variant,
        "effect_sets": effect_table(betas),
        "effect_density": density_table(betas),
        "implied_contrasts": implied_contrasts(study, findings),
    }
