"""Put vectors to a server by its public API: the world, act by act, and then the question."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from app.conformance.blocks import veto_body
from app.conformance.run import Asker
from app.conformance.server import Server, UnexpectedError, connected
from app.conformance.telling import tell
from app.conformance.told import Told
from app.rules.facts import Document
from app.rules.vectors import in_vector_terms

# Members of a check that name something of the world.
_NAMES: Final = ("performer", "work", "producer", "replica", "capture_session", "use_id")


@contextmanager
def asking(url: str, code: str | None = None) -> Iterator[Asker]:
    """An asker for the server at ``url``.

    Raises:
        UnusableServerError: vectors cannot be run against it.
        httpx2.TransportError: it does not answer.
    """
    with connected(url, code) as server:
        yield lambda vector: _asked(server, vector)


def _asked(server: Server, vector: Document) -> Document:
    server.forget()
    question = vector.get("check", {})
    told = Told(server, _about(vector), question, mark=secrets.token_hex(6))
    tell(told)
    if "act" in vector:
        act = vector["act"]
        return _ACTS[act["name"]](told, act, str(vector["at"]))
    return _answer(told, question, str(vector["at"]))


def _about(vector: Document) -> Document:
    """The world without people whom neither the question nor a statement about it names.

    A server is full of other people anyway: those of all other vectors.
    """
    world = vector["world"]
    people = {vector.get("check", {}).get("performer")}
    named = [world.get("replicas", {}).get(vector.get("check", {}).get("replica"), {})]
    named += [world["grants"][vector["act"]["grant"]]] if "grant" in vector.get("act", {}) else []
    named += world.get("attestations", {}).values()
    people |= {document.get("performer_id") for document in named}
    # Two records of one person are asked about as one.
    for pair in ({m["performer_id"], m["other_id"]} for m in world.get("merges", {}).values()):
        people |= pair if pair & people else set()
    return {
        kind: {
            name: document
            for name, document in documents.items()
            if (name if kind == "performers" else document.get("performer_id")) in people
            or (kind != "performers" and document.get("performer_id") is None)
        }
        for kind, documents in world.items()
    }


def _answer(told: Told, question: Document, at: str) -> Document:
    body: dict[str, Any] = {
        name: told.id(value) if name in _NAMES else value for name, value in question.items()
    }
    if "exemptions" in body:
        body["exemptions"] = [_exemption(told, one) for one in body["exemptions"]]
    work = told.of("works").get(question["work"], {})
    who = told.who(question.get("producer") or work.get("owner_id") or told.studio)
    answer = told.server.act(who, "/v1/checks", {**body, "as_of": at}, at=at)
    return _in_its_own_names(told, in_vector_terms(answer["decision"]))


def _in_its_own_names(told: Told, answer: Document) -> Document:
    """The answer with the world's names for what the server names: ids, and numbers of vetoes."""
    names = {id_: name for name, id_ in told.ids.items()} | told.numbers
    reasons = [
        {
            **reason,
            "facts": {
                fact: names.get(value, value) if isinstance(value, str) else value
                for fact, value in reason["facts"].items()
            },
        }
        for reason in answer["reasons"]
    ]
    return {**answer, "reasons": reasons}


def _exemption(told: Told, claimed: Document) -> Mapping[str, Any]:
    if claimed.get("attestation") is None:
        return claimed
    return {**claimed, "attestation": told.id(claimed["attestation"])}


def _issue_veto(told: Told, act: Document, at: str) -> Document:
    who = told.who(act["by"]["organization"])
    return _done(told, who, "/v1/vetoes", veto_body(told, act["body"]), at)


def _accept_grant(told: Told, act: Document, at: str) -> Document:
    who = told.who(act["by"].get("organization") or act["by"]["performer"])
    body = {"terms_hash": told.hashes[act["grant"]]}
    return _done(told, who, f"/v1/grants/{told.id(act['grant'])}/acceptance", body, at)


def _revoke_grant(told: Told, act: Document, at: str) -> Document:
    who = told.who(act["by"].get("organization") or act["by"]["performer"])
    return _done(told, who, f"/v1/grants/{told.id(act['grant'])}/revocation", {}, at)


_ACTS: Final[Mapping[str, Callable[[Told, Document, str], Document]]] = {
    "vetoes.issue": _issue_veto,
    "grants.accept": _accept_grant,
    "grants.revoke": _revoke_grant,
}


def _done(told: Told, who: str, path: str, body: Mapping[str, Any], at: str) -> Document:
    answer = told.server.post(who, path, body, at=at)
    if answer.is_server_error:
        raise UnexpectedError(f"POST {path}: {answer.status_code} {answer.text}")
    said = answer.json()
    fields = {error["pointer"].removeprefix("/") for error in said.get("errors", ())}
    return {
        "status": answer.status_code,
        "rule": said.get("rule"),
        "fields": sorted(fields),
        "effective_from": said.get("effective_from"),
    }
