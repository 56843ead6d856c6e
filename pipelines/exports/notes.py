"""What an export says of itself, in the README and on the first sheet of the workbook: one list of words for both.

Facts come from the edition; only sentences are written here.
"""

from __future__ import annotations

from pipelines.exports.edition import ask
from pipelines.exports.selection import Selection

WHAT = (
    "Counterfactual losses from cyberattacks with and without an international convention, what they rest on, and how "
    "sure they are. Each table is one of the published database; words and units are the database's."
)
UNITS = (
    "Each column has its unit. Where that is 'as the column unit says', the row's own column `unit` has it, with the "
    "year of the prices. A share is a fraction, not percent. Missing is empty, never a number."
)
OWN = (
    "What this project computed (schema model, views on it, counts) goes whole. Reference tables (schema core) hold "
    "figures, dates and codes with their citation, no text and no incident of a source; they ship with the project and "
    "go whole. Rows of a source go where it may be redistributed (redistributable in meta.sources is yes); "
    "'not confirmed' counts as no."
)


def facts(selection: Selection) -> list[tuple[str, str]]:
    """What the export is: pairs of topic and text."""
    edition, run = selection.edition, selection.edition.run
    units = ask(selection.connection, "select distinct unit from headline order by unit")
    return [
        ("What this is", WHAT),
        ("Edition", edition.name),
        ("Run", str(run["run_id"])),
        ("Published", f"{run['created_at']:%Y-%m-%d %H:%M} UTC"),
        ("Code", str(run.get("git_commit") or "no commit")),
        ("Draws", f"{run['draws']:,}"),
        ("Seed", str(run["seed"])),
        ("Data as of", str(run["as_of"])),
        ("Unit of the headline", "; ".join(str(unit) for (unit,) in units)),
        ("Units", UNITS),
        ("Rights", OWN),
    ]


def left_out(selection: Selection) -> list[str]:
    """What is not in the tables and why, one line for the tables that lack the same sources; never empty."""
    by_sources: dict[str, list[str]] = {}
    for item in selection.left_out:
        by_sources.setdefault(item.why, []).append(item.what)
    lines = [f"Left out, may not be redistributed: {why}: {', '.join(what)}" for why, what in by_sources.items()]
    if not lines:
        lines.append("No row of a source that may not be redistributed is in the tables of this edition.")
    else:
        lines.append(
            "Those rows are in the database of whoever fetches them (make refresh). What is computed rests on them."
        )
    if selection.aside:
        lines.append(f"Rows as their sources wrote them, exported when named (--table): {', '.join(selection.aside)}")
    if selection.empty:
        lines.append(f"Without a row in this edition: {', '.join(selection.empty)}")
    return lines
