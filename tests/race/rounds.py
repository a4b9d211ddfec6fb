"""One round of the race: everything at once over HTTP, and then what was seen."""

import functools
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from tests.race.history import Attempt, History
from tests.race.shapes import WAYS, Shape
from tests.race.stage import USE, Cast, Lane, cast
from tests.support import record
from tests.support.client import WINDOW_HEADER, Answer, Client

# Of blocks that are the performer's own word: what was locked before runs on.
_SPARING = frozenset({"pause by the performer", "revocation"})
_BUSY = 503


def play(here: Lane, shape: Shape, *, window_ms: int, rng: random.Random, url: str) -> History:
    """Race one block against every way to clear a use, with a new performer.

    Every request of the race that clears a use waits ``window_ms`` between its decision and its
    first write; the block falls somewhere in there.
    """
    on_stage = cast(here)
    block = shape.ready(on_stage)
    window = {WINDOW_HEADER: str(window_ms)}
    ways = list(WAYS)
    rng.shuffle(ways)
    offset = rng.uniform(0.3, 0.7) * window_ms / 1000
    with ThreadPoolExecutor(len(ways) + 2) as pool:
        racing = {way: pool.submit(WAYS[way], on_stage, window) for way in ways}
        time.sleep(offset)
        blocking = pool.submit(insist, block)
        # One that starts together with the block, and questions all the while.
        racing["beside the block"] = pool.submit(WAYS["on the work"], on_stage, window)
        checks = _asking(on_stage, blocking)
        attempts = [Attempt(way, future.result()) for way, future in racing.items()]
        answer = blocking.result()
    answer.expect()
    late, questions = _afterwards(on_stage, ways)
    listed = affected(url, str(answer.body["id"]))
    shape.release(on_stage, answer.body)
    return History(
        block=answer,
        attempts=[*attempts, *late],
        checks=[*checks, *questions],
        listed=listed,
        spares_locked=shape.name in _SPARING,
    )


def insist(act: Callable[[], Answer]) -> Answer:
    """Send an act again while it is told to come back; the time of the last try counts."""
    while True:
        answer = act()
        if answer.status != _BUSY:
            return answer
        time.sleep(0.05)


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


def _asking(on_stage: Cast, until: Future[Answer]) -> Sequence[Answer]:
    answers = []
    while not until.done():
        answers.append(ask(on_stage.lane.studio, on_stage.person.id, on_stage.lane.film))
        time.sleep(0.01)
    return answers


def _afterwards(on_stage: Cast, ways: Sequence[str]) -> tuple[list[Attempt], list[Answer]]:
    """Everything once more, now that the block is known: what P1 is about."""
    late = [Attempt(way, insist(functools.partial(WAYS[way], on_stage, {}))) for way in ways]
    here = on_stage.lane
    works = (here.film, here.episode, here.crossover, on_stage.untold)
    return late, [ask(here.studio, on_stage.person.id, work) for work in works]
