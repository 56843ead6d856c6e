"""All tables that follow from a study: one function for what depends on scenarios, one for what does not.

The pipeline calls these; each table is defined where it is computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from models import break_even, headline
from models.accession_paths import AccessionPaths, fan_table, simulate
from models.avoidance import avoidance_odds
from models.channels import channel_tables
from models.coalition_table import coalition_table
from models.contrast import implied_contrasts
from models.convention import Membership, Scenario
from models.counterfactual import evaluate, headline_point, level_points, membership_of, scenario_points
from models.counterfactual_table import counterfactual_tables
from models.effects import all_betas, density_table, effect_table
from models.flows import covered
from models.group_loss import groups_of
from models.measures import MEASURES, STATISTICS
from models.mechanisms import mechanisms_of
from models.output_paths import output_paths
from models.payoffs import StateAssumptions
from models.present_value import net_present_values
from models.regimes import escalation_table
from models.setting import Setting, summaries
from models.strength import adoption_strength
from models.study import Study
from models.variants import variants
from models.welfare import national_welfare, welfare_table

PATHS = 2000
"""Simulated accessions of each convention."""
AT_ONCE = 16
"""Scenarios evaluated together: they share states of the world, and memory grows with them."""


def accessions(study: Study, scenarios: Sequence[Scenario]) -> dict[str, AccessionPaths]:
    """Each convention as if states joined it as they joined Budapest, from its founders on; none without founders."""
    return {
        s.name: simulate(
            study.accession.hazard,
            study.accession.ahead,
            s.founders,
            min(s.joins[code] for code in s.founders),
            s.entry_into_force_threshold,
            PATHS,
            study.draws.seed,
        )
        for s in scenarios
        if s.founders
    }


def memberships(
    study: Study, scenarios: Sequence[Scenario], simulated: Mapping[str, AccessionPaths]
) -> dict[str, Membership]:
    """Membership over time of each scenario, by its file or by the hazard."""
    paths = {name: own.p_member for name, own in simulated.items()}
    return {s.name: membership_of(study.world, s, study.settings, paths) for s in scenarios}


def headlines(study: Study, scenarios: Sequence[Scenario]) -> pl.DataFrame:
    """What each convention avoids in a year, and nothing else of the counterfactual: in seconds, the same to rounding.

    To rounding, because a library of linear algebra may round a product of few rows unlike one of many.
    One row a scenario and what acts in it: `law` for a text of law alone, else `no_standdown`, and `all` of a text with
    stand-down. Columns
    scenario, mechanisms, avoided_share (its mean) and the statistics of the avoided loss, USD bn of 2020.
    """
    members = memberships(study, scenarios, accessions(study, scenarios))
    acting = {s.name: mechanisms_of(s.clauses) for s in scenarios}
    rows = []
    for mechanisms, off in (("all", ()), ("no_standdown", ("stand_down",)), ("law", ())):
        own = [s for s in scenarios if mechanisms in (acting[s.name][1:] or acting[s.name])]
        points = [headline_point(study.world, s, study.settings, members[s.name].joined[-1]) for s in own]
        setting = replace(Setting.of(study), off=frozenset(off))
        for scenario, summary in zip(own, summaries(study, points, setting) if own else [], strict=True):
            share, loss = (summary[list(MEASURES).index(name)].tolist() for name in ("avoided_share", "avoided_loss"))
            numbers = dict(zip(STATISTICS, loss, strict=True))
            rows.append({"scenario": scenario.name, "mechanisms": mechanisms, "avoided_share": share[0], **numbers})
    return pl.DataFrame(rows)


def scenario_tables(study: Study, scenarios: Sequence[Scenario], economies: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Tables by scenario: counterfactual and what is read from it, membership, break-even, channels, present value.

    All scenarios are evaluated on the same draws, `AT_ONCE` in one call.
    """
    groups = [scenarios[k : k + AT_ONCE] for k in range(0, max(len(scenarios), 1), AT_ONCE)]
    # the bits of a sum depend on the number of BLAS threads; the workers are threads of their own
    with threadpool_limits(1):
        found = [_tables_of(study, group, economies) for group in groups]
    # where no convention of a group has members a table is empty and without types
    return {name: pl.concat([tables[name] for tables in found], how="vertical_relaxed") for name in found[0]}


def _tables_of(study: Study, scenarios: Sequence[Scenario], economies: pl.DataFrame) -> dict[str, pl.DataFrame]:
    simulated = accessions(study, scenarios)
    members = memberships(study, scenarios, simulated)
    clauses = {s.name: s.clauses for s in scenarios}
    points = [
        p for s in scenarios for p in scenario_points(study.world, s, study.weights, study.settings, members[s.name])
    ]
    heads = [
        headline_point(study.world, s, study.settings, members[s.name].joined[-1])
        for s in scenarios
        if members[s.name].joined.any()
    ]
    with ThreadPoolExecutor(1) as pool:
        paying = pool.submit(break_even.break_even, study, heads)
        by_channel = pool.submit(channel_tables, study, heads)
        whose = pool.submit(welfare_table, study, heads)
        evaluation = evaluate(
            study.world,
            study.draws,
            study.baseline,
            points,
            study.effects,
            study.rank_correlation,
            study.settings,
            study.regimes,
        )
        groups = groups_of(study.world.iso3, economies)
        table, of_groups = counterfactual_tables(evaluation, points, clauses, groups)
    decomposition, without = by_channel.result()
    return {
        "counterfactual": table,
        "avoidance_odds": avoidance_odds(evaluation, points, clauses),
        "group_loss": of_groups,
        "winners": headline.winners(table, economies),
        "break_even": pl.concat((paying.result(), break_even.adoption_break_even(evaluation, points))),
        "adoption_path": headline.adoption_path(study, members),
        "membership_share": headline.membership_shares(study, members),
        "accession_fan": fan_table(simulated, scenarios),
        "decomposition": decomposition,
        "without_mechanism": without,
        "net_present_value": net_present_values(evaluation, points, clauses, study.time_preference, study.aversion),
        "welfare": whose.result(),
        "national_welfare": national_welfare(study, heads, table),
        "gdp_path": output_paths(study, evaluation, points, clauses, table),
    }


def comparison_tables(
    study: Study,
    blocs: Mapping[str, frozenset[str]],
    focus: Scenario,
    counts: pl.DataFrame,
    findings: pl.DataFrame,
    definitions: Sequence[str],
) -> dict[str, pl.DataFrame]:
    """Tables beside the scenarios, on the text and the membership of one of them.

    `blocs` name members; `counts` are the incident counts of all trackers, `findings` the evidence on treaties,
    `definitions` those that the text may have instead of its own.
    """
    betas = all_betas(study.effects, study.draws, study.rank_correlation)
    member = memberships(study, [focus], accessions(study, [focus]))[focus.name].joined[-1]
    levels = [p for p in level_points(study.world, focus, study.weights, study.settings) if p.metric == "attack_origin"]
    with threadpool_limits(1), ThreadPoolExecutor(1) as pool:
        by_bloc = pool.submit(headline.blocs, study, blocs, focus)
        by_strength = pool.submit(adoption_strength, study, levels)
        stable = pool.submit(coalitions, study, focus, blocs)
        by_variant = variants(study, focus, np.asarray(member), counts, definitions)
        point = headline_point(study.world, focus, study.settings, member)
        regimes = escalation_table(study, point)
    return {
        "blocs": by_bloc.result(),
        "variants": by_variant,
        "effect_sets": effect_table(betas),
        "effect_density": density_table(betas),
        "implied_contrasts": implied_contrasts(study, findings),
        "escalation": regimes,
        "adoption_strength": by_strength.result(),
        "coalition": stable.result(),
    }


def coalitions(study: Study, focus: Scenario, blocs: Mapping[str, frozenset[str]]) -> pl.DataFrame:
    """`model.coalition` under a scenario's text; the European Union decides as one, other blocs by their members."""
    found, draws = study.regimes[focus.belief or study.settings.escalation_belief], study.draws
    off = {"consequences": ("consequence", "retaliation"), "stand_down": ("restraint",)}
    effects = found.effects().without(*(e for clause, own in off.items() if clause not in focus.clauses for e in own))
    price = found.price() if "consequences" in focus.clauses else np.zeros(draws.size)
    state = StateAssumptions(effects, draws["attacker_gain"], draws["proxy_share"], draws["effort_effect"], price)
    return coalition_table(
        study,
        state,
        covered(draws, focus.definition),
        {"EU": blocs["EU"]},
        admits_reservations=focus.admits_reservations_on_cooperation,
    )
