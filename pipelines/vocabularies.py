"""The words of the one vocabulary: threat classes, incident types, sectors, intensity.

Words only, so that schemas and rules may name them. What sources' labels translate into them is in `vocabulary`.
"""

THREAT_CLASSES = ("state", "criminal", "other")
ACTORS = ("state", "affiliated", "criminal", "other", "unknown")
"""Who did it, finer than the classes: class state is a state itself or a group affiliated with one; class other is
known (activists, persons, competitors) or nobody could say."""
INCIDENT_TYPES = (
    "destruction",
    "ransomware",
    "financial_theft",
    "disruption",
    "data_leak",
    "data_theft",
    "manipulation",
    "intrusion",
    "unknown",
)
"""In order of precedence: an incident of several types has the first of them."""
SECTORS = (
    "government",
    "military",
    "finance",
    "health",
    "energy",
    "water",
    "transport",
    "telecom",
    "information_technology",
    "education",
    "media",
    "manufacturing",
    "defence_industry",
    "research",
    "commerce",
    "critical_other",
    "civil_society",
    "political",
    "international_organization",
    "individuals",
    "other",
    "unknown",
)
INTENSITIES = ("1", "2", "3", "4")
"""1 nuisance; 2 limited theft or disruption; 3 substantial; 4 severe: destruction, physical or national effect."""
NONE = "none"
"""A code that stands for nothing in the vocabulary: no attack from outside, or not coded."""
VOCABULARIES: dict[str, tuple[str, ...]] = {
    "threat_class": (*THREAT_CLASSES, NONE),
    "actor": (*ACTORS, NONE),
    "incident_type": (*INCIDENT_TYPES, NONE),
    "sector": SECTORS,
    "intensity": (*INTENSITIES, NONE),
}
