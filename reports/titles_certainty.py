"""Titles on how sure the results are: what the spread hangs on, choices, the worth of knowing, the backtest.

As in titles.py, a function takes numbers and nothing else, and its branches are tested.
"""

from collections.abc import Sequence

from reports.edition import Row
from reports.names import label
from reports.names_losses import CHOICES, INPUTS
from reports.numbers import NBSP, decimals, plain, probability


def sobol(rows: Sequence[Row]) -> str:
    """Title of the Sobol' bars, from the largest total index against the interval of the next.

    rows : inputs with the largest first; sums of several inputs left out
    """
    known = [row for row in rows if row["total_upper"] is not None]
    if not known or known[0]["total"] <= 0:
        return "No input moves the avoided loss"
    names = [f"{_lower(label(row['prior_id'], INPUTS))}" for row in known]
    share = f"{plain(100 * known[0]['total'], 0)} % of the variance with interactions"
    if len(known) == 1 or known[0]["total_lower"] > known[1]["total_upper"]:
        return f"The spread of the result comes most from the {names[0]}: {share}"
    return f"No one input leads: the {names[0]} ({share}) and the {names[1]} are not told apart"


def specification(everything: Row, choices: Sequence[Row]) -> str:
    """Title of the specification curve, from the share of means at or below zero and the choice that explains most."""
    total, bad = everything["specifications"], everything["not_above_zero"]
    if bad == 0:
        start = f"The mean is above zero under every one of {total:,} specifications"
    elif bad == total:
        start = f"The mean is at or below zero under every one of {total:,} specifications"
    else:
        start = f"The mean is at or below zero in {probability(bad / total)} % of {total:,} specifications"
    best = max(choices, key=lambda row: row["total"], default=None)
    if best is None or best["total"] <= 0:
        return start
    return f"{start}; “{label(best['choice'], CHOICES).lower()}” is the choice that moves it most"


def information(rows: Sequence[Row]) -> str:
    """Title of the table of information, from the worth of knowing everything and of the best single study."""
    perfect = next((row for row in rows if row["information"] == "perfect"), None)
    if perfect is None:
        return "What knowing more would be worth was not computed in this run"
    if perfect["value"] <= perfect["se"]:
        return "Knowing everything before deciding is worth nothing that is told apart from zero"
    places = min(1, decimals([perfect["value"]]))
    start = f"Knowing everything before deciding is worth ${plain(perfect['value'], places)}{NBSP}bn a year"
    studies = [row for row in rows if row["information"] == "together" and row["value"] > row["se"]]
    if not studies:
        return f"{start}; no single study is worth an amount told apart from zero"
    best = max(studies, key=lambda row: row["value"])
    return f"{start}, and a study that settles the {best['inputs']} ${plain(best['value'], places)}{NBSP}bn"


def backtest(rows: Sequence[Row]) -> str:
    """Title of the backtest, from the model's default against the naive trend on each target, scores on logs."""
    default = {row["target"]: row for row in rows if row["forecast"] == "constant_share"}
    if not default:
        return "No forecast was held against what came in this run"
    lost = [name for name, row in default.items() if row["crps"] > row["crps_naive"]]
    won = [name for name, row in default.items() if row["crps"] < row["crps_naive"]]
    if not lost and not won:
        return "The model’s default forecasts as well as a naive trend"
    main = max(default.values(), key=lambda row: (row["target"] in lost, row["years"]))
    scores = f"score {plain(main['crps'], 2)} against {plain(main['crps_naive'], 2)}"
    if not lost:
        return f"The model’s default forecasts better than a naive trend wherever it was tried: {scores}"
    where = "wherever it was tried" if len(lost) == len(default) else f"on {len(lost)} of {len(default)} targets"
    return f"The model’s default loses to a naive trend {where}: {scores}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
