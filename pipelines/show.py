"""What `cyberaccord scenario` prints. No dagster, and no numpy where it can be helped: it answers at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipelines import scenarios, store
from pipelines.errors import InputError


def scenario_list() -> str:
    """One line a scenario: name, founders, members in the end, title."""
    known = scenarios.directory()
    lines = [f"{'name':24}{'founders':>9}{'members':>9}  title"]
    for name in scenarios.names():
        convention = scenarios.load(name, known)
        title = convention.written.title
        lines.append(f"{name:24}{len(convention.founders):>9}{len(convention.joins):>9}  {title}")
    return "\n".join(lines)


def scenario_page(name: str) -> str:
    """A scenario as policy and assumptions, with who joins when."""
    convention = scenarios.load(name)
    scenario, written = convention.for_models(), convention.written
    in_force = scenario.in_force_on
    reservations = "admitted" if scenario.admits_reservations_on_cooperation else "not admitted"
    lines = [
        scenario.title,
        scenario.summary.strip(),
        "",
        f"clauses              {', '.join(sorted(scenario.clauses)) or 'none'}",
        f"cyberattack as in    data/definitions/{scenario.definition}.yaml",
        f"opened               {written.policy.opened or 'never'}",
        f"enters into force    {in_force or 'never'} (at {scenario.entry_into_force_threshold} members)",
        f"reservations on co-operation are {reservations}",
    ]
    if scenario.accession == "hazard":
        lines.append("others join as states joined the Budapest Convention (model.adoption_path)")
    by_day: dict[date, list[str]] = defaultdict(list)
    for iso3, day in scenario.joins.items():
        by_day[day].append(iso3)
    reasons = {later.date: later.reason for later in written.assumptions.later_signatories}
    for day, members in sorted(by_day.items()):
        why = "founders" if day == written.policy.opened else f"assumption: {reasons[day]}"
        lines += ["", f"{day}  {len(members)} join ({why})", f"    {' '.join(members)}"]
    if written.assumptions.note:
        lines += ["", written.assumptions.note]
    return "\n".join(lines)


def scenario_problems(names: Sequence[str]) -> tuple[list[str], list[InputError]]:
    """A line for each file that is good, and the problem of each that is not."""
    known = scenarios.directory()
    good: list[str] = []
    problems: list[InputError] = []
    paths = sorted((store.DATA / "scenarios").glob("*.y*ml"))
    wanted: list[Path | str] = [*names] or [*paths]
    for name in wanted:
        try:
            is_file = isinstance(name, Path) or name.endswith((".yaml", ".yml")) or "/" in name
            found = scenarios.load_file(Path(name), known) if is_file else scenarios.load(str(name), known)
            good.append(f"{found.name}: good, {len(found.joins)} members in the end")
        except InputError as error:
            problems.append(error)
    return good, problems
