"""Tables of the report as plain structures: columns, groups and cells that are already text.

A table is printed in full above 640 px and stacked, with its narrow columns only, below. Titles come from titles.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reports.edition import Row
from reports.names import BLOCS, SCENARIOS, label
from reports.numbers import MISSING, decimals, plain, present, probability, signed
from reports.queries import MOST_FIRST
from reports.titles import Spread

STATUS_QUO = "status_quo"
WITHOUT_STANDDOWN = "without stand-down"


@dataclass(frozen=True)
class Cell:
    """One cell: text, an interval of two texts set so that both ends align, or a link to a figure or table.

    bar : fraction drawn beside the text, 0 to 1; under : what it is a fraction of; ref : key of the figure or table
    """

    text: str = ""
    low: str = ""
    high: str = ""
    bold: bool = False
    tone: str = ""
    bar: float | None = None
    under: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its head, whether it holds numbers or text, whether the stacked table and the printed one keep it."""

    head: str
    kind: str = "number"
    narrow: bool = True
    paper: bool = True

    @property
    def classes(self) -> str:
        """The classes of its cells."""
        return self.kind if self.paper else f"{self.kind} screen"


@dataclass(frozen=True)
class Table:
    """A table: columns, groups of rows (a group may have no name), and the index of tinted rows by group."""

    columns: tuple[Column, ...]
    groups: tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]
    tinted: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    has_long_heads: bool = False
    """Whether the stacked table sets the head of a row above its numbers instead of beside them."""
    in_halves: bool = False
    """Whether paper sets it in two columns side by side."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no row to print: the title then says why."""
        return not any(rows for _, rows in self.groups)

    @property
    def is_long(self) -> bool:
        """Whether the table may break across printed pages, between two rows."""
        return sum(len(rows) for _, rows in self.groups) > 9


@dataclass(frozen=True)
class DataTable:
    """The data behind a figure: heads and rows of text, the first column a row head; a long one is folded away."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    is_folded: bool = False


@dataclass(frozen=True)
class PageTable:
    """A table with all the words around it.

    queries: names in queries.py of every answer its cells and words rest on, that of its rows first; code: the
    function that makes its cells, a dotted path.
    """

    key: str
    title: str
    subtitle: str
    table: Table
    note: str
    method: str = ""
    tables: tuple[DataTable, ...] = ()
    more: str = ""
    anchor: str = ""
    label: str = ""
    queries: tuple[str, ...] = field(kw_only=True)
    code: str = field(kw_only=True)


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


def odds(value: float | None) -> Cell:
    """A chance as whole percent, a dash where there is none, in the tone of harm above one half."""
    text = probability(value)
    return Cell("–" if text == MISSING else text, tone="harm" if present(value) and value > 0.5 else "")


def scenarios(
    shares: Sequence[Row],
    amounts: Sequence[Row],
    net: Sequence[Row],
    membership: Sequence[Row],
    order: Sequence[str],
) -> Table:
    """The headline by scenario: coverage, avoided share and amount with intervals, two chances.

    Rows may be of more than one set of mechanisms a scenario: the fullest is the scenario's row, the one without
    stand-down stands under it.
    """
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
    by_key = {(row["scenario"], row["mechanisms"]): row for row in shares}
    amount_of, net_of = ({(row["scenario"], row["mechanisms"]): row for row in rows} for rows in (amounts, net))
    rank = {name: i for i, name in enumerate(order)}
    keys = sorted(by_key, key=lambda key: (rank.get(key[0], len(rank)), key[0], MOST_FIRST.index(key[1])))
    percent = {key: Spread.of(by_key[key], 100) for key in keys}
    usd = {key: Spread.of(amount_of[key]) for key in keys}
    places, usd_places = column_places(list(percent.values())), column_places(list(usd.values()))
    body, tinted, seen = [], set(), set()
    for key in keys:
        name, quo = key[0], key[0] == STATUS_QUO
        again = name in seen
        seen.add(name)
        if name == "op_ed_convention":
            tinted.add((0, len(body)))
        cover = ("", "") if again else (_percent(share_of.get((name, m))) for m in ("states", "attack_origin"))
        body.append(
            (
                Cell(f"– {WITHOUT_STANDDOWN}" if again else label(name, SCENARIOS)),
                *(Cell(text) for text in cover),
                Cell(signed(percent[key].p50, places), bold=True),
                interval(percent[key], places),
                Cell(signed(usd[key].p50, usd_places), bold=True),
                interval(usd[key], usd_places),
                odds(None if quo else by_key[key]["p_not_better"]),
                odds(net_of[key]["p_not_better"] if key in net_of and not quo else None),
            )
        )
    return Table(columns, (("", tuple(body)),), frozenset(tinted))


def variant_groups(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Variants by the kind of choice that changes; the default, also without stand-down, first and without a head."""
    groups: dict[str, list[Row]] = {"": [], "Effect of joining": [], "Choices of the model": [], "Origins": []}
    for row in rows:
        key = str(row["variant"])
        if key in ("default", "no_standdown"):
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
                    odds(row["p_not_better"]),
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
            odds(row["p_not_better"]),
            odds(paying.get(row["bloc"])),
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
