"""World Input-Output Database, release of 2013: the table of 2011, 35 industries in 40 economies and the rest.

Reads bytes only. Values are whole millions, so rows balance to 0.04 % in sum and not line by line.
"""

from __future__ import annotations

import io

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

SOURCE = "wiod"
ROWS = 5_000_000
"""Rows that a table may have; the largest has 413,525."""


def intermediate(payload: bytes) -> pl.DataFrame:
    """Deliveries between industries: row_number, from_region, from_industry, to_region, to_industry, musd."""
    table = _parquet(payload, "wiot_2011_intermediate.parquet", ["from_iso3", "from_ind", "to_iso3", "to_ind", "musd"])
    return table.rename(
        {"from_iso3": "from_region", "from_ind": "from_industry", "to_iso3": "to_region", "to_ind": "to_industry"}
    )


def final_demand(payload: bytes) -> pl.DataFrame:
    """Deliveries to final users: row_number, from_region, from_industry, to_region, use, musd."""
    table = _parquet(payload, "wiot_2011_final_demand.parquet", ["from_iso3", "from_ind", "to_iso3", "fd", "musd"])
    return table.rename({"from_iso3": "from_region", "from_ind": "from_industry", "to_iso3": "to_region", "fd": "use"})


def output(payload: bytes) -> pl.DataFrame:
    """row_number, region, industry, output, value_added; texts."""
    file = "wiot_2011_output_value_added.csv"
    table = text_table.read(payload, SOURCE, file, ["country", "industry", "output", "va"])
    return table.select("row_number", "industry", "output", region="country", value_added="va")


def industries(payload: bytes) -> pl.DataFrame:
    """row_number, industry, name; texts."""
    table = text_table.read(payload, SOURCE, "industries35.csv", ["code", "name"])
    return table.select("row_number", "name", industry="code")


def usa(payload: bytes) -> pl.DataFrame:
    """The United States' own table, long: row_number (line, repeated), from_industry, to_industry, musd; texts.

    Its two rows of primary inputs end before the columns of final use and output.
    """
    table = text_table.read(payload, SOURCE, "usa_2011_iot35.csv", ["industry", "output"], short=True)
    return (
        table.unpivot(index=["row_number", "industry"], variable_name="to_industry", value_name="musd")
        .filter(pl.col("musd").is_not_null())
        .rename({"industry": "from_industry"})
        .sort("row_number", maintain_order=True)
    )


def _parquet(payload: bytes, file: str, columns: list[str]) -> pl.DataFrame:
    try:
        there = pl.read_parquet_schema(io.BytesIO(payload))
        if missing := [name for name in columns if name not in there]:
            raise SourceFormatError(SOURCE, file, None, "the columns " + ", ".join(columns), f"no {', '.join(missing)}")
        if nested := [name for name in columns if there[name].is_nested() or there[name] == pl.Binary]:
            raise SourceFormatError(SOURCE, file, None, "texts and numbers", f"{there[nested[0]]} in {nested[0]}")
        rows = pl.scan_parquet(io.BytesIO(payload)).select(pl.len()).collect().item()
        if rows > ROWS:  # a few bytes may say billions of equal rows
            raise SourceFormatError(SOURCE, file, None, f"at most {ROWS:,} rows", f"{rows:,}")
        table = pl.read_parquet(io.BytesIO(payload), columns=columns)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:  # damaged pages make it panic
        raise SourceFormatError(SOURCE, file, None, "a Parquet file", str(error).partition("\n")[0]) from error
    return table.select(columns).with_row_index("row_number", offset=1).cast({"row_number": pl.Int64})
