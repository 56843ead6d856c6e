"""What the page of an asset adds to its schema: a first sentence for a stranger where that needs one, and its caveat.

A caveat is what a reader must know before quoting a number of the table. No asset is defined here; `describe` composes
the page.
"""

from __future__ import annotations

import pandera.polars as pa

from pipelines import cards
from pipelines.schemas.tables import source_of

PLAIN = {
    "model.counterfactual": "How much less cybercrime would cost if a given cyber convention were in force",
    "model.effect_sets": "How much the law could cut attacks, under each way of reading the evidence",
    "model.effect_density": "The curves behind the figures of how much the law could cut attacks",
    "model.implied_contrasts": "Whether the model agrees with what studies of treaties found",
    "model.escalation_fit": "How often states on record answer one attack with another",
    "model.accession_fit": "What made states join the Budapest Convention sooner or later",
    "model.accession_calibration": "Whether the fit would have foreseen the ratifications that came",
    "model.decomposition": "Which part of the convention does how much of the good",
    "model.without_mechanism": "What remains of the convention's effect when one part of it is taken away",
    "model.net_present_value": "Whether the convention pays for itself over the years, at several discount rates",
    "model.ledgers": "What the yearly loss consists of, and how much of it lowers GDP",
    "model.propagation": "How much a stoppage in one industry costs the others",
    "model.gdp_path": "How much larger the economy would be with the convention, year by year",
    "model.severity": "How large a single loss is, from small ones to the largest on record",
    "model.tail_stability": "From which size on losses follow the law of rare, large ones",
    "model.mean_excess": "Whether very large losses are to be expected beyond those on record",
    "model.severity_quantiles": "How well the fitted curves of loss sizes match the amounts on record",
    "model.exceedance": "How bad a bad year is, and how rare",
    "model.annual_loss": "What a bad year costs, in the terms of insurers",
    "model.sensitivity": "Which unknowns make the headline so uncertain",
    "model.specification": "What the headline would be under every other defensible set of choices",
    "model.specification_choice": "Which of the choices matters most for the headline",
    "model.information": "What it would be worth to know more before joining",
    "model.backtest": "What the methods would have forecast in the past, beside what then came",
    "model.averaging": "What the cost estimates say together when figures counted up meet figures broken down",
    "model.pooled": "What the published estimates of the cost of cybercrime say together",
    "core.estimates": "Who has said what cybercrime costs, and how far each figure can be trusted",
    "core.fits": "Results of models fitted on records that may not be passed on",
    "core.crosswalk": "What the codes of each incident tracker mean here",
    "core.tail_stability": "From which size on losses follow the law of rare, large ones, as shipped",
    "core.mean_excess": "Whether very large losses are to be expected beyond those on record, as shipped",
    "core.severity_quantiles": "How well the fitted curves of loss sizes match the amounts on record, as shipped",
}
"""First sentences for tables whose definition opens with a term of the field."""

ANCHORED = "All money rests on the anchor of model.baseline: another anchor moves every row in proportion"
JUDGED = "Where the evidence is thin the inputs are judgements, marked as such in meta.priors"
RECORDED = "What became public and was taken in, not what happened: secrecy and attention differ between economies"
DISCLOSED = "Amounts are those that were disclosed, no random sample; sources differ in what they take in"

CAVEATS = {
    "model.baseline": "The anchor is a published estimate, its split over economies a model; few economies count",
    "model.counterfactual": f"{JUDGED}. {ANCHORED}. Quantiles of economies do not add up, means do",
    "model.avoidance_odds": f"{JUDGED}. A probability of the model, not a frequency anybody has observed",
    "model.group_loss": f"{ANCHORED}. Quantiles of groups do not add up, means do",
    "model.adoption_path": "Dates of joining are assumptions of the scenario's file, or of the hazard where it says so",
    "model.membership_share": "Shares of GDP and of attack origin are those of the base year",
    "model.blocs": "A bloc is taken whole and fully phased in: no state of it has said that it would join",
    "model.variants": "One choice changes at a time; model.specification has their combinations",
    "model.effect_sets": "Studies conflict: the spread between the sets is part of the answer",
    "model.implied_contrasts": "Agreement is no proof: the studies were known when the effect was chosen",
    "model.effect_density": "Smoothed from draws: for figures, not for quantiles",
    "model.pooled": "Estimates share methods, so they are less independent than the interval takes them to be",
    "model.break_even": f"{ANCHORED}. Costs of a convention are judgements",
    "model.winners": "Counts economies by their mean: a small gain counts like a large one, and every one is uncertain",
    "model.definition_coverage": f"{RECORDED}. The covered share of loss is a judgement where records are few",
    "model.escalation": f"{JUDGED}. Two beliefs about retaliation are shown, and which is right is not known",
    "model.escalation_fit": "Only attacks with a known day and a named state: retaliation is a lower bound",
    "model.accession_fit": "One treaty, and few ratifications for each coefficient",
    "model.accession_calibration": "The main fit has seen these years; `before_2015` has not seen those after",
    "model.accession_fan": "Takes for granted that states would join a new text as they joined the Budapest Convention",
    "model.coalition": "Costs and penalties are assumptions on a grid, and states weigh more than these gains",
    "model.decomposition": "Shares split what acts together by convention (Shapley): none of them would be had alone",
    "model.without_mechanism": "Differences from the headline do not add up, because mechanisms act on each other",
    "model.net_present_value": f"{ANCHORED}. Costs and the discount rate are choices, printed with the result",
    "model.adoption_strength": "The strength of law is set by hand on a grid: a map of the model, no forecast",
    "model.welfare": "Whether attackers' gains count is a question of ethics that the model does not settle",
    "model.national_welfare": "Means only; an economy's own origin and target shares are shrunk towards those of all",
    "model.ledgers": "Shares of the ledgers are drawn from judgements (meta.priors)",
    "model.propagation": "Input-output tables of one past year; no row of it is in the headline",
    "model.gdp_path": f"{ANCHORED}. Only what lowers output counts: a transfer from victim to criminal does not",
    "model.severity": f"{DISCLOSED}. The tail beyond the largest amount is extrapolation",
    "model.tail_stability": f"{DISCLOSED}. Few amounts lie above high thresholds",
    "model.mean_excess": f"{DISCLOSED}. The last points rest on few amounts",
    "model.severity_quantiles": f"{DISCLOSED}. Bins of the largest amounts hold few of them",
    "model.frequency": f"{RECORDED}. Growth may be growth of reporting",
    "model.all_events": "One judgement of reporting for every year: the level is corrected, the trend is not",
    "model.exceedance": f"{DISCLOSED}. Rows with `beyond_data` lie past anything on record",
    "model.annual_loss": f"{DISCLOSED}. Means may be governed by losses nobody has seen",
    "model.events": "Courses are scenarios with figures of their sources, not forecasts; unverified figures are marked",
    "model.sensitivity": "Speaks of the spread of the model's own inputs, not of what the model leaves out",
    "model.specification": "Combinations count alike although some are less plausible than others",
    "model.specification_choice": "Depends on which options are offered for each choice",
    "model.information": "An upper bound: no study tells an input without error",
    "model.backtest": "Few years have passed since the freeze",
    "model.backtest_score": "Few years since the freeze: a verdict may turn with the next one",
    "model.survey_leverage": "Cases from single surveys and sources; they show a mechanism, no correction follows",
    "model.averaging": "Few figures on each side, and each side shares methods",
    "model.averaging_weight": "Weights by precision follow printed ranges, which differ in what they mean",
    "core.gdp": "The world is the publisher's own figure: economies with data add up to a little less",
    "core.ic3_totals": "What victims told one agency of one country; later reports restate earlier years",
    "core.estimates": "Most are by vendors and measure different things: `scope`, `interest` and `criticism` say what",
    "core.regional_loss_shares": "`verified` is false: the figures were not read in the report itself",
    "core.treaty_status": "As read on the day of its source: ratifications since are not in it",
    "core.treaty_effects": "Studies differ in what they compare; few compare the same thing",
    "core.tail_events": "What events are said to have cost: sources differ, and some repeat each other",
    "core.dyads": f"{RECORDED}. Attribution is what was claimed in public",
    "core.incidents": f"{RECORDED}. Without vintages on this machine the table is empty",
    "core.incident_parties": f"{RECORDED}. Attribution is what was claimed in public",
    "core.incident_records": f"{RECORDED}. Records are matched by rules, pairs in core.record_links by a person",
    "core.losses": f"{DISCLOSED}. Without vintages on this machine the table is empty",
    "meta.sources": "`reference` means that shipped figures stand in for the source's records",
    "meta.source_tables": "Only sources with a vintage on this machine have rows",
    "meta.rejects": "A row may break several rules and then stands here several times",
    "meta.priors": "Judgements of ours are marked `judgement`: they are opinions with a reason, not measurements",
    "meta.claims": "Which reading of a claim is meant is a choice; `principal` marks ours",
    "meta.changes": "Components depend on the order of exchange where method, parameters and data all differ",
}
PUBLISHED = "Figures as published; `verified` is false where a figure was not read in the source itself"
COUNTED = ("incident_counts", "incidents_per_quarter", "incident_types", "definition_counts", "recording_changes")


def opening(schema: pa.DataFrameSchema) -> str:
    """The first sentences of a page: in plain words what it is about, then the definition."""
    plain = PLAIN.get(str(schema.name))
    return f"{plain}.\n\n{schema.description}." if plain else f"{schema.description}."


def caveat(schema: pa.DataFrameSchema) -> str:
    """What to know before quoting the table; of a source's table, the defects on its card."""
    space, name = str(schema.name).split(".")
    if space == "staging":
        defects = [each.defect.rstrip(".") for each in cards.load(source_of(schema)).known_defects]
        return "; ".join(defects) or "no defect of this source is known, which is not to say that there is none"
    if space == "core" and name in COUNTED:
        return CAVEATS.get(str(schema.name), RECORDED)
    return CAVEATS.get(str(schema.name), PUBLISHED if space == "core" else "")
