"""How cost grows: incidents, draws and scenarios at 1, 10 and 100 times; `copies` makes what is grown.

Cost is the processor time of a process of its own, all its threads together: what else the machine does moves it less
than the clock. Linear is a cost per unit that grows by no more than 15 %; a fixed cost lets it fall.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import copies
from benchmarks.alone import alone
from benchmarks.large_ensemble import headline
from benchmarks.lines import Line, at_most
from models.escalation import estimate
from models.large_ensemble import BLOCK
from models.results import scenario_tables
from models.severity import Sample
from models.severity_table import severity_tables
from pipelines import aggregate, cards, ingest, reference, scenarios, vintages, vocabulary
from pipelines.dyadic_incidents import dyadic_incidents
from pipelines.incidents import merge
from pipelines.shipped_study import shipped_study

LINEAR = 1.15
SIZES = (1, 10, 100)
BLOCKS = (1, 8, 64)
"""Blocks of draws, whose number must be a power of two."""
ROUNDS = 3
"""Of all sizes, each in a new process: what the kernel takes for fresh memory differs by a tenth from one to another,
and so does what the machine does meanwhile."""
ENOUGH = 1.0
"""Processor seconds up to which a size is measured again in its process, `MOST` times at most."""
MOST = 5
FEW = 64
"""Draws of the study in which scenarios are counted."""
AMOUNTS = 300
HEAVY = 2.0


def seconds(call: Callable[[int], object], size: int) -> list[float]:
    """Processor seconds of each repeat; a first call of size 1 is not counted."""
    call(1)
    taken: list[float] = []
    while not taken or (sum(taken) < ENOUGH and len(taken) < MOST):
        start = time.process_time()
        call(size)
        taken.append(time.process_time() - start)
    return taken


def staging(source_id: str, size: int) -> list[float]:
    """Parsing and validating a vintage whose records are repeated, with their ids made different."""
    folder = max((Path(os.environ["CYBERACCORD_MIRROR"]) / source_id).iterdir())
    card, words = cards.load(source_id), vocabulary.load()
    day = vintages.day_of(card, folder.name, vintages.now().date())
    content = {
        times: {path.name: copies.payload(path.name, path.read_bytes(), times) for path in folder.iterdir()}
        for times in {1, size}
    }
    return seconds(lambda times: ingest.stage(card, content[times], folder.name, day, words), size)


def matching(size: int) -> list[float]:
    """Merging the records of all trackers into incidents, each once."""
    words = vocabulary.load()
    tables = aggregate.staging_tables(Path(os.environ["CYBERACCORD_MIRROR"]), words)
    records = merge.attacks(merge.tracker_records(tables, words))
    grown = {times: copies.records(records, times) for times in {1, size}}
    return seconds(lambda times: merge.merge(grown[times], words.links), size)


def escalation(what: str, size: int) -> list[float]:
    """The Hawkes fit of one seed, on so many times the pairs of states or the attacks of each pair."""
    words = vocabulary.load()
    found = aggregate.incidents(aggregate.staging_tables(Path(os.environ["CYBERACCORD_MIRROR"]), words), words)
    events = dyadic_incidents(found.incidents, found.parties)
    more = {"pairs": copies.dyads, "attacks": copies.attacks}[what]
    grown = {times: more(events, times) for times in {1, size}}
    return seconds(lambda times: estimate(grown[times], seeds=(0,)), size)


def severity(size: int) -> list[float]:
    """Every family fitted to amounts drawn from a lognormal law."""

    def fitted(times: int) -> object:
        amounts = np.random.default_rng(1).lognormal(0.0, HEAVY, AMOUNTS * times)
        return severity_tables([Sample("drawn", amounts, np.empty(0))], np.random.default_rng(1), 99)

    return seconds(fitted, size)


def draws(size: int) -> list[float]:
    """The headline in so many blocks of draws, one worker."""
    evaluated = headline()
    return seconds(lambda blocks: evaluated(BLOCK * blocks, 1), size)


def conventions(size: int) -> list[float]:
    """All tables of so many scenarios in one run, on few draws."""
    study, economies = shipped_study(FEW), reference.load("economies")
    base = next(s for s in scenarios.load_all() if s.name == "op_ed_convention")
    return seconds(lambda times: scenario_tables(study, copies.texts(base, times), economies), size)


def curve(
    key: str, what: str, function: Callable[..., list[float]], *first: str, sizes: Sequence[int] = SIZES
) -> list[Line]:
    """Two lines, of the middle size over the smallest and of the largest over the middle one, per unit."""
    found = [[alone(function, *first, size) for size in sizes] for _ in range(ROUNDS)]
    costs = [[median(repeats) for repeats, _ in each] for each in found]
    peaks = [max(peak for _, peak in of_size) for of_size in zip(*found, strict=True)]
    return compared(key, what, sizes, costs, peaks)


def compared(
    key: str, what: str, sizes: Sequence[int], costs: Sequence[Sequence[float]], peaks: Sequence[float]
) -> list[Line]:
    """The lines of a curve, from the processor seconds of each size in each round and the peak GB of each size."""
    lines = []
    for k in range(len(sizes) - 1):
        grew = sizes[k + 1] / sizes[k]
        less, more = ([each[place] for each in costs] for place in (k, k + 1))
        ratios = [after / before / grew for before, after in zip(less, more, strict=True)]
        slope = 1 + math.log(median(ratios)) / math.log(grew)
        lines.append(
            at_most(
                f"{key}_{sizes[k + 1]}",
                f"{what}: cost of one at {sizes[k + 1]} times over one at {sizes[k]}",
                ratios,
                LINEAR,
                f"slope {slope:.2f}; {median(more):.1f} s over {median(less):.2f} s; "
                f"{peaks[k + 1]:.2f} GB over {peaks[k]:.2f} GB",
                median(more),
            )
        )
    return lines


def lines(mirror: Path | None) -> list[Line]:
    """All cost curves; those of incidents on record only with a mirror."""
    found = [
        *curve("growth_draws", f"blocks of {BLOCK:,} draws of the headline", draws, sizes=BLOCKS),
        *curve("growth_scenarios", f"scenarios of one run in {FEW} draws", conventions),
        *curve("growth_amounts", f"severity fits to {AMOUNTS} amounts", severity),
    ]
    if mirror is not None:
        found += [
            *curve("growth_eurepoc", "staging eurepoc", staging, "eurepoc"),
            *curve("growth_cfr", "staging cfr", staging, "cfr"),
            *curve("growth_matching", "merging the records of all trackers", matching),
            *curve("growth_escalation", "Hawkes fit, pairs of states", escalation, "pairs"),
            *curve("growth_attacks", "Hawkes fit, attacks of the same pairs", escalation, "attacks"),
        ]
    return found
