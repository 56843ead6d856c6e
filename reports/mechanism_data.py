"""The data table under each figure on what lies beyond law: the same rows the figure draws, as text."""

from collections.abc import Sequence

from reports.data_tables import HEADS, QUANTILES
from reports.edition import Row
from reports.figures_channels import channel_places
from reports.figures_definitions import classes_of, definitions_of
from reports.figures_regimes import BELIEF_ORDER, DIFFERENCE, LEVELS
from reports.mechanism_tables import share_of_gdp, stable_size
from reports.names import (
    BELIEFS,
    CHANNELS,
    CLASSES,
    COUNTED,
    DEFINITIONS,
    ESCALATION,
    FITS,
    REGIMES,
    ROLES,
    SCENARIOS,
    TERMS,
    label,
)
from reports.numbers import MISSING, decimals, plain, present, probability, scale_of, signed
from reports.surface import Surface
from reports.tables import DataTable, column_places
from reports.titles import Spread


def escalation(rows: Sequence[Row]) -> DataTable:
    """Every measure by regime and belief, with the chance that agreed consequences leave less."""
    order = (*LEVELS, DIFFERENCE)
    ranked = sorted(
        rows,
        key=lambda row: (
            _rank(BELIEF_ORDER, row["belief"]),
            _rank(tuple(ESCALATION), row["measure"]),
            _rank(order, row["regime"]),
        ),
    )
    body = []
    for row in ranked:
        difference = row["regime"] == DIFFERENCE
        places = min(3, decimals([row[key] for key in ("p05", "mean", "p50", "p95")]))
        form = signed if difference else plain
        body.append(
            (
                label(row["measure"], ESCALATION),
                label(row["regime"], REGIMES),
                label(row["belief"], BELIEFS),
                *(form(row[key], places) for key in ("p05", "p50", "p95", "mean")),
                _odds(row["p_agreed_better"]),
                str(row["unit"]),
            )
        )
    heads = ("Measure", "Regime", "Belief", "5 %", "50 %", "95 %", "Mean", "Agreed leaves less, %", "Unit")
    return DataTable(heads, tuple(body), "The three regimes on the same draws, and the paired difference")


def _rank(order: Sequence[str], key: str) -> tuple[int, str]:
    return (order.index(key) if key in order else len(order), key)


def escalation_fit(rows: Sequence[Row]) -> DataTable:
    """The branching model fitted on dated incidents."""
    body = tuple(
        (
            str(row["fit"]),
            str(row["coefficient"]).replace("_", " "),
            _figures(row["estimate"]),
            _figures(row["se"], "–"),
            f"{row['n']:,}",
            str(row["status"]),
            str(row["basis"]),
        )
        for row in rows
    )
    heads = ("Fit", "Coefficient", "Estimate", "Standard error", "Events", "Status", "Basis")
    return DataTable(heads, body, "Attacks that follow attacks between two states, fitted on dated incidents")


def _figures(value: float | None, absent: str = MISSING) -> str:
    """A coefficient at three significant digits."""
    return plain(value, decimals([value])) if present(value) else absent


def accession(fan: Sequence[Row]) -> DataTable:
    """Members by year at Budapest's pace and as assumed."""
    body = tuple(
        (
            str(row["year"]),
            *(plain(row[key], 0) for key in ("p05", "p25", "p50", "p75", "p95")),
            str(row["assumed"]),
            _odds(row["p_in_force"]),
        )
        for row in fan
    )
    heads = ("Year", "5 %", "25 %", "50 %", "75 %", "95 %", "Assumed", "In force, %")
    return DataTable(heads, body, "Members at the end of the year")


def ratifications(rows: Sequence[Row]) -> DataTable:
    """Ratifications of the Budapest Convention by year."""
    body = tuple((str(row["year"]), str(row["ratifications"])) for row in rows)
    return DataTable(("Year", "Ratifications"), body, "Ratifications of the Budapest Convention, accessions included")


def hazard(rows: Sequence[Row]) -> DataTable:
    """Every fit of the hazard, term by term."""
    body = tuple(
        (
            label(row["term"], TERMS),
            label(row["fit"], FITS),
            signed(row["estimate"], 2),
            plain(row["se"], 2),
            f"{signed(row['lower'], 2)} to {signed(row['upper'], 2)}",
            str(row["events"]),
            plain(row["events_per_coefficient"], 1),
            str(row["status"]),
        )
        for row in rows
    )
    heads = ("Term", "Fit", "Estimate", "s.e.", "90 % interval", "Events", "Events a coefficient", "Status")
    return DataTable(heads, body, "Every fit of the hazard of ratification, log hazard")


def calibration(rows: Sequence[Row]) -> DataTable:
    """Ratifications expected and observed by span of years."""
    body = tuple(
        (
            str(row["span"]),
            label(row["fit"], FITS),
            plain(row["expected"], 0),
            f"{plain(row['lower'], 0)} to {plain(row['upper'], 0)}",
            str(row["observed"]),
        )
        for row in rows
    )
    heads = ("Years", "Fit", "Expected", "90 % interval", "Observed")
    return DataTable(heads, body, "Ratifications that the hazard expects and those that came")


def channels(rows: Sequence[Row]) -> DataTable:
    """The decomposition of every scenario."""
    body = []
    for row in rows:
        scale, unit = scale_of(str(row["unit"]))
        places = channel_places([row], scale)
        value, lower, upper = (
            signed(scale * row[key], places) if present(row[key]) else MISSING for key in ("value", "lower", "upper")
        )
        name = label(row["scenario"], SCENARIOS)
        body.append((name, label(row["channel"], CHANNELS), value, f"{lower} to {upper}", unit))
    heads = ("Scenario", "Mechanism", "Mean share", "90 % interval", "Unit")
    return DataTable(heads, tuple(body), "Shapley shares of every scenario")


def definitions(rows: Sequence[Row]) -> DataTable:
    """What each definition covers, by class and way of counting, and what the model draws."""
    body = []
    ranked = sorted(
        rows,
        key=lambda row: (
            _rank(definitions_of(rows), row["definition"]),
            _rank(classes_of(rows), row["threat_class"]),
            _rank(tuple(COUNTED), row["counted"]),
        ),
    )
    for row in ranked:
        known = present(row["share"])
        ends = (probability(row[key]) for key in ("lower", "upper"))
        body.append(
            (
                label(row["definition"], DEFINITIONS),
                label(row["threat_class"], CLASSES),
                label(row["counted"], COUNTED),
                f"{row['n']:,}",
                plain(row["effective"], 0),
                f"{probability(row['share'])} %" if known else "withheld",
                " to ".join(ends) if known and present(row["lower"]) and present(row["upper"]) else "–",
                label(row["role"], ROLES),
                f"{plain(100 * row['coverage_mean'], 0)} %",
                str(row["coverage_from"]).replace("judgement", "judgment"),
            )
        )
    heads = (
        "Definition",
        "Class",
        "Counted by",
        "n",
        "Effective n",
        "Covered",
        "90 % interval",
        "The text",
        "Model draws, mean",
        "From",
    )
    return DataTable(heads, tuple(body), "What each definition covers")


def strength(rows: Sequence[Row], column: str, scale: float, caption: str) -> DataTable:
    """A quantity at each strength (rows) and at up to six levels of adoption (columns)."""
    surface = Surface.of(rows, column)
    width = len(surface.adoption)
    chosen = sorted({round(k * (width - 1) / min(5, width - 1)) for k in range(min(6, width))}) if width > 1 else [0]
    values = [scale * float(v) for line in surface.values for v in line if v == v]
    places = min(2, decimals(values))
    body = tuple(
        (
            f"{signed(100 * float(share), 0)} %",
            *(signed(scale * float(line[k]), places) for k in chosen),
        )
        for share, line in zip(surface.strength, surface.values, strict=True)
    )
    heads = ("Fewer attacks", *(f"{plain(100 * float(surface.adoption[k]), 0)} % adoption" for k in chosen))
    return DataTable(heads, body, caption)


def coalitions(rows: Sequence[Row]) -> DataTable:
    """Every set that was reached, by players, cost, penalty and start."""
    body = tuple(
        (
            str(row["players"]),
            str(row["start"]),
            f"{share_of_gdp(row['cost_share_of_gdp'])} %",
            f"{share_of_gdp(row['penalty_share_of_gdp'])} %",
            stable_size(row),
            stable_size(row, "economies"),
            str(row["stable_sets"]),
            f"{plain(100 * row['share_gdp'], 0)} %",
            signed(row["gain"], 1),
            _members(str(row["members"]).split()),
        )
        for row in rows
    )
    heads = (
        "Players",
        "From",
        "Cost",
        "Penalty",
        "Players in it",
        "Economies",
        "Stable sets",
        "Share of GDP",
        "Gain, $ bn",
        "Members",
    )
    return DataTable(heads, body, "The sets reached: cost and penalty a year as shares of GDP")


def _members(names: Sequence[str], most: int = 16) -> str:
    """The first members of a set and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return " ".join(names[:most]) + more if names else "–"


def _odds(value: float | None) -> str:
    return probability(value) if present(value) else "–"


def years(own: Sequence[Row], pace: Sequence[Row], law: Sequence[Row]) -> DataTable:
    """Avoided share by year, percent: quantiles as dated, and medians at another pace and of law alone."""
    places = column_places([Spread.of(row, 100) for row in own])
    others = [{row["year"]: row for row in rows} for rows in (pace, law)]
    body = tuple(
        (
            f"{row['year']}",
            f"{100 * row['adoption_level']:.0f} %",
            *(signed(100 * row[q], places) for q in QUANTILES),
            *(signed(100 * of[row["year"]]["p50"], places) if row["year"] in of else "–" for of in others),
        )
        for row in own
    )
    heads = ("Year", "Members, states", *HEADS, "Median at Budapest’s pace", "Median, law alone")
    return DataTable(heads, body, "Avoided loss, % of the year’s status-quo loss")
