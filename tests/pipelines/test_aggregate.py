"""`python -m pipelines.aggregate`: what it keeps, what it refuses, and that the mirror gives the shipped bytes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines import aggregate, reference


def test_rows_of_other_sources_are_kept_and_own_rows_replaced(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("year,value,source,verified\n2001,1,mine,true\n2002,2,hand,false\n2003,3,mine,true\n")
    rows = pl.DataFrame({"year": [2004, 2001], "value": [7.5, 9.25], "source": ["mine", "mine"]})
    assert aggregate.write_rows(["mine"], "t", ["year"], rows, tmp_path) == 3
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
    assert "a mirror that holds this folder" in capsys.readouterr().err


@pytest.mark.mirror
def test_the_mirror_gives_the_shipped_files(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(reference.FOLDER, folder)
    for name in {table for _, table in aggregate.COMPUTED}:
        # Wipe what is computed, so that nothing passes by having been copied.
        path = folder / f"{name}.csv"
        computed = [source for source, table in aggregate.COMPUTED if table == name]
        pl.read_csv(path, infer_schema=False).filter(~pl.col("source").is_in(computed)).write_csv(path)
    (computed_on,) = reference.load("fits")["computed_on"].unique()
    aggregate.aggregate(Path(os.environ["CYBERACCORD_MIRROR"]), folder, computed_on)
    for path in sorted(reference.FOLDER.glob("*.csv")):
        if path.name == "fits.csv":
            assert_same_fits(folder / path.name, path)
        else:
            assert (folder / path.name).read_bytes() == path.read_bytes(), path.name


def assert_same_fits(found: Path, shipped: Path) -> None:
    """Standard errors are numerical derivatives, whose sixth digit hangs on the processor."""
    ours, theirs = (pl.read_csv(path, infer_schema=False) for path in (found, shipped))
    numbers = ["estimate", "se"]
    assert_frame_equal(ours.drop(numbers), theirs.drop(numbers))
    as_numbers = [frame.select(pl.col(numbers).cast(pl.Float64)) for frame in (ours, theirs)]
    assert_frame_equal(*as_numbers, rel_tol=1e-5, abs_tol=1e-12)
