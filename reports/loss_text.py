"""Sentences with numbers on the way from loss to GDP and on the tail; as in text.py, every number is a row's."""

from collections.abc import Sequence

from reports.edition import Row
from reports.figures_gdp import BASIS_POINTS, GROWTH, LONG_RUN, SHARE, last, points
from reports.figures_replay import Replay, months
from reports.names import subject
from reports.names_losses import PROPAGATION
from reports.numbers import MISSING, chance, decimals, dollars, plain, present, roughly, signed, span
from reports.queries import FOCUS
from reports.titles import Spread

IDENTITY = ("leontief_final_demand", "ghosh_primary_inputs")


def output(rows: Sequence[Row], scenario: str = FOCUS) -> str:
    """How much of the loss lowers GDP, and how much of that the convention avoids a year."""
    of = {(row["scenario"], row["measure"]): row for row in rows}
    lost, avoided = of.get(("status_quo", "gdp_loss")), of.get((scenario, "avoided_gdp_loss"))
    if lost is None or avoided is None:
        return "What the loss does to GDP was not computed in this run."
    loss, spread = of.get(("status_quo", "loss")), Spread.of(avoided)
    of_loss = f"Of a yearly loss of {dollars(loss['mean'])}, " if loss else "A year, "
    ends = span(lost["p05"], lost["p95"], min(0, decimals([lost["p95"]])), sign=False)
    gain = {"plus": "less of it is lost", "minus": "more of it is lost", "zero": "nothing changes"}[spread.middle]
    change = "" if spread.middle == "zero" else f"{dollars(abs(spread.p50), spread.mcse)} "
    return (
        f"{of_loss}{dollars(lost['p50'], lost['mcse'])} lowers GDP at the median (90 percent interval {ends}). Under "
        f"{subject(scenario)}, fully phased in, {change}{gain} a year (90 percent interval "
        f"{span(spread.p05, spread.p95, spread.places)}; chance of nothing or harm {chance(spread.p_not_better)})."
    )


def welfare_beside(rows: Sequence[Row]) -> str:
    """GDP beside welfare: the loss of welfare that is no loss of GDP."""
    of = {row["measure"]: row for row in rows if row["scenario"] == "status_quo"}
    if not {"welfare_loss", "gdp_loss"} <= of.keys():
        return ""
    rest = of["welfare_loss"]["mean"] - of["gdp_loss"]["mean"]
    return (
        f"Welfare falls by {dollars(of['welfare_loss']['mean'])}, since a victim is poorer by what a thief takes: "
        f"{dollars(rest)} of it lowers no output."
    )


def propagation(rows: Sequence[Row]) -> str:
    """How far a stoppage spreads: the multiplier by method, the identity first, in one paragraph."""
    found = {}
    for row in rows:
        if row["region"] == "WLD" and present(row["multiplier"]) and row["industry"] in ("all", "notpetya"):
            found.setdefault(row["method"], row)
    identities = [found[name] for name in IDENTITY if name in found]
    others = [found[name] for name in PROPAGATION if name in found and name not in IDENTITY]
    if not identities and not others:
        return "How far a stoppage spreads through supply chains was not computed in this run."
    text = ""
    if identities:
        held = all(round(row["multiplier"], 2) == 1 for row in identities)
        ends = " and ".join(plain(row["multiplier"], 2) for row in identities)
        text = (
            "A multiplier of value added is one by identity when demand falls away or when work and capital are "
            f"missing: the table gives {ends}{'' if held else ', which breaks the identity'}. "
        )
    listed = "; ".join(f"{PROPAGATION[row['method']]} {_multiplier(row)}" for row in others)
    if listed:
        text += f"Amplification comes only where output stops and customers go without: {listed}. "
    return f"{text}The headline has nothing of this: its indirect loss is the baseline’s own."


def _multiplier(row: Row) -> str:
    ends = [plain(row[key], 1) if present(row[key]) else "" for key in ("lower", "upper")]
    if all(ends):
        return f"{plain(row['multiplier'], 1)} [{ends[0]}, {ends[1]}]"
    return f"{plain(row['multiplier'], 1)}" + (f" (up to {ends[1]})" if ends[1] else "")


def level_and_growth(rows: Sequence[Row]) -> str:
    """The level in the last year, where it leads, and the change of growth, in basis points."""
    level, slope, end = (last(rows, name) for name in (SHARE, GROWTH, LONG_RUN))
    parts = []
    for row, words, most in ((level, "level", 2), (end, "long run", 2), (slope, "growth", 3)):
        if row is None:
            continue
        places = points([row], most)
        unit = "bp a year" if row is slope else "bp"
        ends = span(BASIS_POINTS * row["p05"], BASIS_POINTS * row["p95"], places)
        when = f"{words} in {row['year']}" if row is level else words
        parts.append(f"{when} {signed(BASIS_POINTS * row['p50'], places)} {unit} [{ends}]")
    text = "; ".join(parts) or MISSING
    return f"{text[:1].upper()}{text[1:]}. A basis point (bp) is a hundredth of a percent."


def paired(before: Row, after: Row) -> str:
    """One return period without and with the convention, and the paired difference."""
    start = (
        f"A loss exceeded one year in {before['return_period']:,}: {roughly(before['loss_usd_bn'])} → "
        f"{roughly(after['loss_usd_bn'])}"
    )
    ends = (after["avoided_lower"], after["avoided_upper"])
    if not (present(after["avoided"]) and all(present(end) for end in ends)):
        return f"{start}; the difference was not estimated."
    places = decimals([after["avoided"], *ends]) - 1
    inside = span(*ends, places)
    return f"{start}; paired fall {signed(after['avoided'], places)} $ bn (90 % interval {inside})."


def replay(found: Replay) -> str:
    """What the replay shows: the reach of the figures, and why a product that is quoted is none."""
    first, last_found = found.destroys[0], found.destroys[-1]
    text = (
        f"Found after {months(first)} the destructive course costs {roughly(first['p50'])} at the median, found after "
        f"{months(last_found)} {roughly(last_found['p50'])}."
    )
    if found.published:
        text += f" Published: {found.published['note']}, {roughly(found.published['p50'])}."
    if found.rejected:
        text += f" No estimate: {str(found.rejected['note']).rstrip('.')}."
    return text
