"""What the page does not show: what the numbers leave out or cannot know, and where the op-ed's arguments stand."""

from collections.abc import Collection

from reports.edition import Row
from reports.names import subject
from reports.numbers import plain, present
from reports.queries import FOCUS

BEYOND_LAW = (
    "red lines for states",
    "agreed consequences in place of each state’s own",
    "retaliation that follows them",
)
STANDING_DOWN = ("states that stand down", "the effort that this frees against criminals")


def not_shown(parts: str, criminal: Row | None, shown: Collection[str] = (), scenario: str = FOCUS) -> list[str]:
    """What the page leaves out or cannot know, given which mechanisms act and which figures are shown."""
    lines = []
    if parts == "law":
        lines.append(
            "Red lines, agreed consequences, states that stand down and the shift of effort that would follow are not "
            f"in these numbers: {subject(scenario)} acts here through criminal law alone."
        )
    else:
        lines.append(
            "No study measures what red lines, agreed consequences or a promise to stand down do to attacks by "
            "states: that part of the result rests on judgments with wide intervals."
        )
    lines += [
        "Studies count attacks; that money follows them is an assumption, and none shows that joining a treaty lowers "
        "losses.",
        _tail("exceedance" in shown),
        _gdp("gdp" in shown),
        f"{unattributed(criminal)} How much of that a law can reach is a prior from none to all.",
        "Crime within a country’s borders does not appear in trackers of foreign operations; its share is a prior.",
        "Who will sign: in the headline later members join at dates stated in a file, an assumption and not a "
        "forecast.",
    ]
    return lines


def _tail(is_shown: bool) -> str:
    if is_shown:
        return (
            "How bad the worst year can be: the headline is a yearly average, and beyond the largest loss on record "
            "the tail is what a fitted curve says."
        )
    return "Rare disasters: the figures are yearly averages and say nothing about the tail."


def _gdp(is_shown: bool) -> str:
    if is_shown:
        return (
            "How much of a loss is output not produced is not measured: that share and what reaches saving are "
            "judgments, and amplification through supply chains is beside the headline, not in it."
        )
    return (
        "The way from loss to GDP: what a criminal takes is a loss to the victim, not in full a loss of output, and no "
        "path of GDP is computed."
    )


def arguments(parts: str) -> list[tuple[str, str]]:
    """Which of the op-ed's arguments are in the numbers, off, or not modelled: term and list."""
    inside = [
        "a definition of what the text covers",
        "criminal law at the origin and at the target of an attack",
        "co-operation between members",
        "later signatories",
    ]
    outside = []
    for part, held in ((BEYOND_LAW, parts in ("all", "no_standdown")), (STANDING_DOWN, parts == "all")):
        (inside if held else outside).extend(part)
    lines = [("In the numbers", _listed(inside))]
    if outside:
        lines.append(("Not in these numbers", _listed(outside)))
    lines += [
        ("Off by default, no evidence", "havens that close to criminals; attacks found sooner because members share"),
        ("Not modeled", "a common definition that makes a response likelier"),
    ]
    return lines


def _listed(parts: list[str]) -> str:
    return "; ".join(parts)


def unattributed(row: Row | None) -> str:
    """How much of crime the trackers cannot place."""
    if row is None or not present(row["share"]):
        return "The share of criminal incidents without a known origin was not estimated in this run."
    return (
        f"{plain(100 * row['share'], 0)} percent of the criminal incidents on record have no known origin, and who "
        f"attacks whom across borders rests on {plain(row['placed'] or 0, 0)} incidents that have one."
    )
