"""World Bank, GDP at current prices (NY.GDP.MKTP.CD), the zip archive of its bulk download.

Reads bytes only; which of its codes are economies is left to the caller (aggregates have no region).
"""

from __future__ import annotations

import io
import zipfile

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

SOURCE = "worldbank_gdp"
VALUE_COLUMNS = ["Country Name", "Country Code"]
COUNTRY_COLUMNS = ["Country Code", "Region", "IncomeGroup", "TableName"]


def parse(payload: bytes) -> pl.DataFrame:
    """GDP in current US dollars as served: one row a code and year that has a value.

    Returns
    -------
    country_code, country_name, region and income_group (null for aggregates), year, gdp_usd (US dollars)

    Raises
    ------
    SourceFormatError
        Not a zip archive, a member is missing, or the header is not where the bulk download puts it.
    """
    archive = _archive(payload)
    file, values = _table(archive, "API_", VALUE_COLUMNS)
    _, countries = _table(archive, "Metadata_Country_", COUNTRY_COLUMNS)
    years = [name for name in values.columns if name.isdigit()]
    if not years:
        raise SourceFormatError(SOURCE, file, 5, "a column for each year", values.columns)
    long = values.unpivot(years, index=VALUE_COLUMNS, variable_name="year", value_name="gdp_usd")
    try:
        return (
            long.filter(pl.col("gdp_usd").str.len_chars() > 0)
            .join(countries.select("Country Code", "Region", "IncomeGroup"), on="Country Code", how="left")
            .select(
                country_code="Country Code",
                country_name="Country Name",
                region=_blank_to_null("Region"),
                income_group=_blank_to_null("IncomeGroup"),
                year=pl.col("year").cast(pl.Int32),
                gdp_usd=pl.col("gdp_usd").cast(pl.Float64),
            )
            .sort("country_code", "year")
        )
    except pl.exceptions.InvalidOperationError as error:
        raise SourceFormatError(SOURCE, file, None, "numbers under the years", str(error)) from error


def parse_countries(payload: bytes) -> pl.DataFrame:
    """Every code of the release, with or without GDP: country_code, country_name, region, income_group."""
    _, countries = _table(_archive(payload), "Metadata_Country_", COUNTRY_COLUMNS)
    return countries.select(
        country_code="Country Code",
        country_name="TableName",
        region=_blank_to_null("Region"),
        income_group=_blank_to_null("IncomeGroup"),
    ).sort("country_code")


def _blank_to_null(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column))


def _archive(payload: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(payload))
    except zipfile.BadZipFile as error:
        raise SourceFormatError(SOURCE, "archive", None, "a zip archive", payload[:20]) from error


def _table(archive: zipfile.ZipFile, prefix: str, columns: list[str]) -> tuple[str, pl.DataFrame]:
    """The member whose name begins with `prefix`, from its header on, without the trailing empty column."""
    names = [name for name in archive.namelist() if name.startswith(prefix)]
    if len(names) != 1:
        raise SourceFormatError(SOURCE, "archive", None, f"one member {prefix}*.csv", archive.namelist())
    content = archive.read(names[0])
    # A byte order mark and four lines of preamble come before the header.
    start = content.find(f'"{columns[0]}"'.encode())
    if start < 0:
        raise SourceFormatError(SOURCE, names[0], None, f"a header with {columns[0]}", content[:60])
    table = text_table.read(content[start:], SOURCE, names[0], columns)
    return names[0], table.select(name for name in table.columns if name)
