"""Every branch of the generated titles and sentences: a title may say only what its numbers show."""

import pytest

from reports import cards, limits, text, titles
from reports.titles import Spread


def level(share, p05, p50, p95, worse=0.3):
    return {"adoption_level": share, "p05": p05, "p50": p50, "p95": p95, "p_not_better": worse, "mcse": 0.0002}


def spread(p05, p50, p95, worse=0.3, mcse=0.01):
    return Spread(p05, p50, p95, worse, mcse)


SMALL = ("the G7", {"p05": -0.0005, "p50": 0.0002, "p95": 0.001})
OPEN = [level(0, 0, 0, 0, None), level(0.5, -0.01, 0.004, 0.03), level(1, -0.05, 0.014, 0.10)]


def test_verdicts_follow_the_interval():
    assert spread(1, 2, 3).verdict == "gain"
    assert spread(-3, -2, -1).verdict == "harm"
    assert spread(-1, 1, 2).verdict == "open"
    assert spread(0, 0, 0).verdict == "nil"


def test_the_larger_of_two_monte_carlo_errors_limits_the_digits():
    row = {"p05": -1.0, "p50": 1.234, "p95": 2.0, "p_not_better": 0.2, "mcse": 0.001, "mcse_p50": 0.05}
    assert Spread.of(row).places == 1


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (OPEN, "Small clubs change almost nothing; wide adoption widens gain and risk alike"),
        (
            [OPEN[0], level(0.5, 0.01, 0.02, 0.03), level(1, 0.02, 0.04, 0.06)],
            "Small clubs change almost nothing; wide adoption avoids about 4.0\u00a0% of the loss",
        ),
        (
            [OPEN[0], level(0.5, -0.03, -0.02, -0.01), level(1, -0.06, -0.04, -0.02)],
            "Small clubs change almost nothing; wide adoption makes losses about 4.0\u00a0% larger",
        ),
        (
            [OPEN[0], level(0.5, -0.03, -0.004, 0.01), level(1, -0.10, -0.014, 0.05)],
            "Small clubs change almost nothing; wide adoption makes losses about 1.4\u00a0% larger at the median, and "
            "gain is not ruled out",
        ),
        (
            [OPEN[0], level(0.5, -0.05, 0.004, 0.10), level(1, -0.05, 0.014, 0.10)],
            "Small clubs change almost nothing; at no level of adoption is harm ruled out",
        ),
        ([OPEN[0], level(1, 0, 0, 0, None)], "Adoption changes nothing: the effect is nil at every level"),
    ],
)
def test_hero_title_has_a_branch_for_every_sign(levels, expected):
    assert titles.hero(levels, SMALL) == expected


def test_hero_title_does_not_call_a_club_small_whose_interval_is_wide():
    wide = ("the G7", {"p05": -0.02, "p50": 0.01, "p95": 0.04})
    assert titles.hero(OPEN, wide).startswith("Gain and harm are both possible even for the G7 alone")


@pytest.mark.parametrize(
    ("half", "full", "start"),
    [
        (0.003, 0.014, "Benefits come late"),
        (0.007, 0.014, "Benefits grow in step"),
        (0.012, 0.014, "Benefits come early"),
        (0.0, 0.0, "More adoption widens the range"),
        (-0.005, -0.014, "The wider the adoption, the larger the median loss"),
    ],
)
def test_growth_with_adoption_is_late_even_or_early(half, full, start):
    levels = [level(0, 0, 0, 0), level(0.5, -0.01, half, 0.03), level(1, -0.05, full, 0.10)]
    assert titles.by_adoption(levels).startswith(start)
    if start.startswith("Benefits"):
        assert titles.by_adoption(levels).endswith(f"brings +{100 * half:.1f} of +1.4\u00a0%")


@pytest.mark.parametrize(
    ("percentile", "words"),
    [
        (0.97, "above nearly all"),
        (0.7, "above their middle"),
        (0.5, "near their middle"),
        (0.3, "below their middle"),
        (0.01, "below nearly all"),
        (None, "one of them"),
    ],
)
def test_registry_title_places_one_trillion_by_its_percentile(percentile, words):
    title = titles.registry([{"middle_2020": 363.0}, {"middle_2020": 6270.0}], percentile)
    assert "factor of 17" in title  # 6270 / 363 = 17.3
    assert words in title


def study(value, se):
    return {"log_rate_ratio": value, "se": se}


@pytest.mark.parametrize(
    ("studies", "expected"),
    [
        (
            [study(-0.228, 0.029), study(0.388, 0.05)],
            "Studies of cybercrime law disagree in sign, beyond their own errors",
        ),
        ([study(-0.1256, 0.064), study(0.02, 0.1)], "Studies of cybercrime law disagree in sign"),
        ([study(-0.2, 0.03), study(-0.3, 0.03)], "All two studies find fewer attacks"),
        ([study(-0.2, 0.03), study(-0.1, 0.3)], "All two studies point to fewer attacks, one of them beyond its error"),
        ([study(0.2, 0.03), study(0.3, None)], "All two studies point to more attacks, one of them beyond its error"),
        ([study(0.0, 0.1)], "No study finds an effect"),
    ],
)
def test_forest_title_follows_signs_and_errors(studies, expected):
    assert titles.forest(studies) == expected


@pytest.mark.parametrize(
    ("medians", "words"),
    [
        ((0.01, -0.01), "decides the sign"),
        ((0.01, 0.02), "a gain"),
        ((-0.01, -0.02), "larger loss"),
        ((0.0, 0.0), "median is zero"),
        ((0.01, 0.0), "not all reduce"),
        ((0.0, -0.01), "No effect set reduces"),
    ],
)
def test_effect_set_title_follows_the_signs_of_the_medians(medians, words):
    rows = [{"p05": m - 0.05, "p50": m, "p95": m + 0.05, "p_not_better": 0.4, "mcse": 0.0003} for m in medians]
    assert words in titles.effect_sets(rows)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["holds"] * 3, "All three claims of the op-ed hold on every reading"),
        (["fails"] * 3, "Not one of the op-ed’s three claims holds on any reading"),
        (["on some readings"] * 3, "All three claims of the op-ed turn on the reading"),
        (
            ["holds", "on some readings", "fails"],
            "Of the op-ed’s three claims, one holds on every reading, one turns on the reading and one holds on no "
            "reading",
        ),
        (
            ["on some readings", "on some readings", "holds"],
            "Of the op-ed’s three claims, one holds on every reading and two turn on the reading",
        ),
    ],
)
def test_claims_title_counts_the_verdicts(verdicts, expected):
    assert titles.claims(verdicts) == expected


@pytest.mark.parametrize(
    ("spreads", "expected"),
    [
        ([spread(1, 2, 3)] * 2, "Every convention avoids loss throughout its 90 % interval"),
        ([spread(1, 2, 3), spread(-1, 2, 3)], "One of two conventions rule out harm at 90 %"),
        ([spread(-3, -2, -1)] * 2, "Every convention makes losses larger throughout its 90 % interval"),
        ([spread(-1, 1, 2), spread(-1, -0.5, 2)], "No convention rules out harm at 90 %; one of two medians is a gain"),
        ([spread(-1, 1, 2)] * 3, "No convention rules out harm at 90 %; every median is a gain"),
        ([spread(-1, -0.5, 2)], "No convention rules out harm at 90 %; no median is a gain"),
    ],
)
def test_scenario_title_follows_the_intervals(spreads, expected):
    assert titles.scenarios(spreads) == expected
    assert titles.scenarios(spreads, spreads) == expected


def test_scenario_title_says_where_standdown_alone_rules_out_harm():
    title = titles.scenarios([spread(1, 2, 3), spread(-1, 2, 3)], [spread(-1, 1, 3), spread(-1, 2, 3)])
    assert title == "One of two conventions rule out harm at 90 %; without stand-down none"


def test_variant_title_says_whether_zero_is_crossed():
    assert titles.variants([-16.2, 9.0, 12.9], 0).endswith("from −16 to +13 $ bn, across zero")
    assert titles.variants([2.0, 9.0], 0).endswith("from +2 to +9 $ bn")
    assert titles.variants([9.0, 9.1], 0).startswith("No single choice moves")


@pytest.mark.parametrize(
    ("odds", "start"),
    [
        ([0.2, 0.3], "Every bloc"),
        ([0.7, 0.8], "No bloc"),
        ([0.2, 0.8], "One of two blocs is"),
        ([0.2, 0.3, 0.8, None], "Two of three blocs are"),
    ],
)
def test_bloc_title_counts_those_more_likely_than_not_to_pay(odds, start):
    assert titles.blocs(odds).startswith(start)


def test_break_even_title_admits_that_there_may_be_none():
    assert titles.break_even([None, None]).startswith("Nothing in the range")
    assert titles.break_even([0.1, None]).startswith("Not every")
    assert titles.break_even([0.1, 0.2]).startswith("What must be true")


@pytest.mark.parametrize(
    ("judged", "count", "expected"),
    [
        (21, 21, "All 21 uncertain inputs are judgments"),
        (0, 4, "All four uncertain inputs are published or estimated"),
        (1, 4, "One of four uncertain inputs is a judgment"),
        (12, 21, "12 of 21 uncertain inputs are judgments"),
        (0, 0, "No prior is recorded in this run"),
    ],
)
def test_prior_title_counts_the_judgments(judged, count, expected):
    assert titles.judgments(judged, count) == expected


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (
            spread(-4.8, 1.4, 10.3, 0.27, 0.02),
            ("avoids about 1.4 percent", "a loss 4.8 percent larger to one 10.3 percent smaller", "27 percent chance"),
        ),
        (
            spread(0.4, 1.4, 3.1, 0.03, 0.02),
            ("avoids about 1.4 percent", "from 0.4 to 3.1 percent avoided", "3 percent chance"),
        ),
        (spread(-3.1, -1.4, -0.4, 0.98, 0.02), ("makes the yearly loss about 1.4 percent larger", "percent more loss")),
        (
            spread(-4.8, -1.4, 2.0, 0.7, 0.02),
            ("makes the yearly loss about 1.4 percent larger", "a loss 4.8 percent larger to one 2.0 percent smaller"),
        ),
        (spread(-1.0, 0.0, 1.0, 0.5, 0.02), ("leaves the yearly loss as it is at the median",)),
        (spread(0.0, 0.0, 0.0, None, 0.0), ("avoids nothing: the effect is nil",)),
        (spread(-1.0, 0.5, 1.0, None, 0.02), ("is not estimated",)),
    ],
)
def test_standfirst_has_a_branch_for_every_result(share, words):
    sentence = text.standfirst(share, spread(-45, 13, 97, 0.27, 0.2), "law alone", 2035)
    for word in words:
        assert word in sentence
    assert "nil" in sentence or "at the median of the default prior. The" in sentence
    assert sentence.endswith(".")


def test_question_turns_the_interval_round_when_the_convention_adds_loss():
    sentence = text.question(spread(-4.8, -1.4, 2.0, 0.7, 0.02), "law alone", 0.58, 945.0)
    assert "would add 1.4 percent (90 percent interval −2.0 to +4.8)" in sentence
    assert "cover 58 percent of attack origin" in sentence


@pytest.mark.parametrize(
    ("row", "mean", "words"),
    [
        ({"winners": 100, "losers": 38}, 1.0, "Although the world gains, 38 of 138"),
        ({"winners": 100, "losers": 0}, 1.0, "Of 100 economies with a change, not one"),
        ({"winners": 0, "losers": 12}, -1.0, "The world as a whole does not gain; every one of the 12"),
        ({"winners": 100, "losers": 38}, -1.0, "The world as a whole does not gain; 38 of 138"),
        ({"winners": 0, "losers": 0}, 0.0, "No economy gains or loses"),
        (None, 1.0, "not estimated"),
    ],
)
def test_winners_line_has_a_branch_for_every_count(row, mean, words):
    assert words in text.winners(row, mean, [])


@pytest.mark.parametrize(
    ("most", "words"), [(30, "most are in the group “Low” (30)"), (15, "the largest number is in")]
)
def test_winners_line_names_region_and_income_group(most, words):
    groups = [
        {"kind": "region", "name": "Africa", "losers": 20},
        {"kind": "region", "name": "Europe", "losers": 18},
        {"kind": "income_group", "name": "Low", "losers": most},
        {"kind": "income_group", "name": "High", "losers": 8},
    ]
    line = text.winners({"winners": 100, "losers": 38}, 1.0, groups)
    assert "20 of them are in Africa." in line and words in line


def test_what_is_not_modelled_is_listed_until_it_is():
    assert any("Red lines" in line for line in limits.not_shown("law", {"share": 0.55, "placed": 61.0}))
    assert not any("Red lines" in line for line in limits.not_shown("all", {"share": 0.55, "placed": 61.0}))
    assert any("rests on judgments" in line for line in limits.not_shown("all", None))
    assert any(
        "55 percent of the criminal incidents" in line and "rests on 61 incidents" in line
        for line in limits.not_shown("law", {"share": 0.55, "placed": 61.0})
    )
    assert any("not estimated" in line for line in limits.not_shown("law", None))


@pytest.mark.parametrize(
    ("parts", "inside", "outside"),
    [
        ("law", "later signatories", "states that stand down"),
        ("no_standdown", "agreed consequences", "states that stand down"),
        ("all", "states that stand down", None),
    ],
)
def test_each_argument_of_the_op_ed_is_in_or_out_or_off_or_not_modeled(parts, inside, outside):
    lists = dict(limits.arguments(parts))
    assert inside in lists["In the numbers"]
    assert (outside in lists["Not in these numbers"]) if outside else ("Not in these numbers" not in lists)
    assert "havens" in lists["Off by default, no evidence"]
    assert "response likelier" in lists["Not modeled"]


def test_headline_without_standdown_stands_beside_the_headline():
    full, less, amount = (
        spread(-2.0, 2.5, 9.0, 0.2, 0.02),
        spread(-3.0, 1.7, 8.0, 0.29, 0.02),
        spread(-30, 16, 80, mcse=0.6),
    )
    sentence = text.standfirst(full, amount, "law and more", 2035, (less, amount))
    assert "avoids about 2.5 percent" in sentence
    assert sentence.endswith(
        "Without stand-down it avoids about 1.7 percent of the loss, or $16\u00a0billion (90 percent interval −3.0 to "
        "+8.0 percent avoided, 29 percent chance of nothing or harm)."
    )
    assert "; without stand-down it would avoid 1.7 percent (−3.0 to +8.0)." in text.question(
        full, "law and more", 0.58, 945.0, less
    )
    card = cards.card_avoided(full, less)
    assert card.claim.endswith("2.5\u00a0% of the loss, 1.7\u00a0% without stand-down")
    assert card.interval.endswith("without stand-down −3.0 to +8.0\u00a0%")
    assert card.probability.endswith("29\u00a0% without stand-down")


@pytest.mark.parametrize(
    ("less", "words"),
    [
        (spread(-8.0, -1.7, 3.0, 0.7, 0.02), "Without stand-down it makes the loss about 1.7 percent larger, or"),
        (spread(-8.0, 0.0, 3.0, None, 0.02), "leaves the loss as it is (90 percent interval −8.0 to +3.0"),
        (spread(0.0, 0.0, 0.0, None, 0.0), "Without stand-down it avoids nothing."),
    ],
)
def test_headline_without_standdown_has_a_branch_for_every_sign(less, words):
    assert words in text.without_standdown(less, spread(-30, -16, 80))


def test_card_says_so_where_standdown_turns_the_sign():
    claim = cards.card_avoided(spread(-2.0, 2.5, 9.0), spread(-8.0, -1.7, 3.0)).claim
    assert claim.endswith("; without stand-down it makes the loss about 1.70\u00a0% larger")
    claim = cards.card_avoided(spread(-9.0, -2.5, 2.0), spread(-8.0, -1.7, 3.0)).claim
    assert claim.endswith("2.50\u00a0% larger, 1.70\u00a0% without stand-down")


def test_question_names_what_acts():
    assert text.question(spread(-2.0, 2.5, 9.0), "law and red lines", None, 945.0).startswith(
        "A convention of law and red lines, adopted by its assumed members"
    )


@pytest.mark.parametrize(
    ("inside", "total", "expected"),
    [
        (0, 0, "No study was compared"),
        (4, 4, "The default could have produced what every study found"),
        (0, 4, "The default could have produced none"),
        (3, 4, "The default could have produced 3 of 4 findings"),
    ],
)
def test_contrast_title_counts_the_findings_inside_the_default(inside, total, expected):
    assert titles.contrasts(inside, total).startswith(expected)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [("8", "an"), ("11", "an"), ("18", "an"), ("80", "an"), ("83", "an"), ("1", "a"), ("14", "a"), ("28", "a")],
)
def test_the_article_is_that_of_the_number_read_aloud(percent, expected):
    assert text.article(percent) == expected
