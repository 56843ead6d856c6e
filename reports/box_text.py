"""The sentences of the boxes: where one trillion dollars comes from, and what SolarWinds was and could have been.

As in text.py, every number comes from a row of the published database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.edition import Row
from reports.figures_bridge import TOTALS, Step, bridge_steps, growth
from reports.figures_replay import EVENT, replay
from reports.names import BASELINES, label
from reports.numbers import NBSP, decimals, plain, present, roughly, signed
from reports.text import day

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Claim:
    """A claim of the op-ed in its own words, and the number in it."""

    words: str
    threshold: float


def trillion(bridge: Sequence[Row], claims: Sequence[Row], baseline: str) -> list[str]:
    """How 600, 945, 1,090 and "over $1 trillion" hang together: origin, definition, price base, what is taken here."""
    of = {row["estimate_id"]: row for row in bridge}
    claimed = {str(row["unit"]): Claim(str(row["claim"]).replace(" %", "%"), row["threshold"]) for row in claims}
    amount = claimed.get("USD bn")
    steps = bridge_steps(bridge, amount.threshold if amount else None)
    if not steps:
        return ["The published totals behind the figure are not all in this edition."]
    first, loss, total = (of[name] for name in TOTALS)
    spending = total["usd_bn"] - loss["usd_bn"]
    origin = (
        f"The figure comes from two reports by the same authors. That of {first['published_year']} puts the yearly "
        f"loss at {_usd(first['usd_bn'])}, that of {loss['published_year']} at {_usd(loss['usd_bn'])}, to which it "
        f"adds {_usd(spending)} of security spending: {_usd(total['usd_bn'])} in all."
    )
    return [origin, _definition(loss, total, claimed), _prices(steps, claimed), _taken(baseline)]


def _usd(value: float) -> str:
    return f"${plain(value, min(0, decimals([value])) if value < 1000 else 0)}{NBSP}bn"


def _definition(loss: Row, total: Row, claimed: Mapping[str, Claim]) -> str:
    """Whether the claims on the amount and on the share of GDP hold with the loss alone or need the spending."""
    amount, part = claimed.get("USD bn"), claimed.get("fraction of GDP")
    shares = [row["usd_bn"] / row["gdp_usd_bn"] for row in (loss, total)]
    ends = (
        f"Of world GDP it is {plain(100 * shares[0], 2)} percent without the spending and {plain(100 * shares[1], 2)} "
        "with it"
    )
    text = "Definition:"
    if amount:
        alone, both = (row["usd_bn"] > amount.threshold for row in (loss, total))
        held = "the loss alone" if alone else "loss and spending together" if both else "neither"
        text += f" “{amount.words}” holds for {held}."
        if both and not alone:
            text += " The spending is a cost, and nothing that was lost to an attack."
    if part is None:
        return f"{text} {ends}."
    alone, both = (share > part.threshold for share in shares)
    verdict = "either way" if alone and both else "only with it" if both else "neither way"
    return f"{text} {ends}; “{part.words}” holds {verdict}."


def _prices(steps: Sequence[Step], claimed: Mapping[str, Claim]) -> str:
    """Growth between the reports in current and in constant dollars, beside the growth claimed."""
    nominal, real = growth(steps)
    text = (
        f"Price base: from the first loss to the second is {signed(100 * nominal, 1)} percent in current dollars and "
        f"{signed(100 * real, 1)} percent at constant prices."
    )
    claim = claimed.get("fraction, growth")
    if claim is None:
        return text
    low, high = sorted((nominal, real))
    if low > claim.threshold:
        return f"{text} Both exceed “{claim.words}”."
    if high < claim.threshold:
        return f"{text} Neither reaches “{claim.words}”."
    return f"{text} “{claim.words[:1].upper()}{claim.words[1:]}” lies between the two."


def _taken(baseline: str) -> str:
    name = label(baseline, BASELINES).lower()
    return (
        f"What is taken here: the baseline is “{name}”. Under another the amounts scale and the shares stay; the "
        "reports give no range and no derivation that could be repeated, so that the figure is one opinion among those "
        "in the registry."
    )


def solarwinds(events: Sequence[Row], timeline: Sequence[Row]) -> list[str]:
    """What happened: whom it reached and for how long; what it cost; what it could have; what is no estimate."""
    own = [row for row in events if row["event_id"] == EVENT]
    found = replay(events)
    if found is None:
        return ["The replay of SolarWinds is not in this edition."]
    said = [_reach(own, {str(row["milestone"]): row["day"] for row in timeline})]
    went = ""
    if found.published:
        went = f"Published: {found.published['note']}, {roughly(found.published['p50'])}"
        if found.went:
            went += f"; from the footprint the cost is {_interval(found.went)}"
    elif found.went:
        went = f"From the footprint the cost is {_interval(found.went)}"
    if went:
        said.append(f"It was espionage, and nothing was destroyed. {went}.")
    first, last = found.destroys[0], found.destroys[-1]
    could = (
        f"What could have been: with a payload that destroys, the same footprint costs {_interval(first)} if it is "
        f"found after {plain(first['detection_months'], 0)} months"
    )
    if last is not first:
        months = plain(last["detection_months"], 0)
        could += f", and {_interval(last)} if after {months} month{'' if months == '1' else 's'}"
    said.append(f"{could}.")
    if found.rejected:
        note = str(found.rejected["note"]).rstrip(".")
        said.append(f"Not valid: {note}. It would give {roughly(found.rejected['p50'])}, and is quoted, not used.")
    return [line for line in said if line]


def _interval(row: Row) -> str:
    if not (present(row["p05"]) and present(row["p95"])):
        return roughly(row["p50"])
    return f"{roughly(row['p50'])} (90 percent interval {roughly(row['p05'])} to {roughly(row['p95'])})"


def _reach(own: Sequence[Row], when: dict[str, date]) -> str:
    """Installs, organizations entered, and how long it went on."""
    reached = {row["part"]: row["p50"] for row in own if row["measure"] == "reached"}
    text = "What happened:"
    if "installed" in reached:
        text += f" about {reached['installed']:,.0f} customers of SolarWinds installed an update with a back door"
        if "entered" in reached:
            text += f"; {reached['entered']:,.0f} of them, companies and agencies of the United States, were entered"
        text += "."
    else:
        text += " an update of SolarWinds carried a back door to its customers, of whom a few were entered."
    if {"available", "public"} <= when.keys():
        months = (when["public"] - when["available"]).days / DAYS_A_MONTH
        text += (
            f" The update was on offer from {day(when['available'])} and the attack public on {day(when['public'])}, "
            f"{plain(months, 1)} months later"
        )
        if "access" in when:
            inside = (when["public"] - when["access"]).days / DAYS_A_MONTH
            text += f"; the authors had been inside the vendor for {plain(inside, 0)} months"
        text += "."
    return text
