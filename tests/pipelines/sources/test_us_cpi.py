"""US consumer prices: months as they are, a missing one among them."""

from __future__ import annotations

from datetime import date

import pytest

MONTHS = [f"{year}-{month:02d}-01" for year in (2023, 2024) for month in range(1, 13)]


def test_a_missing_month_stays_missing_and_odd_rows_are_rejected(stage):
    lines = [f"{day},{300 + n / 10},0.1" for n, day in enumerate(MONTHS) if day != "2024-10-01"]
    lines += ["2024-13-01,310,0.1", "2025-01-01,0,0.1", "2025-02-01,nan,", "2102-01-01,310,"]
    found = stage("us_cpi", {"cpiai.csv": "Date,Index,Inflation\n" + "\n".join(lines)})
    assert found.tables["us_cpi"].kept.height == 23
    assert found.rejects.select("row_number", "rule").rows() == [
        (25, "type"),
        (26, "above_0"),
        (27, "type"),
        (28, "date_after_release"),
    ]


@pytest.mark.mirror
def test_of_1360_months_october_2025_is_missing(mirrored):
    kept = mirrored("us_cpi").tables["us_cpi"].kept
    assert kept.height == 1_360
    assert date(2025, 9, 1) in set(kept["date"])
    assert date(2025, 10, 1) not in set(kept["date"])
