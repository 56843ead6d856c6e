"""What an asset's page shows of a table of the models: numbers that plot across runs, and a short table.

No asset is defined here; how numbers become metadata is in `describe`.
"""

import polars as pl

from models.headline import FULLEST

Numbers = dict[str, float | int | str]
Shown = tuple[Numbers, pl.DataFrame]


def headline_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The headline of each scenario, everything in its text: mean, quantiles, probability of being no better, error."""
    return (
        frame.filter(
            (pl.col("effect_set") == "default")
            & (pl.col("adoption_metric") == "scenario")
            & (pl.col("year") == 2020)
            & (pl.col("iso3") == "WLD")
            & (pl.col("measure") == "avoided_loss")
            & FULLEST
        )
        .select("scenario", "mean", "p05", "p50", "p95", "p_not_better", "mcse")
        .sort("scenario")
    )


def headline_numbers(shown: pl.DataFrame) -> Numbers:
    """The headlines as numbers that plot across runs: mean, median and 90 % interval of each scenario."""
    words = {"mean": "", "p05": ", 5 %", "p50": ", median", "p95": ", 95 %"}
    return {
        f"avoided, {row['scenario']}{word} (USD bn)": float(row[name])
        for row in shown.iter_rows(named=True)
        for name, word in words.items()
    }


def _bloc_numbers(frame: pl.DataFrame) -> Shown:
    money = frame.filter(pl.col("measure") == "avoided_loss")
    numbers: Numbers = {f"avoided, {b} (USD bn)": v for b, v in money.select("bloc", "mean").rows()}
    return numbers, money.select("bloc", "members", "mean", "p05", "p50", "p95", "p_not_better")


def _variant_numbers(frame: pl.DataFrame) -> Shown:
    numbers: Numbers = {f"{v} (USD bn)": m for v, m in frame.select("variant", "mean").rows()}
    return numbers, frame.select("variant", "mean", "p05", "p50", "p95", "p_not_better")


def _effect_numbers(frame: pl.DataFrame) -> Shown:
    default = frame.filter(pl.col("effect_set") == "default")
    numbers: Numbers = {f"P(harm), {c}": p for c, p in default.select("coefficient", "p_harm").rows()}
    return numbers, frame.select("effect_set", "coefficient", "p05", "p50", "p95", "p_harm")


def _regime_numbers(frame: pl.DataFrame) -> Shown:
    paired = frame.filter((pl.col("regime") == "agreed_minus_unilateral") & (pl.col("measure") == "state_loss"))
    numbers: Numbers = {
        f"P(agreed better), {belief}": p for belief, p in paired.select("belief", "p_agreed_better").rows()
    }
    shown = frame.filter(pl.col("measure").is_in(["state_loss", "retaliation"]))
    return numbers, shown.select("regime", "measure", "belief", "mean", "p05", "p95")


def _coalition_numbers(frame: pl.DataFrame) -> Shown:
    free = frame.filter(pl.col("penalty_share_of_gdp") == 0)
    numbers: Numbers = {
        f"stable members at {cost:g} of GDP, {players} from {start}": size
        for players, start, cost, size in free.select("players", "start", "cost_share_of_gdp", "size").rows()
        if cost in (0, 1e-5)
    }
    return numbers, free.select("players", "cost_share_of_gdp", "start", "size", "share_gdp", "gain")


COMPARISON_NUMBERS = {
    "blocs": _bloc_numbers,
    "variants": _variant_numbers,
    "effect_sets": _effect_numbers,
    "escalation": _regime_numbers,
    "coalition": _coalition_numbers,
}


def scenario_numbers(name: str, frame: pl.DataFrame) -> Numbers:
    """Numbers of a table by scenario that plot across runs."""
    labels = {"decomposition": "channel", "without_mechanism": "off", "welfare": "standing"}
    if name in labels:
        value = "value" if name == "decomposition" else "mean"
        rows = frame.select("scenario", labels[name], value).rows()
        return {f"{scenario}, {label} (USD bn)": number for scenario, label, number in rows}
    if name == "net_present_value":
        rows = frame.filter(pl.col("discount") == "5 %").select("scenario", "mechanisms", "p_pays").rows()
        return {f"P(pays) at 5 %, {scenario}, {mechanism}": number for scenario, mechanism, number in rows}
    if name == "membership_share":
        return {f"{scenario}, share of {metric}": share for scenario, metric, share in frame.rows()}
    if name == "accession_fan":
        last = frame.filter(pl.col("year") == pl.col("year").max())
        rows = last.select("scenario", "year", "p05", "p50", "p95").rows()
        return {
            f"{scenario}, members in {year}, {word}": number
            for scenario, year, *numbers in rows
            for word, number in zip(("5 %", "median", "95 %"), numbers, strict=True)
        }
    return {}
