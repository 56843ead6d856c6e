"""The rows that several parts of the report share, picked out of the answers when first asked for and kept.

Nothing is picked before somebody asks, so that an `Edition` that notes what it is asked for sees what each figure rests
on (tests/reports/test_exhibits.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from reports.edition import Edition, NotEstimated, Row
from reports.figures_adoption_marks import marked_blocs
from reports.figures_effects import ordered_sets
from reports.figures_estimates import drawn
from reports.names import subject
from reports.numbers import MISSING
from reports.titles import Spread

Made = TypeVar("Made")


@dataclass(frozen=True)
class Rows:
    """The rows several parts of the report share."""

    edition: Edition

    @property
    def focus(self) -> str:
        """The scenario that the report is about."""
        return self.edition.focus

    @property
    def subject(self) -> str:
        """Its convention inside a sentence."""
        return subject(self.focus)

    def need(self, name: str, **where: object) -> list[Row]:
        """Rows without which a part of the report cannot be; NotEstimated where there are none."""
        return _there(self.edition.rows(name, **where), name)

    def made(self, make: Callable[["Rows"], Made]) -> Made | None:
        """What a function makes of the rows; None where it needs some that were not estimated."""
        try:
            return make(self)
        except NotEstimated:
            return None

    def _headline(self, measure: str) -> Row:
        return self.need("scenarios", scenario=self.focus, effect_set="default", measure=measure)[0]

    def _without(self, measure: str) -> Row | None:
        return self.edition.one("without_standdown", scenario=self.focus, adoption_metric="scenario", measure=measure)

    @cached_property
    def levels(self) -> list[Row]:
        """Avoided share of the op-ed's convention by level of adoption, a fraction."""
        return self.need("levels", measure="avoided_share")

    @cached_property
    def blocs(self) -> list[Row]:
        """Avoided share with the members of each bloc, and `not_paying`, the chance that the convention costs more."""
        net = {row["bloc"]: row["p_not_better"] for row in self.edition.rows("blocs", measure="net_benefit")}
        return [
            row | {"not_paying": net.get(row["bloc"])} for row in self.edition.rows("blocs", measure="avoided_share")
        ]

    @cached_property
    def estimates(self) -> list[Row]:
        """The published estimates that are drawn."""
        return _there(drawn(self.need("estimates")), "estimates")

    @cached_property
    def pooled(self) -> Row:
        """The synthesis of every estimate in the pool."""
        return self.need("pooled", specification="all")[0]

    @cached_property
    def effect_rows(self) -> list[Row]:
        """Avoided share of the op-ed's convention by effect set, in the order in which they are shown."""
        return ordered_sets(self.need("scenarios", scenario=self.focus, measure="avoided_share"))

    @cached_property
    def share(self) -> Row:
        """The headline, a fraction of the status-quo loss."""
        return self._headline("avoided_share")

    @cached_property
    def amount(self) -> Row:
        """The headline, USD bn a year."""
        return self._headline("avoided_loss")

    @cached_property
    def share_without(self) -> Row | None:
        """The headline without stand-down, a fraction; None where it has none."""
        return self._without("avoided_share")

    @cached_property
    def amount_without(self) -> Row | None:
        """The headline without stand-down, USD bn a year."""
        return self._without("avoided_loss")

    @cached_property
    def baseline_usd_bn(self) -> float:
        """Loss of the world on the status quo, USD bn a year."""
        loss = self.edition.one("scenarios", scenario="status_quo", effect_set="default", measure="loss")
        return float(loss["mean"] if loss else self.amount["mean"] / self.share["mean"])

    @cached_property
    def baseline(self) -> str:
        """The baseline of the run, by its key."""
        return str((self.edition.one("baseline") or {}).get("baseline") or MISSING)

    @property
    def mechanisms(self) -> str:
        """What acts in the headline: law, no_standdown or all."""
        return str(self.share["mechanisms"])

    @property
    def spread_without(self) -> Spread | None:
        """The avoided share without stand-down, percent; None where the headline has no stand-down."""
        return Spread.of(self.share_without, 100) if self.share_without else None

    @property
    def without(self) -> tuple[Spread, Spread] | None:
        """Avoided share, percent, and amount, USD bn, without stand-down."""
        if self.share_without is None or self.amount_without is None:
            return None
        return Spread.of(self.share_without, 100), Spread.of(self.amount_without)

    @property
    def small_bloc(self) -> Row:
        """The small club of the third card and of the hero's title: G7 where there is one, else the smallest marked."""
        marked = marked_blocs(_there(self.blocs, "blocs"))
        return next((row for row in self.blocs if row["bloc"] == "G7"), marked[0])


def _there(rows: list[Row], name: str) -> list[Row]:
    if not rows:
        raise NotEstimated(name)
    return rows
