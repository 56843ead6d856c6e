"""What a README says of data: each source with its files and rights, each vintage, each data file.

Everything comes from the edition's meta.sources, from the input files it kept and from the files that are packed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from pipelines import editions
from pipelines.replication.kept import Kept, Used
from pipelines.replication.results import FOLDER
from pipelines.schemas.core import PUBLISHED_AS

INPUT_FOLDERS = {
    "definitions": "what counts as a cyberattack, by class of attacker",
    "events": "systemic events: footprints, losses of an organization, exposure cap",
    "priors": "every uncertain input: distribution, unit, sources, why, and whether it is a judgement",
    "scenarios": "conventions, policy apart from assumptions",
    "sources": "public sources: producer, citation, license, files, known defects",
}
RESULTS = {
    "tables.csv": "the published tables: rows, key, file, or the digest of one that is not passed on",
    "headline.csv": "the headline of each convention",
    "codebook.csv": "every column of every table: type, unit, description",
    "report.html": "the report: every figure, table and number in the text",
    "manifest.json": "the manifest of the run, with the SHA-256 of every input",
    "measured.json": "what the run took, and the class of machine",
}
LABELS = {"main.headline": "The headline of each convention and set of mechanisms; one row is such a set"}


def named_sources(inputs: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    """By input file, the sources named in its column `source` or its lines of sources; lists of sources aside."""
    found = {}
    for name, content in sorted(inputs.items()):
        if name.endswith(".csv") and name != "reference/sources.csv":
            rows = csv.DictReader(io.StringIO(content.decode()))
            found[name] = frozenset(row.get("source") or "" for row in rows)
        elif name.endswith(".yaml") and not name.startswith("sources/"):
            lines = [line for line in content.decode().splitlines() if re.search(r"\bsources?:", line)]
            found[name] = frozenset(re.findall(r"\w+", " ".join(lines)))
    return found


def sources(kept: Kept, inputs: Mapping[str, bytes], used: Sequence[Used]) -> list[dict[str, Any]]:
    """The sources that something rests on, as in meta.sources, with their files and whether those are provided."""
    named, listed = named_sources(inputs), []
    for row in editions.rows(kept.database, "from meta.sources order by source_id"):
        files = [f"code/data/{name}" for name, ids in named.items() if row["source_id"] in ids]
        mine = [each for each in used if each.vintage.source_id == row["source_id"]]
        if not files and not mine:
            continue
        provided = "figures" if not mine else "yes" if mine[0].provided else "figures, files not"
        places = [*files, *(f"{each.place}/{file.name}" for each in mine for file in each.vintage.files)]
        names = ((file.rsplit("/", 1)) for file in places)
        folders: dict[str, list[str]] = {}
        for folder, file in names:
            folders.setdefault(folder, []).append(file)
        listed.append({**row, "licence": row["licence"] or "not stated", "provided": provided, "folders": folders})
    return listed


def vintages(
    used: Sequence[Used], listed: Sequence[Mapping[str, Any]], inputs: Mapping[str, bytes]
) -> list[dict[str, Any]]:
    """The vintages that the run read, with how to get each of their files."""
    by_id = {row["source_id"]: row for row in listed}
    return [_vintage(each, by_id[each.vintage.source_id], inputs) for each in used]


def _vintage(used: Used, row: Mapping[str, Any], inputs: Mapping[str, bytes]) -> dict[str, Any]:
    card = yaml.safe_load(inputs[f"sources/{used.vintage.source_id}.yaml"])
    # a file of the card goes by its name, or by the last part of its address
    addresses = {file["name"]: file["url"] for file in card["files"] if file.get("url")}
    addresses |= {url.split("?")[0].rsplit("/", 1)[-1]: url for url in addresses.values()}
    addresses |= {file["save_as"]: file["url"] for file in card["files"] if file.get("save_as") and file.get("url")}
    files = [
        {"name": file.name, "bytes": file.bytes, "sha256": file.sha256, "url": addresses.get(file.name)}
        for file in used.vintage.files
    ]
    return {**row, "place": used.place, "provided": used.provided, "by_hand": card.get("by_hand"), "files": files}


def datasets(
    kept: Kept, inputs: Mapping[str, bytes], used: Sequence[Used], packed: Mapping[str, bytes]
) -> list[dict[str, str]]:
    """Every data file with its source, what is in it, and whether it is provided."""
    comments, named = _comments(kept), named_sources(inputs)
    known = {row["source_id"] for row in editions.rows(kept.database, "select source_id from meta.sources")}
    rows = []
    for name, content in sorted(inputs.items()):
        folder, _, file = name.partition("/")
        table = file.removesuffix(".csv")
        if folder == "reference":
            about = comments.get(f"core.{PUBLISHED_AS.get(table, table)}") or comments.get(f"meta.{table}", "")
            notes = f"{about}; {content.decode().count(chr(10)) - 1:,} rows"
            rows.append(_dataset(f"code/data/{name}", ", ".join(sorted(named.get(name, ()))), notes))
    for folder, words in INPUT_FOLDERS.items():
        files = [name for name in inputs if name.startswith(f"{folder}/")]
        cited = sorted({source for name in files for source in named.get(name, ())} & known)
        rows.append(_dataset(f"code/data/{folder}/*.yaml", ", ".join(cited), f"{words}; {len(files)} files"))
    for each in used:
        provided = "Yes" if each.provided else "No"
        for file in each.vintage.files:
            rows.append(_dataset(f"{each.place}/{file.name}", each.vintage.source_id, "as served", provided))
    there = {name: about for name, about in RESULTS.items() if f"{FOLDER}/{name}" in packed}
    rows += [_dataset(f"{FOLDER}/{name}", "computed", about) for name, about in there.items()]
    for name in sorted(packed):
        table = name.removeprefix(f"{FOLDER}/tables/").removesuffix(".parquet")
        if table in comments:
            rows.append(_dataset(name, "computed", comments[table]))
    return rows


def _comments(kept: Kept) -> dict[str, str]:
    query = "select schema_name || '.' || table_name as name, comment from duckdb_tables()"
    return LABELS | {
        row["name"]: str(row["comment"]).split(". Source: ")[0] for row in editions.rows(kept.database, query)
    }


def _dataset(file: str, source: str, notes: str, provided: str = "Yes") -> dict[str, str]:
    return {"file": file, "source": source, "notes": notes, "provided": provided}
