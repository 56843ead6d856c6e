"""What a key of the tables of incidents and groups of economies is called on the page; as in names.py."""

TRACKERS = {
    "eurepoc": ("EuRepoC", "political, worldwide"),
    "cfr": ("CFR", "operations of states"),
    "dcid": ("DCID", "between rival states"),
    "vcdb": ("VCDB", "disclosed breaches"),
    "ic3": ("IC3", "complaints to the FBI"),
}
"""Name and what is recorded, in the order of the figure."""

CHANGES = {
    "disclosure_2018": "EU and US state laws",
    "disclosure_2023": "SEC rule",
    "cfr_launch": "opened",
    "eurepoc_infrastructure": "wider criteria",
    "vcdb_coding_begins": "coding begins",
    "vcdb_coding_thins": "coding thins",
}
"""Changes of what is on record, in few words: they stand in the figure."""

ACTORS = {
    "state": "States",
    "affiliated": "State affiliates",
    "criminal": "Criminals",
    "other": "Others, known",
    "unknown": "Unknown",
}
"""Who did it, in the report's order."""

ACTORS_IN_WORDS = {
    "state": "states",
    "affiliated": "their affiliates",
    "criminal": "criminals",
    "other": "other known attackers",
    "unknown": "unknown attackers",
}

ACTORS_NARROW = {
    "state": "State",
    "affiliated": "Affili-<br>ated",
    "criminal": "Crim-<br>inal",
    "other": "Other",
    "unknown": "Un-<br>known",
}

INCIDENT_TYPES = {
    "destruction": "Destruc-<br>tion",
    "ransomware": "Ransom-<br>ware",
    "financial_theft": "Theft of<br>money",
    "disruption": "Disrup-<br>tion",
    "data_leak": "Data<br>leak",
    "data_theft": "Data<br>theft",
    "manipulation": "Manipu-<br>lation",
    "intrusion": "Intrusion<br>only",
    "unknown": "Type<br>unknown",
}
"""What was done, the gravest first, on two lines."""

GROUPS = {
    "High income": "High income",
    "Upper middle income": "Upper-middle income",
    "Lower middle income": "Lower-middle income",
    "Low income": "Low income",
    "North America": "North America",
    "Europe & Central Asia": "Europe and Central Asia",
    "East Asia & Pacific": "East Asia and Pacific",
    "Latin America & Caribbean": "Latin America",
    "South Asia": "South Asia",
    "Sub-Saharan Africa": "Sub-Saharan Africa",
    "Middle East & North Africa": "Middle East and N. Africa",
    "Not classified": "economies without an income group",
}


def plain_type(key: str) -> str:
    """A type of incident on one line, for sentences and tables."""
    return INCIDENT_TYPES.get(key, key.replace("_", " ")).replace("-<br>", "").replace("<br>", " ")
