"""Headline numbers of every shipped scenario under the default run; they move only with an entry in the changelog.

To write them anew after a change that the changelog names: CYBERACCORD_WRITE_GOLDEN=1 make test.
"""

import csv
import os
from pathlib import Path

import pytest

from models import results
from pipelines import main_job, scenarios
from pipelines.shipped_study import shipped_study

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "headline.csv"
COLUMNS = ("avoided_loss", "p05", "p50", "p95", "avoided_share", "p_not_better", "mcse")


@pytest.fixture(scope="module")
def headlines():
    found = results.headlines(shipped_study(), scenarios.load_all()).rename({"mean": "avoided_loss"})
    rows = {(row["scenario"], row["mechanisms"]): {c: row[c] for c in COLUMNS} for row in found.iter_rows(named=True)}
    if os.environ.get("CYBERACCORD_WRITE_GOLDEN"):
        with GOLDEN.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("scenario", "mechanisms", *COLUMNS))
            writer.writerows((*key, *(repr(row[c]) for c in COLUMNS)) for key, row in rows.items())
    return rows


def golden():
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["scenario"], row["mechanisms"]): {c: float(row[c]) for c in COLUMNS} for row in rows}


def test_headlines_of_all_scenarios_are_those_on_record(headlines):
    """Recorded from this model's default run, to hold it to what was published; 1e-9 of the 945 bn baseline."""
    assert headlines.keys() == golden().keys()
    for name, row in golden().items():
        assert headlines[name] == pytest.approx(row, abs=1e-9 * 945, nan_ok=True), name


def test_readme_opens_with_the_headline_on_record():
    lines = [
        main_job.headline_line(
            {"scenario": main_job.FOCUS, "mechanisms": mechanism, **golden()[main_job.FOCUS, mechanism]}
        )
        for mechanism in ("all", "no_standdown")
    ]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.split("<!-- headline -->")[1].split("<!-- /headline -->")[0]
    assert [line.strip("> ") for line in shown.strip().splitlines() if line.strip("> ")] == lines
