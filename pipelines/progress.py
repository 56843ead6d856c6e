"""What a person sees while a run works: one moving line on a terminal, a plain line a step elsewhere.

A Dagster logger that keeps silent but for steps; failures are told once, at the end, by `main_job`.
"""

import logging
import sys
import time
from contextlib import AbstractContextManager, redirect_stderr
from typing import Any, TextIO, cast

import dagster as dg

NAME = "progress"
WIDTH = 78


class Progress(logging.Handler):
    """Shows steps as they start and end; Dagster passes its events along as log records."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self.stream = stream or sys.stderr
        self.moving = self.stream.isatty()
        self.began: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Report a step's start or end."""
        event = getattr(record, "dagster_event", None)
        step = getattr(event, "step_key", None)
        if event is None or step is None:
            return
        kind, name = event.event_type_value, step.replace("__", "/")
        if kind == "STEP_START":
            self.began[step] = time.perf_counter()
            if self.moving:
                self._line(f"{name} ...")
        elif kind in ("STEP_SUCCESS", "STEP_FAILURE"):
            seconds = time.perf_counter() - self.began.get(step, time.perf_counter())
            if not self.moving:
                self.stream.write(f"{name} {'done' if kind == 'STEP_SUCCESS' else 'FAILED'} {seconds:.1f} s\n")
                self.stream.flush()

    def clear(self) -> None:
        """Wipe the moving line."""
        if self.moving:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def _line(self, text: str) -> None:
        self.stream.write(f"\r\x1b[K{text[:WIDTH]}")
        self.stream.flush()


class _WithoutEventErrors:
    """A stream that leaves out what Dagster writes there of each event that it could not keep."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write, or not."""
        return len(text) if text.startswith("Exception while writing logger call") else self.stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def told_once() -> AbstractContextManager[Any]:
    """While this lasts, only `main_job` tells of an error that keeps Dagster from writing: once, at the end."""
    return redirect_stderr(cast(TextIO, _WithoutEventErrors(sys.stderr)))


@dg.logger(description="Steps as they start and end, for a person at a terminal.")
def progress_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger with nothing but the progress handler."""
    logger = logging.getLogger("cyberaccord.progress")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.handlers = [Progress()]
    return logger
