"""World Bank, GDP at current prices (NY.GDP.MKTP.CD): the zip archive of its download, or the plain file of old ones.

Reads bytes only. Aggregates such as the World stand among economies; in the archive's metadata they have no region.
"""

from __future__ import annotations

import polars as pl

from pipelines.sources import text_table, worldbank_wide
from pipelines.sources.archives import Archive

SOURCE = "worldbank_gdp"
FILE = "API_NY.GDP.MKTP.CD"
COUNTRY = {"country_code": "Country Code", "name": "TableName", "region": "Region", "income_group": "IncomeGroup"}


def parse(payload: bytes) -> pl.DataFrame:
    """GDP as served: row_number, country_code (aggregates too), year, gdp_usd (current US dollars), as texts."""
    if _zipped(payload):
        name, payload = Archive(payload, SOURCE, FILE).read("API_", ".csv")
        return worldbank_wide.long(payload, SOURCE, name, "gdp_usd")
    return worldbank_wide.long(payload, SOURCE, FILE, "gdp_usd")


def parse_countries(payload: bytes) -> pl.DataFrame:
    """Every code of the release: row_number, country_code, name, region and income_group (null for aggregates).

    Without rows for a plain file, which comes without metadata.
    """
    if not _zipped(payload):
        return pl.DataFrame(schema={"row_number": pl.Int64, **dict.fromkeys(COUNTRY, pl.String)})
    name, content = Archive(payload, SOURCE, FILE).read("Metadata_Country_", ".csv")
    return text_table.read(content, SOURCE, name, list(COUNTRY.values())).select(
        "row_number", **{ours: pl.col(theirs) for ours, theirs in COUNTRY.items()}
    )


def _zipped(payload: bytes) -> bool:
    """Whatever is no text table is taken for an archive, which says what is wrong with it."""
    return payload[:2] == b"PK" or b"\0" in payload[:1000]
