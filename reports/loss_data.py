"""The data tables under the figures on GDP, definitions of the loss and the tail: the rows drawn, as text."""

from collections.abc import Sequence

from reports.edition import Row
from reports.figures_bridge import Step
from reports.figures_gdp import BASIS_POINTS, WORLD, by_year, last
from reports.names import SCENARIOS, label
from reports.names_losses import GDP_MEASURES, RATES, source_of_amounts
from reports.numbers import MISSING, amount, decimals, money, plain, present, signed
from reports.severity_rows import Quantiles, Tail
from reports.tables import DataTable

THREE = ("p05", "p50", "p95")


def gdp_years(rows: Sequence[Row]) -> DataTable:
    """The world's level and growth by year."""
    columns = [(name, by_year(rows, name)) for name in ("gain", "gain_share", "gain_from_capital", "growth_difference")]
    years = [row["year"] for row in columns[0][1]]
    found = {name: {row["year"]: row for row in members} for name, members in columns}
    body = tuple(
        (str(year), *(_spread(found[name].get(year), name, _places(members, name)) for name, members in columns))
        for year in years
    )
    heads = ("Year", *(GDP_MEASURES[name] for name, _ in columns))
    return DataTable(heads, body, "GDP with less GDP without the convention, world: median [90 % interval]")


def gdp_groups(rows: Sequence[Row]) -> DataTable:
    """The last year by income group."""
    names = [name for name in GDP_MEASURES if last(rows, name)]
    groups = sorted({row["income_group"] for row in rows}, key=lambda name: (name == WORLD, name))
    body = tuple(
        (
            "World" if group == WORLD else str(group),
            *(_spread(last(rows, name, group), name, _places([last(rows, name, group)], name)) for name in names),
        )
        for group in groups
    )
    year = max(row["year"] for row in rows)
    return DataTable(
        ("Income group", *(GDP_MEASURES[name] for name in names)), body, f"{year} by income group: median [90 %]"
    )


def gdp_values(rows: Sequence[Row]) -> DataTable:
    """Present and annualized values of the world's gain under the discount menu."""
    body = []
    for rate, words in RATES.items():
        value, yearly = (last(rows, f"{kind}_{rate}") for kind in ("present_value", "annualized"))
        if value or yearly:
            cells = (_spread(row, "gain", _places([row], "gain")) for row in (value, yearly))
            body.append((words, *cells))
    heads = ("Discount rate", "Present value, $ bn", "Annualized, $ bn a year")
    return DataTable(heads, tuple(body), "The world’s gains discounted: median [90 % interval]")


def bridge(steps: Sequence[Step]) -> DataTable:
    """Totals and steps of the bridge."""
    body = tuple(
        (
            " ".join(step.name),
            plain(step.end, 0) if step.is_total else "–",
            "–" if step.is_total else signed(step.end - step.start, 0),
            f"{plain(100 * step.share, 2)} %" if present(step.share) else "–",
        )
        for step in steps
    )
    return DataTable(("Step", "Total", "Change", "Share of GDP"), body, "USD bn, current prices")


def exceedance(rows: Sequence[Row], source: str, scenarios: Sequence[str]) -> DataTable:
    """Losses that are exceeded, of a year and of its largest event, of the source and the scenarios drawn."""
    body = tuple(
        (
            f"{row['return_period']:,}",
            str(row["perspective"]),
            label(row["scenario"], SCENARIOS),
            _amounts(row, ("loss_usd_bn", "lower", "upper")),
            _amounts(row, ("avoided", "avoided_lower", "avoided_upper")),
            "beyond" if row["beyond_data"] else "within",
            f"{row['records']:,}",
        )
        for row in rows
        if row["source_id"] == source and row["scenario"] in scenarios
    )
    heads = ("Once in years", "Of", "Scenario", "Loss [90 %]", "Avoided [90 %]", "Record", "Amounts")
    return DataTable(heads, body, "USD bn at 2020 prices; AEP: a year’s losses together, OEP: its largest event")


def annual_loss(rows: Sequence[Row], source: str, scenarios: Sequence[str]) -> DataTable:
    """Value at risk and tail means of a year of the source and the scenarios drawn."""
    body = tuple(
        (
            str(row["measure"]) + (f" at {plain(100 * row['level'], 1)} %" if present(row["level"]) else ""),
            label(row["scenario"], SCENARIOS),
            label(row["basis"], {}),
            _amounts(row, ("value", "lower", "upper")),
            str(row["unit"]),
        )
        for row in rows
        if row["source_id"] == source and row["scenario"] in scenarios
    )
    return DataTable(
        ("Measure", "Scenario", "Basis", "Value [90 %]", "Unit"),
        body,
        "A year’s loss; other sources and scenarios are in the database",
    )


def mean_excess(rows: Sequence[Row]) -> DataTable:
    """Mean excess by threshold of every source."""
    body = tuple(
        (
            source_of_amounts(row["source_id"]),
            money(row["threshold"]),
            f"{row['n']:,}",
            money(row["mean_excess"]),
            money(row["se"]),
            str(row.get("basis") or MISSING),
        )
        for row in rows
    )
    heads = ("Source", "Threshold", "Amounts above", "Mean excess", "s.e.", "From")
    return DataTable(heads, body, "USD at 2020 prices; where ξ is one half or more the s.e. has no meaning")


def tails(found: Sequence[Tail]) -> DataTable:
    """The fitted tails that are drawn."""
    body = tuple(
        (
            tail.name,
            f"{tail.n:,}",
            money(tail.threshold),
            "{} [{}, {}]".format(*(plain(value, 2) for value in tail.xi)),
            money(tail.beta),
            money(tail.cap),
        )
        for tail in found
        if tail.xi is not None
    )
    heads = ("Source", "Amounts", "Tail from", "ξ [90 %]", "β", "Cap")
    return DataTable(heads, body, "The fitted tails, generalized Pareto; USD at 2020 prices")


def quantiles(found: Sequence[Quantiles]) -> DataTable:
    """Amounts by bins of ranks beside those of both laws."""
    body = tuple(
        (
            one.name,
            f"{plain(100 * row['probability'], 2)} %",
            f"{row['n']:,}" if row.get("n") else MISSING,
            *(money(amount) for amount in (row["observed"], row["fitted"], other["fitted"])),
            str(row.get("basis") or MISSING),
        )
        for one in found
        for row, other in zip(*one.rows.values(), strict=True)
    )
    heads = ("Source", "Probability", "Amounts", "On record", "Lognormal", "Splice", "From")
    return DataTable(heads, body, "Geometric means over bins of ranks, USD at 2020 prices")


def fits(found: Sequence[Quantiles], rows: Sequence[Row]) -> DataTable:
    """How well both laws fit as a whole: information criterion and test."""
    names = ("bic", "ad_distance", "ad_p_value")
    value = {(row["source_id"], row["family"], row["coefficient"]): row["estimate"] for row in rows}
    body = []
    for one in found:
        for family in one.rows:
            bic, distance, chance_of = (value.get((one.source, family, name)) for name in names)
            texts = (plain(bic, 0), plain(distance, 2), plain(chance_of, 2))
            body.append((one.name, label(family, {}), *texts))
    heads = ("Source", "Law", "BIC", "Anderson–Darling distance", "p-value")
    return DataTable(heads, tuple(body), "Less BIC is better; p-values by parametric bootstrap")


def events(rows: Sequence[Row]) -> DataTable:
    """Losses of every systemic event and replay, and what is said of them."""
    shown = ("loss", "loss_per_year", "return_period", "reported", "rejected_product", "named_loss")
    body = tuple(
        (
            label(row["event_id"], {}),
            label(row["course"], {}) if row["course"] else str(row["note"] or "–"),
            plain(row["detection_months"], 1) if present(row["detection_months"]) else "–",
            label(row["measure"], {}),
            _amounts(row, ("p50", "p05", "p95")),
            str(row["unit"]),
            str(row["status"]).replace("judgement", "judgment"),
        )
        for row in rows
        if row["measure"] in shown
    )
    heads = ("Event", "Course", "Found after, months", "Measure", "Median [90 %]", "Unit", "Status")
    return DataTable(heads, body, "Systemic events, computed from footprints, and what is published of them")


def _amounts(row: Row, names: tuple[str, str, str]) -> str:
    """Median and interval with two digits each; the interval only where there is one."""
    middle, *ends = (amount(row[name]) if present(row[name]) else "" for name in names)
    return (f"{middle} [{ends[0]}, {ends[1]}]" if all(ends) else middle) or MISSING


def _scale(name: str) -> float:
    return BASIS_POINTS if name in ("gain_share", "gain_share_long_run", "growth_difference") else 1.0


def _places(rows: Sequence[Row | None], name: str) -> int:
    return min(3, decimals([_scale(name) * row[key] for row in rows if row for key in THREE]))


def _spread(row: Row | None, name: str, places: int) -> str:
    if row is None:
        return "–"
    low, middle, high = (signed(_scale(name) * row[key], places) for key in THREE)
    return f"{middle} [{low}, {high}]"
