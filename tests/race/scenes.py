"""Races in which the block was there first, and an act brings uses under it while they are cleared.

The act is an edge, a confirmed membership, a merge of two records, or an agreement that the studio
signs.
"""

import functools
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from tests.race import stage
from tests.race.history import Attempt, History
from tests.race.rounds import Play, affected, ask, gate, race
from tests.race.stage import UNIT, Cast, Lane
from tests.support import record, world
from tests.support.client import Answer

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Scene:
    """One act that brings uses under a veto, and the ways that race with it."""

    name: str
    ways: tuple[str, ...]
    play: Callable[[Lane, Play, str], History]
    # Whether the studio has signed the lane's agreement before.
    signatory: bool = True


def _proposed(here: Lane, scope: Mapping[str, Any], kind: str = "grievance") -> str:
    body = {
        "kind": kind,
        "basis": "RG-03",
        "authority": "National board",
        "scope": dict(scope),
        "timing": "full",
        "reason": "Two requests were not answered.",
    }
    return here.officer.post("/v1/vetoes", body).id


def _second(here: Lane, veto: str) -> Answer:
    return here.second.post(f"/v1/vetoes/{veto}/confirmation")


def _wide_veto(here: Lane, scope: Mapping[str, Any], kind: str = "grievance") -> str:
    proposed = _proposed(here, scope, kind)
    _second(here, proposed).expect()
    return proposed


def _lift(here: Lane, veto: str) -> None:
    here.officer.post(f"/v1/vetoes/{veto}/lift", {"reason": "Settled."}).expect()


def _uses(on_stage: Cast, works: Mapping[str, str]) -> dict[str, Callable[[Headers], Answer]]:
    studio, performer = on_stage.lane.studio, on_stage.person.id

    def again(headers: Headers, *, act: str, use: str) -> Answer:
        return studio.post(f"/v1/uses/{use}/{act}", headers=headers)

    def new(headers: Headers, *, work: str, shot: str) -> Answer:
        return stage.register(studio, performer, work, shot, headers)

    return {
        **{way: functools.partial(new, work=work, shot=way) for way, work in works.items()},
        "recheck of a planned use": functools.partial(again, act="recheck", use=on_stage.planned),
        "lock of a cleared use": functools.partial(again, act="lock", use=on_stage.cleared),
    }


def _history(
    here: Lane, veto: str, answer: Answer, attempts: list[Attempt], asked: list[Answer], url: str
) -> History:
    listed = affected(url, veto)
    _lift(here, veto)
    return History(answer, attempts, asked, listed, spares_locked=False)


def _edge(here: Lane, how: Play, url: str) -> History:
    """A work with uses under way is hung under a franchise that is vetoed."""
    name = secrets.token_hex(4)
    vetoed = world.work(here.studio, "franchise", f"Vetoed {name}", content_tags=[])
    outside = world.work(here.studio, "series", f"Outside {name}", content_tags=[])
    below = world.work(here.studio, "season", f"Below {name}", part_of=outside, content_tags=[])
    veto = _wide_veto(here, {"work": vetoed})
    on_stage = stage.cast(here, film=outside, more=[below])
    ways = _uses(on_stage, {"on the work": outside, "below the work": below})
    del ways["recheck of a planned use"]  # its work is elsewhere
    act = functools.partial(stage.add_edge, here.studio, outside, vetoed)
    answer, attempts = race(how, ways, act)
    late = [Attempt(way, ways[way]({})) for way in sorted(ways)]
    asked = [ask(here.studio, on_stage.person.id, work) for work in (outside, below)]
    return _history(here, veto, answer, [*attempts, *late], asked, url)


def _membership(here: Lane, how: Play, url: str) -> History:
    """The union confirms a membership while all its members are under a veto."""
    veto = _wide_veto(here, {"all_members": True})
    on_stage = stage.cast(here, member=False)
    path = f"/v1/performers/{on_stage.person.id}/memberships"
    stated = on_stage.person.client.post(path, {"union": here.union_id, "unit": UNIT}).id
    ways = _uses(on_stage, {"on the work": here.film})
    act = functools.partial(here.officer.post, f"{path}/{stated}/confirmation")
    answer, attempts = race(how, ways, act)
    late = [Attempt(way, ways[way]({})) for way in sorted(ways)]
    asked = [ask(here.studio, on_stage.person.id, here.film)]
    return _history(here, veto, answer, [*attempts, *late], asked, url)


def _signatory(here: Lane, how: Play, url: str) -> History:
    """The studio signs an agreement that is struck."""
    veto = _wide_veto(here, {"agreement": here.family, "unit": UNIT}, kind="strike")
    on_stage = stage.cast(here, member=False)
    ways = _uses(on_stage, {"on the work": here.film})
    signing = functools.partial(stage.sign, here.admin, here.studio_id, here.union_id, here.family)
    answer, attempts = race(how, ways, signing)
    late = [Attempt(way, ways[way]({})) for way in sorted(ways)]
    asked = [ask(here.studio, on_stage.person.id, here.film)]
    done = _history(here, veto, answer, [*attempts, *late], asked, url)
    end = f"/v1/organizations/{here.studio_id}/signatories/{answer.body['id']}/end"
    # Over before the next round: its last day is one that has passed.
    here.admin.post(end, {"ends_on": "2020-01-02"}).expect()
    return done


def _merge(here: Lane, how: Play, url: str) -> History:
    """Two persons say that the performer is also on record as somebody who is under a veto."""
    name = f"Other {secrets.token_hex(4)}"
    other = world.performer(here.studio, here.admin, name, member_of=here.union_id)
    world.membership(other, here.officer, here.union_id, unit=UNIT)
    veto = _proposed(here, {"performer": other.id})
    on_stage = stage.cast(here, member=False)
    ways = _uses(on_stage, {"on the work": here.film})
    path = f"/v1/performers/{other.id}/merge"
    proposed = here.admin.post(path, {"other": on_stage.person.id}).id
    act = functools.partial(here.officer.post, f"{path}/{proposed}/confirmation")
    answer, attempts = race(how, ways, act)
    late = [Attempt(way, ways[way]({})) for way in sorted(ways)]
    asked = [ask(here.studio, on_stage.person.id, here.film)]
    return _history(here, veto, answer, [*attempts, *late], asked, url)


def edge_then_veto(here: Lane, how: Play, url: str) -> History:
    """An edge is made while a registration waits for its heads, and the new parent is vetoed.

    The heads of the registration were worked out before the edge. Who does not look again does not
    hold the head of the new parent, and the veto does not wait. PostgreSQL only: SQLite's one
    writer works out nothing before the edge is committed.
    """
    name = secrets.token_hex(4)
    parent = world.work(here.studio, "franchise", f"Parent {name}", content_tags=[])
    film = world.work(here.studio, "film", f"Film {name}", content_tags=[])
    person = world.performer(here.studio, here.admin, f"Person {name}", member_of=here.union_id)
    world.membership(person, here.officer, here.union_id, unit=UNIT)
    stage.consent(here, person, [film])
    veto = _proposed(here, {"work": parent})
    with ThreadPoolExecutor(3) as pool, gate() as first, gate() as second:
        edge = pool.submit(stage.add_edge, here.studio, film, parent, first.headers)
        first.wait_for(1, how.patience)
        sent = pool.submit(stage.register, here.studio, person.id, film, "late", second.headers)
        _wait_for_a_waiter(url)
        first.open()
        edge.result().expect()
        second.wait_for(1, how.patience)
        blocking = pool.submit(_second, here, veto)
        wait([blocking], timeout=how.patience)
        second.open()
        attempt, answer = Attempt("on the work", sent.result()), blocking.result()
    answer.expect()
    return _history(here, veto, answer, [attempt], [], url)


def _wait_for_a_waiter(url: str) -> None:
    began = time.perf_counter()
    query = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while not record.values(url, query):
        assert time.perf_counter() - began < _WAITER_SECONDS, "nobody waits for a head"
        time.sleep(0.01)


_WAITER_SECONDS = 20.0
_AGAIN = ("recheck of a planned use", "lock of a cleared use")
SCENES = (
    Scene("an edge", ("on the work", "below the work", "lock of a cleared use"), _edge),
    Scene("a confirmed membership", ("on the work", *_AGAIN), _membership),
    Scene("a merge of two records", ("on the work", *_AGAIN), _merge),
    Scene("a signed agreement", ("on the work", *_AGAIN), _signatory, signatory=False),
)
