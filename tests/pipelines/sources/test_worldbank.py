"""The World Bank's tables: preamble, aggregates, old codes, the missing sign, and the sums that must come out."""

from __future__ import annotations

import io
import zipfile

import polars as pl
import pytest

from pipelines import vocabulary
from pipelines.errors import SourceFormatError
from pipelines.sources import archives, worldbank_gdp, worldbank_gdp_constant

CODES = ["ABW", "AFG", "AGO", "ALB", "AND", "ARB", "ARE", "ARG", "ARM", "AUS", "BEL", "CEB", "DEU", "FRA"]
CODES += ["OSS", "USA", "WLD", "XKX", "ZAF", "ZWE"]
AGGREGATES = {"ARB", "CEB", "OSS", "WLD"}


def wide(indicator: str = "GDP (current US$)", last: str = "") -> str:
    lines = ['\ufeff"Data Source","World Development Indicators",', "", '"Last Updated Date","2024-10-24",', ""]
    lines.append('"Country Name","Country Code","Indicator Name","Indicator Code","1960","2019","2020",')
    for number, code in enumerate(CODES):
        oldest = "" if number % 2 else "1000000"
        newest = last if code == "ZWE" and last else f"{1_000_000 + number}.5"
        lines.append(f'"Name, of {code}","{code}","{indicator}","X","{oldest}","{2_000_000 + number}","{newest}",')
    return "\n".join(lines) + "\n"


def archive(**change: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("API_NY.GDP.MKTP.CD_DS2_en_csv_v2_1.csv", wide(**change))
        rows = [f'"{code}","{"" if code in AGGREGATES else "Somewhere"}","","","Name of {code}",' for code in CODES]
        header = '\ufeff"Country Code","Region","IncomeGroup","SpecialNotes","TableName",\n'
        file.writestr("Metadata_Country_API_NY.GDP.MKTP.CD_1.csv", header + "\n".join(rows) + "\n")
        file.writestr("Metadata_Indicator_API_NY.GDP.MKTP.CD_1.csv", '"INDICATOR_CODE"\n"X"\n')
    return target.getvalue()


def test_the_archive_and_the_plain_file_give_the_same_values_with_lines_of_the_file(stage):
    zipped = stage("worldbank_gdp", {"API_NY.GDP.MKTP.CD_1.zip": archive()}).tables
    plain = stage("worldbank_gdp", {"API_NY.GDP.MKTP.CD.csv": wide()}).tables
    values = zipped["worldbank_gdp"].kept
    assert values.equals(plain["worldbank_gdp"].kept)
    assert values.height == 10 + 20 + 20  # half of them have no value for 1960
    assert values.filter(country_code="ABW").select("row_number", "year", "gdp_usd").rows() == [
        (6, 1960, 1_000_000.0),
        (6, 2019, 2_000_000.0),
        (6, 2020, 1_000_000.5),
    ]
    assert plain["worldbank_gdp_countries"].rows_in == 0


def test_aggregates_stay_and_have_no_region(stage):
    tables = stage("worldbank_gdp", {"API_NY.GDP.MKTP.CD_1.zip": archive()}).tables
    countries = tables["worldbank_gdp_countries"].kept
    assert set(countries.filter(pl.col("region").is_null())["country_code"]) == AGGREGATES
    assert AGGREGATES.issubset(tables["worldbank_gdp"].kept["country_code"])


@pytest.mark.parametrize(("written", "rule"), [("n/a", "type"), ("-5", "above_0"), ("inf", "type"), ("1e400", "type")])
def test_a_value_that_is_none_is_rejected_alone(stage, written, rule):
    found = stage("worldbank_gdp", {"API_NY.GDP.MKTP.CD.csv": wide(last=written)})
    assert found.rejects.select("row_number", "rule", "value").rows() == [
        (25, rule, written if rule == "type" else str(written))
    ]
    assert found.tables["worldbank_gdp"].kept.height == 49


@pytest.mark.parametrize(
    "payload",
    [
        archive()[:-200],
        b"PK\x03\x04 nothing",
        b"<html>Service unavailable</html>",
        wide().replace('"Country Code"', '"Code"').encode(),
        wide().replace('"1960"', '"First"').encode(),
        wide().encode()[:-10],
    ],
)
def test_a_file_that_is_no_such_table_is_told_in_one_line(payload):
    with pytest.raises(SourceFormatError) as refused:
        worldbank_gdp.parse(payload)
    assert str(refused.value).startswith("worldbank_gdp/")
    assert "\n" not in str(refused.value)


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "UNPACKED", 1000)
    with pytest.raises(SourceFormatError, match="once unpacked"):
        worldbank_gdp.parse(archive())


def test_a_year_without_any_value_yet_is_no_row(stage):
    newest = wide().replace('"2020",', '"2020","2021",').replace('.5",', '.5","",')
    values = stage("worldbank_gdp", {"API_NY.GDP.MKTP.CD.csv": newest}).tables["worldbank_gdp"].kept
    assert values["year"].unique().sort().to_list() == [1960, 2019, 2020]


def test_a_line_that_lost_its_last_years_is_told():
    broken = wide().replace('"2000005","1000005.5",', '"2000005"')
    with pytest.raises(SourceFormatError, match="row 11: expected 8 cells"):
        worldbank_gdp.parse(broken.encode())


def test_constant_prices_of_another_base_year_are_refused():
    with pytest.raises(SourceFormatError, match=r"constant 2010 US\$"):
        worldbank_gdp_constant.parse(wide("GDP (constant 2015 US$)").encode())


def test_constant_prices_of_2010_are_read(stage):
    found = stage("worldbank_gdp_constant", {"API_NY.GDP.MKTP.KD.csv": wide("GDP (constant 2010 US$)")})
    assert found.tables["worldbank_gdp_constant"].kept.height == 50


def test_population_keeps_aggregates_and_rejects_repeats_with_another_value(stage):
    lines = [f"Name,{code},2020,{1000 + n}" for n, code in enumerate(CODES)] + ["Name,ABW,2020,1000", "Name,AFG,2020,7"]
    found = stage(
        "worldbank_population", {"population.csv": "Country Name,Country Code,Year,Value\n" + "\n".join(lines)}
    )
    table = found.tables["worldbank_population"]
    assert (table.rows_in, table.kept.height, table.rows_merged, table.rows_rejected) == (22, 20, 1, 1)
    assert found.rejects.select("row_number", "rule", "value").rows() == [(23, "duplicate_key", "AFG, 2020")]


GOVERNANCE = "\ufeffcodeindyr,code,countryname,year,indicator,estimate,stddev,nsource,pctrank\n"


def test_governance_reads_two_points_as_missing_and_old_codes_as_todays(stage, words):
    old = {"KSV": "XKX", "ADO": "AND", "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "WBG": "PSE"}
    rows = [f"x,{code},N,2020,rl,{n / 10},0.2,3,50" for n, code in enumerate([*old, "FRA", "DEU", "USA", "GBR"])]
    rows += [f"x,{code},N,2021,rl,..,..,..,.." for code in ("FRA", "DEU", "USA", "GBR", "ROM")]
    rows += ["x,FRA,N,2020,zz,0.1,0.2,3,50", "x,QQQ,N,2020,rl,0.1,0.2,3,50", "x,FRA,N,2020,va,9,0.2,3,50"]
    found = stage("worldbank_governance", {"wgidataset.csv": GOVERNANCE + "\n".join(rows) + "\n"})
    kept = found.tables["worldbank_governance"].kept
    assert (kept.height, kept["estimate"].null_count()) == (15, 5)
    assert sorted(found.rejects["rule"]) == ["known_economy", "known_indicator", "standard_score"]
    assert {code: words.economy("worldbank_governance")[code] for code in old} == old


@pytest.mark.mirror
def test_economies_add_up_to_the_world_and_with_aggregates_to_eight_times_it(mirrored):
    """Test target 6: 0.9890 of the world in 2019 (210 economies), 0.9881, 0.9839; 8.2 with aggregates."""
    tables = mirrored("worldbank_gdp", "2024-10-24").tables
    countries = tables["worldbank_gdp_countries"].kept
    values = tables["worldbank_gdp"].kept.join(countries, on="country_code")
    economies = values.filter(pl.col("region").is_not_null())
    world = dict(values.filter(country_code="WLD").select("year", "gdp_usd").iter_rows())
    for year, share, count in ((2019, 0.9890, 210), (2020, 0.9881, 209), (2023, 0.9839, 185)):
        of_year = economies.filter(year=year)
        assert of_year.height == count
        assert of_year["gdp_usd"].sum() / world[year] == pytest.approx(share, abs=5e-4)
    whole = tables["worldbank_gdp"].kept.filter(year=2019)["gdp_usd"].sum()
    assert whole / world[2019] == pytest.approx(8.2, abs=0.05)


@pytest.mark.mirror
def test_both_releases_stand_and_86_of_235_codes_moved_more_than_5_percent_for_2016(mirrored):
    """The plain file of 2018 has a column for 2017 without values, so its last year is 2016."""
    old = mirrored("worldbank_gdp", "2018-03-01").tables
    new = mirrored("worldbank_gdp", "2024-10-24").tables["worldbank_gdp"].kept
    assert old["worldbank_gdp_countries"].rows_in == 0
    assert (old["worldbank_gdp"].kept["year"].max(), new["year"].max()) == (2016, 2023)
    both = new.filter(year=2016).join(old["worldbank_gdp"].kept.filter(year=2016), on="country_code")
    moved = both.filter((pl.col("gdp_usd") / pl.col("gdp_usd_right") - 1).abs() > 0.05)
    assert (both.height, moved.height) == (235, 86)


@pytest.mark.mirror
def test_sizes_of_the_mirrored_tables(mirrored):
    countries = mirrored("worldbank_gdp", "2024-10-24").tables["worldbank_gdp_countries"].kept
    assert countries.filter(pl.col("region").is_not_null()).height == 217
    assert countries.filter(pl.col("region").is_null()).height == 48
    assert "TWN" not in set(countries["country_code"])
    assert "XKX" in set(countries["country_code"])
    population = mirrored("worldbank_population").tables["worldbank_population"]
    assert (population.rows_in, population.kept["country_code"].n_unique()) == (17_195, 265)
    governance = mirrored("worldbank_governance").tables["worldbank_governance"]
    assert (governance.rows_in, governance.rows_rejected) == (32_100, 0)
    constant = mirrored("worldbank_gdp_constant").tables["worldbank_gdp_constant"].kept
    assert (constant["year"].min(), constant["year"].max()) == (1960, 2016)
    assert "TWN" not in set(population.kept["country_code"])
    assert (population.kept["year"].min(), population.kept["year"].max()) == (1960, 2024)


@pytest.mark.mirror
def test_every_economy_of_governance_has_a_code_or_is_known_to_have_none(mirrored):
    words = vocabulary.load()
    codes = mirrored("worldbank_governance").tables["worldbank_governance"].kept["code"].unique()
    without = sorted(code for code in codes if words.economy("worldbank_governance")[code] is None)
    assert without == ["AIA", "ANT", "COK", "GUF", "JEY", "MTQ", "NIU", "REU"]
