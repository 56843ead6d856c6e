"""Blocks of draws: which there are, what makes one count as there, and statistics that DuckDB and numpy agree on."""

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from pipelines import draw_blocks
from pipelines.cli import main
from pipelines.errors import InputError


@pytest.mark.parametrize(
    ("draws", "scrambles", "blocks"),
    [(16, 8, 8), (16_384, 8, 8), (2**20, 8, 8), (10 * 2**20, 10, 80), (15 * 2**17, 15, 15), (2**24, 8, 128)],
)
def test_blocks_cover_every_draw_of_every_scramble_once(draws, scrambles, blocks):
    found, made = draw_blocks.layout(draws)
    assert (found, len(made)) == (scrambles, blocks)
    of_scramble: dict[int, list[tuple[int, int]]] = {}
    for block in made:
        of_scramble.setdefault(block.scramble, []).append((block.first, block.first + block.draws))
    assert set(of_scramble) == set(range(scrambles))
    for spans in of_scramble.values():
        starts, ends = zip(*sorted(spans), strict=True)
        assert starts == (0, *ends[:-1])  # without gap and without overlap
        assert ends[-1] == draws // scrambles


def test_blocks_of_more_draws_hold_those_of_fewer():
    fewer, more = (set(draw_blocks.layout(n)[1]) for n in (2**20, 10 * 2**20))
    assert fewer < more


@pytest.mark.parametrize("draws", [0, -8, 7, 8, 100, 10_000_000, 17 * 2**10])
def test_a_number_that_is_not_balanced_is_refused_with_one_that_is(draws):
    with pytest.raises(InputError, match="8 to 15 times a power of two"):
        draw_blocks.layout(draws)


@pytest.mark.parametrize("part", ["", ":", "3", "2:2", "0:81", "-1:4", "a:b", "0:4:2"])
def test_a_part_that_names_no_blocks_is_refused(part):
    with pytest.raises(InputError, match="FIRST:END within 0:80"):
        draw_blocks.chosen(draw_blocks.layout(10 * 2**20)[1], part)


def test_parts_side_by_side_are_the_whole():
    _, blocks = draw_blocks.layout(10 * 2**20)
    assert [*draw_blocks.chosen(blocks, "0:33"), *draw_blocks.chosen(blocks, "33:80")] == blocks


def test_statistics_over_the_files_are_those_of_numpy_over_all_draws(tmp_path):
    rng = np.random.default_rng(1)
    _, blocks = draw_blocks.layout(8 * 512)
    values = rng.lognormal(2, 1, (8, 512)) - 5
    for block in blocks:
        draw_blocks.write(tmp_path, block, values[block.scramble], "these inputs")
    found, errors = draw_blocks.statistics(tmp_path, blocks)
    for name, level in draw_blocks.QUANTILES.items():
        assert found[name] == pytest.approx(np.quantile(values, level), rel=1e-12)
        spread = np.quantile(values, level, axis=1).std(ddof=1) / np.sqrt(8)
        assert errors[name] == pytest.approx(spread, rel=1e-9)
    assert found["mean"] == pytest.approx(values.mean(), rel=1e-12)
    assert found["p_not_better"] == (values <= 0).mean()


def test_a_block_of_other_inputs_or_half_a_file_is_not_there(tmp_path):
    _, [block, *_] = draw_blocks.layout(16)
    assert not draw_blocks.is_there(tmp_path, block, "these inputs")
    draw_blocks.write(tmp_path, block, np.array([1.0, 2.0]), "these inputs")
    assert draw_blocks.is_there(tmp_path, block, "these inputs")
    assert not draw_blocks.is_there(tmp_path, block, "other inputs")
    assert pl.read_parquet(tmp_path / block.name).columns == ["scramble", "place", "avoided_loss"]
    (tmp_path / block.name).write_bytes((tmp_path / block.name).read_bytes()[:200])
    assert not draw_blocks.is_there(tmp_path, block, "these inputs")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["universl"], "did you mean universal"),
        (["status_quo"], "a convention"),
        (["universal", "--metric", "gpd"], "attack_origin"),
        (["universal", "--level", "0.5"], "with --metric states"),
        (["universal", "--metric", "gdp"], "with --metric states"),
        (["universal", "--metric", "gdp", "--level", "0.3"], "0.25"),
        (["universal", "--draws", "10000000"], "8 to 15 times a power of two"),
        (["universal", "--blocks", "9"], "FIRST:END"),
        (["universal"], "cyberaccord run --scenario universal"),
    ],
)
def test_a_wrong_argument_ends_with_2_and_one_line_that_says_what_is_allowed(arguments, words, tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(main, ["ensemble", *arguments])
    [line] = result.stderr.strip().splitlines()
    assert result.exit_code == 2 and words in line
    assert not (tmp_path / "home").exists()
