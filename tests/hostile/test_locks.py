"""The locks, without network: every package has an exact version and hashes, and no line is an address."""

from __future__ import annotations

import re

import pytest

from pipelines import store

LOCKS = sorted(path.name for path in store.ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_an_exact_version_with_hashes_and_no_line_is_an_address(name):
    text = (store.ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==[0-9][^\s;]*\s", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
        assert "://" not in line and " @ " not in line and "--index" not in line, line
