"""Definitions of a cyberattack as files: what they cover, word for word of the vocabulary, and how wrong ones fail."""

from itertools import product

import polars as pl
import pytest

from models.definition import covered
from pipelines import definition_files
from pipelines.errors import InputError
from pipelines.vocabularies import INCIDENT_TYPES, SECTORS, THREAT_CLASSES

SHIPPED = ("broad", "criminal", "red_lines", "state_conduct")
GOOD = """\
title: Test
summary: A definition for a test.
follows: Nothing.
sources: [op_ed_2021]
classes:
  state:
    role: partly
    rationale: A test.
    coverage:
      distribution: beta
      arguments: {a: 4, b: 4}
      kind: judgement
      sources: [cyberaccord_judgement]
      rationale: A test.
    covers:
      - trigger: power cut
        types: [disruption, destruction]
        sectors: [energy]
        minimum_intensity: 3
        unknown_intensity: not_covered
  criminal: {role: excluded, rationale: A test.}
  other: {role: excluded, rationale: A test.}
"""
STATE = GOOD[GOOD.index("  state:") : GOOD.index("  criminal:")]
WRONG = {
    "every class excluded": (
        STATE,
        "  state: {role: excluded, rationale: A test.}\n",
        ["row 5", "field classes", "'excluded'", "a role other than excluded", "covers_something"],
    ),
    "type that is none": (
        "[disruption, destruction]",
        "[disruptions]",
        ["row 17", "classes.state.covers[1].types[1]", "'disruptions'", "did you mean disruption"],
    ),
    "no type": ("[disruption, destruction]", "[]", ["row 17", "classes.state.covers[1].types", "at least one entry"]),
    "sector that is none": ("[energy]", "[energie]", ["row 18", "sectors[1]", "'energie'", "did you mean energy"]),
    "no sector": ("[energy]", "[]", ["row 18", "sectors", "at least one entry"]),
    "no trigger": (STATE[STATE.index("    covers:") :], "    covers: []\n", ["row 15", "covers", "at least one entry"]),
    "nothing said of what is covered": (
        STATE[STATE.index("    covers:") :],
        "",
        ["row 6", "classes.state.covers", "covers for a class that is partly"],
    ),
    "level that nothing reaches": ("minimum_intensity: 3", "minimum_intensity: 5", ["row 19", "5", "at most 4"]),
    "level below the scale": ("minimum_intensity: 3", "minimum_intensity: 0", ["row 19", "0", "at least 1"]),
    "nothing said of incidents without a level": (
        "        unknown_intensity: not_covered\n",
        "",
        ["row 16", "unknown_intensity", "covered or not_covered"],
    ),
    "role that is none": ("role: partly", "role: mostly", ["row 7", "role", "'mostly'", "'written_for', 'partly'"]),
    "excluded and yet covered": (
        "role: partly",
        "role: excluded",
        ["row 9", "classes.state.coverage", "neither coverage nor covers"],
    ),
    "class left out": ("  other: {role: excluded, rationale: A test.}\n", "", ["classes.other", "missing"]),
    "class that is none": ("  other:", "  others:", ["row 22", "others", "did you mean other?"]),
    "argument at zero": ("b: 4", "b: 0", ["row 11", "coverage.arguments.b", "above 0"]),
    "argument that is infinite": ("b: 4", "b: .inf", ["row 11", "coverage.arguments.b"]),
    "distribution that may leave 0 to 1": ("beta", "normal", ["row 10", "distribution", "'normal'", "'beta'"]),
    "source that is unknown": ("[op_ed_2021]", "[my_book]", ["row 4", "sources[1]", "'my_book'", "sources.csv"]),
    "source of a judgement that is unknown": (
        "[cyberaccord_judgement]",
        "[me]",
        ["row 13", "classes.state.coverage.sources[1]", "'me'"],
    ),
    "no reason": ("    rationale: A test.\n    cov", "    cov", ["classes.state.rationale", "missing"]),
    "yaml that does not parse": ("[op_ed_2021]", "[op_ed_2021", ["row 5", "valid YAML"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_definition_is_told_in_one_line_with_file_line_field_value_and_what_is_allowed(case, tmp_path):
    old, new, fragments = WRONG[case]
    assert old in GOOD
    (tmp_path / "test.yaml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        definition_files.load("test", tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    for fragment in ["test.yaml", *fragments]:
        assert fragment in message


def test_a_file_is_what_it_says(tmp_path):
    (tmp_path / "test.yaml").write_text(GOOD, encoding="utf-8")
    (definition,) = definition_files.load_all(tmp_path)
    state = definition.classes["state"]
    (trigger,) = state.triggers
    assert (definition.name, definition.title, state.role, state.a, state.b) == ("test", "Test", "partly", 4, 4)
    assert (trigger.types, trigger.sectors) == ({"disruption", "destruction"}, {"energy"})
    assert (trigger.minimum_intensity, trigger.unknown_intensity) == (3, False)
    assert definition.classes["criminal"].triggers == ()


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"broad, criminal, red_lines, state_conduct \(did you mean red_lines\?\)"):
        definition_files.load("redlines")


def test_a_file_name_that_is_no_name_is_refused(tmp_path):
    (tmp_path / "My-Definition.yaml").write_text(GOOD)
    with pytest.raises(InputError, match=r"My-Definition\.yaml"):
        definition_files.names(tmp_path)


def test_four_definitions_ship_each_with_its_tradition_and_reasons():
    assert tuple(definition_files.names()) == SHIPPED
    for name in SHIPPED:
        written = definition_files.read_file(name)
        assert written.title and written.summary and written.follows and written.sources
        assert all(entry.rationale for _, entry in written.classes)


def test_kappa_is_judged_as_the_design_says():
    """Beta(9, 1) where written for, Beta(4, 4) where partly covered, exactly 0 where excluded (model.md 4.1)."""
    expected = {"written_for": (9, 1), "partly": (4, 4), "excluded": (None, None)}
    for definition in definition_files.load_all():
        for treatment in definition.classes.values():
            assert (treatment.a, treatment.b) == expected[treatment.role]
    roles = {name: {k: t.role for k, t in definition_files.load(name).classes.items()} for name in SHIPPED}
    assert roles == {
        "broad": dict.fromkeys(THREAT_CLASSES, "written_for"),
        "criminal": {"state": "excluded", "criminal": "written_for", "other": "partly"},
        "red_lines": dict.fromkeys(THREAT_CLASSES, "partly"),
        "state_conduct": {"state": "written_for", "criminal": "excluded", "other": "excluded"},
    }


@pytest.fixture(scope="module")
def everything():
    """Every incident that the vocabulary can tell, with one sector or none."""
    rows = product(THREAT_CLASSES, INCIDENT_TYPES, [None, 1, 2, 3, 4], [[], *([sector] for sector in SECTORS)])
    schema = {
        "threat_class": pl.String,
        "incident_type": pl.String,
        "intensity": pl.Int64,
        "sectors": pl.List(pl.String),
    }
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def test_every_incident_is_in_or_out_under_every_definition(everything):
    for definition in definition_files.load_all():
        found = covered(everything, definition)
        assert (found.dtype, found.null_count(), found.len()) == (pl.Boolean, 0, everything.height)
        by_class = everything.select("threat_class", found).group_by("threat_class").agg(pl.col("covered").any())
        for threat_class, any_covered in by_class.iter_rows():
            assert any_covered == (definition.classes[threat_class].role != "excluded")


def test_everything_covers_what_any_other_covers(everything):
    broad = covered(everything, definition_files.load("broad"))
    assert broad.all()
    for name in SHIPPED:
        narrow = covered(everything, definition_files.load(name))
        assert not (narrow & ~broad).any()


INCIDENTS = {
    # class, type, sectors, level: covered by broad, criminal, red_lines, state_conduct
    "espionage through a supplier, as SolarWinds": (
        ("state", "data_theft", ["government", "information_technology"], 3),
        "broad state_conduct",
    ),
    "a wiper that stops ports and banks, as NotPetya": (
        ("state", "destruction", ["finance", "transport"], 4),
        "broad red_lines state_conduct",
    ),
    "a steel plant damaged": (("state", "destruction", ["manufacturing"], 4), "broad red_lines state_conduct"),
    "a hospital held to ransom, level not coded": (
        ("criminal", "ransomware", ["health"], None),
        "broad criminal red_lines",
    ),
    "a shop held to ransom": (("criminal", "ransomware", ["commerce"], None), "broad criminal"),
    "a bank robbed": (("criminal", "financial_theft", ["finance"], 3), "broad criminal"),
    "a telecom slowed for an hour by activists": (("other", "disruption", ["telecom"], 1), "broad"),
    "a telecom down for days by activists": (("other", "disruption", ["telecom"], 3), "broad criminal red_lines"),
    "a page defaced, level not coded": (("other", "manipulation", ["government"], None), "broad criminal"),
    "nobody knows what": (("other", "unknown", [], None), "broad"),
}


@pytest.mark.parametrize("case", INCIDENTS)
def test_an_incident_counts_where_a_reader_of_the_text_would_count_it(case):
    (threat_class, incident_type, sectors, level), expected = INCIDENTS[case]
    incident = pl.DataFrame(
        {
            "threat_class": [threat_class],
            "incident_type": [incident_type],
            "sectors": [sectors],
            "intensity": pl.Series([level], dtype=pl.Int64),
        },
        schema_overrides={"sectors": pl.List(pl.String)},
    )
    found = [name for name in SHIPPED if covered(incident, definition_files.load(name)).item()]
    assert found == expected.split()
