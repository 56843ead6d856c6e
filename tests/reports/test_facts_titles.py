"""Titles and sentences on incidents, groups of economies and validation: a test for every branch."""

import pytest

from reports import titles_facts
from reports.facts_text import reach


def test_peaks_of_trackers_agree_or_not():
    assert titles_facts.peaks([]) == "No tracker of incidents has a full year on record"
    assert titles_facts.peaks([2016]) == "The only tracker of incidents has most of them in 2016"
    assert titles_facts.peaks([2016, 2016, 2016]) == "Three trackers have most incidents in the same year, 2016"
    assert titles_facts.peaks([2022, 2014, 2016, 2016]) == (
        "Four trackers put the peak of incidents in three different years, from 2014 to 2022"
    )


def test_the_leading_type_of_each_actor():
    assert titles_facts.actors({}) == "No actor has enough incidents on record to say what it does"
    assert titles_facts.actors({"states": "data theft"}) == "Data theft comes first for states"
    assert titles_facts.actors({"states": "data theft", "criminals": "data theft"}) == (
        "Data theft comes first for every actor"
    )
    assert titles_facts.actors({"activists": "disruption", "states": "data theft", "criminals": "data theft"}) == (
        "Data theft comes first for states and criminals; disruption for activists"
    )
    three = {"a": "disruption", "b": "data theft", "c": "ransomware"}
    assert titles_facts.actors(three) == "Disruption comes first for a; data theft for b, ransomware for c"
    four = {"a": "x", "b": "x", "c": "x", "d": "y"}
    assert titles_facts.actors(four) == "X comes first for a, b and c; y for d"


LOSS = {"high-income": 1.254, "middle-income": 0.93, "low-income": 0.1}
START = "High-income economies lose the largest share of GDP of any income group, 1.25\u00a0%"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((-1.5, -1.2, -0.2), f"{START}, and gain most on average, 1.5 basis points"),
        ((-0.9, -1.2, -0.2), f"{START}, and middle-income ones gain most on average, 1.2 basis points"),
        (
            (-1.5, -1.2, 0.2),
            f"{START}, and gain most on average, 1.5 basis points; low-income ones lose more",
        ),
        (
            (-1.5, 0.1, 0.2),
            f"{START}, and gain most on average, 1.5 basis points; middle-income and low-income ones lose more",
        ),
        ((0.5, 0.1, 0.2), f"{START}, and the convention raises the mean loss of every group"),
        ((0.01, -0.02, 0.0), f"{START}; the convention changes no group’s mean loss"),
    ],
)
def test_what_groups_lose_and_who_gains(change, expected):
    assert titles_facts.groups(LOSS, dict(zip(LOSS, change, strict=True)), 1) == expected


def test_without_groups_the_title_says_so():
    assert titles_facts.groups({}, {}, 1) == "What groups of economies lose was not computed in this run"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (
            (0, 0, 0, 0, (13_971, 0)),
            "No public source was on this machine: 13,971 rows of figures that ship stand in, all of them valid",
        ),
        (
            (0, 0, 0, 0, (5290, 1)),
            "No public source was on this machine: 5,290 rows of figures that ship stand in, 1 of them rejected",
        ),
        (
            (17, 650_353, 201, 0, (767, 0)),
            "Of 650,353 rows of 17 sources 201 were rejected, and every row is accounted for",
        ),
        ((2, 100, 0, 0, (5, 0)), "Every one of 100 rows of two sources passed its rules"),
        ((2, 100, 3, 1, (5, 0)), "One source has rows that are neither kept, rejected nor merged"),
        ((3, 100, 3, 2, (5, 0)), "Two sources have rows that are neither kept, rejected nor merged"),
    ],
)
def test_what_was_validated(numbers, expected):
    assert titles_facts.validation(*numbers).startswith(expected)


def test_who_is_behind_incidents_counts_each_incident_once():
    """60 and 15 of states and affiliates, 20 of criminals, 5 unknown; the tracker's own rows are not added."""
    rows = [
        {"tracker": tracker, "actor": actor, "incidents": count}
        for tracker in ("all", "eurepoc")
        for actor, count in (("state", 60), ("affiliated", 15), ("criminal", 20), ("unknown", 5))
    ]
    assert reach(rows) == (
        "Of 100 incidents 75 % are laid to states or groups affiliated with them, 20 % are laid to criminals, 0 % are "
        "laid to others that are known; of 5 % nobody could say who did them."
    )
    assert reach(rows[4:]) == ""
