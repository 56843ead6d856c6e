"""What carries out the steps of a run: this process, or what the file that `CYBERACCORD_EXECUTOR` names describes.

The file is written as the parts of dagster.yaml are: the module and the name of an executor, and its configuration.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from pipelines import store, yaml_files
from pipelines.yaml_files import Strict

VARIABLE = "CYBERACCORD_EXECUTOR"


class ExecutorFile(Strict):
    """What the file holds."""

    module: str
    executor: str
    config: dict[str, Any] = Field(default_factory=dict)


def elsewhere() -> bool:
    """Whether steps run in other processes than the one that starts the run."""
    return bool(os.environ.get(VARIABLE))


def chosen() -> dg.ExecutorDefinition:
    """The executor of every job that hands over nothing in memory; InputError where the file does not describe one."""
    where = os.environ.get(VARIABLE)
    if not where:
        return dg.in_process_executor
    path = Path(where).expanduser()
    if not path.exists():  # the UI and workers have working folders of their own
        path = store.ROOT / path
    file, lines = yaml_files.read(path, ExecutorFile)
    try:
        found = getattr(import_module(file.module), file.executor, None)
    except ImportError as error:
        allowed = f"a module that is installed ({error}); Dask is in requirements-cluster.lock"
        raise lines.error(("module",), "installed", file.module, allowed) from None
    if not isinstance(found, dg.ExecutorDefinition):
        raise lines.error(("executor",), "an executor", file.executor, f"an executor of {file.module}")
    configured = found.configured(file.config, name=found.name)
    checked = configured.apply_config_mapping({"config": {}})  # or a run would be the first to look at it
    if not checked.success:
        reason = "; ".join(error.message for error in checked.errors or ())
        raise lines.error(("config",), "of the executor", file.config, reason)
    return configured
