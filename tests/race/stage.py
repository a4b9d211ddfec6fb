"""Where a round of the race takes place: a lane that rounds share, and what is new in each."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.store import heads
from tests.support import world
from tests.support.client import Answer, Client
from tests.support.world import Person

FAMILY = "race/stage"  # as stage.toml has it; each lane has one of its own
UNIT = "performers"
USE = "stunt"
_PAY = {"kind": "bargained_flat", "amount": {"amount": "1200.00", "currency": "USD"}}


@dataclass(frozen=True)
class Lane:
    """A studio, a union and a tree of works. Rounds in one lane follow each other."""

    admin: Client
    family: str
    union_id: str
    officer: Client
    second: Client
    studio_id: str
    studio: Client
    # The franchise and, below it: a film, an episode two edges down, a film of another franchise.
    franchise: str
    film: str
    episode: str
    crossover: str


def packs(directory: Path, lanes: int) -> Path:
    """Write the packs that a server with that many lanes adds: an agreement for each."""
    directory.mkdir()
    text = (Path(__file__).parent / "stage.toml").read_text()
    for number in range(lanes):
        copy = text.replace(f'"{FAMILY}"', f'"{_family(number)}"')
        (directory / f"stage_{number}.toml").write_text(copy)
    return directory


def _family(number: int) -> str:
    # Unions with one agreement in common would have standing over each other's lanes.
    return f"{FAMILY}-{number}"


def lane(admin: Client, number: int, *, signatory: bool = True) -> Lane:
    """Build a lane; without ``signatory`` the studio has signed nothing yet."""
    name, family = str(number), _family(number)
    union_id = world.organization(admin, "union", f"Guild {name}", agreements=[family])
    studio_id = world.organization(admin, "studio", f"Studio {name}")
    if signatory:
        sign(admin, studio_id, union_id, family)
    studio = world.member(admin, studio_id, "studio_admin")
    # So that a wide veto may rest on the registry's rules.
    accepted = {"registry_rules_accepted_on": heads.process_clock().date().isoformat()}
    studio.patch(f"/v1/organizations/{studio_id}", accepted, headers={"If-Match": '"v1"'}).expect()
    said: dict[str, Any] = {"content_tags": []}
    franchise = world.work(studio, "franchise", f"Nova {name}", **said)
    other = world.work(studio, "franchise", f"Comet {name}", **said)
    series = world.work(studio, "series", f"Nova series {name}", part_of=franchise, **said)
    crossover = world.work(studio, "film", f"Comet and Nova {name}", part_of=other, **said)
    add_edge(studio, crossover, franchise).expect()
    return Lane(
        admin=admin,
        family=family,
        union_id=union_id,
        officer=world.member(admin, union_id, "union_officer"),
        second=world.member(admin, union_id, "union_officer"),
        studio_id=studio_id,
        studio=studio,
        franchise=franchise,
        film=world.work(studio, "film", f"Nova One {name}", part_of=franchise, **said),
        episode=world.work(studio, "season", f"Season {name}", part_of=series, **said),
        crossover=crossover,
    )


@dataclass(frozen=True)
class Cast:
    """What is new in each round: a performer who consented, and two uses that wait."""

    lane: Lane
    person: Person
    membership: str | None
    grant: str
    # A work of this round alone, whose content was not stated when `planned` was registered.
    untold: str
    planned: str
    cleared: str


def cast(
    here: Lane, *, member: bool = True, film: str | None = None, more: Sequence[str] = ()
) -> Cast:
    """Bring a new performer on the stage of a lane.

    ``film``: where the use that waits to be locked is; ``more``: further works of their consent.
    """
    film = film or here.film
    name = f"Person {secrets.token_hex(4)}"
    person = world.performer(here.studio, here.admin, name, member_of=here.union_id)
    membership = None
    if member:
        membership = world.membership(person, here.officer, here.union_id, unit=UNIT)
    untold = world.work(here.studio, "film", f"Untold {name}", part_of=here.franchise)
    works = dict.fromkeys([film, here.film, here.episode, here.crossover, untold, *more])
    signed = consent(here, person, list(works))
    planned = register(here.studio, person.id, untold, "planned")
    assert planned.expect()["state"] == "planned", planned.raw
    here.studio.patch(
        f"/v1/works/{untold}", {"content_tags": []}, headers={"If-Match": '"v1"'}
    ).expect()
    cleared = register(here.studio, person.id, film, "cleared")
    assert cleared.expect()["state"] == "cleared", cleared.raw
    return Cast(here, person, membership, str(signed["id"]), untold, planned.id, cleared.id)


def consent(here: Lane, person: Person, works: list[str], **terms: Any) -> Mapping[str, Any]:
    """Let a performer consent to everything that a round does."""
    asked = {
        "uses": [USE],
        "description": "Stunts that the performer cannot do.",
        "pay": _PAY,
        "exclusions": [{"axis": "tag", "value": "nudity"}],
    }
    return world.grant(here.studio, person, works, **{**asked, **terms})


def register(
    studio: Client, performer: str, work: str, shot: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """Register one use."""
    body = {"performer": performer, "work": work, "use": USE, "shot": shot}
    return studio.post("/v1/uses", body, headers=headers)


def add_edge(
    studio: Client, child: str, parent: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """Hang a work under another."""
    body = {"parent": parent, "relation": "in_franchise"}
    return studio.post(f"/v1/works/{child}/edges", body, headers=headers)


def sign(admin: Client, studio_id: str, union_id: str, family: str) -> Answer:
    """Record that an agreement binds the studio."""
    body = {"agreement": family, "starts_on": "2020-01-01", "union": union_id}
    return admin.post(f"/v1/organizations/{studio_id}/signatories", body)
