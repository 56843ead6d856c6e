"""The study of a run, from the tables as materialized and the inputs as written; assets of model rest on it.

No asset is defined here. What a study is, and what is computed from it, is in models/.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from models import effects, study
from models.consequences import Reciprocity
from models.counterfactual import DEFAULT_SET
from models.definition import Definition
from models.effects import Law
from models.escalation import retaliation
from models.study import Study
from pipelines import definition_counts, definition_files, priors
from pipelines.assets.describe import explained
from pipelines.parquet import ParquetIOManager
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.settings import RunSettings
from pipelines.shipped_study import laws

FOCUS = "op_ed_convention"

STUDIED = [
    *("economies", "gdp", "population", "internet_users", "rule_of_law", "gdp_growth", "estimates", "claim_bases"),
    *("regional_loss_shares", "treaty_status", "treaty_effects", "incident_counts", "blocs"),
]
"""Reference tables that a study rests on."""
RECORDS, SHIPPED = "records of vintages on this machine", "figures that ship with the project"


def prepare(settings: RunSettings, tables: ParquetIOManager) -> Study:
    """The study without what only a convention needs: its definition of a cyberattack and the fit of escalation."""
    return _study(settings, tables, {}, Reciprocity(None, None))


def prepare_convention(settings: RunSettings, tables: ParquetIOManager) -> Study:
    """The study with the definitions of a cyberattack and the fit of escalation."""
    found = retaliation(tables.read("model.escalation_fit"))
    return _study(settings, tables, coverage_laws(tables), Reciprocity(found.estimate, found.se))


def under(prepared: Study, names: Sequence[str]) -> Study:
    """The study with the effect sets named and the default, by which scenarios are computed; all where none is named.

    InputError for a name that there is not.
    """
    priors.check_effect_sets(names, prepared.effects)
    return replace(prepared, effects=effects.selected(prepared.effects, names, DEFAULT_SET))


def coverage_laws(tables: ParquetIOManager) -> dict[str, dict[str, Law]]:
    """By definition and class, the distribution of the covered share of loss."""
    with explained():
        definitions = definition_files.load_all()
    counts, _ = coverage_counts(tables, definitions)
    return laws(definitions, counts)


def coverage_counts(tables: ParquetIOManager, definitions: Sequence[Definition]) -> tuple[pl.DataFrame, str]:
    """What each definition covers of the incidents on this machine, or of those behind the shipped counts."""
    incidents = tables.read("core.incidents")
    if incidents.height:
        return definition_counts.count(incidents, tables.read("core.losses"), definitions), RECORDS
    return definition_counts.of_reference(tables.read("core.definition_counts"), definitions), SHIPPED


def _study(
    settings: RunSettings,
    tables: ParquetIOManager,
    definitions: Mapping[str, Mapping[str, Law]],
    reciprocity: Reciprocity,
) -> Study:
    frames = {name: tables.read(str(REFERENCE_CORE[name].name)) for name in STUDIED}
    if settings.day:
        known = pl.col("ratified_on").is_null() | (pl.col("ratified_on") <= settings.day)
        frames["treaty_status"] = frames["treaty_status"].filter(known)
    with explained():
        register = priors.load()
    return study.prepare(
        frames,
        register.priors,
        register.effect_sets,
        register.rank_correlation,
        register.choices,
        settings.draws,
        settings.seed,
        definitions,
        reciprocity,
    )
