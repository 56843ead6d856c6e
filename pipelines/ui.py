"""The Dagster UI for a person at this machine: home prepared, scenarios known, never an empty page, then `dagster dev`.

What is shown there is in assets/. Only this module starts another process that stays.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click

from pipelines import main_job, scenarios, store, whole_file
from pipelines.errors import InputError

HOST = "127.0.0.1"
PORTS_TRIED = 50
FIRST_PAGE = "/asset-groups"
"""The groups in reading order, each with its tables."""
ONE_SCENARIO = "/locations/cyberaccord/jobs/scenario_to_report/playground"
"""Where a scenario is chosen and launched as one run, with its settings beside it."""


def serve(port: int) -> int:
    """Run the UI and its daemon until they are stopped; return their exit code."""
    home = main_job.prepare_home()
    running = already_running(home)
    if running:
        click.echo(f"The UI is already running: {running}")
        return 0
    if not store.database().exists():
        click.echo("Nothing is published yet, so the main job runs first.")
        for line in main_job.run((), store.DRAWS, store.SEED, None):
            click.echo(line)
    else:
        _sync()
    free = free_port(port)
    address = f"http://{HOST}:{free}"
    command = [sys.executable, "-m", "dagster", "dev", "-w", str(store.ROOT / "workspace.yaml")]
    command += ["-h", HOST, "-p", str(free), "--log-level", "warning"]
    environment = {**os.environ, "DAGSTER_HOME": str(home), "PYTHONWARNINGS": "ignore"}
    click.echo(f"Dagster UI: {address}{FIRST_PAGE}   (Ctrl-C stops it; history stays in {store.shown(home)})")
    click.echo(f"One scenario: {address}{ONE_SCENARIO}")
    # not in the checkout: dagster warns of a dagster.yaml in the working folder that is not the one of its home
    with subprocess.Popen(command, cwd=store.home(), env=environment, preexec_fn=_heed_interrupts) as process:
        note = home / "ui.json"
        whole_file.write(note, json.dumps({"pid": process.pid, "address": address}))
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: process.send_signal(signal.SIGINT))
        try:
            return process.wait()
        finally:
            note.unlink(missing_ok=True)


def _heed_interrupts() -> None:
    """Undo an inherited deafness to SIGINT (a shell's background jobs have it), which dagster would keep for good."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def already_running(home: Path) -> str | None:
    """The address of a UI on this home whose process lives; two daemons on one home would both tick."""
    try:
        note = json.loads((home / "ui.json").read_text(encoding="utf-8"))
        os.kill(int(note["pid"]), 0)
    except (OSError, ValueError, KeyError):
        return None
    return str(note["address"])


def free_port(first: int) -> int:
    """The first port from `first` on that nothing listens on."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise main_job.RunFailed(f"no free port from {first} to {first + PORTS_TRIED - 1} on {HOST}")


def _sync() -> None:
    import dagster as dg

    try:
        broken = scenarios.broken()
        with dg.DagsterInstance.get() as instance:
            scenarios.sync(instance, hold=broken)
    except InputError as error:  # a file that cannot be a scenario is no reason to show nothing
        click.echo(str(error), err=True)
        return
    for line in broken.values():
        click.echo(line, err=True)
