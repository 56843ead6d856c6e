"""Sentences with numbers on what lies beyond law: regimes, reciprocity, accession.

As in text.py, every number comes from a row of the published database.
"""

from collections.abc import Sequence

from reports.edition import Row
from reports.names import BELIEFS, label
from reports.numbers import chance, decimals, plain, present, scale_of, signed, span


def odds_of_agreed(rows: Sequence[Row]) -> str:
    """The paired difference in one sentence: the chance by belief that agreed consequences leave less loss."""
    paired = [row for row in rows if row["regime"] == "agreed_minus_unilateral" and present(row["p_agreed_better"])]
    measures = ("state_loss_no_standdown", "state_loss", "net_cost")
    found, standing, net = ([row for row in paired if row["measure"] == measure] for measure in measures)
    if not found:
        return "Whether agreed consequences leave less loss than unilateral ones was not estimated."
    places = decimals([row[key] for row in found for key in ("p05", "p50", "p95")])
    odds = [f"{chance(row['p_agreed_better'])} under {label(row['belief'], BELIEFS)}" for row in found]
    ends = [f"{signed(row['p50'], places)} [{span(row['p05'], row['p95'], places)}]" for row in found]
    text = (
        f"Chance that agreed consequences leave less loss from states than unilateral ones: {', '.join(odds)}; paired "
        f"difference {' and '.join(ends)} $ bn a year."
    )
    for words, further in ((" With stand-down", standing), (", with what answers cost as well", net)):
        if further:
            text += f"{words} {' and '.join(chance(row['p_agreed_better']) for row in further)}"
    return f"{text}." if standing or net else text


def reciprocity(rows: Sequence[Row]) -> str:
    """What the branching model found on dated incidents, or why nothing."""
    if not rows:
        return "How far attacks between states answer each other was not fitted in this run."
    cross = next((row for row in rows if row["fit"] == "hawkes" and row["coefficient"] == "branching_cross"), None)
    if cross is None or not present(cross["estimate"]):
        reason = str((cross or rows[0])["status"]).removeprefix("not estimable: ")
        return f"How far attacks between states answer each other could not be estimated: {reason}. A prior stands in."
    own = next((row for row in rows if row["fit"] == "hawkes" and row["coefficient"] == "branching_own"), None)
    places = decimals([cross["estimate"]]) - 1
    error = f" (standard error {plain(cross['se'], places)})" if present(cross["se"]) else ""
    text = (
        f"Fitted on {cross['n']:,} dated incidents between states, one attack sets off "
        f"{plain(cross['estimate'], places)} attacks of the other side{error}"
    )
    if own and present(own["estimate"]):
        text += f" and {plain(own['estimate'], decimals([own['estimate']]) - 1)} more of its own side"
    return f"{text}. Answers that trackers do not see are a prior on top."


def hazard_status(rows: Sequence[Row]) -> str:
    """Whether the pace of Budapest is an estimate or an assumption, with the events it rests on."""
    terms = [row for row in rows if row["fit"] == "all"]
    if not terms:
        return "The hazard behind the fan was not estimated in this run."
    events, each = terms[0]["events"], plain(terms[0]["events_per_coefficient"], 1)
    assumed = sum(row["status"] != "estimated" for row in terms)
    word = "an estimate" if not assumed else "an assumption" if assumed == len(terms) else "in part an assumption"
    return f"The hazard rests on {events} ratifications, {each} for each coefficient: it is {word}."


def neighbours_sign(rows: Sequence[Row]) -> str:
    """Whether the coefficient of parties in the region keeps its sign without the Council of Europe in the fit."""
    of = {row["fit"]: row["estimate"] for row in rows if row["term"] == "neighbours"}
    if "all" not in of or "without_council" not in of:
        return "The coefficient of parties in the region was not fitted both ways."
    if of["all"] * of["without_council"] < 0:
        return "The coefficient of parties in the region changes its sign when the Council of Europe is left out."
    return "The coefficient of parties in the region keeps its sign when the Council of Europe is left out."


def calibration(rows: Sequence[Row]) -> str:
    """What the hazard expects against what came, span by span, those not seen by the fit last."""
    if not rows:
        return "The hazard was not held against what came."
    parts = [
        f"{row['span'].replace('-', '–')}: {plain(row['expected'], 0)} expected "
        f"({plain(row['lower'], 0)} to {plain(row['upper'], 0)}), {row['observed']} came"
        + (" (years that the fit did not see)" if row["fit"] != "all" else "")
        for row in sorted(rows, key=lambda row: (row["fit"] != "all", row["span"]))
    ]
    return f"Calibration, 90 % intervals. {'; '.join(parts)}."


def national(row: Row | None) -> str:
    """Who loses once each state's account holds the yield of its own attacks, on average."""
    if row is None or not row["economies"]:
        return "The accounts of single economies were not drawn up in this run."
    places = decimals([row["best"], row["worst"]])
    loss = signed(row["worst"], places)
    of = f"{row['losers']} of {row['economies']} economies"
    start = f"Counting costs and what their own attacks yield, {of} lose on average"
    best = f"the largest gain is that of {row['best_name']} ({signed(row['best'], places)} $ bn a year)"
    worst = f"the largest loss that of {row['worst_name']} ({loss})"
    return f"{start}; {best}, {worst}." if row["losers"] else f"{start}; {best}."


def beside_mean(rows: Sequence[Row]) -> str:
    """The mean of the headline without stand-down for a caption; empty where it was not switched off."""
    row = next((row for row in rows if row["off"] == "stand_down"), None)
    if row is None or not present(row["mean"]):
        return ""
    scale, unit = scale_of(str(row["unit"]))
    places = min(1, decimals([scale * row[key] for key in ("p05", "mean", "p95")]))
    return f"Without stand-down the mean is {signed(scale * row['mean'], places)} {unit}. "
