"""What commands say to the person at the prompt: one line for what went wrong, and what is under way while they work.

The commands are in `cli`, `edition_commands` and `scenario_commands`.
"""

from __future__ import annotations

from typing import Any

import click

from pipelines.errors import InputError
from pipelines.visible import lines as visible_lines


class Failed(Exception):
    """A command failed through no fault of its input; one line says why."""


class Plain(click.Group):
    """Commands whose wrong input is told in one line, with exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; InputError ends with 2, a failed run or a disk that takes nothing with 1."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)
        except Failed as error:
            click.echo(visible_lines(str(error)), err=True)
            ctx.exit(1)
        except Exception as error:
            from pipelines import disk

            if (told := disk.line(error)) is None:
                raise
            click.echo(told, err=True)
            ctx.exit(1)


class Waiting:
    """On a terminal, a line that says what is under way, below the lines that stay."""

    def __init__(self) -> None:
        self._live = click.get_text_stream("stderr").isatty()

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self.say("")

    def say(self, text: str) -> None:
        """Show what is under way; nothing when piped."""
        if self._live:
            click.echo("\r\x1b[K" + text[:100], nl=False, err=True)

    def echo(self, line: str) -> None:
        """A line that stays."""
        self.say("")
        click.echo(line)
