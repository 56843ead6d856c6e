"""World Input-Output Database, release of 2013: the table of 2011, 35 industries in 40 economies and the rest.

Reads bytes only. Values are whole millions, so rows balance to 0.04 % in sum and not line by line.
"""

from __future__ import annotations

import polars as pl

from pipelines.sources import parquet_table, text_table

SOURCE = "wiod"


def intermediate(payload: bytes) -> pl.DataFrame:
    """Deliveries between industries: row_number, from_region, from_industry, to_region, to_industry, musd."""
    table = parquet_table.read(
        payload, SOURCE, "wiot_2011_intermediate.parquet", ["from_iso3", "from_ind", "to_iso3", "to_ind", "musd"]
    )
    return table.rename(
        {"from_iso3": "from_region", "from_ind": "from_industry", "to_iso3": "to_region", "to_ind": "to_industry"}
    )


def final_demand(payload: bytes) -> pl.DataFrame:
    """Deliveries to final users: row_number, from_region, from_industry, to_region, use, musd."""
    table = parquet_table.read(
        payload, SOURCE, "wiot_2011_final_demand.parquet", ["from_iso3", "from_ind", "to_iso3", "fd", "musd"]
    )
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
