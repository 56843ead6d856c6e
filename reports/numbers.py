"""How a number is printed: rounding by the Monte Carlo error, signs, intervals, probabilities.

No words beyond units live here; sentences are in text.py and titles.py. A value that is not there says so.
"""

import math
from collections.abc import Iterable

MINUS = "−"
MISSING = "not estimated"
NBSP = "\u00a0"
DASH = "–"


def present(value: float | None) -> bool:
    """Whether a number is there: neither null nor NaN nor infinite."""
    return value is not None and math.isfinite(value)


def decimals(values: Iterable[float | None], mcse: float | None = None) -> int:
    """Decimals to print: as many as the Monte Carlo error allows, three significant digits of the largest at most.

    The last printed place is never finer than the Monte Carlo standard error. Negative: round to tens, hundreds, ...
    """
    sizes = [abs(v) for v in values if present(v) and v != 0]
    if mcse is None or not present(mcse) or mcse <= 0:
        return 2 - math.floor(math.log10(max(sizes))) if sizes else 0
    by_digits = 2 - math.floor(math.log10(max(sizes))) if sizes else 2
    return min(by_digits, -math.ceil(math.log10(mcse)))


def plain(value: float | None, places: int) -> str:
    """A number with a fixed number of decimals, thousands separated, a true minus sign and no negative zero."""
    if not present(value):
        return MISSING
    rounded = round(value, places) + 0.0
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def signed(value: float | None, places: int) -> str:
    """As `plain`, with a plus sign before what is above zero after rounding."""
    text = plain(value, places)
    return f"+{text}" if present(value) and round(value, places) > 0 else text


def span(low: float | None, high: float | None, places: int, *, sign: bool = True) -> str:
    """An interval in words: "−4.8 to +10.3"."""
    if not (present(low) and present(high)):
        return MISSING
    form = signed if sign else plain
    return f"{form(low, places)} to {form(high, places)}"


def span_range(low: float | None, high: float | None, places: int) -> str:
    """A range of unsigned numbers with an en dash: "240–1,980"."""
    if not (present(low) and present(high)):
        return MISSING
    return f"{plain(low, places)}{DASH}{plain(high, places)}"


def probability(value: float | None) -> str:
    """A probability as whole percent: "27", "< 1", "> 99"."""
    if not present(value):
        return MISSING
    percent = 100 * value
    if percent < 1:
        return "< 1"
    if percent > 99:
        return "> 99"
    return f"{percent:.0f}"


def chance(value: float | None) -> str:
    """A probability with its sign: "27 %"; the missing one stays in words."""
    text = probability(value)
    return text if text == MISSING else f"{text}{NBSP}%"


def dollars(value: float | None, mcse: float | None = None) -> str:
    """An amount in USD bn, three significant digits at most: "$12 bn", "−$3.1 bn", "$4.2 tn" above a thousand."""
    if not present(value):
        return MISSING
    scale, unit = (1000, "tn") if abs(value) >= 10_000 else (1, "bn")
    places = decimals([value / scale], mcse / scale if present(mcse) else None)
    text = plain(abs(value) / scale, places)
    return f"{MINUS if round(value / scale, places) < 0 else ''}${text}{NBSP}{unit}"


def amount(value: float) -> str:
    """A number with two significant digits at most, for what is known roughly: "39", "0.09", "1,200"."""
    rounded = float(f"{value:.2g}")
    return tick_text(rounded)


def roughly(value: float) -> str:
    """An amount in USD bn with two significant digits at most: "$39 bn"."""
    return f"{MINUS if value < 0 else ''}${amount(abs(value))}{NBSP}bn"


def money(usd_bn: float) -> str:
    """What one event costs, from USD bn, three significant digits at most: "$29,200", "$8.55 million", "$3.5 bn"."""
    dollars_of = float(f"{1e9 * usd_bn:.3g}")
    for scale, unit in ((1e9, "bn"), (1e6, "million")):
        if dollars_of >= scale:
            return f"${tick_text(dollars_of / scale)}{NBSP}{unit}"
    return f"${tick_text(dollars_of)}"


def scale_of(unit: str) -> tuple[float, str]:
    """Factor and printed unit of rows that are amounts in USD bn, or else shares: ("USD bn ...") is 1 and "$ bn"."""
    return (1.0, f"${NBSP}bn") if "USD" in unit else (100.0, "%")


def nice_ticks(low: float, high: float, at_most: int) -> list[float]:
    """Round numbers (1, 2, 2.5, 5 times a power of ten) that lie in [low, high], at most `at_most` of them."""
    if not high > low:
        return [low]
    base = 10.0 ** math.floor(math.log10((high - low) / at_most))
    for factor in (1, 2, 2.5, 5, 10, 20, 25, 50):
        width = base * factor
        first, last = math.ceil(low / width - 1e-9), math.floor(high / width + 1e-9)
        if last - first + 1 <= at_most:
            return [round(i * width, 12) + 0.0 for i in range(first, last + 1)]
    return [low, high]


def log_ticks(low: float, high: float, *, every: tuple[float, ...] = (1, 3)) -> list[float]:
    """Ticks 1-3-10 (or those of `every` in each decade) that lie in [low, high]."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [f * 10.0**d for d in decades for f in every if low <= f * 10.0**d <= high]


def decade_ticks(low: float, high: float, most: int) -> list[float]:
    """Powers of ten from 10^low to 10^high, at least two where there are, evenly thinned to at most `most`."""
    inside = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    for step in range(1, len(inside)):
        for first in range(step):
            found = [10.0**k for k in inside if (k - first) % step == 0]
            if 2 <= len(found) <= most:
                return found
    return [10.0**k for k in inside][:most]


def dollar_tick(dollars: float) -> str:
    """The text of a tick in dollars: "$10", "$300k", "$1m", "$10bn"."""
    for scale, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if dollars >= scale:
            return f"${tick_text(dollars / scale)}{unit}"
    return f"${tick_text(dollars)}"


def tick_text(value: float, *, sign: bool = False) -> str:
    """The shortest exact text of a tick."""
    text = f"{abs(value):,.10f}".rstrip("0").rstrip(".")
    if value < 0:
        return f"{MINUS}{text}"
    return f"+{text}" if sign and value > 0 else text
