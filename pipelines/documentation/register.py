"""Pages read from the files of data/: sources and licences, and the register of priors and choices."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from models import priors as beliefs
from pipelines import cards, priors, store
from pipelines.documentation.markdown import anchor, prose, rows

SOURCES = """\
# Sources and licences

What the figures come from: sources that `make refresh` fetches, each with a card in `data/sources/`, and publications
that figures were read from, each a row of `data/reference/sources.csv`. Licences are as their producers state them.
Nothing from a source whose licence forbids it is in this repository: figures, dates and codes are, rows and texts are
not. `redistributable` says what `cyberaccord export` may pass on; *not confirmed* is treated as no. Which source stood
behind a given edition, and in which vintage: `from meta.sources`, or the [cookbook](cookbook.md).
"""
PRIORS = """\
# Priors and choices

Every uncertain number of the model, as `data/priors/` has it. `estimated` means fitted here to records, `published`
taken from a source, `judgement` ours: no source gives it. `verified` says whether the source was read and says so. How
to add or change one: [How to add](how_to_add.md#a-prior). How many are judgements: [Model card](model_card.md).
"""


def sources() -> str:
    """The page of sources, from the cards and from the table of sources."""
    found = [cards.load(name) for name in cards.names()]
    parts = [SOURCES, "## Fetched sources\n"]
    head = ("source", "producer", "licence", "redistributable", "cadence")
    parts.append(rows(head, [_card_row(card) for card in found]))
    parts += [_card(card) for card in found]
    parts += ["\n## Publications\n", _publications()]
    return "\n".join(parts)


def _card_row(card: cards.Card) -> Sequence[str]:
    link = f"[`{card.source_id}`](#{anchor(card.source_id)})"
    return link, prose(card.producer), prose(card.licence), card.redistributable, card.cadence


def _card(card: cards.Card) -> str:
    lines = [f"\n### {card.title} {{ #{anchor(card.source_id)} }}\n", f"`{card.source_id}`. {prose(card.citation)}. "]
    lines.append(f"<{card.url}>. Licence: {prose(card.licence)}; redistributable: {card.redistributable}.\n")
    tables = [f"`staging.{table}`" for file in card.files for table in file.tables]
    if tables:
        lines.append(f"Tables: {', '.join(tables)} ([data dictionary](data_dictionary.md#staging-{_first(card)})).\n")
    if card.by_hand:
        lines.append(f"By hand: {prose(card.by_hand)}\n")
    if card.known_defects:
        body = [
            (prose(each.defect), f"rejected: `{each.rule}`" if each.rule else prose(each.reading))
            for each in card.known_defects
        ]
        lines.append(rows(("known defect", "how it is met"), body) + "\n")
    return "\n".join(lines)


def _first(card: cards.Card) -> str:
    return next(anchor(table) for file in card.files for table in file.tables)


def _publications() -> str:
    with (store.DATA / "reference" / "sources.csv").open(encoding="utf-8", newline="") as file:
        found = sorted(csv.DictReader(file), key=lambda row: row["source_id"])
    names = ("title", "producer", "citation", "licence", "redistributable")
    body = [(f"`{row['source_id']}`", *(prose(row[name]) for name in names)) for row in found]
    return rows(("key", *names), body)


def register() -> str:
    """The page of priors, effect sets and choices, from data/priors."""
    found = priors.load()
    parts = [PRIORS, "## Uncertain inputs\n", _priors(found.priors)]
    if found.undrawn:
        parts += ["\n## Inputs of tables of facts\n", "In no draw of the model.\n", _priors(found.undrawn)]
    parts += ["\n## Beliefs about the effect of law\n", _effects(found.effect_sets)]
    parts += [
        "\n## Choices of the model\n",
        "How far the discrete ones move the result, in every combination, is in "
        "[`model.specification_choice`](data_dictionary.md#model-specification_choice).\n",
    ]
    body = [
        (f"`{name}`", *(", ".join(f"`{v}`" for v in part) for part in (options[:1], options[1:])))
        for name, options in found.options.items()
    ]
    parts.append(rows(("choice", "default", "alternatives"), body))
    return "\n".join(parts) + "\n"


def _priors(found: Iterable[beliefs.Prior]) -> str:
    head = ("input", "distribution", "unit", "kind", "verified", "sources", "why")
    body = []
    for prior in found:
        given = ", ".join(f"{name} {value:g}" for name, value in prior.arguments.items())
        checked = "yes" if prior.verified else "no"
        why = (prose(prior.source), prose(prior.rationale))
        drawn = f"{prior.distribution}({given})"
        body.append((f"`{prior.prior_id}`", drawn, prose(prior.unit), prior.kind, checked, *why))
    return rows(head, body)


def _effects(found: Iterable[beliefs.EffectSet]) -> str:
    body = []
    for each in found:
        shapes = "; ".join(
            f"{name}: {law.distribution}({', '.join(f'{k} {v:g}' for k, v in law.arguments.items())})"
            for name, law in each.laws.items()
        )
        mixed = ", ".join(f"{name} {weight:g}" for name, weight in each.mixture.items())
        body.append(
            (
                f"`{each.name}`",
                prose(each.title),
                prose(shapes or f"mixture of {mixed}"),
                each.kind,
                prose(each.source),
                prose(each.rationale),
            )
        )
    return rows(("set", "title", "log rate ratios", "kind", "sources", "why"), body)
