"""VCDB's incidents as records: its class rule, its types and sectors in the common words.

Most of the database is no attack: errors, losses, theft of paper, insiders. Those records have the class `none`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.incidents.words import actor, economies, first_of, links, translated
from pipelines.vocabularies import INCIDENT_TYPES, NONE
from pipelines.vocabulary import Vocabulary

SOURCE = "vcdb"
VARIETIES = ("malware_varieties", "hacking_varieties", "integrity_varieties", "availability_varieties")
RANSOMWARE, FINANCIAL = "Ransomware", "Financial"


def threat_class(words: Vocabulary) -> pl.Expr:
    """`state`, `criminal`, `other` or `none` from VERIS's words.

    An attack is hacking, malware or deception from outside. A state or its affiliates decide first, whatever the
    motive; criminal is for money, by organized crime, or with ransomware; all else is other.
    """
    attack = (_stands_for("actors", "other", words) & _stands_for("actions", "other", words)).fill_null(False)
    state = _stands_for("actor_varieties", "state", words)
    crime = (
        _stands_for("actor_varieties", "criminal", words)
        | pl.col("actor_motives").list.contains(FINANCIAL)
        | pl.col("malware_varieties").list.contains(RANSOMWARE)
    )
    return (
        pl.when(~attack)
        .then(pl.lit(NONE))
        .when(state)
        .then(pl.lit("state"))
        .when(crime)
        .then(pl.lit("criminal"))
        .otherwise(pl.lit("other"))
    )


def records(tables: Mapping[str, pl.DataFrame], words: Vocabulary) -> pl.DataFrame:
    """The record of each incident of VCDB, columns of `merge.RECORD`."""
    table = tables["vcdb_incidents"].with_columns(threat_class=threat_class(words))
    types = [translated(name, words.code(SOURCE, name, "incident_type")) for name in VARIETIES]
    disclosed = pl.col("data_disclosure").replace_strict(
        words.code(SOURCE, "data_disclosure", "incident_type"), default=None, return_dtype=pl.String
    )
    types.append(pl.concat_list(disclosed))
    sector = pl.col("industry_group").replace_strict(
        words.code(SOURCE, "industry_group", "sector"), default=None, return_dtype=pl.String
    )
    iso3 = words.economy(SOURCE)
    known = pl.concat_list(types).list.drop_nulls()
    day = pl.when(pl.col("month").is_not_null()).then("day")
    return table.select(
        "vintage",
        "row_number",
        "threat_class",
        actor=actor(translated("actor_varieties", words.code(SOURCE, "actor_varieties", "actor"))),
        record_id=pl.format("vcdb:{}", "incident_id"),
        source_id=pl.lit(SOURCE),
        title=pl.col("victim"),
        names=pl.lit([], pl.List(pl.String)),
        start_date=pl.date("year", pl.col("month").fill_null(1), day.fill_null(1)),
        end_date=pl.lit(None, pl.Date),
        date_precision=pl.when(day.is_not_null())
        .then(pl.lit("day"))
        .when(pl.col("month").is_not_null())
        .then(pl.lit("month"))
        .otherwise(pl.lit("year")),
        incident_type=pl.when(pl.col("threat_class") == NONE)
        .then(pl.lit(NONE))
        .otherwise(first_of(known, INCIDENT_TYPES, "unknown")),
        sectors=pl.concat_list(sector).list.drop_nulls(),
        intensity=pl.lit(None, pl.Int64),
        initiators=economies("actor_countries", iso3),
        targets=economies("victim_countries", iso3),
        urls=links("urls"),
    )


def _stands_for(column: str, word: str, words: Vocabulary) -> pl.Expr:
    """Whether one of the codes of a column stands for a threat class."""
    codes = [code for code, value in words.code(SOURCE, column, "threat_class").items() if value == word]
    return pl.col(column).list.set_intersection(pl.lit(codes, pl.List(pl.String))).list.len() > 0
