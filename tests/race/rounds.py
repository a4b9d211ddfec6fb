"""One round of the race: everything at once over HTTP, and then what was seen."""

import functools
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.race.history import Attempt, History
from tests.race.shapes import WAYS, Shape
from tests.race.stage import USE, Cast, Lane, cast
from tests.support import record
from tests.support.client import GATE_HEADER, OPEN, Answer, Client

# Of blocks that are the performer's own word: what was locked before runs on.
_SPARING = frozenset({"pause by the performer", "revocation"})
_LATE = 2
_FIRST_SECONDS = 20.0

Way = Callable[[Mapping[str, str]], Answer]


@dataclass(frozen=True)
class Gate:
    """Where requests wait between their decision and their first write, until it is opened."""

    path: Path

    @property
    def headers(self) -> dict[str, str]:
        """What sends a request there."""
        return {GATE_HEADER: str(self.path)}

    def wait_for(self, count: int, patience: float) -> None:
        """Wait for the first request, and then for that many, as long as ``patience`` lasts.

        Heads let one through and keep the others from coming.
        """
        began = time.perf_counter()
        while (arrived := self._arrived()) < count:
            waited = time.perf_counter() - began
            if arrived and waited > patience:
                return
            assert waited < _FIRST_SECONDS, "no request came as far as its first write"
            time.sleep(0.005)

    def _arrived(self) -> int:
        return len(list(self.path.iterdir()))

    def open(self) -> None:
        """Let everybody through, also who comes later."""
        (self.path / OPEN).touch()


@contextmanager
def gate() -> Iterator[Gate]:
    """A gate for one round; open when the round is over, whatever happened."""
    with tempfile.TemporaryDirectory(prefix="consent-registry-gate-") as directory:
        made = Gate(Path(directory))
        try:
            yield made
        finally:
            made.open()


@dataclass(frozen=True)
class Play:
    """How a round is played: who is ahead of the block, and how long the harness waits at most.

    Without heads nobody waits for anybody, so its patience never runs out. With heads it does,
    twice a round: all but one of the racers, and the block, have to wait for the gate to open.
    """

    rng: random.Random
    patience: float = 0.3
    # In the first round all are ahead, so that every way is sure to be caught.
    first: bool = True


def race(
    how: Play, ways: Mapping[str, Way], block: Callable[[], Answer]
) -> tuple[Answer, list[Attempt]]:
    """Send every way and one block at once; the acknowledged block, and how the ways came out.

    Every way stops between its decision and its first write. Once those ahead stand there (or one,
    where heads make the others wait for it) the block is sent, and with it the rest. When it is
    acknowledged, or has to wait as well, all go on.
    """
    order = how.rng.sample(list(ways), len(ways))
    early = len(ways) if how.first else how.rng.randrange(len(ways))
    with ThreadPoolExecutor(len(ways) + 1) as pool, gate() as held:
        racing = {way: pool.submit(ways[way], held.headers) for way in order[:early]}
        held.wait_for(early, how.patience)
        blocking = pool.submit(block)
        for way in order[early:]:
            racing[way] = pool.submit(ways[way], held.headers)
        wait([blocking], timeout=how.patience)
        held.open()
        attempts = [Attempt(way, future.result()) for way, future in racing.items()]
        answer = blocking.result()
    answer.expect()
    return answer, attempts


def play(here: Lane, shape: Shape, how: Play, url: str) -> History:
    """Race one block against every way to clear a use, with a new performer."""
    on_stage = cast(here)
    ways = {way: functools.partial(send, on_stage) for way, send in WAYS.items()}
    with ThreadPoolExecutor(1) as aside:
        asked = aside.submit(ask, here.studio, on_stage.person.id, here.film)
        answer, attempts = race(how, ways, shape.ready(on_stage))
    late, questions = _afterwards(on_stage, how.rng)
    listed = affected(url, str(answer.body["id"]))
    shape.release(on_stage, answer.body)
    return History(
        block=answer,
        attempts=[*attempts, *late],
        checks=[asked.result(), *questions],
        listed=listed,
        spares_locked=shape.name in _SPARING,
    )


def affected(url: str, block_id: str) -> frozenset[str]:
    """The uses on the list of a block, as the table has them."""
    found = record.values(
        url, "SELECT use_id FROM affected_use WHERE block_id = :block", block=block_id
    )
    return frozenset(map(str, found))


def ask(client: Client, performer: str, work: str) -> Answer:
    """Ask whether a use may go ahead."""
    body = {"performer": performer, "work": work, "use": USE}
    return client.post("/v1/checks", body, key=None)


def _afterwards(on_stage: Cast, rng: random.Random) -> tuple[list[Attempt], list[Answer]]:
    """Some of it once more, now that the block is known: what P1 is about."""
    ways = rng.sample(list(WAYS), _LATE)
    late = [Attempt(way, WAYS[way](on_stage, {})) for way in ways]
    here = on_stage.lane
    works = rng.sample([here.film, here.episode, here.crossover, on_stage.untold], _LATE)
    return late, [ask(here.studio, on_stage.person.id, work) for work in works]
