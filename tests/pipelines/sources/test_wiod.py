"""The input-output table: old codes, no output, falling inventories, rows that balance in sum."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl
import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import parquet_table, wiod

DELIVERIES = ("wiod_intermediate", "wiod_final_demand")
REGIONS = ["ROM", "RoW", "FRA", "DEU", "USA"]


def parquet(frame: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


def files(output: str = "USA,c35,0.0,0.0") -> dict[str, bytes | str]:
    pairs = [(a, "c1", b, "c2", float(n)) for n, (a, b) in enumerate((a, b) for a in REGIONS for b in REGIONS[:4])]
    demand = [
        (a, "c1", "FRA", use, -3.0 if use == "inventories" else 5.0) for a in REGIONS for use in ("hh", "inventories")
    ]
    names = ["from_iso3", "from_ind", "to_iso3"]
    outputs = [f"{region},c{n},{n}0.0,{n}.0" for region in REGIONS for n in range(1, 5)]
    return {
        "wiot_2011_intermediate.parquet": parquet(pl.DataFrame(pairs, schema=[*names, "to_ind", "musd"], orient="row")),
        "wiot_2011_final_demand.parquet": parquet(pl.DataFrame(demand, schema=[*names, "fd", "musd"], orient="row")),
        "wiot_2011_output_value_added.csv": "country,industry,output,va\n" + "\n".join([*outputs, output]),
        "industries35.csv": "code,name\nc1,Farms\nc2,Mines\n",
        "usa_2011_iot35.csv": "industry,c1,c2,final_and_exports,output\nc1,1,2,3,6\nc2,1,0,4,5\nva,4,3\n",
    }


def test_old_codes_and_the_rest_of_the_world_are_known_and_falling_inventories_and_no_output_are_kept(stage, words):
    tables = stage("wiod", files()).tables
    assert tables["wiod_intermediate"].kept.height == 20
    assert tables["wiod_final_demand"].kept["musd"].min() == -3
    assert tables["wiod_output"].kept.filter(industry="c35")["output"].to_list() == [0.0]
    assert tables["wiod_usa"].kept.height == 4 + 4 + 2
    assert (words.economy("wiod")["ROM"], words.economy("wiod")["RoW"]) == ("ROU", None)


@pytest.mark.parametrize(
    ("row", "rule"),
    [("XXX,c35,1,1", "known_economy"), ("USA,c36,1,1", "industry_code"), ("USA,c35,-1,1", "not_below_0")],
)
def test_a_row_that_breaks_a_rule_is_rejected(stage, row, rule):
    assert stage("wiod", files(row)).rejects.select("row_number", "rule").rows() == [(22, rule)]


def test_primary_inputs_of_the_united_states_end_early_and_have_their_line(stage):
    usa = stage("wiod", files()).tables["wiod_usa"].kept
    assert usa.filter(from_industry="va").select("row_number", "to_industry", "musd").rows() == [
        (4, "c1", 4.0),
        (4, "c2", 3.0),
    ]


def test_a_delivery_told_twice_or_of_no_industry_is_rejected(stage):
    names = {"from_iso3": ["FRA"] * 6, "to_iso3": ["USA"] * 6, "to_ind": ["c1", "c2", "c3", "c1", "c2", "c0"]}
    deliveries = pl.DataFrame({"from_ind": ["c1"] * 6, "musd": [1.0, 2.0, 3.0, 1.0, 9.0, 1.0], **names})
    found = stage("wiod", files() | {"wiot_2011_intermediate.parquet": parquet(deliveries)})
    assert found.rejects.select("row_number", "rule", "value").rows() == [
        (5, "duplicate_key", "FRA, c1, USA, c2"),
        (6, "industry_code", "c0"),
    ]
    assert found.tables["wiod_intermediate"].rows_merged == 1


@pytest.mark.parametrize("payload", [b"", b"PAR1 nothing PAR1", parquet(pl.DataFrame({"musd": [1.0]}))])
def test_what_is_no_such_parquet_file_is_told_in_one_line(payload):
    with pytest.raises(SourceFormatError) as refused:
        wiod.intermediate(payload)
    assert str(refused.value).startswith("wiod/wiot_2011_intermediate.parquet")
    assert "\n" not in str(refused.value)


def damaged(whole: bytes) -> Iterator[bytes]:
    """Five bytes gone, one after the other; and a bit another, in the pages of the first column."""
    for start in range(4, len(whole) - 8, 5):
        yield whole[:start] + whole[start + 5 :]
    for place in range(4, 140):
        yield whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def test_a_parquet_file_that_is_damaged_anywhere_is_read_or_told_in_one_line():
    """One of these bits makes a length of 2^61 bytes, on which polars 2 ends the process."""
    whole = files()["wiot_2011_intermediate.parquet"]
    ends = {True: 0, False: 0}
    for payload in damaged(whole):
        try:
            wiod.intermediate(payload)
            ends[True] += 1
        except SourceFormatError as refused:
            assert str(refused).startswith("wiod/wiot_2011_intermediate.parquet")
            assert "\n" not in str(refused)
            ends[False] += 1
    assert ends[False] > len(whole) / 10 and ends[True] > 10


def test_a_parquet_file_of_more_rows_than_a_table_may_have_is_told(monkeypatch):
    monkeypatch.setattr(parquet_table, "ROWS", 2)
    with pytest.raises(SourceFormatError, match="expected at most 2 rows"):
        wiod.intermediate(files()["wiot_2011_intermediate.parquet"])


@pytest.mark.parametrize("value", [[1.0], {"a": 1.0}, b"1"])
def test_a_column_of_lists_structures_or_bytes_is_told(value):
    frame = pl.DataFrame({"from_iso3": "FRA", "from_ind": "c1", "to_iso3": "USA", "to_ind": "c1", "musd": [value]})
    with pytest.raises(SourceFormatError, match="expected texts and numbers"):
        wiod.intermediate(parquet(frame))


@pytest.mark.mirror
def test_sizes_of_the_mirrored_tables(mirrored):
    """35 industries of 41 regions; the table of the United States has 35 rows of 37 cells and two of 35."""
    tables = mirrored("wiod").tables
    assert {name: table.rows_in for name, table in tables.items()} == {
        "wiod_intermediate": 413_525,
        "wiod_final_demand": 51_657,
        "wiod_output": 35 * 41,
        "wiod_industries": 35,
        "wiod_usa": 35 * 37 + 2 * 35,
    }
    assert all(table.kept.height == table.rows_in for table in tables.values())
    falling = tables["wiod_final_demand"].kept.filter(pl.col("musd") < 0)["use"]
    assert dict(falling.value_counts().iter_rows()) == {"inventories": 346, "gfcf": 6}


@pytest.mark.mirror
def test_rows_balance_to_four_hundredths_of_a_percent_in_sum_and_22_industries_have_no_output(mirrored):
    tables = {name: table.kept for name, table in mirrored("wiod").tables.items()}
    output = tables["wiod_output"]
    used = tables["wiod_intermediate"]["musd"].sum() + tables["wiod_final_demand"]["musd"].sum()
    assert abs(used / output["output"].sum() - 1) == pytest.approx(0.0004, abs=0.00005)
    delivered = pl.concat(tables[name].select("from_region", "from_industry", "musd") for name in DELIVERIES)
    rows = delivered.group_by(region="from_region", industry="from_industry").agg(pl.col("musd").sum())
    both = output.join(rows, on=["region", "industry"], how="left").fill_null(0)
    residual = (both["musd"] - both["output"]).abs().sum()
    assert residual / output["output"].sum() == pytest.approx(0.0004, abs=0.00005)
    assert output.filter(output=0).height == 22
    assert (output["region"].n_unique(), output["industry"].n_unique()) == (41, 35)
