"""Bad years on the shipped figures: what a convention leaves of each threat class, and what the tables say of it."""

import polars as pl
import pytest

from models.convention import dated_membership
from models.counterfactual import headline_point
from models.measures import MEASURES
from models.setting import summaries
from models.threat_flows import flow_ratios
from pipelines import loss_fits, loss_records, reference, scenarios
from pipelines.shipped_study import shipped_study


@pytest.fixture(scope="module")
def study():
    return shipped_study(512, 1)


def point_of(study, name):
    scenario = scenarios.load(name).for_models()
    member = dated_membership(scenario, study.world.iso3, study.world.years, 3.0).joined[-1]
    return headline_point(study.world, scenario, study.settings, member)


@pytest.mark.parametrize("name", ["op_ed_convention", "law_only"])
def test_losses_avoided_by_class_add_up_to_the_headline(study, name):
    point = point_of(study, name)
    (ratios,) = flow_ratios(study, [point])
    state = study.draws["state_share"]
    other = (1 - state) * study.draws["other_share_of_rest"]
    share = {"state": state, "other": other, "criminal": 1 - state - other}
    avoided = sum(share[k] * (1 - q) for k, q in ratios.items()) * study.baseline.loss.sum(1)
    (summary,) = summaries(study, [point])
    assert avoided.mean() == pytest.approx(summary[list(MEASURES).index("avoided_loss"), 0], abs=1e-6)


def test_criminal_law_leaves_attacks_of_states_as_they_are(study):
    (ratios,) = flow_ratios(study, [point_of(study, "law_only")])
    assert abs(ratios["state"] - 1).max() == 0
    assert (ratios["criminal"] > 0).all()


def test_sources_have_their_largest_event_and_years_of_which_it_is_no_more_than_one(study):
    """Ransomwhere: 10.5 m paid at once in prices of 2020; DefiLlama: 3.5 bn of bitcoin taken in 2020."""
    found = loss_records.on_record(loss_fits.records_of(reference.load("fits")))
    assert sorted(found) == ["defillama_hacks", "ransomwhere", "vcdb"]
    assert found["defillama_hacks"].largest_event == 3.5
    assert found["ransomwhere"].largest_event == pytest.approx(0.0105, abs=1e-4)
    for own in found.values():
        assert sum(own.class_shares.values()) == pytest.approx(1)
        assert max(own.yearly_losses.values()) < 5


def test_records_of_a_source_by_hand():
    losses = pl.DataFrame(
        {
            "source_id": ["vcdb"] * 4,
            "incident_id": ["a", "a", "b", None],
            "year": [2012, 2012, 2013, 2025],
            "loss_usd": [1e9, 2e9, 4e9, 8e9],
            "loss_usd_2020": [1e9, 2e9, 4e9, 8e9],
        }
    ).with_columns(occurred_on=pl.date("year", 1, 1))
    incidents = pl.DataFrame({"incident_id": ["a", "b"], "threat_class": ["state", "other"]})
    own = loss_records.on_record(loss_records.records(losses, incidents))["vcdb"]
    assert own.largest_event == 8
    assert own.yearly_losses == {2012: 3, 2013: 4}  # 2025 is after VCDB's coding thins out
    assert own.class_shares == {"state": 0.5, "other": 0.25, "criminal": 0.25}


def test_a_rare_year_is_worse_and_the_whole_is_no_better_than_a_part(published, ask):
    rows = ask(
        "select source_id, return_period, loss_usd_bn from model.exceedance "
        "where scenario = 'status_quo' and perspective = 'AEP' order by return_period"
    )
    curves = {}
    for source, _, loss in rows:
        curves.setdefault(source, []).append(loss)
    assert len(curves) == 4
    for curve in curves.values():
        assert curve == sorted(curve)
        assert all(whole >= part * 0.999 for whole, part in zip(curves["all"], curve, strict=True))


def test_the_macro_lays_a_convention_beside_the_status_quo(published, ask):
    rows = ask("select return_period, status_quo, convention from exceedance(scenario := 'status_quo')")
    assert len(rows) == 18
    assert all(before == after for _, before, after in rows)
    assert len(ask("from exceedance(scenario := 'universal', source := 'vcdb')")) == 18


def test_what_ships_is_labelled_as_shipped(published, ask):
    assert ask("select distinct basis from model.severity where source_id = 'vcdb'") == [("shipped fit",)]
    assert ask("select distinct basis from model.severity where source_id = 'tail_events'") == [("records",)]
    assert ask("select count(*) > 20 from model.events where status = 'computed from footprint'") == [(True,)]
