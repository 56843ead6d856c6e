"""Secrets of the environment (passwords of mail and proxies, tokens of a webhook and of addresses) are kept nowhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import store

SECRET = "s3cr3tvalue"
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]


def environment(home: Path, data: Path | None = None) -> dict[str, str]:
    """Every variable that may hold a secret holds one; what they name is loopback's port 9, where nothing answers."""
    place = f"me:{SECRET}@127.0.0.1:9"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CYBERACCORD_")}
    kept |= {
        "CYBERACCORD_HOME": str(home),
        "CYBERACCORD_MIRROR": f"http://{place}/?token={SECRET}",
        "CYBERACCORD_WEBHOOK": f"http://{place}/hooks/{SECRET}?key={SECRET}",
        "CYBERACCORD_MAIL": f"smtp://{place}/?from=us@example.org&to={SECRET}@example.org",
        "CYBERACCORD_NOTIFY": "always",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), f"http://{place}"),
        "PYTHONPATH": str(store.ROOT),
    }
    kept.pop("DAGSTER_HOME", None)
    return kept | ({"CYBERACCORD_DATA": str(data)} if data else {})


def told(*arguments: str, environment: dict[str, str]) -> str:
    done = subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


def holding(home: Path) -> list[str]:
    """Files of a store that hold the secret, as bytes or in a row of a database."""
    found = [str(path) for path in home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    for path in home.glob("published/*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
            for (name,) in names:
                query = f"select count(*) from {name} t where t::varchar like '%{SECRET}%'"
                found += [name] * connection.execute(query).fetchone()[0]
    return found


@pytest.mark.soak
def test_a_month_whose_refresh_and_notices_fail_leaves_no_secret_anywhere(tmp_path):
    home, data = tmp_path / "store", tmp_path / "data"
    said = told("monthly", "--draws", "64", environment=environment(home))
    assert (home / "published" / "cyberaccord.duckdb").exists(), said
    assert "failed" in said
    for command in (["status"], ["doctor"], ["sources"], ["refresh", "us_cpi"], ["changes"], ["report"]):
        said += told(*command, environment=environment(home))
    assert "not delivered" in said
    for name in store.INPUTS:
        shutil.copytree(store.DATA / name, data / name)
    (data / "reference" / "gdp.csv").write_text("nothing\n", encoding="utf-8")
    broken = told("monthly", "--draws", "64", environment=environment(home, data))
    assert "gdp.csv" in broken and "Traceback" not in said + broken
    assert SECRET not in said + broken
    assert holding(home) == []


@pytest.mark.parametrize("scheme", ["ftp", "https", "http"])
def test_a_mirror_that_may_not_be_is_refused_without_its_password(scheme, tmp_path):
    given = environment(tmp_path) | {"CYBERACCORD_MIRROR": f"{scheme}://me:{SECRET}@example.org/?token={SECRET}"}
    said = told("refresh", "us_cpi", environment=given)
    assert "loopback" in said and SECRET not in said
