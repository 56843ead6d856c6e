"""The data table under each figure: the same rows the figure draws, as text."""

from collections.abc import Sequence

from reports.edition import Row
from reports.figures_estimates import NO_RANGE, names
from reports.figures_evidence import bounds, percent, sample
from reports.names import BLOCS, COEFFICIENTS, EFFECT_SETS, INTERESTS, label
from reports.numbers import MISSING, decimals, plain, present, probability, signed
from reports.tables import DataTable, column_places
from reports.titles import Spread

QUANTILES = ("p025", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p975")
HEADS = ("2.5 %", "5 %", "10 %", "25 %", "50 %", "75 %", "90 %", "95 %", "97.5 %")


def adoption(levels: Sequence[Row], net: Sequence[Row]) -> DataTable:
    """Quantiles of the avoided share by level of adoption, percent."""
    places = column_places([Spread.of(row, 100) for row in levels])
    paying = {row["adoption_level"]: row["p_not_better"] for row in net}
    rows = tuple(
        (
            f"{plain(100 * row['adoption_level'], 0)} %",
            *(signed(100 * row[q], places) for q in QUANTILES),
            odds(row["p_not_better"]),
            odds(paying.get(row["adoption_level"])),
        )
        for row in levels
    )
    caption = "Avoided loss, % of the status-quo loss: quantiles of the draws by share of attack origin covered"
    return DataTable(("Covered", *HEADS, "Nothing or harm, %", "Does not pay, %"), rows, caption)


def bloc_key(blocs: Sequence[Row], letters: str) -> DataTable:
    """The key of the marked blocs for narrow screens: letter, name, median, chance of not paying."""
    places = column_places([Spread.of(row, 100) for row in blocs])
    rows = tuple(
        (letters[i], label(row["bloc"], BLOCS), signed(100 * row["p50"], places), odds(row["not_paying"]))
        for i, row in enumerate(blocs)
    )
    return DataTable(("", "Bloc", "Avoided, %", "Does not pay, %"), rows)


def estimates(rows: Sequence[Row]) -> DataTable:
    """Every row of the ledger, drawn or not, as printed and as scaled, with the reason where it is not in the pool."""
    body = tuple(
        (
            name,
            str(row["geography"]),
            str(row["scope"]).replace("_", " "),
            label(row["interest"], INTERESTS),
            _printed(row),
            f"{plain(100 * row['share_of_gdp'], 2)} %" if present(row["share_of_gdp"]) else MISSING,
            plain(row["middle_2020"], decimals([row["middle_2020"]])) if present(row["middle_2020"]) else MISSING,
            "yes" if row["used"] else f"no: {row['reason']}",
            "yes" if row["verified"] else "no",
        )
        for name, row in zip(names(rows), rows, strict=True)
    )
    heads = (
        "Estimate",
        "Place",
        "Scope",
        "Interest",
        "As printed, USD bn",
        "Share of GDP",
        "At 2020 world GDP",
        "In the pool",
        "Read in the source",
    )
    return DataTable(heads, body, "The ledger of published estimates")


def _printed(row: Row) -> str:
    values = [row["low_usd_bn"], row["central_usd_bn"], row["high_usd_bn"]]
    known = [plain(v, decimals([v])) for v in values if present(v)]
    return " / ".join(known) or NO_RANGE


def evidence(effects: Sequence[Row]) -> DataTable:
    """Every study, the enforcement ones included, with interval, design and how it bears on the model."""
    body = []
    for row in effects:
        interval = bounds(row) if present(row["log_rate_ratio"]) else None
        body.append(
            (
                str(row["study"]),
                str(row["side"]),
                str(row["outcome"]),
                sample(row) or "–",
                f"{signed(percent(row['log_rate_ratio']), 0)} %" if present(row["log_rate_ratio"]) else MISSING,
                f"{signed(interval[0], 0)} to {signed(interval[1], 0)}" if interval else MISSING,
                ("assumed here" if row["se_assumed"] else "from the study") if interval else "–",
                str(row["transport"] or "–"),
            )
        )
    heads = (
        "Study",
        "Side",
        "Outcome",
        "Data",
        "Change",
        "95 % interval",
        "Standard error",
        "How it bears on the model",
    )
    return DataTable(heads, tuple(body), "The evidence, enforcement and take-downs included")


def priors(sets: Sequence[Row]) -> DataTable:
    """The effect sets by coefficient, percent."""
    rows = tuple(
        (
            label(row["effect_set"], EFFECT_SETS),
            label(row["coefficient"], COEFFICIENTS),
            f"{signed(percent(row['p50']), 0)} %",
            f"{signed(percent(row['p05']), 0)} to {signed(percent(row['p95']), 0)}",
            f"{probability(row['p_harm'])}",
        )
        for row in sets
    )
    return DataTable(
        ("Effect set", "Coefficient", "Median", "90 % interval", "Chance above zero, %"), rows, "The priors"
    )


def effect_sets(rows: Sequence[Row]) -> DataTable:
    """Avoided share by effect set, percent."""
    places = column_places([Spread.of(row, 100) for row in rows])
    body = tuple(
        (
            label(row["effect_set"], EFFECT_SETS),
            *(signed(100 * row[q], places) for q in QUANTILES),
            odds(row["p_not_better"]),
        )
        for row in rows
    )
    return DataTable(("Effect set", *HEADS, "Nothing or harm, %"), body, "Avoided loss, % of the status-quo loss")


def odds(value: float | None) -> str:
    """A chance as whole percent, a dash where there is none."""
    return probability(value) if present(value) else "–"
