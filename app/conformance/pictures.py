"""Telling of works, engagements, capture sessions, replicas, and uses of them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from app.conformance.server import NotAskableError, UnexpectedError
from app.conformance.told import (
    Steps,
    Told,
    added,
    answers,
    day,
    given,
    on_record,
    planned_at,
    undisputed,
)
from app.rules.facts import Document, instant


def work(told: Told, name: str, document: Document) -> Steps:
    """A work."""

    def record(at: str) -> None:
        body = {
            "kind": document.get("kind", "film"),
            "title": document.get("title", name),
            **given(document, "agreement", "photography_start", "first_exposed_on", "content_tags"),
            **given(document, "running_minutes"),
            **given(document, "advertiser", "product_line", "mpu_ends_on", "dynamic_audio_waiver"),
        }
        who = told.who(document.get("owner_id") or told.studio)
        told.ids[name] = told.server.act(who, "/v1/works", body, at=at)["id"]

    undisputed(document)
    yield added(document), record


def edge(told: Told, name: str, document: Document) -> Steps:
    """A work under another, and the end of that."""
    child = told.of("works")[document["child"]]
    who = child.get("owner_id") or told.studio

    def add(at: str) -> None:
        body = {
            "parent": told.id(document["parent"]),
            **given(document, "relation", "announced_at"),
        }
        path = f"/v1/works/{told.id(document['child'])}/edges"
        told.ids[name] = told.server.act(told.who(who), path, body, at=at)["id"]

    def end(at: str) -> None:
        told.server.act(told.who(who), f"/v1/edges/{told.id(name)}/end", at=at)

    undisputed(document)
    yield instant(document["valid_from"]), add
    if document.get("valid_to"):
        yield instant(document["valid_to"]), end


def engagement(told: Told, name: str, document: Document) -> Steps:
    """An engagement, and a dispute of it."""
    performer = document["performer_id"]

    def record(at: str) -> None:
        body = {
            "performer": told.id(performer),
            "work": told.id(document["work_id"]),
            **given(document, "role_class", "character", "agreement", "engaged_at", "rate"),
            **given(document, "contract_days", "covered_days"),
        }
        who = told.who(document["producer_id"])
        made = told.server.act(who, "/v1/engagements", body, at=at)
        told.ids[name] = made["id"]
        if made.get("agreement") != document.get("agreement"):
            raise UnexpectedError(f"`{name}` came to stand under `{made.get('agreement')}`")
        if document.get("disputed_by"):
            path = f"/v1/engagements/{made['id']}/dispute"
            told.server.act(told.who(document["disputed_by"]), path, at=at)

    yield instant(document["engaged_at"]), record


def session(told: Told, name: str, document: Document) -> Steps:
    """A capture session, with its notice."""
    engagement = told.of("engagements")[document["engagement_id"]]
    sent = document.get("notice_sent_at")

    def plan(at: str) -> None:
        body = {
            "engagement": told.id(document["engagement_id"]),
            "send_notice": sent is not None,
            **given(document, "kind", "starts_at", "ends_at", "same_day_as_work", "place"),
            **given(document, "half_day_for_performer", "biometric_kinds", "biometric_purpose"),
        }
        if (document.get("business_reason") or "").strip():
            body["business_reason"] = document["business_reason"]
        who = told.who(engagement["producer_id"])
        told.ids[name] = told.server.act(who, "/v1/capture-sessions", body, at=at)["id"]

    def cancel(at: str) -> None:
        who = told.who(engagement["producer_id"])
        told.server.act(who, f"/v1/capture-sessions/{told.id(name)}/cancellation", at=at)

    yield planned_at(told, document), plan
    if document.get("cancelled_at"):
        yield instant(document["cancelled_at"]), cancel


def replica(told: Told, name: str, document: Document) -> Steps:
    """A replica, brought to its state."""
    studio = told.studio

    def record(at: str) -> None:
        body = {**given(document, "kind", "captured_on")}
        for member, named in (("custodian_id", "custodian"), ("origin_work_id", "origin_work")):
            if document.get(member):
                body[named] = told.id(document[member])
        if document.get("capture_session_id"):
            body["capture_session"] = told.id(document["capture_session_id"])
            body.pop("origin_work", None)
        else:
            body["performer"] = told.id(document["performer_id"])
            body["made_before"] = "0" * 64
        made = told.server.act(told.who(studio), "/v1/replicas", body, at=at)
        told.ids[name] = made["id"]

    def move(at: str) -> None:
        for state in _WAY_TO.get(document.get("state", "active"), ()):
            sent = {"state": state} | ({"certificate": "0" * 64} if state == "destroyed" else {})
            told.server.act(told.who(studio), f"/v1/replicas/{told.id(name)}/state", sent, at=at)

    known, met_on = _known(told, document), document.get("purpose_met_on")
    if document.get("captured_on"):
        known = max(known, day(document["captured_on"]))
    yield known, record
    yield known if met_on is None else day(met_on) + timedelta(hours=12), move


def _known(told: Told, document: Document) -> datetime:
    """When whatever a replica came from is on record, and the day of its making has come."""
    captured = document.get("captured_on")
    known = [on_record(told, "performers", document["performer_id"])]
    # Without a session it was there before, so it comes on record on a later day.
    noon = timedelta(hours=12 if document.get("capture_session_id") else 36)
    known += [day(captured) + noon] if captured else []
    known += [
        on_record(told, kind, document[member])
        for kind, member in (
            ("works", "origin_work_id"),
            ("capture_sessions", "capture_session_id"),
        )
        if document.get(member)
    ]
    return max(known)


def sale(told: Told, name: str, document: Document) -> Steps:
    """A work that was sold, put on record in the first moment of its day or later."""

    def sell(at: str) -> None:
        body = {"owner": told.id(document["buyer_id"]), "whole": False}
        body |= given(document, "starts_on")
        path = f"/v1/works/{told.id(document['work_id'])}/owner"
        made = told.server.act(told.who(document["seller_id"], "admin"), path, body, at=at)
        told.ids[name] = told.ids[document["sale_id"]] = made["id"]
        buyer = told.who(document["buyer_id"], "admin")
        told.server.act(buyer, f"/v1/sales/{made['id']}/confirmation", at=at)

    from_ = max(on_record(told, "works", document["work_id"]), day(document["starts_on"]))
    recorded_at = document.get("recorded_at")
    yield from_ if recorded_at is None else instant(recorded_at), sell


def transfer(told: Told, name: str, document: Document) -> Steps:
    """A transfer of a replica, step by step."""

    def submit(at: str) -> None:
        body = {"replica": told.id(document["replica_id"]), "purpose": "As was agreed."}
        body |= {"to": told.id(document["to_id"]), "union": told.id(document["union_id"])}
        made = told.server.act(told.who(document["from_id"]), "/v1/transfers", body, at=at)
        told.ids[name] = made["id"]

    def step(who: str, act: str, body: Mapping[str, object] | None = None) -> Callable[[str], None]:
        path = f"/v1/transfers/{{id}}/{act}"

        def do(at: str) -> None:
            told.server.act(told.who(who), path.format(id=told.id(name)), body, at=at)

        return do

    yield instant(document["submitted_at"]), submit
    if document.get("assumed_at"):
        assumed = step(document["to_id"], "assumption", {"assumption": "0" * 64})
        yield instant(document["assumed_at"]), assumed
    for answer, at in answers(document, "refused", document.get("refused_at")):
        said = {"answer": answer, "reason": "As the board resolved."}
        yield instant(at), step(document["union_id"], "answer", said)
    if document.get("completed_at"):
        yield instant(document["completed_at"]), step(document["from_id"], "completion")


def custody(told: Told, _: str, document: Document) -> Steps:
    """A copy that somebody keeps for the studio."""

    def hand_over(at: str) -> None:
        body = {"custodian": told.id(document["holder_id"]), **given(document, "until_on")}
        path = f"/v1/replicas/{told.id(document['replica_id'])}/custodian"
        told.server.act(told.who(told.studio), path, body, at=at)

    if document.get("ended_at"):
        raise NotAskableError("a custody that ended")
    yield instant(document["starts_at"]), hand_over


# From the state in which a replica comes on record.
_WAY_TO: Final[Mapping[str, tuple[str, ...]]] = {
    "quarantined": ("quarantined",),
    "destruction_due": ("destruction_due",),
    "destroyed": ("destruction_due", "destroyed"),
}


def use(told: Told, name: str, document: Document) -> Steps:
    """A registered use, and its lock."""
    who = document["producer_id"]
    if document["state"] not in {"planned", "cleared", "locked"}:
        raise NotAskableError(f"a use that is {document['state']}")

    def register(at: str) -> None:
        # What a use says of its content is not kept among the facts; what is asked about it is.
        said = given(told.check, "description", "media", "territories", "languages", "exemptions")
        body = {**said, "work": told.id(document["work_id"]), "use": document["use"]}
        body |= given(document, "shot", "quantity", "on")
        for member in ("performer", "replica"):
            if document.get(f"{member}_id"):
                body[member] = told.id(document[f"{member}_id"])
        made = told.server.act(told.who(who), "/v1/uses", body, at=at)
        told.ids[name] = made["id"]
        wanted = "planned" if document["state"] == "planned" else "cleared"
        if made["state"] != wanted:
            raise UnexpectedError(f"`{name}` is {made['state']}: {made}")

    def lock(at: str) -> None:
        told.server.act(told.who(who), f"/v1/uses/{told.id(name)}/lock", at=at)

    yield instant(document["registered_at"]), register
    if document["state"] == "locked":
        yield instant(document["locked_at"]), lock
