"""Telling of grants, confirmations of single works, and pauses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from app.conformance.server import NotAskableError, UnexpectedError
from app.conformance.told import HOUR, TICK, Json, Steps, Told, answers, given, on_record
from app.rules.facts import Document, Grant, instant, read
from app.rules.grants import terms_document


def grant(told: Told, name: str, document: Document) -> Steps:
    """A consent: offered, and signed, declined or revoked; signed again for every later version."""
    versions: list[Document] = [*document.get("earlier", ()), document]
    first = versions[0]
    state, signature = document["state"], first.get("signature")
    if state not in {"offered", "declined", "active", "revoked", "void"}:
        raise NotAskableError(f"a consent that is {state}")
    if first.get("pay") is None:
        raise NotAskableError("a consent that says nothing of pay")
    at = _offered_at(told, first)
    yield at, lambda at: _offer(told, name, first, at)
    if signature is not None:
        yield from _signing(told, name, first, signature)
    for version in versions[1:]:
        yield from _version(told, name, version)
    if document.get("own_yes_at"):
        own = _own_signer(told, document)
        yield instant(document["own_yes_at"]), lambda at: _accept(told, name, own, at)
    yield from _ending(told, name, document)


def _ending(told: Told, name: str, document: Document) -> Steps:
    """How a consent ended, if it did."""
    state, performer = document["state"], document["performer_id"]
    if state == "declined":
        path = "decline"
        yield (
            instant(document["declined_at"]),
            lambda at: _answer(told, name, told.who(performer), path, at),
        )
    if state == "revoked":
        days = document.get("withdrawal", {}).get("days") or 0
        asked_at = instant(document["revoked_from"]) - timedelta(days=days)
        yield asked_at, lambda at: _answer(told, name, told.who(performer), "revocation", at)
    if state == "void":
        yield _voided_at(told, name, document), lambda at: _void(told, name, at)


def _signing(told: Told, name: str, document: Document, signature: Document) -> Steps:
    """A signature, here or as the studio states it, and what the performer says of it."""
    despite_at = signature.get("despite_instructions_at")
    despite = despite_at == signature["at"]
    signed_at, performer = instant(signature["at"]), document["performer_id"]
    if signature.get("method", "in_registry") == "in_registry":
        signer = _signer(document, signature)
        yield signed_at, lambda at: _accept(told, name, signer, at, despite=despite)
    else:
        yield signed_at, lambda at: _state(told, name, document, at)
    if despite_at is not None and not despite:
        yield instant(despite_at), lambda at: _accept(told, name, performer, at, despite=True)
    if signature.get("confirmed_at"):
        confirmed_at = instant(signature["confirmed_at"])
        yield confirmed_at, lambda at: _accept(told, name, performer, at)
    if signature.get("disputed_at"):
        path = "signature-dispute"
        yield (
            instant(signature["disputed_at"]),
            lambda at: _answer(told, name, told.who(performer), path, at),
        )


def _state(told: Told, name: str, document: Document, at: str) -> None:
    """What was signed elsewhere, stated on the day on which it was."""
    signature = document["signature"]
    body = {
        "terms_hash": told.hashes[name],
        "signed_on": at.partition("T")[0],
        "sha256": "0" * 64,
        "original": "the production office",
        **given(signature, "by", "method"),
    }
    if signature.get("representation_id"):
        body["representation"] = told.id(signature["representation_id"])
    path = f"/v1/grants/{told.id(name)}/rider"
    told.server.act(told.who(document["grantee_id"]), path, body, at=at)


def _voided_at(told: Told, name: str, document: Document) -> datetime:
    """After all that rests on it was done; when does not matter, for it reaches back."""
    done = [document["signature"]["at"]]
    for use in told.of("uses").values():
        if use.get("grant_id") == name:
            done += [use[at] for at in ("registered_at", "locked_at") if use.get(at)]
    return max(map(instant, done)) + TICK


def _void(told: Told, name: str, at: str) -> None:
    found = {"basis": "court", "document_hash": sha256(name.encode()).hexdigest()}
    told.server.act(told.server.office, f"/v1/grants/{told.id(name)}/void", found, at=at)


def _offered_at(told: Told, document: Document) -> datetime:
    signature = document.get("signature")
    if signature is not None:
        return instant(signature["at"]) - HOUR
    if document.get("declined_at"):
        return instant(document["declined_at"]) - HOUR
    works = [on_record(told, "works", work) for work in document["scope"]["works"]]
    return max([on_record(told, "performers", document["performer_id"]), *works])


def _offer(told: Told, name: str, document: Document, at: str) -> None:
    scope = dict(document["scope"])
    body = {
        "performer": told.id(document["performer_id"]),
        **scope,
        "works": [told.id(work) for work in scope["works"]],
        "exclusions": [
            {"axis": one["axis"], "value": told.id(one["value"])}
            for one in document.get("exclusions", [])
        ],
        "description": document["description"],
        "pay": document["pay"],
        # A studio that says nothing of death asks for life only; a document that does, has not.
        "posthumous": document.get("posthumous", "unstated"),
        **given(document, "form", "withdrawal", "agreement"),
    }
    if document.get("replica_id"):
        body["replica"] = told.id(document["replica_id"])
    made = told.server.act(told.who(document["grantee_id"]), "/v1/grants", body, at=at)
    told.ids[name] = made["id"]
    told.hashes[name] = made["terms_hash"]
    _same_works(told, name, document, made["shown_works"])


def _version(told: Told, name: str, document: Document) -> Steps:
    """Other terms, asked for by the studio and signed."""
    signature = document["signature"]
    signer = _signer(document, signature)
    yield instant(signature["at"]) - TICK, lambda at: _amend(told, name, document, at)
    yield instant(signature["at"]), lambda at: _accept(told, name, signer, at)


def _amend(told: Told, name: str, document: Document, at: str) -> None:
    terms: Json = terms_document(read(Grant, {**document, "id": name, "earlier": []}))
    scope = terms["scope"]
    body = {
        **{term: terms[term] for term in ("description", "form", "withdrawal", "posthumous")},
        **scope,
        "works": [told.id(work) for work in scope["works"]],
        "exclusions": [{**one, "value": told.id(one["value"])} for one in terms["exclusions"]],
        **{term: terms[term] for term in ("pay", "agreement")},
        "replica": told.id(terms["replica"]) if terms["replica"] else None,
    }
    path = f"/v1/grants/{told.id(name)}"
    who = told.who(document["grantee_id"])
    proposed = told.server.change(who, path, body, at=at, by="amendments")["proposal"]
    told.hashes[name] = proposed["terms_hash"]
    _same_works(told, name, document, proposed["terms"]["shown_works"])


def _same_works(told: Told, name: str, document: Document, is_shown: list[str]) -> None:
    shown = {told.id(work) for work in document.get("shown_works", ())}
    if set(is_shown) != shown:
        raise UnexpectedError(f"the signer of `{name}` is shown {is_shown}, not {shown}")


def _signer(document: Document, signature: Document) -> str:
    if signature.get("identity") == "stated":
        raise NotAskableError("a signature of somebody who has not claimed their record")
    if signature.get("by", "performer") == "performer":
        return str(document["performer_id"])
    if signature["by"] in {"guardian", "estate", "executor"}:
        return str(signature["representation_id"])
    if signature["by"] == "union" and signature.get("organization_id"):
        return str(signature["organization_id"])
    raise NotAskableError(f"a consent signed by the {signature['by']}")


def _own_signer(told: Told, document: Document) -> str:
    """The grown child, or the executor of the dead."""
    performer = str(document["performer_id"])
    if document["signature"]["by"] == "guardian":
        return performer
    proofs = told.of("representations").items()
    return next(name for name, proof in proofs if proof["performer_id"] == performer)


def _accept(told: Told, name: str, signer: str, at: str, *, despite: bool = False) -> None:
    body: dict[str, object] = {"terms_hash": told.hashes[name]}
    if despite:
        body["despite_instructions"] = True
    by_union = signer in told.of("organizations")
    act = "posthumous-consent" if by_union else "acceptance"
    told.server.act(told.who(signer), f"/v1/grants/{told.id(name)}/{act}", body, at=at)


def _answer(told: Told, name: str, who: str, path: str, at: str) -> None:
    told.server.act(who, f"/v1/grants/{told.id(name)}/{path}", {}, at=at)


def assignment(told: Told, _: str, document: Document) -> Steps:
    """Whether a consent passes on to a buyer; the sale itself asks."""

    def saying(answer: str) -> Callable[[str], None]:
        def say(at: str) -> None:
            consent = told.of("grants")[document["grant_id"]]
            body = {"sale": told.id(document["sale_id"]), "answer": answer}
            path = f"/v1/grants/{told.id(document['grant_id'])}/passing-on"
            told.server.act(told.who(consent["performer_id"]), path, body, at=at)

        return say

    for answer, at in answers(document, "no", document.get("declined_at")):
        yield instant(at), saying(answer)


def confirmation(told: Told, name: str, document: Document) -> Steps:
    """A signed yes to one work."""
    grant = document["grant_id"]
    performer = told.of("grants")[grant]["performer_id"]

    def confirm(at: str) -> None:
        body = {
            "work": told.id(document["work_id"]),
            "terms_hash": told.hashes[grant],
            **given(document, "description"),
        }
        path = f"/v1/grants/{told.id(grant)}/confirmations"
        told.ids[name] = told.server.act(told.who(performer), path, body, at=at)["id"]

    yield instant(document["signed_at"]), confirm


def instruction(told: Told, name: str, document: Document) -> Steps:
    """What a performer says of all requests to come, and takes back."""
    performer = document["performer_id"]

    def say(at: str) -> None:
        path = f"/v1/performers/{told.id(performer)}/instructions"
        body = given(document, "say", "use", "tag")
        told.ids[name] = told.server.act(told.who(performer), path, body, at=at)["id"]

    def end(at: str) -> None:
        told.server.act(told.who(performer), f"/v1/instructions/{told.id(name)}/end", at=at)

    yield instant(document["starts_at"]), say
    if document.get("ends_at"):
        yield instant(document["ends_at"]), end


def suspension(told: Told, _: str, document: Document) -> Steps:
    """A pause of new uses."""
    performer, grant = document["performer_id"], document.get("grant_id")

    def pause(at: str) -> None:
        path = f"/v1/performers/{told.id(performer)}/suspensions"
        if grant is not None:
            path = f"/v1/grants/{told.id(grant)}/suspension"
        body = given(document, "starts_at", "ends_at")
        told.server.act(told.who(performer), path, body, at=at)

    yield instant(document["starts_at"]) - TICK, pause
