"""What counts as a cyberattack, as files: data/definitions/*.yaml checked and turned into models.definition.Definition.

What a definition covers on record is counted in `definition_counts`; what it does to loss is in models/. Types and
sectors are words of `vocabulary`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pipelines import named_files, store
from pipelines.vocabularies import VOCABULARIES
from pipelines.yaml_files import Lines, Refused, Strict, at_least_one, read

if TYPE_CHECKING:
    from models.definition import Definition, Treatment, Trigger

Words = Annotated[str, Field(min_length=1)]
Keys = Annotated[tuple[str, ...], AfterValidator(at_least_one)]


def _word_of(vocabulary: str) -> AfterValidator:
    """A check that a word is one of the vocabulary's."""

    def check(word: str) -> str:
        known = VOCABULARIES[vocabulary]
        if word not in known:
            raise Refused("known_word", word, named_files.nearest(word, known))
        return word

    return AfterValidator(check)


class BetaArguments(Strict):
    """Arguments of a Beta distribution."""

    a: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    b: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Coverage(Strict):
    """The share of a class's loss that the definition covers (kappa), where the records do not tell."""

    distribution: Literal["beta"]
    arguments: BetaArguments
    kind: Literal["estimated", "published", "judgement"]
    sources: Keys
    rationale: Words


class TriggerEntry(Strict):
    """Conditions that must all hold for an incident to be covered; one that is not written does not restrict."""

    trigger: Words
    types: Annotated[tuple[Annotated[str, _word_of("incident_type")], ...], AfterValidator(at_least_one)] | None = None
    sectors: Annotated[tuple[Annotated[str, _word_of("sector")], ...], AfterValidator(at_least_one)] | None = None
    minimum_intensity: Annotated[int, Field(ge=1, le=4)] | None = None
    unknown_intensity: Literal["covered", "not_covered"] | None = None

    @model_validator(mode="after")
    def _says_what_of_unknown(self) -> TriggerEntry:
        if (self.minimum_intensity is None) != (self.unknown_intensity is None):
            allowed = "covered or not_covered beside a minimum_intensity, and only there"
            raise Refused("unknown_intensity", self.unknown_intensity, allowed, ("unknown_intensity",))
        return self

    def for_models(self) -> Trigger:
        """The same as the models take it."""
        from models.definition import Trigger

        return Trigger(
            name=self.trigger,
            types=None if self.types is None else frozenset(self.types),
            sectors=None if self.sectors is None else frozenset(self.sectors),
            minimum_intensity=self.minimum_intensity,
            unknown_intensity=self.unknown_intensity == "covered",
        )


class ClassEntry(Strict):
    """How the text treats a threat class; `covers` lists triggers of which one must hold."""

    role: Literal["written_for", "partly", "excluded"]
    rationale: Words
    coverage: Coverage | None = None
    covers: Annotated[tuple[TriggerEntry, ...], AfterValidator(at_least_one)] | None = None

    @model_validator(mode="after")
    def _role_fits(self) -> ClassEntry:
        for name, value in (("coverage", self.coverage), ("covers", self.covers)):
            if self.role == "excluded" and value is not None:
                raise Refused("excluded_covers_nothing", name, "neither coverage nor covers where excluded", (name,))
            if self.role != "excluded" and value is None:
                raise Refused("covered_says_what", None, f"{name} for a class that is {self.role}", (name,))
        return self

    def for_models(self) -> Treatment:
        """The same as the models take it."""
        from models.definition import Treatment

        arguments = self.coverage.arguments if self.coverage else None
        return Treatment(
            role=self.role,
            triggers=tuple(entry.for_models() for entry in self.covers or ()),
            a=arguments.a if arguments else None,
            b=arguments.b if arguments else None,
        )


class Classes(Strict):
    """Every threat class, each told apart."""

    state: ClassEntry
    criminal: ClassEntry
    other: ClassEntry


class DefinitionFile(Strict):
    """A file of data/definitions as written."""

    title: Words
    summary: Words
    follows: Words
    sources: Keys
    classes: Classes

    @model_validator(mode="after")
    def _covers_something(self) -> DefinitionFile:
        if all(entry.role == "excluded" for _, entry in self.classes):
            raise Refused("covers_something", "excluded", "a role other than excluded for one class", ("classes",))
        return self


def names(folder: Path | None = None) -> list[str]:
    """The definitions there are files for, sorted; InputError for a name that cannot be one."""
    return named_files.names(folder or store.DATA / "definitions")


def load(name: str, folder: Path | None = None) -> Definition:
    """A definition by name; InputError where file, line and field are wrong."""
    return _for_models(name, read_file(name, folder))


def load_all(folder: Path | None = None) -> list[Definition]:
    """Every definition, by name."""
    return [load(name, folder) for name in names(folder)]


def read_file(name: str, folder: Path | None = None) -> DefinitionFile:
    """A definition as written, with title, summary, sources and reasons; errors as of `load`."""
    path = named_files.find(folder or store.DATA / "definitions", name, "unknown_definition")
    written, lines = read(path, DefinitionFile)
    _sources_known(written, lines)
    return written


def _for_models(name: str, written: DefinitionFile) -> Definition:
    from models.definition import Definition

    return Definition(name, written.title, {entry: part.for_models() for entry, part in written.classes})


def _sources_known(written: DefinitionFile, lines: Lines) -> None:
    """Every source that the file names is in the table of sources or has a card."""
    known = named_files.known_sources()
    given = [(("sources",), written.sources)]
    for threat_class, entry in written.classes:
        if entry.coverage is not None:
            given.append((("classes", threat_class, "coverage", "sources"), entry.coverage.sources))
    for where, keys in given:
        for index, key in enumerate(keys):
            if key not in known:
                raise lines.error((*where, index), "known_source", key, "a source_id of data/reference/sources.csv")
