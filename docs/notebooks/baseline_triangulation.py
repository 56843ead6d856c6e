"""Baseline triangulation: three ways to the yearly cost of cybercrime, computed again from the published figures.

A marimo notebook: `marimo edit docs/notebooks/baseline_triangulation.py` opens it, `python` runs it as a script.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import math

    import duckdb
    import marimo as mo
    import numpy as np
    import plotly.graph_objects as go
    import polars as pl
    from scipy.stats import t as student_t

    from pipelines import editions

    return duckdb, editions, go, math, mo, np, pl, student_t


@app.cell
def _(mo):
    mo.md("""
    # What does cybercrime cost a year? Three ways

    The op-ed says over a trillion dollars. The model needs a baseline, and there are three ways to one:

    1. take one published figure at its word: the report behind the claim;
    2. pool the published estimates as shares of GDP, one a publisher, and let their disagreement widen the interval;
    3. average figures counted from below with figures applied from above, and see whether the two meet.

    Here the second and the third are computed again from the rows of the published database, by the code below and not
    the project's, and held against what it published.
    """)
    return


@app.cell
def _(duckdb, editions, pl):
    def ask(query):
        """The answer of the current edition; the file is opened for each question, since a run swaps in a new one."""
        with duckdb.connect(str(editions.find(None)), read_only=True) as connection:
            found = connection.sql(query)
            return pl.DataFrame(found.fetchall(), schema=found.columns, orient="row", infer_schema_length=None)

    return (ask,)


@app.cell
def _(ask, mo):
    figures = ask("""
        select estimate_id, geography, reference_year, interest, low_usd_bn, central_usd_bn, high_usd_bn, share_of_gdp,
               sqrt(high_usd_bn / low_usd_bn) as either_way
        from estimates where used order by share_of_gdp
    """)
    mo.vstack(
        [
            mo.md("## The figures\nUSD bn at prices of the reference year; shares are of GDP of that place and year."),
            mo.ui.table(figures, selection=None, format_mapping={"reference_year": str}),
        ]
    )
    return (figures,)


@app.cell
def _(go, mo):
    def intervals(rows, title, ticks):
        """A dot and its interval for each (name, low, middle, high), on a log axis."""
        name, low, middle, high = zip(*rows, strict=True)
        bars = {
            "type": "data",
            "symmetric": False,
            "array": [end - dot for end, dot in zip(high, middle, strict=True)],
            "arrayminus": [dot - end for end, dot in zip(low, middle, strict=True)],
        }
        dots = {"size": 11, "color": "#0072B2"}
        return mo.ui.plotly(
            go.Figure(
                go.Scatter(x=middle, y=name, error_x=bars, mode="markers", marker=dots),
                layout={
                    "template": "none",
                    "height": 100 + 40 * len(rows),
                    "margin": {"l": 190, "r": 20, "t": 10, "b": 50},
                    "xaxis": {"type": "log", "title": {"text": title}, "tickvals": ticks},
                },
            )
        )

    return (intervals,)


@app.cell
def _(figures, intervals):
    _rows = [
        (_name, 100 * _share / (_ways or 1), 100 * _share, 100 * _share * (_ways or 1))
        for _name, _share, _ways in figures.select("estimate_id", "share_of_gdp", "either_way").iter_rows()
    ]
    intervals(_rows, "percent of GDP; bars are printed ranges", [0.1, 0.3, 1, 3, 10, 30])
    return


@app.cell
def _(mo):
    mo.md("""
    ## Way two: pooled

    The log of a share is its true log, plus a spread between studies (tau), plus an error of its own: the printed range
    read as a 90 % interval, half a log point where none is printed. Tau maximizes the restricted likelihood, on a grid
    here. The interval of the pooled median is that of Hartung and Knapp.
    """)
    return


@app.cell
def _(ask, figures, math, np, student_t):
    logs = np.log(figures["share_of_gdp"].to_numpy())
    errors = np.array([0.5 if f is None else math.log(f) / 1.645 for f in figures["either_way"]])

    def fit(tau):
        """Pooled log share under a tau, the weights, and minus twice the restricted log likelihood."""
        weight = 1 / (errors**2 + tau**2)
        mean = (weight * logs).sum() / weight.sum()
        deviance = -np.log(weight).sum() + np.log(weight.sum()) + (weight * (logs - mean) ** 2).sum()
        return mean, weight, deviance

    _grid = np.linspace(0, 3, 30001)
    tau = _grid[np.argmin([fit(_tau)[2] for _tau in _grid])]
    _mean, _weight, _ = fit(tau)
    _df = len(logs) - 1
    _se = math.sqrt((_weight * (logs - _mean) ** 2).sum() / _df / _weight.sum())
    world_gdp = ask("select gdp_usd_bn_current from core.gdp where iso3 = 'WLD' and year = 2020").item()
    pooled = {
        _name: world_gdp * math.exp(_mean + student_t.ppf(_p, _df) * _se)
        for _name, _p in (("low", 0.05), ("p50", 0.5), ("high", 0.95))
    }
    return pooled, tau, world_gdp


@app.cell
def _(mo):
    mo.md("""
    ## Way three: from below and from above

    Each figure is a lognormal share of GDP with a weight, half of all weight for either way. The average is their
    mixture, so disagreement widens it. If the published quantiles are those of the mixture, the mixture puts 5, 50 and
    95 % below them.
    """)
    return


@app.cell
def _(ask, math):
    averaged = ask("""
        select p05, p50, p95 from model.averaging
        where selection = 'all' and weighting = 'by_approach' and quantity = 'share'
    """).row(0, named=True)
    parts = ask("select share, se, weight from model.averaging_weight where weighting = 'by_approach'").rows()

    def below(share):
        """Probability under the mixture that the loss is at most this share of GDP."""
        return sum(w * math.erfc(math.log(s / share) / (se * math.sqrt(2))) / 2 for s, se, w in parts)

    probabilities = {_name: below(_share) for _name, _share in averaged.items()}
    meeting = ask("select p05, p50, p95 from model.averaging where quantity = 'ratio'").row(0, named=True)
    return averaged, meeting, probabilities


@app.cell
def _(ask, averaged, pooled, probabilities, tau, world_gdp):
    # What is said below holds only if the project computed what it says it did.
    published = ask("""
        select usd_bn_low as low, usd_bn_p50 as p50, usd_bn_high as high, tau
        from model.pooled where specification = 'all'
    """).row(0, named=True)
    assert abs(tau - published["tau"]) < 1e-3, (tau, published["tau"])
    for _name, _usd_bn in pooled.items():
        assert abs(_usd_bn / published[_name] - 1) < 1e-3, (_name, _usd_bn, published[_name])
    for _name, _probability in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95)):
        assert abs(probabilities[_name] - _probability) < 1e-9, (_name, probabilities[_name])
    anchor = ask("""
        select mean from model.baseline where baseline = 'csis_2020_loss' and iso3 = 'WLD' and year = 2020
    """).item()
    ways = {
        "one report": (anchor, anchor, anchor),
        "pooled": (pooled["low"], pooled["p50"], pooled["high"]),
        "averaged": tuple(world_gdp * averaged[_name] for _name in ("p05", "p50", "p95")),
    }
    return (ways,)


@app.cell
def _(intervals, ways):
    intervals(
        [(_name, *_numbers) for _name, _numbers in reversed(ways.items())],
        "USD bn a year, 2020 prices; bars are 90 % intervals",
        [100, 300, 1000, 3000],
    )
    return


@app.cell
def _(ask, meeting, mo, ways):
    _edition, _run = ask("select edition, run_id from meta.runs").row(0)
    _report, (_low, _mid, _high) = ways["one report"][1], ways["pooled"]
    _inside = "inside" if _low <= _report <= _high else "outside"
    _apart = "not told apart" if meeting["p05"] <= 1 <= meeting["p95"] else "told apart"
    answer = (
        f"USD bn a year, 2020 prices. One report at its word: {_report:,.0f}. "
        f"Pooled: {_mid:,.0f}, 90 % interval {_low:,.0f} to {_high:,.0f}, the report {_inside} it. "
        "Averaged from below and from above: {1:,.0f}, 90 % interval {0:,.0f} to {2:,.0f}. ".format(*ways["averaged"])
        + f"From above over from below: {meeting['p50']:.1f}, 90 % interval {meeting['p05']:.1f} to "
        f"{meeting['p95']:.1f}: the two are {_apart}. Edition {_edition}, run {_run}."
    )
    print(answer)
    mo.md(f"## Answer\n{answer}")
    return


if __name__ == "__main__":
    app.run()
