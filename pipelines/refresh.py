"""`cyberaccord refresh`: fetch every source, check it, and keep a vintage of what changed.

A source that fails leaves its last vintage and one line that says why; the others land. Fetching is in `fetch`, what a
vintage must pass in `ingest`, how it is kept in `vintages`.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Literal

from pipelines import (
    cards,
    disk,
    fetch,
    file_columns,
    ingest,
    leftovers,
    staged,
    store,
    vintages,
    vocabulary,
    whole_file,
)
from pipelines.cards import Card
from pipelines.errors import InputError, SourceFormatError
from pipelines.fetch import Fetched, FetchError, Limits
from pipelines.visible import visible
from pipelines.vocabulary import Vocabulary

AT_ONCE = 4
Result = Literal["landed", "unchanged", "by hand", "refused", "failed"]
BAD = ("refused", "failed")
LOCK = "refresh.lock"


@dataclass(frozen=True)
class Outcome:
    """What became of a source: one line."""

    source_id: str
    result: Result
    told: str

    def __str__(self) -> str:
        """Source, result, reason."""
        return visible(f"{self.source_id:24}{self.result:10} {self.told}")


def main(
    sources: Sequence[str],
    echo: Callable[[str], None],
    limits: Limits | None = None,
    waiting: Callable[[str], None] = lambda _: None,
) -> int:
    """Refresh the sources named, or all; tell each outcome as it comes; 1 if one failed or was refused, else 0."""
    outcomes = run(sources, echo, limits, waiting)
    return 1 if any(outcome.result in BAD for outcome in outcomes) else 0


def run(
    sources: Sequence[str] = (),
    echo: Callable[[str], None] = lambda _: None,
    limits: Limits | None = None,
    waiting: Callable[[str], None] = lambda _: None,
) -> list[Outcome]:
    """The same; what became of each source. `waiting` is told what is still under way, for a terminal."""
    chosen = [cards.load(name) for name in sources] if sources else list(cards.load_all().values())
    fetch.mirror()  # a mirror that is not there is told before anything is asked for
    words = vocabulary.load()
    outcomes = []
    with _alone():
        leftovers.clear()
        for outcome in _refresh(chosen, words, limits, waiting):
            outcomes.append(outcome)
            echo(str(outcome))
        _remember(outcomes)
    counts = {result: sum(o.result == result for o in outcomes) for result in dict.fromkeys(o.result for o in outcomes)}
    echo(f"{len(outcomes)} sources: " + ", ".join(f"{count} {result}" for result, count in counts.items()))
    return outcomes


def under_way() -> bool:
    """Whether a refresh is landing vintages on this home."""
    try:
        with (store.home() / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _refresh(
    chosen: Sequence[Card], words: Vocabulary, limits: Limits | None, waiting: Callable[[str], None]
) -> Iterator[Outcome]:
    """Download side by side, check one after the other, so that only one source is in memory as tables."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        under_way: dict[Future[list[Fetched]], Card] = {}
        for card in chosen:
            if fetch.by_hand(card):
                yield Outcome(card.source_id, "by hand", " ".join(str(card.by_hand).split()))
            else:
                under_way[pool.submit(lambda card=card: list(fetch.editions(card, limits)))] = card
        left = {card.source_id for card in under_way.values()}
        try:
            for done in as_completed(under_way):
                waiting(f"{len(left)} under way: {', '.join(sorted(left))}")
                card = under_way.pop(done)
                left.discard(card.source_id)
                try:
                    editions = done.result()
                except (FetchError, OSError) as error:
                    yield Outcome(card.source_id, "failed", f"{error}; {_standing(card)}")
                    continue
                yield _land_all(card, editions, words)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _land_all(card: Card, editions: Sequence[Fetched], words: Vocabulary) -> Outcome:
    told, result = [], "unchanged"
    for edition in editions:
        try:
            line = _land(card, edition, words)
        except (SourceFormatError, ingest.Refused) as error:
            where = vintages.keep_refused(card.source_id, edition.label, edition.content, str(error))
            told.append(f"{edition.label}: {error}; {_standing(card)}; bytes in {store.shown(where)}")
            result = "refused"
        except (OSError, vintages.Damaged) as error:
            told.append(f"{edition.label}: {disk.line(error) or error}; {_standing(card)}")
            result = "failed"
        else:
            if line:
                told.append(line)
                result = "landed" if result == "unchanged" else result
    return Outcome(card.source_id, result, "; ".join(told) or _standing(card))  # type: ignore[arg-type]


def _land(card: Card, edition: Fetched, words: Vocabulary) -> str | None:
    """Check and keep an edition; None where the store holds its bytes already."""
    hashes = {file.name: file.sha256 for file in edition.files}
    if vintages.same_content(card.source_id, hashes):
        return None
    fetched = vintages.now()
    label = vintages.free_label(card.source_id, edition.label)
    day = vintages.day_of(card, label, fetched.date())
    before = vintages.standing(card.source_id, day)
    result = ingest.stage(card, edition.content, label, day, words, before.rows if before else None)
    rows = {name: table.rows_in for name, table in result.tables.items()}
    columns = {
        spec.name: file_columns.columns(name, edition.content[name])
        for spec in card.files
        if spec.tables
        for name in (ingest.find(card, spec, edition.content),)
    }
    vintage = vintages.Vintage(card.source_id, label, day, fetched, edition.files, rows, columns)
    vintages.land(vintage, edition.content)
    staged.keep(card, vintage, result)
    tables = result.tables.values()
    counts = (sum(table.kept.height for table in tables), result.rejects.height, sum(t.rows_merged for t in tables))
    return f"{label}: {counts[0]:,} rows kept, {sum(t.rows_rejected for t in tables):,} rejected, {counts[2]:,} merged"


def _standing(card: Card) -> str:
    last = vintages.standing(card.source_id)
    return f"{last.label} stays" if last else "no vintage is on this machine"


def _remember(outcomes: Sequence[Outcome]) -> None:
    """Keep what came of it where `cyberaccord status` finds it."""
    content = {"ended": vintages.now().isoformat(), "outcomes": [asdict(outcome) for outcome in outcomes]}
    whole_file.write(store.home() / "refresh.json", json.dumps(content, indent=2) + "\n")


@contextmanager
def _alone() -> Iterator[None]:
    """One refresh at a time; the lock goes with the process that holds it."""
    try:
        store.home().mkdir(parents=True, exist_ok=True)
        lock = (store.home() / LOCK).open("w")
    except OSError as error:
        if disk.line(error):
            raise
        raise InputError(str(store.home()), None, None, "writable", error.strerror, "a folder one may write") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            allowed = "one refresh at a time; wait for the other to end"
            raise InputError(
                store.shown(store.home()), None, None, "one_refresh", "a refresh is running", allowed
            ) from None
        yield
