"""What the figures of facts draw: sums by quarter, breaks of a log axis, cells withheld, ranks and shares of GDP."""

from datetime import date

import pytest

from reports.figures_actors import EDGES, STEPS, actors, color_of, cross, percent, steps
from reports.figures_groups import change_places, groups_of
from reports.figures_records import decimal, records, series
from reports.palette import MODES, NARROW, WIDE


def quarter(tracker, threat_class, day, incidents, in_year=40):
    return {"tracker": tracker, "threat_class": threat_class, "quarter": day, "incidents": incidents,
            "in_year": in_year}  # fmt: skip


def corrected(source, year, on_record=100, factor=5.0):
    ends = {"p05": 3.0, "p25": 4.0, "p50": factor, "p75": 7.0, "p95": 13.0}
    row = {"source_id": source, "threat_class": "criminal", "year": year, "on_record": on_record}
    return row | {name: each * on_record for name, each in ends.items()}


ROWS = [
    quarter("eurepoc", "state", date(2020, 1, 1), 4),
    quarter("eurepoc", "other", date(2020, 1, 1), 6),
    quarter("eurepoc", "state", date(2020, 4, 1), 1),
    quarter("vcdb", "criminal", date(2020, 1, 1), 7),
    quarter("vcdb", "criminal", date(2020, 4, 1), 0),
    quarter("vcdb", "state", date(2020, 1, 1), 9),
]


def test_a_tracker_shows_all_its_classes_unless_one_of_them_is_corrected():
    plain = {one.tracker: one for one in series(ROWS, [], [])}
    assert plain["eurepoc"].raw == [(2020.0, 10.0), (2020.25, 1.0)]
    assert plain["vcdb"].raw == [(2020.0, 16.0), (2020.25, 0.0)]
    assert (plain["eurepoc"].dated, plain["eurepoc"].known) == (11, 80)
    one = next(o for o in series(ROWS, [], [corrected("vcdb", 2020)]) if o.tracker == "vcdb")
    assert one.raw == [(2020.0, 7.0), (2020.25, 0.0)]
    assert one.only == "criminal"


def test_complaints_come_last_and_by_year_and_withheld_years_are_no_correction():
    events = [corrected("ic3", 2020), corrected("ic3", 2021) | {"p50": None}]
    found = series(ROWS, [{"year": 2020, "complaints": 900_000}, {"year": 2021, "complaints": 800_000}], events)
    assert [one.tracker for one in found] == ["eurepoc", "vcdb", "ic3"]
    assert (found[-1].parts, found[-1].end, found[-1].peak) == (1, 2022.0, 2020)
    assert [row["year"] for row in found[-1].corrected] == [2020]
    assert series([], [], []) == []


def test_a_peak_is_the_first_year_with_most_even_where_its_quarters_are_not_all_there():
    rows = [quarter("cfr", "state", date(year, month, 1), n) for year, month, n in
            ((2020, 1, 20), (2020, 4, 20), (2020, 7, 20), (2020, 10, 20), (2021, 1, 45), (2021, 4, 44))]  # fmt: skip
    assert series(rows, [], [])[0].peak == 2021
    assert series([*rows[:4], rows[4] | {"incidents": 80}], [], [])[0].peak == 2020


def test_dates_are_decimal_years():
    assert decimal(date(2018, 1, 1)) == 2018.0
    assert decimal(date(2018, 7, 1)) == 2018.5
    assert decimal(date(2018, 5, 25)) == pytest.approx(2018.4, abs=0.01)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_nothing_on_a_log_axis_breaks_the_line_and_a_correction_is_of_a_period(mode):
    """500 a year at the median are 125 a quarter."""
    found = series(ROWS, [], [corrected("vcdb", 2020)])
    figure = records(found, [], mode)
    lines = [trace for trace in figure.data if trace.line.shape == "hv"]
    assert [list(trace.y) for trace in lines] == [[10.0, 1.0, 1.0], [7.0, None, None]]
    median = next(trace for trace in figure.data if trace.line.width == 2)
    assert list(median.y) == [125.0, 125.0]
    assert figure.layout.yaxis2.type == "log" and figure.layout.yaxis.type != "log"


def test_a_year_that_is_withheld_parts_the_bands():
    events = [corrected("vcdb", 2017), corrected("vcdb", 2018) | {"p50": None}, corrected("vcdb", 2019)]
    figure = records(series(ROWS, [], events), [], WIDE)
    assert [list(trace.x) for trace in figure.data if trace.line.width == 2] == [[2017, 2018], [2019, 2020]]


def test_laws_run_through_all_plots_and_changes_of_coverage_through_their_own():
    changes = [
        {"change_id": "law", "kind": "law", "tracker": "all", "since": date(2020, 3, 1)},
        {"change_id": "new_rules", "kind": "coverage", "tracker": "vcdb", "since": date(2020, 2, 1)},
        {"change_id": "elsewhere", "kind": "coverage", "tracker": "cfr", "since": date(2020, 2, 1)},
    ]
    figure = records(series(ROWS, [], []), changes, WIDE)
    upright = [shape for shape in figure.layout.shapes if shape.x0 == shape.x1]
    assert [(shape.y0, shape.y1) for shape in upright if shape.line.dash != "dot"] == [(0, 1)]
    (own,) = [shape for shape in upright if shape.line.dash == "dot"]
    assert own.y1 < 0.5
    texts = [note.text for note in figure.layout.annotations]
    assert "Mar 2020: law" in texts and "new rules" in texts and "elsewhere" not in texts


def done(actor, kind, incidents):
    return {"actor": actor, "incident_type": kind, "incidents": incidents}


def test_an_actor_with_under_thirty_incidents_has_no_row_and_says_so():
    table = cross([done("state", "disruption", 25), done("state", "data_leak", 5), done("criminal", "ransomware", 29)])
    assert (table.actors, table.left_out) == (["state"], {"criminal": 29})
    assert (table.total("state"), table.share("state", "data_leak")) == (30, pytest.approx(1 / 6))
    assert cross([done("criminal", "ransomware", 29)]) is None
    assert cross([]) is None


def test_the_type_that_comes_first_is_the_graver_of_equal_ones():
    table = cross([done("state", "data_theft", 20), done("state", "destruction", 20)])
    assert table.first("state") == "destruction"


@pytest.mark.parametrize("mode", [WIDE, NARROW], ids=lambda mode: mode.name)
def test_cells_are_blank_under_five_and_hatched_under_thirty(mode):
    rows = [done("state", "data_theft", 60), done("state", "disruption", 29), done("state", "data_leak", 4),
            done("state", "ransomware", 5)]  # fmt: skip
    figure = actors(cross(rows), mode)
    texts = " ".join(note.text for note in figure.layout.annotations)
    assert "<b>60</b>" in texts and "<b>29</b>" in texts and "<b>5</b>" in texts and "<b>4</b>" not in texts
    assert len([trace for trace in figure.data if trace.fillpattern.shape]) == 2
    fills = sorted(shape.fillcolor for shape in figure.layout.shapes)
    assert fills == sorted([color_of(60 / 98), color_of(29 / 98), color_of(5 / 98), "#FFFFFF"])


def test_colors_change_at_the_edges_and_every_step_is_in_the_key():
    assert [color_of(edge) for edge in (0.0, *EDGES)] == list(STEPS)
    assert [words for _, words in steps()] == ["< 3 %", "3–10", "10–30", "30–60", "≥ 60"]
    assert (percent(0.004), percent(0.0), percent(0.126)) == ("< 1 %", "< 1 %", "13 %")


def lost(grouping, name, gdp, before, avoided, low=0.5, high=2.0):
    usual = {"grouping": grouping, "name": name, "gdp_usd_bn": gdp, "mcse": 0.001, "draws": 64, "p_not_better": 0.1}
    return [
        usual | {"measure": "status_quo_loss", "mean": before, "p05": low * before, "p95": high * before},
        usual | {"measure": "loss", "mean": before - avoided, "p05": 0.0, "p95": 0.0},
        usual | {"measure": "avoided_loss", "mean": avoided, "p05": -avoided, "p95": 3 * avoided},
    ]


def test_groups_are_ranked_by_their_loss_within_a_grouping_and_those_without_gdp_are_left_out():
    rows = [
        *lost("region", "South Asia", 1000.0, 6.0, 0.1),
        *lost("income_group", "Low income", 100.0, 0.1, 0.0),
        *lost("income_group", "High income", 2000.0, 25.0, 0.3),
        *lost("income_group", "Not classified", None, 0.0, 0.0),
        *lost("world", "WLD", 4000.0, 40.0, 0.5),
    ]
    found = groups_of(rows)
    assert [group.name for group in found] == ["WLD", "High income", "Low income", "South Asia"]
    high = found[1]
    assert (high.share("status_quo_loss"), high.share("loss")) == (1.25, pytest.approx(1.235))


def test_a_loss_that_falls_is_a_negative_change_and_its_interval_turns_round():
    """Avoided 0.3 of 2,000 is 1.5 basis points; from -0.3 to 0.9 avoided the loss changes by -4.5 to +1.5."""
    (group,) = groups_of(lost("income_group", "High income", 2000.0, 25.0, 0.3))
    assert group.change() == pytest.approx(-1.5)
    assert (group.change("p05"), group.change("p95")) == (pytest.approx(-4.5), pytest.approx(1.5))
    assert change_places([group]) == 1
