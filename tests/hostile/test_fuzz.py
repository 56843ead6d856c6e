"""Coverage-guided: every parser and kind of file of data/, in a process of its own, time and memory limited."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from pipelines import cards, ingest
from tests.hostile import inputs, seeds

TARGETS = [*(f"source:{name}" for name in cards.names()), "yaml", "reference"]
MOST_BYTES = 1_000_000
LIMITS = ["-timeout=60", "-rss_limit_mb=2500", f"-max_len={MOST_BYTES}", "-seed=20210101"]


@pytest.fixture
def corpus(tmp_path, recorded):
    """A folder with what to start from; before each the number of its file."""

    def write(target: str):
        kind, _, name = target.partition(":")
        if kind == "source":
            card = cards.load(name)
            specs = [spec for spec in card.files if spec.tables]
            vintages = seeds.of_source(recorded, name)[:3]
            found = [(k, files[ingest.find(card, spec, files)]) for files in vintages for k, spec in enumerate(specs)]
        else:
            parts = enumerate(inputs.names(kind))
            found = [(k, payload) for k, part in parts for payload in inputs.shipped(kind, part)[:3]]
        folder = tmp_path / "corpus"
        folder.mkdir()
        for number, (k, payload) in enumerate(found):
            (folder / f"{number:03}").write_bytes(bytes([k]) + payload)
        return folder

    return write


@pytest.mark.soak
@pytest.mark.parametrize("target", TARGETS)
def test_no_input_ends_in_anything_but_rows_or_one_line(target, corpus, long, tmp_path):
    runs = 10_000 if long else 500
    command = [sys.executable, "-m", "tests.hostile.fuzz", target, str(corpus(target)), f"-runs={runs}", *LIMITS]
    environment = {**os.environ, "PYTHONPATH": str(seeds.ROOT), "POLARS_MAX_THREADS": "1", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [*command, f"-artifact_prefix={tmp_path}/"], cwd=seeds.ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-6_000:]
    # libFuzzer, stopped by the number of runs, has at times made one more
    [made] = re.findall(r"^Done (\d+) runs", done.stderr, re.MULTILINE)
    assert int(made) >= runs
