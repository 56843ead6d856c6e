"""What of a loss lowers GDP and what lowers welfare, draw by draw.

Belongs here: the step from the ledgers of a loss to output and to well-being in one year. The ledgers are in `ledgers`,
how far a stoppage spreads in `propagation`, what years of loss do to output in `growth_path`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.flows import class_share
from models.ledgers import LEDGERS, Split, split
from models.priors import Draws
from models.world import CLASSES

Array = NDArray[np.float64]
ByClass = Mapping[str, Array]
"""By threat class, (rows, draws) USD bn of 2020; a row is an economy or the world."""

USD = "USD bn, 2020 prices"
NOT_THE_ANCHOR = "not the anchor's ledgers: indirect loss as supply chains have it, which may exceed the anchor"
"""Label of every result of the alternative `amplified`."""
ALL = "all"


def gdp_per_loss(draws: Draws, defence: float = 0.0) -> dict[str, Array]:
    """(draws,) GDP lost per dollar of loss, by threat class: theta_d direct + indirect (model.md 5).

    Parameters
    ----------
    defence : share of the anchor that is spending on defence, see `ledgers.defence_share`

    Notes
    -----
    A transfer is no loss of output. Defence that firms buy is intermediate use and leaves GDP as it is, what households
    and governments buy counts in GDP. The indirect loss is the anchor's own, so that its ledgers sum to it.
    """
    theta = draws["gdp_share_of_direct"]
    return {k: theta * each.direct + each.indirect for k, each in split(draws, defence).items()}


def amplified_per_loss(draws: Draws, amplification: Array, defence: float = 0.0) -> dict[str, Array]:
    """(draws,) GDP lost per dollar of loss, by threat class, where supply chains decide the indirect loss.

    Parameters
    ----------
    amplification : m, (draws,), total over direct loss of output, see `propagation.amplification`

    Errors: ValueError where m is below 1 or has not the draws.

    Notes
    -----
    model.md 5, alternative `amplified`: theta_d direct + (m - 1) theta_d direct. No ledger of the anchor holds that
    indirect loss, so the sum may exceed the anchor: print it under `NOT_THE_ANCHOR` and never as the default. It is
    below the default where m is below `implied_amplification`.
    """
    if amplification.shape != (draws.size,) or not (amplification >= 1).all():
        raise ValueError("amplification needs one number a draw, none below 1")
    theta = draws["gdp_share_of_direct"]
    return {k: amplification * theta * each.direct for k, each in split(draws, defence).items()}


def implied_amplification(draws: Draws) -> Array:
    """(draws,) m that the default's own ledgers imply for all loss together: 1 + indirect / (theta_d direct)."""
    ledgers, shares = split(draws), class_share(draws)
    direct = draws["gdp_share_of_direct"] * sum(shares[k] * ledgers[k].direct for k in CLASSES)
    indirect = sum(shares[k] * ledgers[k].indirect for k in CLASSES)
    return np.asarray(1 + indirect / direct)


def of_classes(per_loss: Mapping[str, Array], loss_by_class: ByClass) -> Array:
    """(rows, draws) the sum over threat classes of what each dollar of loss costs, USD bn."""
    return np.asarray(sum(per_loss[k] * loss_by_class[k] for k in CLASSES))


def gdp_measures(
    draws: Draws,
    loss_by_class: ByClass,
    avoided_by_class: ByClass,
    defence: float = 0.0,
    gains: Array | None = None,
    amplification: Array | None = None,
) -> dict[str, Array]:
    """`gdp_loss`, `avoided_gdp_loss` and `welfare_loss`, (rows, draws) each, USD bn of 2020.

    Parameters
    ----------
    loss_by_class : loss in the status quo, (rows, draws) for each of the three threat classes
    avoided_by_class : what a scenario avoids of it, net of what is displaced, in the same shapes
    defence : share of the anchor that is spending on defence; a convention avoids none of it
    gains : (rows, draws) of the residents who gain from attacks in the scenario, where a standing counts them: omega
        times transfers received and rho times what attacking states take; none in the headline
    amplification : (draws,) m of the alternative `amplified`, whose results are `NOT_THE_ANCHOR`

    Errors
    ------
    ValueError where a class is missing or shapes differ.

    Notes
    -----
    model.md 5. As `loss` in the table of measures, gdp_loss and welfare_loss are what is left under the scenario:
    status quo less avoided. Welfare loss = transfers paid + direct + indirect + defence - gains; under the anchor's own
    ledgers that is all of the loss.
    """
    shape = _shape(draws, loss_by_class, avoided_by_class)
    if gains is not None and gains.shape != shape:
        raise ValueError(f"gains has shape {gains.shape}; the losses have {shape}")
    theta, ledgers = draws["gdp_share_of_direct"], split(draws, defence)
    if amplification is None:
        per_loss = gdp_per_loss(draws, defence)
        indirect = {k: each.indirect for k, each in ledgers.items()}
    else:
        per_loss = amplified_per_loss(draws, amplification, defence)
        indirect = {k: (amplification - 1) * theta * each.direct for k, each in ledgers.items()}
    hurt = {k: each.transfer + each.direct + indirect[k] for k, each in ledgers.items()}
    avoided = of_classes(per_loss, avoided_by_class)
    spent = of_classes({k: each.defence for k, each in ledgers.items()}, loss_by_class)
    welfare = spent + of_classes(hurt, {k: loss_by_class[k] - avoided_by_class[k] for k in CLASSES})
    return {
        "gdp_loss": of_classes(per_loss, loss_by_class) - avoided,
        "avoided_gdp_loss": avoided,
        "welfare_loss": welfare if gains is None else welfare - gains,
    }


def ledger_table(draws: Draws, loss: Array, defence: float = 0.0) -> pl.DataFrame:
    """`model.ledgers`: the world's loss by threat class and ledger, and what of each lowers GDP.

    Parameters
    ----------
    loss : (draws,) the world's loss in the status quo, USD bn of 2020
    """
    if loss.shape != (draws.size,):
        raise ValueError(f"loss has shape {loss.shape}; there are {draws.size} draws")
    theta, none = draws["gdp_share_of_direct"], np.zeros(draws.size)
    lowers_gdp = {"transfer": none, "direct": theta, "indirect": none + 1, "defence": none}
    by_class = {k: share * loss for k, share in class_share(draws).items()}
    of_ledger = {k: _amounts(each, by_class[k]) for k, each in split(draws, defence).items()}
    of_ledger[ALL] = {name: sum((of_ledger[k][name] for k in CLASSES), none) for name in LEDGERS}
    by_class[ALL] = loss
    rows = []
    for k, amounts in of_ledger.items():
        for name, values in amounts.items():
            low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
            share = float(values.mean() / by_class[k].mean())
            lost = float((lowers_gdp[name] * values).mean())
            rows.append((k, name, share, float(values.mean()), float(low), float(middle), float(high), lost, USD))
    names = ["threat_class", "ledger", "share", "mean", "p05", "p50", "p95", "gdp_mean", "unit"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _amounts(shares: Split, loss: Array) -> dict[str, Array]:
    """(draws,) of each ledger, USD bn."""
    return {name: getattr(shares, name) * loss for name in LEDGERS}


def _shape(draws: Draws, *given: ByClass) -> tuple[int, int]:
    """The common (rows, draws) of losses by class; ValueError where a class is missing or a shape differs."""
    missing = sorted({k for each in given for k in CLASSES if k not in each})
    if missing:
        raise ValueError(f"losses by class lack class {', '.join(missing)}; all of {', '.join(CLASSES)} are needed")
    shapes = {np.shape(each[k]) for each in given for k in CLASSES}
    shape = next(iter(shapes))
    if len(shapes) > 1 or len(shape) != 2 or shape[1] != draws.size:
        raise ValueError(f"losses by class need one shape (rows, {draws.size}); found {sorted(shapes)}")
    return shape[0], shape[1]
