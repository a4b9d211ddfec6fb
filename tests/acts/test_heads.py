"""What each act of these nouns holds, and the one entry that it leaves.

An act that could change an answer holds, exclusively, a head that every affected registration
holds too; without that a use could be cleared on facts that were changing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.store import log
from app.store.engine import reading
from tests.support.inprocess import FAMILY, World

Holds = set[tuple[str, str, bool]]
Step = Callable[[World, dict[str, str]], dict[str, Any]]
_NUMBER = count()


@contextmanager
def holding(world: World) -> Iterator[Holds]:
    """The heads that are held while the block runs, as kind, id and whether exclusively."""
    store = world.app.state.registry.store
    held: Holds = set()
    hold = store.hold

    def noted(session: Session, kind: str, id_: str, *, exclusive: bool) -> None:
        held.add((kind, id_, exclusive))
        hold(session, kind, id_, exclusive=exclusive)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "hold", noted)
        yield held


def tip(world: World) -> int:
    with reading(world.app.state.registry.store) as session:
        return log.tip(session).index


def a_stage(world: World) -> dict[str, str]:
    """Ids by name: a studio under an agreement, a hired member, a film below a franchise."""
    n = next(_NUMBER)
    who = f"holder{n}"
    ids = {"studio": world.studio(who), "who": who, "union": world.ids["union"]}
    path = f"/v1/organizations/{ids['studio']}/signatories"
    signed = {"agreement": FAMILY, "starts_on": "2023-11-09"}
    ids["signatory"] = world.make(path, who, signed)["id"]
    person = f"held{n}"
    body = {
        "name": person,
        "contact": f"{person}@example.org",
        "adult": True,
        "member_of": ids["union"],
    }
    ids["performer"] = world.ids[person] = world.make("/v1/performers", who, body)["id"]
    world.claim(person)
    ids["person"] = person
    path = f"/v1/performers/{ids['performer']}/memberships"
    ids["membership"] = world.make(path, person, {"union": ids["union"]})["id"]
    ids["top"] = world.work(f"top{n}", who, kind="franchise")
    ids["film"] = world.work(f"film{n}", who, part_of=ids["top"], agreement=FAMILY)
    ids["other"] = world.work(f"other{n}", who)
    body = {"performer": ids["performer"], "work": ids["film"]}
    ids["engagement"] = world.make("/v1/engagements", who, body)["id"]
    plan = body | {"use": "stunt", "days": "1", "basis": "One day."}
    ids["estimate"] = world.make("/v1/estimates", who, plan)["id"]
    ids["replica"] = world.make(
        "/v1/replicas", who, {"performer": ids["performer"], "made_before": "ab" * 32}
    )["id"]
    return ids


def act(who: str, path: str, body: dict[str, Any] | None = None, etag: str | None = None) -> Step:
    """An act; names in braces stand for ids, in the path and in the values of the body."""

    def run(world: World, ids: dict[str, str]) -> dict[str, Any]:
        sent = {
            name: value.format(**ids) if isinstance(value, str) else value
            for name, value in (body or {}).items()
        }
        method, headers = ("POST", {}) if etag is None else ("PATCH", {"If_Match": etag})
        answer = world.send(
            method, path.format(**ids), ids.get(who, who), sent if body else None, **headers
        )
        assert answer.status_code in {200, 201}, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return run


PERFORMER = {("performer", "performer")}
FILM = {("work", "film")}
STUDIO = {("organization", "studio")}
_STARTS = "2099-01-01T12:00:00Z"

ACTS = [
    (
        "organization.changed",
        act(
            "who",
            "/v1/organizations/{studio}",
            {"registry_rules_accepted_on": "2099-01-01"},
            '"v1"',
        ),
        STUDIO,
        set(),
    ),
    (
        "signatory.recorded",
        act("office", "/v1/organizations/{studio}/signatories/{signatory}/confirmation"),
        STUDIO,
        {("organization", "union")},
    ),
    (
        "signatory.ended",
        act(
            "office",
            "/v1/organizations/{studio}/signatories/{signatory}/end",
            {"ends_on": "2099-01-01"},
        ),
        STUDIO,
        {("organization", "union")},
    ),
    (
        "principal.added",
        act("who", "/v1/organizations/{studio}/users", {"role": "studio_finance"}),
        set(),
        set(),
    ),
    ("performer.vouched", act("office", "/v1/performers/{performer}/vouch"), PERFORMER, set()),
    (
        "performer.changed",
        act("person", "/v1/performers/{performer}", {"residence": "US-IL"}, '"v2"'),
        PERFORMER,
        set(),
    ),
    (
        "membership.confirmed",
        act("officer", "/v1/performers/{performer}/memberships/{membership}/confirmation"),
        PERFORMER,
        {("organization", "union")},
    ),
    (
        "membership.ended",
        act(
            "person",
            "/v1/performers/{performer}/memberships/{membership}/end",
            {"ends_on": "2099-01-01"},
        ),
        PERFORMER,
        {("organization", "union")},
    ),
    (
        "representation.stated",
        act(
            "office",
            "/v1/performers/{performer}/representations",
            {
                "kind": "executor",
                "powers": ["sign"],
                "representative": "{agency}",
                "document_hash": "ab" * 32,
            },
        ),
        PERFORMER,
        set(),
    ),
    (
        "work.changed",
        act("who", "/v1/works/{film}", {"photography_start": "2026-08-03"}, '"v1"'),
        FILM,
        set(),
    ),
    (
        "work.owner_changed",
        act("who", "/v1/works/{film}/owner", {"owner": "{rival}"}),
        FILM,
        STUDIO | {("organization", "rival")},
    ),
    (
        "edge.recorded",
        act("who", "/v1/works/{other}/edges", {"parent": "{film}"}),
        {("work", "other")},
        FILM | {("work", "top")},
    ),
    (
        "engagement.recorded",
        act("who", "/v1/engagements", {"performer": "{performer}", "work": "{film}"}),
        PERFORMER,
        FILM | STUDIO | {("work", "top"), ("organization", "union")},
    ),
    (
        "engagement.changed",
        act("who", "/v1/engagements/{engagement}", {"covered_days": "1"}, '"v1"'),
        PERFORMER,
        FILM | STUDIO,
    ),
    (
        "capture_session.planned",
        act("who", "/v1/capture-sessions", {"engagement": "{engagement}", "starts_at": _STARTS}),
        PERFORMER,
        set(),
    ),
    (
        "replica.changed",
        act("who", "/v1/replicas/{replica}/state", {"state": "quarantined"}),
        PERFORMER,
        set(),
    ),
    ("estimate.agreed", act("person", "/v1/estimates/{estimate}/agreement"), PERFORMER, set()),
    (
        "attestation.made",
        act("who", "/v1/attestations", {"kind": "safety", "text": "x", "work": "{film}"}),
        FILM,
        set(),
    ),
    (
        "attestation.made",
        act("vendor", "/v1/attestations", {"kind": "security", "text": "x"}),
        {("registry", "registry")},
        set(),
    ),
    (
        "notice.sent",
        act(
            "who",
            "/v1/notices",
            {"kind": "training", "performer": "{performer}", "content": "x"},
        ),
        PERFORMER,
        set(),
    ),
    (
        "work_day.counted",
        act(
            "who",
            "/v1/work-days",
            {
                "work": "{film}",
                "day": "2026-11-21",
                "required_background": 1,
                "human_background": 1,
            },
        ),
        {("work_day", "day")},
        set(),
    ),
]


@pytest.mark.parametrize(
    ("entry", "step", "exclusive", "shared"),
    [pytest.param(*case, id=f"{case[0]}-{n}") for n, case in enumerate(ACTS)],
)
def test_an_act_holds_what_registrations_hold_and_leaves_one_entry(
    world: World,
    entry: str,
    step: Step,
    exclusive: set[tuple[str, str]],
    shared: set[tuple[str, str]],
) -> None:
    ids = a_stage(world) | {name: world.ids[name] for name in ("agency", "rival")}
    ids["registry"] = "registry"
    ids["day"] = f"{ids['film']}:2026-11-21"
    world.person("officer")
    world.person("vendor")
    # Tokens are got before, so that only the act is seen.
    world.token(ids["who"])
    before = tip(world)
    with holding(world) as held:
        done = step(world, ids)
    assert {(kind, id_) for kind, id_, alone in held if alone} == {
        (kind, ids[name]) for kind, name in exclusive
    }
    assert {(kind, ids[name], False) for kind, name in shared} <= held
    assert done["log_index"] == tip(world) == before + 1
    event = world.get(f"/v1/events/{done['log_index']}", "office").json()
    assert event["type"] == entry
