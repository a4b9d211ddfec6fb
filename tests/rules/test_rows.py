"""No row of a pack is without effect: taking it out, or moving its dates by a day, shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.rules.decide import Decision, decide
from app.rules.facts import Check, Facts, read
from app.rules.packs import Pack, PackSet, RateRow, RuleRow
from app.rules.vectors import merged
from tests.rules.worlds import ESTIMATE, STUNT, Patch, facts, packs

ZONE = ZoneInfo("America/Los_Angeles")
LONG_AGO = "2015-01-01T09:00:00Z"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Example:
    """A world and a question that some row has something to say about."""

    name: str
    world: Patch
    ask: Patch
    # The work day, where a figure goes by it; else the day asked about is the basis of every rule.
    by_work_day: bool = False
    # Likewise the start of photography alone, for figures that go by that.
    by_start: bool = False


def _session(**changes: object) -> dict[str, object]:
    return {
        "engagement_id": "a-on-nova-1",
        "performer_id": "performer-a",
        "work_id": "nova-1",
        "business_reason": "falls",
        "notice_sent_at": LONG_AGO,
        "starts_at": "2015-03-02T09:00:00Z",
        **changes,
    }


def _scan(grant: dict[str, object] | None = None, **changes: object) -> tuple[Patch, Patch]:
    world = {
        "grants": {"a-nova-1": {"scope": {"uses": ["scan"]}, **(grant or {})}},
        "capture_sessions": {"s": _session(**changes)},
    }
    return world, {"use": "scan", "capture_session": "s", "shot": None}


def _with(patch: Patch, *more: Patch) -> Patch:
    """One patch that does what these do in turn; unlike a merge, it keeps what takes away."""
    both = dict(patch)
    for later in more:
        for name, value in later.items():
            inner = both.get(name)
            if isinstance(inner, Mapping) and isinstance(value, Mapping):
                both[name] = _with(inner, value)
            else:
                both[name] = value
    return both


NO_GRANT: Patch = {"grants": {"a-nova-1": None}}
BACKGROUND: Patch = {"engagements": {"a-on-nova-1": {"role_class": "background"}}}
INDEPENDENT: Patch = {
    "replicas": {"r": {"performer_id": "performer-a", "kind": "independent"}},
}
VETO: dict[str, object] = {
    "union_id": "guild",
    "kind": "policy",
    "basis": "TT-04",
    "authority": "board",
    "scope": {"work": "nova-1"},
    "effect": "block",
    "timing": "prospective",
    "starts_at": "2016-01-01T00:00:00Z",
    "review_by": "2040-01-01",
    "number": "V-1",
}
LOCKED: Patch = {
    "uses": {
        "u": {
            "performer_id": "performer-a",
            "work_id": "nova-1",
            "producer_id": "studio-o",
            "use": "stunt",
            "state": "locked",
            "shot": "sc045_010",
            "grant_id": "a-nova-1",
            "locked_at": "2015-06-01T00:00:00Z",
        }
    }
}
SYNTH: Patch = {"performer": None, "use": "synthetic", "shot": None}


def _claim(kind: str, **more: Patch) -> tuple[Patch, Patch]:
    attested = {
        "x": {"kind": kind, "at": LONG_AGO, "performer_id": "performer-a"},
        "c": {"kind": "counsel_review", "at": LONG_AGO, "performer_id": "performer-a"},
    }
    return (
        _with(NO_GRANT, {"attestations": attested}, *more.values()),
        {"exemptions": [{"code": kind}]},
    )


def _pay(kind: str, amount: str) -> Patch:
    return {"kind": kind, "amount": {"amount": amount, "currency": "USD"}}


def _other(kind: str = "bargained_flat", amount: str = "100.00", **more: object) -> Patch:
    scope = {"works": ["other"], "uses": ["stunt"]}
    grant = {"scope": scope, "shown_works": ["other"], "pay": _pay(kind, amount), **more}
    return {"grants": {"a-nova-1": grant}}


def _umbrella(**more: object) -> Patch:
    scope = {
        "mode": "franchise_umbrella",
        "membership": "dynamic",
        "works": ["nova"],
        "uses": ["stunt"],
    }
    return {"grants": {"a-nova-1": {"scope": scope, **more}}}


def _in_the_picture() -> Iterator[Example]:
    tags = {"description": {"tags": ["nudity"], "scenes": ["45"]}}
    minor = {"performers": {"performer-a": {"adult_from": "2060-01-01"}}}
    dead = {"performers": {"performer-a": {"died_on": "2015-06-01"}}}
    yield Example("stunt", ESTIMATE, {})
    yield Example("stunt by work day", ESTIMATE, {}, by_work_day=True)
    weekly = {"engagements": {"a-on-nova-1": {"rate": {"kind": "weekly"}}}}
    yield Example("weekly scale", _with(ESTIMATE, weekly), {}, by_work_day=True)
    dear = {
        "engagements": {"a-on-nova-1": {"rate": _pay("daily", "90000.00")}},
    }
    yield Example("above the ceiling", _with(ESTIMATE, dear), {})
    yield Example("above the ceiling, by photography", _with(ESTIMATE, dear), {}, by_start=True)
    yield Example("stunt by photography", ESTIMATE, {}, by_start=True)
    unbound = {
        "signatories": {"studio-o-tv": None},
        "engagements": {"a-on-nova-1": None},
        "works": {"nova-1": {"agreement": None}},
    }
    yield Example("no agreement, no consent", _with(NO_GRANT, unbound), {})
    unclear = {"description": {"text": ""}, "form": {"replaces_in_person_work": True}}
    for place in ("US-CA", "US-IL", "US-NY"):
        lives = {"performers": {"performer-a": {"residence": place}}}
        clause = _with(unbound, lives, {"grants": {"a-nova-1": unclear}})
        yield Example(f"clause, {place}", clause, {})
    yield Example("no estimate", {}, {})
    yield Example(
        "covered", _with(ESTIMATE, {"engagements": {"a-on-nova-1": {"covered_days": "2"}}}), {}
    )
    yield Example(
        "disputed", _with(ESTIMATE, {"estimates": {"estimate": {"state": "disputed"}}}), {}
    )
    yield Example("no consent", NO_GRANT, {})
    yield Example("form", {"grants": {"a-nova-1": {"form": {"separate_sign": "none"}}}}, {})
    yield Example("no description", {"grants": {"a-nova-1": {"description": {"text": " "}}}}, {})
    yield Example("beyond", {}, tags)
    yield Example("minor", minor, tags)
    yield Example(
        "exclusion",
        {"grants": {"a-nova-1": {"exclusions": [{"axis": "tag", "value": "aerial"}]}}},
        {},
    )
    yield Example("veto", {"vetoes": {"v": VETO}}, {})
    yield Example("veto without basis", {"vetoes": {"v": {**VETO, "basis": " "}}}, {})
    yield Example("veto, locked", {"vetoes": {"v": VETO}, **LOCKED}, {})
    strike = {**VETO, "kind": "strike", "scope": {"agreement": "sag-aftra/tv-theatrical"}}
    yield Example("strike", {"vetoes": {"v": strike}}, {})
    yield Example("declined", {"grants": {"a-nova-1": {"state": "declined"}}}, {})
    yield Example("studio signed", {"grants": {"a-nova-1": {"signature": {"by": "studio"}}}}, {})
    yield Example("training", {}, {"use": "train_model"})
    licensed = {"attestations": {"t": {"kind": "training_licence", "at": LONG_AGO}}}
    ticked = {"grants": {"a-nova-1": {"scope": {"uses": ["train_model"], "training": True}}}}
    yield Example("training licence", _with(ticked, licensed), {"use": "train_model"})
    stated = {"grants": {"a-nova-1": {"signature": {"identity": "stated"}}}}
    yield Example("signer hardly known", _with(ticked, stated), {"use": "train_model"})
    destroyed = {"replicas": {"r": {"performer_id": "performer-a", "state": "destroyed"}}}
    yield Example("destroyed", destroyed, {"replica": "r"})
    yield Example("dead, silent", dead, {})
    yield Example(
        "dead, for life", _with(dead, {"grants": {"a-nova-1": {"posthumous": "life_only"}}}), {}
    )
    searched = {"attestations": {"s": {"kind": "representative_search", "at": LONG_AGO}}}
    yield Example("dead, nobody found", _with(dead, NO_GRANT, searched), {})


def _claimed() -> Iterator[Example]:
    for kind in ("as_scripted", "safety", "unrecognisable", "dub_double"):
        yield Example(kind, *_claim(kind))
    world, ask = _claim("expressive", independent=INDEPENDENT)
    yield Example("expressive", world, {**ask, "replica": "r"})
    yield Example("alter", {}, {"use": "alter"})
    routine = [{"code": "routine_post", "category": "noise"}]
    yield Example("routine", NO_GRANT, {"use": "alter", "exemptions": routine})
    yield Example("dub", NO_GRANT, {"use": "dub"})


def _made() -> Iterator[Example]:
    yield Example("scan", *_scan())
    yield Example("scan without notice", *_scan(notice_sent_at=None))
    yield Example("scan without reason", *_scan(business_reason=None))
    yield Example("scan within a day", *_scan(same_day_as_work=True))
    yield Example("scan of half a day", *_scan(half_day_for_performer=True))
    yield Example("scan not allowed", *_scan({"scope": {"uses": ["stunt"]}}))
    yield Example("iris", *_scan(biometric_kinds=["iris_scan"], biometric_purpose="other"))
    world, ask = _scan(notice_sent_at=None)
    yield Example("background scan", _with(world, BACKGROUND), ask)
    yield Example("background scan by work day", _with(world, BACKGROUND), ask, by_work_day=True)
    world, ask = _scan({"form": {"separate_sign": "none"}, "scope": {"uses": []}})
    dated = {**ask, "on": "2026-08-03"}
    yield Example("background scan by photography", _with(world, BACKGROUND), dated, by_start=True)
    yield Example("background scan, no consent", _with(world, BACKGROUND), ask)


def _elsewhere() -> Iterator[Example]:
    crowd = {"use": "crowd", "shot": None}
    in_it = {"grants": {"a-nova-1": {"scope": {"uses": ["crowd"]}}}}
    yield Example("crowd", _with(BACKGROUND, in_it), crowd)
    yield Example("background in a part", _with(BACKGROUND, ESTIMATE), {})
    yield Example("background elsewhere", _with(BACKGROUND, NO_GRANT), {**crowd, "work": "other"})
    yield Example(
        "background elsewhere, agreed",
        _with(BACKGROUND, _other()),
        {"work": "other"},
    )
    yield Example("other picture", _with(_other(), ESTIMATE), {"work": "other"})
    initial = _other(amount="5000.00", form={"separate_sign": "initial"})
    yield Example("other picture, initialled", initial, {"work": "other"})
    yield Example("other picture, no consent", {}, {"work": "other"})
    yield Example(
        "independent", _with(_other(), INDEPENDENT, ESTIMATE), {"work": "other", "replica": "r"}
    )
    yield Example("independent, no consent", INDEPENDENT, {"work": "other", "replica": "r"})
    set_built = {
        "capture_sessions": {"s": _session(kind="set_photography")},
        "replicas": {
            "r": {"performer_id": "performer-a", "kind": "independent", "capture_session_id": "s"}
        },
    }
    yield Example("built on the set", set_built, {"replica": "r"})
    yield Example("handed over", {}, {"gate": "transfer"})
    yield Example("umbrella", _umbrella(), {})
    later = {"edges": {"nova-1-in-nova": {"valid_from": "2015-02-01T00:00:00Z"}}}
    frozen = _with(
        _umbrella(shown_works=[]),
        {"grants": {"a-nova-1": {"scope": {"membership": "frozen_at_grant"}}}},
        later,
    )
    yield Example("added later", frozen, {})
    never = {"performer_id": "performer-a", "say": "never", "use": "stunt", "starts_at": LONG_AGO}
    yield Example("never said", {"instructions": {"never": never}}, {})


def _synthetic() -> Iterator[Example]:
    yield Example("insecure", {"attestations": {"studio-o-security": None}}, {})
    yield Example("synthetic", {}, SYNTH)
    told = {"notices": {"n": {"kind": "synthetic", "sent_at": LONG_AGO, "sender_id": "studio-o"}}}
    yield Example("synthetic, bargaining", told, SYNTH)
    named = {"attestations": {"p": {"kind": "named_prompt", "at": LONG_AGO, "work_id": "nova-1"}}}
    yield Example("named prompt", named, SYNTH)


def _in_places() -> Iterator[Example]:
    yield Example("shown in Europe", ESTIMATE, {"territories": ["DE"]})
    for place in ("US-IL", "US-TX"):
        yield Example(f"measured, {place}", *_scan(place=place))
    free: Patch = {
        "performers": {"performer-a": {"residence": "US-NV"}},
        "signatories": {"studio-o-tv": None},
        "engagements": {"a-on-nova-1": None},
        "works": {"nova-1": {"agreement": None}},
    }
    yield Example("without end", free, {})


def _in_a_game() -> Iterator[Example]:
    agreement = {"agreement": "sag-aftra/interactive"}
    game: Patch = {
        "works": {"nova-1": {"kind": "game", **agreement}},
        "engagements": {"a-on-nova-1": agreement},
        "signatories": {"studio-o-tv": agreement},
    }
    scope = {"uses": ["stunt", "synthesize_voice", "realtime"]}
    grant = {"scope": scope, "pay": _pay("bargained_flat", "500.00")}
    agreed = _with(game, {"grants": {"a-nova-1": grant}})
    ticked = _with(game, {"grants": {"a-nova-1": {"scope": {**scope, "realtime": True}}}})
    yield Example("game, no consent", _with(game, NO_GRANT), {})
    yield Example("game, agreed", agreed, {})
    yield Example("game, at run time, not ticked", agreed, {"use": "realtime"})
    yield Example("game, old tools", *_claim("traditional_ai", game=game))
    # Engaged under the terms, whatever day of work is asked about.
    since: Patch = {"engagements": {"a-on-nova-1": {"engaged_at": "2025-07-10T17:00:00Z"}}}
    lines = {"use": "synthesize_voice", "quantity": {"lines": 10}}
    yield Example("game, lines", ticked, lines)
    yield Example("game, lines by work day", _with(ticked, since), lines, by_work_day=True)
    yield Example("game by work day", _with(agreed, since), {}, by_work_day=True)


EXAMPLES = (
    *_in_the_picture(),
    *_claimed(),
    *_made(),
    *_elsewhere(),
    *_synthetic(),
    *_in_places(),
    *_in_a_game(),
)


@cache
def _asked(number: int, day: date) -> tuple[Check, Facts, datetime, tuple[Any, ...]]:
    example = EXAMPLES[number]
    apart = example.by_work_day or example.by_start
    noon = datetime.combine(day, time(12), ZONE).astimezone(UTC)
    engaged = "2026-07-10T17:00:00Z" if apart else noon.isoformat()
    if apart and day < date(2026, 7, 1):
        engaged = "2024-03-05T17:00:00Z"
    started = "2026-08-03" if example.by_work_day else day.isoformat()
    base = {
        "signatories": {"studio-o-tv": {"starts_on": "2015-01-01"}},
        "memberships": {"performer-a-guild": {"starts_on": "2015-01-01"}},
        "works": {name: {"photography_start": started} for name in ("nova-1", "other")},
        "edges": {"nova-1-in-nova": {"valid_from": LONG_AGO}},
        "engagements": {"a-on-nova-1": {"engaged_at": engaged}},
        "grants": {"a-nova-1": {"signature": {"at": LONG_AGO}}},
        "attestations": {"studio-o-security": {"at": LONG_AGO}},
    }
    world = facts(base, example.world)
    ask = merged(merged(STUNT, example.ask), {"on": day.isoformat()} if example.by_work_day else {})
    found: Check = read(Check, ask)
    as_of = max(noon, datetime(2026, 11, 21, tzinfo=UTC)) if apart else noon
    return found, world, as_of, _view(decide(found, world, packs(), as_of=as_of))


def _view(decision: Decision) -> tuple[Any, ...]:
    """What a published vector asserts of a decision."""
    said = decision.wire()
    reasons = sorted((r.code, r.source.rule, *(str(r.wire()["facts"]),)) for r in decision.reasons)
    amounts = said["amounts"]
    return said["outcome"], said["class"], reasons, amounts


def _mutated(pack: Pack, row: RuleRow | RateRow, change: RuleRow | RateRow | None) -> PackSet:
    rules = tuple(change if r is row else r for r in pack.rules)
    rates = tuple(change if r is row else r for r in pack.rates)
    changed = replace(
        pack,
        rules=tuple(r for r in rules if isinstance(r, RuleRow)),
        rates=tuple(r for r in rates if isinstance(r, RateRow)),
    )
    return PackSet(tuple(changed if p is pack else p for p in packs().packs))


def _shows(change: PackSet, days: tuple[date, ...]) -> bool:
    for number in range(len(EXAMPLES)):
        for day in days:
            question, world, as_of, before = _asked(number, day)
            if _view(decide(question, world, change, as_of=as_of)) != before:
                return True
    return False


def _all_rows() -> Iterator[tuple[Pack, RuleRow | RateRow]]:
    for pack in packs().packs:
        yield from ((pack, row) for row in pack.rules)
        yield from ((pack, row) for row in pack.rates)


def _rows() -> Iterator[Any]:
    for pack, row in _all_rows():
        yield pytest.param(pack, row, id=f"{pack.name}#{row.id}")


@pytest.mark.parametrize(("pack", "row"), [*_rows()])
def test_a_row_that_is_taken_out_is_missed(pack: Pack, row: RuleRow | RateRow) -> None:
    day = row.starts_on if row.starts_on > date.min else date(2026, 11, 21)
    assert _shows(_mutated(pack, row, None), (day,))


def _dates() -> Iterator[Any]:
    for pack, row in _all_rows():
        for name in ("starts_on", "ends_on"):
            day = getattr(row, name, None)
            for by in (ONE_DAY, -ONE_DAY) if day is not None and day > date.min else ():
                id_ = f"{pack.name}#{row.id} {name} {by.days:+d}"
                yield pytest.param(pack, row, name, by, id=id_)


@pytest.mark.parametrize(("pack", "row", "name", "by"), [*_dates()])
def test_a_date_that_is_moved_by_a_day_shows(
    pack: Pack, row: RuleRow | RateRow, name: str, by: timedelta
) -> None:
    day: date = getattr(row, name)
    changed: dict[str, Any] = {name: day + by}
    moved = replace(row, **changed)
    assert _shows(_mutated(pack, row, moved), (day - ONE_DAY, day, day + ONE_DAY))
