"""The tables of schema `model` on the mechanisms beyond law: definitions, escalation, accession, stability, channels.

What is computed is in models/; who computes it, in assets/. Tables on loss, law and adoption levels are in `model`.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.tables import CODE, LABEL, MONEY, OWN, SHARE, column, count, fraction, number, table, text

MODELS = "models/, from core and meta.priors"
SCENARIO = text("scenario", "name of the convention, its file in data/scenarios")
UNIT = text("unit", "unit of the row's numbers")
MEAN = number("mean", OWN, "mean over the draws")
NOT_BETTER = fraction("p_not_better", "probability of being no better than the status quo", nullable=True)
YEAR = column("year", pl.Int32, "year", "calendar year", checks=[pa.Check.in_range(1990, 2100)])


def quantiles(names: str, nullable: bool = False) -> list[tuple[str, pa.Column]]:
    """Quantile columns by name, such as p05 or p95."""
    return [number(n, OWN, f"quantile {float('0.' + n[1:]):g} over the draws", nullable) for n in names.split()]


THREE, FIVE = "p05 p50 p95", "p05 p25 p50 p75 p95"

MECHANISM_TABLES = [
    table(
        "model.definition_coverage",
        "What each definition of a cyberattack covers; one row is a definition, a threat class and a way of counting",
        "core.incidents, core.losses, or core.definition_counts where no vintage is on the machine; data/definitions",
        text("definition", "name of the definition, its file in data/definitions"),
        column("threat_class", pl.String, LABEL, "state, criminal or other"),
        column(
            "counted",
            pl.String,
            LABEL,
            "incidents (each once), intensity (by its level) or loss (USD of 2020 on record)",
            checks=[pa.Check.isin(["incidents", "intensity", "loss"])],
        ),
        count("n", "incidents behind the share: all, with a level of intensity, or with an amount"),
        number("effective", "count", "effective number behind the share: few large amounts count as few"),
        number("covered", OWN, "covered incidents, levels of intensity or USD bn"),
        number("total", OWN, "all of the class"),
        fraction("share", "covered over total; null under 30 incidents", nullable=True),
        fraction("lower", "lower end at 90 %; null under 30 incidents", nullable=True),
        fraction("upper", "upper end at 90 %; null under 30 incidents", nullable=True),
        text("role", "how the text treats the class: written_for, partly or excluded"),
        number("coverage_mean", SHARE, "mean of the covered share of loss that the model draws (kappa)"),
        text("coverage_from", "records (at least 30 amounts, also in effective number) or judgement"),
        text("basis", "records of vintages on this machine, or the counts that ship with the project"),
        UNIT,
        key=["definition", "threat_class", "counted"],
    ),
    table(
        "model.escalation",
        "Three ways to answer state attacks, on the same draws: nobody new answers (status_quo), each state for itself "
        "(unilateral), by agreement (agreed); one row is a regime, a measure and a belief about retaliation",
        MODELS,
        column(
            "regime",
            pl.String,
            LABEL,
            "status_quo, unilateral, agreed, or agreed_minus_unilateral (the paired difference)",
            checks=[pa.Check.isin(["status_quo", "unilateral", "agreed", "agreed_minus_unilateral"])],
        ),
        text(
            "measure",
            "state_loss, state_loss_no_standdown, sanction_cost, wrongful_cost, net_cost (USD bn); attributed, "
            "answered, missed, deterrence, retaliation (branching ratio)",
        ),
        text("belief", "little_reciprocity (the literature) or op_ed (a cycle of escalation)"),
        MEAN,
        *quantiles(THREE),
        fraction(
            "p_agreed_better",
            "probability that the agreed regime leaves less than the unilateral one; only for the difference",
            nullable=True,
        ),
        fraction("clipped", "share of draws whose branching ratio was cut to 0.9 or to 0", nullable=True),
        UNIT,
        key=["regime", "measure", "belief"],
    ),
    table(
        "model.escalation_fit",
        "The branching model fitted on dated incidents between states; one row is a coefficient",
        "core.incidents, or core.fits where no vintage is on the machine",
        text(
            "fit",
            "hawkes (both kernels), poisson (neither), test, records, or what the fit hangs on: constant_baseline, "
            "months, no_first_of_month, mutual_dyads, no_two_sided_days",
        ),
        text("coefficient", "branching_own, branching_cross, decay, log_likelihood, ks_distance, p_value and so on"),
        number("estimate", OWN, "estimate; null where not estimable", nullable=True),
        number("se", OWN, "standard error; null where there is none", nullable=True),
        count("n", "events in the fit"),
        text("status", "estimated, or the reason why not"),
        text("basis", "records of vintages on this machine, or the fit that ships with the project"),
        UNIT,
        key=["fit", "coefficient"],
    ),
    table(
        "model.accession_fit",
        "How fast states joined the Budapest Convention: discrete-time hazard, complementary log-log; one row is a fit "
        "and a term",
        "core.treaty_status, core.rule_of_law, core.gdp, core.countries, core.blocs",
        text("fit", "all, without_council, without_neighbours or before_2015"),
        text("term", "intercept, rule_of_law, log_income, time, neighbours or council"),
        number(
            "estimate",
            "log hazard",
            "coefficient of the standardized covariate; null where not estimated",
            nullable=True,
        ),
        number("se", "log hazard", "standard error", nullable=True),
        number("lower", "log hazard", "lower end at 90 %", nullable=True),
        number("upper", "log hazard", "upper end at 90 %", nullable=True),
        count("events", "ratifications in the fit"),
        number(
            "events_per_coefficient", "count", "ratifications over coefficients; under 10 the term is an assumption"
        ),
        text("status", "estimated, assumption, or not estimated and why"),
        key=["fit", "term"],
    ),
    table(
        "model.accession_calibration",
        "Ratifications that the hazard expects and those that came; one row is a fit and a span of years",
        "core.treaty_status",
        text("fit", "all, or before_2015 for years that the fit did not see"),
        text("span", "first and last year"),
        number("expected", "ratifications", "mean number the fit expects"),
        number("lower", "ratifications", "lower end at 90 % of its predictive distribution"),
        number("upper", "ratifications", "upper end at 90 % of its predictive distribution"),
        count("observed", "ratifications that came"),
        key=["fit", "span"],
    ),
    table(
        "model.accession_fan",
        "How many states would be members if they joined as they joined Budapest; one row is a scenario and a year",
        "core.treaty_status, data/scenarios",
        SCENARIO,
        YEAR,
        MEAN,
        *quantiles(FIVE),
        count("assumed", "members as the scenario file dates them"),
        fraction("p_in_force", "probability that the convention is in force by the end of the year"),
        UNIT,
        key=["scenario", "year"],
    ),
    table(
        "model.coalition",
        "Which groups of members hold together; one row is a set of players, a penalty on outsiders, a cost and a "
        "starting set. Stable: nobody gains by leaving (internal) or by joining (external)",
        MODELS,
        text("players", "blocs (up to 16 players, every coalition examined) or economies (all, by best responses)"),
        number("cost_share_of_gdp", SHARE, "yearly cost of membership as a share of GDP"),
        number("penalty_share_of_gdp", SHARE, "yearly penalty on an outsider as a share of GDP"),
        column("start", pl.String, LABEL, "empty, full, or exact (every coalition examined)"),
        count("size", "members of the stable set reached; the largest one for exact"),
        count("economies", "economies in it"),
        count("stable_sets", "stable sets found"),
        column("stable", pl.Boolean, "true or false", "whether the set reached is internally and externally stable"),
        text("members", "its members, separated by spaces"),
        fraction("share_gdp", "members' share of GDP"),
        number("gain", MONEY, "yearly gain of the whole world over no convention, cost included"),
        key=["players", "cost_share_of_gdp", "penalty_share_of_gdp", "start"],
    ),
    table(
        "model.decomposition",
        "Which mechanism avoids how much: Shapley shares over all on and off combinations, which add up to the "
        "headline; one row is a scenario and a channel",
        MODELS,
        SCENARIO,
        text(
            "channel",
            "law_origin, law_target, cooperation, consequence, retaliation, stand_down, effort, displacement, "
            "off_by_default (havens and sharing, where a text has them) or total",
        ),
        number("value", OWN, "mean Shapley share"),
        number("lower", OWN, "quantile 0.05 of the share over the draws"),
        number("upper", OWN, "quantile 0.95 of the share over the draws"),
        UNIT,
        key=["scenario", "channel"],
    ),
    table(
        "model.without_mechanism",
        "The headline with one mechanism off, the others on, same draws; one row is a scenario and what is off",
        MODELS,
        SCENARIO,
        text("off", "channel that is off; none = every mechanism on"),
        MEAN,
        *quantiles(THREE),
        NOT_BETTER,
        UNIT,
        key=["scenario", "off"],
    ),
    table(
        "model.net_present_value",
        "Avoided loss less costs, 2021 to 2035, discounted; one row is a scenario, a set of mechanisms and a rate",
        MODELS,
        SCENARIO,
        text("mechanisms", "what acts: law (criminal law alone), no_standdown, all"),
        text("discount", "3 %, 5 %, 7 %, ramsey or declining"),
        MEAN,
        *quantiles(THREE),
        fraction("p_pays", "probability that the present value is above 0"),
        UNIT,
        key=["scenario", "mechanisms", "discount"],
    ),
    table(
        "model.adoption_strength",
        "What is avoided at each adoption and strength of law, other draws as they are; one row is a scenario and a "
        "grid point",
        MODELS,
        SCENARIO,
        text("mechanisms", "what acts: law (criminal law alone) or all"),
        fraction("adoption_level", "members' share of attack origin"),
        number("strength", SHARE, "fall of attacks between two full members, 1 - exp(b); negative where law backfires"),
        number("avoided_share", SHARE, "mean avoided share of the status-quo loss"),
        number("net_benefit", MONEY, "mean avoided loss less costs"),
        UNIT,
        key=["scenario", "mechanisms", "adoption_level", "strength"],
    ),
    table(
        "model.welfare",
        "Whose welfare: the avoided loss under each standing of those who gain from attacks; one row is a scenario and "
        "a standing",
        MODELS,
        SCENARIO,
        text(
            "standing",
            "victims (a thief's gain counts nowhere), transfers_cancel (a criminal's gain offsets what was paid), "
            "with_states (what attacking states gain counts), or authors (the states that attack, alone)",
        ),
        MEAN,
        *quantiles(THREE),
        NOT_BETTER,
        UNIT,
        key=["scenario", "standing"],
    ),
    table(
        "model.national_welfare",
        "Each economy's own account of a convention: loss avoided at home, cost, and what its own attacks on others no "
        "longer yield; one row is a scenario and an economy",
        "model.counterfactual, meta.priors",
        SCENARIO,
        column("iso3", pl.String, "ISO 3166-1 alpha-3", "economy", checks=[CODE]),
        number("avoided_loss", MONEY, "mean loss avoided at home in a year"),
        number("cost", MONEY, "mean cost of enforcement and consequences"),
        number("yield_forgone", MONEY, "mean yield of its attacks that it gives up; negative where its attacks grow"),
        number("net", MONEY, "avoided_loss less cost and yield_forgone"),
        UNIT,
        key=["scenario", "iso3"],
    ),
]

MECHANISM = {str(schema.name).split(".")[1]: schema for schema in MECHANISM_TABLES}
