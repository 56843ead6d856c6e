"""Every branch of the titles and sentences on what lies beyond law."""

import pytest

from reports import titles_mechanisms as titles


@pytest.mark.parametrize(
    ("better", "expected"),
    [
        (
            {"little_reciprocity": 0.63, "op_ed": 0.88},
            "Under both beliefs agreed consequences more likely than not leave less loss than unilateral ones: "
            "63\u00a0% and 88\u00a0%",
        ),
        (
            {"little_reciprocity": 0.37, "op_ed": 0.5},
            "Under neither belief are agreed consequences likely to leave less loss than unilateral ones: "
            "37\u00a0% and 50\u00a0%",
        ),
        (
            {"little_reciprocity": 0.37, "op_ed": 0.88},
            "Whether agreed consequences beat unilateral ones turns on the belief: 37\u00a0% under little reciprocity, "
            "88\u00a0% under a cycle of escalation",
        ),
        (
            {"little_reciprocity": 0.37, "op_ed": None},
            "The chance that agreed consequences leave less loss than unilateral ones is 37\u00a0% under little "
            "reciprocity",
        ),
        ({}, "Whether agreed consequences leave less loss than unilateral ones was not estimated"),
    ],
)
def test_regime_title_follows_the_chance_under_each_belief(better, expected):
    assert titles.regimes(better) == expected


@pytest.mark.parametrize(
    ("assumed", "end"),
    [
        (161, " are members in 2035, fewer than the 161 assumed"),
        (20, " are members in 2035, more than the 20 assumed"),
        (50, "; the 50 assumed lie within the 90 % interval"),
    ],
)
def test_accession_title_compares_the_pace_with_what_is_assumed(assumed, end):
    fan = [{"year": 2035, "p05": 40.0, "p50": 47.0, "p95": 55.0, "assumed": assumed}]
    assert titles.accession(fan).startswith("At the pace of Budapest 47 states are members in 2035")
    assert titles.accession(fan).endswith(end)


def slope(term, estimate, half, status="estimated"):
    return {
        "fit": "all",
        "term": term,
        "estimate": estimate,
        "lower": estimate - half,
        "upper": estimate + half,
        "status": status,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "How fast states joined Budapest was not estimated in this run"),
        (
            [slope("time", 0.1, 0.2), slope("council", 0.1, 0.2)],
            "No covariate of joining Budapest is told apart from zero",
        ),
        (
            [slope("time", 0.1, 0.2), slope("council", 0.9, 0.2, "assumption")],
            "Of two covariates of joining Budapest only “Council of Europe” is told apart from zero; one rests on too "
            "few ratifications",
        ),
        (
            [slope("time", -0.3, 0.2, "assumption"), slope("council", 0.9, 0.2, "assumption")],
            "Of two covariates of joining Budapest two are told apart from zero, “Council of Europe” the largest; too "
            "few ratifications to call it an estimate",
        ),
    ],
)
def test_hazard_title_counts_what_is_told_apart_from_zero_and_admits_assumptions(rows, expected):
    intercept = [slope("intercept", -3.4, 0.1)] if rows else []
    assert titles.hazard(intercept + rows) == expected


def coalition(cost, penalty, size, stable=True):
    return {
        "start": "exact",
        "cost_share_of_gdp": cost,
        "penalty_share_of_gdp": penalty,
        "size": size,
        "stable": stable,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "No coalition was examined in this run"),
        (
            [coalition(1e-6, 0, 0), coalition(1e-5, 0, 9, stable=False)],
            "No coalition of two or more holds together at any cost examined",
        ),
        (
            [coalition(1e-6, 0, 1), coalition(1e-6, 1e-4, 12)],
            "Without a penalty on outsiders no coalition of two or more holds together; with a larger one up to 12 "
            "players do",
        ),
        (
            [coalition(1e-6, 0, 3), coalition(1e-5, 0, 3)],
            "Without a penalty on outsiders a coalition of three players holds together at every cost examined",
        ),
        (
            [coalition(1e-6, 0, 9), coalition(1e-5, 0, 3), coalition(1e-4, 0, 0)],
            "What holds together turns on the cost: without a penalty on outsiders, nine players at the lowest cost "
            "and no coalition at the highest",
        ),
        (
            [coalition(1e-6, 1e-5, 9), coalition(1e-4, 1e-5, 2)],
            "What holds together turns on the cost: at the lowest penalty on outsiders, nine players at the lowest "
            "cost and two players at the highest",
        ),
    ],
)
def test_coalition_title_says_what_the_cost_and_the_penalty_do(rows, expected):
    assert titles.coalitions(rows) == expected


def channels(**values):
    return [{"channel": name, "value": value} for name, value in values.items()]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            channels(law_origin=3.0, stand_down=9.0, displacement=-2.0, total=10.0),
            "More than half of what is avoided comes from stand-down: +9.0 of +10.0 $ bn",
        ),
        (
            channels(law_origin=3.0, stand_down=4.0, effort=3.0, total=10.0),
            "The largest part of what is avoided comes from stand-down: +4.0 of +10.0 $ bn",
        ),
        (
            channels(law_origin=-3.0, retaliation=-4.0, effort=1.0, total=-6.0),
            "More than half of what is added to the loss comes from retaliation: −4.0 of −6.0 $ bn",
        ),
        (
            channels(law_origin=3.0, displacement=-3.0, total=0.0),
            "The mechanisms cancel: law at the origin +3.0, displacement −3.0 $ bn",
        ),
        (channels(law_origin=0.0, displacement=0.0, total=0.0), "No mechanism moves the loss"),
        (channels(law_origin=3.0), "What each mechanism avoids was not estimated in this run"),
        (channels(law_origin=None, total=1.0), "What each mechanism avoids was not estimated in this run"),
    ],
)
def test_channel_title_names_the_largest_part_of_the_total(rows, expected):
    assert titles.channels(rows, 1.0, "$ bn", 1) == expected


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        (
            {"none": 10.0, "stand_down": 4.0, "displacement": 12.0},
            "Stand-down matters most: without it the mean falls from +10 to +4 $ bn",
        ),
        (
            {"none": 10.0, "stand_down": 9.0, "displacement": 12.0},
            "Displacement matters most: without it the mean rises from +10 to +12 $ bn",
        ),
        ({"none": 10.0, "effort": 10.2}, "Switching off one mechanism at a time leaves the mean as it is"),
        ({"effort": 10.2}, "No mechanism was switched off in this run"),
    ],
)
def test_without_title_names_what_changes_the_mean_most(means, expected):
    rows = [{"off": name, "mean": mean} for name, mean in means.items()]
    assert titles.without(rows, 1.0, "$ bn", 0) == expected


@pytest.mark.parametrize(
    ("crossings", "expected"),
    [
        ([None, None, None], "At no adoption and no strength examined does the convention pay for itself"),
        ([-0.2, -0.2, -0.2], "The convention pays for itself at every adoption and strength examined"),
        ([0.1, 0.1, None], "At 100 % adoption no strength examined pays for the convention"),
        (
            [None, 0.12, 0.05],
            "The wider the club, the weaker the law that pays for it: at 100 % adoption it pays where law lowers "
            "attacks by more than 5 %",
        ),
        (
            [0.02, 0.05, 0.07],
            "The wider the club, the stronger the law must be to pay for it: at 100 % adoption it pays where law "
            "lowers attacks by more than 7 %",
        ),
        (
            [0.02, 0.05, 0.002],
            "Whether the convention pays turns on the strength of law: at 100 % adoption it pays wherever law lowers "
            "attacks at all",
        ),
        (
            [0.02, 0.05, -0.03],
            "Whether the convention pays turns on the strength of law: at 100 % adoption it pays unless law raises "
            "attacks by more than 3 %",
        ),
        (
            [0.02, 0.0, -0.2],
            "At 100 % adoption the convention pays at every strength of law examined, at 10 % not at every one",
        ),
    ],
)
def test_strength_title_follows_the_break_even_line(crossings, expected):
    assert titles.strength([0.1, 0.5, 1.0], crossings, -0.2) == expected


ORDER = ("all", "no_standdown", "law")


@pytest.mark.parametrize(
    ("odds", "expected"),
    [
        (
            {"all": [0.7, 0.8], "law": [0.6, 0.7]},
            "The convention is more likely than not to pay at every discount rate",
        ),
        (
            {"all": [0.7, 0.8], "no_standdown": [0.6, 0.4], "law": [0.3, 0.2]},
            "The convention is more likely than not to pay at every discount rate; without stand-down it turns on the "
            "rate; with law alone it is not",
        ),
        (
            {"all": [0.3, 0.5], "law": [0.6, 0.7]},
            "The convention is more likely than not to pay at no discount rate; with law alone it is",
        ),
        (
            {"all": [0.3, 0.6]},
            "Whether the convention is more likely than not to pay turns on the discount rate",
        ),
        ({"law": [0.6, 0.7]}, "The convention is more likely than not to pay at every discount rate"),
        ({"all": [None]}, "The present value of the convention was not estimated in this run"),
        ({}, "The present value of the convention was not estimated in this run"),
    ],
)
def test_present_value_title_follows_the_chance_of_paying_at_each_rate(odds, expected):
    assert titles.present_value(odds, ORDER) == expected


@pytest.mark.parametrize(
    ("medians", "expected"),
    [
        (
            {"victims": 20.0, "transfers_cancel": 15.0, "authors": -8.0},
            "Whoever’s gains count, the median for the world is a gain; the states that attack lose",
        ),
        (
            {"victims": 20.0, "with_states": -1.0, "authors": 0.0},
            "Whose gains count decides the sign for the world; the states that attack neither gain nor lose",
        ),
        ({"victims": -20.0, "authors": 3.0}, "For the world the median is a loss; the states that attack gain"),
        ({"victims": 0.0}, "For the world the median is nil"),
        ({}, "Whose gains count was not examined in this run"),
    ],
)
def test_welfare_title_follows_the_sign_under_each_standing(medians, expected):
    assert titles.welfare(medians, 0) == expected


def group(name, winners, losers):
    return {"kind": "region", "name": name, "winners": winners, "losers": losers}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "Who gains and who loses was not estimated in this run"),
        ([group("Africa", 10, 0)], "None of 10 economies with a change loses on average"),
        ([group("Africa", 10, 5)], "5 of 15 economies with a change lose on average"),
        (
            [group("Africa", 10, 5), group("Asia", 10, 2)],
            "7 of 27 economies with a change lose on average, more than half of them in Africa",
        ),
        (
            [group("Africa", 10, 3), group("Asia", 10, 2), group("Europe", 1, 2)],
            "7 of 28 economies with a change lose on average, the largest number in Africa",
        ),
    ],
)
def test_winner_title_counts_losers_and_says_where_they_are(rows, expected):
    assert titles.winners(rows) == expected


def covered(definition, threat_class, share, role="written_for"):
    return {
        "definition": definition,
        "threat_class": threat_class,
        "counted": "incidents",
        "share": share,
        "role": role,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [covered("red_lines", "state", 0.2), covered("broad", "state", 0.9), covered("broad", "criminal", 0.8)],
            "What counts is a choice: of state incidents, “red lines” covers 20 % and “broad” 90 %",
        ),
        (
            [covered("red_lines", "state", 0.902), covered("broad", "state", 0.901)],
            "Every definition covers about 90 % of state incidents",
        ),
        ([covered("broad", "state", 0.9)], "One definition covers 90 % of state incidents"),
        (
            [
                covered("red_lines", "state", 0.07),
                covered("criminal", "state", 0.0, "excluded"),
                covered("broad", "state", 1.0),
            ],
            "What counts is a choice: of state incidents, “red lines” covers 7 % and “broad” 100 %",
        ),
        (
            [covered("broad", "state", 1.0), covered("broad", "other", 1.0), covered("red_lines", "other", 0.2)],
            "What counts is a choice: of other incidents, “red lines” covers 20 % and “broad” 100 %",
        ),
        ([covered("broad", "state", None)], "No definition has incidents enough to print what it covers"),
    ],
)
def test_definition_title_shows_the_class_in_which_definitions_differ_most(rows, expected):
    assert titles.definitions(rows) == expected


def year(number, low, middle, high):
    return {"year": number, "p05": low, "p50": middle, "p95": high, "mcse": 1e-5, "p_not_better": 0.2}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([year(2021, 0, 0, 0), year(2035, 0, 0, 0)], "Nothing changes in any year to 2035"),
        (
            [year(2021, 0, 0, 0), year(2027, -0.001, 0.001, 0.004), year(2035, -0.005, 0.009, 0.03)],
            "As members join, the yearly gain grows from +0.10 to +0.90\u00a0% between 2027 and 2035; no year "
            "rules out harm",
        ),
        (
            [year(2027, 0.0005, 0.001, 0.004), year(2035, 0.001, 0.009, 0.03)],
            "As members join, the yearly gain grows from +0.10 to +0.90\u00a0% between 2027 and 2035",
        ),
        (
            [year(2027, -0.004, -0.001, 0.001), year(2035, -0.03, -0.009, 0.005)],
            "As members join, the yearly loss added grows from −0.10 to −0.90\u00a0% between 2027 and 2035; no "
            "year rules out harm",
        ),
        (
            [year(2027, -0.004, -0.001, 0.001), year(2035, -0.03, 0.009, 0.05)],
            "The yearly effect goes from −0.10 to +0.90\u00a0% between 2027 and 2035; no year rules out harm",
        ),
        (
            [year(2027, 0.001, 0.009, 0.02), year(2035, 0.001, 0.009, 0.02)],
            "The yearly effect stays at +0.90\u00a0% between 2027 and 2035",
        ),
    ],
)
def test_title_of_the_years_says_how_the_effect_moves(rows, expected):
    assert titles.by_year(rows) == expected
