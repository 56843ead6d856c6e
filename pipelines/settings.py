"""What a person may set for a run: draws, seed, effect sets, and the day after which nothing is known yet.

One typed class, shown with its descriptions in Dagster's launchpad; the command line fills the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import dagster as dg
from pydantic import Field

from pipelines import manifest, store

TEXT = "text"
"""In the stamp of a partition: hash of the file that it is about."""


class RunSettings(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Settings that every asset of a run shares."""

    draws: int = Field(
        store.DRAWS, description="Paired draws: 8 scrambles times a power of two; more draws, less Monte Carlo error"
    )
    seed: int = Field(store.SEED, description="Seed of the scrambles; the same seed gives the same numbers")
    as_of: str = Field(
        "", description="YYYY-MM-DD: leave out ratifications and vintages after this day; empty uses all that is known"
    )
    effect_sets: list[str] = Field(
        [],
        description="Beliefs about the law that scenarios are computed under beside `default`: names of data/priors/"
        "effects.yaml such as published, null, backfire; empty computes all",
    )

    @property
    def day(self) -> date | None:
        """`as_of` as a date."""
        return date.fromisoformat(self.as_of) if self.as_of else None

    @classmethod
    def of(cls, stamp: Mapping[str, str]) -> RunSettings:
        """The settings that a table with this stamp was computed with."""
        sets = stamp.get("effect_sets", "").split()
        return cls(draws=int(stamp["draws"]), seed=int(stamp["seed"]), as_of=stamp["as_of"], effect_sets=sets)

    def made(self, stamp: Mapping[str, str]) -> bool:
        """Whether a table with this stamp rests on these settings, and on the code, files and vintages of now.

        Of a partition's own file, the stamp's `text`, this says nothing.
        """
        return {name: str(value) for name, value in self.stamp().items()} == {
            name: value for name, value in stamp.items() if name != TEXT
        }

    def stamp(self) -> dict[str, object]:
        """What travels with a table: settings, and the hashes of the code and of the files and vintages it rests on."""
        hashes = manifest.input_hashes() | manifest.vintage_hashes(self.day)
        inputs = manifest.combined(hashes, ("reference/", "priors/", "definitions/", "vintages/"))
        code = manifest.code_sha256()
        beliefs = {"effect_sets": " ".join(sorted(self.effect_sets))} if self.effect_sets else {}
        return {
            **beliefs,
            "seed": self.seed,
            "draws": self.draws,
            "as_of": self.as_of,
            "inputs": inputs[:12],
            "code": code[:12],
        }
