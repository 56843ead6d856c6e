"""The command `cyberaccord`: its verbs and options. What each does is in the module it imports when called.

Those on an edition and on scenario files are in `edition_commands` and `scenario_commands`.

Exit codes: 0 done, 1 failed, 2 the user's input is wrong. No module imported here may be slow: `sql` and its like
answer in under half a second, so dagster, pandera and scipy are imported by the commands that need them.
"""

from __future__ import annotations

from datetime import date, datetime

import click

from pipelines import edition_commands, scenario_commands, store
from pipelines.terminal import Failed, Plain, Waiting


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cyberaccord")
def main() -> None:
    """What would an international cyber convention be worth? Counterfactual loss by adoption, with its uncertainty."""


@main.command()
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME", help="Only these, and the status quo; repeatable."
)
@click.option("--draws", default=store.DRAWS, show_default=True, help="Paired draws, 8 times a power of two.")
@click.option("--seed", default=store.SEED, show_default=True, type=click.IntRange(0), help="Seed of the draws.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Leave out ratifications and vintages after this day.")
@click.option(
    "--effect-set",
    "effect_sets",
    multiple=True,
    metavar="NAME",
    help="Scenarios under these beliefs about the law and the default, not under all; repeatable.",
)
def run(
    scenarios: tuple[str, ...], draws: int, seed: int, as_of: datetime | None, effect_sets: tuple[str, ...]
) -> None:
    """Materialize everything from what is on this machine, publish, render the report."""
    from pipelines import main_job

    try:
        lines = main_job.run(scenarios, draws, seed, _day(as_of), effect_sets=effect_sets)
    except main_job.RunFailed as error:
        raise Failed(str(error)) from None
    for line in lines:
        click.echo(line)


@main.command()
@click.option("--draws", default=store.DRAWS, show_default=True, help="Paired draws, 8 times a power of two.")
@click.option("--seed", default=store.SEED, show_default=True, type=click.IntRange(0), help="Seed of the draws.")
def monthly(draws: int, seed: int) -> None:
    """Refresh, run and report: what cron calls once a month. A source that fails is noted and stops nothing.

    CYBERACCORD_WEBHOOK (an address that takes JSON) and CYBERACCORD_MAIL (smtp://user:password@host:587/?from=..&to=..)
    are told of a failure, with CYBERACCORD_NOTIFY=always of a success too.
    """
    from pipelines import main_job
    from pipelines import monthly as edition

    try:
        with Waiting() as waiting:
            lines = edition.run(draws, seed, waiting.echo, waiting.say)
    except main_job.RunFailed as error:
        raise Failed(str(error)) from None
    for line in lines:
        click.echo(line)


@main.command()
@click.argument("scenario")
@click.option("--metric", default="scenario", show_default=True, help="scenario: its own membership; or of a level.")
@click.option("--level", type=float, help="Level of adoption in the metric states, gdp or attack_origin.")
@click.option("--draws", default=10 * 2**20, show_default=True, help="8 to 15 times a power of two.")
@click.option("--blocks", metavar="FIRST:END", help="Only these blocks; others may be computed on other machines.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Threads; they change no bit.")
@click.option("--folder", help="A folder or bucket for the blocks; by default ensemble/ among the tables.")
def ensemble(
    scenario: str, metric: str, level: float | None, draws: int, blocks: str | None, workers: int, folder: str | None
) -> None:
    """The avoided loss of one convention in many draws, in blocks: what is there is not computed again.

    On the inputs and the seed of the run whose tables are in the store; its draws are among these.
    """
    from pipelines import large_ensemble, table_files

    try:
        place = large_ensemble.Place(scenario, metric, level)
        with Waiting() as waiting:
            lines = large_ensemble.run(place, draws, blocks, workers, folder, waiting.say)
    except (large_ensemble.OtherInputs, table_files.Unreachable) as error:
        raise Failed(str(error)) from None
    for line in lines:
        click.echo(line)


@main.command()
@click.argument("query", required=False)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "csv", "json", "markdown"]),
    default="table",
    help="csv and json are for programs: texts stay as they are.",
)
@click.option("--edition", metavar="YYYY-MM", help="An edition kept; by default the current one.")
def sql(query: str | None, shape: str, edition: str | None) -> None:
    """Ask the published database, read-only; without a query, a prompt."""
    if query is None:
        from pipelines import sql_prompt

        sql_prompt.run(edition, shape)
    else:
        from pipelines import ask

        click.echo(ask.answer(query, shape, edition))


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
def refresh(sources: tuple[str, ...]) -> None:
    """Fetch every source, or those named, and keep a vintage of what changed; from CYBERACCORD_MIRROR where set."""
    from pipelines import refresh as fetching

    with Waiting() as waiting:
        code = fetching.main(sources, waiting.echo, waiting=waiting.say)
    raise SystemExit(code)


@main.command()
def sources() -> None:
    """Each source: the vintage on hand, its rows in, kept, rejected and merged, its licence."""
    from pipelines import source_list

    click.echo(source_list.listing())


@main.command()
@click.argument("source")
@click.argument("vintages", nargs=-1, metavar="[OLD NEW]")
@click.option("--over", default=5.0, show_default=True, help="Percent from which a value counts as moved.")
def revision(source: str, vintages: tuple[str, ...], over: float) -> None:
    """What changed from one vintage of a source to another, by default the last two."""
    from pipelines import revisions
    from pipelines.vintages import Damaged

    if len(vintages) not in (0, 2):
        raise click.UsageError("name two vintages, or none for the last two")
    old, new = vintages or (None, None)
    try:
        click.echo(revisions.report(source, old, new, over))
    except Damaged as error:
        raise Failed(str(error)) from None


@main.command()
def status() -> None:
    """The last run, the current edition and report, and what failed."""
    from pipelines import doctor as examine

    click.echo(examine.status())


@main.command()
def doctor() -> None:
    """What is missing on this machine, and the one command that mends it."""
    from pipelines import doctor as examine

    findings = examine.findings()
    click.echo("\n".join(examine.lines(findings)))
    if any(not finding.good and finding.needed for finding in findings):
        raise SystemExit(1)


@main.command()
@click.option("--port", default=3000, show_default=True, type=click.IntRange(1, 65535), help="First port to try.")
def ui(port: int) -> None:
    """The Dagster UI on 127.0.0.1, daemon running; runs the main job first where nothing has been published."""
    from pipelines import main_job, ui

    try:
        raise SystemExit(ui.serve(port))
    except main_job.RunFailed as error:
        raise Failed(str(error)) from None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


for command in (*edition_commands.COMMANDS, scenario_commands.scenario):
    main.add_command(command)
