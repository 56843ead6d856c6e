"""Headline numbers of every shipped scenario under the default run; they move only with an entry in the changelog.

To write them anew after a change that the changelog names, give the heading of the entry and its first words:
CYBERACCORD_WRITE_GOLDEN="0.2.0: The headline moves" make test. Rows that do not move keep the entry they have.
"""

import csv
import os
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from models import results
from pipelines import main_job, scenarios
from pipelines.comparison.cells import TOLERANCE
from pipelines.shipped_study import shipped_study

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "headline.csv"
COLUMNS = ("avoided_loss", "p05", "p50", "p95", "avoided_share", "p_not_better", "mcse")
BASELINE = 945
"""USD bn a year, the loss of the status quo."""
IN_USD = ("avoided_loss", "p05", "p50", "p95", "mcse")
TOGETHER = {"The bloc scenarios": {"eu_and_partners", "g7_founders", "nato_founders"}}
"""Words of the changelog for several scenarios."""


def allowed(column):
    """The rule of a replay on another machine; with other packages than those of the lock, a thousand times that."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = all(f"\n{name}=={version(name)} " in lock for name in ("numpy", "polars", "scipy"))
    return TOLERANCE * (BASELINE if column in IN_USD else 1) * (1 if locked else 1000)


def is_same(found, recorded):
    return all(found[c] == pytest.approx(recorded[c], rel=0, abs=allowed(c), nan_ok=True) for c in COLUMNS)


@pytest.fixture(scope="module")
def headlines():
    found = results.headlines(shipped_study(), scenarios.load_all()).rename({"mean": "avoided_loss"})
    rows = {(row["scenario"], row["mechanisms"]): {c: row[c] for c in COLUMNS} for row in found.iter_rows(named=True)}
    if entry := os.environ.get("CYBERACCORD_WRITE_GOLDEN"):
        said(entry)  # before anything is written
        before = {key: (golden()[key], moved_in) for key, moved_in in entries().items()}
        with GOLDEN.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("scenario", "mechanisms", *COLUMNS, "moved_in"))
            for key, row in rows.items():
                kept = key in before and is_same(row, before[key][0])
                shown = before[key] if kept else (row, entry)
                writer.writerow((*key, *(repr(shown[0][c]) for c in COLUMNS), shown[1]))
    return rows


def recorded():
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {(row["scenario"], row["mechanisms"]): row for row in csv.DictReader(file)}


def golden():
    return {key: {c: float(row[c]) for c in COLUMNS} for key, row in recorded().items()}


def entries():
    return {key: row["moved_in"] for key, row in recorded().items()}


def said(entry):
    """The whole entry of the changelog, from its heading and its first words; nothing else may begin so."""
    heading, words = entry.split(": ", 1)
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    [section] = re.findall(rf"(?ms)^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text)
    [found] = [part for part in re.split(r"(?m)^- |\n\n", section) if part.lstrip("*\n").startswith(words.lstrip("*"))]
    return " ".join(found.split())


def test_headlines_of_all_scenarios_are_those_on_record(headlines):
    """Recorded from this model's default run, to hold it to what was published; 1e-12 of the 945 bn baseline."""
    assert headlines.keys() == golden().keys()
    for name, row in golden().items():
        assert is_same(headlines[name], row), name


def test_the_changelog_names_the_last_move_of_every_headline_on_record():
    """By its name, that of its group, or as one of all headlines; a first edition has all of its own."""
    for (scenario, _), entry in entries().items():
        text = said(entry)
        names = [f"`{scenario}`", *(words for words, group in TOGETHER.items() if scenario in group)]
        of_all = "move headlines" in text or "First edition" in text
        assert of_all or any(name in text for name in names), f"{scenario}: {text}"


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
