"""The catalogue of exploited vulnerabilities: clean, with weaknesses that nobody named."""

from __future__ import annotations

import pytest

HEADER = "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate"
HEADER += ",knownRansomwareCampaignUse,notes,cwes\n"


def line(number: int, cve: str = "", added: str = "2024-01-02", use: str = "Unknown", cwes: str = "CWE-79") -> str:
    cve = cve or f"CVE-2024-{1000 + number}"
    return f'{cve},Maker,Thing,Name,{added},"text, with\na second line",Act.,2024-02-01,{use},,{cwes}'


def test_records_of_two_lines_are_counted_by_the_first_and_empty_weaknesses_are_null(stage):
    lines = [line(n, cwes="" if n % 10 == 0 else "CWE-79") for n in range(20)]
    kept = stage("cisa_kev", {"known_exploited_vulnerabilities.csv": HEADER + "\n".join(lines)}).tables["cisa_kev"].kept
    assert kept["row_number"].to_list() == list(range(2, 42, 2))
    assert kept["cwes"].null_count() == 2


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (line(0, cve="CVE-24-1"), "cve_id"),
        (line(0, cve="CVE-2024-1005", use="Known"), "duplicate_key"),
        (line(0, added="2102-01-01"), "date_after_release"),
        (line(0, use="Perhaps"), "known_use"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected(stage, bad, rule):
    text = HEADER + "\n".join([*(line(n) for n in range(1, 20)), bad])
    found = stage("cisa_kev", {"known_exploited_vulnerabilities.csv": text})
    assert found.rejects.select("row_number", "rule").rows() == [(40, rule)]


@pytest.mark.mirror
def test_1404_vulnerabilities_a_tenth_of_them_without_a_weakness(mirrored):
    table = mirrored("cisa_kev").tables["cisa_kev"]
    assert (table.rows_in, table.rows_rejected, table.rows_merged) == (1_404, 0, 0)
    assert table.kept["cwes"].null_count() / table.kept.height == pytest.approx(0.108, abs=0.0005)
