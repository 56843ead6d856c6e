"""The README of a package, in the headings of the template of the Social Science Data Editors (version 1.2).

Its words are in readme.md.j2, what it says of data in `data_statement`. Every number comes from the edition, its run,
or the files that are packed.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from pipelines import editions, main_job
from pipelines.comparison.__main__ import left_out
from pipelines.comparison.cells import TOLERANCE
from pipelines.replication import data_statement, results
from pipelines.replication.code import FOLDERS, Code
from pipelines.replication.exhibit_map import Mapped
from pipelines.replication.kept import Kept, Used

TEMPLATE = Path(__file__).with_name("readme.md.j2")
TIMES = (
    *(("<10 minutes", 600), ("10-60 minutes", 3600), ("1-2 hours", 7200), ("2-8 hours", 28800)),
    *(("8-24 hours", 86400), ("1-3 days", 259200), ("3-14 days", 1209600), ("> 14 days", float("inf"))),
)
"""The template's boxes for time, with the seconds up to which each is ticked."""
SPACES = (
    *(("< 25 MBytes", 25), ("25 MB - 250 MB", 250), ("250 MB - 2 GB", 2e3), ("2 GB - 25 GB", 25e3)),
    *(("25 GB - 250 GB", 250e3), ("> 250 GB", float("inf"))),
)
"""The same for space, with megabytes."""
GENERATORS = re.compile(r"\b(default_rng|Sobol)\(")


def text(
    kept: Kept,
    code: Code,
    inputs: Mapping[str, bytes],
    used: Sequence[Used],
    mapped: Sequence[Mapped],
    packed: Mapping[str, bytes],
) -> str:
    """The README of an edition; `packed` holds the other files of the package by path."""
    priors = editions.rows(kept.database, "from meta.priors")
    sources = data_statement.sources(kept, inputs, used)
    headline = editions.rows(kept.database, "from headline order by scenario, mechanisms")
    listed = list(csv.DictReader(io.StringIO(packed[f"{results.FOLDER}/tables.csv"].decode())))
    context = {
        "kept": kept,
        "code": code,
        "inputs": inputs,
        "settings": json.loads(packed["settings.json"]),
        "headlines": [main_job.headline_line(row) for row in headline if row["scenario"] == main_job.FOCUS],
        "priors": priors,
        "kinds": Counter(row["kind"] for row in priors),
        "tables": listed,
        "compared": sum(bool(row["file"]) for row in listed),
        "digests": sum(not row["file"] for row in listed),
        "mapped": mapped,
        "counts": Counter(each.exhibit.kind for each in mapped),
        "sources": sources,
        "rights": Counter(source["redistributable"] for source in sources),
        "vintages": data_statement.vintages(used, sources, inputs),
        "provided": [each for each in used if each.provided],
        "withheld": [each for each in used if not each.provided],
        "datasets": data_statement.datasets(kept, inputs, used, packed),
        **_cost(kept, packed),
        **_programs(kept, code, packed),
        "tolerance": f"{TOLERANCE:g}",
        "left_out": left_out(),
    }
    # Markdown, not HTML: texts of the database pass through `cell`
    made = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    made.filters["cell"] = cell
    return re.sub(r"\n{3,}", "\n\n", made.from_string(TEMPLATE.read_text(encoding="utf-8")).render(context))


def _cost(kept: Kept, packed: Mapping[str, bytes]) -> dict[str, Any]:
    """Time and space of the run, and the template's boxes for them; of time nothing where the run did not measure."""
    size = sum(map(len, packed.values())) / 1e6
    tables = sum(len(content) for name, content in packed.items() if name.startswith(f"{results.FOLDER}/tables/"))
    # a store holds the tables, an edition and a copy of it as the current one, and so with the report
    store_mb = (tables + 2 * kept.database.stat().st_size + 2 * len(packed[f"{results.FOLDER}/report.html"])) / 1e6
    seconds = kept.measured["seconds"] if kept.measured else None
    return {
        "time": duration(seconds),
        "time_boxes": ticked(TIMES, seconds),
        "storage_boxes": ticked(SPACES, size + store_mb),
        "unpacked_mb": round(size),
        "store_mb": round(store_mb),
        "system": kept.measured["machine"]["system"] if kept.measured else None,
    }


def duration(seconds: float | None) -> str | None:
    """Seconds in words."""
    if seconds is None:
        return None
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _programs(kept: Kept, code: Code, packed: Mapping[str, bytes]) -> dict[str, Any]:
    """What the README says of software and programs."""
    license_named = re.search(rb"(?m)^license: *(\S+)", code.files.get("CITATION.cff", b""))
    return {
        "license": license_named.group(1).decode() if license_named else "the license in the file",
        "versions": json.loads(kept.run["versions"]),
        "locked": len(re.findall(rb"(?m)^[A-Za-z0-9]", code.files.get("requirements.lock", b""))),
        "seed_line": packed["replicate.py"].decode().split('"--seed"')[0].count("\n") + 1,
        "generators": generators(code.files),
        "programs": [_folder(name, code.files) for name in FOLDERS if f"{name}/__init__.py" in code.files],
    }


def cell(value: object) -> str:
    """A text in one line of Markdown: no column, no tag and no heading can begin in it."""
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")


def ticked(boxes: Sequence[tuple[str, float]], amount: float | None) -> list[tuple[str, bool]]:
    """The template's boxes, the one that the amount falls into ticked; none where it is not known."""
    fits = next((box for box, most in boxes if amount is not None and amount < most), None)
    return [(box, box == fits) for box, _ in boxes]


def generators(files: Mapping[str, bytes]) -> list[str]:
    """Program and lines of every generator of random numbers that the code of the run makes."""
    found = []
    for name, content in sorted(files.items()):
        if name.startswith(("models/", "pipelines/")) and name.endswith(".py"):
            at = [n for n, line in enumerate(content.decode().splitlines(), 1) if GENERATORS.search(line)]
            found += [f"`code/{name}` line{'s' * (len(at) > 1)} {', '.join(map(str, at))}"] if at else []
    return found


def programs(files: Mapping[str, bytes]) -> bytes:
    """programs.csv: every program, its lines, and the first line of what it says of itself."""
    rows = [(f"code/{name}", _lines(files[name]), _words(files[name])) for name in sorted(files) if name[-3:] == ".py"]
    return results.as_csv(("program", "lines", "what it does"), rows)


def _folder(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    mine = [_lines(content) for file, content in files.items() if file.startswith(f"{name}/") and file[-3:] == ".py"]
    return {"folder": name, "files": len(mine), "lines": sum(mine), "words": _words(files[f"{name}/__init__.py"])}


def _lines(content: bytes) -> int:
    return content.count(b"\n")


def _words(content: bytes) -> str:
    return (ast.get_docstring(ast.parse(content)) or "").split("\n")[0]
