"""Class state: what red lines, consequences and stand-down do to attacks of states, and the effort that this frees.

Sums over dyads for any membership, in all draws. The log effects per draw are in `consequences`; what freed effort does
to crime is added to the law's result in `mechanisms`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.consequences import Effects
from models.ensemble import Baseline
from models.flows import class_share, mixtures
from models.kernel import interpolation, lobatto
from models.priors import Draws
from models.states import State
from models.world import World

Array = NDArray[np.float64]

EXACT_VALUES = 12
"""Memberships with no more distinct values are summed value by value; others are interpolated between as many nodes."""


@dataclass(frozen=True)
class Groups:
    """Economies by how far they are members, and what the dyads between groups are worth.

    values : (groups,) m of each group, the first 0, where the unreachable origin is too
    weights : (groups, economies) which group an economy is in; columns sum to one
    attacks : (components, groups, economies) sum over the foreign origins of a group of each origin mixture
    flow : (components, origin groups, target groups, loss components)
    members : (loss components,) losses of members, each times m
    returning : 1 where restrained attacks may return through criminals, 0 where a scenario assumes that away
    """

    values: Array
    weights: Array
    attacks: Array
    flow: Array
    members: Array
    returning: float


@dataclass(frozen=True)
class Conduct:
    """World totals of class state in one membership, (draws,) each, USD bn of 2020 unless said.

    deterred : state attacks that no longer happen; negative where answers outweigh restraint
    proxies : restrained attacks that return through criminals
    freed : f, fraction of the effort that members spent on states, 0 to 1
    members_loss : loss of members in the status quo, all classes
    """

    deterred: Array
    proxies: Array
    freed: Array
    members_loss: Array


@dataclass(frozen=True)
class Change:
    """Relative change of flows by component and group, (components, origin groups, target groups, draws), times the
    class share; and of what proxies take over, (components, origin groups, draws)."""

    flow: Array
    proxies: Array


class ConductEnsemble:
    """Sums of class state over one baseline and one set of draws.

    Notes
    -----
    model.md 4.5: x = (1 - m_o) m_i E + m_i N + m_o S for o != i, 0 for o = i; F_s = F_obs (1 - kappa + kappa exp(x)).
    Freed effort is pooled over members: f = 1 - sum m_i F_s[., i] / sum m_i F_obs[., i], which for the world as a whole
    is the mean of each economy's own f weighted by its loss; an accord shifts the focus of its members together.
    """

    def __init__(self, world: World, draws: Draws, baseline: Baseline) -> None:
        self.draws = draws
        self.share = class_share(draws)["state"]
        self.mixture = mixtures(world, draws, ("state",))["state"]
        self.loss = baseline.factors
        foreign = self.mixture.matrices.copy()
        economies = np.arange(world.size)
        foreign[:, economies, economies] = 0.0
        self.foreign, self.unreachable = foreign[:, :-1], foreign[:, -1]

    def groups(self, state: State) -> Groups:
        """The groups of a state's membership."""
        members = np.zeros(self.foreign.shape[1]) if state.members is None else state.members
        values = np.unique(np.append(members, 0.0))
        if values.size <= EXACT_VALUES:
            weights = (members == values[:, None]).astype(np.float64)
        else:
            values = lobatto(EXACT_VALUES)
            weights = interpolation(values, members)
        attacks = weights @ self.foreign
        attacks[:, 0] += self.unreachable
        target = self.loss.right * state.growth
        flow = np.einsum("cgi,hi,ri->cghr", attacks, weights, target, optimize=True)
        returning = 0.0 if "proxies" in state.switched_off else 1.0
        return Groups(values, weights, attacks, flow, target @ members, returning)

    def change(self, groups: Groups, effects: Effects, kappa: Array, block: slice) -> Change:
        """Relative change of the flows between groups in a block of draws."""
        origin, target = groups.values[:, None, None], groups.values[None, :, None]
        consequence, retaliation, restraint = (
            part[block] for part in (effects.consequence, effects.retaliation, effects.restraint)
        )
        exponent = (1 - origin) * target * consequence + target * retaliation + origin * restraint
        mixing = self.mixture.weights[:, block] * (kappa[block] * self.share[block])
        kept = (
            groups.returning * self.draws["proxy_share"][block] * np.maximum(-np.expm1(origin[:, 0] * restraint), 0.0)
        )
        return Change(mixing[:, None, None] * np.expm1(exponent), mixing[:, None] * kept)

    def totals(self, state: State, effects: Effects, kappa: Array) -> Conduct:
        """World totals of a state under log effects; `kappa` is the covered share of class state, (draws,)."""
        groups = self.groups(state)
        components, origins, targets, rank = groups.flow.shape
        flat = groups.flow.reshape(-1, rank)
        deterred, proxies, freed, members_loss = (np.zeros(self.draws.size) for _ in range(4))
        size = self.draws.size // self.draws.scrambles
        for start in range(0, self.draws.size, size):
            block = slice(start, start + size)
            left = np.ascontiguousarray(self.loss.left[block].T)
            flow = (flat @ left).reshape(components, origins, targets, -1)
            change = self.change(groups, effects, kappa, block)
            by_target = -np.einsum("cghd,cghd->hd", change.flow, flow)
            members_loss[block] = groups.members @ left
            deterred[block] = by_target.sum(0)
            proxies[block] = np.einsum("cgd,cghd->d", change.proxies, flow)
            whole = self.share[block] * members_loss[block]
            saved = groups.values @ by_target
            freed[block] = np.clip(np.divide(saved, whole, out=np.zeros_like(saved), where=whole > 0), 0.0, 1.0)
        return Conduct(deterred, proxies, freed, members_loss)

    def mean_by_economy(self, state: State, effects: Effects, kappa: Array) -> tuple[Array, Array]:
        """(economies,) means over draws of what is deterred and of what proxies take over."""
        groups = self.groups(state)
        components, origins, targets, rank = groups.flow.shape
        by_loss = np.zeros((components * origins * targets, rank))
        by_proxy = np.zeros((components * origins, rank))
        size = self.draws.size // self.draws.scrambles
        for start in range(0, self.draws.size, size):
            block = slice(start, start + size)
            change = self.change(groups, effects, kappa, block)
            by_loss += change.flow.reshape(by_loss.shape[0], -1) @ self.loss.left[block]
            by_proxy += change.proxies.reshape(by_proxy.shape[0], -1) @ self.loss.left[block]
        target = self.loss.right * state.growth / self.draws.size
        changed = by_loss.reshape(components, origins, targets, rank) @ target
        deterred = -np.einsum("cghi,cgi,hi->i", changed, groups.attacks, groups.weights, optimize=True)
        proxies = np.einsum("cgi,cgi->i", by_proxy.reshape(components, origins, rank) @ target, groups.attacks)
        return np.asarray(deterred), np.asarray(proxies)

    def draws_by_economy(
        self, state: State, effects: Effects, kappa: Array, loss: Array, block: slice
    ) -> tuple[Array, Array]:
        """(economies, block) what is deterred and what proxies take over; `loss` is (economies, block), growth in."""
        groups = self.groups(state)
        change = self.change(groups, effects, kappa, block)
        deterred = -np.einsum("cghd,cgi,hi->id", change.flow, groups.attacks, groups.weights, optimize=True)
        proxies = np.einsum("cgd,cgi->id", change.proxies, groups.attacks, optimize=True)
        return np.asarray(deterred * loss), np.asarray(proxies * loss)

    def foreign_flow(self) -> Array:
        """(draws,) loss to attacks of class state from abroad or from nowhere known, in the status quo, USD bn."""
        on_target = self.foreign.sum(1) + self.unreachable
        by_component = (on_target @ self.loss.right.T) @ self.loss.left.T
        return np.asarray(self.share * np.einsum("cd,cd->d", self.mixture.weights, by_component))

    def fall_by_origin(self, state: State, effects: Effects, kappa: Array, worth: Array) -> Array:
        """(economies,) mean fall of what each economy's own attacks on others cost their victims, times `worth`.

        `worth` is (draws,), such as what an attacking state gains per dollar its victim loses; negative where an
        economy's attacks grow.
        """
        groups = self.groups(state)
        target = self.loss.right * state.growth
        by_origin = np.einsum("coi,hi,ri->cohr", self.foreign, groups.weights, target, optimize=True)
        found = np.zeros(self.foreign.shape[1])
        size = self.draws.size // self.draws.scrambles
        for start in range(0, self.draws.size, size):
            block = slice(start, start + size)
            change = self.change(groups, effects, kappa, block).flow * worth[block]
            average = np.einsum("cghd,dr->cghr", change, self.loss.left[block], optimize=True)
            found -= np.einsum("cghr,cohr,go->o", average, by_origin, groups.weights, optimize=True)
        return found / self.draws.size
