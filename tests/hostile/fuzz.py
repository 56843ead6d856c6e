"""The process in which atheris drives one target: `python -m tests.hostile.fuzz TARGET SEEDS -runs=N ...`.

A target is `source:<id>`, `yaml` or `reference`. Only modules that read what comes from outside are
instrumented. Half of the inputs are damaged by `mutations`, half by libFuzzer, which keeps what reaches new branches.
A failure prints the bytes and the trace and ends with an exit code other than 0.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris
import duckdb  # noqa: F401  loaded before the hooks of instrumentation, as are all packages of others
import fastexcel  # noqa: F401
import pandera.polars  # noqa: F401
import pydantic  # noqa: F401
import yaml  # noqa: F401

INSTRUMENTED = [
    *("pipelines.sources", "pipelines.ingest", "pipelines.yaml_documents", "pipelines.yaml_files"),
    *("pipelines.scenarios", "pipelines.priors", "pipelines.cards", "pipelines.definition_files"),
    *("pipelines.event_files", "pipelines.event_entries", "pipelines.reference", "pipelines.reference_rules"),
]
with atheris.instrument_imports(include=INSTRUMENTED, enable_loader_override=False):
    from pipelines import cards, vocabulary
    from tests.hostile import inputs, outcomes
    from tests.hostile.mutations import damaged, drawn

Target = Callable[[bytes], None]


def source(source_id: str) -> Target:
    """Parse and split; the first byte says which file of the source the others are."""
    card, words = cards.load(source_id), vocabulary.load()
    specs = [spec for spec in card.files if spec.tables]

    def one(data: bytes) -> None:
        if data:
            spec = specs[data[0] % len(specs)]
            with outcomes.told(data[1:], f"{source_id}/{spec.name}", seconds=0):
                outcomes.split(card, spec, data[1:], words)

    return one


def files_of(kind: str) -> Target:
    """Read a YAML or CSV file of data/ as a run would; the first byte says of which folder or table."""
    readers = [inputs.reader(kind, name, Path(tempfile.mkdtemp(prefix="hostile-"))) for name in inputs.names(kind)]

    def one(data: bytes) -> None:
        if data:
            number = data[0] % len(readers)
            with outcomes.told(data[1:], f"{kind}/{inputs.names(kind)[number]}", seconds=0):
                readers[number](data[1:])

    return one


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """The first byte stays, for it names the file."""
    return atheris.Mutate(data, most) if seed % 2 else (data[:1] + damaged(data[1:], drawn(seed)))[:most]


if __name__ == "__main__":
    kind, _, name = sys.argv[1].partition(":")
    target = source(name) if kind == "source" else files_of(kind)
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target, custom_mutator=mutated)
    atheris.Fuzz()
