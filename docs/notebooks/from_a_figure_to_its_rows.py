"""From a figure to its rows: one share of the table of who attacks whom, walked back to a file with a checksum.

A marimo notebook: `marimo edit docs/notebooks/from_a_figure_to_its_rows.py` opens it, `python` runs it as a script.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import csv
    import hashlib
    import io
    import json

    import duckdb
    import marimo as mo
    import plotly.graph_objects as go
    import polars as pl

    from pipelines import editions, store

    return csv, duckdb, editions, go, hashlib, io, json, mo, pl, store


@app.cell
def _(mo):
    mo.md("""
    # From a figure to its rows

    The model's loss by origin rests on a table of who attacks whom. Here one of its shares, Russia's among the state
    attacks on the United States, is walked back: to the counts behind it, and from its count to the line of the file
    that ships with the project or, where the source has been fetched, to the lines of the publisher's own file. Each
    step is computed again on the way.
    """)
    return


@app.cell
def _(duckdb, editions, pl):
    origin, target, threat_class, tracker = "RUS", "USA", "state", "eurepoc"

    def ask(query, *values):
        """The answer of the current edition to a query, with values for its question marks."""
        with duckdb.connect(str(editions.find(None)), read_only=True) as connection:
            found = connection.execute(query, list(values))
            names = [column[0] for column in found.description]
            return pl.DataFrame(found.fetchall(), schema=names, orient="row", infer_schema_length=None)

    return ask, origin, target, threat_class, tracker


@app.cell
def _(ask, go, mo, origin, target, threat_class):
    _table = ask(
        """
        select origin_iso3, share from core.dyads
        where target_iso3 = ? and threat_class = ? and origin_iso3 <> 'UNK' order by share desc
        """,
        target,
        threat_class,
    )
    shares = dict(_table.iter_rows())
    figure = shares[origin]
    _first = dict(list(shares.items())[:8])
    _chart = go.Figure(
        go.Bar(x=list(_first), y=[100 * share for share in _first.values()], marker={"color": "#0072B2"}),
        layout={
            "template": "none",
            "height": 280,
            "margin": {"l": 50, "r": 20, "t": 10, "b": 40},
            "yaxis": {"title": {"text": "percent of attributed attacks"}},
        },
    )
    mo.vstack(
        [mo.md(f"## The figure\n{origin} on {target}, class {threat_class}: {figure:.4f}."), mo.ui.plotly(_chart)]
    )
    return figure, shares


@app.cell
def _(mo):
    mo.md("""
    ## The counts behind it

    A share is (n + a p) / (N + a): the count n of the origin among the N attributed attacks on the target, shrunk to
    the share p that the origin has among all targets, the target itself left out. How far, a, is fitted. If that is
    what was done, the a that explains one origin explains every origin.
    """)
    return


@app.cell
def _(ask, figure, origin, shares, target, threat_class, tracker):
    _counts = ask(
        "select origin_iso3, target_iso3, incidents from core.incident_counts where tracker = ? and threat_class = ?",
        tracker,
        threat_class,
    ).rows()
    _known = [row for row in _counts if row[0] != "UNK"]
    counted = {o: n for o, t, n in _known if t == target}
    _elsewhere = {}
    for _origin, _target, _n in _known:
        if _origin not in (_target, target):
            _elsewhere[_origin] = _elsewhere.get(_origin, 0) + _n
    _all = sum(_elsewhere.values())
    pooled = {_origin: _n / _all for _origin, _n in _elsewhere.items()}
    _total = sum(counted.values())
    shrinkage = (counted[origin] - figure * _total) / (figure - pooled[origin])
    _gaps = [
        abs(share - (counted.get(o, 0) + shrinkage * pooled.get(o, 0)) / (_total + shrinkage))
        for o, share in shares.items()
    ]
    assert shrinkage > 0 and max(_gaps) < 1e-9, (shrinkage, max(_gaps))
    return counted, shrinkage


@app.cell
def _(ask, mo, tracker):
    source = ask("select * from meta.sources where source_id = ?", tracker).row(0, named=True)
    fetched = source["basis"] == "records"
    mo.md(
        f"## The source\n{source['citation']}. Licence: {source['licence']}; to be passed on: "
        f"{source['redistributable']}. Vintage {source['vintage']}, here as "
        f"{'the records of that vintage' if fetched else 'the figures that ship with the project'}."
    )
    return fetched, source


@app.cell
def _(csv, fetched, hashlib, io, json, mo, origin, store, target, threat_class, tracker, ask):
    # Without a vintage: the line of the reference file, from the bytes that the run kept, with their checksum.
    shipped = None
    if not fetched:
        _run = store.runs() / ask("select run_id from meta.runs").item()
        _name = "reference/incident_counts.csv"
        _bytes = (_run / "inputs" / _name).read_bytes()
        _manifest = json.loads((_run / "manifest.json").read_text(encoding="utf-8"))
        _sha256 = hashlib.sha256(_bytes).hexdigest()
        assert _sha256 == _manifest["inputs"][_name], _name
        _reader = csv.DictReader(io.StringIO(_bytes.decode("utf-8")))
        _wanted = (tracker, threat_class, origin, target)
        _columns = ("tracker", "threat_class", "origin_iso3", "target_iso3")
        _found = [(_reader.line_num, row) for row in _reader if tuple(row[c] for c in _columns) == _wanted]
        assert len(_found) == 1, _found
        shipped = {"file": f"data/{_name}", "line": _found[0][0], "sha256": _sha256, **_found[0][1]}
    mo.md(
        f"Line {shipped['line']} of `{shipped['file']}`: {shipped['incidents']} incidents."
        if shipped
        else "The source has been fetched: its own lines are next."
    )
    return (shipped,)


@app.cell
def _(ask, fetched, hashlib, json, origin, pl, source, store, target, threat_class, tracker):
    # With a vintage: each record of the class, its origins and targets as the source labels them, and its line.
    rows, files = None, {}
    if fetched:
        rows = ask(
            """
            with mine as (
                select r.row_number, s.incident_id, s.initiator_country, s.receiver_country
                from core.incident_records as r join staging.eurepoc_incidents as s using (vintage, row_number)
                where r.source_id = $1 and r.threat_class = $2
            ), origins as (
                select distinct m.row_number, a.iso3 from mine as m, unnest(m.initiator_country) as u(label)
                join core.economy_aliases as a on a.scheme = $1 and a.alias = u.label where a.iso3 is not null
            ), targets as (
                select distinct m.row_number, a.iso3 from mine as m, unnest(m.receiver_country) as u(label)
                join core.economy_aliases as a on a.scheme = $1 and a.alias = u.label where a.iso3 is not null
            ), weights as (
                select row_number, 1 / count(*) as weight from origins group by row_number
                having bool_or(iso3 = $3)
            )
            select m.row_number, m.incident_id, w.weight
            from mine as m join weights as w using (row_number) join targets as t using (row_number)
            where t.iso3 = $4 order by m.row_number
            """,
            tracker,
            threat_class,
            origin,
            target,
        ).with_columns(pl.col("weight").cast(pl.Float64))
        _folder = store.home() / "vintages" / tracker / source["vintage"]
        _manifest = json.loads((_folder / "manifest.json").read_text(encoding="utf-8"))
        files = {_file["name"]: (_folder / _file["name"]).read_bytes() for _file in _manifest["files"]}
        _sha256 = {_name: hashlib.sha256(_bytes).hexdigest() for _name, _bytes in files.items()}
        assert _sha256 == {_file["name"]: _file["sha256"] for _file in _manifest["files"]}
        # the run's own record of the vintage: one hash over its files, names included
        _lines = "".join(f"{_name} {_sha256[_name]}\n" for _name in sorted(_sha256))
        assert hashlib.sha256(_lines.encode()).hexdigest() == source["sha256"]
    return files, rows


@app.cell
def _(csv, files, io, mo, rows):
    # row_number is the line at which a record of the publisher's file begins: each is read there, and its id compared.
    lines = {}
    if rows is not None:
        _file = next(_name for _name in files if "Global_Database" in _name)
        _reader = csv.reader(io.StringIO(files[_file].decode("utf-8-sig")))
        _begins = 1
        for _record in _reader:
            lines[_begins] = _record
            _begins = _reader.line_num + 1
        for _line, _id in rows.select("row_number", "incident_id").iter_rows():
            assert lines[_line][lines[1].index("ID")] == str(_id), (_line, _id)
    mo.vstack([mo.md(f"{rows.height} lines of the publisher's file"), mo.ui.table(rows)]) if rows is not None else None
    return


@app.cell
def _(ask, counted, fetched, figure, mo, origin, rows, shipped, shrinkage, source, target, threat_class):
    _count, _total = counted[origin], sum(counted.values())
    if fetched:
        assert abs(rows["weight"].sum() - _count) < 1e-9, (rows["weight"].sum(), _count)
        _behind = (
            f"the sum of the weights of {rows.height} records, the first at line {rows['row_number'][0]} of vintage "
            f"{source['vintage']}, whose files have the checksum {source['sha256'][:12]} of meta.sources"
        )
    else:
        assert float(shipped["incidents"]) == _count, (shipped, _count)
        _behind = (
            f"line {shipped['line']} of {shipped['file']} (SHA-256 {shipped['sha256'][:12]}), counted from vintage "
            f"{shipped['vintage']} of {shipped['source']}; after make refresh the walk goes on to its rows"
        )
    _edition, _run = ask("select edition, run_id from meta.runs").row(0)
    answer = (
        f"{origin} on {target}, class {threat_class}: {figure:.4f} is {_count:g} of {_total:g} attributed "
        f"attacks ({_count / _total:.4f}), shrunk by {shrinkage:.1f} incidents' worth to all targets. "
        f"{_count:g} is {_behind}. Edition {_edition}, run {_run}."
    )
    print(answer)
    mo.md(f"## Answer\n{answer}")
    return


if __name__ == "__main__":
    app.run()
