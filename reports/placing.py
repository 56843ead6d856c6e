"""Where labels go in the middle of a plot: boxes that keep clear of each other, in px from its lower left corner."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

Place = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A label's place by its center, with its size, px."""

    x: float
    y: float
    width: float
    height: float

    def gap(self, other: "Box") -> float:
        """Distance between the edges of two boxes; negative where they overlap, by the smaller overlap."""
        across = abs(self.x - other.x) - (self.width + other.width) / 2
        along = abs(self.y - other.y) - (self.height + other.height) / 2
        if across <= 0 and along <= 0:
            return max(across, along)
        return math.hypot(max(across, 0.0), max(along, 0.0))


@dataclass
class Board:
    """The plot and what is on it already."""

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)

    def room(self, box: Box) -> float:
        """How far a box is from everything taken; negative where it overlaps something or leaves the plot."""
        edge = min(
            box.x - box.width / 2,
            self.width - box.x - box.width / 2,
            box.y - box.height / 2,
            self.height - box.y - box.height / 2,
        )
        near = min((box.gap(other) for other in self.taken), default=math.inf)
        return min(near, edge) if edge < 0 else near

    def take(self, candidates: Iterable[Box], *, apart: float = 3.0, best: bool = False) -> int | None:
        """Take the first candidate with `apart` px of room, or the one with most; its rank, None where none has it."""
        chosen, most = None, apart
        for rank, box in enumerate(candidates):
            room = self.room(box)
            if room >= most:
                chosen, most = (rank, box), room
                if not best:
                    break
        if chosen is None:
            return None
        self.taken.append(chosen[1])
        return chosen[0]
