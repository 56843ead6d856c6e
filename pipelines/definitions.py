"""The Definitions object that Dagster loads, and nothing else."""

import dagster as dg

from pipelines import executors, progress
from pipelines.assets import core, macro, mechanisms, model, publication, risk, robustness, staging
from pipelines.parquet import Tables
from pipelines.schedules import IN_MEMORY, JOBS, SCHEDULES
from pipelines.sensors import SENSORS
from pipelines.settings import RunSettings

tables = Tables()

defs = dg.Definitions(
    assets=dg.load_assets_from_modules([staging, core, macro, mechanisms, model, risk, robustness, publication]),
    jobs=JOBS,
    schedules=SCHEDULES,
    sensors=SENSORS,
    resources={"io_manager": tables, "tables": tables, "settings": RunSettings(), IN_MEMORY: dg.mem_io_manager},
    executor=executors.chosen(),
    loggers={progress.NAME: progress.progress_logger, "console": dg.colored_console_logger},
)
