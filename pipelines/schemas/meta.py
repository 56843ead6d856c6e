"""The tables of schema `meta` in the published database: where every number comes from, each column described once."""

from __future__ import annotations

import polars as pl

from pipelines.schemas.tables import COUNT, LABEL, OWN, column, count, number, table, text

META_TABLES = [
    table(
        "meta.runs",
        "The run behind this edition; one row is a run",
        "store/runs/<run_id>/manifest.json",
        text("run_id", "id of the run, as in the Dagster UI"),
        text("edition", "month of the edition, YYYY-MM"),
        column("created_at", pl.Datetime("us"), "UTC", "when the run published"),
        text("git_commit", "commit of the code; null outside a git checkout", nullable=True),
        text("inputs_sha256", "SHA-256 over the reference and scenario files"),
        text("priors_sha256", "SHA-256 over the prior files"),
        column("seed", pl.Int64, LABEL, "seed of the scrambles"),
        count("draws", "number of paired draws"),
        column("as_of", pl.Date, "date", "data as of: the latest day the inputs speak of"),
        text("versions", "Python and the packages that compute, as JSON"),
        key=["run_id"],
    ),
    table(
        "meta.sources",
        "The sources in this run; one row is a source",
        "data/reference/sources.csv",
        text("source_id", "key of the source"),
        text("title", "title"),
        text("producer", "who publishes it"),
        text("citation", "how to cite it", nullable=True),
        text("url", "where it is", nullable=True),
        text("licence", "licence as the producer states it", nullable=True),
        text("redistributable", "whether its data may be passed on: yes, no or not confirmed"),
        text("vintage", "which edition of the source was read", nullable=True),
        text("sha256", "SHA-256 of the reference files that rest on it", nullable=True),
        count("rows_in", "rows of reference tables resting on it"),
        count("rows_kept", "rows kept"),
        count("rows_rejected", "rows rejected"),
        count("rows_merged", "rows merged as duplicates"),
        key=["source_id"],
    ),
    table(
        "meta.rejects",
        "Rows that break a rule; one row is a rejected row and a rule",
        "staging",
        text("source_id", "key of the source"),
        text("vintage", "edition of the source", nullable=True),
        column("row_number", pl.Int32, COUNT, "row in the source's file"),
        text("column_name", "column, null where the rule is about the row", nullable=True),
        text("rule", "rule that is broken"),
        text("value", "value exactly as the source wrote it", nullable=True),
    ),
    table(
        "meta.priors",
        "The uncertain inputs; one row is an input",
        "data/priors",
        text("prior_id", "name of the input"),
        text("distribution", "family of the distribution"),
        text("arguments", "its arguments, as JSON"),
        text("unit", "what a draw is"),
        text("kind", "estimated, published or judgement"),
        text("source", "keys of the sources"),
        column("verified", pl.Boolean, "true or false", "whether the source was read and says so"),
        text("rationale", "why this shape"),
        key=["prior_id"],
    ),
    table(
        "meta.claims",
        "The op-ed's three claims under every defensible reading; one row is a claim and a reading",
        "core.estimates, core.gdp, core.us_cpi, core.claim_bases",
        text("claim", "the claim in the op-ed's words"),
        text("reading", "what it may mean"),
        number("value", OWN, "the figure under this reading"),
        number("threshold", OWN, "the figure the claim names"),
        column("holds", pl.Boolean, "true or false", "whether the claim holds on this reading"),
        text("unit", "unit of value and threshold"),
        text("verdict", "over the readings of the claim: holds, on some readings or fails"),
        text("source", "ids of the rows it rests on"),
        column("principal", pl.Boolean, "true or false", "a reading that takes the op-ed's source at its word"),
        key=["claim", "reading"],
    ),
    table(
        "meta.columns",
        "Every published column with its unit and description; one row is a column",
        "pipelines/schemas",
        text("table_schema", "schema"),
        text("table_name", "table or view"),
        text("column_name", "column"),
        text("type", "type in DuckDB"),
        text("unit", "unit"),
        text("description", "what it holds"),
        key=["table_schema", "table_name", "column_name"],
    ),
]

META = {str(schema.name).split(".")[1]: schema for schema in META_TABLES}
WRITTEN_BY_THE_WAREHOUSE = ("runs", "columns", "rejects")
"""Tables of `meta` that no asset computes."""
