"""A walk: acts by chance, and after each of them every earlier answer asked for again."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from app.registrar import checks
from app.rules.decide import Decision, decide
from app.rules.entries import TYPES
from app.rules.facts import Check, Facts
from app.rules.packs import PackSet
from app.store.rows import plain
from tests.model import consents, estates, identity, people, places, simple, stops
from tests.model.cast import assembled
from tests.model.twin import Answer, NotDoneError, Twin, entry_types
from tests.model.world import (
    QUIET_PERFORMER,
    QUIET_STUDIO,
    QUIET_WORK,
    SIMPLE_PERFORMERS,
    SIMPLE_USES,
    SURE,
    USES,
    WAYS,
    WIDE_PERFORMERS,
    Body,
    Move,
    World,
    built,
)

# Importing them declares their ways.
ACTS = (people, places, consents, stops, simple, identity, estates)

ALLOWED = frozenset({"allow", "allow_with_obligations"})
# How often an act comes about, where not once: what many others rest on comes more often.
WEIGHTS = {
    "grant.offered": 7,
    "grant.signed": 6,
    "use.registered": 5,
    "use.locked": 2,
    "membership.stated": 2,
    "representation.stated": 3,
    "estimate.stated": 3,
    "veto.issued": 2,
    "veto.proposed": 2,
    "veto.lifted": 3,
    "court_order.ended": 2,
    "suspension.ended": 2,
}
_BATCH = 1000
_WRONG = 422
_STUDIOS = ("oriel", "plain", "rival")


class ForgottenError(AssertionError):
    """An earlier answer is not given again as it was."""


class DisagreesError(AssertionError):
    """The registry and the reference do not agree."""


class _Item(msgspec.Struct):
    decision: msgspec.Raw = msgspec.Raw()
    log_index: int = -1
    error: msgspec.Raw = msgspec.Raw()


class _Batch(msgspec.Struct):
    items: list[_Item]


@dataclass(frozen=True)
class Asked:
    """A question with the answer that each engine gave, byte for byte."""

    body: Body
    decisions: tuple[bytes, ...]
    after: str  # the act that came before it


@dataclass
class Walk:
    """What a walk did: for the reader of a failure, and for the tests of the walk itself."""

    seed: int
    world: World
    # Which share of the answers is asked for again and again; more of those of a new kind.
    kept: float = 1.0
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    predicted: Counter[bool] = field(default_factory=Counter)
    repeated: int = 0
    tip_at: str = ""  # the instant of the last entry

    @property
    def twin(self) -> Twin:
        """Where it walks."""
        return self.world.cast.twin

    def step(self, types: Sequence[str], *, surely: bool = False) -> None:
        """Do one act, ask something new, and ask for everything old again.

        ``surely``: in a way that depends on no other act, where there is one.
        """
        self.twin.now += timedelta(seconds=self.world.rng.choice([1, 40, 900, 9000]))
        act = self._act(types, surely=surely)
        self._ask_new(act)
        self.ask_again(act)

    def missing(self) -> set[str]:
        """Declared types of entries that the walk has not brought about."""
        return set(TYPES - entry_types(self.twin.histories()[0]).keys())

    def summary(self) -> str:
        """What happened, in a line each."""
        return (
            "\n".join(
                f"{name}: {dict(counted)}"
                for name, counted in (
                    ("refused", self.refused),
                    ("kinds", self.kinds),
                    ("predicted", self.predicted),
                )
            )
            + f"\n{self.done.total()} acts, {self.repeated} answers asked for again"
        )

    def ask_again(self, act: str) -> None:
        """Every earlier answer is given again, byte for byte, on each engine.

        Raises:
            ForgottenError: one is not.
        """
        for who, asked in self.asked.items():
            # What will be known at an instant is open until an entry comes after it.
            closed = [one for one in asked if self._is_closed(one.body["known_at"])]
            for start in range(0, len(closed), _BATCH):
                part = closed[start : start + _BATCH]
                now = self._batch(who, [one.body for one in part])
                for one, *again in zip(part, *now, strict=True):
                    _same(who, one, tuple(bytes(item.decision) for item in again), act)
                self.repeated += len(part)

    def _is_closed(self, known_at: int | str) -> bool:
        return isinstance(known_at, int) or known_at < self.tip_at

    def _act(self, types: Sequence[str], *, surely: bool) -> str:
        """One act: of the type that is most behind, or by chance of any."""
        rng = self.world.rng
        turns = sorted(types, key=lambda type_: (self._turns(type_), rng.random()))
        if rng.random() < 0.2:
            rng.shuffle(turns)
        for type_ in turns:
            self.tried[type_] += 1
            move = self._prepared(type_, surely=surely)
            if move is not None:
                return self._do(type_, move)
        raise AssertionError("nothing at all can be done")

    def _prepared(self, type_: str, *, surely: bool) -> Move | None:
        """What a way does next; nothing where another act has made what it needs impossible."""
        ways = [fn for fn in WAYS[type_] if (fn in SURE) == surely] or WAYS[type_]
        try:
            return self.world.rng.choice(ways)(self.world)
        except NotDoneError as refusal:
            if not refusal.conflicts:
                raise
            self.refused[f"before {type_}: {refusal.slug}"] += 1
            return None

    def _do(self, type_: str, move: Move) -> str:
        if move.run is not None:
            for side in self.twin.sides:
                move.run(side, self.twin.now)
            self._count(type_)
            return move.path
        answer = self.twin.send(move.who, move.method, move.path, move.body, match=move.match)
        if not answer.done:
            self.refused[f"{type_}: {answer.slug}"] += 1
            return answer.request
        self._count(type_)
        if "state" in answer.body:
            self.world.states[answer.body["id"]] = answer.body["state"]
        move.after(answer.body)
        return answer.request

    def _count(self, type_: str) -> None:
        self.done[type_] += 1
        self.tip_at = str(plain(self.twin.now))

    def _turns(self, type_: str) -> float:
        # A try that came to nothing counts less: what it lacked may be there soon.
        return (self.done[type_] + self.tried[type_] / 4) / WEIGHTS.get(type_, 1)

    def _ask_new(self, act: str) -> None:
        who, body = self._question()
        answer = self.twin.post(who, "/v1/checks", body)
        if answer.status == _WRONG and "use_id" in body:
            # One's own registered use is of another type than what is asked about it.
            del body["use_id"]
            answer = self.twin.post(who, "/v1/checks", body)
        self._keep(who, body, answer, act)
        for name in SIMPLE_PERFORMERS:
            self._compare(name, act)

    def _question(self) -> tuple[str, Body]:
        """Some of the wide world: mostly of those whom the studio knows, at any time."""
        w = self.world
        name = w.rng.choice([*WIDE_PERFORMERS, QUIET_PERFORMER])
        studio = (
            WIDE_PERFORMERS.get(name, QUIET_STUDIO)
            if w.rng.random() < 0.8
            else w.rng.choice(_STUDIOS)
        )
        works = [work for work, owner in w.works.items() if owner == studio]
        if name == QUIET_PERFORMER:
            works = [w.id(QUIET_WORK)]
        elif not works or w.rng.random() >= 0.9:
            works = [*w.works]
        body: Body = {
            "performer": w.id(name),
            "work": w.rng.choice(works),
            "use": w.rng.choice([*USES, "scan", "exhibit", "train_model"]),
            "as_of": _at(w.now, w.rng.choice([0, 0, -3600, -200_000, 90_000])),
        }
        if w.rng.random() < 0.4:
            body["description"] = {"tags": w.rng.choice([["stunts"], ["nudity"], []])}
        if w.rng.random() < 0.3:
            body["quantity"] = {"seconds": 12, "performers": 2}
        if w.rng.random() < 0.3:
            body |= {"media": ["theatrical"], "gate": w.rng.choice(["lock", "delivery", "train"])}
        use = w.any_of("use")
        if use is not None and w.rng.random() < 0.3:
            body["use_id"] = use
        return studio, body

    def _compare(self, name: str, act: str) -> None:
        """Ask in the simple world, and compare with what the reference says."""
        w = self.world
        work, use = w.rng.choice(w.simple_works), w.rng.choice(SIMPLE_USES)
        at = w.now + timedelta(seconds=w.rng.choice([0, 0, 0, -30_000, -300_000, 100_000]))
        body = {"performer": w.id(name), "work": work, "use": use, "as_of": str(plain(at))}
        answer = self.twin.post("plain", "/v1/checks", body)
        outcome = answer.expect()["decision"]["outcome"]
        self._keep("plain", body, answer, act)
        expected = w.simple.allows(w.id(name), work, use, at)
        self.predicted[expected] += 1
        if (outcome in ALLOWED) != expected:
            raise DisagreesError(f"after {act}: {body} is {answer.body}; expected: {expected}")

    def _keep(self, who: str, body: Body, answer: Answer, act: str) -> None:
        found = answer.expect()
        decision = found["decision"]
        kind = " ".join([decision["outcome"], *(reason["code"] for reason in decision["reasons"])])
        self.kinds[kind] += 1
        share = self.kept if self.kinds[kind] > 1 else 0.5
        if self.world.rng.random() >= share:
            return
        items = [msgspec.json.decode(raw, type=_Item) for raw in answer.raw]
        # At an instant it is known what was known at the last entry before it.
        index = self.world.rng.random() < 0.7
        known = found["log_index"] if index else str(plain(self.twin.now))
        kept = Asked(body | {"known_at": known}, tuple(bytes(i.decision) for i in items), act)
        self.asked.setdefault(who, []).append(kept)

    def _batch(self, who: str, bodies: list[Body]) -> list[list[_Item]]:
        replies = self.twin.raw(who, "/v1/checks/batch", {"items": bodies})
        return [msgspec.json.decode(raw, type=_Batch).items for raw in replies]


@contextmanager
def decided_once() -> Iterator[None]:
    """Decide equal facts once: the same arguments give the same answer, which others prove.

    To ask everything again after every act is affordable only like this. What is read for each
    answer is read each time.
    """
    known: dict[tuple[Check, Facts, datetime], Decision] = {}

    def once(check: Check, facts: Facts, packs: PackSet, *, as_of: datetime) -> Decision:
        key = (check, facts, as_of)
        if key not in known:
            known[key] = decide(check, facts, packs, as_of=as_of)
        return known[key]

    names = vars(checks)
    names.update(decide=once)
    try:
        yield
    finally:
        names.update(decide=decide)


def begun(both: Twin, seed: int, kept: float = 1.0) -> Walk:
    """A walk at its beginning."""
    world = built(assembled(both), random.Random(seed))
    for name in SIMPLE_PERFORMERS:
        simple.grant(world, name)
    return Walk(seed, world, kept)


def _same(who: str, one: Asked, again: tuple[bytes, ...], act: str) -> None:
    if again != one.decisions:
        raise ForgottenError(
            f"{who} asked {one.body} after {one.after}\n"
            f"then: {[d.decode() for d in one.decisions]}\n"
            f" now: {[d.decode() for d in again]}\n"
            f"which changed with {act}"
        )


def _at(now: datetime, seconds: int) -> str:
    return str(plain(now + timedelta(seconds=seconds)))
