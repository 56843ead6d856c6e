"""The rows that several parts of the report share, picked out of the answers when first asked for and kept.

Nothing is picked before somebody asks, so that an `Edition` that notes what it is asked for sees what each figure rests
on (tests/reports/test_exhibits.py).
"""

from dataclasses import dataclass
from functools import cached_property

from reports.figures_adoption_marks import marked_blocs
from reports.figures_effects import ordered_sets
from reports.figures_estimates import drawn
from reports.numbers import MISSING
from reports.queries import FOCUS, Edition, Row
from reports.titles import Spread


@dataclass(frozen=True)
class Rows:
    """The rows several parts of the report share."""

    edition: Edition

    @classmethod
    def of(cls, edition: Edition) -> "Rows":
        """The rows of an edition; ValueError names what the report cannot do without and does not find."""
        rows = cls(edition)
        for name, found in (
            ("model.pooled 'all'", rows.pooled),
            (f"headline of {FOCUS}", rows.share),
            ("its levels", rows.levels),
        ):
            if not found:
                raise ValueError(f"the published database has no {name}: the report cannot be written")
        return rows

    def _headline(self, measure: str) -> Row:
        return self.edition.one("scenarios", scenario=FOCUS, effect_set="default", measure=measure) or {}

    def _without(self, measure: str) -> Row | None:
        return self.edition.one("without_standdown", scenario=FOCUS, adoption_metric="scenario", measure=measure)

    @cached_property
    def levels(self) -> list[Row]:
        """Avoided share of the op-ed's convention by level of adoption, a fraction."""
        return self.edition.rows("levels", measure="avoided_share")

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
        return drawn(self.edition.rows("estimates"))

    @cached_property
    def pooled(self) -> Row:
        """The synthesis of every estimate in the pool."""
        return self.edition.one("pooled", specification="all") or {}

    @cached_property
    def effect_rows(self) -> list[Row]:
        """Avoided share of the op-ed's convention by effect set, in the order in which they are shown."""
        return ordered_sets(self.edition.rows("scenarios", scenario=FOCUS, measure="avoided_share"))

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
        return next((row for row in self.blocs if row["bloc"] == "G7"), marked_blocs(self.blocs)[0])
