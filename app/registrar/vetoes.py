"""Acts on vetoes: issue, confirm, lift, narrow, renew, appeal, rule, except; what each reaches."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from app.registrar import objects, parties, sweep
from app.registrar.callers import Caller
from app.registrar.problems import NOTHING_RECORDED, FieldError, problem, wrong
from app.rules import refusals, standing, vetoes
from app.rules.days import day_of
from app.rules.facts import Check, Facts, Veto, VetoException, VetoScope, facts_from, read
from app.rules.merges import as_one
from app.rules.packs import PackSet
from app.rules.sales import owned
from app.rules.veto_terms import appeal_until, review_by_at, scope_at, second_due
from app.rules.vetoes import Admitted, Rejected, Request, Ruling
from app.store import facts, heads, ids, log, rows, sight, uses, works
from app.store.heads import Head, Heads
from app.store.tx import Problem, Recorded, Refused, Tx
from app.store.vetoes import next_number

Row = objects.Row
T = TypeVar("T")

SCOPE: Final = ("performer", "work", "studio", "agreement", "unit", "all_members", "uses")
_MEMBERS: Final = (
    "number",
    "union_id",
    "kind",
    "basis",
    "authority",
    "effect",
    "timing",
    "starts_at",
    "review_by",
    "state",
    "lifted_at",
    "reason",
    "exceptions",
    "wide",
    "emergency",
    "seconded_at",
    "narrowings",
    "renewals",
    "appeals",
)
# What a preview would only invent.
_INVENTED: Final = frozenset(
    {"id", "version", "number", "recorded_idx", "seconded_at", "effect_now"}
)
_RULINGS: Final = {
    vetoes.UPHELD: "veto.appeal_upheld",
    vetoes.OVERRULED: "veto.overruled",
    vetoes.NARROWED: "veto.narrowed_on_appeal",
}
# Acts after which a veto may reach less.
_LETTING_GO: Final = frozenset(
    {"veto.lifted", "veto.narrowed", "veto.exception_added", *_RULINGS.values()}
)
_DATED: Final = ("exceptions", "narrowings", "renewals", "appeals")
# What concerns whoever reads of an appeal; who else contests the veto is not everybody's to know.
_APPEAL: Final = ("id", "at", "decided_at", "outcome", "decided_by", "document_hash")


@dataclass(frozen=True, slots=True)
class _Step:
    """An act on a veto: the type of its entry, columns that only it writes, what was said."""

    type: str
    also: Mapping[str, object] = field(default_factory=dict)
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exception as an officer asks for it; ``starts_at`` left out means now."""

    basis: str
    work: str | None = None
    studio: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def issue(tx: Tx, caller: Caller, request: Request) -> Recorded | Refused:
    """Issue a veto for the caller's union: at once if narrow, as a proposal if wide.

    Takes the one head that every affected registration holds, so that each of them either saw the
    veto or is on its list.
    """
    admitted = _taken(tx, caller, request)
    if isinstance(admitted, Refused):
        return admitted
    log.begin(tx)
    row = _written(tx, caller, admitted)
    type_ = "veto.proposed" if admitted.state == "proposed" else "veto.issued"
    done = _done(tx, caller, row, type_, admitted.head)
    value = dict(done.value)
    if admitted.flagged_because is not None:
        value["flagged_because"] = admitted.flagged_because
    return replace(done, value=value, status=201, location=f"/v1/vetoes/{row['id']}")


def preview(tx: Tx, caller: Caller, request: Request) -> Recorded | Refused:
    """What a veto would come to, and the uses that it would stop once nothing is missing.

    The act itself, which whoever previews undoes. It has no id and no number, for it is none yet.
    """
    admitted = _taken(tx, caller, request)
    if isinstance(admitted, Refused):
        return admitted
    log.begin(tx)
    row = _written(tx, caller, admitted)
    if admitted.wide:
        row = {**row, "seconded_at": tx.now}
    stopped = sweep.would_stop(tx, value_of(row))
    looking = objects.eyes_of(tx, caller)
    seen = sight.seen(tx.session, "use", [use["id"] for use in stopped], looking.sight)
    lines = [sweep.line(use) for use in stopped if use["id"] in seen]
    log.append(tx, "veto.proposed", caller.role, subjects=set())
    value = {name: member for name, member in view(row, tx.now).items() if name not in _INVENTED}
    return Recorded(
        value={
            **value,
            "state": admitted.state,
            "takes_second": admitted.wide,
            "flagged_because": admitted.flagged_because,
            "affected": len(lines),
            "groups": _groups(tx, lines),
            "uses": lines,
        },
        status=200,
    )


def _taken(tx: Tx, caller: Caller, request: Request) -> Admitted | Refused:
    """The request as admitted, under the one head that every affected registration holds."""
    scope = _resolved(tx, caller, request.scope)
    third = _third_party(tx, caller, request.appeal_to, scope.studio)
    request = replace(request, scope=scope, appeal_to=third)
    head = vetoes.head_of(request.scope, objects.owner(caller))
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    return _admitted(tx, caller, request)


def _third_party(tx: Tx, caller: Caller, given: str | None, vetoed: str | None) -> str | None:
    """Who decides appeals: an organization or a person on record, and no party to it."""
    if given is None:
        return None
    pointer = "/appeal_to"
    looking = objects.eyes_of(tx, caller)
    id_ = objects.resolve(looking, "organization", given, pointer)
    person = rows.current(tx.session, "principal", id_)
    found = person or rows.current(tx.session, "organization", id_)
    if found is None:
        raise objects.unknown(pointer)
    side = id_ if person is None else person["organization_id"]
    if side == objects.owner(caller):
        raise wrong(pointer, "a-party", "Your own union cannot decide an appeal against itself.")
    if side == vetoed:
        raise wrong(
            pointer, "a-party", "Whom the veto is about cannot decide an appeal against it."
        )
    kind = None if person is None else person["kind"]
    if kind in {"client", "performer"}:
        raise wrong(pointer, "a-party", "Name a person or an organization that is no party to it.")
    return id_


def _written(tx: Tx, caller: Caller, admitted: Admitted) -> Row:
    request = admitted.request
    return rows.insert(
        tx,
        "veto",
        id=ids.mint("veto"),
        number=next_number(tx.session),
        union_id=objects.owner(caller),
        kind=request.kind,
        basis=request.basis,
        authority=request.authority,
        **scope_columns(request.scope),
        effect=admitted.effect,
        timing=request.timing,
        starts_at=admitted.starts_at,
        recorded_at=tx.now,
        review_by=admitted.review_by,
        state=admitted.state,
        reason=request.reason,
        exceptions=[],
        proposed_by=caller.id,
        wide=admitted.wide,
        emergency=request.emergency,
        narrowings=[],
        renewals=[],
        appeals=[],
        appeal_to=request.appeal_to,
    )


def _groups(tx: Tx, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many uses of each work, studio, use and state."""
    members = ("work_id", "producer_id", "use", "state")
    counted = Counter(tuple(line[name] for name in members) for line in lines)
    named = rows.where(tx.session, "work", id={line["work_id"] for line in lines})
    titles = {row["id"]: row["title"] for row in named}
    return [
        {**dict(zip(members, group, strict=True)), "title": titles[group[0]], "count": count}
        for group, count in sorted(counted.items())
    ]


def confirm(tx: Tx, caller: Caller, veto_id: str) -> Recorded | Refused:
    """Be the second officer of a wide veto, which is in force from then on."""

    def second(row: Row, veto: Veto) -> Veto | refusals.Refusal:
        proposed_by = row["proposed_by"] or ""
        return vetoes.seconded(veto, proposed_by=proposed_by, by=caller.id, at=tx.now)

    step = _Step("veto.confirmed", {"seconded_by": caller.id})
    return _change(tx, caller, veto_id, second, step)


def lift(tx: Tx, caller: Caller, veto_id: str, reason: str | None) -> Recorded | Refused:
    """End a veto; what it held is decided again, and the answer lists each with its outcome."""

    def end(_: Row, veto: Veto) -> Veto | refusals.Refusal:
        if vetoes.move("lift", veto.state, "union") is None:
            return _ended(veto)
        return vetoes.lifted(veto, at=tx.now)

    return _change(tx, caller, veto_id, end, _Step("veto.lifted", words=reason))


def narrow(tx: Tx, caller: Caller, veto_id: str, scope: VetoScope) -> Recorded | Refused:
    """Make the scope smaller; what falls out of it is decided again."""
    named = _resolved(tx, caller, scope)
    for error in vetoes.unit_errors(named, _units(tx, named)):
        raise wrong(error.pointer, error.code, error.detail)

    def smaller(_: Row, veto: Veto) -> Veto | refusals.Refusal:
        if vetoes.move("narrow", veto.state, "union") is None:
            return _ended(veto)
        return vetoes.narrowed(veto, named, descendants=_below(tx, veto), at=tx.now)

    return _change(tx, caller, veto_id, smaller, _Step("veto.narrowed"))


def renew(tx: Tx, caller: Caller, veto_id: str, review_by: date) -> Recorded | Refused:
    """Look at a veto again and give it another review day."""

    def later(_: Row, veto: Veto) -> Veto | refusals.Refusal | refusals.FieldError:
        if vetoes.move("renew", veto.state, "union") is None:
            return _ended(veto)
        return vetoes.renewed(veto, review_by=review_by, at=tx.now)

    return _change(tx, caller, veto_id, later, _Step("veto.renewed"))


def except_(tx: Tx, caller: Caller, veto_id: str, waiver: Waiver) -> Recorded | Refused:
    """Let a work or a studio through: a waiver or an interim agreement."""
    work = _existing(tx, caller, "work", waiver.work, "/work")
    studio = _existing(tx, caller, "organization", waiver.studio, "/studio")

    def let_through(_: Row, veto: Veto) -> Veto | refusals.Refusal | refusals.FieldError:
        if vetoes.move("except", veto.state, "union") is None:
            return _ended(veto)
        if waiver.starts_at is not None and waiver.starts_at < tx.now:
            said = "What the veto stopped until now it stopped: give an instant to come, or none."
            return refusals.FieldError("/starts_at", "in-the-past", said)
        exception = VetoException(
            work=work,
            studio=studio,
            basis=waiver.basis,
            starts_at=waiver.starts_at or tx.now,
            ends_at=waiver.ends_at,
        )
        return vetoes.excepted(veto, exception)

    return _change(tx, caller, veto_id, let_through, _Step("veto.exception_added"))


def appeal(tx: Tx, caller: Caller, veto_id: str, argument: str) -> Recorded | Refused:
    """Contest a veto before its time to appeal is over; it stays in force meanwhile."""

    def contest(_: Row, veto: Veto) -> Veto | refusals.Refusal:
        on_behalf = _check_appellant(tx, caller, veto)
        return vetoes.appealed(veto, id_=ids.mint("appeal"), by=on_behalf, at=tx.now)

    return _change(tx, caller, veto_id, contest, _Step("veto.appealed", words=argument))


def rule(tx: Tx, caller: Caller, veto_id: str, ruling: Ruling) -> Recorded | Refused:
    """Put on record what was decided on the appeals against a veto; what it held is decided again.

    The registry's office records it, who is no party: the decision of the third party that the veto
    names, or an award from outside; either with the hash of the document.
    """
    scope = None if ruling.scope is None else _resolved(tx, caller, ruling.scope)
    ruling = replace(ruling, scope=scope, recorded_by=caller.id)

    def decided(row: Row, veto: Veto) -> Veto | refusals.Refusal | refusals.FieldError:
        return vetoes.ruled(
            veto, ruling, appeal_to=row["appeal_to"], descendants=_below(tx, veto), at=tx.now
        )

    return _change(tx, caller, veto_id, decided, _Step(_RULINGS[ruling.outcome]))


def _check_appellant(tx: Tx, caller: Caller, veto: Veto) -> str:
    """Whose appeal it is; who represents performers contests for one for whom they bargain."""
    if caller.role != "representative":
        return objects.owner(caller)
    named = veto.scope.performer
    clients = sight.performers_of(tx.session, objects.eyes_of(tx, caller).sight)
    theirs = [id_ for id_ in sorted(clients) if named in {None, id_}]
    for client in theirs:
        if parties.bargains(tx, caller, client):
            return client
    raise parties.not_yours(f"You hold no mandate to contest it. {NOTHING_RECORDED}")


def _below(tx: Tx, veto: Veto) -> frozenset[str]:
    scope = scope_at(veto, tx.now)
    return works.descendants(tx.session, scope.work) if scope.work else frozenset()


def view(row: Row, at: datetime) -> dict[str, Any]:
    """A veto on the wire as it stands at ``at``, with what changed it and when."""
    veto = value_of(row)
    return {
        **objects.document(row, *_MEMBERS),
        "scope": _scope_out(scope_at(veto, at)),
        "review_by": rows.plain(review_by_at(veto, at)),
        "effect_now": vetoes.effect_at(veto, at),
        "second_due": rows.plain(second_due(veto)) if veto.emergency else None,
        "narrowings": [
            {"at": rows.plain(n.at), "scope": _scope_out(n.scope)} for n in veto.narrowings
        ],
        "appeals": [{name: rows.plain(getattr(a, name)) for name in _APPEAL} for a in veto.appeals],
        "appeal_to": row["appeal_to"],
        "appeal_until": rows.plain(appeal_until(veto, at)),
        "recorded_idx": row["recorded_idx"],
    }


def _scope_out(scope: VetoScope) -> dict[str, Any]:
    return {name: rows.plain(getattr(scope, name)) for name in SCOPE}


def value_of(row: Row) -> Veto:
    """The veto as rules read it."""
    scope = {name: rows.plain(row[f"scope_{name}"]) for name in SCOPE}
    veto = read(Veto, objects.document(row, *_MEMBERS) | {"scope": scope})
    assert isinstance(veto, Veto)  # noqa: S101 - for the type checker
    return veto


def scope_columns(scope: VetoScope) -> dict[str, Any]:
    """A scope as the columns that keep it."""
    return {f"scope_{name}": value for name, value in asdict(scope).items()} | {
        "scope_uses": list(scope.uses)
    }


def affected(looking: objects.Eyes, veto_id: str) -> list[dict[str, Any]]:
    """The uses on the list of a veto that the caller may see, as they stand now.

    With what each was answered when the veto let it go, and when that was.
    """
    found = uses.affected_by(looking.session, veto_id)
    seen = sight.seen(looking.session, "use", [row["id"] for row in found], looking.sight)
    said = uses.redecided(looking.session, veto_id)
    nothing = {"outcome": None, "decided_at": None}
    return [sweep.line(row) | said.get(row["id"], nothing) for row in found if row["id"] in seen]


def _change(
    tx: Tx,
    caller: Caller,
    veto_id: str,
    decide: Callable[[Row, Veto], Veto | refusals.Refusal | refusals.FieldError],
    step: _Step,
) -> Recorded | Refused:
    """Take the veto's head, let rules make the next version, sweep, and record it."""
    seen = objects.find(objects.eyes_of(tx, caller), "veto", veto_id)
    head = vetoes.head_of(value_of(seen).scope, seen["union_id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    row = rows.current(tx.session, "veto", seen["id"])
    assert row is not None  # noqa: S101 - versions are never taken back
    after = decide(row, value_of(row))
    if isinstance(after, refusals.FieldError):
        raise wrong(after.pointer, after.code, after.detail)
    if isinstance(after, refusals.Refusal):
        return refused(after)
    log.begin(tx)
    written = rows.amend(
        tx,
        "veto",
        row["id"],
        effect=after.effect,
        state=after.state,
        lifted_at=after.lifted_at,
        seconded_at=after.seconded_at,
        **{name: [rows.plain(asdict(e)) for e in getattr(after, name)] for name in _DATED},
        **step.also,
    )
    if step.words is not None:
        _keep_words(tx, caller, written, step)
    return _done(tx, caller, written, step.type, head)


def _keep_words(tx: Tx, caller: Caller, row: Row, step: _Step) -> None:
    """Keep what was said with an act on a veto, as a statement of whoever said it."""
    rows.insert(
        tx,
        "attestation",
        id=ids.mint("att"),
        kind=step.type,
        at=tx.now,
        by=caller.id,
        role=caller.role,
        text=f"{row['number']}: {step.words}",
        performer_id=row["scope_performer"],
        work_id=row["scope_work"],
        organization_id=row["union_id"],
    )


def _done(tx: Tx, caller: Caller, row: Row, type_: str, head: Head) -> Recorded:
    heads.bump(tx, *head)
    stopped = sweep.under_veto(tx, value_of(row))
    listed = uses.affected_by(tx.session, row["id"])
    again = sweep.release(tx, row["id"], listed) if type_ in _LETTING_GO else None
    log.append(tx, type_, caller.role, subjects=subjects_of(row, listed))
    looking = objects.eyes_of(tx, caller)
    # Somebody who appeals counts their own: how much it stops elsewhere is not theirs to know.
    seen = sight.seen(tx.session, "use", stopped, looking.sight)
    value = view(row, tx.now) | {"affected": len(seen)}
    if again is not None:
        value["redecided"] = again
    return Recorded(value=value, status=200, etag=objects.etag_of(row))


def subjects_of(row: Row, stopped: Sequence[Row]) -> set[str]:
    """Who may see what happens to a veto: whom it names, and whose uses stand on its list."""
    named = {row["union_id"], row["scope_performer"], row["scope_work"], row["scope_studio"]}
    for use in stopped:
        named |= {use["performer_id"], use["producer_id"], use["work_id"]}
    return {subject for subject in named if subject is not None}


def _admitted(tx: Tx, caller: Caller, request: Request) -> Admitted | Refused:
    union_id = objects.owner(caller)
    known = facts_of(tx, request.scope)
    on = day_of(request.starts_at or tx.now)
    families = standing.families_of(request.scope, known, on)
    found = vetoes.admit(
        request,
        known,
        union_id=union_id,
        binding_rules=rules_of(tx.store.packs, families),
        units=_units(tx, request.scope),
        as_of=tx.now,
    )
    if isinstance(found, Admitted):
        return found
    if found.errors:
        raise _wrong(found)
    return refused(*found.refusals)


def facts_of(tx: Tx, scope: VetoScope) -> Facts:
    """What standing is judged by: what the scope names, and whoever employs the performer."""
    about = Check(
        work=scope.work or "", use="exhibit", performer=scope.performer, producer=scope.studio
    )
    known, _ = facts.load(tx.session, about, as_of=tx.now)
    known = owned(as_one(known, scope.performer, tx.now), tx.now)
    employers = {e.producer_id for e in known.engagements}
    more = facts_from(
        [
            *_documents("organizations", rows.where(tx.session, "organization", id=employers)),
            *_documents(
                "signatories", rows.where(tx.session, "signatory", organization_id=employers)
            ),
        ]
    )
    return replace(
        known,
        organizations=_distinct(known.organizations, more.organizations),
        signatories=_distinct(known.signatories, more.signatories),
    )


def rules_of(packs: PackSet | None, families: Collection[str]) -> frozenset[str]:
    """The ids of every rule of these families, which a veto may rest on."""
    if packs is None:
        return frozenset()
    return frozenset(r.id for pack in packs.packs if pack.family in families for r in pack.rules)


def refused(*reasons: refusals.Refusal) -> Refused:
    """The answer to an act that rules refuse by name."""
    return Refused(
        reasons=(),
        detail=" ".join(reason.sentence for reason in reasons),
        extra={"refusals": [asdict(reason) for reason in reasons]},
    )


def _documents(kind: str, found: Iterable[Row]) -> list[tuple[str, dict[str, Any]]]:
    return [(kind, {name: rows.plain(row[name]) for name in row}) for row in found]


def _distinct(known: tuple[T, ...], more: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _wrong(rejected: Rejected) -> Problem:
    errors = [FieldError(e.pointer, e.code, e.detail) for e in rejected.errors]
    said = "; ".join(f"{e.pointer.removeprefix('/')}: {e.detail}" for e in errors)
    named = {"rule": "RG-04"}
    return problem("validation-failed", f"{said}. Nothing was recorded.", *errors, extra=named)


def _units(tx: Tx, scope: VetoScope) -> tuple[str, ...]:
    return sweep.packs_of(tx.store).units(scope.agreement) if scope.agreement else ()


def _ended(veto: Veto) -> refusals.Refusal:
    return refusals.Refusal("not_in_force", f"This veto is {veto.state.replace('_', ' ')}.")


def _resolved(tx: Tx, caller: Caller, scope: VetoScope) -> VetoScope:
    return replace(
        scope,
        performer=_existing(tx, caller, "performer", scope.performer, "/scope/performer"),
        work=_existing(tx, caller, "work", scope.work, "/scope/work"),
        studio=_existing(tx, caller, "organization", scope.studio, "/scope/studio"),
    )


def _existing(tx: Tx, caller: Caller, kind: str, given: str | None, pointer: str) -> str | None:
    """The id of something on record, whoever's it is: a union without standing is told so."""
    if given is None:
        return None
    id_ = objects.resolve(objects.eyes_of(tx, caller), kind, given, pointer)
    if rows.current(tx.session, kind, id_) is None:
        raise objects.unknown(pointer)
    return id_
