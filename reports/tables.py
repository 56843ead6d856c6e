"""Tables of the report as plain structures: columns, groups and cells that are already text.

A table is printed in full above 640 px and stacked, with its narrow columns only, below. Titles come from titles.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reports.names import BLOCS, SCENARIOS, label
from reports.numbers import MISSING, decimals, plain, present, probability, signed
from reports.queries import Row
from reports.titles import Spread

STATUS_QUO = "status_quo"


@dataclass(frozen=True)
class Cell:
    """One cell: text, or an interval of two texts set so that both ends align."""

    text: str = ""
    low: str = ""
    high: str = ""
    bold: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its head, whether it holds numbers or text, and whether the stacked table keeps it."""

    head: str
    kind: str = "number"
    narrow: bool = True


@dataclass(frozen=True)
class Table:
    """A table: columns, groups of rows (a group may have no name), and the index of tinted rows by group."""

    columns: tuple[Column, ...]
    groups: tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]
    tinted: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    has_long_heads: bool = False
    """Whether the stacked table sets the head of a row above its numbers instead of beside them."""

    @property
    def is_long(self) -> bool:
        """Whether the table may break across printed pages."""
        return sum(len(rows) for _, rows in self.groups) > 15


@dataclass(frozen=True)
class DataTable:
    """The data behind a figure: heads and rows of text, the first column a row head."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


def interval(spread: Spread, places: int) -> Cell:
    """The 90 % interval as a cell."""
    if not (present(spread.p05) and present(spread.p95)):
        return Cell(MISSING)
    return Cell(low=signed(spread.p05, places), high=signed(spread.p95, places))


def column_places(spreads: Sequence[Spread]) -> int:
    """Decimals of a column: the coarsest Monte Carlo error rules, three digits of the largest value at most."""
    values = [v for s in spreads for v in (s.p05, s.p50, s.p95)]
    errors = [s.mcse for s in spreads if present(s.mcse) and s.mcse > 0]
    return decimals(values, max(errors) if errors else None)


def _percent(value: float | None) -> str:
    return plain(100 * value, 0) if present(value) else MISSING


def _odds(value: float | None) -> Cell:
    text = probability(value)
    return Cell("–" if text == MISSING else text, tone="harm" if present(value) and value > 0.5 else "")


def scenarios(
    shares: Sequence[Row], amounts: Sequence[Row], net: Sequence[Row], membership: Sequence[Row], order: Sequence[str]
) -> Table:
    """The headline by scenario: coverage, avoided share and amount with intervals, two chances."""
    columns = (
        Column("Scenario", "text"),
        Column("States, %", narrow=False),
        Column("Origin, %", narrow=False),
        Column("Median, %"),
        Column("90 % interval, %", "interval"),
        Column("Median, $\u00a0bn", narrow=False),
        Column("90 % interval, $\u00a0bn", "interval", narrow=False),
        Column("Nothing or harm,\u00a0%"),
        Column("Does not pay,\u00a0%", narrow=False),
    )
    share_of = {(m["scenario"], m["adoption_metric"]): m["share"] for m in membership}
    by_name = {row["scenario"]: row for row in shares}
    amount_of, net_of = ({row["scenario"]: row for row in rows} for rows in (amounts, net))
    names = [name for name in order if name in by_name] + sorted(set(by_name) - set(order))
    percent = {name: Spread.of(by_name[name], 100) for name in names}
    usd = {name: Spread.of(amount_of[name]) for name in names}
    places, usd_places = column_places(list(percent.values())), column_places(list(usd.values()))
    rows = tuple(
        (
            Cell(label(name, SCENARIOS)),
            Cell(_percent(share_of.get((name, "states")))),
            Cell(_percent(share_of.get((name, "attack_origin")))),
            Cell(signed(percent[name].p50, places), bold=True),
            interval(percent[name], places),
            Cell(signed(usd[name].p50, usd_places), bold=True),
            interval(usd[name], usd_places),
            _odds(by_name[name]["p_not_better"] if name != STATUS_QUO else None),
            _odds(net_of[name]["p_not_better"] if name in net_of and name != STATUS_QUO else None),
        )
        for name in names
    )
    tinted = frozenset((0, i) for i, name in enumerate(names) if name == "op_ed_convention")
    return Table(columns, (("", rows),), tinted)


def variant_groups(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Variants by the kind of choice that changes; the default first and without a head."""
    groups: dict[str, list[Row]] = {"": [], "Effect of joining": [], "Choices of the model": [], "Origins": []}
    for row in rows:
        key = str(row["variant"])
        if key == "default":
            name = ""
        elif key.startswith("effect_set:"):
            name = "Effect of joining"
        elif key.startswith("without_origin"):
            name = "Origins"
        else:
            name = "Choices of the model"
        groups[name].append(row)
    return [(name, members) for name, members in groups.items() if members]


def variants(rows: Sequence[Row], mcse: float | None) -> Table:
    """The headline under one changed choice at a time, USD bn, with the change of the median against the default."""
    columns = (
        Column("Choice", "text"),
        Column("Median, $\u00a0bn"),
        Column("90 % interval, $\u00a0bn", "interval"),
        Column("Change of median", narrow=False),
        Column("Nothing or harm,\u00a0%"),
    )
    spreads = {row["variant"]: Spread.of(row | {"mcse": mcse}) for row in rows}
    places = column_places(list(spreads.values()))
    default = next((row for row in rows if row["variant"] == "default"), None)
    groups, tinted = [], set()
    for name, members in variant_groups(rows):
        body = []
        for row in members:
            change = row["p50"] - default["p50"] if default and row is not default else None
            body.append(
                (
                    Cell(sentence_case(str(row["description"]))),
                    Cell(signed(row["p50"], places), bold=True),
                    interval(spreads[row["variant"]], places),
                    Cell(signed(change, places) if change is not None else "–"),
                    _odds(row["p_not_better"]),
                )
            )
            if row is default:
                tinted.add((len(groups), len(body) - 1))
        groups.append((name, tuple(body)))
    return Table(columns, tuple(groups), frozenset(tinted), has_long_heads=True)


def blocs(shares: Sequence[Row], net: Sequence[Row]) -> Table:
    """What a convention with exactly the members of each bloc would avoid."""
    columns = (
        Column("Bloc", "text"),
        Column("Members", narrow=False),
        Column("GDP, %", narrow=False),
        Column("Origin, %", narrow=False),
        Column("Median, %"),
        Column("90 % interval, %", "interval"),
        Column("Nothing or harm,\u00a0%", narrow=False),
        Column("Does not pay,\u00a0%"),
    )
    spreads = [Spread.of(row, 100) for row in shares]
    places = column_places(spreads)
    paying = {row["bloc"]: row["p_not_better"] for row in net}
    rows = tuple(
        (
            Cell(label(row["bloc"], BLOCS)),
            Cell(f"{row['members']}"),
            Cell(_percent(row["share_gdp"])),
            Cell(_percent(row["share_attack_origin"])),
            Cell(signed(spread.p50, places), bold=True),
            interval(spread, places),
            _odds(row["p_not_better"]),
            _odds(paying.get(row["bloc"])),
        )
        for row, spread in zip(shares, spreads, strict=True)
    )
    tinted = frozenset((0, i) for i, row in enumerate(shares) if row["bloc"] == "All")
    return Table(columns, (("", rows),), tinted)


def sentence_case(text: str) -> str:
    """The text with a capital first letter and Greek letters for their names."""
    greek = {"zeta": "ζ", "lambda": "λ", "phi": "φ", "delta": "δ", "kappa": "κ", "eta": "η"}
    text = re.sub(r"\b(zeta|lambda|phi|delta|kappa|eta)(?=[ _])", lambda found: greek[found[1]], text)
    return text[:1].upper() + text[1:]
