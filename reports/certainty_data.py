"""The data tables on how sure the results are: indices, choices, the worth of knowing, forecasts year by year."""

from collections.abc import Sequence

from reports.edition import Row
from reports.figures_specification import ordered_choices
from reports.names import label
from reports.names_losses import BACKTEST_TARGETS, CHOICES, FORECASTS, INPUTS, option
from reports.numbers import decimals, plain, probability, signed
from reports.tables import DataTable

OUTPUTS = {"avoided_loss": "Avoided loss", "net_benefit": "Net benefit"}


def sensitivity(rows: Sequence[Row]) -> DataTable:
    """First and total indices of every input that is not nil, by output."""
    body = tuple(
        (
            label(row["prior_id"], INPUTS),
            label(row["output"], OUTPUTS),
            *(plain(row[key], 3) for key in ("first", "first_lower", "first_upper")),
            *(plain(row[key], 3) for key in ("total", "total_lower", "total_upper")),
        )
        for row in rows
        if row["total"] or row["first"]
    )
    nil = sum(not (row["total"] or row["first"]) for row in rows)
    heads = ("Input", "Output", "First", "5 %", "95 %", "Total", "5 %", "95 %")
    return DataTable(heads, body, f"Sobol’ indices; rows left out because both are nil: {nil}")


def choices(rows: Sequence[Row]) -> DataTable:
    """Every option of every choice."""
    places = min(1, decimals([row[key] for row in rows for key in ("lower", "mean", "upper", "alone")]))
    body = tuple(
        (
            label(name, CHOICES),
            option(name, row["option"]) + (", the default" if row["is_default"] else ""),
            f"{row['specifications']:,}",
            *(signed(row[key], places) for key in ("mean", "lower", "upper", "alone")),
            *(probability(max(0.0, row[key])) for key in ("first", "total")),
        )
        for name, options in ordered_choices(rows)
        for row in options
    )
    heads = (
        "Choice",
        "Option",
        "Specifications",
        "Mean",
        "5 %",
        "95 %",
        "Alone",
        "Explains, %",
        "With interactions, %",
    )
    return DataTable(heads, body, "Means of the specifications with each option, avoided loss, USD bn a year")


def specifications(rows: Sequence[Row]) -> DataTable:
    """The extremes, the quartiles and the default of the specifications drawn."""
    picked = {rows[k * (len(rows) - 1) // 4]["spec_id"] for k in range(5)}
    shown = [row for row in rows if row["is_default"] or row["spec_id"] in picked]
    places = min(1, decimals([row[key] for row in shown for key in ("p05", "p95")]))
    body = tuple(
        (
            f"{row['spec_id']:,}" + (" (default)" if row["is_default"] else ""),
            f"{plain(100 * row['position'], 0)} %",
            *(signed(row[key], places) for key in ("mean", "p05", "p50", "p95")),
            probability(row["p_not_better"]),
        )
        for row in shown
    )
    heads = ("Specification", "Place", "Mean", "5 %", "50 %", "95 %", "Nothing or harm, %")
    return DataTable(heads, body, "Five of the specifications drawn and the default, avoided loss, USD bn a year")


def forecasts(rows: Sequence[Row]) -> DataTable:
    """Each forecast of each year beside what came."""
    body = tuple(
        (
            str(row["year"]),
            label(row["target"], BACKTEST_TARGETS),
            label(row["forecast"], FORECASTS),
            *(plain(row[key], 1) for key in ("observed", "p05", "p50", "p95")),
            "yes" if row["inside_90"] else "no",
            plain(row["crps"], 2),
        )
        for row in rows
    )
    heads = ("Year", "Target", "Forecast", "Came", "5 %", "50 %", "95 %", "Inside 90 %", "CRPS")
    return DataTable(heads, body, "Forecasts with nothing newer than the freeze, USD bn at current prices")
