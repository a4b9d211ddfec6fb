"""Acts on estimates: how many shooting days a replica saves, said, agreed and disputed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from app.registrar import objects, owed, parties
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules import estimates as rules
from app.store import heads, ids, log, rows
from app.store.heads import Head, Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = (
    "use_id",
    "performer_id",
    "work_id",
    "use",
    "shot",
    "days",
    "basis",
    "state",
    "author_id",
    "stated_at",
    "claimed_days",
    "claim",
    "disputed_at",
    "settled_at",
    "days_before",
)


@dataclass(frozen=True, slots=True)
class NewEstimate:
    """Of a registered use, or of a plan: then ``performer``, ``work`` and ``use`` say of which."""

    days: Decimal
    basis: str
    use_id: str | None = None
    performer: str | None = None
    work: str | None = None
    use: str | None = None
    shot: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the performer's side says that the count should be, and why."""

    days: Decimal | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class _About:
    use_id: str | None
    performer_id: str | None
    work_id: str
    use: str
    shot: str | None

    @property
    def head(self) -> Head:
        """The head that every registration which reads the estimate holds."""
        if self.performer_id is None:
            return ("work", self.work_id)
        return ("performer", self.performer_id)


def state(tx: Tx, caller: Caller, new: NewEstimate) -> Recorded | Refused:
    """State a count of days in good faith; the performer agrees or disputes it."""
    about = _about(objects.eyes_of(tx, caller), new)
    heads.take(tx, lambda _: Heads(exclusive=frozenset({about.head})))
    log.begin(tx)
    row = rows.insert(
        tx,
        "estimate",
        id=ids.mint("est"),
        use_id=about.use_id,
        performer_id=about.performer_id,
        work_id=about.work_id,
        use=about.use,
        shot=about.shot,
        days=str(new.days),
        basis=new.basis,
        state=rules.PROPOSED,
        author_id=objects.owner(caller),
        stated_at=tx.now,
    )
    return _done(tx, caller, row, "estimate.stated", status=201)


def agree(tx: Tx, caller: Caller, estimate_id: str) -> Recorded | Refused:
    """Agree to a count, for the performer: it is what pay is reckoned by."""
    row, after = _take(tx, caller, estimate_id, "agree")
    parties.bargaining_role(tx, caller, row["performer_id"])
    log.begin(tx)
    row = rows.amend(tx, "estimate", row["id"], state=after, settled_at=tx.now)
    return _done(tx, caller, row, "estimate.agreed", status=200)


def dispute(tx: Tx, caller: Caller, estimate_id: str, claim: Claim) -> Recorded | Refused:
    """Dispute a count, for the performer; the days that nobody disputes stay due."""
    row, after = _take(tx, caller, estimate_id, "dispute")
    parties.check_mandate(tx, caller, row["performer_id"])
    if claim.days is not None and claim.days == Decimal(row["days"]):
        raise wrong("/days", "the-same", "That is the count itself: agree to it, or say another.")
    log.begin(tx)
    claimed = None if claim.days is None else str(claim.days)
    said = {"claimed_days": claimed, "claim": claim.words, "disputed_at": tx.now}
    row = rows.amend(tx, "estimate", row["id"], state=after, **said)
    return _done(tx, caller, row, "estimate.disputed", status=200)


def resolve(
    tx: Tx, caller: Caller, estimate_id: str, days: Decimal, basis: str
) -> Recorded | Refused:
    """Record how a dispute over an estimate ended."""
    row, after = _take(tx, caller, estimate_id, "resolve")
    log.begin(tx)
    counted = {"days": str(days), "basis": basis, "days_before": row["days"]}
    row = rows.amend(tx, "estimate", row["id"], state=after, settled_at=tx.now, **counted)
    return _done(tx, caller, row, "estimate.resolved", status=200)


def view(row: Row) -> dict[str, Any]:
    """An estimate as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def _about(looking: objects.Eyes, new: NewEstimate) -> _About:
    if new.use_id is not None:
        if new.performer or new.work or new.use or new.shot:
            raise wrong("/use_id", "one-of", "Name a registered use, or a plan, not both.")
        used = objects.find(looking, "use", new.use_id, "/use_id")
        return _About(used["id"], used["performer_id"], used["work_id"], used["use"], used["shot"])
    if new.work is None or new.use is None:
        missing = "/work" if new.work is None else "/use"
        raise wrong(missing, "required", "A plan names `work` and `use`; or give `use_id`.")
    performer_id = None
    if new.performer is not None:
        performer_id = objects.find(looking, "performer", new.performer, "/performer")["id"]
    elif new.use != "synthetic":
        raise wrong("/performer", "required", "Only a synthetic use is of no performer.")
    work_id = objects.find(looking, "work", new.work, "/work")["id"]
    return _About(None, performer_id, work_id, new.use, new.shot)


def _take(tx: Tx, caller: Caller, estimate_id: str, act: str) -> tuple[Row, str]:
    row = objects.find(objects.eyes_of(tx, caller), "estimate", estimate_id)
    about = _About(row["use_id"], row["performer_id"], row["work_id"], row["use"], row["shot"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({about.head})))
    row = objects.find(objects.eyes_of(tx, caller), "estimate", row["id"])
    after = rules.move(act, row["state"])
    if after is None:
        raise problem("invalid-transition", f"The estimate is {row['state']}. {NOTHING_RECORDED}")
    return row, after


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    if row["performer_id"] is None:
        heads.bump(tx, "work", row["work_id"])
    else:
        heads.bump(tx, "performer", row["performer_id"])
        owed.follow_estimate(tx, row)
    subjects = {row["work_id"], row["author_id"], row["performer_id"]} - {None}
    log.append(tx, type_, caller.role, subjects=subjects)
    return Recorded(
        value=view(row),
        status=status,
        location=f"/v1/estimates/{row['id']}",
        etag=objects.etag_of(row),
    )
