"""The rows that several parts of the report share, picked out of the answers once."""

from dataclasses import dataclass, field

from reports.figures_adoption import marked_blocs
from reports.figures_effects import ordered_sets
from reports.figures_estimates import drawn
from reports.queries import FOCUS, Edition, Row
from reports.titles import Spread


@dataclass(frozen=True)
class Rows:
    """The rows several parts of the report share, taken from the edition once."""

    edition: Edition
    levels: list[Row] = field(default_factory=list)
    blocs: list[Row] = field(default_factory=list)
    estimates: list[Row] = field(default_factory=list)
    pooled: Row = field(default_factory=dict)
    effect_rows: list[Row] = field(default_factory=list)
    baseline_usd_bn: float = 0.0
    share: Row = field(default_factory=dict)
    amount: Row = field(default_factory=dict)
    share_without: Row | None = None
    amount_without: Row | None = None

    @classmethod
    def of(cls, edition: Edition) -> "Rows":
        """Pick them out of the query answers; ValueError names what is missing."""
        net = {row["bloc"]: row["p_not_better"] for row in edition.rows("blocs", measure="net_benefit")}
        blocs = [row | {"not_paying": net.get(row["bloc"])} for row in edition.rows("blocs", measure="avoided_share")]
        pooled = edition.one("pooled", specification="all")
        share = edition.one("scenarios", scenario=FOCUS, effect_set="default", measure="avoided_share")
        amount = edition.one("scenarios", scenario=FOCUS, effect_set="default", measure="avoided_loss")
        levels = edition.rows("levels", measure="avoided_share")
        for name, found in (("model.pooled 'all'", pooled), (f"headline of {FOCUS}", share), ("its levels", levels)):
            if not found:
                raise ValueError(f"the published database has no {name}: the report cannot be written")
        loss = edition.one("scenarios", scenario="status_quo", effect_set="default", measure="loss")
        baseline = loss["mean"] if loss else amount["mean"] / share["mean"]
        sets = edition.rows("scenarios", scenario=FOCUS, measure="avoided_share")
        return cls(
            edition,
            levels,
            blocs,
            drawn(edition.rows("estimates")),
            pooled,
            ordered_sets(sets),
            baseline,
            share,
            amount,
            edition.one("without_standdown", scenario=FOCUS, adoption_metric="scenario", measure="avoided_share"),
            edition.one("without_standdown", scenario=FOCUS, adoption_metric="scenario", measure="avoided_loss"),
        )

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
