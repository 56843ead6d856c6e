"""`python -m pipelines.aggregate`: the reference tables that are computed from the mirror of public sources.

Reads the folder that CYBERACCORD_MIRROR names and rewrites those rows of data/reference whose source it computes. Rows
of other sources in the same tables (Taiwan, years before a source begins) are kept. Same mirror, same bytes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipelines import incident_counts
from pipelines.errors import InputError
from pipelines.sources import (
    eurepoc_global,
    gapminder_internet_users,
    ic3_totals,
    us_cpi,
    vcdb,
    worldbank_gdp,
    worldbank_governance,
    worldbank_population,
)

REFERENCE = Path(__file__).parent.parent / "data" / "reference"
FILES = {
    "worldbank_gdp": "worldbank_gdp/2024-10-24/API_NY.GDP.MKTP.CD_DS2_en_csv_v2_9865.zip",
    "worldbank_population": "worldbank_population/2026-03-06/population.csv",
    "gapminder": f"gapminder/2026-03-01/{gapminder_internet_users.FILE}",
    "worldbank_governance": f"worldbank_governance/2024-12-11/{worldbank_governance.FILE}",
    "us_cpi": f"us_cpi/2026-07-01/{us_cpi.FILE}",
    "ic3": f"ic3/2025/{ic3_totals.FILE}",
    "eurepoc": f"eurepoc/1.1/{eurepoc_global.FILE}",
    "vcdb": f"vcdb/2020-03-07/{vcdb.FILE}",
}
YEARS = range(2000, 2024)  # the GDP release ends in 2023
USER_YEARS = range(2015, 2024)  # internet users are complete to 2023 only
CSIS_REGION = {
    "North America": "NA",
    "Europe & Central Asia": "ECA",
    "East Asia & Pacific": "EAP",
    "South Asia": "SAS",
    "Latin America & Caribbean": "LAC",
    "Sub-Saharan Africa": "SSA",
    "Middle East & North Africa": "MENA",
}


class Mirror:
    """The bytes of the mirrored files, and the tables of data/reference that the computation needs."""

    def __init__(self, folder: Path, reference: Path) -> None:
        self.folder, self.reference = folder, reference
        self.aliases = pl.read_csv(reference / "economy_aliases.csv", infer_schema=False)

    def read(self, source: str) -> bytes:
        """Bytes of a source's file; InputError if the mirror does not hold it."""
        path = self.folder / FILES[source]
        if not path.is_file():
            raise InputError(
                "CYBERACCORD_MIRROR", None, None, "file_exists", FILES[source], "a mirror that holds this file"
            )
        return path.read_bytes()

    def iso3_of(self, scheme: str) -> dict[str, str | None]:
        """A source's own label of a country -> ISO3, None where it is no economy."""
        rows = self.aliases.filter(pl.col("scheme") == scheme)
        return dict(zip(rows["alias"], rows["iso3"], strict=True))

    def economies(self) -> pl.DataFrame:
        """World Bank economies (codes with a region), and Taiwan from the file that ships."""
        return worldbank_gdp.parse_countries(self.read("worldbank_gdp")).filter(pl.col("region").is_not_null())


def economies(mirror: Mirror) -> pl.DataFrame:
    """iso3, name, region, income_group, csis_region of every economy of the GDP release."""
    return mirror.economies().select(
        iso3="country_code",
        name="country_name",
        region="region",
        income_group=pl.col("income_group").fill_null("Not classified"),
        csis_region=pl.col("region").replace_strict(CSIS_REGION),
    )


def gdp(mirror: Mirror) -> pl.DataFrame:
    """iso3, year, gdp_usd_bn_current of the economies and the World (WLD)."""
    keep = [*mirror.economies()["country_code"], "WLD"]
    return (
        worldbank_gdp.parse(mirror.read("worldbank_gdp"))
        .filter(pl.col("country_code").is_in(keep), pl.col("year").is_in(YEARS))
        .select(iso3="country_code", year="year", gdp_usd_bn_current=(pl.col("gdp_usd") / 1e9).round(6))
    )


def population(mirror: Mirror) -> pl.DataFrame:
    """iso3, year, population (persons) of the economies."""
    return (
        worldbank_population.parse(mirror.read("worldbank_population"))
        .filter(
            pl.col("country_code").is_in(mirror.economies()["country_code"].to_list()), pl.col("year").is_in(USER_YEARS)
        )
        .select(iso3="country_code", year="year", population=pl.col("population").round().cast(pl.Int64))
    )


def internet_users(mirror: Mirror) -> pl.DataFrame:
    """iso3, year, users_share (fraction of the population) of the economies."""
    renamed = mirror.iso3_of("gapminder")
    return (
        gapminder_internet_users.parse(mirror.read("gapminder"))
        .select(
            iso3=pl.col("geo").replace(renamed).str.to_uppercase(),
            year="year",
            users_share=(pl.col("internet_users") / 100).round(6),
        )
        .filter(pl.col("iso3").is_in(mirror.economies()["country_code"].to_list()), pl.col("year").is_in(USER_YEARS))
    )


def rule_of_law(mirror: Mirror) -> pl.DataFrame:
    """iso3, year, estimate (-2.5 to 2.5) for 2008 and the latest year, Taiwan included."""
    estimates = worldbank_governance.parse(mirror.read("worldbank_governance")).filter(
        pl.col("indicator") == "rl", pl.col("estimate").is_not_null()
    )
    keep = [*mirror.economies()["country_code"], "TWN"]
    return estimates.select(
        iso3=pl.col("code").replace(mirror.iso3_of("worldbank_governance")), year="year", estimate="estimate"
    ).filter(pl.col("iso3").is_in(keep), pl.col("year").is_in([2008, estimates["year"].max()]))


def us_cpi_yearly(mirror: Mirror) -> pl.DataFrame:
    """year, index (mean of the months there are), months (under 12 marks a year that must not be used as a mean)."""
    monthly = us_cpi.parse(mirror.read("us_cpi"))
    return (
        monthly.group_by(year=pl.col("date").dt.year())
        .agg(index=pl.col("index").mean().round(5), months=pl.len())
        .sort("year")
    )


def ic3(mirror: Mirror) -> pl.DataFrame:
    """year, complaints, loss_usd, loss_precision, note."""
    return ic3_totals.parse(mirror.read("ic3")).with_columns(pl.col("loss_usd").cast(pl.Int64))


def eurepoc_counts(mirror: Mirror) -> pl.DataFrame:
    """tracker, threat_class, origin_iso3, target_iso3, incidents, vintage of EuRepoC; prints a summary by class."""
    incidents = incident_counts.eurepoc_incidents(eurepoc_global.parse(mirror.read("eurepoc")))
    return _counted("eurepoc", incident_counts.count(incidents, mirror.iso3_of("eurepoc")))


def vcdb_counts(mirror: Mirror) -> pl.DataFrame:
    """The same of the VERIS Community Database, class criminal only."""
    incidents = incident_counts.vcdb_incidents(vcdb.parse(mirror.read("vcdb")))
    return _counted("vcdb", incident_counts.count(incidents, mirror.iso3_of("vcdb")))


def _counted(tracker: str, counts: pl.DataFrame) -> pl.DataFrame:
    for row in incident_counts.summary(counts).iter_rows(named=True):
        print(
            f"{tracker}, {row['threat_class']}: {row['incidents']:.0f} incident-targets, {row['attributed']:.0f} known"
            f" ({row['share_unattributed']:.1%} not); first origin {row['leading_origin']}, {row['leading_share']:.1%}"
        )
    vintage = FILES[tracker].split("/")[1]
    return counts.select(
        pl.lit(tracker).alias("tracker"),
        "threat_class",
        "origin_iso3",
        "target_iso3",
        pl.col("incidents").round(9),
        pl.lit(vintage).alias("vintage"),
    )


DYAD = ["tracker", "threat_class", "origin_iso3", "target_iso3"]
# Source key of the computed rows, table, key of the table, function.
TABLES: list[tuple[str, str, list[str], Callable[[Mirror], pl.DataFrame]]] = [
    ("worldbank_gdp", "economies", ["iso3"], economies),
    ("worldbank_gdp", "gdp", ["iso3", "year"], gdp),
    ("worldbank_population", "population", ["iso3", "year"], population),
    ("gapminder", "internet_users", ["iso3", "year"], internet_users),
    ("worldbank_governance", "rule_of_law", ["iso3", "year"], rule_of_law),
    ("us_cpi", "us_cpi", ["year"], us_cpi_yearly),
    ("ic3", "ic3_totals", ["year"], ic3),
    ("eurepoc", "incident_counts", DYAD, eurepoc_counts),
    ("vcdb", "incident_counts", DYAD, vcdb_counts),
]


def write_rows(source: str, name: str, key: list[str], rows: pl.DataFrame, folder: Path) -> int:
    """Replace the rows of one source in one table and keep all others; returns the number of rows then in it."""
    rows = rows.with_columns(source=pl.lit(source), verified=pl.lit("true")).with_columns(pl.all().cast(pl.String))
    path = folder / f"{name}.csv"
    if path.exists():
        kept = pl.read_csv(path, infer_schema=False).filter(pl.col("source") != source)
        rows = pl.concat([rows, kept.select(rows.columns)])
    rows.sort(key).write_csv(path, line_terminator="\n")
    return rows.height


def aggregate(mirror: Mirror, folder: Path) -> None:
    """Write every computed table into a folder and print its size."""
    for source, name, key, compute in TABLES:
        print(f"{name}.csv: {write_rows(source, name, key, compute(mirror), folder)} rows")


def main() -> int:
    """Write every table; 2 if the mirror is not named or lacks a file."""
    folder = os.environ.get("CYBERACCORD_MIRROR")
    try:
        if not folder or not Path(folder).is_dir():
            raise InputError("CYBERACCORD_MIRROR", None, None, "folder_exists", folder, "the path of the mirror folder")
        aggregate(Mirror(Path(folder), REFERENCE), REFERENCE)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
