"""Your own convention: a scenario from the draft, evaluated and held against the op-ed's on paired draws.

A marimo notebook: `marimo edit docs/notebooks/your_own_convention.py` opens it, `python` runs it as a script.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import math
    import tempfile
    from pathlib import Path

    import duckdb
    import marimo as mo
    import numpy as np
    import plotly.graph_objects as go
    from threadpoolctl import threadpool_limits

    from models.counterfactual import headline_point
    from models.results import accessions, memberships
    from models.setting import Conventions, Setting, default_betas, kernels
    from pipelines import editions, scenario_draft, scenarios
    from pipelines.shipped_study import shipped_study

    return (
        Conventions,
        Path,
        Setting,
        accessions,
        default_betas,
        duckdb,
        editions,
        go,
        headline_point,
        kernels,
        math,
        memberships,
        mo,
        np,
        scenario_draft,
        scenarios,
        shipped_study,
        tempfile,
        threadpool_limits,
    )


@app.cell
def _(mo):
    mo.md("""
    # What would a convention of your own be worth?

    A convention is a file: `policy` is what diplomats choose, `assumptions` what nobody chooses. At the prompt it is

    ```sh
    cyberaccord scenario new mine && cyberaccord scenario check mine && cyberaccord run --scenario mine
    ```

    Here the same draft goes into a temporary folder, is changed, and is evaluated at few draws beside the op-ed's. Both
    are evaluated on the same draws, so their difference has an interval of its own. Change `changes` and run again.
    """)
    return


@app.cell
def _():
    # A line of the draft and what it becomes: founders, text, and who joins later.
    changes = {
        "  clauses: [law, consequences, stand_down]": "  clauses: [law, consequences]",
        "    blocs: [G7]": "    blocs: [EU]",
        "    economies: []": "    economies: [GBR, JPN, KOR]",
        "      blocs: [OECD]": "      blocs: [OECD, ASEAN]",
        "      reason: Why these, and why then.": "      reason: Partners by 2030, an assumption of this notebook.",
    }
    draws = 1024
    return changes, draws


@app.cell
def _(Path, changes, mo, scenario_draft, scenarios, tempfile):
    with tempfile.TemporaryDirectory() as _folder:
        _path = scenario_draft.write("mine", Path(_folder))
        _text = _path.read_text(encoding="utf-8")
        for _line, _instead in changes.items():
            assert _text.count(f"\n{_line}\n") == 1, f"the draft has no line '{_line}'"
            _text = _text.replace(f"\n{_line}\n", f"\n{_instead}\n")
        _path.write_text(_text, encoding="utf-8")
        # InputError, with file, line and field, where something is wrong
        mine = scenarios.load_file(_path).for_models()
    theirs = scenarios.load("op_ed_convention").for_models()
    mo.md(
        f"`{mine.name}`: {len(mine.founders)} founders, {len(mine.joins)} members in the end, clauses "
        f"{', '.join(sorted(mine.clauses))}. `{theirs.name}`: {len(theirs.founders)} founders, {len(theirs.joins)} "
        f"members, clauses {', '.join(sorted(theirs.clauses))}."
    )
    return mine, theirs


@app.cell
def _(
    Conventions,
    Setting,
    accessions,
    default_betas,
    draws,
    headline_point,
    kernels,
    memberships,
    mine,
    shipped_study,
    theirs,
    threadpool_limits,
):
    study = shipped_study(draws)
    _both = [mine, theirs]
    # only a convention that states join by the hazard needs its accession simulated
    _members = memberships(study, _both, accessions(study, [s for s in _both if s.accession == "hazard"]))
    # the membership of the last year, fully phased in, at the 2020 baseline: what `headline` holds
    _points = [headline_point(study.world, s, study.settings, _members[s.name].joined[-1]) for s in _both]
    with threadpool_limits(1):
        _conventions = Conventions(Setting.of(study), _points)
        _law = _conventions.ensemble.run_factored(kernels(_conventions.ensemble, default_betas(study)))
        _conduct = _conventions.conduct()
        _outcomes = _conventions.outcomes(_law, _conduct)
        _net = _conventions.net(_law, _conduct)
    # (draws,) each, USD bn a year at 2020 prices
    avoided = dict(zip(("mine", "theirs"), (o.avoided for o in _outcomes), strict=True))
    net = dict(zip(("mine", "theirs"), _net, strict=True))
    return avoided, net, study


@app.cell
def _(avoided, go, mo):
    _chart = go.Figure(
        go.Histogram(x=avoided["mine"] - avoided["theirs"], nbinsx=60, marker={"color": "#0072B2"}),
        layout={
            "template": "none",
            "height": 300,
            "margin": {"l": 50, "r": 20, "t": 10, "b": 50},
            "xaxis": {"title": {"text": "avoided loss, mine less the op-ed's, same draw; USD bn a year, 2020 prices"}},
            "yaxis": {"title": {"text": "draws"}},
        },
    )
    mo.vstack([mo.md("## The difference, draw by draw"), mo.ui.plotly(_chart)])
    return


@app.cell
def _(avoided, duckdb, editions, math, np, study):
    # The op-ed's convention evaluated here must be the published one, up to the error of few draws.
    with duckdb.connect(str(editions.find(None)), read_only=True) as _connection:
        published, published_error, published_draws = _connection.execute("""
            select h.avoided_loss, h.mcse, r.draws from headline as h, meta.runs as r
            where h.scenario = 'op_ed_convention' and h.mechanisms = 'all'
        """).fetchall()[0]
    _by_scramble = avoided["theirs"].reshape(study.draws.scrambles, -1).mean(axis=1)
    error = float(np.std(_by_scramble, ddof=1)) / math.sqrt(study.draws.scrambles)
    here = float(avoided["theirs"].mean())
    assert abs(here - published) < 5 * math.hypot(error, published_error), (here, error, published, published_error)
    return error, here, published, published_draws


@app.cell
def _(avoided, draws, error, here, mo, net, np, published, published_draws):
    _difference = avoided["mine"] - avoided["theirs"]
    _low, _mid, _high = np.quantile(_difference, (0.05, 0.5, 0.95))
    _mine_low, _mine_mid, _mine_high = np.quantile(avoided["mine"], (0.05, 0.5, 0.95))
    _more, _worth_more = np.mean(_difference > 0), np.mean(net["mine"] > net["theirs"])
    # unpaired, a draw of one would meet any draw of the other
    _unpaired = np.hypot(avoided["mine"].std(), avoided["theirs"].std())
    assert abs(_difference.mean() - (avoided["mine"].mean() - here)) < 1e-9
    assert np.isfinite(_difference).all() and len(_difference) == draws
    answer = (
        f"USD bn a year, 2020 prices, {draws:,} draws. Mine avoids {_mine_mid:.1f} at the median, 90 % interval "
        f"{_mine_low:.1f} to {_mine_high:.1f}. Mine less the op-ed's in the same draw: {_mid:.1f}, 90 % interval "
        f"{_low:.1f} to {_high:.1f}; mine avoids more in {100 * _more:.0f} % of draws and is worth more net of "
        f"costs in {100 * _worth_more:.0f} %. The standard deviation of the difference is "
        f"{_difference.std():.1f}; unpaired it would be {_unpaired:.1f}. Check: the op-ed's mean is {here:.2f} here "
        f"(standard error {error:.2f}) and {published:.2f} in the published database ({published_draws:,} draws)."
    )
    print(answer)
    mo.md(f"## Answer\n{answer}")
    return


if __name__ == "__main__":
    app.run()
