"""Terms of a grant between row, rules and wire: merged from what is asked, hashed, compared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from app.registrar import objects
from app.registrar.callers import Caller
from app.registrar.problems import NOTHING_RECORDED, FieldError, problem
from app.rules import grants as rules
from app.rules.facts import Grant, read
from app.rules.terms import Money, money_from
from app.store import rows

Document = dict[str, Any]

_SHOWN: Final = (
    "performer_id",
    "grantee_id",
    "state",
    "agreement",
    "replica_id",
    "scope",
    "shown_works",
    "exclusions",
    "description",
    "form",
    "withdrawal",
    "posthumous",
    "signature",
    "terms_hash",
    "terms_version",
    "answer_by",
    "offered_at",
    "ratified_from",
    "revoked_from",
    "withdrawal_asked_at",
    "withdrawal_answer",
    "withdrawal_answer_by",
    "withdrawal_answered_at",
    "withdrawal_words",
    "declined_at",
    "own_yes_at",
    "voided",
    "reason",
)
# Terms as they are hashed, by the name of the column that keeps them.
_AS_THEY_ARE: Final = (
    "agreement",
    "scope",
    "shown_works",
    "exclusions",
    "description",
    "form",
    "withdrawal",
    "posthumous",
)


def document_of(row: objects.Row) -> Document:
    """The terms on record, as they are hashed."""
    return rules.terms_document(value_of(row))


def value_of(row: objects.Row) -> Grant:
    """The grant as rules read it."""
    members = {
        name: rows.plain(row[name])
        for name in (
            *("id", "performer_id", "grantee_id", "state", "replica_id", "terms_hash"),
            *("signature", "revoked_from", "declined_at", "ratified_from"),
            *_AS_THEY_ARE,
        )
    }
    return _grant(members | {"version": row["terms_version"], "pay": pay_of(row)})


def asked(base: Document, changes: Mapping[str, Any]) -> Document:
    """The terms after ``changes``: members of the scope one by one, other terms as a whole.

    Raises:
        Problem: 422, with every member that makes the terms unfit to be proposed.
    """
    document = base | {k: v for k, v in changes.items() if k != "scope"}
    document["scope"] = base["scope"] | changes.get("scope", {})
    found = rules.terms_errors(value_in(document))
    if found:
        errors = [FieldError(e.pointer.removeprefix("/scope"), e.code, e.detail) for e in found]
        said = "; ".join(f"{e.pointer.removeprefix('/')}: {e.detail}" for e in errors)
        raise problem("validation-failed", f"{said}. {NOTHING_RECORDED}", *errors)
    return rules.terms_document(value_in(document))


def value_in(document: Document) -> Grant:
    """The grant that a document of terms would be."""
    return _grant(
        document
        | {
            "id": "",
            "version": 0,
            "state": "draft",
            "performer_id": document["performer"],
            "grantee_id": document["grantee"],
            "replica_id": document["replica"],
        }
    )


def defaults(performer_id: str, grantee_id: str) -> Document:
    """The terms of a consent of which nothing was said: what nobody ticks is no."""
    empty = Grant(id="", version=0, performer_id=performer_id, grantee_id=grantee_id, state="draft")
    return rules.terms_document(replace(empty, posthumous=rules.POSTHUMOUS_DEFAULT))


def columns(document: Document) -> dict[str, Any]:
    """Terms as the columns that keep them, with their hash."""
    pay = document["pay"] or {}
    amount, alteration = _money(pay.get("amount")), _money(pay.get("alteration"))
    money = amount or alteration
    return {name: document[name] for name in _AS_THEY_ARE} | {
        "replica_id": document["replica"],
        "pay_kind": pay.get("kind"),
        "pay_minor": amount.minor if amount else None,
        "alteration_minor": alteration.minor if alteration else None,
        "pay_share": pay.get("share"),
        "pay_base": pay.get("base"),
        "pay_currency": money.currency if money else None,
        "terms_hash": rules.terms_hash(document),
    }


def pay_of(row: objects.Row) -> Document | None:
    """The pay on record."""
    if row["pay_kind"] is None:
        return None
    currency = row["pay_currency"]
    shared = {"share": row["pay_share"], "base": row["pay_base"]}
    return {
        "kind": row["pay_kind"],
        "amount": _wire(row["pay_minor"], currency),
        "alteration": _wire(row["alteration_minor"], currency),
        **(shared if row["pay_share"] is not None else {}),
    }


def view(row: objects.Row, caller: Caller) -> Document:
    """A grant on the wire as this caller may see it: a union learns only where the pay stands."""
    members = objects.document(row, *_SHOWN)
    found: Document = {**members, "pay": pay_of(row), "proposal": row["proposal"]}
    if caller.is_union:
        found["pay"] = _for_unions(found["pay"])
        if found["proposal"] is not None:
            told = found["proposal"]["terms"]
            hidden = {**told, "pay": _for_unions(told["pay"])}
            found["proposal"] = {**found["proposal"], "terms": hidden}
    return found


def shown(row: objects.Row, caller: Caller) -> Document:
    """The terms on record, as this caller may see them."""
    document = document_of(row)
    return {**document, "pay": _for_unions(document["pay"])} if caller.is_union else document


def differences(before: Document, after: Document) -> list[Document]:
    """Every term that is not the same, by name; members of the scope one by one."""
    old, new = _flat(before), _flat(after)
    return [
        {"term": name, "before": old.get(name), "after": new.get(name)}
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _for_unions(pay: Document | None) -> Document | None:
    if pay is None:
        return None
    # Days times the rate are paid at the higher of rate and minimum, so never below the floor.
    floor = "above" if pay["kind"] == "days_x_rate" and pay["amount"] is None else "unknown"
    return {"kind": pay["kind"], "floor": floor}


def _grant(members: Mapping[str, Any]) -> Grant:
    value = read(Grant, members)
    assert isinstance(value, Grant)  # noqa: S101 - for the type checker
    return value


def _flat(document: Document) -> Document:
    flat = {name: value for name, value in document.items() if name not in {"scope", "v"}}
    return flat | {f"scope.{name}": value for name, value in document["scope"].items()}


def _money(wire: Mapping[str, str] | None) -> Money | None:
    return None if wire is None else money_from(wire)


def _wire(minor: int | None, currency: str | None) -> dict[str, str] | None:
    return None if minor is None or currency is None else Money(minor, currency).wire()
