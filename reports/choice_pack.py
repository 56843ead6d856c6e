"""What the page embeds so that the switches of Figure 1 can draw and say every choice: words, notes, shapes and marks.

All of it is made in Python by the functions that make the default; the script of the page picks. The curve itself is
not in here: the page draws it from the answer to `levels_all`, which it holds for the download.
"""

import json
from typing import Any

from reports import choice_text
from reports.adoption_figure import without_standdown
from reports.chart import Canvas
from reports.choices import Choice, baselines, curves, shown_first
from reports.figures_adoption import AMOUNT, BANDS, CALL_OUT, Curve, amount, call_out, composed
from reports.figures_adoption_marks import CHANCE, chance_head
from reports.numbers import NBSP
from reports.palette import MODES
from reports.rows import Rows

OFF = "Chance that it does not pay: off under this baseline,<br>since costs do not grow with the loss"


class _Pool:
    """Things that many drawings share, each kept once."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._places: dict[str, int] = {}

    def places(self, items: list[Any]) -> list[int]:
        """Where the items are in the pool, the new ones added."""
        found = []
        for item in items:
            text = json.dumps(item, sort_keys=True)
            if text not in self._places:
                self._places[text] = len(self.items)
                self.items.append(item)
            found.append(self._places[text])
        return found


def choice_pack(rows: Rows) -> dict[str, Any]:
    """Everything by choice: `drawings` by layout as places in `pool`, `words`, and what a baseline changes."""
    found, losses = curves(rows), baselines(rows)
    first = shown_first(rows, found)
    pool = _Pool()
    drawings: dict[str, dict[str, Any]] = {mode.name: {} for mode in MODES}
    for choice, curve in found.items():
        for mode in MODES:
            canvas = composed(curve, mode)
            drawings[mode.name][choice.key] = {
                "notes": pool.places(canvas.notes),
                "shapes": pool.places(canvas.shapes),
                "marks": pool.places(canvas.traces[len(BANDS) + 1 :]),
            }
    return {
        "default": first.key,
        "baseline": rows.baseline,
        "baselines": {
            name: name if name == rows.baseline else f"{rows.baseline}, dollars rescaled to {name}" for name in losses
        },
        "bands": [[low, high] for low, high, _, _ in BANDS],
        "names": {"chance": CHANCE, "amount": AMOUNT, "callOut": CALL_OUT},
        "drawings": drawings,
        "off": {mode.name: pool.places(_off(composed(found[first], mode))) for mode in MODES},
        "pool": pool.items,
        "words": {choice.key: _words(rows, choice, curve, losses) for choice, curve in found.items()},
        "amounts": {name: _amounts(found[first], usd_bn) for name, usd_bn in losses.items()},
    }


def _words(rows: Rows, choice: Choice, curve: Curve, losses: dict[str, float]) -> dict[str, Any]:
    title = choice_text.title(curve, rows.small_bloc if curve.marks else None)
    says = {
        "title": title,
        "subtitle": choice_text.subtitle(choice.metric),
        "note": choice_text.note(choice, curve, without_standdown(rows), many=True),
        "alt": choice_text.alt(choice, curve, title),
    }
    own = rows.baseline
    return {name: _tied(said) for name, said in says.items()} | {
        "key": _table(curve, pays=True),
        "keyOff": _table(curve, pays=False),
        "sentences": {
            name: _tied(choice_text.sentence(choice, curve, name, usd_bn, own)) for name, usd_bn in losses.items()
        },
        "callOuts": {name: call_out(curve.levels, choice.metric, usd_bn) for name, usd_bn in losses.items()},
    }


def _table(curve: Curve, *, pays: bool) -> dict[str, Any]:
    table = choice_text.key_table(curve, pays=pays)
    return {"heads": table.heads, "rows": table.rows}


def _tied(words: str) -> str:
    """The words with a number and its unit on one line."""
    return words.replace(" %", f"{NBSP}%").replace("$ bn", f"${NBSP}bn")


def _amounts(curve: Curve, usd_bn: float) -> dict[str, str]:
    """Dollars at every tick of any layout, by the name of its note."""
    ticks = {tick for mode in MODES for tick in composed(curve, mode).axes["yaxis"]["tickvals"]}
    return {f"{AMOUNT}{tick:g}": amount(tick, usd_bn, curve.ends) for tick in ticks}


def _off(canvas: Canvas) -> list[dict[str, Any]]:
    """The note in place of the row of chances under another baseline; none where the layout has no such row."""
    if not any(note.get("name") == CHANCE for note in canvas.notes):
        return []
    canvas.notes.clear()
    chance_head(canvas, OFF)
    return canvas.notes
