"""The one I/O manager: a polars frame is one Parquet file, or one a scenario where the asset is partitioned.

Built on dagster's UPathIOManager, so that the folder may be a bucket. What a table must hold is in schemas/.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from pipelines import kept_runs, leftovers, run_lock, store, table_files
from pipelines.kept_runs import FROM_COMMAND_LINE
from pipelines.settings import TEXT

if TYPE_CHECKING:
    from upath import UPath

PARTITION_COLUMN = "scenario"


class ParquetIOManager(dg.UPathIOManager):
    """core/gdp becomes core/gdp.parquet; model/counterfactual becomes model/counterfactual/<scenario>.parquet."""

    extension = ".parquet"

    def make_directory(self, path: UPath) -> None:
        """Make a folder; a bucket has none, and one that is not there must not come into being by a slip of the pen."""
        if isinstance(path, Path):
            super().make_directory(path)

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame) -> None:
        """Write a frame, split by scenario where the asset is partitioned: dagster's own refuses several at once."""
        if not context.has_asset_partitions:
            super().handle_output(context, obj)
            return
        paths = self._get_paths_for_partitions(context)
        strangers = set(obj[PARTITION_COLUMN].unique()) - set(paths)
        if strangers:
            raise ValueError(f"{context.asset_key.to_user_string()} holds rows of {sorted(strangers)}, not in this run")
        folder = next(iter(paths.values())).parent
        self._handle_transition_to_partitioned_asset(context, folder)
        self.make_directory(folder)
        for key, path in paths.items():
            self.dump_to_path(context, obj.filter(pl.col(PARTITION_COLUMN) == key), path)
        context.add_output_metadata({"path": dg.MetadataValue.path(str(folder))})

    def load_partitions(self, context: dg.InputContext) -> pl.DataFrame:
        """All partitions asked for as one frame, whatever their number."""
        missing_is_fine = (context.definition_metadata or {}).get("allow_missing_partitions", False)
        frames = []
        for key, path in self._get_paths_for_partitions(context).items():
            if missing_is_fine and not self.path_exists(path):
                context.log.info(self.get_missing_partition_log_message(key))
                continue
            frames.append(self.load_from_path(context, path))
        if not frames:
            raise FileNotFoundError(f"no partition of {context.asset_key.to_user_string()} has been made yet")
        return pl.concat(frames)

    def dump_to_path(self, context: dg.OutputContext, obj: pl.DataFrame, path: UPath) -> None:
        """Write the file whole, with the stamps of the run."""
        told = {key: _plain(value) for key, value in (context.output_metadata or {}).items()}
        metadata = {key: str(value) for key, value in told.items() if key in STAMPS}
        if path.stem in (texts := told.get(TEXTS) or {}):
            metadata[TEXT] = str(texts[path.stem])
        table_files.write(obj, path, metadata)

    def load_from_path(self, context: dg.InputContext, path: UPath) -> pl.DataFrame:
        """The frame of a file."""
        return table_files.read(path)

    def read(self, name: str) -> pl.DataFrame:
        """A whole table by its published name, such as core.gdp, for an asset that needs many of them."""
        path = self._base_path.joinpath(*name.split("."))
        return table_files.read(path.with_name(path.name + str(self.extension)))


def on_the_store() -> ParquetIOManager:
    """The I/O manager on the folder or bucket of `store.tables`."""
    from upath import UPath

    return ParquetIOManager(base_path=UPath(store.tables()))


STAMPS = ("seed", "draws", "as_of", "effect_sets", "inputs", "code", TEXT)
"""Output metadata that travel with the file: partitions of different runs meet in one edition."""
TEXTS = "texts"
"""Output metadata of a partitioned table, by partition: hash of the file that the partition is about, its `text`."""


def stamp(path: Path | UPath) -> dict[str, str]:
    """What a table's file says of the run that wrote it."""
    return {key: value for key, value in table_files.metadata(path).items() if key in STAMPS}


class Tables(dg.ConfigurableIOManagerFactory):
    """Where tables are kept: the folder or bucket of `store.tables`, which all that read tables ask."""

    def create_io_manager(self, context: dg.InitResourceContext) -> ParquetIOManager:
        """The I/O manager on that folder."""
        return on_the_store()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[ParquetIOManager]:
        """The I/O manager for as long as a run takes, which works on the store alone, wherever it was started."""
        run = context.run
        if run and context.instance and _has_failed(context.instance, run.run_id):
            # Dask goes on with the steps behind one that failed, and they would publish what was there before
            raise dg.Failure(description="another step of this run has failed", allow_retries=False)
        wait = run_lock.LONGEST_WAIT if run and SCHEDULED in run.tags else 0
        try:
            turn = run_lock.alone(f"the run {run.run_id[:8]}" if run else "a run", run.run_id if run else "", wait)
            with turn:
                # a run of the command line has begun before, a step beside others of its run finds it begun
                if run and context.instance and FROM_COMMAND_LINE not in run.tags and run_lock.mine():
                    leftovers.clear()
                    kept_runs.begin(context.instance, run.run_id)
                yield on_the_store()
        except run_lock.Busy as busy:
            raise dg.Failure(description=str(busy), allow_retries=False) from None


def _has_failed(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a step of a run has failed."""
    return bool(instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.STEP_FAILURE, limit=1).records)


SCHEDULED = "dagster/schedule_name"
"""A tag of runs that nobody waits for: they may wait for their turn."""


def _plain(value: Any) -> object:
    return getattr(value, "value", value)
