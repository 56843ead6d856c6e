"""`cyberaccord report --edition ... --pdf` with the Chromium of this machine: the page on paper, its charts drawn."""

import shutil

import pytest
from click.testing import CliRunner

from pipelines import paper, store
from pipelines.cli import main

pytestmark = pytest.mark.browser


@pytest.fixture
def edition(small, tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    path = store.database("2026-01")
    path.parent.mkdir(parents=True)
    shutil.copyfile(small, path)
    return "2026-01"


def test_the_command_prints_the_charts_and_both_paths(edition):
    pypdf = pytest.importorskip("pypdf")
    if paper.browser() is None:
        pytest.skip("no chromium on this machine")
    result = CliRunner().invoke(main, ["report", "--edition", edition, "--pdf"])
    assert result.exit_code == 0, result.stderr
    folder = store.report() / edition
    assert result.stdout.splitlines() == [store.shown(folder / name) for name in ("index.html", "report.pdf")]
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "report.pdf"]
    pages = pypdf.PdfReader(folder / "report.pdf").pages
    assert (float(pages[0].mediabox.width), float(pages[0].mediabox.height)) == pytest.approx((595, 842), abs=2)  # A4
    words = [page.extract_text() for page in pages]
    # texts that only the drawn charts have: axes, marks and notes of the first figures and of the cards
    for text in ("does not pay for itself", "Share of attack origin covered by members", "Below the line"):
        assert any(text in page for page in words), text
    assert f"1 / {len(pages)}" in words[0]  # the page's own foot, and none of the browser's
    assert not any("file://" in page for page in words)
