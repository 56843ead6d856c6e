"""What a key of the tables on losses, GDP and uncertainty is called on the page; as in names.py."""

from reports.names import BASELINES, BELIEFS, DEFINITIONS, EFFECT_SETS, label

TRACKERS = {"vcdb": "VCDB", "eurepoc": "EuRepoC", "all": "All trackers"}

LEDGERS = {
    "transfer": "Transfer to the attacker",
    "direct": "Damage and recovery",
    "indirect": "Disruption downstream",
    "defence": "Spending on security",
}

AVERAGES = {
    "all": "All figures",
    "bottom_up": "From below",
    "top_down": "From above",
    "without_vendors": "All but those of vendors",
}

AMOUNT_SOURCES = {
    "vcdb": ("VCDB", "breaches"),
    "ransomwhere": ("Ransomwhere", "ransom payments"),
    "defillama_hacks": ("DefiLlama", "thefts of crypto assets"),
}
"""Sources of amounts of single events: name and what their events are."""

AVERAGED = {
    "bitkom_de_2023_cyber": "Bitkom 2023, Germany",
    "cea_2018": "CEA 2018, United States",
    "csis_2020_loss": "CSIS 2020, world",
    "detica_2011": "Detica 2011, United Kingdom",
    "rand_2018_direct": "RAND 2018, world",
    "uk_dsit_kpmg_2025": "DSIT and KPMG 2025, United Kingdom",
    "ic3_2024_reported": "IC3 2024, United States",
}
"""Figures that are averaged: the estimates that take part, and reports to IC3 scaled up."""

LEDGER_CLASSES = {"state": "State", "criminal": "Criminal", "other": "Other", "all": "All classes"}

GDP_MEASURES = {
    "gain": "Gain, $ bn a year",
    "gain_share": "Gain, bp of GDP",
    "gain_share_long_run": "Long run, bp of GDP",
    "gain_from_capital": "Through capital, $ bn a year",
    "growth_difference": "Growth, bp a year",
    "cumulative_gain": "Sum of gains, $ bn",
}


RATES = {
    "3": "3 % a year",
    "5": "5 % a year",
    "7": "7 % a year",
    "ramsey": "Ramsey rule",
    "declining": "Declining",
    "forever_5": "5 % a year, for ever",
    "forever_7": "7 % a year, for ever",
}

INPUTS = {
    "effect_target_position": "Effect of law at the target",
    "effect_origin_position": "Effect of law at the origin",
    "effect_cooperation_position": "Effect of co-operation",
    "effect_set_position": "Which group of studies",
    "response_elasticity": "Response to consequences, η",
    "standdown_effect": "Effect of standing down, σ",
    "standdown_share": "Promise kept, y",
    "state_share": "Share of loss from states",
    "other_share_of_rest": "Share of loss of class other",
    "count_to_loss": "Money lost per attack, c",
    "consequence_strength": "Strength of a consequence",
    "consequence_status_quo": "Consequences without it",
    "consequence_agreed": "Consequences under it",
    "agreed_strength": "Strength of agreed ones",
    "bite": "Chance that one bites",
    "attribution": "Chance of attribution",
    "false_attribution": "Wrong attribution",
    "sanction_cost": "Cost of a consequence, χ",
    "coverage_position_state": "Covered, class state, κ",
    "coverage_position_criminal": "Covered, criminal, κ",
    "coverage_position_other": "Covered, class other, κ",
    "mobility": "Mobility of attackers, φ",
    "compliance": "Compliance, ζ",
    "domestic_share": "Domestic crime, h",
    "unattributed_follow": "Unattributed that follow",
    "effort_effect": "Effect of freed effort, ε",
    "proxy_share": "Returns through proxies",
    "retaliation_position": "Retaliation on record, ν",
    "retaliation_unseen": "Retaliation unseen",
    "retaliation_unilateral": "Retaliation, λ",
    "retaliation_agreed_share": "Retaliation if agreed",
}

CHOICES = {
    "effect_set": "Effect of joining",
    "definition": "Definition",
    "budapest_strength": "Budapest in force",
    "anchor": "Loss",
    "displacement": "Displacement",
    "tracker_criminal": "Tracker of crime",
    "tracker_state": "Tracker of states",
    "escalation_belief": "Belief about retaliation",
    "allocation": "Allocation of the loss",
}

OPTIONS = {
    "anchor": BASELINES,
    "effect_set": EFFECT_SETS,
    "definition": DEFINITIONS,
    "escalation_belief": BELIEFS,
    "budapest_strength": {"0": "Not at all", "0.5": "Half", "1": "Fully"},
    "tracker_criminal": TRACKERS,
    "tracker_state": TRACKERS,
}

PROPAGATION = {
    "leontief_final_demand": "demand falls away (Leontief)",
    "ghosh_primary_inputs": "work and capital are missing (Ghosh)",
    "ghosh": "output stops and customers lose by cost share (Ghosh)",
    "dynamic_inoperability": "with stocks, other suppliers and recovery (dynamic inoperability)",
    "as_notpetya": "if inputs are as hard to do without as those of the firms hit in 2017",
    "amplified": "what the alternative “amplified” draws",
    "ledgers": "what the default’s own indirect loss implies",
    "published_notpetya": "NotPetya, as published",
    "published_rand": "RAND, as published",
}

BACKTEST_TARGETS = {
    "ic3": "Loss in complaints to IC3, by year",
    "csis_2020_loss": "The published world loss of 2020",
}

FORECASTS = {
    "constant_share": "Constant share of GDP (the model)",
    "faded_growth": "Growth that fades",
    "pooled": "Pooled estimates",
    "naive_trend": "Naive trend",
}


def source_of_amounts(source: str) -> str:
    """The name of a source of amounts; an unknown one as its key."""
    return label(source, {key: name for key, (name, _) in AMOUNT_SOURCES.items()})


def option(choice: str, key: object) -> str:
    """The name of an option of a choice; an unknown one as its key."""
    return label(str(key), OPTIONS.get(choice, {}))
