"""Cells of the tables on what lies beyond law: mechanisms off, hazard, coalitions, present values, winners, welfare.

As in tables.py; the words around them are in mechanism_page_tables.py.
"""

from collections.abc import Sequence

from reports.edition import Row
from reports.names import CHANNELS, DISCOUNTS, FITS, STANDINGS, TERMS, label
from reports.numbers import MISSING, decimals, plain, present, signed
from reports.queries import MOST_FIRST
from reports.tables import Cell, Column, Table, column_places, interval, odds
from reports.titles import Spread

MECHANISM_GROUPS = {"all": "All mechanisms", "no_standdown": "Without stand-down", "law": "Law alone"}


def spread_places(spreads: Sequence[Spread], most: int) -> int:
    """Decimals of a column without a published Monte Carlo error: three digits of the largest, `most` at most."""
    return min(column_places(spreads), most)


def ranked(rows: Sequence[Row], column: str, order: Sequence[str]) -> list[Row]:
    """Rows in the order of the names of a column, unknown names last."""
    rank = {name: i for i, name in enumerate(order)}
    return sorted(rows, key=lambda row: (rank.get(row[column], len(rank)), str(row[column])))


def without(rows: Sequence[Row], scale: float, unit: str, places: int) -> Table:
    """The headline with every mechanism on, then with one off at a time."""
    columns = (
        Column("Off", "text"),
        Column(f"Median, {unit}"),
        Column(f"90 % interval, {unit}", "interval"),
        Column(f"Mean, {unit}", narrow=False),
        Column("Change of mean"),
        Column("Nothing or harm,\u00a0%", narrow=False),
    )
    full = next((row for row in rows if row["off"] == "none"), None)
    body = []
    for row in ranked(rows, "off", ("none", *CHANNELS)):
        spread = Spread.of(row, scale)
        change = scale * (row["mean"] - full["mean"]) if full and row is not full else None
        name = "Nothing: every mechanism on" if row["off"] == "none" else label(row["off"], CHANNELS)
        body.append(
            (
                Cell(name),
                Cell(signed(spread.p50, places), bold=True),
                interval(spread, places),
                Cell(signed(scale * row["mean"], places)),
                Cell(signed(change, places) if change is not None else "–"),
                odds(row["p_not_better"]),
            )
        )
    tinted = frozenset({(0, 0)} if full else ())
    return Table(columns, (("", tuple(body)),), tinted)


def hazard(rows: Sequence[Row]) -> Table:
    """Coefficients of the fit with every term, and the same under the other fits."""
    others = [name for name in FITS if name != "all" and any(row["fit"] == name for row in rows)]
    columns = (
        Column("Term", "text"),
        Column("Estimate"),
        Column("s.e.", narrow=False),
        Column("90 % interval", "interval"),
        *(Column(label(name, FITS), narrow=False) for name in others),
        Column("Status", "text"),
    )
    of = {(row["fit"], row["term"]): row for row in rows}
    body = tuple(
        (
            Cell(label(row["term"], TERMS)),
            Cell(signed(row["estimate"], 2), bold=True),
            Cell(plain(row["se"], 2)),
            Cell(low=signed(row["lower"], 2), high=signed(row["upper"], 2)),
            *(Cell(_estimate(of.get((name, row["term"])))) for name in others),
            Cell(str(row["status"])),
        )
        for row in ranked([row for row in rows if row["fit"] == "all"], "term", tuple(TERMS))
    )
    return Table(columns, (("", body),), has_long_heads=True)


def _estimate(row: Row | None) -> str:
    return signed(row["estimate"], 2) if row else "–"


def coalitions(rows: Sequence[Row]) -> Table:
    """The largest stable set by cost (rows) and penalty, and what best responses reach without a penalty."""
    at = {(row["players"], row["start"], row["cost_share_of_gdp"], row["penalty_share_of_gdp"]): row for row in rows}
    costs, penalties = (sorted({row[key] for row in rows}) for key in ("cost_share_of_gdp", "penalty_share_of_gdp"))
    columns = (
        Column("Cost, % of GDP"),
        *(Column(f"Penalty {share_of_gdp(p)}\u00a0%" if p else "No penalty") for p in penalties),
        Column("From none", narrow=False),
        Column("From all", narrow=False),
    )
    body = tuple(
        (
            Cell(share_of_gdp(cost)),
            *(Cell(_largest(at.get(("blocs", "exact", cost, penalty))), bold=not penalty) for penalty in penalties),
            *(
                Cell(stable_size(at.get(("economies", start, cost, penalties[0])), "economies"))
                for start in ("empty", "full")
            ),
        )
        for cost in costs
    )
    return Table(columns, (("", body),))


def share_of_gdp(share: float) -> str:
    """A share of GDP in percent with as many places as it needs."""
    return f"{100 * share:.10f}".rstrip("0").rstrip(".")


def stable_size(row: Row | None, column: str = "size") -> str:
    """Members of a stable set; none where it is empty or nothing stable was found."""
    if row is None:
        return "–"
    return str(row[column]) if row["stable"] and row[column] else "none"


def _largest(row: Row | None) -> str:
    """Players in the largest stable set and their share of GDP."""
    size = stable_size(row)
    return f"{size} ({plain(100 * row['share_gdp'], 0)}\u00a0%)" if row and size.isdigit() else size


def present_values(rows: Sequence[Row]) -> Table:
    """Net present value by mechanisms and discount rate with the chance that the convention pays."""
    columns = (
        Column("Discount rate", "text"),
        Column("Median, $\u00a0bn"),
        Column("90 % interval, $\u00a0bn", "interval"),
        Column("Mean, $\u00a0bn", narrow=False),
        Column("Pays,\u00a0%"),
    )
    places = spread_places([Spread.of(row) for row in rows], 0) if rows else 0
    # Constant rates by their number, then the rules.
    rates = [*sorted({row["discount"] for row in rows} - set(DISCOUNTS)), *DISCOUNTS]
    groups = []
    for name in dict.fromkeys([*MOST_FIRST, *(row["mechanisms"] for row in rows)]):
        members = [row for row in rows if row["mechanisms"] == name]
        body = tuple(
            (
                Cell(label(row["discount"], DISCOUNTS)),
                Cell(signed(row["p50"], places), bold=True),
                interval(Spread.of(row), places),
                Cell(signed(row["mean"], places)),
                Cell(_pays(row["p_pays"]), tone="harm" if present(row["p_pays"]) and row["p_pays"] < 0.5 else ""),
            )
            for row in ranked(members, "discount", rates)
        )
        if body:
            groups.append((label(name, MECHANISM_GROUPS), body))
    return Table(columns, tuple(groups))


def _pays(value: float | None) -> str:
    return odds(value).text


def winners(rows: Sequence[Row]) -> Table:
    """Economies that gain and that lose on average, by region and by income group, with the sums."""
    columns = (
        Column("Group", "text"),
        Column("Gain"),
        Column("Lose"),
        Column("Falls in loss, $\u00a0bn", narrow=False),
        Column("Rises in loss, $\u00a0bn", narrow=False),
    )
    heads = {"region": "By region", "income_group": "By income group"}
    places = min(1, decimals([row["gain"] for row in rows if present(row["gain"])])) if rows else 0
    groups = []
    for kind, head in heads.items():
        body = tuple(
            (
                Cell(str(row["name"])),
                Cell(f"{row['winners']}"),
                Cell(f"{row['losers']}", tone="harm" if row["losers"] > row["winners"] else ""),
                Cell(plain(row["gain"], places)),
                Cell(plain(-row["harm"], places) if present(row["harm"]) else MISSING),
            )
            for row in rows
            if row["kind"] == kind
        )
        if body:
            groups.append((head, body))
    return Table(columns, tuple(groups))


def welfare(rows: Sequence[Row], places: int) -> Table:
    """The avoided loss of the world under each standing, and the part of the states that attack apart."""
    columns = (
        Column("Whose welfare", "text"),
        Column("Median, $\u00a0bn"),
        Column("90 % interval, $\u00a0bn", "interval"),
        Column("Mean, $\u00a0bn", narrow=False),
        Column("Nothing or harm,\u00a0%"),
    )
    groups = []
    for head, national in (("The world", False), ("National", True)):
        body = tuple(
            (
                Cell(label(row["standing"], STANDINGS)),
                Cell(signed(row["p50"], places), bold=True),
                interval(Spread.of(row), places),
                Cell(signed(row["mean"], places)),
                odds(row["p_not_better"]),
            )
            for row in ranked(rows, "standing", tuple(STANDINGS))
            if (row["standing"] == "authors") == national
        )
        if body:
            groups.append((head, body))
    return Table(columns, tuple(groups), has_long_heads=True)
