"""How far a stoppage spreads through supply chains: input-output multipliers, at once and over time.

Belongs here: Leontief and Ghosh inverses and inoperability with recovery on any table. What follows from them for the
amplification of a direct loss, draw by draw, is in `amplification`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu_factor, lu_solve

Array = NDArray[np.float64]

NEARLY_SINGULAR = 1e-12
"""Reciprocal condition under which a table is taken to have no inverse."""


@dataclass(frozen=True)
class InputOutputTable:
    """Deliveries between sectors and the output of each, in one unit of money.

    flows : (sectors, sectors) from the row to the column; output : (sectors,), all above 0

    Build it with `input_output_table`, which checks it. What is no input is value added, taxes and margins included;
    what is no delivery to a sector is final demand, the table's rounding included.
    """

    flows: Array
    output: Array

    @property
    def inputs(self) -> Array:
        """A, (sectors, sectors): input from the row per unit of the column's output."""
        return self.flows / self.output

    @property
    def value_added(self) -> Array:
        """(sectors,) output less inputs."""
        return np.asarray(self.output - self.flows.sum(0))

    @property
    def final_demand(self) -> Array:
        """(sectors,) output less deliveries to sectors; below 0 where inventories were run down."""
        return np.asarray(self.output - self.flows.sum(1))

    @cached_property
    def leontief(self) -> Array:
        """L = (I - A)^-1, (sectors, sectors): output of the row per unit of final demand for the column."""
        return _inverse(np.eye(self.output.size) - self.inputs, "Leontief")

    @cached_property
    def ghosh(self) -> Array:
        """G = (I - B)^-1, B = deliveries over the row's output: output of the column per unit of the row's inputs."""
        return _inverse(np.eye(self.output.size) - self.flows / self.output[:, None], "Ghosh")


def input_output_table(flows: Array, output: Array) -> InputOutputTable:
    """A table that is square, finite, without negative deliveries, and in which every sector produces.

    Errors
    ------
    ValueError that names the first sector at fault. A sector without output has no input coefficients: leave it out.
    """
    z, x = np.asarray(flows, dtype=np.float64), np.asarray(output, dtype=np.float64)
    if x.ndim != 1 or x.size == 0 or z.shape != (x.size, x.size):
        raise ValueError(f"an input-output table is square and has one output a sector; got {z.shape} and {x.shape}")
    if not np.isfinite(z).all() or not np.isfinite(x).all():
        raise ValueError("an input-output table needs finite deliveries and outputs")
    if (x <= 0).any():
        at = int(np.argmax(x <= 0))
        raise ValueError(f"sector {at} has output {x[at]:g}; leave out sectors that do not produce")
    if (z < 0).any():
        row, column = (int(k) for k in np.argwhere(z < 0)[0])
        raise ValueError(f"sector {row} delivers {z[row, column]:g} to sector {column}; no delivery is below 0")
    return InputOutputTable(z, x)


def _inverse(matrix: Array, name: str) -> Array:
    """The inverse; ValueError where there is none or where it has negative entries, so that no output is feasible."""
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        inverse = np.full_like(matrix, np.inf)
    condition = np.abs(matrix).sum(0).max() * np.abs(inverse).sum(0).max()
    if not condition < 1 / NEARLY_SINGULAR:
        raise ValueError(f"the input-output table is singular: its sectors use up all they make, so no {name} inverse")
    if inverse.min() < -1e-9:
        raise ValueError(f"the {name} inverse has negative entries: some sectors use up more than they make")
    return np.asarray(inverse)


def value_added_multipliers(table: InputOutputTable) -> Array:
    """(sectors,) value added in all sectors per unit of final demand for each: v L, which is 1 by identity.

    Notes
    -----
    v = 1 - 1'A, so v (I - A)^-1 = 1': what is paid for a good goes to the value added of someone. So demand that falls
    away lowers GDP by itself and by no more, whatever the table, and Santos and Haimes's (2004) inoperability, which is
    Leontief's model in shares of output, amplifies nothing either (Dietzenbacher and Miller 2015).
    """
    return np.asarray((table.value_added / table.output) @ table.leontief)


def final_demand_multipliers(table: InputOutputTable) -> Array:
    """(sectors,) final deliveries lost per unit of primary inputs that a sector lacks: G (f / x), 1 by identity.

    Notes
    -----
    The dual of `value_added_multipliers`: (I - B) 1 = f / x. Where what is lost is work and capital, and each sector
    makes do in proportion, Ghosh's model amplifies nothing. It does where output stops: `downstream_multipliers`.
    """
    return np.asarray(table.ghosh @ (table.final_demand / table.output))


def ghosh_multipliers(table: InputOutputTable) -> Array:
    """(sectors,) value added lost in all sectors per value added lost where output stops: (G v) / v.

    Errors: ValueError where a sector has no value added, whose loss nothing can be measured in.

    Notes
    -----
    A stoppage takes dx of a sector's output and v dx of its value added. Customers lose output in proportion to the
    cost share of what is missing (Ghosh 1958), and with it their own value added.
    """
    share = positive_value_added(table) / table.output
    return np.asarray((table.ghosh @ share) / share)


def downstream_multipliers(table: InputOutputTable, passed_on: float | Array = 1.0) -> Array:
    """(sectors,) m: value added lost in all sectors over that lost where output stops, when part is passed on.

    Parameters
    ----------
    passed_on : (sectors,) or one number: what reaches a customer's output of the cost share of its missing inputs. 1 is
        Ghosh's model, below 1 customers adapt (`share_passed_on`), above 1 inputs matter by more than their cost

    Errors: ValueError where a sector has no value added, or losses grow from round to round.

    Notes
    -----
    Inoperability q as a share of output, with what a sector itself cannot produce c: q = c + T A' q, T the diagonal of
    `passed_on`. Then (value added)' q = c' (I - A T)^-1 (value added), and m is that vector over the value added.
    """
    value_added = positive_value_added(table)
    spread = table.inputs * np.broadcast_to(np.asarray(passed_on, dtype=np.float64), table.output.shape)
    total = lu_solve(lu_factor(np.eye(table.output.size) - spread), value_added)
    if not np.isfinite(total).all() or (total < value_added * (1 - 1e-9)).any():
        raise ValueError("customers pass on more than they lose: losses grow from round to round without end")
    return np.asarray(total / value_added)


def share_passed_on(stock_days: Array, replacement_days: Array) -> Array:
    """Share of missing inputs that reaches a customer's output: replacement / (replacement + stock).

    Parameters
    ----------
    stock_days : days until output has followed 63 % of the way to the inputs there are, the rest from stock
    replacement_days : days in which 63 % of what is missing is made good from elsewhere

    Errors: ValueError for days that are not above 0.
    """
    if not (np.all(stock_days > 0) and np.all(replacement_days > 0)):
        raise ValueError("days of stock and of replacement must be above 0")
    return np.asarray(replacement_days / (replacement_days + stock_days))


def inoperability_path(
    table: InputOutputTable, stopped: Array, recovery: Array, stock_days: Array, replacement_days: Array, days: int
) -> Array:
    """(days, sectors) output lost as a share of a sector's output, day by day.

    Parameters
    ----------
    stopped : (sectors,) share of output that sectors cannot produce on the first day for reasons of their own
    recovery : (sectors,) part of that which comes back each day, above 0 to 1
    stock_days, replacement_days : (sectors,) of each as a customer, see `share_passed_on`; not so short that a day
        makes good more than is missing

    Errors: ValueError for a share outside [0, 1], or days of stock and replacement that are too short.

    Notes
    -----
    Dynamic inoperability in the supply-side form: q_t = c_t + u_t with c_t = stopped (1 - recovery)^t and
    u_{t+1} = u_t + K (A' q_t - u_t) - R u_t, K and R the diagonals of 1 / stock_days and 1 / replacement_days. Summed
    over all days q = (I - T A')^-1 c with T = K / (K + R), `downstream_multipliers`: the speed at which the attacked
    recover and at which stocks run down sets when losses come, only adaptation how large they are.
    """
    if not ((stopped >= 0) & (stopped <= 1)).all() or not ((recovery > 0) & (recovery <= 1)).all():
        raise ValueError("a stoppage is a share from 0 to 1, a recovery rate a share above 0 to 1")
    follow, adapt = 1 / stock_days, 1 / replacement_days
    if not ((follow > 0) & (adapt > 0) & (follow + adapt <= 1)).all():
        raise ValueError("stock and replacement must take so long that a day makes good no more than is missing")
    needs = table.inputs.T
    own, missing = np.asarray(stopped, dtype=np.float64), np.zeros(table.output.size)
    path = np.empty((days, table.output.size))
    for day in range(days):
        path[day] = own + missing
        missing = missing + follow * (needs @ path[day] - missing) - adapt * missing
        own = own * (1 - recovery)
    return path


def positive_value_added(table: InputOutputTable) -> Array:
    """(sectors,) value added; ValueError where a sector has none, in which its loss could be measured."""
    value_added = table.value_added
    if (value_added <= 0).any():
        at = int(np.argmax(value_added <= 0))
        raise ValueError(f"sector {at} has value added of {value_added[at]:g}; its direct loss of GDP is not above 0")
    return value_added
