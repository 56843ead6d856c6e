"""The figures of releases: kept and read back, matched by key, and compared without calling noise a change."""

from datetime import date

import pytest

from benchmarks import releases
from benchmarks.__main__ import main
from benchmarks.lines import at_least, at_most
from benchmarks.releases import Figure
from benchmarks.table import table
from pipelines.errors import InputError

DAY = date(2027, 1, 31)
TIMED = at_most("sums", "sums over a product", [2.0, 2.2, 2.1], 3, "0.4 s", 0.4)
RATE = at_least("years", "years, one at a time over all", [11.0, 12.0, 13.0], 10, "", 0.1)
SIZE = at_most("page", "page, of 8 MB", 0.5, 1)


def test_a_release_is_read_as_it_was_kept(tmp_path):
    path = releases.keep("0.2.0", [TIMED, RATE, SIZE], DAY, tmp_path)
    found = releases.read(path)
    assert path.name == "0.2.0.csv" and found.version == "0.2.0"
    assert found.figures == {
        "sums": Figure(2.1, 2.0, 2.2, 3),
        "years": Figure(12.0, 11.0, 13.0, 3),
        "page": Figure(0.5, 0.5, 0.5, 1),
    }
    assert found.machine == releases.machine()


def test_a_kept_file_holds_no_path_of_the_machine(tmp_path):
    text = releases.keep("0.2.0", [TIMED], DAY, tmp_path).read_text(encoding="utf-8")
    header, row = text.splitlines()
    assert header == ",".join(releases.COLUMNS)
    assert row.startswith("sums,2.1,2,2.2,3,at most 3,0.4,") and row.endswith(",2027-01-31")
    assert "/" not in row.replace("/s", "")


def test_the_newest_release_is_the_highest_version_and_not_the_one_being_written(tmp_path):
    for version in ("0.9.0", "0.10.0", "0.2.0"):
        releases.keep(version, [TIMED], DAY, tmp_path)
    assert releases.newest(tmp_path).version == "0.10.0"
    assert releases.newest(tmp_path, but="0.10.0").version == "0.9.0"
    assert releases.newest(tmp_path / "none") is None


@pytest.mark.parametrize(
    ("ratios", "before", "said"),
    [
        ([2.0, 2.2, 2.1], Figure(2.3, 2.15, 2.6, 3), "same within noise"),
        ([2.0, 2.2, 2.1], Figure(1.4, 1.3, 1.9, 3), "slower, +50 %"),
        ([2.0, 2.2, 2.1], Figure(4.2, 4.0, 4.4, 3), "faster, -50 %"),
        ([2.0, 2.2, 2.1], None, "new"),
        ([2.1], Figure(1.4, 1.3, 1.9, 3), "measured once"),
        ([2.0, 2.2, 2.1], Figure(1.4, 1.4, 1.4, 1), "measured once"),
    ],
)
def test_a_line_has_moved_only_where_the_repeats_of_both_lie_apart(ratios, before, said):
    assert releases.change(at_most("sums", "", ratios, 3, "", 0.4), before) == said


def test_a_higher_ratio_is_faster_where_more_is_better():
    assert releases.change(RATE, Figure(6.0, 5.0, 7.0, 3)) == "faster, +100 %"
    assert releases.change(RATE, Figure(24.0, 23.0, 25.0, 3)) == "slower, -50 %"


def test_what_is_no_time_is_more_or_less_and_needs_no_repeats():
    assert releases.change(SIZE, Figure(0.5, 0.5, 0.5, 1)) == "same within noise"
    assert releases.change(SIZE, Figure(0.4, 0.4, 0.4, 1)) == "more, +25 %"
    assert releases.change(at_most("differ", "", 3, 0), Figure(0.0, 0.0, 0.0, 1)) == "more"


def test_the_table_matches_lines_by_key_and_names_those_that_are_gone(tmp_path):
    before = at_most("sums", "the same under another name with 97 states", [1.0, 1.1, 1.2], 3, "", 0.2)
    kept = releases.read(releases.keep("0.2.0", [before, RATE], DAY, tmp_path))
    header, own, new, named, gone = table([TIMED, SIZE], kept)
    assert header.split() == ["what", "ratio", "range", "limit", "before", "change", "note"]
    assert own.split("  ")[0] == "sums over a product" and "  1.1  " in own and "slower, +91 %" in own
    assert "holds" in own and "  new" in new
    assert named == "before: release 0.2.0 on this class of machine"
    assert gone == "not measured this time: years"


def test_a_change_against_another_machine_says_so(tmp_path):
    path = releases.keep("0.2.0", [at_most("sums", "", [1.0, 1.1], 3, "", 0.2)], DAY, tmp_path)
    path.write_text(path.read_text("utf-8").replace(releases.machine()["processor"], "Other 3000"), "utf-8")
    lines = table([TIMED], releases.read(path))
    assert "slower, +100 %, another machine" in lines[1]
    assert "Other 3000" in lines[-1]


def test_a_line_over_its_limit_fails_by_the_middle_of_its_repeats():
    assert at_most("sums", "", [1.0, 2.9, 9.0], 3).holds
    assert not at_most("sums", "", [1.0, 3.1, 3.2], 3).holds
    assert not at_least("years", "", [9.0, 9.9, 20.0], 10).holds


HEADER = ",".join(releases.COLUMNS)
ROW = "sums,2,1,3,3,at most 3,0.4,cpu,2,3.11,abc,2027-01-31"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "row 1"),
        ("key,ratio\nsums,2\n", "row 1"),
        (f"{HEADER}\n{ROW}\nsums,2\n", "row 3"),
        (f"{HEADER}\n{ROW}\n{ROW}\n", "row 3, field key"),
        (f"{HEADER}\n{ROW.replace(',2,1', ',fast,1', 1)}\n", "row 2, field ratio"),
        (f"{HEADER}\n{ROW.replace(',2,1', ',inf,1', 1)}\n", "row 2, field ratio"),
        (f"{HEADER}\n{ROW.replace(',2,1', ',0.5,1', 1)}\n", "row 2, field ratio"),
        (f"{HEADER}\n{ROW.replace(',3,3,', ',3,0,', 1)}\n", "row 2, field repeats"),
        (f'{HEADER}\n"sums\n', "rule csv"),
    ],
)
def test_a_bad_file_of_a_release_is_one_line_with_its_place(text, place, tmp_path):
    path = tmp_path / "0.2.0.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        releases.newest(tmp_path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("0.2.0.csv") and place in str(caught.value)


def test_a_file_that_is_no_version_is_refused(tmp_path):
    (tmp_path / "last.csv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(InputError, match=r"last\.csv"):
        releases.newest(tmp_path)


def test_a_version_that_is_none_ends_with_2_and_one_line_before_anything_is_measured(capsys):
    assert main(["--keep", "../next"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1 and "../next" in said.err


def test_shipped_files_of_releases_can_be_read():
    for path in sorted(releases.FOLDER.glob("*.csv")):
        assert releases.read(path).figures
