"""Each act that changes an answer, at its own instant: before, at, after, and as was known before.

``known_at`` before the act gives the bytes that were given before it. ``as_of`` follows the valid
time of what was recorded, whatever the clock says when it is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from app.rules.facts import instant
from app.store.rows import plain
from tests.model.cast import START, Cast, assembled
from tests.model.conftest import Twins
from tests.model.twin import JSON, OFFICE, Twin

NOON = instant("2026-12-02T12:00:00Z")
TICK = timedelta(microseconds=1)
YES, NO = True, False
PAPER = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@dataclass(frozen=True)
class Case:
    """An act, when what it says starts to count, and whether the use goes ahead before and after.

    ``before``: done on the day before. ``starts``: after the act; without it what the act says
    counts at every instant, also before the act: only ``known_at`` hides it.
    """

    name: str
    act: Callable[[Cast], Any]
    before: bool
    after: bool
    ready: Callable[[Cast], Any] = lambda _: None
    starts: timedelta | None = timedelta(0)
    work: str = "one"


def _grant(cast: Cast, **terms: Any) -> str:
    return str(cast.granted("ann", "plain", ["saga"], ["stunt"], **WHOLE, **terms)["id"])


WHOLE = {"mode": "franchise_blanket", "membership": "dynamic"}
HOURS = timedelta(hours=1)


def _veto(cast: Cast, **more: Any) -> str:
    body = {
        "kind": "grievance",
        "basis": "Article 12",
        "authority": "national board",
        "scope": {"performer": cast.ids["ann"]},
        "reason": "No answer.",
    }
    return str(cast.make("officer", "/v1/vetoes", body | more)["id"])


def _granted_and(act: Callable[[Cast], Any]) -> Callable[[Cast], None]:
    def both(cast: Cast) -> None:
        cast.ids["grant"] = _grant(cast)
        cast.ids["block"] = str(act(cast))

    return both


def _only_granted(cast: Cast) -> None:
    cast.ids["grant"] = _grant(cast)


def _post(who: str, path: str, body: JSON = None) -> Callable[[Cast], JSON]:
    def act(cast: Cast) -> JSON:
        said = None if body is None else {k: cast.ids.get(v, v) for k, v in body.items()}
        return cast.make(who, path.format(**cast.ids), said)

    return act


def _pause(cast: Cast) -> str:
    return str(cast.make("ann", f"/v1/performers/{cast.ids['ann']}/suspensions", {})["id"])


def _order(cast: Cast) -> str:
    body = {"reference": "CV-17", "work": cast.ids["saga"]}
    return str(cast.make(OFFICE, "/v1/court-orders", body)["id"])


def _patched(who: str, path: str, body: JSON) -> Callable[[Cast], JSON]:
    def act(cast: Cast) -> JSON:
        at = path.format(**cast.ids)
        etag = cast.twin.get(who, at).etag
        return cast.twin.send(who, "PATCH", at, body, match=etag).expect()

    return act


def _death(cast: Cast, died_on: str) -> str:
    """Two persons say it."""
    path = f"/v1/performers/{cast.ids['ann']}/deaths"
    said = {"died_on": died_on, "document_hash": PAPER}
    made = str(cast.make(OFFICE, path, said)["id"])
    cast.make("bureau", f"{path}/{made}/confirmation", {"document_hash": PAPER})
    return made


def _amended(cast: Cast, **terms: Any) -> None:
    path = f"/v1/grants/{cast.ids['grant']}"
    seen = cast.twin.get("plain", path)
    body = terms or {"uses": ["crowd"]}
    changed = cast.twin.send("plain", "POST", f"{path}/amendments", body, match=seen.etag).expect()
    terms_hash = changed["proposal"]["terms_hash"]
    cast.make("ann", f"{path}/acceptance", {"terms_hash": terms_hash})


def _granted_less(cast: Cast) -> None:
    _only_granted(cast)
    _amended(cast)


def _closed(cast: Cast) -> None:
    """The studio takes what the performer asked for, and signed in advance."""
    path = f"/v1/grants/{cast.ids['grant']}"
    body = {"uses": ["crowd"], "presigned": True}
    seen = cast.twin.get("ann", path)
    asked = cast.twin.send("ann", "POST", f"{path}/counter-offers", body, match=seen.etag).expect()
    seen = cast.twin.get("plain", path)
    taken = {"terms_hash": asked["proposal"]["terms_hash"]}
    cast.twin.send("plain", "POST", f"{path}/amendments", taken, match=seen.etag).expect()


def _edge_of(cast: Cast, work: str) -> str:
    seen = cast.twin.get("plain", f"/v1/works/{cast.ids[work]}").expect()
    return str(seen["edges"][0]["id"])


LATER = {"starts_at": str(plain(NOON + 5 * HOURS))}

CASES = (
    Case("grant.signed", _only_granted, NO, YES),
    Case(
        "grant.revoked",
        _post("ann", "/v1/grants/{grant}/revocation", {}),
        YES,
        NO,
        _only_granted,
    ),
    Case(
        "grant.revoked, two days on",
        _post("ann", "/v1/grants/{grant}/revocation", {}),
        YES,
        NO,
        lambda cast: cast.ids.update(
            grant=_grant(cast, withdrawal={"new_uses": "after_days", "days": 2})
        ),
        timedelta(days=2),
    ),
    # What was signed first counts until other terms are signed, which do not reach back.
    Case("grant.amended", _amended, YES, NO, _only_granted),
    Case("grant.amended back", lambda cast: _amended(cast, uses=["stunt"]), NO, YES, _granted_less),
    Case("grant.countered, signed in advance", _closed, YES, NO, _only_granted),
    Case("suspension.started", _pause, YES, NO, _only_granted),
    Case(
        "suspension.started, later",
        _post("ann", "/v1/grants/{grant}/suspension", LATER),
        YES,
        NO,
        _only_granted,
        5 * HOURS,
    ),
    Case(
        "suspension.ended",
        _post("ann", "/v1/performers/{ann}/resumption"),
        NO,
        YES,
        _granted_and(_pause),
    ),
    Case("veto.issued", _veto, YES, NO, _only_granted),
    Case(
        "veto.issued, later",
        lambda cast: _veto(cast, **LATER),
        YES,
        NO,
        _only_granted,
        5 * HOURS,
    ),
    Case(
        "veto.lifted",
        _post("officer", "/v1/vetoes/{block}/lift", {}),
        NO,
        YES,
        _granted_and(_veto),
    ),
    Case(
        "veto.exception_added",
        _post("officer", "/v1/vetoes/{block}/exceptions", {"work": "one", "basis": "waiver"}),
        NO,
        YES,
        _granted_and(_veto),
    ),
    Case(
        "veto.narrowed",
        lambda cast: cast.make(
            "officer",
            f"/v1/vetoes/{cast.ids['block']}/narrowing",
            {"scope": {"performer": cast.ids["ann"], "uses": ["crowd"]}},
        ),
        NO,
        YES,
        _granted_and(_veto),
    ),
    Case("court_order.recorded", _order, YES, NO, _only_granted),
    Case(
        "court_order.ended",
        _post(OFFICE, "/v1/court-orders/{block}/end"),
        NO,
        YES,
        _granted_and(_order),
    ),
    Case(
        "edge.recorded",
        _post("plain", "/v1/works/{apart}/edges", {"parent": "saga"}),
        NO,
        YES,
        _only_granted,
        work="apart",
    ),
    Case(
        "edge.ended",
        lambda cast: cast.make("plain", f"/v1/edges/{_edge_of(cast, 'one')}/end"),
        YES,
        NO,
        _only_granted,
    ),
    Case(
        "membership.ended",
        _post("ann", "/v1/performers/{ann}/memberships/{member}/end", {"ends_on": "2026-12-02"}),
        NO,
        YES,
        _granted_and(_veto),
        timedelta(hours=12),  # the last day is inclusive
    ),
    Case(
        "membership.disputed",
        _post("ann", "/v1/performers/{ann}/memberships/{member}/dispute"),
        NO,
        NO,  # the veto stays: a dispute makes what rests on it uncertain and never allowed
        _granted_and(_veto),
        starts=None,
    ),
    Case(
        "death.confirmed",
        lambda cast: _death(cast, "2026-12-02"),
        YES,
        NO,
        _only_granted,
        timedelta(hours=-12),
    ),
    # Whoever lives never died.
    Case(
        "death.undone",
        _post("ann", "/v1/performers/{ann}/alive"),
        NO,
        YES,
        _granted_and(lambda cast: _death(cast, "2026-12-01")),
        starts=None,
    ),
    # What was found void never was a consent.
    Case(
        "grant.voided",
        _post(
            OFFICE,
            "/v1/grants/{grant}/void",
            {"basis": "court", "document_hash": PAPER},
        ),
        YES,
        NO,
        _only_granted,
        starts=None,
    ),
    Case(
        "work.owner_changed, to somebody who sees it from now on",
        _post("rival", "/v1/works/{theirs}/owner", {"owner": "plain"}),
        NO,
        NO,
        starts=None,
        work="theirs",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_an_act_counts_from_its_own_time_and_was_not_known_before(twins: Twins, case: Case) -> None:
    with twins() as both:
        cast = _world(both)
        both.now = NOON - timedelta(days=1)
        case.ready(cast)
        both.now = NOON
        known = int(_ask(cast, case, NOON)[0]["log_index"])
        shifted = () if case.starts is None else (case.starts,)
        instants = [NOON + d + e for d in (timedelta(0), *shifted) for e in (-TICK, TICK * 0, TICK)]
        then = {at: _ask(cast, case, at) for at in instants}
        assert all(_goes(found) == case.before for found, _ in then.values())

        both.now = NOON
        case.act(cast)

        both.now = NOON + timedelta(days=9)
        for at in instants:
            found, _ = _ask(cast, case, at)
            counts = case.starts is None or at >= NOON + case.starts
            assert _goes(found) == (case.after if counts else case.before), (at, found)
            assert _ask(cast, case, at, known=known)[1] == then[at][1]
        assert _ask(cast, case, NOON, known=str(plain(NOON - TICK)))[1] == then[NOON][1]


def test_each_version_of_a_consent_counts_in_its_own_time(twins: Twins) -> None:
    """Signed, used, amended, amended back with a limit, and taken back: a day for each."""
    day = timedelta(days=1)
    with twins() as both:
        cast = _world(both)
        case = Case("versions", _only_granted, NO, YES)
        answers, known = [], []
        registered = {"performer": cast.ids["ann"], "work": cast.ids["one"], "use": "stunt"}
        acts: tuple[Callable[[Cast], Any], ...] = (
            lambda _: None,
            _only_granted,
            lambda c: c.make("plain", "/v1/uses", registered),
            _amended,
            lambda c: _amended(c, uses=["stunt"], max_uses=2),
            _post("ann", "/v1/grants/{grant}/revocation", {}),
        )
        for n, act in enumerate(acts):
            both.now = NOON + n * day
            act(cast)
            answers.append(_ask(cast, case, both.now))
            known.append(int(answers[-1][0]["log_index"]))
        assert [_goes(found) for found, _ in answers] == [NO, YES, YES, NO, YES, NO]
        both.now = NOON + 30 * day
        for n, (found, decided) in enumerate(answers):
            at = NOON + n * day
            # As it was on record then, to the byte; and as it is on record now.
            assert _ask(cast, case, at, known=known[n])[1] == decided
            assert _goes(_ask(cast, case, at)[0]) == _goes(found)
            # What came between two acts is as after the first of them.
            assert _goes(_ask(cast, case, at + day - TICK)[0]) == _goes(found)
        # Of what came after an entry it knows nothing: the first terms ran on.
        assert _goes(_ask(cast, case, NOON + 3 * day, known=known[2])[0]) == YES
        assert _goes(_ask(cast, case, NOON + 5 * day, known=known[3])[0]) == NO
        assert _goes(_ask(cast, case, NOON + 2 * day, known=known[3])[0]) == YES
        assert all(report.differences == [] for report in both.verified())


def _world(both: Twin) -> Cast:
    both.now = instant(START)
    cast = assembled(both)
    cast.performer("ann", "plain")
    cast.ids["member"] = cast.member("ann")
    cast.work("saga", "plain", "franchise")
    cast.work("one", "plain", part_of=cast.ids["saga"])
    cast.work("apart", "plain")
    cast.work("theirs", "rival")
    return cast


def _ask(
    cast: Cast, case: Case, at: datetime, *, known: int | str | None = None
) -> tuple[Any, tuple[bytes, ...]]:
    """The answer, and the bytes of its decision on each engine."""
    body = {"performer": cast.ids["ann"], "work": cast.ids[case.work], "use": "stunt"}
    more = {} if known is None else {"known_at": known}
    answer = cast.twin.post("plain", "/v1/checks", body | {"as_of": str(plain(at))} | more)
    found = [msgspec.json.decode(raw, type=dict[str, msgspec.Raw]) for raw in answer.raw]
    return answer.expect(), tuple(bytes(one["decision"]) for one in found)


def _goes(found: JSON) -> bool:
    return str(found["decision"]["outcome"]).startswith("allow")
