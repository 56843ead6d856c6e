"""Tables against tables: rows joined by key, every cell looked at, what differs named. What is compared: `tables`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from .tables import LEFT_OUT, VOLATILE, Expected, digest, names

TOLERANCE = 1e-12
"""On another class of machine: share of the baseline for USD bn; share of 1, or of a larger value, for the rest."""
FLOATS = ("DOUBLE", "FLOAT")
NUMBERS = (*FLOATS, "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "UBIGINT", "UINTEGER")
PRINTED = 5
"""Differences named of each table."""


@dataclass(frozen=True)
class Difference:
    """A cell that is not the same; `column` is None where a whole row or table is on one side only."""

    table: str
    key: Mapping[str, object]
    column: str | None
    expected: object
    found: object

    def __str__(self) -> str:
        """One line: table, row, column, both values in full precision."""
        row = ", ".join(f"{name}={value}" for name, value in self.key.items())
        place = f"{self.table}{f' [{row}]' if row else ''}{f' {self.column}' if self.column else ''}"
        return f"{place}: expected {_shown(self.expected)}, found {_shown(self.found)}"


@dataclass(frozen=True)
class Outcome:
    """A table compared. `largest` is the largest absolute difference of two numbers, in the unit of their column."""

    table: str
    rows: int
    numbers: int = 0
    identical: int = 0
    largest: float = 0.0
    differences: int = 0
    named: tuple[Difference, ...] = ()
    by_digest: bool = False

    @property
    def passed(self) -> bool:
        """Nothing differs."""
        return self.differences == 0


def compare(
    connection: duckdb.DuckDBPyConnection,
    expected: Sequence[Expected],
    catalog: str,
    exact: bool,
    volatile: Mapping[str, Collection[str]] = VOLATILE,
) -> list[Outcome]:
    """Every table against that of the same name in an attached database; a table on one side only is a difference.

    Tables in LEFT_OUT and columns in `volatile`, by table, are not looked at.
    `exact` allows no tolerance: the same code on the same class of machine gives the same bits.
    """
    there = names(connection, catalog)
    baseline, units = _baseline(connection, expected), _units(connection, expected)
    outcomes = []
    for table in (each for each in expected if each.name not in LEFT_OUT):
        if table.name not in [*there, "main.headline"]:
            outcomes.append(_one_sided(table.name, table.rows, "this table", None))
        elif table.relation is None:
            outcomes.append(_by_digest(connection, table, f'"{catalog}".{table.name}'))
        else:
            rule = _Rule(exact, baseline, units.get(table.name, {}))
            outcomes.append(_Sides(connection, table, f'"{catalog}".{table.name}', rule, volatile).outcome())
    unknown = set(there) - {table.name for table in expected} - set(LEFT_OUT)
    return outcomes + [_one_sided(name, 0, None, "this table") for name in sorted(unknown)]


@dataclass(frozen=True)
class _Rule:
    """How far two numbers of a table may be apart. Numbers under `baseline` USD bn are measured against it."""

    exact: bool
    baseline: float
    units: Mapping[str, str]

    def moved(self, name: str, kind: str, has_unit: bool) -> str:
        """SQL: the two values of a column differ, by more than is allowed."""
        e, f = _pair(name)
        moved = f"{e} is distinct from {f}"
        if self.exact or kind not in FLOATS:
            return moved
        allowed = f"{TOLERANCE} * greatest({self._scale(name, has_unit)}, abs({e}))"
        finite = f"isfinite({e}) and isfinite({f})"  # NaN and infinity are at most themselves
        return f"({moved} and not coalesce({finite} and abs({e} - {f}) <= {allowed}, false))"

    def _scale(self, name: str, has_unit: bool) -> str:
        if "USD bn" in self.units.get(name, ""):
            return repr(self.baseline)
        return f"case when e_unit like '%USD bn%' then {self.baseline!r} else 1 end" if has_unit else "1"


class _Sides:
    """One table on both sides."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Expected,
        found: str,
        rule: _Rule,
        volatile: Mapping[str, Collection[str]],
    ) -> None:
        self.connection, self.table, self.found, self.rule = connection, table, found, rule
        unseen = volatile.get(table.name, ())
        self.kinds, other = self._kinds(str(table.relation)), self._kinds(found)
        either = [name for name in {**self.kinds, **other} if name not in unseen]
        self.alone = [name for name in either if (name in self.kinds) != (name in other)]
        both = [name for name in either if name not in self.alone]
        self.key = [name for name in table.key or both if name in both and (table.key or not self._is_float(name))]
        self.columns = [name for name in both if name not in self.key]
        self.has_unit = "unit" in both

    def _kinds(self, relation: str) -> dict[str, str]:
        described = self.connection.execute(f"describe select * from {relation}").fetchall()
        return {str(row[0]): str(row[1]) for row in described}

    def _is_float(self, name: str) -> bool:
        return self.kinds[name] in FLOATS

    def _moved(self, name: str) -> str:
        return f"e_there and f_there and {self.rule.moved(name, self.kinds[name], self.has_unit)}"

    def outcome(self) -> Outcome:
        """Count what is the same and name what is not."""
        self._join()
        numeric = [name for name in [*self.key, *self.columns] if self.kinds[name] in NUMBERS]
        asked = ["count(e_there)", "count(*) filter (e_there is null or f_there is null)"]
        asked += [f"count(*) filter ({self._moved(name)})" for name in self.columns]
        for name in numeric:
            e, f = _pair(name)
            gap = f"({e} - {f})::double"
            asked += [f"count({e})", f"count({e}) filter (f_there and {e} is not distinct from {f})"]
            asked += [f"max(abs({gap})) filter (isfinite({gap}))"]
        rows, lone, *counts = self.connection.execute(f"select {', '.join(asked)} from joined").fetchall()[0]
        moved = dict(zip(self.columns, counts, strict=False))
        seen = counts[len(self.columns) :]
        named = [Difference(self.table.name, {}, name, *self._side_of(name)) for name in self.alone]
        named += self._lone_rows() if lone else []
        for name in (name for name, count in moved.items() if count):
            named += self._cells(name)
        return Outcome(
            self.table.name,
            rows,
            numbers=sum(seen[0::3]),
            identical=sum(seen[1::3]),
            largest=max((gap for gap in seen[2::3] if gap is not None), default=0.0),
            differences=len(self.alone) + lone + sum(moved.values()),
            named=tuple(named[:PRINTED]),
        )

    def _side_of(self, name: str) -> tuple[str | None, str | None]:
        return ("this column", None) if name in self.kinds else (None, "this column")

    def _join(self) -> None:
        """Table `joined`: the columns of both sides as e_ and f_; rows that share a key are paired in their order."""
        by = ", ".join(_name(name) for name in self.key) or "1"
        order = ", ".join(_name(name) for name in self.columns) or "1"
        sides = []
        for prefix, relation in (("e", self.table.relation), ("f", self.found)):
            columns = [f"{_name(name)} as {_name(f'{prefix}_{name}')}" for name in [*self.key, *self.columns]]
            columns += [f"true as {prefix}_there"]
            columns += [f"row_number() over (partition by {by} order by {order}) as {prefix}_nth"]
            sides.append(f"(select {', '.join(columns)} from {relation})")
        pairs = [_pair(name) for name in self.key]
        on = " and ".join(["e_nth = f_nth", *(f"{e} is not distinct from {f}" for e, f in pairs)])
        self.connection.execute(
            f"create or replace temp table joined as select * from {sides[0]} full join {sides[1]} on {on}"
        )

    def _lone_rows(self) -> list[Difference]:
        columns = "".join(f", coalesce({', '.join(_pair(name))})" for name in self.key)
        rows = self.connection.execute(
            f"select coalesce(e_there, false){columns} from joined where e_there is null or f_there is null "
            f"order by all limit {PRINTED}"
        ).fetchall()
        sides = {True: ("this row", None), False: (None, "this row")}
        return [Difference(self.table.name, self._key_of(row[1:]), None, *sides[row[0]]) for row in rows]

    def _cells(self, name: str) -> list[Difference]:
        e, f = _pair(name)
        keys = "".join(f", {_pair(key)[0]}" for key in self.key)
        rows = self.connection.execute(
            f"select {e}, {f}{keys} from joined where {self._moved(name)} order by e_nth{keys} limit {PRINTED}"
        ).fetchall()
        return [Difference(self.table.name, self._key_of(row[2:]), name, row[0], row[1]) for row in rows]

    def _key_of(self, values: Sequence[object]) -> dict[str, object]:
        return dict(zip(self.key, values, strict=True))


def _by_digest(connection: duckdb.DuckDBPyConnection, table: Expected, relation: str) -> Outcome:
    rows, found = digest(connection, relation)
    if (rows, found) == (table.rows, table.digest):
        return Outcome(table.name, rows, by_digest=True)
    told = (f"{table.rows} rows with digest {table.digest}", f"{rows} rows with digest {found}")
    named = (Difference(table.name, {}, None, *told),)
    return Outcome(table.name, table.rows, differences=1, named=named, by_digest=True)


def _one_sided(name: str, rows: int, expected: str | None, found: str | None) -> Outcome:
    return Outcome(name, rows, differences=1, named=(Difference(name, {}, None, expected, found),))


def _baseline(connection: duckdb.DuckDBPyConnection, expected: Sequence[Expected]) -> float:
    """Mean loss of the world in the status quo, USD bn of 2020; 1 where the edition has none."""
    relation = next((table.relation for table in expected if table.name == "model.counterfactual"), None)
    if relation is None:
        return 1.0
    found = connection.execute(
        f"select max(mean) from {relation} where scenario = 'status_quo' and iso3 = 'WLD' and measure = 'loss' "
        "and year = 2020 and effect_set = 'default'"
    ).fetchall()
    return float(found[0][0] or 1)


def _units(connection: duckdb.DuckDBPyConnection, expected: Sequence[Expected]) -> dict[str, dict[str, str]]:
    """Unit of every column by table, as the edition describes itself."""
    relation = next((table.relation for table in expected if table.name == "meta.columns"), None)
    units: dict[str, dict[str, str]] = {}
    if relation:
        rows = connection.execute(f"select table_schema || '.' || table_name, column_name, unit from {relation}")
        for table, column, unit in rows.fetchall():
            units.setdefault(table, {})[column] = unit
    return units


def _pair(name: str) -> tuple[str, str]:
    return _name(f"e_{name}"), _name(f"f_{name}")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value) if isinstance(value, float) else str(value)
