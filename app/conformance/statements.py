"""Telling of what somebody states: estimates, attestations, notices, counts, verified figures."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from app.conformance.server import NotAskableError, UnexpectedError
from app.conformance.told import Steps, Told, day, given, on_record
from app.rules.facts import Document, instant


def estimate(told: Told, name: str, document: Document) -> Steps:
    """A count of shooting days, and what the performer says to it."""
    who = document.get("author_id") or told.studio

    def state(at: str) -> None:
        body = {**given(document, "days", "basis", "use", "shot")}
        for member in ("performer", "work"):
            if document.get(f"{member}_id"):
                body[member] = told.id(document[f"{member}_id"])
        made = told.server.act(told.who(who), "/v1/estimates", body, at=at)
        told.ids[name] = made["id"]

    def answer(act: str, body: Document | None = None) -> Callable[[str], None]:
        def told_so(at: str) -> None:
            path = f"/v1/estimates/{told.ids[name]}/{act}"
            told.server.act(told.who(document["performer_id"]), path, body, at=at)

        return told_so

    acts = {"disputed": ("dispute", "disputed_at"), "agreed": ("agreement", "settled_at")}
    if document.get("state") == "resolved":
        raise NotAskableError("an estimate that was disputed and resolved")
    known = [
        on_record(told, kind, document[member])
        for kind, member in (("performers", "performer_id"), ("works", "work_id"))
        if document.get(member)
    ]
    stated = [instant(document["stated_at"])] if "stated_at" in document else []
    first = max(known + stated)
    yield first, state
    if document.get("state") in acts:
        act, when = acts[document["state"]]
        claim = {"days": document["claimed_days"]} if "claimed_days" in document else None
        yield max(first, instant(document.get(when, first.isoformat()))), answer(act, claim)


def attestation(told: Told, name: str, document: Document) -> Steps:
    """A named person's statement."""
    owner = document.get("organization_id")
    who = owner or told.studio

    def make(at: str) -> None:
        body = {**given(document, "kind", "role", "text", "ends_at")}
        if document["kind"] in _PROVEN:
            body |= {"evidence": [sha256(name.encode()).hexdigest()]}
        if document["kind"] == "representative_search":
            body |= {"done_on": at[:10]}
        for member in ("performer", "work", "organization"):
            if document.get(f"{member}_id"):
                body[member] = told.id(document[f"{member}_id"])
        made = told.server.act(told.who(who), "/v1/attestations", body, at=at)
        told.ids[name] = made["id"]

    def take_back(at: str) -> None:
        path = f"/v1/attestations/{told.id(name)}/withdrawal"
        told.server.act(told.who(document["performer_id"]), path, at=at)

    yield instant(document["at"]), make
    if document.get("withdrawn_at"):
        yield instant(document["withdrawn_at"]), take_back


# Kinds that are stated with the hash of what shows them.
_PROVEN: Final = frozenset({"representative_search", "biometric_release", "consent_to_keep"})


def notice(told: Told, name: str, document: Document) -> Steps:
    """A notice, and how the bargaining over it ended."""

    def send(at: str) -> None:
        body = {"kind": document["kind"], "content": "As the agreement asks."}
        for member, named in (("to_id", "to"), ("work_id", "work"), ("performer_id", "performer")):
            if document.get(member):
                body[named] = told.id(document[member])
        who = told.who(document.get("sender_id") or told.studio)
        made = told.server.act(who, "/v1/notices", body, at=at)
        told.ids[name] = made["id"]

    def answer(at: str) -> None:
        path = f"/v1/notices/{told.id(name)}/answer"
        said = {"answer": document["state"]}
        told.server.act(told.who(document["to_id"]), path, said, at=at)

    yield instant(document["sent_at"]), send
    if document.get("state", "open") != "open":
        yield instant(document.get("answered_at") or document["sent_at"]), answer


def base_report(told: Told, name: str, document: Document) -> Steps:
    """What a base of shares came to, and a dispute of that by the performer."""
    stated_at = instant(document["stated_at"])

    def record(at: str) -> None:
        body = {
            **given(document, "base", "starts_on", "until", "amount"),
            "work": told.id(document["work_id"]),
            "reporter": "The service that showed it",
            "reported_on": at.partition("T")[0],
        }
        if document.get("performer_id"):
            body["performer"] = told.id(document["performer_id"])
        made = told.server.act(told.who(document["stated_by"]), "/v1/base-reports", body, at=at)
        told.ids[name] = made["id"]

    def dispute(at: str) -> None:
        path = f"/v1/base-reports/{told.id(name)}/dispute"
        told.server.act(told.who(document["disputed_by"]), path, {"words": "Too little."}, at=at)

    yield stated_at, record
    if document.get("disputed_at"):
        yield instant(document["disputed_at"]), dispute


def work_day(told: Told, _: str, document: Document) -> Steps:
    """The background counts of a day."""

    def count(at: str) -> None:
        body = {
            "work": told.id(document["work_id"]),
            **given(document, "day", "required_background", "human_background"),
        }
        told.server.act(told.who(told.studio), "/v1/work-days", body, at=at)

    yield day(document["day"]), count


def verification(told: Told, _: str, document: Document) -> Steps:
    """A figure that somebody checked against the contract."""

    def verify(at: str) -> None:
        body = given(document, "pack", "row", "by", "source")
        path = "/v1/agreements/verifications"
        answer = told.server.post(told.server.office, path, body, at=at)
        # It holds for the whole registry, so another vector may have said it before.
        if not answer.is_success and answer.status_code != _CONFLICT:
            raise UnexpectedError(f"POST {path} {body}: {answer.status_code} {answer.text}")

    yield instant(document["at"]), verify


_CONFLICT: Final = 409
