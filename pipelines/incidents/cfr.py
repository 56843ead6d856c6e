"""CFR's operations as records: states are behind them by definition; types and sectors in the common words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.incidents.words import economies, links, precision, translated
from pipelines.vocabularies import NONE
from pipelines.vocabulary import Vocabulary

SOURCE = "cfr"
BELIEVED = r"(?i)^(believed to be the work of|also known as)\s*(the\s)?"


def records(tables: Mapping[str, pl.DataFrame], words: Vocabulary) -> pl.DataFrame:
    """The record of each operation of CFR, columns of `merge.RECORD`.

    Targets are the economies that title and free text on victims name, without the sponsors. A row with neither type
    nor category is the profile of a group: its type is `none`, and no incident is made of it.
    """
    iso3 = words.economy(SOURCE)
    types = words.code(SOURCE, "type", "incident_type")
    profile = pl.col("type").is_null() & (pl.col("category").list.len() == 0)
    kind = pl.col("type").replace_strict(types, default=None, return_dtype=pl.String).fill_null("unknown")
    group = pl.col("affiliations").str.replace(BELIEVED, "")
    return (
        tables["cfr_incidents"]
        .with_columns(named=_named(("title", "victims"), iso3), group=pl.concat_list(group).list.drop_nulls())
        .select(
            "vintage",
            "row_number",
            "title",
            record_id=pl.format("cfr:{}", "row_number"),
            source_id=pl.lit(SOURCE),
            names=pl.col("group"),
            start_date=pl.col("date"),
            end_date=pl.lit(None, pl.Date),
            date_precision=precision("date"),
            threat_class=pl.lit("state"),
            actor=pl.lit("state"),
            incident_type=pl.when(profile).then(pl.lit(NONE)).otherwise(kind),
            sectors=translated("category", words.code(SOURCE, "category", "sector")),
            intensity=pl.lit(None, pl.Int64),
            initiators=economies("sponsor", iso3),
            targets=economies("named", iso3).list.set_difference(economies("sponsor", iso3)).list.sort(),
            urls=links("urls"),
        )
    )


def _named(columns: Sequence[str], iso3_of: Mapping[str, str | None]) -> pl.Expr:
    """The names of economies, and their adjectives, that texts hold as words; the longest where several begin alike."""
    codes = {iso3 for iso3 in iso3_of.values() if iso3}
    names = (name for name in iso3_of if name.upper() not in codes)
    plain = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    text = pl.concat_str(columns, separator=" ; ", ignore_nulls=True)
    return text.str.extract_all(rf"\b(?:{plain})(?:\b|\s|$)").list.eval(pl.element().str.strip_chars())
