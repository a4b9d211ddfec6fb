"""Run a published conformance vector: a whole world of facts, one question or act, what must come.

The format is described in ``tests/vectors/README.md``. Everything here is free of input and output,
so that any other way of asking (over HTTP, in another language) compares with the same function.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from app.rules import grants, signing, vetoes
from app.rules.decide import decide
from app.rules.facts import KINDS, Check, Document, Facts, VetoScope, facts_from, instant, read
from app.rules.packs import PackSet
from app.rules.reasons import wire
from app.rules.refusals import Refusal

FORMAT: Final = "consent-registry/vectors/1"
WORLD_FORMAT: Final = "consent-registry/world/1"


@dataclass(frozen=True, slots=True)
class Difference:
    """One asserted member that came out otherwise. ``pointer`` is a JSON Pointer in the vector."""

    vector: str
    pointer: str
    expected: Any
    got: Any


def merged(target: Document, patch: Document) -> dict[str, Any]:
    """``target`` with a JSON merge patch applied; neither is changed. Source: RFC 7396 §2."""
    result = dict(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            inner = result.get(name)
            result[name] = merged(inner if isinstance(inner, Mapping) else {}, value)
        else:
            result[name] = value
    return result


def documents(world: Document) -> Iterator[tuple[str, Document]]:
    """The ``(kind, document)`` pairs of a world, which is keyed by kind and then by id.

    Raises:
        ValueError: a kind or a member of a document that facts do not have. A reader that let a
            misspelt member pass would leave the vector without the fact that it is about.
    """
    for kind, by_id in world.items():
        if kind not in KINDS:
            raise ValueError(f"unknown kind of fact `{kind}`; known: {', '.join(KINDS)}")
        # A merge patch cannot carry a null, so what is not said is null where nothing else is.
        unsaid = dict.fromkeys(_nullable(KINDS[kind]))
        has_id = "id" in _members(KINDS[kind])
        for id_, document in by_id.items():
            for stray in stray_members(KINDS[kind], document):
                raise ValueError(f"`{kind}` `{id_}` has no member `{stray}`")
            named = {"id": id_} if has_id else {}
            yield kind, {**unsaid, **document, **named, **_versions_of_it(document, named)}


def _versions_of_it(document: Document, named: Document) -> Document:
    """The versions of a consent that were before, under the id of the whole."""
    if not document.get("earlier"):
        return {}
    return {"earlier": [{**version, **named} for version in document["earlier"]]}


def stray_members(cls: type, document: Document, at: str = "") -> Iterator[str]:
    """Names in a document, dotted, that ``cls`` does not have."""
    known = _members(cls)
    for name, value in document.items():
        if name not in known:
            yield f"{at}{name}"
            continue
        inner = known[name]
        if inner is None or value is None:
            continue
        parts = value if isinstance(value, list) else [value]
        for part in parts:
            yield from stray_members(inner, part, f"{at}{name}.")


@cache
def _nullable(cls: type) -> tuple[str, ...]:
    """Members of ``cls`` that must be said and may be null."""
    hints = get_type_hints(cls)
    required = (f.name for f in fields(cls) if f.default is MISSING)
    return tuple(name for name in required if type(None) in get_args(hints[name]))


@cache
def _members(cls: type) -> Mapping[str, type | None]:
    """Each member of ``cls`` and the class of the documents that it holds, if it holds some."""
    hints = get_type_hints(cls)
    return {field.name: _document_class(hints[field.name]) for field in fields(cls)}


def _document_class(hint: object) -> type | None:
    if get_origin(hint) in {Union, UnionType, tuple}:
        inner = (_document_class(argument) for argument in get_args(hint))
        return next((cls for cls in inner if cls is not None), None)
    # Money is a dataclass here and ``{"amount", "currency"}`` on the wire.
    if is_dataclass(hint) and isinstance(hint, type) and hint.__name__ != "Money":
        return hint
    return None


def run_vector(vector: Document, packs: PackSet) -> list[Difference]:
    """Put the question or act of a vector, world merged, to the rules; an empty list is success.

    Raises:
        ValueError: the vector does not fit the format.
    """
    return compared(str(vector["id"]), vector["expect"], answered(vector, packs))


def answered(vector: Document, packs: PackSet) -> Document:
    """What the rules say, in the members that ``expect`` asserts.

    Raises:
        ValueError: the vector does not fit the format.
    """
    facts = facts_from(documents(vector["world"]))
    at = instant(vector["at"])
    if "act" in vector:
        return _ACTS[vector["act"]["name"]](vector["act"], facts, at)
    for stray in stray_members(Check, vector["check"]):
        raise ValueError(f"`{vector['id']}` asks with a member `{stray}` that checks do not have")
    decision = decide(read(Check, vector["check"]), facts, packs, as_of=at)
    return in_vector_terms(decision.wire())


def missing_packs(vector: Document, packs: PackSet) -> list[str]:
    """Packs that the vector names, as ``family@version``, and that are not loaded."""
    loaded = {pack.name for pack in packs.packs}
    named = (f"{family}@{v}" for family, versions in vector["packs"].items() for v in versions)
    return [name for name in named if name not in loaded]


def in_vector_terms(decision: Document) -> Document:
    """A decision in wire form, with what vectors assert brought to the top of each reason."""
    return {
        **decision,
        "class": decision["class"] or None,
        "amounts": decision["amounts"] or None,
        "not_known": sorted({one["kind"] for one in decision["not_known"]}),
        "reasons": [
            {
                **{name: reason[name] for name in ("code", "outcome", "facts")},
                **{name: reason["source"][name] for name in ("pack", "version", "verified")},
                "rule": reason["source"]["rule"] or None,
            }
            for reason in decision["reasons"]
        ],
    }


def _issue_veto(act: Document, facts: Facts, at: datetime) -> Document:
    body = act["body"]
    request = vetoes.Request(
        **{name: body.get(name, "") for name in ("kind", "basis", "authority", "reason")},
        scope=read(VetoScope, body.get("scope", {})),
        review_by=None if body.get("review_by") is None else date.fromisoformat(body["review_by"]),
    )
    answer = vetoes.admit(
        request,
        facts,
        union_id=act["by"]["organization"],
        binding_rules=frozenset(),
        units=(),
        as_of=at,
    )
    if isinstance(answer, vetoes.Admitted):
        return {"status": 201}
    if answer.errors:
        fields = sorted(error.pointer.removeprefix("/") for error in answer.errors)
        return {"status": 422, "rule": "RG-04", "fields": fields}
    return {"status": 409}


def _accept_grant(act: Document, facts: Facts, at: datetime) -> Document:
    grant = next(one for one in facts.grants if one.id == act["grant"])
    performer = next(one for one in facts.performers if one.id == grant.performer_id)
    signer = signing.Signer(act["by"]["role"], performer_id=act["by"].get("performer"))
    answer = signing.may_sign(performer, signer, as_of=at)
    if isinstance(answer, signing.Signing):
        return {"status": 201}
    return {"status": 403, "rule": "RG-13"}


def _revoke_grant(act: Document, facts: Facts, at: datetime) -> Document:
    grant = next(one for one in facts.grants if one.id == act["grant"])
    role = "performer" if act["by"].get("performer") == grant.performer_id else act["by"]["role"]
    if isinstance(grants.move("revoke", grant.state, role), Refusal):
        return {"status": 403, "rule": "RG-13"}
    effective = grants.revocation_effect(grant.withdrawal, at)
    return {"status": 200, "effective_from": None if effective is None else wire(effective)}


_ACTS: Final[Mapping[str, Callable[[Document, Facts, datetime], Document]]] = {
    "vetoes.issue": _issue_veto,
    "grants.accept": _accept_grant,
    "grants.revoke": _revoke_grant,
}


def compared(vector_id: str, expect: Document, got: Document) -> list[Difference]:
    """What ``expect`` asserts and ``got`` does not say; members that are not asserted are free.

    ``reasons`` are compared as a whole set: one that is missing differs, and so does one more.
    """
    found: list[Difference] = []
    for name, wanted in expect.items():
        pointer = f"/expect/{name}"
        if name == "reasons":
            found += _reason_differences(vector_id, wanted, got.get("reasons", ()))
        elif name in {"do_now", "owed_later", "not_known"}:
            given = sorted(got.get(name, ()))
            if given != sorted(wanted):
                found.append(Difference(vector_id, pointer, sorted(wanted), given))
        elif not _says(got.get(name), wanted):
            found.append(Difference(vector_id, pointer, wanted, got.get(name)))
    return found


def _reason_differences(
    vector_id: str, wanted: Sequence[Document], given: Iterable[Document]
) -> list[Difference]:
    left = list(given)
    found = []
    for index, reason in enumerate(wanted):
        match = next((one for one in left if _says(one, reason)), None)
        if match is None:
            near = next((one for one in left if one.get("code") == reason.get("code")), None)
            shown = near and {name: near.get(name) for name in reason}
            found.append(Difference(vector_id, f"/expect/reasons/{index}", reason, shown))
        else:
            left.remove(match)
    # A near miss is already told with the reason that it nearly is.
    told = {d.got["code"] for d in found if d.got}
    found += [
        Difference(
            vector_id, "/expect/reasons", None, {"code": one.get("code"), "rule": one.get("rule")}
        )
        for one in left
        if one.get("code") not in told
    ]
    return found


def _says(got: object, wanted: object) -> bool:
    """Whether ``got`` has what ``wanted`` asserts.

    Objects by member, lists item by item in their order, all else by equality.
    """
    if isinstance(wanted, list) and isinstance(got, list):
        return len(got) == len(wanted) and all(map(_says, got, wanted))
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(
            name in got and _says(got[name], value) for name, value in wanted.items()
        )
    return bool(got == wanted)
