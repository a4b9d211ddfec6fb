"""Whether a grant covers a use, axis by axis: what misses, and what would have to be said first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from app.rules.days import day_of
from app.rules.facts import Check, Description, Facts, Grant, Sale, Work
from app.rules.sales import YES, answer_of, ended_by, since
from app.rules.uses import counts
from app.rules.works import COVERED, Reach, reach

# Uses that are a no unless ticked by themselves, with the member of the scope that ticks them.
TICKED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "train_model": ("training", "D_TRAINING"),
        "realtime": ("realtime", "D_RTG"),
        "dub": ("dubbing", "D_DUB_NO_CONSENT"),
        "promo": ("marketing", "D_SCOPE_USE"),
    }
)

USE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scan": "making a replica",
        "face_replace": "putting their face on somebody else",
        "de_age": "changing their age",
        "stunt": "stunts",
        "crowd": "a crowd",
        "synthesize_voice": "a synthetic voice",
        "dub": "dubbing",
        "alter": "altering their performance",
        "realtime": "real-time generation",
        "train_model": "training a model",
        "promo": "advertising",
        "exhibit": "showing finished work",
        "synthetic": "a synthetic performer",
    }
)

# How far off a miss is: the higher, the nearer the grant is to covering the use.
_NEARNESS: Final = (
    "work",
    "state",
    "period",
    "use",
    "replica",
    "medium",
    "territory",
    "language",
    "description",
    "cap",
    "death",
    "grantee",
)


@dataclass(frozen=True, slots=True)
class Miss:
    """One axis on which a grant does not cover a use."""

    axis: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that was not said and that a limit of the grant depends on."""

    field: str
    what: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """A grant held against a use."""

    grant: Grant
    reach: Reach
    misses: tuple[Miss, ...] = ()
    asks: tuple[Ask, ...] = ()

    @property
    def covers(self) -> bool:
        """Whether nothing misses; something may still have to be said."""
        return not self.misses

    @property
    def nearness(self) -> tuple[object, ...]:
        """Sorts the nearest miss first, and never by the order in which grants were given."""
        signed = self.grant.signature.at.timestamp() if self.grant.signature else 0
        axes = sorted(-_NEARNESS.index(m.axis) for m in self.misses)
        return (len(self.misses), axes, -signed, self.grant.id)


@dataclass(frozen=True, slots=True)
class Asked:
    """A use as scope sees it."""

    check: Check
    work: Work
    facts: Facts
    as_of: datetime
    on: date  # in the zone of the pack that binds
    today: date  # likewise
    tags: tuple[str, ...] | None  # stated on the use, else of the work
    replica_id: str | None
    died_on: date | None
    # Whether the agreement lets a yes that is silent on death outlive the performer.
    survives: bool = False
    producer: str = ""
    # The sale by which the producer gave the work away; and whose works it bought, by what sale.
    sold: Sale | None = None
    sellers: Mapping[str, Sale] = field(default_factory=dict)


def fit(grant: Grant, asked: Asked) -> Fit:
    """Hold one grant against a use."""
    found = reach(grant, asked.work, asked.facts.edges, asked.as_of)
    axes = (_state, _grantee, _period, _use, _replica, _death, _limits, _description, _caps)
    said = [*_work(found, grant, asked), *(item for axis in axes for item in axis(grant, asked))]
    misses = tuple(item for item in said if isinstance(item, Miss))
    asks = tuple(item for item in said if isinstance(item, Ask))
    return Fit(grant, found, misses, asks)


def described(grant: Grant, facts: Facts, work_id: str, as_of: datetime) -> Description:
    """The description that counts for a work: of its confirmation, where there is one."""
    found = [
        c
        for c in facts.confirmations
        if (c.grant_id, c.work_id) == (grant.id, work_id) and c.signed_at <= as_of
    ]
    latest = max(found, key=lambda c: (c.signed_at, c.id), default=None)
    if latest is None or not latest.description.text.strip():
        return grant.description
    return latest.description


def _state(grant: Grant, asked: Asked) -> Iterator[Miss]:
    return _state_misses(grant, asked.as_of)


def _state_misses(grant: Grant, as_of: datetime) -> Iterator[Miss]:
    state = grant.state
    unanswered = _unanswered(grant, as_of)
    if unanswered is not None:
        yield Miss("state", "D_NO_CONSENT", {"asked": unanswered})
    elif state == "declined":
        on = day_of(grant.declined_at or as_of)
        yield Miss("state", "D_DECLINED", {"declined": on})
    elif state == "void":
        yield Miss("state", "D_VOID")
    elif grant.revoked_from is not None and grant.revoked_from <= as_of:
        yield Miss("state", "D_REVOKED", {"ended": day_of(grant.revoked_from)})
    elif state == "revoked" and grant.revoked_from is None:
        yield Miss("state", "D_REVOKED", {"ended": day_of(as_of)})
    elif state not in {"active", "revoked"}:
        yield Miss("state", "D_NO_CONSENT", {"asked": _waiting(state)})
    else:
        yield from _unsigned(grant, as_of)


def _unsigned(grant: Grant, as_of: datetime) -> Iterator[Miss]:
    if grant.signature is None:
        yield Miss("state", "D_NO_CONSENT", {"asked": "What is on record was never signed."})
    elif grant.signature.at > as_of:
        yield Miss("state", "D_NOT_YET", {"starts": grant.signature.at})


def _unanswered(grant: Grant, as_of: datetime) -> str | None:
    """What is told of an instant before the performer was asked, or before they said no."""
    offered, declined = grant.offered_at, grant.declined_at
    # What was offered anew has lost the day of its first offer; what was signed needed none.
    is_first = grant.version == 1 and grant.signature is None
    if is_first and offered is not None and as_of < offered:
        return _waiting("")
    if grant.state == "declined" and declined is not None and as_of < declined:
        return _waiting("offered")
    return None


def _grantee(grant: Grant, asked: Asked) -> Iterator[Miss]:
    """Whether the yes is to this producer still: sold works take it along only if it passes on."""
    bought = asked.sellers.get(grant.grantee_id)
    if asked.sold is not None and (bought is not None or ended_by(grant, asked.sold)):
        title = titles((asked.sold.work_id,), asked.facts)[0]
        yield Miss("grantee", "D_SOLD", {"work": title, "sold": day_of(since(asked.sold))})
    elif bought is not None:
        yield from _passing_on(grant, bought, asked)


def _passing_on(grant: Grant, bought: Sale, asked: Asked) -> Iterator[Miss]:
    said = answer_of(grant, asked.producer, asked.facts.assignments, asked.as_of)
    if grant.scope.assignable or (said is not None and said.answer == YES):
        return
    title = titles((bought.work_id,), asked.facts)[0]
    params: dict[str, object] = {"work": title, "sold": day_of(since(bought))}
    if said is None or said.answered_at is None:
        yield Miss("grantee", "A_PASSING_ON", params)
    else:
        params["answered"] = day_of(said.answered_at)
        yield Miss("grantee", "D_NOT_PASSED_ON", params)


def _waiting(state: str) -> str:
    return {
        "offered": "They were asked and have not answered.",
        "signed": "They have signed, and the consent is not in force yet.",
        "union_review": "They have signed, and the union is reviewing it.",
    }.get(state, "Nobody has asked them yet. Send a request.")


def _period(grant: Grant, asked: Asked) -> Iterator[Miss]:
    scope = grant.scope
    # Who asks picks the work day and not today; a use that was cleared has its day on record.
    days = (asked.on,) if _is_cleared(asked) else (asked.on, asked.today)
    if scope.ends_on is not None and max(days) > scope.ends_on:
        yield Miss("period", "D_EXPIRED", {"ended": scope.ends_on})
    if scope.starts_on is not None and min(days) < scope.starts_on:
        yield Miss("period", "D_NOT_YET", {"starts": scope.starts_on})


def _is_cleared(asked: Asked) -> bool:
    cleared = {"cleared", "locked", "released"}
    return any(u.id == asked.check.use_id and u.state in cleared for u in asked.facts.uses)


def _work(found: Reach, grant: Grant, asked: Asked) -> Iterator[Miss]:
    if found.state == COVERED:
        return
    covered = titles(grant.scope.works, asked.facts)
    name = named(asked.work)
    if name in covered:
        name = f"this {_word(asked.work.kind)} of the same name"
    params: dict[str, object] = {"covered": covered, "work": name}
    signed_at = grant.signature.at if grant.signature is not None else asked.as_of
    if found.added_at is None or found.added_at <= signed_at:
        yield Miss("work", "D_SCOPE_WORK", params)
        return
    params |= {
        "signed": day_of(signed_at),
        "added": day_of(found.added_at),
        "kind": asked.work.kind,
    }
    yield Miss("work", "D_SCOPE_WORK_ADDED_LATER", params)


def _use(grant: Grant, asked: Asked) -> Iterator[Miss]:
    use, scope = asked.check.use, grant.scope
    words = tuple(USE_WORDS.get(u, "another use") for u in scope.uses) or ("nothing yet",)
    member, code = TICKED.get(use, ("", "D_SCOPE_USE"))
    # The tick comes besides naming the use, and never instead of it.
    if use not in scope.uses or (member and not getattr(scope, member)):
        yield Miss("use", code, {"allowed": words, "asked": USE_WORDS.get(use, "this")})


def _replica(grant: Grant, asked: Asked) -> Iterator[Miss | Ask]:
    if grant.replica_id is None:
        return
    if asked.replica_id is None:
        yield Ask("replica", "which replica it is")
    elif asked.replica_id != grant.replica_id:
        yield Miss("replica", "D_SCOPE_REPLICA")


def _death(grant: Grant, asked: Asked) -> Iterator[Miss]:
    if asked.died_on is None or grant.signature is None:
        return
    # Whoever signs after a death speaks for the dead; whether they may is a question of validity.
    if grant.signature.by in {"estate", "executor", "union"}:
        return
    silent_survives = asked.survives and grant.posthumous == "unstated"
    if grant.posthumous != "survives" and not silent_survives:
        yield Miss("death", "D_DECEASED_NO_AUTH", {"died": asked.died_on, "law_words": ""})


_LIMITS: Final = (
    ("media", "medium", "D_SCOPE_MEDIUM", "in which media it will be shown"),
    ("territories", "territory", "D_SCOPE_TERRITORY", "in which territories it will be shown"),
    ("languages", "language", "D_SCOPE_LANGUAGE", "in which languages it will be"),
)


def _limits(grant: Grant, asked: Asked) -> Iterator[Miss | Ask]:
    for name, axis, code, what in _LIMITS:
        allowed = getattr(grant.scope, name)
        if allowed is None:
            continue
        wanted = getattr(asked.check, name)
        if not wanted:  # an empty list says nothing, and so stays within no limit
            yield Ask(name, what)
        elif set(wanted) - set(allowed):
            over = tuple(sorted(set(wanted) - set(allowed)))
            yield Miss(axis, code, {"allowed": _words(allowed), "asked": _words(over)})


def _description(grant: Grant, asked: Asked) -> Iterator[Miss | Ask]:
    told = described(grant, asked.facts, asked.work.id, asked.as_of)
    said = asked.check.description
    beyond: list[str] = []
    for name, what, limit, use, words in (
        ("tags", "what is shown", told.tags, asked.tags, "{}"),
        ("character", "which character it is", _one(told.character), _one(said.character), "{}"),
        ("scenes", "which scenes it is for", told.scenes, said.scenes, "scene {}"),
    ):
        if limit is None:
            continue
        # No tag at all is an answer; no scene at all is none.
        if use is None or (name != "tags" and not use):
            yield Ask(f"description.{name}", what, limit if name == "tags" else ())
        else:
            over = dict.fromkeys(v for v in use if v not in limit)
            beyond += [words.format(_word(v)) for v in over]
    if beyond:
        yield Miss("description", "D_DESC_EXCEEDED", {"beyond": tuple(sorted(beyond))})


def _one(value: str | None) -> tuple[str, ...] | None:
    return None if value is None else (value,)


def _caps(grant: Grant, asked: Asked) -> Iterator[Miss | Ask]:
    scope, check = grant.scope, asked.check
    others = [
        u
        for u in asked.facts.uses
        if u.grant_id == grant.id and u.id != check.use_id and counts(u, asked.as_of)
    ]
    if scope.max_uses is not None:
        taken = sum(u.quantity.uses or 1 for u in others)
        yield from _cap("uses", scope.max_uses, taken, check.quantity.uses or 1)
    if scope.max_seconds is not None:
        taken = sum(u.quantity.seconds or 0 for u in others)
        if check.quantity.seconds is None:
            yield Ask("quantity.seconds", "how many seconds it lasts")
        else:
            yield from _cap("seconds", scope.max_seconds, taken, check.quantity.seconds)


def _cap(unit: str, limit: int, taken: int, wanted: int) -> Iterator[Miss]:
    if taken + wanted > limit:
        yield Miss(
            "cap", "D_CAP_REACHED", {"limit": limit, "unit": unit, "used": taken, "wanted": wanted}
        )


def titles(work_ids: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    """Titles of works for a sentence; what has none on record is ``another work``."""
    by_id = {w.id: w.title for w in facts.works}
    found = dict.fromkeys(by_id.get(id_) or "another work" for id_ in work_ids)
    return tuple(found) or ("no work",)


def named(work: Work) -> str:
    """A work's title for a sentence, or its kind where the title is sealed."""
    return work.title or f"this {work.kind}"


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_word(v) for v in values) or ("nothing",)


def _word(value: str) -> str:
    return value.replace("_", " ")
