"""The inputs of a run laid out again: the bytes of its manifest and no others, and nothing of the store is touched."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from pipelines import kept_inputs, manifest, store, vintages


def test_a_vintage_is_lent_to_a_layout_and_one_that_is_gone_is_named(before, home, tmp_path, monkeypatch):
    payload = b"Date,Index\n"
    landed = vintages.land(
        vintages.Vintage(
            "us_cpi",
            "2024-05",
            date(2024, 5, 1),
            vintages.now(),
            (vintages.File("a.csv", 11, vintages.sha256(payload)),),
        ),
        {"a.csv": payload},
    )
    tables = home / "staged" / "us_cpi" / "2024-05" / "key"
    tables.mkdir(parents=True)
    (tables / "counts.json").write_text("{}", encoding="utf-8")
    lent = replace(before.basis, vintages={"us_cpi/2024-05": landed.sha256})
    environment = kept_inputs.lay_out(tmp_path / "layout", lent, lent)
    with monkeypatch.context() as patch:
        patch.setenv("CYBERACCORD_HOME", environment["CYBERACCORD_HOME"])
        assert vintages.read(vintages.standing("us_cpi")) == {"a.csv": payload}
    shutil.rmtree(tmp_path / "layout")
    assert vintages.standing("us_cpi") == landed and (tables / "counts.json").exists()
    for label, digest, words in (
        ("2024-06", landed.sha256, "is gone"),
        ("2024-05", "0", "is not the one that the run read"),
    ):
        missing = replace(before.basis, vintages={f"us_cpi/{label}": digest})
        with pytest.raises(kept_inputs.Gone, match=f"vintage {label} of us_cpi {words}"):
            kept_inputs.lay_out(tmp_path / label, missing, missing)


@pytest.mark.parametrize("name", ["../../secret.csv", "priors/../../x.csv", "store/x.csv", "priors/.hidden", "/etc/x"])
def test_a_manifest_cannot_reach_outside_its_inputs(before, tmp_path, name):
    basis = replace(before.basis, inputs={name: "0"})
    with pytest.raises(kept_inputs.Gone, match="is no input"):
        kept_inputs.lay_out(tmp_path / "layout", basis, basis)


def test_the_same_code_is_the_same_method_wherever_it_lies_and_the_report_is_no_method(tmp_path, monkeypatch):
    def digest(name, **files):
        root = tmp_path / name
        for path, text in {"models/a.py": "1", "pipelines/deep/b.py": "2", "reports/c.py": "3", **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        monkeypatch.setattr(store, "ROOT", root)
        return manifest.code_sha256.__wrapped__()

    one = digest("one")
    assert digest("other") == one
    assert digest("report", **{"reports/c.py": "4"}) == one
    assert digest("model", **{"models/a.py": "5"}) != one
    assert digest("moved", **{"models/d.py": ""}) != one
