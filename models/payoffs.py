"""What a convention is worth to each economy or bloc, for every set of members: the pay-offs of a game of accession.

Which sets hold together is decided in `coalition`. Membership is full or none, so what a flow is expected to be depends
on whether its two ends are in: four matrices of expected flows stand for every coalition. The op-ed's arguments that
are off by default (havens, sharing) are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from models.consequences import Effects
from models.deterrence import (
    ORIGIN_WEIGHT,
    Standing,
    displaced_total,
    exposure_at_origin,
    exposure_at_target,
    standing,
)
from models.flows import central_flow, class_share, mixtures
from models.kernel import Columns, columns, kernel, node_weights, nodes_for
from models.players import Players
from models.study import Study
from models.world import CLASSES, LAW_CLASSES

Array = NDArray[np.float64]
Members = NDArray[np.bool_]
DRAWS = 2048
"""Draws over which pay-offs are expected: the first of each scramble, which are balanced among themselves."""


@dataclass(frozen=True)
class StateAssumptions:
    """What is assumed of attacks by states, (draws,) each (model.md 4.5, 4.6, 4.8 and 5).

    effects : log effects of agreed consequences and of stand-down on covered attacks
    thief_gain : rho, what an attacking state gains per dollar its victim loses; 0 favors the op-ed
    proxy_share : p, restrained attacks that return through criminals
    effort_effect : epsilon, fall of covered crime against a member if all effort spent on states were freed
    price : yearly cost of agreed consequences to a member, as a share of its covered state loss
    """

    effects: Effects
    thief_gain: Array
    proxy_share: Array
    effort_effect: Array
    price: Array


@dataclass(frozen=True)
class Law:
    """The belief about criminal law: (target, origin, cooperation) log rate ratios, (draws,) each, and the text."""

    betas: tuple[Array, Array, Array]
    admits_reservations: bool = False


@dataclass(frozen=True)
class PairFlows:
    """Expected yearly flows by whether their two ends are in, USD bn of 2020.

    The last four axes are (other end in, own end in, other end, own end); own is the economy or player to whom the flow
    matters, and the last other end is the origin that nobody can reach. A part is a class that law reaches, in the
    draws in which law deters or in those in which it draws attacks in.

    loss : (2, 2, others, own) attacks on `own`, all classes, before displacement, and what consequences cost it
    spoils : (2, 2, others, own) what state attacks yield `own`, their author: rho F_state
    deterred : (parts, 2, 2, others, own) phi (F_obs - F_s), what is deterred and can move
    reach : (parts, 2, 2, others, own) (1 - E) F_s, what can receive it, draws weighted by how much they move
    coverage : (parts, 2, 2, others, own) contributions to C, the mean exposure of flows
    """

    loss: Array
    spoils: Array
    deterred: Array
    reach: Array
    coverage: Array

    def stacked(self) -> Array:
        """(2 + 3 parts, 2, 2, others, own) all of them."""
        return np.concatenate((self.loss[None], self.spoils[None], self.deterred, self.reach, self.coverage))


def _leading(study: Study) -> NDArray[np.int64]:
    """Places of the first draws of each scramble, `DRAWS` in all at most."""
    per = study.draws.size // study.draws.scrambles
    return np.flatnonzero(np.arange(study.draws.size) % per < DRAWS // study.draws.scrambles)


def _by_membership(matrix: Array, average: Array, cols: Columns, place: Array) -> Array:
    """(2, 2, origins + 1, targets) a mixture's matrix times averages of the kernel, by which of both ends are in.

    Parameters
    ----------
    matrix : (origins + 1, targets); average : (targets, kernel columns)
    place : (2, nodes, economies) weights that place each economy between the nodes, outside and inside
    """
    economies, nodes = np.arange(matrix.shape[1]), place.shape[1]
    pairs, own = np.zeros((economies.size, nodes, nodes)), np.zeros((economies.size, nodes))
    pairs[:, cols.origin, cols.target] = average[:, : cols.origin.size]
    own[:, cols.domestic] = average[:, cols.origin.size :]
    found = np.empty((2, 2, *matrix.shape))
    for inside in (0, 1):
        at_target = (pairs @ place[inside].T[:, :, None])[:, :, 0]
        # no law acts at node 0, where the origin is that nobody can reach
        found[:, inside, -1] = at_target[:, 0]
        for origin in (0, 1):
            found[origin, inside, :-1] = (at_target @ place[origin]).T
            found[origin, inside, economies, economies] = (own.T * place[inside]).sum(0)
    return found * matrix


def _about_one(weight: Array) -> Array:
    """Weights of draws over their mean; 1 where there is none."""
    total = weight.sum()
    return weight * (weight.size / total) if total > 0 else np.ones_like(weight)


def _law_flows(study: Study, chosen: NDArray[np.int64], coverage: Mapping[str, Array], law: Law) -> PairFlows:
    """Flows of the classes that law reaches."""
    world, settings, draws = study.world, study.settings, study.draws
    outside, inside = (
        standing(world, m, law.admits_reservations, budapest_strength=settings.budapest_strength)
        for m in (np.zeros(world.size), np.ones(world.size))
    )
    both = Standing(*(np.concatenate([getattr(s, f.name) for s in (outside, inside)]) for f in fields(Standing)))
    nodes = nodes_for(both)
    place = node_weights(nodes, both).reshape(nodes.size, 2, world.size).transpose(1, 0, 2)
    cols = columns(nodes, np.ones(nodes.size, dtype=bool))
    target, origin, cooperation = (b[chosen] for b in law.betas)
    change = kernel(
        nodes, cols, draws["compliance"][chosen], draws["count_to_loss"][chosen], (target, origin, cooperation)
    )
    pull = ORIGIN_WEIGHT * origin + (1 - ORIGIN_WEIGHT) * target

    effective = both.effective(draws.medians["compliance"]).reshape(2, world.size)
    at_origin = np.pad(exposure_at_origin(effective), ((0, 0), (0, 1)))
    at_target = exposure_at_target(effective, both.cooperates_s.reshape(2, world.size))
    exposure = at_origin[:, None, :, None] + at_target[None, :, None, :]
    central = central_flow(world, draws, study.baseline.median)
    share = class_share(draws)
    found: dict[str, list[Array]] = {name: [] for name in ("flow", "deterred", "reach", "coverage")}
    for k, mixture in mixtures(world, draws, LAW_CLASSES).items():
        felt = exposure * central[k] / max(central[k].sum(), np.finfo(float).tiny)
        kappa, mobility = coverage[k][chosen], draws["mobility"][chosen]
        moving = mobility * kappa * draws["count_to_loss"][chosen] * np.abs(pull)
        for rows in (np.flatnonzero(pull <= 0), np.flatnonzero(pull > 0)):
            d = chosen[rows]
            pace = _about_one(moving[rows])
            flow, deterred, reach = (np.zeros_like(exposure) for _ in range(3))
            for matrix, weight in zip(mixture.matrices, mixture.weights[:, d], strict=True):
                seen = study.baseline.loss[d] * (share[k][d] * weight / chosen.size)[:, None]
                plain, mobile, paced = (
                    _by_membership(matrix, (seen * (kappa[rows] * w)[:, None]).T @ change[rows], cols, place)
                    for w in (1.0, mobility[rows], pace)
                )
                flow += matrix * seen.sum(0) + plain
                deterred -= mobile
                reach += matrix * (pace @ seen) + paced
            for name, part in zip(found, (flow, deterred, (1 - exposure) * reach, felt), strict=True):
                found[name].append(part)
    parts = {name: np.stack(each) for name, each in found.items()}
    loss = parts.pop("flow").sum(0)
    return PairFlows(loss, np.zeros_like(loss), **parts)


def _state_flows(study: Study, chosen: NDArray[np.int64], factor: Array, weight: Array) -> Array:
    """(2, 2, origins + 1, targets) expected flows of class state, weighted by draw.

    `factor` is (2, 2, draws), what becomes of a flow by whether origin and target are in; domestic flows are as they
    were, and the origin that nobody can reach is never in.
    """
    mixture = mixtures(study.world, study.draws, ("state",))["state"]
    share = class_share(study.draws)["state"][chosen] * weight / chosen.size
    economies = np.arange(study.world.size)
    found = np.zeros((2, 2, *mixture.matrices.shape[1:]))
    for matrix, mixing in zip(mixture.matrices, mixture.weights[:, chosen], strict=True):
        seen = study.baseline.loss[chosen] * (share * mixing)[:, None]
        average = factor @ seen
        flow = np.repeat(average[:, :, None], matrix.shape[0], axis=2)
        flow[:, :, -1] = average[0]
        flow[:, :, economies, economies] = average[0, 0]
        found += flow * matrix
    return found


def _given(study: Study, state: StateAssumptions, coverage: Mapping[str, Array]) -> None:
    """Raise ValueError where an input does not have the study's draws."""
    given = {f.name: getattr(state.effects, f.name) for f in fields(state.effects)}
    given |= {f.name: getattr(state, f.name) for f in fields(state) if f.name != "effects"}
    given |= {f"coverage of {k}": coverage[k] for k in CLASSES}
    for name, values in given.items():
        if np.shape(values) != (study.draws.size,):
            raise ValueError(f"{name} has shape {np.shape(values)}; the study has {study.draws.size} draws")


def expected_flows(study: Study, state: StateAssumptions, coverage: Mapping[str, Array], law: Law) -> PairFlows:
    """Expected flows between economies at the 2020 baseline, memberships fully phased in.

    Parameters
    ----------
    coverage : kappa of each class, (draws,)

    Raises
    ------
    ValueError where an input does not have the study's draws.

    Notes
    -----
    model.md 4.2 to 4.6. The effect of law is averaged between node economies (`kernel`), not dyad by dyad. Freed effort
    is an economy's own, f = 1 - sum_o F_s / sum_o F_obs of class state, and enters to first order, not cut at 0: crime
    covered in the status quo falls by epsilon f. So all that class state does is a sum over its flows; on the default
    study the world's gain is within 2.5 % of that of `mechanisms`, where effort is pooled over members.
    """
    _given(study, state, coverage)
    chosen = _leading(study)
    flows = _law_flows(study, chosen, coverage, law)
    consequence, retaliation, restraint, proxies, effort, price, kappa = (
        values[chosen]
        for values in (
            state.effects.consequence,
            state.effects.retaliation,
            state.effects.restraint,
            state.proxy_share,
            state.effort_effect,
            state.price,
            coverage["state"],
        )
    )
    none = np.zeros(chosen.size)
    # by whether the origin is in, then by whether the target is
    change = np.expm1([[none, consequence + retaliation], [restraint, retaliation + restraint]])
    share = {k: v[chosen] for k, v in class_share(study.draws).items()}
    crime = coverage["criminal"][chosen] * share["criminal"]
    of_effort = effort * np.divide(crime, share["state"], out=none.copy(), where=share["state"] > 0)
    beyond = change.copy()
    beyond[1] += proxies * np.maximum(-np.expm1(restraint), 0.0)
    beyond[:, 1] += of_effort * change[:, 1] + price
    attacks = _state_flows(study, chosen, 1 + kappa * beyond, np.ones(chosen.size))
    yields = _state_flows(study, chosen, 1 + kappa * change, state.thief_gain[chosen])[:, :, :-1]
    spoils = np.pad(yields.transpose(1, 0, 3, 2), ((0, 0), (0, 0), (0, 1), (0, 0)))
    return replace(flows, loss=flows.loss + attacks, spoils=spoils)


def _received(flows: Array, member: Members) -> Array:
    """(coalitions, own) sums over the other ends of (2, 2, others, own) flows; the last of each is never in."""
    inside = np.pad(member, ((0, 0), (0, 1)))
    outside_sum, inside_sum = (
        flows[0, own].sum(0) + inside.astype(float) @ (flows[1, own] - flows[0, own]) for own in (0, 1)
    )
    return np.asarray(np.where(inside, inside_sum, outside_sum))


def _moved_per_reach(deterred: Array, reach: Array, coverage: Array, rule: str) -> Array:
    """R / Z, what is displaced over what can receive it; mobility is in `deterred` already."""
    moved = displaced_total(deterred, reach, coverage, np.ones(1), rule)
    return np.asarray(np.divide(moved, reach, out=np.zeros_like(moved), where=reach > 0))


@dataclass(frozen=True)
class Game:
    """Players and the expected flows between them; the last other and the last own end stand for all that never join.

    What is displaced is expected in two groups of draws, in which law deters and in which it draws attacks in. Within a
    group the expected R is exact where R is never cut at -Z. It falls on players in proportion to their expected
    (1 - E) F_s, draws weighted by phi kappa c |(2/3) beta_O + (1/3) beta_T|, which R follows closely, rather than to
    that of each draw: on the default study this moves an economy's loss by 2e-7 of its GDP on average. Under the rule
    `one_sided` the total is an approximation too, some 6 % low on that study.
    """

    players: Players
    flows: PairFlows
    displacement: str

    def losses(self, member: Members) -> Array:
        """(coalitions, players + 1) expected yearly loss, the rest of the world last, for (coalitions, players)."""
        flows = self.flows
        total = _received(flows.loss, member)
        for deterred, reach, coverage in zip(flows.deterred, flows.reach, flows.coverage, strict=True):
            at = _received(reach, member)
            stopped, felt = (_received(part, member).sum(1) for part in (deterred, coverage))
            total += _moved_per_reach(stopped, at.sum(1), felt, self.displacement)[:, None] * at
        return total

    def payoffs(self, member: Members) -> Array:
        """(coalitions, players) minus the expected welfare loss, before any cost of membership, USD bn a year."""
        return np.asarray((_received(self.flows.spoils, member) - self.losses(member))[:, :-1])


def game(study: Study, players: Players, flows: PairFlows) -> Game:
    """The game between players whose economies join together."""
    own = np.eye(players.size + 1)[players.place]
    other = np.vstack((own, np.eye(players.size + 1)[-1]))
    summed = PairFlows(*(other.T @ getattr(flows, f.name) @ own for f in fields(flows)))
    return Game(players, summed, study.settings.displacement)


class Joining:
    """What each player gets inside rather than outside, the others being as given: joining gains of one set.

    Called for one set after another, it keeps sums over the other ends and updates them for the players that moved, so
    that a step of best responses takes time in proportion to the number of players, not of pairs.
    """

    def __init__(self, game: Game) -> None:
        stacked = game.flows.stacked()
        self.displacement = game.displacement
        self.parts = game.flows.reach.shape[0]
        ends = np.arange(stacked.shape[-1])
        between = stacked.copy()
        between[..., ends, ends] = 0.0
        # own flows have both ends in or both out
        self.own = np.stack([stacked[:, m, m, ends, ends] for m in (0, 1)], 1)
        self.received = between[:, 0].sum(2) + self.own
        self.sent = between[:, :, 0].sum(3) + self.own
        self.by_sender = np.ascontiguousarray((between[:, 1] - between[:, 0]).transpose(2, 0, 1, 3)[:-1])
        self.by_receiver = np.ascontiguousarray((between[:, :, 1] - between[:, :, 0]).transpose(3, 0, 1, 2)[:-1])
        self.member = np.zeros(ends.size - 1, dtype=bool)

    def __call__(self, member: Members) -> Array:
        """(players,) joining gains before any cost of membership, USD bn a year."""
        movers = np.flatnonzero(member != self.member)
        sign = np.where(member[movers], 1.0, -1.0)
        self.received += np.tensordot(sign, self.by_sender[movers], 1)
        self.sent += np.tensordot(sign, self.by_receiver[movers], 1)
        self.member = member.copy()
        inside = np.append(member, False)
        now = np.where(inside, self.received[:, 1], self.received[:, 0])
        total = now.sum(1)
        # a flow of a player to itself is in what it receives and in what it sends
        changed = self.received + self.sent - self.own
        kept = np.where(inside, changed[:, 1], changed[:, 0])
        worth = [self._payoff(self.received[:, m], total[:, None] + changed[:, m] - kept) for m in (0, 1)]
        return (worth[1] - worth[0])[:-1]

    def _payoff(self, received: Array, total: Array) -> Array:
        """(own,) pay-off, from (quantities, own) what is received and the world's total with the own end so."""
        deterred, reach, coverage = total[2:].reshape(3, self.parts, -1)
        at = received[2:].reshape(3, self.parts, -1)[1]
        displaced = (_moved_per_reach(deterred, reach, coverage, self.displacement) * at).sum(0)
        return np.asarray(received[1] - received[0] - displaced)
