"""Events as files: every figure with its sources and reason, money in prices of 2020, and how wrong files fail."""

import pytest

from models.events import Figure
from pipelines import event_files
from pipelines.errors import InputError
from pipelines.event_entries import FigureEntry

GOOD = """\
title: Test
summary: An event for a test.
leaves_out: Nothing.
cap: {usd_bn: 10, kind: judgement, sources: [cyberaccord_judgement], verified: false, rationale: A test.}
timeline: {event_id: solarwinds, spreads_from: available, found: public}
detection_months: [3]
footprints:
  - footprint: firms
    organizations: {low: 90, central: 100, high: 110, kind: published, sources: [jlr], verified: true, rationale: A.}
    at_most: 120
    half_life_months: {low: 1, central: 2, high: 3, kind: judgement, sources: [jlr], verified: false, rationale: A.}
courses:
  - course: outage
    summary: They stand still.
    parts:
      - part: large
        footprint: firms
        share: {low: 0.1, central: 0.2, high: 0.4, kind: judgement, sources: [jlr], verified: false, rationale: A.}
        loss_per_organization_usd_m:
          low: 1
          central: 2
          high: 4
          price_year: 2017
          kind: published
          sources: [jlr]
          verified: true
          rationale: A test.
    downstream: {low: 1, central: 2, high: 3, kind: judgement, sources: [jlr], verified: false, rationale: A.}
reported:
  - {label: said, price_year: 2017, central_usd_bn: 3, sources: [jlr], verified: true}
not_valid:
  - {label: product, organizations: 9, loss_per_organization_usd_m: 9, reason: A test., sources: [jlr], verified: true}
""".replace("[jlr]", "[cmc_jlr]")
TIMELINE = "timeline: {event_id: solarwinds, spreads_from: available, found: public}\n"
PARTS = GOOD[GOOD.index("      - part: large") : GOOD.index("    downstream")]
WRONG = {
    "field that is unknown": ("summary: They", "sumary: They", ["row 14", "courses[1].sumary", "did you mean summary"]),
    "field that is unknown in a figure": ("kind: published\n", "kind: published\n          unit: m\n", ["unit"]),
    "figure without a source": (
        "          sources: [cmc_jlr]\n",
        "",
        ["row 19", "loss_per_organization_usd_m.sources"],
    ),
    "figure with an empty list of sources": (
        "          sources: [cmc_jlr]",
        "          sources: []",
        ["row 25", "sources", "at least one entry"],
    ),
    "source that is unknown": (
        "sources: [cmc_jlr], verified: true}\nnot_valid",
        "sources: [my_book], verified: true}\nnot_valid",
        ["row 30", "reported[1].sources[1]", "'my_book'", "sources.csv"],
    ),
    "source of the cap that is unknown": ("[cyberaccord_judgement]", "[me]", ["row 4", "cap.sources[1]", "'me'"]),
    "no reason": ("          rationale: A test.\n", "", ["loss_per_organization_usd_m.rationale", "missing"]),
    "nothing said of verified": ("          verified: true\n", "", ["verified", "missing"]),
    "amount of nothing": ("central: 2\n", "central: 0\n", ["row 21", "central", "above 0"]),
    "amount below nothing": ("usd_bn: 10", "usd_bn: -10", ["row 4", "cap.usd_bn", "-10", "above 0"]),
    "amount that is infinite": ("high: 4\n", "high: .inf\n", ["row 22", "high", "finite"]),
    "amount that is no number": ("high: 4\n", "high: four\n", ["row 22", "high", "'four'", "a number"]),
    "ends out of order": ("central: 2\n", "central: 9\n", ["row 20", "'1, 9, 4'", "low <= central <= high"]),
    "share above one": ("high: 0.4", "high: 1.4", ["row 18", "share.high", "at most 1"]),
    "amplification that shrinks": ("downstream: {low: 1", "downstream: {low: 0.5", ["downstream.low", "at least 1"]),
    "kind that is none": ("kind: published\n", "kind: guess\n", ["row 24", "'guess'", "'published' or 'judgement'"]),
    "bound under the high end": ("at_most: 120", "at_most: 105", ["row 10", "at_most", "at least 110"]),
    "footprint that is none": (
        "footprint: firms\n        share",
        "footprint: banks\n        share",
        ["row 17", "firms"],
    ),
    "part twice": (PARTS, PARTS + PARTS, ["row 28", "courses[1].parts[2].part", "'large'", "a name of its own"]),
    "no part": (PARTS, "      []\n", ["courses[1].parts", "at least one entry"]),
    "year without a price index": ("price_year: 2017\n", "price_year: 2090\n", ["row 23", "2090", "us_cpi.csv"]),
    "milestone that is none": ("spreads_from: available", "spreads_from: launch", ["row 5", "'launch'", "milestone"]),
    "milestones the wrong way": (
        "spreads_from: available, found: public",
        "spreads_from: public, found: available",
        ["row 5", "timeline.found", "later than public"],
    ),
    "spread without a timeline": (TIMELINE, "", ["half_life_months", "a timeline in the file"]),
    "yaml that does not parse": ("[3]", "[3", ["valid YAML"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_event_is_told_in_one_line_with_file_line_field_value_and_what_is_allowed(case, tmp_path):
    old, new, fragments = WRONG[case]
    assert old in GOOD
    (tmp_path / "test.yaml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        event_files.load("test", tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    for fragment in ["test.yaml", *fragments]:
        assert fragment in message


def test_an_event_that_neither_has_happened_nor_comes_again_is_refused(tmp_path):
    text = GOOD.replace(TIMELINE, "").replace("detection_months: [3]\n", "")
    start, end = text.index("    half_life"), text.index("courses:")
    (tmp_path / "test.yaml").write_text(text[:start] + text[end:])
    with pytest.raises(InputError, match=r"return_period_years, or the timeline"):
        event_files.load("test", tmp_path)


def test_a_file_is_what_it_says_in_prices_of_2020(tmp_path):
    """US consumer prices, yearly means: 245.11958 in 2017, 258.81117 in 2020."""
    (tmp_path / "test.yaml").write_text(GOOD, encoding="utf-8")
    (event,) = event_files.load_all(tmp_path)
    ((part,),) = (course.parts for course in event.courses)
    assert (event.event_id, event.cap_usd_bn, event.detection_months) == ("test", 10, (3,))
    assert event.footprints["firms"].organizations == Figure(
        90, 100, 110, most=120, kind="published", sources=("cmc_jlr",), verified=True
    )
    loss = part.loss_usd_m
    assert [loss.low, loss.central, loss.high] == pytest.approx([x * 258.81117 / 245.11958 for x in (1, 2, 4)])
    assert (part.share.most, event.courses[0].downstream.least) == (1.0, 1.0)
    assert (event.reported[0].central, event.rejected[0].reason) == (3, "A test.")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"solarwinds.*\(did you mean solarwinds\?\)"):
        event_files.load("solarwind")


def test_a_file_name_that_is_no_name_is_refused(tmp_path):
    (tmp_path / "My-Event.yaml").write_text(GOOD)
    with pytest.raises(InputError, match=r"My-Event\.yaml"):
        event_files.names(tmp_path)


def figures(part: object) -> list[FigureEntry]:
    """Every figure of a file."""
    if isinstance(part, FigureEntry):
        return [part]
    inside = part if isinstance(part, tuple) else [value for _, value in part] if hasattr(part, "model_fields") else []
    return [found for each in inside for found in figures(each)]


@pytest.mark.parametrize("name", event_files.names())
def test_every_shipped_figure_has_a_reason_and_what_rests_on_memory_or_judgement_says_so(name):
    written = event_files.read_file(name)
    assert written.title and written.summary and written.leaves_out and written.cap.rationale
    found = figures(written)
    assert len(found) >= 2
    for figure in found:
        assert len(figure.rationale) > 20
        if {"cyberaccord_memory", "cyberaccord_judgement"} & set(figure.sources):
            assert figure.kind == "judgement" and not figure.verified
