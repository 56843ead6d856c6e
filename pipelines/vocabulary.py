"""The words that every source is translated into: economies, threat classes, incident types, sectors, intensity.

The translations are data (economy_aliases.csv, crosswalk.csv); here is how to ask them, in `vocabularies` what they
translate into. A label that they lack is an error of the row that holds it, never a silent null.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from pipelines import reference, store

FILES = ("economies", "economy_aliases", "crosswalk", "record_links")


@dataclass(frozen=True)
class Vocabulary:
    """The tables of translation: economies (iso3), aliases (scheme, alias, iso3), crosswalk (scheme, field, code), and
    links: records of trackers that a person found to be one incident, or not to be."""

    economies: pl.DataFrame
    aliases: pl.DataFrame
    crosswalk: pl.DataFrame
    links: pl.DataFrame

    @cached_property
    def _iso3(self) -> dict[str, str | None]:
        codes = self.economies["iso3"].to_list()
        return dict(zip(map(str.lower, codes), codes, strict=True)) | dict(zip(codes, codes, strict=True))

    def economy(self, scheme: str) -> dict[str, str | None]:
        """A source's label -> ISO3, None where it names no economy; ISO3 codes stand for themselves, in either case."""
        rows = self.aliases.filter(pl.col("scheme") == scheme)
        return self._iso3 | dict(zip(rows["alias"], rows["iso3"], strict=True))

    def code(self, scheme: str, field: str, vocabulary: str | None = None) -> dict[str, str]:
        """A source's code in one of its columns -> the word of the vocabulary (where the column speaks of several)."""
        rows = self.crosswalk.filter((pl.col("scheme") == scheme) & (pl.col("field") == field))
        if vocabulary is not None:
            rows = rows.filter(pl.col("vocabulary") == vocabulary)
        return dict(zip(rows["code"], rows["value"], strict=True))

    def known(self, scheme: str, field: str, to: str) -> pl.Series:
        """Every label that a coded column may hold."""
        if to == "economies":
            return pl.Series("known", list(self.economy(scheme)), pl.String)
        rows = self.crosswalk.filter((pl.col("scheme") == scheme) & (pl.col("field") == field))
        return rows["code"].unique().rename("known")


def load(folder: Path | None = None) -> Vocabulary:
    """The vocabulary of data/reference, checked; InputError for the first thing wrong with it."""
    frames = reference.load_some(FILES, folder or store.DATA / "reference")
    return Vocabulary(*(frames[name] for name in FILES))
