"""What `cyberaccord sources` prints: each source with its vintage on hand and what became of its rows.

Reads cards, manifests and counts that `refresh` left; no dagster, no pandera, so it answers at once.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pipelines import cards, store, vintages
from pipelines.visible import visible

HEAD = f"{'source':24}{'vintage':14}{'age':>9}{'rows in':>10}{'kept':>10}{'rejected':>10}{'merged':>8}  licence"


def listing() -> str:
    """One line a source, and the sum."""
    lines, total, held = [HEAD], [0, 0, 0, 0], 0
    today = datetime.now(UTC).date()
    known = cards.load_all()
    for name, card in known.items():
        last = vintages.standing(name)
        if last is None:
            lines.append(f"{name:24}{'none':14}{'':>9}{'':>10}{'':>10}{'':>10}{'':>8}  {card.licence}")
            continue
        held += 1
        age = f"{(today - last.as_of).days} d"
        counts = _counts(last)
        if counts is None:
            shown = f"{'not staged yet: make run':>38}"
        else:
            total = [sum(pair) for pair in zip(total, counts, strict=True)]
            shown = f"{counts[0]:>10,}{counts[1]:>10,}{counts[2]:>10,}{counts[3]:>8,}"
        lines.append(f"{name:24}{last.label:14}{age:>9}{shown}  {card.licence}")
    lines.append(f"{f'{held} of {len(known)} on hand':47}{total[0]:>10,}{total[1]:>10,}{total[2]:>10,}{total[3]:>8,}")
    lines.append("rows in = kept + rejected + merged; rejected rows with their rule: from meta.rejects")
    if not held:
        lines.append("make refresh fetches what has an address; the other sources say how to get them by hand")
    return "\n".join(map(visible, lines))


def _counts(vintage: vintages.Vintage) -> list[int] | None:
    """rows in, kept, rejected, merged over the staging tables of a vintage; None where it was not staged."""
    found = (store.home() / "staged" / vintage.source_id / vintage.label).glob("[!.]*/counts.json")
    for path in found:
        rows = json.loads(path.read_bytes()).values()
        rows_in, rejected, merged = (sum(row[place] for row in rows) for place in range(3))
        return [rows_in, rows_in - rejected - merged, rejected, merged]
    return None
