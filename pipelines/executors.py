"""What carries out the steps of a run: this process, or what the file that `CYBERACCORD_EXECUTOR` names describes.

The file is written as the parts of dagster.yaml are: the module and the name of an executor, and its configuration.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from pipelines import store
from pipelines.errors import InputError

VARIABLE = "CYBERACCORD_EXECUTOR"
FIELDS = {"module", "executor", "config"}


def elsewhere() -> bool:
    """Whether steps run in other processes than the one that starts the run."""
    return bool(os.environ.get(VARIABLE))


def chosen() -> dg.ExecutorDefinition:
    """The executor of every job that hands over nothing in memory; InputError where the file does not describe one."""
    where = os.environ.get(VARIABLE)
    if not where:
        return dg.in_process_executor
    content = _read(where)
    module, name = content["module"], content["executor"]
    try:
        found = getattr(import_module(module), name)
    except ImportError as error:
        allowed = f"a module that is installed ({error}); Dask is in requirements-cluster.lock"
        raise InputError(where, None, "module", "installed", module, allowed) from None
    except AttributeError:
        raise InputError(where, None, "executor", "there", name, f"an executor of {module}") from None
    if not isinstance(found, dg.ExecutorDefinition):
        raise InputError(where, None, "executor", "an executor", name, f"an executor of {module}")
    config = content.get("config") or {}
    configured = found.configured(config, name=found.name)
    checked = configured.apply_config_mapping({"config": {}})  # or a run would be the first to look at it
    if not checked.success:
        reason = "; ".join(error.message for error in checked.errors or ())
        raise InputError(where, None, "config", "of the executor", config, reason)
    return configured


def _read(where: str) -> dict[str, Any]:
    path = Path(where).expanduser()
    if not path.exists():  # the UI and workers have working folders of their own
        path = store.ROOT / path
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(where, None, None, "readable", error.strerror, f"a file that {VARIABLE} can name") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise InputError(where, None, None, "valid YAML", reason, "module, executor and config") from None
    required = {"module", "executor"}
    if not isinstance(content, dict) or not required <= set(content) <= FIELDS:
        raise InputError(where, None, None, "fields", content, "module, executor and, where it has one, config")
    return content
