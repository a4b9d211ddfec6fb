"""A world that is being put on record: what its ids became, who speaks for whom, and when."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from app.conformance.server import NotAskableError, Server
from app.rules.facts import Document, instant

# Before everything else that a world knows.
EARLY: Final = datetime(2010, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)
_ADULT_YEARS: Final = 18

# What the people of an organization are; one acts for it wherever no role is named.
_ROLES: Final[Mapping[tuple[str, str], str]] = {
    ("studio", ""): "studio_clearance",
    ("studio", "admin"): "studio_admin",
    ("union", ""): "union_officer",
    ("union", "second"): "union_officer",
    ("vendor", ""): "vendor",
}

Json = dict[str, Any]
# Acts with their instants; each takes its instant as the server's clock has it.
Steps = Iterator[tuple[datetime, Callable[[str], None]]]


@dataclass
class Told:
    """A world on a server: what each of its ids became, and who speaks for whom."""

    server: Server
    world: Document
    check: Document
    mark: str
    ids: dict[str, str] = field(default_factory=dict)
    # Principals: of an organization by role, of a performer, of a representation.
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    # The server numbers vetoes itself; here is which number of the world each of its own is.
    numbers: dict[str, str] = field(default_factory=dict)

    def id(self, name: str) -> str:
        """The server's id for an id of the world; what the world does not have stays as it is."""
        return self.ids.get(name, name)

    def who(self, name: str, role: str = "") -> str:
        """The principal who speaks for an organization or performer.

        Raises:
            NotAskableError: nobody can.
        """
        if (name, role) not in self.people:
            self.people[name, role] = self._new_person(name, role)
        return self.people[name, role]

    def _new_person(self, name: str, role: str) -> str:
        """Somebody of an organization, who is given the role when first needed."""
        kind = self.of("organizations").get(name, {}).get("kind", "")
        if (kind, role) not in _ROLES:
            raise NotAskableError(f"nobody can act for `{name}`")
        path = f"/v1/organizations/{self.id(name)}/users"
        body = {"role": _ROLES[kind, role]}
        added = self.server.act(self.server.office, path, body, at=EARLY.isoformat())
        return str(added["id"])

    def of(self, kind: str) -> Mapping[str, Document]:
        """The documents of a kind."""
        found: Mapping[str, Document] = self.world.get(kind, {})
        return found

    @property
    def studio(self) -> str:
        """The studio that records people and works which name none: the one that asks.

        Where works were sold, the first seller: what is sold was on record before.

        Raises:
            NotAskableError: there is none.
        """
        sales = sorted(self.of("sales").values(), key=lambda sale: str(sale["starts_on"]))
        asking = sales[0]["seller_id"] if sales else self.check.get("producer")
        if asking is not None:
            return str(asking)
        for name, document in self.of("organizations").items():
            if document["kind"] == "studio":
                return name
        raise NotAskableError("a world without a studio")


def on_record(told: Told, kind: str, name: str) -> datetime:
    """A moment at which something of the world is on record and can be spoken of."""
    document = told.of(kind)[name]
    if kind == "works":
        return added(document) + TICK
    if kind == "capture_sessions":
        return planned_at(told, document) + TICK
    claimed = document.get("claimed_at")
    return max(born_at(document), instant(claimed) if claimed else EARLY) + TICK


def planned_at(told: Told, session: Document) -> datetime:
    """When a capture session came on record: with its notice, else with the engagement."""
    engagement = told.of("engagements")[session["engagement_id"]]
    return instant(session.get("notice_sent_at") or engagement["engaged_at"])


def born_at(performer: Document) -> datetime:
    """The first moment at which a performer can be on record."""
    adult_from = performer.get("adult_from")
    if adult_from is None:
        return EARLY
    return max(EARLY, day(years_before(adult_from).isoformat()) + HOUR)


def years_before(adult_from: str) -> date:
    """The birth date of somebody who is an adult from that day on."""
    came_of_age = date.fromisoformat(adult_from)
    try:
        return came_of_age.replace(year=came_of_age.year - _ADULT_YEARS)
    except ValueError:  # nobody comes of age on 29 February: the next day it is
        return date(came_of_age.year - _ADULT_YEARS, 3, 1)


def given(document: Document, *members: str) -> Json:
    """The members that a document has."""
    return {name: document[name] for name in members if document.get(name) is not None}


def answers(document: Document, no: str, no_at: str | None) -> Iterator[tuple[str, str]]:
    """What was answered, and when: the ``no`` first where a yes came after it."""
    answered_at = document.get("answered_at")
    if no_at is not None and no_at != answered_at:
        yield no, no_at
    if answered_at is not None:
        yield document["answer"], answered_at


def undisputed(document: Document) -> None:
    """Say that nobody can dispute it.

    Raises:
        NotAskableError: somebody does.
    """
    if document.get("disputed_by"):
        raise NotAskableError("a dispute of what only its author states")


def day(text: str) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime.combine(date.fromisoformat(text), time.min, UTC)


def added(work: Document) -> datetime:
    """When a work came on record."""
    return instant(work["added_at"]) if work.get("added_at") else EARLY
