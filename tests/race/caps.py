"""Many registrations under a consent for one use."""

from concurrent.futures import ThreadPoolExecutor

from tests.race import stage
from tests.race.rounds import gate
from tests.race.stage import Lane
from tests.support import world
from tests.support.client import Answer

# As many can stand at the gate and leave connections and threads to the others.
_AHEAD = 6


def spend(here: Lane, *, count: int, patience: float) -> list[Answer]:
    """Register ``count`` uses at once under a cap of one; some stop after their decision."""
    person = world.performer(here.studio, here.admin, "Once")
    stage.consent(here, person, [here.film], max_uses=1)

    def one(number: int, headers: dict[str, str]) -> Answer:
        return stage.register(here.studio, person.id, here.film, str(number), headers)

    with ThreadPoolExecutor(count) as pool, gate() as held:
        sent = [pool.submit(one, number, held.headers) for number in range(_AHEAD)]
        held.wait_for(_AHEAD, patience)
        sent += [pool.submit(one, number, {}) for number in range(_AHEAD, count)]
        held.open()
        return [future.result() for future in sent]
