"""The tables of schema `model` on how sure the results are: what they hang on, and how such forecasts have done.

What is computed is in models/; who computes it, in assets/.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.tables import LABEL, MONEY, OWN, SHARE, column, count, fraction, number, table, text

MODELS = "models/, from core and meta.priors"
LEDGER = "core.estimates, core.gdp, core.ic3_totals"
UNIT = text("unit", "unit of the row's numbers")
VARIANCE = "fraction of variance"
LOG_POINTS = "log points"
CURRENT = "USD bn, current prices"


def year(name: str, description: str) -> tuple[str, pa.Column]:
    """A calendar year."""
    return column(name, pl.Int32, "year", description, checks=[pa.Check.in_range(1990, 2100)])


def flag(name: str, description: str) -> tuple[str, pa.Column]:
    """True or false."""
    return column(name, pl.Boolean, "true or false", description)


def quantiles(names: str, unit: str, of: str, nullable: bool = False) -> list[tuple[str, pa.Column]]:
    """Quantile columns by name, such as p05 or p95."""
    return [number(n, unit, f"quantile {float('0.' + n[1:]):g} {of}", nullable) for n in names.split()]


FIVE = "p05 p25 p50 p75 p95"

SENSITIVITY_TABLES = [
    table(
        "model.sensitivity",
        "Which uncertain input the spread of the headline comes from: Sobol' indices of op_ed_convention, everything "
        "in its text; one row is an output and an input. Inputs that the headline does not read have exactly zero",
        MODELS,
        column(
            "output",
            pl.String,
            LABEL,
            "avoided_loss or net_benefit",
            checks=[pa.Check.isin(["avoided_loss", "net_benefit"])],
        ),
        text("prior_id", "the input; priors that move with another are one input with it"),
        number("first", VARIANCE, "first-order index: what the input explains by itself; below zero by error only"),
        number("first_lower", VARIANCE, "lower end at 90 %, bootstrap over rows"),
        number("first_upper", VARIANCE, "upper end at 90 %, bootstrap over rows"),
        number("total", VARIANCE, "total index: the input with all its interactions"),
        number("total_lower", VARIANCE, "lower end at 90 %, bootstrap over rows"),
        number("total_upper", VARIANCE, "upper end at 90 %, bootstrap over rows"),
        UNIT,
        key=["output", "prior_id"],
    ),
    table(
        "model.specification",
        "The avoided loss of op_ed_convention under every combination of the model's discrete choices (a full "
        "factorial); one row is a combination, row 0 the defaults",
        MODELS,
        count("spec_id", "number of the combination"),
        text("choices", "the choices as a JSON object"),
        number("mean", MONEY, "mean over the draws"),
        *quantiles("p05 p50 p95", MONEY, "over the draws"),
        fraction("p_not_better", "probability that nothing is avoided"),
        number("net_benefit", MONEY, "mean avoided loss less the cost of consequences and of enforcement"),
        number("without_standdown", MONEY, "mean avoided loss where no member stands down"),
        number("law_alone", MONEY, "mean avoided loss by criminal law alone"),
        flag("is_default", "whether every choice is the default"),
        UNIT,
        key=["spec_id"],
    ),
    table(
        "model.specification_choice",
        "How much of the specification curve hangs on each choice, every combination counting once; one row is a "
        "choice and an option",
        "model.specification",
        text("choice", "name of the choice: anchor, allocation, effect_set, definition and so on"),
        text("option", "what is chosen"),
        flag("is_default", "whether it is the default"),
        count("specifications", "combinations with the option"),
        number("mean", MONEY, "mean of their means"),
        number("lower", MONEY, "quantile 0.05 of their means"),
        number("upper", MONEY, "quantile 0.95 of their means"),
        number("alone", MONEY, "mean over the draws where all other choices are the defaults"),
        number("first", VARIANCE, "share of the variance of all means that the choice explains by itself"),
        number("total", VARIANCE, "share of it that the choice explains with all its interactions"),
        UNIT,
        key=["choice", "option"],
    ),
    table(
        "model.information",
        "What knowing an input before deciding whether to join would be worth; one row is a scenario and what is known",
        MODELS,
        text("scenario", "name of the convention, its file in data/scenarios"),
        column(
            "information",
            pl.String,
            LABEL,
            "perfect (everything), partial (one input) or together (inputs that one study would settle)",
            checks=[pa.Check.isin(["perfect", "partial", "together"])],
        ),
        text("inputs", "everything, the input, or the name of the inputs settled together"),
        text("decision", "join or stay out: what is best on average, without knowing"),
        column("value", pl.Float64, OWN, "expected gain from knowing", checks=[pa.Check.ge(0)]),
        column("se", pl.Float64, OWN, "Monte Carlo standard error over the scrambles", checks=[pa.Check.ge(0)]),
        fraction("p_changed", "probability that who knows decides otherwise"),
        count("draws", "draws behind the value"),
        UNIT,
        key=["scenario", "information", "inputs"],
    ),
    table(
        "model.backtest",
        "Forecasts with nothing newer than the freeze, beside what came; one row is a target, a forecast and a year",
        LEDGER,
        text("target", "ic3 (yearly loss in complaints) or csis_2020_loss (the published world loss of 2020)"),
        text("forecast", "constant_share (the model's default), faded_growth, pooled, or naive_trend (log-linear)"),
        year("year", "year that is forecast"),
        year("frozen_at", "last year whose figures are known"),
        count("n", "figures behind the forecast"),
        number("observed", CURRENT, "what came"),
        *quantiles(FIVE, CURRENT, "of the forecast"),
        flag("inside_50", "whether it came within p25 to p75"),
        flag("inside_90", "whether it came within p05 to p95"),
        column(
            "crps", pl.Float64, LOG_POINTS, "score of the forecast on logs, lower is better", checks=[pa.Check.ge(0)]
        ),
        UNIT,
        key=["target", "forecast", "year", "frozen_at"],
    ),
    table(
        "model.backtest_score",
        "How each forecast did over the years since the freeze, beside the naive trend; one row is a target and a "
        "forecast",
        "model.backtest",
        text("target", "ic3 or csis_2020_loss"),
        text("forecast", "as in model.backtest"),
        year("frozen_at", "last year whose figures were known"),
        count("years", "years that are scored"),
        fraction("coverage_50", "share of years within the 50 % band"),
        fraction("coverage_90", "share of years within the 90 % band"),
        number("crps", LOG_POINTS, "mean score on logs, lower is better"),
        number("crps_naive", LOG_POINTS, "mean score of the naive trend"),
        number("skill", SHARE, "1 - crps / crps_naive; below zero the naive trend is better"),
        text("verdict", "the comparison in words"),
        UNIT,
        key=["target", "forecast", "frozen_at"],
    ),
    table(
        "model.survey_leverage",
        "How much of a total hangs on one answer of a survey, or on the largest amount of a source; one row is a case",
        "core.estimates, core.losses; Florencio and Herley (2011)",
        text("case", "what is weighed"),
        column(
            "kind",
            pl.String,
            LABEL,
            "answer (in dollars), multiple (of the mean answer) or record (largest amount of a source)",
            checks=[pa.Check.isin(["answer", "multiple", "record"])],
        ),
        count("n", "respondents or amounts"),
        number("effective", "count", "equal amounts that would weigh as much; records only, from 30 on", nullable=True),
        number("answer_usd", "USD", "the answer or amount; null for a multiple", nullable=True),
        number("added_usd_bn", OWN, "what it adds to the total"),
        number("total_usd_bn", OWN, "the national total, or the sum of the source"),
        fraction("share_of_total", "added over total; null under 30 records", nullable=True),
        text("source", "publication or source"),
        UNIT,
        key=["case"],
    ),
    table(
        "model.averaging",
        "The baseline averaged over figures made from below and from above; one row is a selection of figures, a "
        "weighting and a quantity",
        LEDGER,
        text("selection", "all, bottom_up, top_down, without_vendors, or leave_out: and the figure left out"),
        text("weighting", "equal, precision, by_approach (half for each approach), or random_effects (the ratio)"),
        text("quantity", "share (of GDP), usd_bn (at world GDP of 2020), or ratio (top-down over bottom-up)"),
        count("n", "figures averaged"),
        *quantiles("p05", OWN, "of the average"),
        *quantiles("p25", OWN, "of the average; null for the ratio", nullable=True),
        *quantiles("p50", OWN, "of the average"),
        *quantiles("p75", OWN, "of the average; null for the ratio", nullable=True),
        *quantiles("p95", OWN, "of the average"),
        fraction("p_below_1tn", "probability of at most USD 1 trillion; null for the ratio", nullable=True),
        fraction("p_value", "of the approaches being alike; only for the ratio", nullable=True),
        UNIT,
        key=["selection", "weighting", "quantity"],
    ),
    table(
        "model.averaging_weight",
        "The figures that are averaged and their weights; one row is a weighting and a figure",
        LEDGER,
        text("weighting", "equal, precision or by_approach"),
        text("candidate", "row of core.estimates, or the complaints to IC3 raised to all victims"),
        text("approach", "bottom_up or top_down"),
        text("interest", "vendor, government, academic or other"),
        fraction("share", "median loss as a share of GDP"),
        number("se", LOG_POINTS, "spread of the figure"),
        fraction("weight", "its weight; the weights of a weighting sum to one"),
        UNIT,
        key=["weighting", "candidate"],
    ),
]

SENSITIVITY = {str(schema.name).split(".")[1]: schema for schema in SENSITIVITY_TABLES}
