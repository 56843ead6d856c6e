"""`cyberaccord scenario new`: a commented file of a convention to start from.

What a file may hold is decided in `scenarios`; the lists of names are read from the files that are there, so that a
comment never lags behind them.
"""

from __future__ import annotations

from pathlib import Path

from pipelines import definition_files, named_files, scenarios, store
from pipelines.errors import InputError

DRAFT = """\
# A convention of your own. Every line may be changed; `cyberaccord scenario check {name}` says what is wrong and where.
title: {title}
summary: >-
  Two or three sentences that a stranger understands: who founds the convention, what its text holds, who joins later.

# What diplomats choose.
policy:
  # What the text holds, any of:
  #   law           criminal law at both ends of an attack, and co-operation between members
  #   consequences  agreed answers to an attack by a state, in place of each member's own
  #   stand_down    members stop attacking; the effort freed turns to criminals (with consequences)
  #   haven         consequences for states that shelter criminals: no evidence, off elsewhere
  #   sharing       attacks found sooner because members share: no evidence, off elsewhere; needs a dwell_ratio below 1
  clauses: [law, consequences, stand_down]
  # What counts as a cyberattack, a file of data/definitions: {definitions}
  definition: broad
  # The day the founders join, {first_year}-01-01 to {last_year}-12-31.
  opened: 2027-01-01
  # Nothing acts before so many have joined.
  entry_into_force_threshold: 5
  # Whether a member may except itself from co-operation.
  admits_reservations_on_cooperation: false
  # Blocs: {blocs}.
  # Economies by ISO 3166 code of three letters; `except` takes out of both.
  founders:
    blocs: [G7]
    economies: []
    except: []

# What nobody chooses, and the result turns on.
assumptions:
  # `dated`: who joins when is written below. `hazard`: others follow as states joined the Budapest Convention; then
  # leave later_signatories out.
  accession: dated
  later_signatories:
    - date: 2030-01-01
      blocs: [OECD]
      # The share of the group that signs, largest GDP first.
      share: 1.0
      reason: Why these, and why then.
  # Reactions assumed away, any of: retaliation, effort, proxies.
  switched_off: []
  note: What a reader must know of these assumptions.
"""


def write(name: str, folder: Path | None = None) -> Path:
    """Write the draft under that name; InputError for a name that cannot be one, or that is taken."""
    path = named_files.place(folder or store.DATA / "scenarios", name)
    blocs = ", ".join(sorted(scenarios.directory().blocs))
    text = DRAFT.format(
        name=name,
        title=name.replace("_", " ").capitalize(),
        definitions=", ".join(definition_files.names()),
        blocs=blocs,
        first_year=scenarios.FIRST_YEAR,
        last_year=scenarios.LAST_YEAR,
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        allowed = "a name without a file, or change that file"
        raise InputError(store.shown(path), None, None, "name_is_free", name, allowed) from None
    except OSError as error:
        raise InputError(store.shown(path), None, None, "writable", error.strerror, "a folder one may write") from None
    return path


def next_steps(path: Path) -> str:
    """What to do with the file, as commands to copy."""
    name = path.stem
    return "\n".join(
        (
            f"{store.shown(path)}: say who founds it, what its text holds and who joins later. Then",
            f"  cyberaccord scenario check {name}",
            f"  cyberaccord run --scenario {name}",
            f"  cyberaccord sql \"from compare('{name}', 'op_ed_convention')\"",
        )
    )
