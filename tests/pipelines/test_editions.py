"""Published editions as files: what stands beside a report, and what goes when its edition is replaced."""

import os
import shutil

from pipelines import editions, store


def test_pages_of_a_run_that_was_replaced_go_with_its_report_and_later_ones_stay(small, tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    database = store.database("2026-01")
    database.parent.mkdir(parents=True)
    shutil.copyfile(small, database)
    folder = store.report() / "2026-01"
    folder.mkdir(parents=True)
    published = database.stat().st_mtime
    for name, rendered in {"universal.html": -1, "universal.pdf": -1, "law_only.html": 1}.items():
        (folder / name).write_text("a page", encoding="utf-8")
        os.utime(folder / name, (published + rendered, published + rendered))
    assert editions.render("2026-01") == folder / "index.html"
    assert {path.name for path in folder.iterdir()} == {"index.html", "law_only.html"}
