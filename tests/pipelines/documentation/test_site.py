"""The site as built: no warning, no dead link, nothing asked of another host."""

import importlib.util
import os
import re
import subprocess
import sys

import pytest

from pipelines import store

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mkdocs") is None, reason="mkdocs is not in this environment: make .venv/.stamp-docs"
)
OUTSIDE = re.compile(r"<(?:script|img|iframe|source|link)\b[^>]*?(?:src|href)=[\"']?(?:https?:)?//[^\"'> ]*")


def build(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder), *arguments],
        cwd=store.ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def site(small_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYBERACCORD_HOME", str(small_run.home))
        done = build(folder)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def test_the_site_builds_without_warning_and_has_every_page_of_its_contents(site):
    for name in ("index", "methods", "model_card", "data_dictionary", "priors", "sources", "cookbook", "sql", "faq"):
        assert (site / f"{name}.html").stat().st_size > 3000
    assert "<!-- limits -->" not in (site / "model_card.html").read_text(encoding="utf-8")


def test_no_page_takes_anything_from_another_host(site):
    for path in site.rglob("*.html"):
        assert not OUTSIDE.findall(path.read_text(encoding="utf-8")), path.name
    for path in site.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")), path.name


def test_the_site_names_no_repository_and_no_path_of_this_machine(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert str(store.ROOT) not in text and "edit_uri" not in text and 'rel="edit"' not in text


@pytest.mark.parametrize("link", ["there.md#nowhere", "nowhere.md"])
def test_a_dead_link_or_anchor_stops_the_build(tmp_path, link):
    """The settings of mkdocs.yml on two pages of their own."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "there.md").write_text("# There\n", encoding="utf-8")
    (tmp_path / "docs" / "index.md").write_text(f"# Here\n\n[link]({link})\n", encoding="utf-8")
    settings = (store.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    own = re.sub(r"^(hooks|not_in_nav|exclude_docs|extra_css):.*\n(  .*\n)*", "", settings, flags=re.MULTILINE)
    (tmp_path / "mkdocs.yml").write_text(re.sub(r"^nav:\n(.*\n)*", "", own, flags=re.MULTILINE), encoding="utf-8")
    done = build(tmp_path / "site", "-f", str(tmp_path / "mkdocs.yml"))
    assert done.returncode == 1 and done.stderr.count("WARNING") == 1, done.stderr


def test_without_a_published_database_the_build_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    done = build(tmp_path / "site")
    assert done.returncode == 1 and "make run" in done.stderr and "Traceback" not in done.stderr
