"""The study on the figures that ship with the project, without a store: for tests, benchmarks and notebooks.

A run prepares its study from the tables it has materialized, in `assets.study`.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from models.consequences import Reciprocity
from models.definition import Definition
from models.effects import Law
from models.escalation import retaliation
from models.study import Study, prepare
from pipelines import definition_counts, definition_files, priors, reference, store


def laws(definitions: Sequence[Definition], counts: pl.DataFrame) -> dict[str, dict[str, Law]]:
    """By definition and class, the distribution of the covered share of loss."""
    return {
        each.name: {k: Law(*definition_counts.coverage_law(each, k, counts)[:2]) for k in each.classes}
        for each in definitions
    }


def shipped_study(draws: int = store.DRAWS, seed: int = store.SEED) -> Study:
    """The study of the default run on a machine without vintages."""
    register, tables, definitions = priors.load(), reference.load_all(), definition_files.load_all()
    found = retaliation(tables["fits"])
    counts = definition_counts.of_reference(tables["definition_counts"], definitions)
    return prepare(
        tables,
        register.priors,
        register.effect_sets,
        register.rank_correlation,
        register.choices,
        draws,
        seed,
        laws(definitions, counts),
        Reciprocity(found.estimate, found.se),
    )
