"""The law effect on every flow as a short sum of products: node economies, their kernel, and its numerical rank.

A dyad's effect depends on its two economies only through their standing in law. Each economy's standing lies on one of
three lines (not yet willing, party, party with a reservation), so the effect is interpolated between node economies on
those lines; economies off them add a line of their own. What is summed over the nodes is in `ensemble`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.deterrence import Standing

Array = NDArray[np.float64]

# Chebyshev-Lobatto nodes per line. The exponents are at most ln 4 for a full dose, for which these leave an error
# below 1e-9 of the flow; lines that act only through the small co-operation term need fewer.
UNWILLING_NODES, PARTY_NODES, RESERVING_NODES = 8, 6, 7
COMMON_NODES = UNWILLING_NODES + PARTY_NODES + RESERVING_NODES - 2


@dataclass(frozen=True)
class Nodes:
    """Node economies. Node 0 is the economy on which no law acts; the unreachable origin is there too.

    standing : the nodes as economies
    lines : for each line the indices of its nodes beyond node 0, which is on all of them
    """

    standing: Standing
    lines: tuple[NDArray[np.int64], ...]

    @property
    def size(self) -> int:
        """Number of nodes."""
        return int(self.standing.willing.size)


def lobatto(count: int) -> Array:
    """(count,) Chebyshev-Lobatto nodes on [0, 1], both ends included."""
    return np.asarray((1 - np.cos(np.pi * np.arange(count) / (count - 1))) / 2)


def _irregular(standing: Standing) -> NDArray[np.bool_]:
    """Economies off the three lines: parties whose own law changes, as when they join the new text first."""
    return np.asarray(standing.willing & (standing.effective_s != standing.effective_q))


def _directions(standing: Standing) -> dict[tuple[float, float, float], NDArray[np.int64]]:
    """Irregular economies by direction: the same (a_q / a_s, v_q, v_s) puts them on one more line through node 0."""
    found: dict[tuple[float, float, float], list[int]] = {}
    for k in np.flatnonzero(_irregular(standing)):
        ratio = round(float(standing.effective_q[k] / standing.effective_s[k]), 12)
        found.setdefault((ratio, float(standing.cooperates_q[k]), float(standing.cooperates_s[k])), []).append(int(k))
    return {direction: np.array(members) for direction, members in found.items()}


def _line_doses(size: int, own: Array) -> Array:
    """Doses of an extra line's nodes beyond node 0: interpolation for many economies, the economies' own for a few."""
    return own if size < UNWILLING_NODES else lobatto(UNWILLING_NODES)[1:]


def nodes_for(standing: Standing) -> Nodes:
    """The common nodes, then those of the lines on which irregular economies of `standing` lie."""
    unwilling, party, reserving = (lobatto(k)[1:] for k in (UNWILLING_NODES, PARTY_NODES, RESERVING_NODES))
    none = np.zeros_like
    parts = [
        (np.zeros(1), np.zeros(1), 1.0, 1.0, True),
        (none(unwilling), unwilling, 1.0, 1.0, False),
        (party, party, 1.0, 1.0, True),
        (reserving, reserving, 0.0, 1.0, True),
    ]
    for (ratio, cooperates_q, cooperates_s), members in _directions(standing).items():
        doses = _line_doses(members.size, standing.effective_s[members])
        parts.append((ratio * doses, doses, cooperates_q, cooperates_s, True))
    sizes = [q.size for q, *_ in parts]
    return Nodes(
        Standing(
            np.concatenate([q for q, *_ in parts]),
            np.concatenate([s for _, s, *_ in parts]),
            np.repeat([v for _, _, v, _, _ in parts], sizes),
            np.repeat([v for _, _, _, v, _ in parts], sizes),
            np.repeat([w for *_, w in parts], sizes),
        ),
        tuple(np.arange(first, first + size) for first, size in zip(np.cumsum([0, *sizes]), sizes, strict=False))[1:],
    )


def interpolation(doses: Array, at: Array) -> Array:
    """(nodes, points) Lagrange weights by the second barycentric formula, exact at the nodes."""
    bary = np.where(np.arange(doses.size) % 2, -1.0, 1.0)
    bary[[0, -1]] /= 2
    gap = at[None, :] - doses[:, None]
    hit = gap == 0
    raw = bary[:, None] / np.where(hit, 1.0, gap)
    return np.where(hit.any(0), hit.astype(float), raw / np.where(hit.any(0), 1.0, raw.sum(0)))


def node_weights(nodes: Nodes, standing: Standing) -> Array:
    """(nodes, economies) weights that place each economy between the nodes; columns sum to one."""
    weights = np.zeros((nodes.size, standing.willing.size))
    irregular = _irregular(standing)
    reserving = standing.willing & ~irregular & (standing.cooperates_q == 0)
    party = standing.willing & ~irregular & ~reserving
    dose = np.where(reserving, standing.cooperates_s * standing.effective_s, standing.effective_s)
    on_line = [np.flatnonzero(mask) for mask in (~standing.willing, party, reserving)]
    for line, members in zip(nodes.lines, [*on_line, *_directions(standing).values()], strict=True):
        doses = nodes.standing.effective_s[line]
        if line.size == members.size and np.array_equal(doses, dose[members]):
            weights[line, members] = 1.0
        else:
            at = interpolation(np.concatenate(([0.0], doses)), dose[members])
            weights[np.ix_(np.concatenate(([0], line)), members)] = at
    return weights


@dataclass(frozen=True)
class Columns:
    """Which node pairs the kernel covers: (origin, target) between economies, then single nodes for domestic flows."""

    origin: NDArray[np.int64]
    target: NDArray[np.int64]
    domestic: NDArray[np.int64]


def columns(nodes: Nodes, used: NDArray[np.bool_]) -> Columns:
    """The pairs of used nodes on which a new convention changes anything."""
    s = nodes.standing
    reach_s, reach_q = s.cooperates_s * s.effective_s, s.cooperates_q * s.effective_q
    own, target = s.effective_s != s.effective_q, reach_s != reach_q
    joint = np.outer(reach_s, reach_s) != np.outer(reach_q, reach_q)
    pair = (own[:, None] | target[None, :] | joint) & np.outer(used, used)
    origin_index, target_index = np.nonzero(pair)
    return Columns(origin_index, target_index, np.flatnonzero((own | target) & used))


ROWS_AT_A_TIME = 1024
"""Draws whose kernel is computed together: few enough to stay in cache."""


def kernel(
    nodes: Nodes, cols: Columns, compliance: Array, count_to_loss: Array, betas: tuple[Array, Array, Array]
) -> Array:
    """(draws, columns) exp(x) - 1, the relative change of a flow between two nodes: x = c (u_s - u_q), model.md 4.3."""
    s = nodes.standing
    reach_q = s.cooperates_q * s.effective_q
    o, i, d = cols.origin, cols.target, cols.domestic
    exponent = np.empty((compliance.size, o.size + d.size))
    for start in range(0, compliance.size, ROWS_AT_A_TIME):
        rows = slice(start, start + ROWS_AT_A_TIME)
        target, origin, cooperation = (count_to_loss[rows, None] * beta[rows, None] for beta in betas)
        effective = s.effective(compliance[rows])
        reach_s = s.cooperates_s * effective
        at_origin, at_target = origin * (effective - s.effective_q), target * (reach_s - reach_q)
        between = exponent[rows, : o.size]
        np.add(at_origin[:, o], at_target[:, i], out=between)
        if np.any(cooperation):
            between += cooperation * (reach_s[:, o] * reach_s[:, i] - reach_q[o] * reach_q[i])
        np.add(at_origin[:, d], at_target[:, d], out=exponent[rows, o.size :])
        np.expm1(exponent[rows], out=exponent[rows])
    return exponent


@dataclass(frozen=True)
class Factors:
    """A matrix as a product of few columns and rows: `left` (rows, rank), `right` (rank, columns), `size` (rank,)."""

    left: Array
    right: Array
    size: Array


SKETCH = 256
"""Random combinations of rows that stand for all rows of a wide matrix; its rank to the tolerance is far lower."""


@lru_cache(maxsize=4)
def _sketch(rows: int) -> Array:
    return np.random.default_rng(0).standard_normal((SKETCH, rows))


def factorize(matrix: Array, tolerance: float) -> Factors:
    """The matrix to within `tolerance` times its Frobenius norm, by its leading right singular vectors.

    `size` is each component's root-mean-square share in a row, in the unit of the matrix. The range of a wide matrix is
    found from a fixed random sketch of its rows (Halko, Martinsson and Tropp 2011), exact to rounding for ranks below
    the sketch's size.
    """
    rows, width = matrix.shape
    if width == 0 or not matrix.any():
        return Factors(np.zeros((rows, 0)), np.zeros((0, width)), np.zeros(0))
    if min(rows, width) > SKETCH:
        small, per_row = _sketch(rows) @ matrix, SKETCH * rows
    else:
        small, per_row = np.asarray(np.linalg.qr(matrix, mode="r")) if rows > width else matrix, rows
    _, size, right = np.linalg.svd(small, full_matrices=False)
    keep = size > tolerance * np.sqrt(np.sum(size**2))
    return Factors(matrix @ right[keep].T, right[keep], size[keep] / np.sqrt(per_row))


def onto(matrix: Array, factors: Factors) -> Factors:
    """Another matrix in the rows of known factors, for a family of matrices with a common range."""
    left = matrix @ factors.right.T
    return Factors(left, factors.right, np.sqrt(np.mean(left**2, axis=0)))
