"""The world of a walk: what was made so far, and the chance that picks from it."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.rules.facts import instant
from tests.model.cast import FAMILY, Cast
from tests.model.reference import Edge, Simple, Span
from tests.model.twin import OFFICE, Answer, Side

Body = dict[str, Any]

# Performers and works of the simple world: nobody else's acts reach them.
SIMPLE_PERFORMERS = ("ann", "bea")
SIMPLE_WORKS = ("saga", "one", "two")
USES = ("stunt", "face_replace", "crowd", "synthesize_voice", "alter", "dub", "de_age", "promo")
SIMPLE_USES = ("stunt", "face_replace", "alter")
# Performers of the wide world, with the studio that recorded them.
WIDE_PERFORMERS = {"cleo": "oriel", "dana": "oriel", "eve": "plain", "kid": "oriel"}
# Of the wide world too, but no act on others reaches her or her work: for what has to succeed.
QUIET_PERFORMER, QUIET_WORK, QUIET_STUDIO = "fay", "quiet", "plain"
WIDE_WORKS = {
    "nova": ("oriel", "franchise", {}),
    "dawn": ("oriel", "film", {"part_of": "nova"}),
    "show": ("oriel", "series", {"part_of": "nova"}),
    "pilot": ("oriel", "episode", {"part_of": "show"}),
    "lone": ("plain", "film", {}),
    "other": ("rival", "film", {}),
}


@dataclass
class World:
    """Ids by kind of what acts have made, besides those of the simple world."""

    cast: Cast
    rng: random.Random
    simple: Simple = field(default_factory=Simple)
    made: dict[str, list[str]] = field(default_factory=dict)
    # Who may act on what was made: the studio of a grant, the performer of a membership.
    sides: dict[str, tuple[str, ...]] = field(default_factory=dict)
    works: dict[str, str] = field(default_factory=dict)  # id to owner, of the wide world
    simple_works: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)  # of consents and uses, as last answered

    @property
    def now(self) -> datetime:
        """The instant of the next act."""
        return self.cast.twin.now

    @property
    def today(self) -> date:
        """The day of the next act."""
        return self.now.date()

    def id(self, name: str) -> str:
        """The id of somebody or something that has a name."""
        return self.cast.ids[name]

    def later(self, **span: float) -> str:
        """An instant still to come, on the wire."""
        return (self.now + timedelta(**span)).isoformat()

    def day(self, days: int) -> str:
        """A day so many days from now, on the wire."""
        return (self.today + timedelta(days=days)).isoformat()

    def pick(self, among: Iterable[str]) -> str | None:
        """One of them by chance; nothing of nothing."""
        found = list(among)
        return self.rng.choice(found) if found else None

    def any_of(self, kind: str) -> str | None:
        """Something of that kind; most often what was made last."""
        found = self.made.get(kind, [])
        return self.pick(found[-2:] if self.rng.random() < 0.6 else found)

    def keep(self, kind: str, id_: str, *sides: str) -> None:
        """Remember what an act has made."""
        self.made.setdefault(kind, []).append(id_)
        self.sides[id_] = sides

    def read(self, who: str, path: str) -> Answer:
        """What somebody sees now."""
        return self.cast.twin.get(who, path)


def built(cast: Cast, rng: random.Random) -> World:
    """The world in which every walk begins, built through the acts."""
    world = World(cast, rng)
    cast.make(
        OFFICE,
        f"/v1/organizations/{cast.ids['oriel']}/signatories",
        {"agreement": FAMILY, "starts_on": "2023-11-09", "union": cast.ids["guild"]},
    )
    for name in SIMPLE_PERFORMERS:
        cast.performer(name, "plain")
        cast.member(name)
    for name in SIMPLE_WORKS:
        more = {} if name == "saga" else {"part_of": cast.ids["saga"]}
        cast.work(name, "plain", "film" if more else "franchise", **more)
        world.simple_works.append(cast.ids[name])
        if more:
            hang(world, cast.ids[name], "saga")
    for name, studio in WIDE_PERFORMERS.items():
        born = {"birth_date": "2015-03-04", "adult": False} if name == "kid" else {}
        cast.performer(name, studio, **born)
    for name, (owner, kind, more) in WIDE_WORKS.items():
        said = {key: cast.ids[value] for key, value in more.items()}
        if owner == "oriel":
            said |= {"agreement": FAMILY, "photography_start": "2026-09-01"}
        cast.work(name, owner, kind, **said)
        world.works[cast.ids[name]] = owner
    cast.member("cleo")
    cast.performer(QUIET_PERFORMER, QUIET_STUDIO)
    cast.work(QUIET_WORK, QUIET_STUDIO)
    for name in ("cleo", "dana"):
        body = {"performer": cast.ids[name], "work": cast.ids["dawn"], "rate": {"kind": "daily"}}
        made = cast.make("oriel", "/v1/engagements", body)
        world.keep("engagement", made["id"], "oriel", name)
    return world


def hang(world: World, child: str, parent: str) -> None:
    """Tell the reference by which edge a work of the simple world hangs on another."""
    seen = world.read("plain", f"/v1/works/{child}").expect()["edges"]
    for edge in seen:
        if edge["id"] not in world.simple.edges and edge["parent"] == world.cast.ids.get(
            parent, parent
        ):
            world.simple.edges[edge["id"]] = to_edge(edge)


def to_edge(edge: Body) -> Edge:
    """An edge as the reference has it."""
    announced = edge["announced_at"]
    return Edge(
        child=edge["child"],
        parent=edge["parent"],
        span=Span(instant(edge["valid_from"])),
        same=edge["relation"] in {"season_of", "episode_of", "edit_of"},
        announced=None if announced is None else instant(announced),
    )


@dataclass(frozen=True)
class Move:
    """One act that could be done now. ``after`` is told the answer if it was done."""

    who: str | None
    path: str
    body: Body | None = None
    method: str = "POST"
    match: str | None = None
    after: Callable[[Body], None] = lambda _: None
    # What no route offers, done at each engine itself.
    run: Callable[[Side, datetime], None] | None = None


# By type of entry: the ways in which an act writes one.
Way = Callable[[World], Move | None]
WAYS: dict[str, list[Way]] = {}
# Those that make what they need themselves, and so can be gone whatever was done before.
SURE: set[Way] = set()


def way(*types: str, sure: bool = False) -> Callable[[Way], Way]:
    """Declare a way to write an entry of a type (of either, where it depends)."""

    def declared(fn: Way) -> Way:
        for type_ in types:
            WAYS.setdefault(type_, []).append(fn)
        if sure:
            SURE.add(fn)
        return fn

    return declared


def studio_of(w: World) -> str:
    """A studio of the wide world."""
    return w.rng.choice(["oriel", "oriel", "plain"])


def performer(w: World) -> str:
    """A performer of the wide world."""
    return w.rng.choice(["cleo", "eve", *WIDE_PERFORMERS])


def work_of(w: World, studio: str) -> str:
    """A work that a studio owns; where it sold them all, one that it recorded."""
    owned = [work for work, owner in w.works.items() if owner == studio]
    return w.rng.choice(owned or [w.id("nova")])


def newcomer(w: World) -> str:
    """The name of somebody who has just come, and whom no other act reaches."""
    name = f"new{w.rng.randrange(10**9)}"
    w.cast.performer(name, QUIET_STUDIO)
    return name


def named(w: World, id_: str) -> str:
    """The name under which the person of a record acts."""
    return next(name for name, known in w.cast.ids.items() if known == id_)


def in_state(w: World, *states: str) -> tuple[str, str, str, Body, str | None] | None:
    """A consent of the wide world in one of the states, as the performer sees it now."""
    id_ = w.pick(found for found in w.made.get("grant", []) if w.states[found] in states)
    if id_ is None:
        return None
    studio, name = w.sides[id_]
    seen = w.read(name, f"/v1/grants/{id_}")
    return id_, studio, name, seen.expect(), seen.etag
