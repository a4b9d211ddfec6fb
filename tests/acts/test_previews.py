"""Previews run the act and undo it: nothing stays, and the act then answers what was shown."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.store.engine import reading
from app.store.tables import metadata
from tests.support.client import new_key
from tests.support.inprocess import World

NOW = {"Consent_Registry_Now": "2026-12-02T12:00:00Z"}
# What an act adds to the answer that its preview cannot have: it is on record.
_ON_RECORD = {"id", "log_index"}
# Names of one request.
_REQUEST = {"trace_id", "instance"}

Body = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """An act and its preview: who, and how each is sent."""

    who: str
    preview: tuple[str, str]
    act: str
    body: Body | None = None


def _veto(scope: Callable[[World], Body], **more: Any) -> Callable[[World], Asked]:
    def asked(world: World) -> Asked:
        body = {
            "kind": "grievance",
            "basis": "Article 12",
            "authority": "national board",
            "scope": scope(world),
            "reason": "Two requests were not answered.",
        }
        return Asked("officer", ("POST", "/v1/vetoes/preview"), "/v1/vetoes", body | more)

    return asked


def _revocation(withdrawal: Body) -> Callable[[World], Asked]:
    def asked(world: World) -> Asked:
        path = f"/v1/grants/{_granted(world, withdrawal)}"
        return Asked("subject", ("GET", f"{path}/revocation-preview"), f"{path}/revocation")

    return asked


def _again(world: World) -> Asked:
    path = f"/v1/grants/{_granted(world, {})}"
    answer = world.post(f"{path}/revocation", "subject", None, Idempotency_Key=new_key(), **NOW)
    assert answer.status_code == 200, answer.text
    return Asked("subject", ("GET", f"{path}/revocation-preview"), f"{path}/revocation")


def _granted(world: World, withdrawal: Body) -> str:
    """A consent with a use in every stage."""
    body = {
        "performer": world.ids["subject"],
        "work": world.ids["lone"],
        "uses": ["stunt", "alter"],
        "description": {"text": "a fall", "tags": ["stunts"]},
        "pay": {"kind": "none"},
        "withdrawal": withdrawal,
    }
    made = world.make("/v1/grants", "studio", body)
    path = f"/v1/grants/{made['id']}/acceptance"
    signed = {"terms_hash": made["terms_hash"]}
    assert world.post(path, "subject", signed, Idempotency_Key=new_key()).status_code == 200
    for shot, tags in (("a", ["stunts"]), ("b", ["stunts"]), ("c", None)):
        use = {"performer": world.ids["subject"], "work": world.ids["lone"], "use": "stunt"}
        said = {"shot": shot} | ({} if tags is None else {"description": {"tags": tags}})
        answer = world.post("/v1/uses", "studio", use | said, Idempotency_Key=new_key())
        assert answer.status_code == 201, answer.text
        if shot == "a":
            world.make(f"/v1/uses/{answer.json()['id']}/lock", "studio")
    return str(made["id"])


def _of_ann(world: World) -> Body:
    _granted(world, {})
    return {"performer": world.ids["subject"]}


CASES = {
    "a veto with uses under it": (_veto(_of_ann, timing="full"), 201),
    "a veto that only flags": (
        _veto(_of_ann, kind="policy", basis="RG-03", review_by="2027-01-10"),
        201,
    ),
    "a veto that waits for a second officer": (
        _veto(lambda _: {"all_members": True}),
        201,
    ),
    "a veto without standing": (_veto(lambda world: {"studio": world.ids["rival"]}), 409),
    "a veto without a basis": (_veto(_of_ann, basis=""), 422),
    "a revocation at any time": (_revocation({}), 200),
    "a revocation after two days": (_revocation({"new_uses": "after_days", "days": 2}), 200),
    "a revocation without the right": (_revocation({"new_uses": "only_if_agreement_says"}), 200),
    "a revocation of what is revoked": (_again, 409),
}


@pytest.mark.parametrize(("made", "status"), CASES.values(), ids=[*CASES])
def test_a_preview_leaves_nothing_and_shows_what_the_act_answers(
    world: World, made: Callable[[World], Asked], status: int
) -> None:
    _member(world)
    asked = made(world)
    before = _tables(world)

    method, path = asked.preview
    shown = world.send(method, path, asked.who, asked.body, **NOW)

    assert _changed(before, _tables(world)) <= _kept_reads(asked)
    done = world.post(asked.act, asked.who, asked.body, Idempotency_Key=new_key(), **NOW)
    assert done.status_code == status, done.text
    assert shown.status_code == (200 if status == 201 else status), shown.text
    told, answered = _told(shown.json()), _told(done.json())
    if "takes_second" in told:
        # A preview lists what the veto would stop, also where the act still waits for a second
        # officer; and it has no number to show.
        shared = told.keys() & answered.keys() - ({"affected"} if told["takes_second"] else set())
        assert told["affected"] == len(told["uses"])
        told, answered = ({name: one[name] for name in shared} for one in (told, answered))
        assert "scope" in shared
    assert told == answered
    assert status > 201 or _changed(before, _tables(world)) >= {"log_entry", "log_payload"}


def test_a_preview_takes_no_number_and_no_key(world: World) -> None:
    _member(world)
    asked = _veto(lambda world: {"performer": world.ids["subject"]})(world)
    first = world.post(asked.act, asked.who, asked.body, Idempotency_Key=new_key(), **NOW)
    shown = [world.post(asked.preview[1], asked.who, asked.body, **NOW) for _ in range(3)]

    done = world.post(asked.act, asked.who, asked.body, Idempotency_Key=new_key(), **NOW)

    assert all("number" not in one.json() for one in shown)
    taken = [int(one.json()["number"].removeprefix("V-")) for one in (first, done)]
    assert taken[1] == taken[0] + 1


def _member(world: World) -> None:
    """Somebody new each time, for the registry is shared by the module."""
    world.tokens.pop("subject", None)
    world.performer("subject", contact=f"{new_key()}@performer.example")
    world.claim("subject")
    world.work("lone")
    path = f"/v1/performers/{world.ids['subject']}/memberships"
    body = {"union": world.ids["union"], "unit": "performers", "starts_on": "2024-01-15"}
    made = world.make(path, "subject", body)
    world.make(f"{path}/{made['id']}/confirmation", "officer")


def _kept_reads(asked: Asked) -> set[str]:
    # What an officer looks at is on record for the performer to see, a preview like a page.
    return {"ask"} if asked.who == "officer" else set()


def _told(body: Body) -> Body:
    told = {k: v for k, v in body.items() if k not in _ON_RECORD | _REQUEST}
    if "detail" in told:
        # The act says that the question is on record, and the preview that nothing is.
        told["detail"] = told["detail"].partition(" Nothing was recorded")[0].partition(" Only")[0]
    return told


def _tables(world: World) -> dict[str, str]:
    """Every row of every table, as text."""
    with reading(world.app.state.registry.store) as session:
        return {
            table.name: json.dumps(
                [
                    [repr(value) for value in row]
                    for row in session.execute(select(table).order_by(*table.primary_key))
                ]
            )
            for table in metadata.sorted_tables
        }


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]}
