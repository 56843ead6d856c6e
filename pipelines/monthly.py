"""The monthly edition: refresh, then run, then report. The same for cron (`cyberaccord monthly`) and for Dagster's job.

Only the refresh touches the network, and a source that it does not get stops nothing: the last vintage stays.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines import main_job, outcome, refresh
from pipelines.errors import InputError

NAME = "cyberaccord monthly"


def run(
    draws: int, seed: int, echo: Callable[[str], None], waiting: Callable[[str], None] = lambda _: None
) -> list[str]:
    """Refresh every source, compute and publish this month's edition; return the lines to end with.

    A run in a month that has an edition replaces it. InputError or main_job.RunFailed where no edition came of it; both
    are remembered and told, and what was published stays.
    """
    main_job.prepare_home()
    with main_job.alone(NAME):
        return compute(draws, seed, fetch(echo, waiting))


def fetch(echo: Callable[[str], None], waiting: Callable[[str], None] = lambda _: None) -> list[str]:
    """Refresh every source; return a line for each that failed or was refused."""
    try:
        outcomes = refresh.run(echo=echo, waiting=waiting)
    except (InputError, OSError) as error:
        line = f"refresh: {error}"
        echo(line)
        return [line]
    return [f"{each.source_id}: {each.told}" for each in outcomes if each.result in refresh.BAD]


def compute(draws: int, seed: int, missed: list[str]) -> list[str]:
    """The main job and the report on what is on this machine; `missed` is kept with the outcome."""
    try:
        return main_job.run((), draws, seed, None, NAME, missed)
    except InputError as error:  # a file that somebody broke must be told to whoever is not at the terminal
        outcome.remember("", str(error), NAME, missed)
        raise
