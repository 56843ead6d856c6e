"""Tables of what the run rests on: claims, break-even points, sources, priors, the pool of estimates."""

import json
import math
from collections.abc import Sequence

from reports.edition import Row
from reports.figures_evidence import study_name
from reports.names import KINDS, label, specification
from reports.numbers import MINUS, MISSING, NBSP, decimals, plain, present, probability, signed
from reports.tables import Cell, Column, DataTable, Table, sentence_case

VERDICTS = {
    "holds": "holds on every reading",
    "on some readings": "holds on some readings",
    "fails": "holds on no reading",
}


def claim_value(value: float | None, unit: str) -> str:
    """A reading's value in its unit: a fraction as percent, an amount as $ bn."""
    if not present(value):
        return MISSING
    if "fraction" in unit or "share" in unit:
        percent = 100 * value
        text = f"{plain(percent, min(2, decimals([percent])))} %"
        return f"+{text}" if "growth" in unit and value > 0 else text
    return f"${plain(value, min(0, decimals([value])))} bn"


def claims(rows: Sequence[Row]) -> Table:
    """The readings of each claim of the op-ed that take its source at its word."""
    columns = (Column("Reading", "text"), Column("Value"), Column("Claimed", narrow=False), Column("Verdict", "text"))
    groups: dict[str, list[tuple[Cell, ...]]] = {}
    for row in rows:
        name = f"“{capital_free(row['claim'])}” {VERDICTS.get(row['verdict'], row['verdict'])}"
        unit = str(row["unit"])
        groups.setdefault(name, []).append(
            (
                Cell(sentence_case(row["reading"])),
                Cell(claim_value(row["value"], unit), bold=True),
                Cell(claim_value(row["threshold"], unit)),
                Cell("holds" if row["holds"] else "fails", tone="" if row["holds"] else "harm"),
            )
        )
    return Table(columns, tuple((name, tuple(body)) for name, body in groups.items()), has_long_heads=True)


def capital_free(text: str) -> str:
    """A claim as the op-ed words it, without spaces before the percent sign."""
    return text.replace(" %", "%")


def contrasts(rows: Sequence[Row]) -> Table:
    """What each study found beside what it would find if the model were true, change in attacks in percent."""
    columns = (
        Column("Study", "text"),
        Column("Compares", "text", narrow=False),
        Column("Members", narrow=False),
        Column("Found, %"),
        Column("Default implies, %"),
        Column("As published implies, %"),
    )
    implied: dict[str, dict[str, Row]] = {}
    for row in rows:
        implied.setdefault(row["effect_id"], {})[row["effect_set"]] = row
    body = []
    for sets in implied.values():
        first = next(iter(sets.values()))
        body.append(
            (
                Cell(study_name(first)),
                Cell("victims" if first["side"] == "victim" else "origins"),
                Cell(plain(first["members"], 0)),
                Cell(log_change(first["found"]), bold=True),
                *(Cell(implied_change(sets.get(name))) for name in ("default", "published")),
            )
        )
    return Table(columns, (("", tuple(body)),), has_long_heads=True)


def log_change(log_ratio: float | None) -> str:
    """A log rate ratio as a change in percent, whole."""
    return signed(100 * math.expm1(log_ratio), 0) if present(log_ratio) else MISSING


def implied_change(row: Row | None) -> str:
    """A median with its 90 % interval, change in percent."""
    if row is None:
        return MISSING
    return f"{log_change(row['p50'])} [{log_change(row['p05'])}, {log_change(row['p95'])}]".replace(" ", NBSP)


BREAK_EVENS = {
    "effect": ("Effect of joining, % of attacks", "effect"),
    "adoption": ("Share of attack origin covered, %", "share"),
    "adoption_attack_origin": ("Share of attack origin covered, %", "share"),
    "adoption_gdp": ("Share of GDP covered, %", "share"),
    "adoption_states": ("Share of states covered, %", "share"),
    "coverage_factor": ("Factor on the loss that the text covers", "factor"),
}


def break_even(rows: Sequence[Row]) -> Table:
    """Values at which the convention just pays for itself, on the mean and on the median of net benefit."""
    columns = (Column("Quantity", "text"), Column("On the mean"), Column("On the median"))
    order = list(BREAK_EVENS)
    cells: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=lambda r: order.index(r["quantity"]) if r["quantity"] in order else len(order)):
        kind = BREAK_EVENS.get(row["quantity"], ("", "factor"))[1]
        cells.setdefault(row["quantity"], {})[row["criterion"]] = break_even_value(row, kind)
    body = tuple(
        (
            Cell(BREAK_EVENS[quantity][0] if quantity in BREAK_EVENS else sentence_case(quantity.replace("_", " "))),
            Cell(values.get("mean", MISSING)),
            Cell(values.get("median", MISSING)),
        )
        for quantity, values in cells.items()
    )
    return Table(columns, (("", body),), has_long_heads=True)


def break_even_value(row: Row, kind: str) -> str:
    """A break-even with its 90 % interval over the scrambles; "no value" and "any" are answers."""
    if not present(row["value"]):
        return "no value"
    if kind == "share" and row["value"] == 0:
        return "any"
    scale = {"effect": lambda x: 100 * math.expm1(x), "share": lambda x: 100 * x}.get(kind, lambda x: x)
    value, lower, upper = (scale(row[key]) if present(row[key]) else None for key in ("value", "lower", "upper"))
    width = abs(upper - lower) / 3.29 if present(lower) and present(upper) else None
    places = decimals([value], width) if width else min(decimals([value]), 0 if kind == "share" else 3)
    form = signed if kind == "effect" else plain
    ends = {form(end, places) for end in (lower, upper) if present(end)}
    if not (present(lower) and present(upper)) or ends == {form(value, places)}:
        return form(value, places)
    return f"{form(value, places)} [{form(lower, places)}, {form(upper, places)}]"


def priors(rows: Sequence[Row]) -> Table:
    """Every uncertain input with its distribution and where it comes from."""
    columns = (
        Column("Input", "text"),
        Column("Distribution", "text"),
        Column("Unit", "text", narrow=False),
        Column("Kind", "text"),
        Column("Source", "text", narrow=False),
    )
    body = tuple(
        (
            Cell(str(row["prior_id"]).replace("_", " ")),
            Cell(distribution(row)),
            Cell(str(row["unit"] or "–")),
            Cell(
                label(str(row["kind"]), KINDS)
                + ("" if row["verified"] or row["kind"] == "judgement" else ", not verified")
            ),
            Cell(str(row["source"] or "–").replace(",", ", ").replace(",  ", ", ")),
        )
        for row in rows
    )
    return Table(columns, (("", body),), has_long_heads=True)


def distribution(row: Row) -> str:
    """A prior in one line: beta (a 2, b 2)."""
    family = str(row["distribution"]).replace("_", " ")
    try:
        arguments = json.loads(row["arguments"] or "{}")
    except (TypeError, ValueError):
        arguments = row["arguments"]
    if not isinstance(arguments, dict):
        return f"{family} ({arguments})"
    if family == "uniform" and set(arguments) == {"low", "high"}:
        return f"uniform, {argument(arguments['low'])} to {argument(arguments['high'])}"
    if family == "beta" and set(arguments) == {"a", "b"}:
        return f"beta ({argument(arguments['a'])}, {argument(arguments['b'])})"
    inside = ", ".join(f"{name.replace('_', ' ')} {argument(value)}" for name, value in arguments.items())
    return f"{family} ({inside})" if inside else family


def argument(value: object) -> str:
    """An argument of a distribution, as short as it is exact."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:g}".replace("-", MINUS)


TRACKERS = {"eurepoc": "EuRepoC", "vcdb": "VCDB", "all": "Union of EuRepoC, CFR and DCID"}


def trackers(rows: Sequence[Row]) -> Table:
    """What each tracker counts by class, beside the prior on the class's share of the loss."""
    columns = (
        Column("Threat class", "text"),
        Column("Incidents"),
        Column("Origin unknown"),
        Column("Prior share of loss", narrow=False),
    )
    groups: dict[str, list[tuple[Cell, ...]]] = {}
    for row in rows:
        basis = "from records" if row["basis"] == "records" else "from shipped counts"
        name = f"{label(str(row['tracker']), TRACKERS)}, {basis}"
        groups.setdefault(name, []).append(
            (
                Cell(sentence_case(str(row["threat_class"]))),
                Cell(plain(row["incidents"], 0)),
                Cell(f"{plain(100 * row['unattributed'], 0)} %"),
                Cell(f"{plain(100 * row['loss_share'], 0)} %" if present(row["loss_share"]) else MISSING),
            )
        )
    return Table(columns, tuple((name, tuple(body)) for name, body in groups.items()))


def sources(rows: Sequence[Row]) -> Table:
    """Where every figure comes from, with license and rows."""
    columns = (
        Column("Key", "text"),
        Column("Title", "text"),
        Column("Producer", "text", narrow=False, paper=False),
        Column("License", "text", narrow=False),
        Column("Vintage", "text tight"),
        Column("Basis", "text tight", narrow=False, paper=False),
        Column("Rows kept", narrow=False, paper=False),
    )
    body = tuple(
        (
            Cell(str(row["source_id"])),
            Cell(str(row["title"] or "–")),
            Cell(str(row.get("producer") or "–")),
            Cell(str(row["licence" if "licence" in row else "license"] or "–")),
            Cell(str(row["vintage"] or "–")),
            Cell(str(row.get("basis") or "–")),
            Cell(f"{row['rows_kept']:,} of {row['rows_in']:,}" if row["rows_in"] is not None else "–"),
        )
        for row in rows
    )
    return Table(columns, (("", body),), has_long_heads=True, in_halves=True)


def pooled_data(rows: Sequence[Row]) -> DataTable:
    """The pooled estimate under each choice of rows."""
    heads = (
        "Specification",
        "n",
        "Median, USD bn",
        "90 % interval",
        "One more estimate, 90 %",
        "τ",
        "I², %",
        "Chance above $1 tn, %",
    )
    body = []
    for row in rows:
        percentile = row["percentile_of_1tn"]
        body.append(
            (
                specification(row["specification"]),
                f"{row['n']}",
                _amount(row["usd_bn_p50"]),
                f"{_amount(row['usd_bn_low'])} to {_amount(row['usd_bn_high'])}",
                f"{_amount(row['predictive_usd_bn_p05'])} to {_amount(row['predictive_usd_bn_p95'])}",
                plain(row["tau"], 2),
                probability(row["i2"]),
                probability(1 - percentile if present(percentile) else None),
            )
        )
    return DataTable(heads, tuple(body), "The pooled estimate under other choices of rows")


def _amount(value: float | None) -> str:
    return plain(value, decimals([value]))
