"""Commands of `cyberaccord` on conventions as files: scenario list, show, new, check.

What each does is in the module it imports when called, as in `cli`.
"""

from __future__ import annotations

import click


@click.group()
def scenario() -> None:
    """Conventions as files in data/scenarios."""


@scenario.command("list")
def list_scenarios() -> None:
    """Each scenario with its title and how many economies join."""
    from pipelines import show

    click.echo(show.scenario_list())


@scenario.command("show")
@click.argument("name")
def show_scenario(name: str) -> None:
    """One scenario: its text, its policy, and who joins when."""
    from pipelines import show

    click.echo(show.scenario_page(name))


@scenario.command("new")
@click.argument("name")
def new_scenario(name: str) -> None:
    """Write a commented file to start from, data/scenarios/NAME.yaml."""
    from pipelines import scenario_draft

    click.echo(scenario_draft.next_steps(scenario_draft.write(name)))


@scenario.command("check")
@click.argument("names", nargs=-1, metavar="[NAME|FILE]...")
def check_scenarios(names: tuple[str, ...]) -> None:
    """Check scenario files, by default all; each problem is one line with file, line and field."""
    from pipelines import show

    good, problems = show.scenario_problems(names)
    for line in good:
        click.echo(line)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise SystemExit(2)
