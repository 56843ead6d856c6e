"""Titles and cells of the chapter's own tables: the grid, the evidence, the registry, the annexes."""

import pytest

from reports import annex_tables, change_tables, evidence_tables, grid_tables
from reports.queries import FOCUS

NBSP = "\u00a0"


def above(effect_set, p, level=1.0, mechanisms="all", threshold=0.1):
    return {
        "effect_set": effect_set, "adoption_level": level, "mechanisms": mechanisms, "threshold": threshold,
        "p_above": p,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([above("optimistic", 0.14), above("default", 0.09)],
         f"Even full adoption with a strong effect of law avoids more than 10{NBSP}% of the loss with a chance of "
         f"14{NBSP}%, with the central one 9{NBSP}%"),
        ([above("optimistic", 0.7), above("default", 0.09)],
         f"Full adoption with a strong effect of law is more likely than not to avoid more than 10{NBSP}% of the loss"),
        ([above("optimistic", 0.0)], f"No draw avoids more than 10{NBSP}% of the loss, at any adoption or strength"),
        ([above("default", 0.2)],
         f"Even full adoption with the central effect of law avoids more than 10{NBSP}% of the loss with a chance of "
         f"20{NBSP}%"),
        ([above("optimistic", 0.9, level=0.5), above("optimistic", 0.9, mechanisms="law"),
          above("optimistic", 0.9, threshold=0.05)],
         "What a convention avoids turns on adoption and on the effect of law"),
    ],
)  # fmt: skip
def test_grid_title_is_the_chance_of_a_tenth_at_full_adoption(rows, expected):
    assert grid_tables.title(rows, "all") == expected


def level(effect_set, at, share, mechanisms="all", measure="avoided_share"):
    return {
        "mechanisms": mechanisms, "effect_set": effect_set, "measure": measure, "adoption_level": at,
        "p05": share - 0.02, "p50": share, "p95": share + 0.05, "mcse": 0.0001, "mcse_p50": None, "p_not_better": 0.14,
    }  # fmt: skip


def test_grid_crosses_adoption_with_strength_and_leaves_out_level_zero():
    """The amount is 945 times the share, as published beside it; the last column is without stand-down."""
    shares = {("null", 0.5): 0.01, ("null", 1.0): 0.02, ("default", 0.5): 0.02, ("default", 1.0): 0.035,
              ("optimistic", 1.0): 0.05, ("default", 0.0): 0.0}  # fmt: skip
    rows = [level(*key, share) for key, share in shares.items()]
    rows += [level(*key, 945 * share, measure="avoided_loss") for key, share in shares.items()]
    rows += [level("default", 1.0, 0.003, mechanisms="no_standdown")]
    odds = [above("default", 0.09), above("default", 0.35, threshold=0.05)]
    made = grid_tables.grid_table(rows, odds, "all")
    texts = {
        head: [[cell.text or f"{cell.low} to {cell.high}" for cell in row] for row in body]
        for head, body in made.groups
    }
    assert list(texts) == ["Weak effect of law", "Central effect of law", "Strong effect of law"]
    assert [[row[0] for row in body] for body in texts.values()] == [["50", "100"], ["50", "100"], ["100"]]
    assert texts["Central effect of law"][1] == [
        "100", "+3.5", "+1.5 to +8.5", "+33.1", "14", "35", "9", "+0.3",
    ]  # fmt: skip
    assert texts["Weak effect of law"][0][5:] == ["–", "–", "–"]
    assert made.tinted == {(0, 1), (1, 1), (2, 0)}


def finding(side, ratio, year=2017, **more):
    return {
        "effect_id": f"{side}{ratio}", "study": f"A study {year}", "year": year, "design": "panel", "side": side,
        "outcome": "attacks", "n": 62, "n_unit": "countries", "log_rate_ratio": ratio, "se": None, "se_assumed": False,
        "low": None, "high": None, "transport": "counts, not money",
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([finding("victim", -0.1), finding("origin", 0.2), finding("other", -0.4)],
         "Of three findings two are of a treaty: one with fewer attacks, one with more"),
        ([finding("victim", -0.1), finding("origin", -0.2)],
         "Of two findings two are of a treaty, all with fewer attacks"),
        ([finding("victim", 0.1), finding("origin", 0.0)],
         "Of two findings two are of a treaty, one with more attacks"),
        ([finding("victim", 0.0), finding("other", 0.1)],
         "Of two findings one is of a treaty, and none finds a change"),
        ([finding("other", -0.4)], "Of one finding not one is of a treaty"),
        ([], "No study is recorded in this run"),
    ],
)  # fmt: skip
def test_evidence_title_counts_both_signs(rows, expected):
    assert evidence_tables.evidence_title(rows) == expected


def test_evidence_cells_give_the_change_its_interval_and_where_the_error_is_assumed():
    """exp(-0.228) - 1 = -20 %, exp(-0.228 +- 1.96 x 0.029) - 1 = -25 to -16 %; exp(-0.5108) - 1 = -40 %."""
    rows = [
        finding("origin", -0.228, se=0.029),
        finding("victim", -0.1256, se=0.064, se_assumed=True),
        finding("other", -0.367, low=-0.5108, high=-0.2231),
        finding("other", None),
        finding("other", -0.821),
    ]
    made = evidence_tables.evidence_table(rows)
    assert [head for head, _ in made.groups] == [
        "Of a treaty, countries that are attacked",
        "Of a treaty, countries from which attacks come",
        "Enforcement, sharing and restraint",
    ]
    victim, origin = made.groups[0][1][0], made.groups[1][1][0]
    assert victim[4].text.endswith("*") and not origin[4].text.endswith("*")
    assert (origin[3].text, origin[4].text) == ("−20", f"−25{NBSP}to{NBSP}−16")
    printed, nothing, alone = made.groups[2][1]
    assert (printed[3].text, printed[4].text) == ("−31", f"−40{NBSP}to{NBSP}−20, printed")
    assert (nothing[3].text, nothing[4].text) == ("–", "–")
    assert (alone[3].text, alone[4].text) == ("−56", "–")


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ([True, False, False], "Of three published estimates one is in the pool; the rest have a reason"),
        ([True, True, False], "Of three published estimates two are in the pool; the rest have a reason"),
        ([True, True], "All two published estimates are in the pool"),
        ([False], "Of one published estimate none is fit to be pooled"),
        ([], "No published estimate is recorded in this run"),
    ],
)
def test_registry_title_counts_the_pool(used, expected):
    assert evidence_tables.estimates_title([{"used": one} for one in used]) == expected


def test_figures_that_were_not_read_are_counted_and_none_is_not_spoken_of():
    assert evidence_tables.unread_line(0) == ""
    assert evidence_tables.unread_line(1).startswith("1 figure was not read")
    assert evidence_tables.unread_line(3).startswith("3 figures were not read")


def option(choice, total, name="x", default=False):
    return {"choice": choice, "option": name, "total": total, "is_default": default}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([option("effect_set", 0.83), option("definition", 0.33), option("tracker_state", 0.001)],
         "The choice “effect of joining” explains 83 % of what moves the mean; one of three choices hardly matters"),
        ([option("effect_set", 0.5), option("definition", 0.45)],
         "The choice “effect of joining” explains 50 % of what moves the mean, “definition” 45 %"),
        ([option("effect_set", 0.8)], "The choice “effect of joining” explains 80 % of what moves the mean"),
        ([option("effect_set", 0.0)], "No choice of the model was varied in this run"),
        ([], "No choice of the model was varied in this run"),
    ],
)  # fmt: skip
def test_choices_title_names_what_explains_most(rows, expected):
    assert annex_tables.choices_title(rows) == expected


def pool(name, usd):
    return {"specification": name, "usd_bn_p50": usd}


def test_leave_one_out_title_gives_the_range():
    rows = [pool("all", 909.0), pool("leave_out:a", 670.0), pool("leave_out:b", 1196.0), pool("with_trend", 1.0)]
    assert annex_tables.left_out_title(rows) == (
        "Leaving out one estimate moves the pooled loss of $909 bn to between $670 bn and $1,200 bn"
    )
    assert annex_tables.left_out_title(rows[:1]) == "No estimate was left out of the pool in this run"
    assert annex_tables.left_out_name("leave_out:cea_2018") == "Without CEA 2018, United States"
    assert annex_tables.left_out_name("world_rows") == "World rows only"


def source(name, basis, read, kept, rejected=0, merged=0):
    return {
        "source_id": name, "basis": basis, "rows_in": read, "rows_kept": kept, "rows_rejected": rejected,
        "rows_merged": merged,
    }  # fmt: skip


def component(name, value, scenario=FOCUS, mechanisms="all", statistic="p50", note=None):
    return {
        "edition_before": "2026-08", "edition": "2026-09", "scenario": scenario, "mechanisms": mechanisms,
        "statistic": statistic, "component": name, "value": value, "note": note,
    }  # fmt: skip


MOVED = [
    component("before", 9.0),
    component("method", 0.0),
    component("parameters", 1.0),
    component("data", 0.31),
    component("after", 10.31),
]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (MOVED, f"Since edition 2026-08 the median of the op-ed’s convention went from $9.0{NBSP}bn to $10.3{NBSP}bn a "
         "year: method 0.0, parameters +1.0, data +0.3."),
        ([component("before", 9.0), component("not separated", 0.0), component("after", 9.0)],
         f"The headline of the op-ed’s convention stands where it stood in edition 2026-08: $9.00{NBSP}bn a year."),
        ([component("before", 9.0), component("parameters", 1.0), component("data", -1.0), component("after", 9.0)],
         f"Since edition 2026-08 the median of the op-ed’s convention went from $9.00{NBSP}bn to $9.00{NBSP}bn a year: "
         "parameters +1.00, data −1.00."),
        ([component("before", 1.0, "universal"), component("after", 2.0, "universal")],
         "The op-ed’s convention is not in both editions, 2026-08 and this one."),
        ([], change_tables.FIRST),
    ],
)  # fmt: skip
def test_changes_are_told_component_by_component(rows, expected):
    assert change_tables.sentence(rows) == expected


def test_changes_print_one_statistic_and_count_what_moved():
    rows = [*MOVED, component("before", 1.0, "universal"), component("after", 1.0, "universal")]
    rows += [component("before", 99.0, statistic="mean"), component("after", 98.0, statistic="mean")]
    shown = change_tables.shown(rows)
    assert {row["statistic"] for row in shown} == {"p50"}
    assert change_tables.title(shown) == "1 of 2 headlines moved since edition 2026-08"
    assert change_tables.title(shown[-2:]) == "No headline moved since edition 2026-08"
    made = change_tables.change_table(shown)
    assert [column.head for column in made.columns] == [
        "Convention", "What acts", "Before", "Method", "Parameters", "Data", "After",
    ]  # fmt: skip
    [(_, body)] = made.groups
    assert [cell.text for cell in body[0]][2:] == ["9.0", "0.0", "+1.0", "+0.3", "10.3"]
    assert [cell.text for cell in body[1]][2:] == ["1.0", "–", "–", "–", "1.0"]
