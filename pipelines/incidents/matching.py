"""Whether two records of trackers are the same incident: a score whose parts have names and reasons.

Records come in as the frame that each tracker's module in this package makes; scored pairs go out. What a tracker's
codes mean is not decided here; which records are compared is in `candidates`, what two have in common in `evidence`,
what follows from the pairs in `clusters`. A score is a sum of parts in `PARTS`; a false merge loses an incident, so
every doubt is settled against merging.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from rapidfuzz import fuzz, process

from pipelines.incidents import candidates, evidence

TRACKERS = ("eurepoc", "cfr", "dcid", "vcdb")
"""Order of trackers: the record of the first of them, lowest number first, names the incident."""


class Part(NamedTuple):
    """A part of the score: what one unit of it adds, and why."""

    name: str
    weight: float
    reason: str


PARTS = (
    Part("link", 2.2, "a report cited by both and by few others, 1 each, at most 1.5"),
    Part("title", 2.8, "share of the shorter title's rare words that the other title has, by their rarity"),
    Part("actor", 0.9, "the same for words that name an actor of either record: one actor does many things"),
    Part("alias", 0.5, "rare words of one title among the other's names, by their rarity, at most 1"),
    Part("same_title", 4.0, "the same words in both titles, few records with them, and overlapping dates"),
    Part("dyad", 1.1, "both parties agree in a year with few records of them: 1 if 2, 0 from 30"),
    Part("initiator", 0.8, "an initiator in common"),
    Part("other_initiator", -1.6, "both attributed, to different economies; trackers do disagree"),
    Part("other_target", -1.2, "both targets known, none in common"),
    Part("day", 2.0, "both dated to the day, at most 3 days apart"),
    Part("near", 0.4, "at most 45 days between the two spans"),
    Part("far", -1.0, "more than 270 days between the two spans"),
    Part("number", -1.0, "different years, versions or parts in the titles"),
    Part("same_tracker", -3.7, "a tracker seldom enters an incident twice"),
)
EVIDENCE = ("link", "title", "actor", "alias", "same_title")
EVIDENCE_NEEDED = 0.5
"""What words and links must add: the same parties on the same day are not yet the same incident."""
THRESHOLD = 1.8
MARGIN = 1.0
"""A record goes to its best counterpart in another tracker, and to others only if they score nearly as much."""
COMPARED = (
    *("record_id", "source_id", "vintage", "title", "names", "start_date", "end_date", "date_precision"),
    *("initiators", "targets", "urls"),
)
"""Columns of records that the score looks at."""
SEQUENCE = r"\b(?:19|20)\d\d\b|\b\d\.\d\b|\bpart ?\d\b|#\d\b|\b(?:ii|iii|iv)\b|\b\d$"
RUN = r"(?:\p{Lu}\p{Ll}+(?:[ -](?:of |and |for |on )?|\b)){3,6}"


def parts_table() -> pl.DataFrame:
    """The constants of the score as a table: part, weight, reason."""
    return pl.DataFrame(PARTS, schema=["part", "weight", "reason"], orient="row")


def likely(table: pl.DataFrame) -> pl.DataFrame:
    """Pairs of records whose score reaches the threshold.

    Parameters
    ----------
    table : records as `prepared` numbers them

    Returns
    -------
    columns of `evidence.PAIR` (n and n_right in the order of `TRACKERS`), score, and what each of `PARTS` adds to it
    """
    held = evidence.held(table)
    values = [(pl.col(part.name).cast(pl.Float64) * part.weight).alias(part.name) for part in PARTS]
    score = pl.sum_horizontal([part.name for part in PARTS]).round(9)
    return pl.concat(
        block.with_columns(values).with_columns(score=score).filter(pl.col("score") >= THRESHOLD)
        for block in evidence.of_pairs(table, held, candidates.pairs(table, held))
    )


def accepted(pairs: pl.DataFrame) -> pl.DataFrame:
    """The likely pairs that incidents are built from, the best first."""
    best = pl.max_horizontal(
        pl.col("score").max().over("n", "source_id_right"), pl.col("score").max().over("n_right", "source_id")
    )
    near_best = (pl.col("source_id") == pl.col("source_id_right")) | (pl.col("score") >= best - MARGIN)
    told = pl.sum_horizontal(EVIDENCE) >= EVIDENCE_NEEDED
    return pairs.filter(told & near_best).sort(["score", "n", "n_right"], descending=[True, False, False])


def prepared(records: pl.DataFrame) -> pl.DataFrame:
    """Records in the order of trackers and ids, numbered, with the words of title and names and the span of dates.

    `n` is the place of a record in this order, `row` its place in `records`.
    """
    own = pl.col("record_id").str.split_exact(":", 1).struct.field("field_1")
    place = pl.col("source_id").replace_strict({name: n for n, name in enumerate(TRACKERS)}, return_dtype=pl.Int8)
    title, names = pl.col("title").fill_null(""), pl.col("names").list.join(" ")
    first, last = pl.col("start_date"), pl.max_horizontal("start_date", "end_date")
    year, month = first.dt.offset_by("1y").dt.offset_by("-1d"), first.dt.offset_by("1mo").dt.offset_by("-1d")
    table = (
        records.select(*COMPARED)
        .with_row_index("row")
        .with_columns(place=place, number=own.cast(pl.Int64, strict=False).fill_null(0))
        .sort("place", "number", "record_id")
        .with_row_index("n")
        .with_columns(
            words=_words(title).list.set_union(_initials(title)),
            names=_words(names),
            sequence=title.str.to_lowercase().str.extract_all(SEQUENCE),
            first=first,
            last=pl.when(pl.col("date_precision") == "year")
            .then(pl.max_horizontal(last, year))
            .when(pl.col("date_precision") == "month")
            .then(pl.max_horizontal(last, month))
            .otherwise(last),
            urls=pl.col("urls").list.unique().list.eval(pl.element().filter(pl.element().str.contains("/"))),
        )
    )
    spelling = _spelling(table)
    return table.with_columns(
        pl.col("words", "names").list.eval(pl.element().replace(spelling)).list.unique().list.sort()
    ).with_columns(wording=pl.col("words").list.join(" "))


def _words(text: pl.Expr) -> pl.Expr:
    """The words of a text: lower case, no accents, groups such as APT 28 in one word, single letters left out."""
    return (
        text.str.to_lowercase()
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.replace_all(r"\bapt[ -]*(\d+)", "apt$1")
        .str.extract_all(r"[\p{L}\p{N}]{2,}")
    )


def _initials(title: pl.Expr) -> pl.Expr:
    """Initials of the names in a title, three and four letters: a committee is DNC elsewhere."""
    letters = title.str.extract_all(RUN).list.eval(pl.element().str.replace_all(r"[^\p{Lu}]", "").str.to_lowercase())
    return pl.concat_list(letters.list.eval(pl.element().str.tail(n)) for n in (3, 4))


def _spelling(table: pl.DataFrame) -> dict[str, str]:
    """Long words that differ by an ending or a slip of the pen -> the first of them in the alphabet."""
    words = pl.concat(_long_words(table[column].explode()) for column in ("words", "names")).unique().sort()
    vocabulary = pl.DataFrame({"word": words, "start": words.str.head(4)})
    near = vocabulary.join(vocabulary, on="start").filter(pl.col("word") < pl.col("word_right"))
    ratio = process.cpdist(near["word"].to_list(), near["word_right"].to_list(), scorer=fuzz.ratio)
    near = near.filter(pl.Series(ratio >= 90)).group_by("word_right").agg(pl.col("word").min())
    return dict(near.select("word_right", "word").iter_rows())


def _long_words(words: pl.Series) -> pl.Series:
    """The words of six letters and more, no digit in them, once each."""
    words = words.filter(words.str.len_bytes() >= 6).unique()
    return words.filter((words.str.len_chars() >= 6) & ~words.str.contains(r"\d"))
