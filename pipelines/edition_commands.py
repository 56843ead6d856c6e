"""Commands of `cyberaccord` on an edition that is published: report, changes, export, replication, replay.

What each does is in the module it imports when called, as in `cli`.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipelines import store
from pipelines.terminal import Failed, Waiting


@click.command()
@click.option("--edition", metavar="YYYY-MM", help="An edition kept; by default the current one.")
@click.option("--scenario", metavar="NAME", help="About another convention than the op-ed's: a page beside the report.")
@click.option("--pdf", is_flag=True, help="Print it to PDF as well, with the Chromium or Chrome of this machine.")
def report(edition: str | None, scenario: str | None, pdf: bool) -> None:
    """Render the report of an edition again."""
    from pipelines import editions, paper

    page = editions.render(edition, scenario)
    click.echo(store.shown(page))
    if pdf:
        try:
            click.echo(store.shown(paper.print_edition(edition or editions.current_month(), scenario)))
        except paper.NotPrinted as error:
            raise Failed(str(error)) from None


@click.command()
@click.option("--edition", metavar="YYYY-MM", help="An edition kept; by default the current one.")
def changes(edition: str | None) -> None:
    """What moved each headline since the edition before: method, parameters, data."""
    from pipelines import change_list

    click.echo(change_list.listing(edition))


@click.command()
@click.argument("folder", required=False)
@click.option("--edition", metavar="YYYY-MM", help="An edition kept; by default the current one.")
@click.option("--format", "formats", multiple=True, metavar="FORMAT", help="Only these, see above; repeatable.")
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Only these, * for any letters; repeatable.")
def export(folder: str | None, edition: str | None, formats: tuple[str, ...], tables: tuple[str, ...]) -> None:
    """Labelled files of an edition: parquet, csv, excel, stata, latex, html, bibtex.

    FOLDER is by default exports/<edition> in the store; an export that is there is replaced whole. Rows of sources that
    may not be redistributed are left out and named.
    """
    from pipelines.exports import folder as exporting

    try:
        with Waiting() as waiting:
            lines = exporting.export(folder, edition, formats, tables, waiting.say)
    except exporting.ExportFailed as error:
        raise Failed(str(error)) from None
    for line in lines:
        click.echo(line)


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE.zip]")
@click.option("--edition", metavar="YYYY-MM", help="An edition kept; by default the current one.")
@click.option("--force", is_flag=True, help="Replace FILE.zip where it is there.")
def replication(file: Path | None, edition: str | None, force: bool) -> None:
    """Pack an edition so that others can run it again: code, inputs, results, README, one command that compares."""
    from pipelines.replication import package
    from pipelines.replication.code import RenderFailed

    try:
        for line in package.write(edition, file, force):
            click.echo(line)
    except RenderFailed as error:
        raise Failed(str(error)) from None
    click.echo("Replicate: unpack it, then make replicate in its folder")


@click.command()
@click.argument("edition", metavar="YYYY-MM")
def replay(edition: str) -> None:
    """Compute an edition again from what its run kept and compare every number; nothing published is touched.

    Exact on a machine of the edition's class, within 1e-12 of the baseline elsewhere. Ends with 1 where a number
    differs, each named, and with 2 where something that the run read is gone or altered.
    """
    from pipelines import kept_inputs
    from pipelines import replay as again

    try:
        with Waiting() as waiting:
            same = again.run(edition, waiting.echo, waiting.say)
    except kept_inputs.Gone as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except again.Failed as error:
        raise Failed(str(error)) from None
    if not same:
        raise SystemExit(1)


COMMANDS = (report, changes, export, replication, replay)
