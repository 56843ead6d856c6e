"""`python -m pipelines.aggregate`: what it keeps, what it refuses, and that the mirror gives the shipped bytes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines import aggregate, reference
from pipelines.incident_counts import ends_before_it_starts
from pipelines.sources import eurepoc_global, worldbank_gdp


def test_rows_of_other_sources_are_kept_and_own_rows_replaced(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("year,value,source,verified\n2001,1,mine,true\n2002,2,hand,false\n2003,3,mine,true\n")
    rows = pl.DataFrame({"year": [2004, 2001], "value": [7.5, 9.25]})
    assert aggregate.write_rows("mine", "t", ["year"], rows, tmp_path) == 3
    assert path.read_text() == (
        "year,value,source,verified\n2001,9.25,mine,true\n2002,2,hand,false\n2004,7.5,mine,true\n"
    )


def test_a_mirror_that_is_not_named_or_lacks_a_file_ends_with_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CYBERACCORD_MIRROR", raising=False)
    assert aggregate.main() == 2
    monkeypatch.setenv("CYBERACCORD_MIRROR", str(tmp_path))
    assert aggregate.main() == 2
    assert "worldbank_gdp" in capsys.readouterr().err


@pytest.fixture
def mirror() -> Path:
    folder = os.environ.get("CYBERACCORD_MIRROR")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CYBERACCORD_MIRROR names no folder")
    return Path(folder)


@pytest.mark.mirror
def test_the_mirror_gives_the_shipped_files_byte_for_byte(mirror: Path, tmp_path: Path) -> None:
    shutil.copytree(reference.FOLDER, tmp_path, dirs_exist_ok=True)
    for name in {table for _, table, _, _ in aggregate.TABLES}:
        # Wipe what is computed, so that nothing passes by having been copied.
        path = tmp_path / f"{name}.csv"
        computed = [source for source, table, _, _ in aggregate.TABLES if table == name]
        kept = pl.read_csv(path, infer_schema=False).filter(~pl.col("source").is_in(computed))
        kept.write_csv(path)
    aggregate.aggregate(aggregate.Mirror(mirror, reference.FOLDER), tmp_path)
    for path in sorted(reference.FOLDER.glob("*.csv")):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.mirror
def test_with_aggregates_left_in_the_world_counts_about_eight_times(mirror: Path) -> None:
    # Target 6, second half.
    table = worldbank_gdp.parse((mirror / aggregate.FILES["worldbank_gdp"]).read_bytes()).filter(pl.col("year") == 2019)
    world = table.filter(pl.col("country_code") == "WLD")["gdp_usd"].item()
    # The World is itself one of the aggregates that are left in.
    assert table["gdp_usd"].sum() / world == pytest.approx(8.2, abs=0.05)


@pytest.mark.mirror
def test_eurepoc_has_83_incidents_that_end_before_they_start(mirror: Path) -> None:
    # Target 16.
    table = eurepoc_global.parse((mirror / aggregate.FILES["eurepoc"]).read_bytes())
    assert (table.height, table.filter(ends_before_it_starts()).height) == (1643, 83)
