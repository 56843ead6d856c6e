"""How the last run ended: kept where `cyberaccord status` finds it, and told by webhook or mail where one is named.

Every run comes through here: the command line at its end, the UI by a sensor. How a message is sent is in `notify`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines import notify, store, whole_file

DONE, SOURCES_FAILED, FAILED = "done", "sources_failed", "failed"


def remember(
    run_id: str,
    failure: str | None,
    what: str = "cyberaccord run",
    notes: Sequence[str] = (),
    ended: datetime | None = None,
) -> None:
    """Keep the outcome of a run and tell it; an older one than what is kept changes nothing.

    `failure` is the one line of a run that failed, `notes` are the lines of sources that a refresh before it did not
    get.
    """
    moment = (ended or datetime.now(UTC)).isoformat(timespec="seconds")
    if moment < str(last().get("ended", "")):
        return
    content: dict[str, Any] = {
        "run_id": run_id,
        "ended": moment,
        "failure": failure,
        "what": what,
        "notes": list(notes),
    }
    _write(content)
    status = FAILED if failure else SOURCES_FAILED if notes else DONE
    message = failure or "; ".join(notes) or f"{what}: done"
    undelivered = notify.tell(status, edition(), run_id, message)
    if undelivered:
        _write(content | {"undelivered": undelivered})


def last() -> dict[str, Any]:
    """What is kept of the last run; empty where there is none or it cannot be read."""
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def lines() -> list[str]:
    """The last run for `cyberaccord status`: how it ended, why it failed, what its refresh missed, who was not told."""
    run = last()
    if not run:
        return ["last run    none (make run)"]
    words = f"last run    {run['ended']}  {run['run_id']}  {'FAILED' if run['failure'] else 'done'}"
    more = [*([run["failure"]] if run["failure"] else []), *run.get("notes", ()), *run.get("undelivered", ())]
    return [f"{words}  ({run.get('what', 'cyberaccord run')})", *(f"            {line}" for line in more)]


def edition() -> str | None:
    """The month of the edition that readers see; None before the first, or where it cannot be read."""
    from pipelines import editions
    from pipelines.errors import InputError

    try:
        return editions.current_month()
    except InputError:
        return None


def _path() -> Path:
    return store.runs() / "last.json"


def _write(content: dict[str, Any]) -> None:
    whole_file.write(_path(), json.dumps(content) + "\n")
