"""What a key of the database is called on the page. Anything unknown is shown as its key with spaces, never dropped."""

SCENARIOS = {
    "status_quo": "Status quo",
    "law_only": "Law only",
    "op_ed_convention": "The op-ed’s convention",
    "op_ed_by_hazard": "The op-ed’s at Budapest’s pace",
    "g7_founders": "G7 founders",
    "nato_founders": "NATO founders",
    "eu_and_partners": "EU and partners",
    "un_hanoi": "UN convention (Hanoi)",
    "universal": "Universal",
}

BASELINES = {
    "csis_2020_loss": "Loss only",
    "csis_2020_total": "Loss and defense",
    "op_ed_1000": "The op-ed’s figure",
    "pooled": "Pooled estimate",
    "rand_low": "RAND, low end",
    "cea_scaled": "CEA, scaled to the world",
    "bottom_up": "Bottom-up",
}

BLOCS = {
    "All": "All economies",
    "Budapest": "Budapest parties",
    "UN-Hanoi": "UN–Hanoi signatories",
    "CouncilOfEurope": "Council of Europe",
    "AfricanUnion": "African Union",
    "FiveEyes": "Five Eyes",
}

ARTICLES = {"G7": "the G7", "EU": "the EU", "G20": "the G20"}
"""Names that take an article inside a sentence."""

BLOCS_SHORT = {"All": "All", "Budapest": "Budapest", "UN-Hanoi": "UN–Hanoi", "FiveEyes": "Five Eyes"}

EFFECT_SETS = {
    "default": "Default",
    "published": "As published",
    "optimistic": "Optimistic",
    "null": "Null",
    "backfire": "Backfire",
    "all_studies": "All studies",
    "averaged": "Averaged",
}

EFFECT_PRIORS = {
    "default": "the default prior",
    "published": "the effects as published",
    "optimistic": "the optimistic prior",
    "null": "the null prior",
    "backfire": "the backfire prior",
    "all_studies": "the prior from all studies",
    "averaged": "the average of the priors",
}
"""Effect sets inside a sentence."""

METRICS = {"attack_origin": "Attack origin", "gdp": "World GDP", "states": "States"}
"""What adoption is counted in."""

ESTIMATES_SHORT = {
    "csis_2020_loss": "CSIS 2020",
    "cea_2018": "CEA 2018",
    "rand_2018_direct": "RAND 2018",
    "rand_2018_total": "RAND 2018",
    "uk_dsit_kpmg_2025": "UK 2025",
    "detica_2011": "Detica 2011",
    "bitkom_de_2023_cyber": "Bitkom 2023",
    "cybersec_ventures_2015": "CV 2016",
}

PUBLISHERS_SHORT = {
    "Cybersecurity Ventures": "CyberVentures",
    "US Council of Economic Advisers": "US CEA",
    "Council of Economic Advisers": "US CEA",
    "European Commission (JRC)": "EC (JRC)",
    "Detica and UK Cabinet Office": "Detica",
    "McAfee and CSIS": "CSIS",
    "McAfee (2009)": "McAfee 2009",
}
"""Publishers on narrow screens, where the whole name would be cut."""

COEFFICIENTS = {"target": "victim side", "origin": "origin side", "cooperation": "both ends"}

INTERESTS = {"vendor": "Vendor", "government": "Government", "academic": "Academic", "other": "Other"}

STUDIES = {
    "hui_kim_wang_2013": "Hui, Kim & Wang 2013 WP",
    "hui_kim_wang_2017": "Hui, Kim & Wang 2017",
    "wang_kim_2009": "Wang & Kim 2009",
    "appam_2025": "APPAM paper 2025",
}

SIDES = {
    "victim": "Of a treaty, countries that are attacked",
    "origin": "Of a treaty, countries from which attacks come",
    "other": "Enforcement, sharing and restraint",
}

SPECIFICATIONS = {
    "all": "All rows in the pool",
    "world_rows": "World rows only",
    "without_vendors": "Without vendors",
    "with_trend": "With a time trend",
}

SCOPES = {
    "crime_and_espionage": "Loss",
    "loss_and_defense": "With defense",
    "all_malicious": "Direct",
    "direct_and_systemic": "With systemic",
}

MECHANISMS = {
    "law": "law alone",
    "no_standdown": "law, red lines and consequences, without stand-down",
    "all": "law, red lines, consequences and stand-down",
}
"""What acts, inside a sentence."""

REGIMES = {
    "status_quo": "Status quo",
    "unilateral": "Each state for itself",
    "agreed": "Agreed consequences",
    "agreed_minus_unilateral": "Agreed minus unilateral",
}

BELIEFS = {"little_reciprocity": "little reciprocity", "op_ed": "a cycle of escalation"}
"""Beliefs about retaliation, inside a sentence: what the literature finds, and what the op-ed says."""

ESCALATION = {
    "state_loss_no_standdown": "Loss from states",
    "state_loss": "Loss from states, with stand-down",
    "net_cost": "With proxies and the cost of answers",
    "attributed": "Attributed",
    "answered": "Answered",
    "missed": "Not answered",
    "deterrence": "Deterrence",
    "retaliation": "Retaliation",
}

CHANNELS = {
    "law_origin": "Law at the origin",
    "law_target": "Law at the target",
    "cooperation": "Co-operation",
    "consequence": "Consequences",
    "retaliation": "Retaliation",
    "stand_down": "Stand-down",
    "effort": "Freed effort",
    "displacement": "Displacement",
    "total": "Together",
}

DEFINITIONS = {
    "red_lines": "Red lines",
    "state_conduct": "Conduct of states",
    "criminal": "Criminal law",
    "broad": "Broad",
}

CLASSES = {"state": "State", "criminal": "Criminal", "other": "Other"}

COUNTED = {"incidents": "Incidents", "intensity": "Intensity", "loss": "Loss on record"}

ROLES = {"written_for": "written for it", "partly": "covers it in part", "excluded": "excludes it"}

TERMS = {
    "intercept": "Intercept",
    "rule_of_law": "Rule of law",
    "log_income": "Income, log",
    "time": "Time",
    "neighbours": "Parties in the region",
    "council": "Council of Europe",
}

FITS = {
    "all": "All terms",
    "without_council": "Without the Council",
    "without_neighbours": "Without the region",
    "before_2015": "Years before 2015",
}

DISCOUNTS = {"ramsey": "Ramsey rule", "declining": "Declining"}

STANDINGS = {
    "victims": "Only what victims lose",
    "transfers_cancel": "A thief’s gain offsets a payment",
    "with_states": "What attacking states gain counts too",
    "authors": "The states that attack, alone",
}

KINDS = {"estimated": "estimated", "published": "published", "judgement": "judgment"}


def label(key: str, names: dict[str, str]) -> str:
    """The name of a key; an unknown key with its underscores as spaces and a capital."""
    if key in names:
        return names[key]
    text = key.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def specification(key: str) -> str:
    """The name of a pooled specification, the generated ones included."""
    kind, _, rest = key.partition(":")
    if rest:
        prefix = {"leave_out": "Without", "scope": "Scope"}.get(kind, label(kind, {}))
        return f"{prefix} {rest.replace('_', ' ')}"
    return label(key, SPECIFICATIONS)


def subject(scenario: str) -> str:
    """A convention as the subject of a sentence: the op-ed’s convention, or another by its name."""
    if scenario == "op_ed_convention":
        return "the op-ed’s convention"
    return f"the convention “{label(scenario, SCENARIOS)}”"
