"""Every parser on damaged files of its source, alone and on the whole path: read, or refused in one line."""

from __future__ import annotations

import importlib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import cards, ingest
from pipelines.schemas import staging
from tests.hostile import outcomes, seeds
from tests.hostile.mutations import damaged
from tests.hostile.strategies import STEPS

FILES = [(name, spec.name) for name, card in cards.load_all().items() for spec in card.files if spec.tables]


@cache
def _of(folder, source_id):
    return seeds.of_source(folder, source_id)


def test_every_parser_is_named_by_a_card_so_that_none_is_left_out():
    assert set(staging.source_ids()) == set(cards.names())
    for name, card in cards.load_all().items():
        module = importlib.import_module(f"pipelines.sources.{name}")
        assert all(hasattr(module, function) for spec in card.files for function in spec.tables.values())


@pytest.mark.soak
@pytest.mark.parametrize(("source_id", "file"), FILES)
def test_a_damaged_file_is_read_or_refused_in_one_line(source_id, file, recorded, cases):
    card = cards.load(source_id).model_copy(update={"expected_years": None})
    spec = next(spec for spec in card.files if spec.name == file)
    vintages, ends = _of(recorded, source_id), outcomes.Ends()

    @cases
    @given(st.sampled_from(vintages), STEPS)
    def check(vintage, steps):
        payload = damaged(vintage[ingest.find(card, spec, vintage)], steps)
        ends.of(payload, f"{source_id}/{file}", lambda: outcomes.parsed(card, spec, payload))

    check()
    assert ends.both_met(), ends


@pytest.mark.soak
@pytest.mark.parametrize("source_id", cards.names())
def test_a_vintage_with_a_damaged_file_is_staged_whole_or_refused_in_one_line(source_id, recorded, words, cases):
    card = cards.load(source_id).model_copy(update={"expected_years": None})
    vintages, ends = _of(recorded, source_id), outcomes.Ends()

    @cases
    @given(st.sampled_from(vintages), st.integers(0, 99), STEPS)
    def check(vintage, number, steps):
        name = sorted(vintage)[number % len(vintage)]
        payload = damaged(vintage[name], steps)
        ends.of(payload, f"{source_id}/{name}", lambda: outcomes.staged(card, {**vintage, name: payload}, words))

    check()
    assert ends.both_met(), ends
