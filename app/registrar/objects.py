"""What a caller may see and name: ids and references resolved, foreign ones answered as unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.registrar import identifiers
from app.registrar.callers import Caller
from app.registrar.problems import NOTHING_RECORDED, FieldError, problem, wrong
from app.store import heads, references, rows, sight, works
from app.store.sight import Sight
from app.store.tx import Problem, Tx

# A row of the store, or the after-image of one that the act wrote.
Row = RowMapping | Mapping[str, Any]

_SEES_ALL: Final = frozenset({"registry_admin", "auditor"})
_REFERENCE: Final = "ref:"
_DISPUTE: Final = frozenset({"disputed_by", "disputed_at"})
# The filters of lists that name a record, and what they name.
_FILTERS: Final = {"performer_id": "performer", "work_id": "work", "engagement_id": "engagement"}
_UNKNOWN: Final = "No such record for you: unknown, or somebody else's."


@dataclass(frozen=True, slots=True)
class Eyes:
    """A caller, what they may see, and where to look."""

    session: Session
    caller: Caller
    sight: Sight


def eyes(session: Session, caller: Caller, on: date) -> Eyes:
    """The caller's eyes on the day ``on``."""
    return Eyes(session, caller, _sight(session, caller, on))


def eyes_of(tx: Tx, caller: Caller) -> Eyes:
    """The caller's eyes in an act, also before its heads are held."""
    return eyes(tx.session, caller, heads.clock(tx).date())


def owner(caller: Caller) -> str:
    """For whom the caller speaks: the organization, else the performer, else the person."""
    return caller.organization_id or caller.performer_id or caller.id


def resolve(looking: Eyes, kind: str, given: str, pointer: str) -> str:
    """The id behind what a request names: an id, or ``ref:SYSTEM:ID``.

    Raises:
        Problem: 404, an unknown reference; 422, no reference at all.
    """
    return id_of(looking.session, looking.caller, kind, given, pointer)


def id_of(session: Session, caller: Caller, kind: str, given: str, pointer: str = "") -> str:
    """As `resolve`, for whoever looks past what the caller sees.

    Raises:
        Problem: 404, an unknown reference; 422, no reference at all.
    """
    if not given.startswith(_REFERENCE):
        return given
    system, _, value = given.removeprefix(_REFERENCE).partition(":")
    if not system or not value:
        raise wrong(pointer, "not-a-reference", "A reference reads `ref:SYSTEM:ID`.")
    found = references.find(session, owner(caller), kind, system, value)
    if found is None:
        raise unknown(pointer)
    return found


def find(looking: Eyes, kind: str, given: str, pointer: str = "") -> Row:
    """The row in force of a record that the caller may see.

    Raises:
        Problem: 404, unknown or foreign: the same words for both.
    """
    found = sight.one(looking.session, kind, resolve(looking, kind, given, pointer), looking.sight)
    if found is None:
        raise unknown(pointer)
    return found


def seen(looking: Eyes, kind: str, id_: str) -> Row | None:
    """The row in force of a record, if the caller may see it."""
    return sight.one(looking.session, kind, id_, looking.sight)


def stood_for(looking: Eyes, performer_id: str) -> Row:
    """The row in force of a performer for whom the caller may act, and not only see.

    Raises:
        Problem: 404, as `find`; 403, a union to which only a hint names them.
    """
    row = find(looking, "performer", performer_id)
    if not sight.stands_for(looking.session, looking.sight, row["id"]):
        raise problem(
            "insufficient-role",
            "Your union does not speak for this performer yet: a membership has to be confirmed, "
            f"or an engagement be under an agreement of yours. {NOTHING_RECORDED}",
        )
    return row


def page(
    looking: Eyes, table: str, /, before: str | None, limit: int, **equal: str | None
) -> Sequence[Row]:
    """The newest rows with an id below ``before`` that the caller may see.

    Raises:
        Problem: 404, a filter names a reference that the caller does not have.
    """
    for column, kind in _FILTERS.items():
        given = equal.get(column)
        if given is not None:
            equal[column] = resolve(looking, kind, given, f"?{kind}")
    said: dict[str, Any] = equal
    return sight.page(looking.session, table, looking.sight, before=before, limit=limit, **said)


def organization(looking: Eyes, given: str, pointer: str, *kinds: str) -> Row:
    """An organization that the caller names and need not be party to.

    Raises:
        Problem: 404, there is none of these kinds.
    """
    id_ = resolve(looking, "organization", given, pointer)
    found = rows.current(looking.session, "organization", id_)
    if found is None or found["kind"] not in kinds:
        raise unknown(pointer)
    return found


def unknown(pointer: str) -> Problem:
    """404 in the same words for unknown and foreign; names the field where it was in a body."""
    errors = (FieldError(pointer, "unknown", _UNKNOWN),) if pointer else ()
    return problem("not-found", _UNKNOWN, *errors)


def etag_of(row: Row) -> str:
    """The strong tag of a version, such as ``"v7"``."""
    return f'"v{row["version"]}"'


@dataclass(frozen=True, slots=True)
class Named:
    """The names under which a new record can be found later: house codes and standard ids."""

    kind: str
    codes: tuple[tuple[str, str], ...] = ()


def names(looking: Eyes, kind: str, ref: str | None, external: Mapping[str, str]) -> Named:
    """Check the codes of a new record.

    Raises:
        Problem: 422, no such system or a wrong check digit; 409, already another record's.
    """
    codes = []
    if ref is not None:
        codes.append(_house_code(ref))
    for system, value in external.items():
        pointer = f"/external_ids/{system}"
        try:
            codes.append((system, identifiers.normal(system, value)))
        except ValueError as error:
            raise wrong(pointer, "not-an-identifier", f"{error}.") from error
    named = Named(kind, tuple(codes))
    _check_free(looking, named)
    return named


def keep_names(tx: Tx, caller: Caller, named: Named, target_id: str) -> list[str]:
    """Record the codes of a new record; returns them as the caller reads them.

    Raises:
        Problem: 409, another act was faster to give one of them away.
    """
    # Since log.begin no other act can write, so what is free here stays free.
    _check_free(eyes_of(tx, caller), named)
    for system, value in named.codes:
        rows.insert(
            tx,
            "reference",
            owner_id=references.SHARED_OWNER if system in references.SHARED else owner(caller),
            kind=named.kind,
            system=system,
            value=value,
            target_id=target_id,
        )
    return sorted(f"{system}:{value}" for system, value in named.codes)


def document(row: Row, *members: str) -> dict[str, Any]:
    """The members of a row in JSON values, after ``id`` and ``version``.

    A dispute that was settled is kept for questions about the past, and is not told as one of now.
    """
    over = frozenset() if row.get("settled_at") is None else _DISPUTE
    return {
        name: None if name in over else rows.plain(row[name])
        for name in ("id", "version", *members)
    }


def codes_of(looking: Eyes, target_id: str) -> list[str]:
    """The codes of one record that the caller may see."""
    return references.of(looking.session, owner(looking.caller), [target_id]).get(target_id, [])


def _house_code(ref: str) -> tuple[str, str]:
    system, _, value = ref.removeprefix(_REFERENCE).partition(":")
    if not system or not value:
        raise wrong("/ref", "not-a-reference", "A house code reads `SYSTEM:ID`.")
    if system in references.SHARED:
        raise wrong(
            "/ref", "reserved-system", f"`{system}` is shared by all; name it in `external_ids`."
        )
    return system, value


def _check_free(looking: Eyes, named: Named) -> None:
    for system, value in named.codes:
        taken = references.find(looking.session, owner(looking.caller), named.kind, system, value)
        if taken is not None:
            raise _taken(looking, named.kind, system, value, taken)


def _taken(looking: Eyes, kind: str, system: str, value: str, taken: str) -> Problem:
    # Whoever may see the record learns its id and can go on with it; nobody else learns any.
    seen = sight.one(looking.session, kind, taken, looking.sight) is not None
    return problem(
        "duplicate",
        f"`{system}:{value}` already names a {kind}. {NOTHING_RECORDED}",
        extra={"id": taken} if seen else None,
    )


def _sight(session: Session, caller: Caller, on: date) -> Sight:
    if caller.role in _SEES_ALL:
        return Sight("all", on)
    if caller.is_union:
        return sight.with_merged(session, Sight("union", on, caller.organization_id or ""))
    if caller.is_studio or caller.role == "pipeline":
        tied = None if caller.work_id is None else works.descendants(session, caller.work_id)
        return Sight("studio", on, caller.organization_id or "", works=tied)
    if caller.role == "vendor":
        return Sight("vendor", on, caller.organization_id or "")
    return _sight_of_a_person(session, caller, on)


def _sight_of_a_person(session: Session, caller: Caller, on: date) -> Sight:
    if caller.role == "performer" and caller.performer_id:
        seeing = sight.with_merged(session, Sight("performer", on, caller.performer_id))
        named = sight.works_named(session, {caller.performer_id} | seeing.same)
        return replace(seeing, named_works=named)
    if caller.role == "representative":
        seeing = Sight("representative", on, caller.id, agency_id=caller.organization_id)
        named = sight.works_named(session, sight.performers_of(session, seeing))
        return Sight(
            "representative",
            on,
            caller.id,
            agency_id=caller.organization_id,
            named_works=named,
        )
    return Sight("none", on)
