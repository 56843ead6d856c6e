"""World Bank parsers on tiny hand-made files with the defects of the real ones; all numbers are made up."""

from __future__ import annotations

import io
import zipfile

import polars as pl
import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import worldbank_gdp, worldbank_governance, worldbank_population

PREAMBLE = '\ufeff"Data Source","World Development Indicators",\r\n\r\n"Last Updated Date","2024-10-24",\r\n\r\n'
VALUES = (
    '"Country Name","Country Code","Indicator Name","Indicator Code","2019","2020",\r\n'
    '"Atlantis","ATL","GDP (current US$)","NY.GDP.MKTP.CD","2000000000","",\r\n'
    '"Lemuria, Rep.","LEM","GDP (current US$)","NY.GDP.MKTP.CD","1","3500000000.5",\r\n'
    '"Sunken lands","SNK","GDP (current US$)","NY.GDP.MKTP.CD","2000000001","3500000000.5",\r\n'
)
COUNTRIES = (
    '\ufeff"Country Code","Region","IncomeGroup","SpecialNotes","TableName",\r\n'
    '"ATL","South Asia","High income","A note over\r\n\r\ntwo paragraphs, with ""quotes"".","Atlantis",\r\n'
    '"LEM","South Asia","","","Lemuria, Rep.",\r\n'
    '"SNK","","","An aggregate.","Sunken lands",\r\n'
)


def archive(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, text in members.items():
            out.writestr(name, text.encode())
    return buffer.getvalue()


@pytest.fixture
def release() -> bytes:
    return archive(
        {"API_X.csv": PREAMBLE + VALUES, "Metadata_Country_X.csv": COUNTRIES, "Metadata_Indicator_X.csv": ""}
    )


def test_gdp_survives_mark_preamble_and_trailing_column_and_leaves_out_empty_years(release: bytes) -> None:
    table = worldbank_gdp.parse(release)
    assert table.select("country_code", "year", "gdp_usd").rows() == [
        ("ATL", 2019, 2e9),
        ("LEM", 2019, 1.0),
        ("LEM", 2020, 3500000000.5),
        ("SNK", 2019, 2000000001.0),
        ("SNK", 2020, 3500000000.5),
    ]


def test_gdp_aggregates_are_the_codes_without_region(release: bytes) -> None:
    countries = worldbank_gdp.parse_countries(release)
    assert countries.filter(pl.col("region").is_null())["country_code"].to_list() == ["SNK"]
    assert countries.filter(pl.col("country_code") == "LEM").row(0) == ("LEM", "Lemuria, Rep.", "South Asia", None)


@pytest.mark.parametrize(
    "payload",
    [
        b"not a zip",
        archive({"API_X.csv": PREAMBLE + VALUES}),
        archive({"API_X.csv": "<html>busy</html>", "Metadata_Country_X.csv": COUNTRIES}),
        archive({"API_X.csv": PREAMBLE + VALUES, "API_Y.csv": "", "Metadata_Country_X.csv": COUNTRIES}),
        archive({"API_X.csv": '"Country Name","Code"\n"a","b"\n', "Metadata_Country_X.csv": COUNTRIES}),
        archive({"API_X.csv": PREAMBLE + VALUES.replace("3500000000.5", "much"), "Metadata_Country_X.csv": COUNTRIES}),
    ],
)
def test_gdp_of_another_shape_is_refused_by_name(payload: bytes) -> None:
    with pytest.raises(SourceFormatError, match="worldbank_gdp"):
        worldbank_gdp.parse(payload)


def test_population_keeps_aggregates_in_the_labels_of_the_source() -> None:
    table = worldbank_population.parse(
        b'Country Name,Country Code,Year,Value\n"Bahamas, The",BHS,2020,400\nWorld,WLD,2020,8000.0\n'
    )
    assert table.rows() == [("BHS", "Bahamas, The", 2020, 400.0), ("WLD", "World", 2020, 8000.0)]


@pytest.mark.parametrize(
    "payload", [b"Country,Year,Value\na,1,2\n", b"Country Name,Country Code,Year,Value\nA,AAA,2020,many\n", b""]
)
def test_population_of_another_shape_is_refused_by_name(payload: bytes) -> None:
    with pytest.raises(SourceFormatError, match="worldbank_population"):
        worldbank_population.parse(payload)


GOVERNANCE = b"\xef\xbb\xbfcodeindyr,code,countryname,year,indicator,estimate,stddev\n"


def test_governance_reads_dots_as_missing_and_keeps_old_codes() -> None:
    table = worldbank_governance.parse(
        GOVERNANCE + b"KSVrl2008,KSV,Kosovo,2008,rl,-0.61,0.2\nASMrl2008,ASM,American Samoa,2008,rl,..,..\n"
    )
    assert table.rows() == [("ASM", "American Samoa", 2008, "rl", None), ("KSV", "Kosovo", 2008, "rl", -0.61)]


def test_governance_names_the_row_of_a_text_in_a_number() -> None:
    with pytest.raises(SourceFormatError, match=r"worldbank_governance/wgidataset.csv, row 3.*high"):
        worldbank_governance.parse(GOVERNANCE + b"a,AAA,A,2008,rl,1,0\nb,BBB,B,2008,rl,high,0\n")
