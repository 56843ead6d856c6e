"""Policy implications: how cases are counted, how far each may be claimed, and what is advised from it."""

import pytest

from reports import policy, policy_tables, policy_text
from reports.edition import Edition
from reports.policy import Tally, tallied
from reports.queries import FOCUS

KEY = "pays"


def tally(held, cases, by_option=None, chance=None, key=KEY):
    return Tally(key, held, cases, by_option or {}, chance)


class Answers(Edition):
    """An edition of a few answers, empty for the rest."""

    def __init__(self, **answers):
        super().__init__({})
        object.__setattr__(self, "answers", answers)

    def rows(self, name, **where):
        found = self.answers.get(name, [])
        return [row for row in found if all(row.get(key) == value for key, value in where.items())]


@pytest.mark.parametrize(
    ("held", "cases", "verdict"),
    [
        (20, 20, "robust"),
        (19, 20, "robust"),
        (18, 20, "most"),
        (2, 3, "most"),
        (13, 20, "open"),
        (1, 3, "open"),
        (1, 4, "few"),
        (0, 4, "none"),
    ],
)
def test_verdict_follows_the_share_of_cases(held, cases, verdict):
    """95 % of 20 is 19; two thirds and one third are themselves in."""
    assert tally(held, cases).verdict == verdict


def test_cases_are_counted_whole_and_by_option():
    held = {("x", 1): True, ("x", 2): True, ("y", 1): True, ("y", 2): False}
    found = tallied(KEY, [({"a": a, "b": b}, holds) for (a, b), holds in held.items()])
    assert (found.held, found.cases) == (3, 4)
    assert found.by_option == {("a", "x"): (2, 2), ("a", "y"): (1, 2), ("b", "1"): (2, 2), ("b", "2"): (1, 2)}
    lowest, options = found.weakest()
    assert (lowest, set(options)) == (0.5, {("a", "y"), ("b", "2")})
    assert tallied(KEY, []) is None
    assert tallied(KEY, [({"a": "x"}, True), ({"a": "y"}, True)]).weakest() is None


@pytest.mark.parametrize(
    ("held", "cases", "finding", "follows"),
    [
        (8, 8, "A convention pays for itself.", "Its cost is no reason against it."),
        (96, 100, "With few exceptions a convention pays for itself.", "Its cost is no reason against it."),
        (75, 100, "In most cases a convention pays for itself.", "Its cost is a weak reason against it."),
        (50, 100, "It turns on the choices whether a convention pays for itself.",
         "Keep it cheap: what it costs decides."),
        (10, 100, "There are few cases in which a convention pays for itself.",
         "As costed here it is not worth its cost."),
        (0, 100, "There is no case in which a convention pays for itself.", "As costed here it is not worth its cost."),
    ],
)  # fmt: skip
def test_what_is_said_and_advised_follows_the_cases(held, cases, finding, follows):
    assert policy_text.finding(tally(held, cases)) == finding
    assert policy_text.follows(tally(held, cases)) == follows


def test_every_implication_has_advice_of_its_own_for_every_verdict():
    for key, one in policy_text.IMPLICATIONS.items():
        advice = [one.holds, one.leans, one.turns, one.fails]
        assert len(set(advice)) == 4, key
        assert all(text.endswith(".") and text[0].isupper() for text in advice), key
        assert one.claim[0].islower() and not one.claim.endswith("."), key


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (tally(4, 4, {("a", "x"): (2, 2), ("a", "y"): (2, 2)}), "none among the choices examined"),
        (tally(0, 4, {("a", "x"): (0, 2), ("a", "y"): (0, 2)}), "holds under no choice"),
        (tally(2, 4, {("effect_set", "default"): (2, 2), ("effect_set", "backfire"): (0, 2)}),
         "Effect of joining “Backfire”: in none"),
        (tally(5, 8, {("effect_set", "backfire"): (1, 4), ("effect_set", "null"): (4, 4)}),
         "Effect of joining “Backfire”: 25\u00a0%"),
        (tally(2, 4, {("definition", "broad"): (2, 2), ("definition", "criminal"): (0, 1),
                      ("adoption_level", "0.5"): (0, 1)}),
         "Definition “Criminal law” and Share covered 50\u00a0%: in none"),
        (tally(3, 6, {("scenario", f"s{k}"): (0, 1) for k in range(3)} | {("scenario", "t"): (3, 3)}),
         "Convention “S0”, Convention “S1” and one more: in none"),
        (tally(2, 4, {("a", "x"): (1, 2), ("a", "y"): (1, 2)}), "no choice stands out"),
    ],
)  # fmt: skip
def test_weakest_link_names_the_choice_under_which_the_fewest_cases_hold(found, expected):
    assert policy_text.weakest_link(found) == expected


@pytest.mark.parametrize(
    ("tallies", "expected"),
    [
        ([tally(20, 20), tally(19, 20)], "All two implications hold in nearly every case"),
        ([tally(20, 20), tally(3, 4), tally(0, 4)],
         "Of three implications one holds in nearly every case, one holds in most and one holds in none"),
        ([tally(3, 4), tally(3, 4), tally(1, 2)], "Of three implications two hold in most"),
        ([tally(1, 2), tally(1, 5)], "None of two implications holds in most cases"),
        ([], "No implication can be judged from the tables of this edition"),
    ],
)  # fmt: skip
def test_title_counts_what_holds(tallies, expected):
    assert policy_text.title(tallies) == expected


def test_introduction_gives_both_ends_with_their_cases():
    both = [tally(6, 6, key="agreed"), tally(0, 4, key="study")]
    assert policy_text.introduction(both) == (
        "Agreed consequences do better than unilateral answers (6 of 6 comparisons). At the other end: there is no "
        "case in which waiting a year for one more study forgoes less than the study brings in a year (0 of 4 studies)."
    )
    assert policy_text.introduction(both[:1]).endswith("(6 of 6 comparisons).")
    assert policy_text.introduction([]).startswith("No implication is drawn")


def study(name, value, se=0.01):
    return {"information": "together", "inputs": name, "value": value, "se": se}


@pytest.mark.parametrize(
    ("rows", "forgone", "expected"),
    [
        ([study("effect of law", 1.12), study("stand-down", 0.31)], 5.04,
         "A year of waiting forgoes $5.04\u00a0bn on average; settling the effect of law brings $1.12\u00a0bn a year, "
         "so that a year’s delay is repaid after 4.5 years."),
        ([study("effect of law", 0.01, 0.02)], 5.04,
         "A year of waiting forgoes $5.04\u00a0bn on average; settling the effect of law brings $0.0\u00a0bn a year, "
         "which is not told apart from zero."),
        ([study("effect of law", 1.12)], -2.0,
         "A year of waiting forgoes nothing on average, and settling the effect of law brings $1.12\u00a0bn a year."),
        ([], 5.04, "Whether a study first is worth a year’s delay was not computed in this run."),
        ([study("effect of law", 1.12)], None,
         "Whether a study first is worth a year’s delay was not computed in this run."),
    ],
)  # fmt: skip
def test_a_study_is_held_against_a_years_delay(rows, forgone, expected):
    """5.04 / 1.12 is 4.5."""
    assert policy_text.study_first(rows, forgone) == expected


def level(metric, acts, effect, at, measure, mean):
    return {
        "adoption_metric": metric, "mechanisms": acts, "effect_set": effect, "adoption_level": at, "measure": measure,
        "mean": mean,
    }  # fmt: skip


def test_width_is_the_widest_level_against_the_smallest_club_net_of_cost():
    rows = [
        level("gdp", "all", "default", at, "net_benefit", mean) for at, mean in ((0.0, 0.0), (0.1, 2.0), (1.0, 3.0))
    ]
    rows += [level("gdp", "law", "default", at, "net_benefit", mean) for at, mean in ((0.1, 2.0), (1.0, 1.0))]
    found = {one.key: one for one in policy.ranked(Answers(grid=rows))}
    assert (found["wide"].held, found["wide"].cases) == (1, 2)
    assert found["wide"].weakest() == (0.0, [("mechanisms", "law")])


def test_origin_is_compared_with_gdp_at_the_same_share_and_not_where_everybody_is_in():
    rows = [
        level(metric, "all", "default", at, "avoided_loss", mean)
        for metric, means in (("attack_origin", (4.0, 2.0, 9.0)), ("gdp", (1.0, 3.0, 9.0)))
        for at, mean in zip((0.25, 0.5, 1.0), means, strict=True)
    ]
    found = {one.key: one for one in policy.ranked(Answers(grid=rows))}
    assert (found["origin"].held, found["origin"].cases) == (1, 2)
    assert policy_text.weakest_link(found["origin"]) == "Share covered 50\u00a0%: in none"


def test_agreement_law_output_and_study_are_judged_case_by_case():
    regime = {"regime": "agreed_minus_unilateral", "belief": "little_reciprocity", "p_agreed_better": 0.8}
    edition = Answers(
        escalation=[regime | {"measure": "net_cost", "mean": -4.0}, regime | {"measure": "state_loss", "mean": 1.0},
                    regime | {"measure": "retaliation", "mean": -9.0}],
        decomposition=[{"scenario": "a", "channel": "law_origin", "value": 2.0},
                       {"scenario": "a", "channel": "law_target", "value": 1.0},
                       {"scenario": "b", "channel": "law_origin", "value": None}],
        output_beside_loss=[
            {"scenario": "a", "mechanisms": acts, "effect_set": "default", "avoided": avoided, "output": own}
            for acts, avoided, own in (("all", -4.0, -1.0), ("law", 1.0, 2.0), ("none", 0.0, 0.0))
        ],
        scenarios=[{"scenario": FOCUS, "effect_set": "default", "measure": "net_benefit", "mean": 5.0}],
        information=[study("effect of law", 6.0), study("stand-down", 1.0)],
    )  # fmt: skip
    found = {one.key: one for one in policy.ranked(edition)}
    assert (found["agreed"].held, found["agreed"].cases, found["agreed"].chance) == (1, 2, 0.8)
    assert (found["law_at_origin"].held, found["law_at_origin"].cases) == (1, 1)
    assert (found["output"].held, found["output"].cases) == (1, 2)
    assert (found["study"].held, found["study"].cases) == (1, 2)


def test_specifications_are_counted_in_sql_as_by_hand(edition):
    """Fixture: 6 effect sets x 3 definitions x 3 anchors; the mean is above zero but for `null` and `backfire`.

    Stand-down adds 4 d and is always a gain; net of 6 the mean pays where e d a exceeds 6.
    """
    found = {one.key: one for one in policy.ranked(edition)}
    assert (found["lowers"].held, found["lowers"].cases) == (36, 54)
    assert found["lowers"].by_option["effect_set", "backfire"] == (0, 9)
    assert found["lowers"].by_option["definition", "broad"] == (12, 18)
    assert (found["stand_down"].held, found["stand_down"].cases) == (54, 54)
    sizes = [(e, d, a) for e in (12, 18, 31, 0, -14, 9) for d in (1, 0.6, 0.4) for a in (1, 0.73, 0.38)]
    assert found["pays"].held == sum(e * d * a > 6 for e, d, a in sizes)
    assert found["law"].held == sum(e * d * a > 7 * d for e, d, a in sizes)


def test_ranking_is_from_the_most_to_the_least_robust(edition):
    shares = [one.share for one in policy.ranked(edition)]
    assert len(shares) == 11
    assert shares == sorted(shares, reverse=True)


def test_a_share_is_none_or_all_only_where_it_is():
    assert policy_tables.share(tally(999, 1000)) == "> 99"
    assert policy_tables.share(tally(1, 1000)) == "< 1"
    assert policy_tables.share(tally(0, 10)) == "0"
    assert policy_tables.share(tally(10, 10)) == "100"


def test_every_implication_leads_to_a_figure_or_table_of_the_page(page):
    assert {one.target for one in policy_text.IMPLICATIONS.values()} <= {
        "specification", "break_even", "without", "channels", "forest", "regimes", "grid", "hero", "ledgers",
        "information",
    }  # fmt: skip
    part = page[page.index('id="policy"') : page.index('id="sources"')]
    assert '<td class="text tight">–</td>' not in part
