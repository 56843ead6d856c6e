"""More of the same for the cost curves: nothing shared by accident, nothing lost."""

from datetime import date

import polars as pl

from benchmarks import copies, growth
from benchmarks.alone import alone, peak_gb
from pipelines import scenarios
from pipelines.incidents import clusters, merge


def record(name, title, **more):
    usual = {"record_id": name, "source_id": name.split(":")[0], "vintage": "1", "row_number": 1, "title": title}
    usual |= {"names": ["Sandcastle Group"], "start_date": date(2015, 4, 8), "end_date": None}
    usual |= {"date_precision": "day", "threat_class": "state", "actor": "state", "incident_type": "data_theft"}
    usual |= {"sectors": [], "intensity": None, "initiators": ["RUS"], "targets": ["FRA"], "urls": ["example.org/a"]}
    return usual | more


TABLE = pl.DataFrame(
    [
        record("eurepoc:7", "The Sandcastle campaign"),
        record("dcid:2", "Sandcastle hack"),
        record("vcdb:9F", None, names=[], urls=[], targets=["JPN"]),
    ],
    schema=merge.RECORD,
)


def test_each_copy_of_the_records_makes_the_incidents_of_the_first_and_none_across():
    copied = 5
    one, many = (clusters.incidents_of(copies.records(TABLE, n)) for n in (1, copied))
    assert one["incident_id"].n_unique() == 2
    assert many["record_id"].n_unique() == 3 * copied and many["incident_id"].n_unique() == 2 * copied
    sizes = sorted(many.group_by("incident_id").len()["len"])
    assert sizes == [1] * copied + [2] * copied


def test_a_copy_keeps_the_length_of_words_and_comes_a_span_later():
    first, second = copies.records(TABLE, 2).filter(pl.col("source_id") == "eurepoc").rows(named=True)
    assert [len(word) for word in second["title"].split()] == [len(word) for word in first["title"].split()]
    assert second["title"] != first["title"]
    assert second["start_date"] == date(2015 + copies.SPAN, 4, 8)


def test_a_copied_file_has_as_many_records_and_no_id_twice():
    content = copies.payload("incidents.csv", b"id,title\n1,a\n2,b\n", 3).decode().splitlines()
    assert content == ["id,title", "1,a", "2,b", "1001,a", "2001,b", "1002,a", "2002,b"]
    prices = b"Date,Close\n2020-01-01,7200\n"
    assert copies.payload(copies.PRICES, prices, 3) == prices


def test_copies_of_a_scenario_differ_in_members_and_dates_and_keep_its_founders():
    base = next(s for s in scenarios.load_all() if s.name == "op_ed_convention")
    found = copies.texts(base, 10)
    assert len({text.name for text in found}) == 10
    assert len({tuple(sorted(text.joins.items())) for text in found}) == 10
    assert all(text.founders == base.founders and text.founders <= text.joins.keys() for text in found)


def test_pairs_of_states_multiply_and_their_events_stay():
    events = pl.DataFrame({"dyad": ["A-B", "A-B", "A-C"], "side": [0, 1, 0], "day": [1.0, 2.0, 3.0]})
    grown = copies.dyads(events, 10)
    assert grown["dyad"].n_unique() == 20 and grown.height == 30


def test_a_curve_is_cost_per_unit_of_the_larger_over_the_smaller():
    """10 units in 30 s after 1 in 2 s: 1.5 times a unit, and 1 + log10 1.5 = 1.18 the slope."""
    costs = [[2.0, 20.0, 200.0], [2.0, 30.0, 300.0], [2.0, 40.0, 500.0]]
    ten, hundred = growth.compared("key", "what", (1, 10, 100), costs, [0.5, 0.6, 0.7])
    assert hundred.ratios == (1.0, 1.0, 1.25)
    assert (ten.key, ten.ratio, ten.holds) == ("key_10", 1.5, False)
    assert (hundred.key, hundred.ratio, hundred.holds) == ("key_100", 1.0, True)
    assert ten.note == "slope 1.18; 30.0 s over 2.00 s; 0.60 GB over 0.50 GB"


def test_a_function_alone_has_the_memory_of_its_own_process():
    ballast = b"x" * (300 * 2**20)
    result, peak = alone(peak_gb)
    assert 0.005 < result <= peak < 0.25
    assert len(ballast) == 300 * 2**20
