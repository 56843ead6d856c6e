"""Files of data/: scenarios, priors, definitions, events, cards and reference tables, damaged as text and as values."""

from __future__ import annotations

import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines import reference, store, yaml_documents
from pipelines.errors import InputError
from tests.hostile import inputs, outcomes
from tests.hostile.mutations import damaged
from tests.hostile.strategies import STEPS, VALUES, changed

CUT = 40
"""Lines of a table that are damaged; its rules by row are the same for the others."""


def test_every_folder_of_inputs_with_yaml_files_has_a_way_to_be_read():
    assert set(inputs.names("yaml")) == set(inputs.KINDS)
    assert set(inputs.names("reference")) == set(reference.REFERENCE_TABLES)


@pytest.mark.soak
@pytest.mark.parametrize("folder", inputs.names("yaml"))
def test_a_file_with_damaged_text_is_read_or_refused_with_its_line(folder, tmp_path, cases):
    read, ends = inputs.reader("yaml", folder, tmp_path), outcomes.Ends()

    @cases
    @given(st.sampled_from(inputs.shipped("yaml", folder)), STEPS)
    def check(content, steps):
        payload = damaged(content, steps)
        ends.of(payload, folder, lambda: read(payload))

    check()
    assert ends.both_met(), ends


@pytest.mark.soak
@pytest.mark.parametrize("folder", inputs.names("yaml"))
def test_a_file_with_other_values_is_read_or_refused_with_its_field(folder, tmp_path, cases):
    read, ends = inputs.reader("yaml", folder, tmp_path), outcomes.Ends()
    shipped = [yaml.load(content, yaml_documents.LOADER) for content in inputs.shipped("yaml", folder)]  # noqa: S506

    @cases
    @given(st.sampled_from(shipped), st.lists(st.tuples(st.integers(0, 65_535), VALUES), min_size=1, max_size=3))
    def check(content, changes):
        for place, value in changes:
            content = changed(content, place, value)
        payload = yaml.dump(content, allow_unicode=True).encode("utf-8", "surrogatepass")
        ends.of(payload, folder, lambda: read(payload))

    check()
    assert ends.both_met(), ends


@pytest.mark.soak
@pytest.mark.parametrize("table", inputs.names("reference"))
def test_a_damaged_table_is_read_or_refused_with_its_row(table, tmp_path, cases):
    content = b"\n".join((store.DATA / "reference" / f"{table}.csv").read_bytes().split(b"\n")[:CUT])
    path, ends = tmp_path / f"{table}.csv", outcomes.Ends()

    def read() -> bool:
        try:
            reference.read_table(table, tmp_path)
        except InputError as error:
            outcomes.read_or_refused(error, path.name)
            return False
        return True

    @cases
    @given(STEPS)
    def check(steps):
        payload = damaged(content, steps)
        path.write_bytes(payload)
        ends.of(payload, table, read)

    check()
    assert ends.both_met(), ends


@pytest.mark.soak
def test_tables_with_rules_between_them_are_read_or_refused(tmp_path, cases):
    readers = {
        name: (inputs.reader("reference", name, tmp_path / name), inputs.shipped("reference", name)[0])
        for name in inputs.names("reference")
    }
    ends = outcomes.Ends()

    @cases
    @given(st.sampled_from(sorted(readers)), STEPS)
    def check(name, steps):
        read, content = readers[name]
        payload = damaged(content, steps)
        ends.of(payload, name, lambda: read(payload))
        assert read(content)

    check()
    assert ends.both_met(), ends


@pytest.mark.parametrize("folder", inputs.names("yaml"))
def test_an_object_of_python_in_a_file_is_refused_and_nothing_runs(folder, tmp_path):
    read, ran = inputs.reader("yaml", folder, tmp_path), tmp_path / "ran"
    for text in (
        f"title: !!python/object/apply:os.system ['touch {ran}']",
        f"title: !!python/object/new:subprocess.Popen [['touch', '{ran}']]",
        "title: !!python/name:os.system ''",
        "title: !!python/module:os ''",
    ):
        assert not read(text.encode())
    assert not ran.exists()


LAUGHS = [
    "a: &a0 [x, x, x, x, x, x, x, x, x]",
    *(f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)),
]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: " + "[" * 100_000, "depth"),
        ("a: " + "{b: " * 100_000, "depth"),
        ("\n".join(" " * n + "a:" for n in range(60)), "depth"),
        ("\n".join(LAUGHS), "alias"),
        ("a: &a [*a]", "alias"),
        ("a: &a\n  <<: *a", "alias"),
        ("? [a, b]\n: 1", "key"),
        ("? {a: b}\n: 1", "key"),
        ("a: 1\na: 2", "duplicate_key"),
        ("a: !!int many", "value"),
        ("a: !!bool maybe", "value"),
        ("a: 0b_", "value"),
        ("a: " + "9" * 5_000, "value"),
        ("a: 2021-02-31", "date"),
        ("a: \0", "yaml"),
        ("\ta: 1", "yaml"),
        ("a: 1\n---\nb: 2", "yaml"),
        ("a: " + "x" * 2**20, "size"),
        ("a: \x1b[2J", "yaml"),
        ("- a", "mapping"),
        ("", "mapping"),
    ],
    ids=lambda value: value[:12] if value else "empty",
)
def test_what_no_person_writes_is_refused_at_once(text, rule, tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        from pipelines import yaml_files

        yaml_files.parse(path)
    assert rule in refused.value.rule
    outcomes.one_line(refused.value, "one.yaml")


def test_a_byte_order_mark_and_ends_of_lines_of_windows_are_read(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 2021-03-04\r\nb: [1]\r\n")
    assert yaml_documents.load(path)[0] == {"a": datetime.date(2021, 3, 4), "b": [1]}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
def test_another_encoding_is_refused(encoding, tmp_path):
    path = tmp_path / "one.yaml"
    path.write_bytes("a: é".encode(encoding))
    with pytest.raises(InputError, match="text in UTF-8"):
        yaml_documents.load(path)


@pytest.mark.parametrize("table", inputs.names("reference"))
def test_a_repeated_row_is_told_with_its_line_in_every_table_that_has_a_key(table, tmp_path):
    if not reference.REFERENCE_TABLES[table].unique:
        return
    header, first, *_ = (store.DATA / "reference" / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / f"{table}.csv").write_text("\n".join([header, first, first, ""]), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        reference.read_table(table, tmp_path)
    assert (refused.value.row, refused.value.rule) == (3, "duplicate_key")
