"""What a use costs, to the cent, from the rows of the packs."""

import pytest

from tests.rules.worlds import (
    BACKGROUND,
    ESTIMATE,
    IN_OTHER,
    NO_AGREEMENT,
    SCAN,
    Patch,
    a_locked_use,
    a_session,
    amounts,
    answer,
    grant,
    only_grant,
    other,
    pay,
    usd,
)


@pytest.mark.parametrize(
    ("worlds", "asked", "expected"),
    [
        pytest.param([ESTIMATE], {}, ("3849.00", "808.29", "4657.29"), id="W1 three days at scale"),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "2"}},
                    "engagements": {"a-on-nova-1": {"rate": {"kind": "weekly"}}},
                },
            ],
            {},
            ("2566.00", "538.86", "3104.86"),
            id="W2 a fifth of the weekly minimum is less than a day's",
        ),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "4"}},
                    "engagements": {
                        "a-on-nova-1": {"rate": {"kind": "weekly", "amount": usd("25000.00")}}
                    },
                },
            ],
            {},
            ("20000.00", "4200.00", "24200.00"),
            id="W3 overscale by the week",
        ),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "2"}},
                    "engagements": {
                        "a-on-nova-1": {
                            "contract_days": "8",
                            "rate": {"kind": "episodic", "amount": usd("30000.00")},
                        }
                    },
                },
            ],
            {},
            ("7500.00", "1575.00", "9075.00"),
            id="W4 by contract days, where no ceiling is known",
        ),
        pytest.param(
            [ESTIMATE, BACKGROUND, {"estimates": {"estimate": {"days": "2"}}}],
            {},
            ("2566.00", "538.86", "3104.86"),
            id="W6 background in a part is paid as principal",
        ),
        pytest.param(
            [other("bargained_flat", "10000.00")],
            IN_OTHER,
            ("10000.00", "2100.00", "12100.00"),
            id="W7 another picture",
        ),
        pytest.param(
            [other("per_use", "2000.00")],
            {**IN_OTHER, "quantity": {"uses": 3}},
            ("6000.00", "1260.00", "7260.00"),
            id="by the use",
        ),
        pytest.param([a_session()], SCAN, ("1283.00", "269.43", "1552.43"), id="a day of its own"),
        pytest.param(
            [a_session(half_day_for_performer=True)],
            SCAN,
            ("641.50", "134.72", "776.22"),
            id="half a day for the performer's sake",
        ),
        pytest.param(
            [a_session(), BACKGROUND],
            SCAN,
            ("231.00", "47.36", "278.36"),
            id="S43 a call for a scan alone",
        ),
        pytest.param(
            [a_session(same_day_as_work=True)],
            SCAN,
            ("0.00", "0.00", "0.00"),
            id="within a paid day",
        ),
        pytest.param(
            [
                ESTIMATE,
                {"engagements": {"a-on-nova-1": {"covered_days": "2"}}, **a_locked_use()},
                {"uses": {"u": {"days": "1", "shot": "x"}}},
            ],
            {},
            ("2566.00", "538.86", "3104.86"),
            id="covered days are taken off once",
        ),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "1"}},
                    "engagements": {
                        "a-on-nova-1": {"rate": {"kind": "daily", "amount": usd("300000.00")}}
                    },
                },
            ],
            {},
            ("300000.00", "48720.00", "348720.00"),
            id="contributions stop at the ceiling",
        ),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "1"}},
                    "engagements": {
                        "a-on-nova-1": {
                            "contract_days": "3",
                            "rate": {"kind": "daily", "amount": usd("100000.00")},
                        }
                    },
                },
            ],
            {},
            ("100000.00", "0.00", "100000.00"),
            id="a ceiling used up in person",
        ),
        pytest.param(
            [ESTIMATE, NO_AGREEMENT, only_grant(pay=pay("per_day", "700.00"))],
            {},
            ("2100.00", "0.00", "2100.00"),
            id="no agreement: what was agreed",
        ),
        pytest.param(
            [
                NO_AGREEMENT,
                {
                    "grants": {
                        "a-nova-1": {
                            "scope": {"uses": ["alter"]},
                            "pay": {"alteration": usd("50.00")},
                        }
                    }
                },
            ],
            {"use": "alter"},
            ("50.00", "0.00", "50.00"),
            id="pay for altering is a term",
        ),
        pytest.param(
            [
                ESTIMATE,
                NO_AGREEMENT,
                {
                    "engagements": {
                        "e": {
                            "performer_id": "performer-a",
                            "work_id": "nova-1",
                            "producer_id": "studio-o",
                            "engaged_at": "2026-07-10T00:00:00Z",
                            "rate": {"kind": "weekly", "amount": usd("1000.00")},
                        }
                    }
                },
            ],
            {},
            ("600.00", "0.00", "600.00"),
            id="no agreement: days at the engagement's own pay",
        ),
    ],
)
def test_what_it_costs(worlds: list[Patch], asked: Patch, expected: tuple[str, str, str]) -> None:
    assert amounts(answer(*worlds, **asked)) == expected


@pytest.mark.parametrize(
    ("registered_at", "contributions"),
    [
        pytest.param("2026-10-31T23:59:59Z", "0.00", id="under the terms that paid by the use"),
        pytest.param("2026-11-01T00:00:00Z", "808.29", id="under those that pay days times rate"),
    ],
)
def test_what_another_use_earned_is_by_the_terms_that_it_began_under(
    registered_at: str, contributions: str
) -> None:
    by_use = grant(pay=pay("per_use", "400000.00"))
    since = grant(earlier=[by_use], signature={"at": "2026-11-01T00:00:00Z"})
    world: Patch = {"grants": {"a-nova-1": since}}
    use: Patch = {"uses": {"u": {"registered_at": registered_at, "shot": "x"}}}
    decision = answer(ESTIMATE, world, a_locked_use(), use)
    assert amounts(decision)[1] == contributions


def two_uses(**first: object) -> Patch:
    """An earlier use and the one that is asked about, both on record."""
    use = {**a_locked_use()["uses"]["u"], "registered_at": "2026-11-20T10:00:00Z"}
    asked = {
        **use,
        "shot": "sc045_010",
        "registered_at": "2026-11-20T11:00:00Z",
        "state": "cleared",
    }
    return {"uses": {"u": {**use, "shot": "x", **first}, "w": asked}}


COVERED: Patch = {"engagements": {"a-on-nova-1": {"covered_days": "2"}}}


@pytest.mark.parametrize(
    ("first", "asked", "gross"),
    [
        pytest.param({"days": "2"}, "w", "3849.00", id="the earlier use had them"),
        pytest.param({"days": "2"}, "u", "1283.00", id="the later one takes nothing back"),
        pytest.param({"days": "3", "estimate_id": "estimate"}, "w", "1283.00", id="one estimate"),
        pytest.param({"days": "2", "state": "withdrawn"}, "w", "1283.00", id="it was given up"),
    ],
)
def test_days_that_were_paid_before_are_credited_once_and_to_the_use_that_came_first(
    first: dict[str, object], asked: str, gross: str
) -> None:
    world = two_uses(**first)
    later = {"days": "2"} if asked == "u" else {}
    world = {"uses": {**world["uses"], "w": {**world["uses"]["w"], **later}}}
    shot = world["uses"][asked]["shot"]
    decision = answer(ESTIMATE, COVERED, world, use_id=asked, shot=shot)
    assert amounts(decision)[0] == gross


@pytest.mark.parametrize(
    ("grant_id", "contributions"),
    [
        pytest.param("a-nova-1", "42000.00", id="one sum for both uses is earned once"),
        pytest.param("another", "6720.00", id="a sum of another consent counts besides"),
    ],
)
def test_one_sum_for_all_uses_counts_once_against_a_ceiling(
    grant_id: str, contributions: str
) -> None:
    flat = {"pay": pay("bargained_flat", "200000.00")}
    world: Patch = {"grants": {"a-nova-1": flat, "another": grant(state="revoked", **flat)}}
    used = two_uses(grant_id=grant_id)
    third = {**used["uses"]["u"], "registered_at": "2026-11-20T10:30:00Z"}
    world = {**world, "uses": {**used["uses"], "v": third}}
    decision = answer(ESTIMATE, world, use_id="w")
    assert amounts(decision)[:2] == ("200000.00", contributions)
    assert decision.amounts is not None
    assert decision.amounts.lines[0].once == "a-nova-1"


def test_days_that_one_estimate_counts_for_several_uses_are_owed_once() -> None:
    several, one = (
        answer(ESTIMATE),
        answer(
            {"estimates": {"estimate": {**ESTIMATE["estimates"]["estimate"], "use_id": "w"}}},
            two_uses(),
            use_id="w",
        ),
    )
    assert several.amounts is not None
    assert one.amounts is not None
    assert (several.amounts.lines[0].once, one.amounts.lines[0].once) == ("estimate", "")


def test_without_terms_there_is_no_amount_and_never_a_zero() -> None:
    decision = answer(NO_AGREEMENT, only_grant(pay=pay("days_x_rate")), ESTIMATE)
    assert decision.amounts is None
    assert "A_TERMS" in decision.codes
    assert decision.wire()["amounts"] == {}


def test_an_unread_contribution_is_asked_for_and_not_taken_for_nothing() -> None:
    long_ago = {"works": {"nova-1": {"photography_start": "2022-06-30"}}}
    decision = answer(ESTIMATE, long_ago)
    assert decision.outcome == "needs_action"
    assert decision.amounts is None
    unknown = answer(ESTIMATE, {"works": {"nova-1": {"photography_start": None}}})
    field = next(r.facts["field"] for r in unknown.reasons if r.code == "A_FACT_NEEDED")
    assert field == "photography_start"


def test_the_day_of_photography_is_that_of_the_series_where_the_episode_has_none() -> None:
    patch: Patch = {
        "works": {"nova-s-5": {"photography_start": None}},
        "engagements": {"a-on-nova-1": {"work_id": "nova-s"}},
    }
    decision = answer(
        patch, ESTIMATE, only_grant(scope={"works": ["nova-s"], "uses": ["stunt"]}), work="nova-s-5"
    )
    assert decision.outcome == "allow_with_obligations"


@pytest.mark.parametrize(
    ("verified", "outcome", "code"),
    [(False, "needs_action", "A_FLOOR_UNVERIFIED"), (True, "deny", "D_PAY_BELOW_FLOOR")],
)
def test_a_floor_denies_once_somebody_checked_it(verified: bool, outcome: str, code: str) -> None:
    row = {
        "pack": "sag-aftra/tv-theatrical@2026",
        "row": "day_performer/2026-07-01",
        "by": "x",
        "source": "y",
        "at": "2026-11-01T00:00:00Z",
    }
    checked: Patch = {"verifications": {"x": row}} if verified else {}
    decision = answer(other("bargained_flat", "1000.00"), checked, work="other")
    assert (decision.outcome, code in decision.codes) == (outcome, True)
    assert decision.amounts is None


def priced(uses: list[str], amount: str, **changes: object) -> Patch:
    pay = {"kind": "bargained_flat", "amount": {"amount": amount, "currency": "USD"}}
    scope = {"works": ["nova-1"], "uses": uses, "dubbing": True}
    return only_grant(scope=scope, pay=pay, **changes)


SCANNED: Patch = {
    "capture_sessions": {
        "scan-1": {
            "engagement_id": "a-on-nova-1",
            "performer_id": "performer-a",
            "work_id": "nova-1",
            "kind": "scan",
            "business_reason": "Falls.",
            "notice_sent_at": "2026-11-16T09:00:00Z",
            "starts_at": "2026-11-23T09:00:00Z",
        }
    }
}
SAME_DAY: Patch = {"capture_sessions": {"scan-1": {"same_day_as_work": True}}}


@pytest.mark.parametrize(
    ("patches", "gross"),
    [
        ([priced(["scan"], "9000.00")], "9000.00"),
        ([priced(["scan"], "9000.00"), SAME_DAY], "9000.00"),
        ([priced(["scan"], "900.00")], "1283.00"),
        # The price is paid with the use, and so not with the scan as well.
        ([priced(["scan", "stunt"], "9000.00")], "1283.00"),
    ],
)
def test_a_scan_pays_its_agreed_price_where_that_is_more_than_the_day(
    patches: list[Patch], gross: str
) -> None:
    decision = answer(SCANNED, *patches, use="scan", capture_session="scan-1")
    assert decision.amounts is not None
    assert decision.amounts.wire()["gross"] == {"amount": gross, "currency": "USD"}


@pytest.mark.parametrize("changes", [{}, {"state": "revoked"}])
def test_a_dub_that_needs_no_consent_pays_what_was_agreed(changes: dict[str, object]) -> None:
    decision = answer(priced(["dub"], "3000.00", **changes), use="dub", languages=["fr"])
    assert decision.outcome == "allow_with_obligations"
    assert {"E_DUB_BEFORE", "O_PAY"} <= {*decision.codes}
    assert decision.amounts is not None
    assert decision.amounts.wire()["gross"] == {"amount": "3000.00", "currency": "USD"}


def test_a_price_in_another_currency_is_not_compared_with_the_day_of_a_scan() -> None:
    pay = {"kind": "bargained_flat", "amount": {"amount": "900.00", "currency": "GBP"}}
    deal = only_grant(scope={"works": ["nova-1"], "uses": ["scan"]}, pay=pay)
    for patches in ([deal], [deal, SAME_DAY]):
        decision = answer(SCANNED, *patches, use="scan", capture_session="scan-1")
        assert "A_CURRENCY" in decision.codes


def test_a_price_by_the_day_is_not_the_price_of_a_scan() -> None:
    pay = {"kind": "per_day", "amount": {"amount": "9000.00", "currency": "USD"}}
    deal = only_grant(scope={"works": ["nova-1"], "uses": ["scan"]}, pay=pay)
    decision = answer(SCANNED, deal, use="scan", capture_session="scan-1")
    assert decision.amounts is not None
    assert decision.amounts.wire()["gross"] == {"amount": "1283.00", "currency": "USD"}


@pytest.mark.parametrize(
    ("world", "on"),
    [
        pytest.param({"engagements": {"a-on-nova-1": {"rate": None}}}, "2026-11-23", id="no rate"),
        pytest.param(BACKGROUND, "2023-11-08", id="no minimum on file"),
    ],
)
def test_what_a_session_pays_is_not_known_without_a_rate(world: Patch, on: str) -> None:
    decision = answer(a_session(), world, use="scan", capture_session="s", shot=None, on=on)
    assert "A_FACT_NEEDED" in decision.codes
    assert decision.amounts is None
    assert [one.kind for one in decision.not_known] == ["creation"]


OF_A_CROWD: Patch = {
    "replicas": {"r": {"performer_id": "performer-a", "kind": "background", "captured_on": None}}
}


@pytest.mark.parametrize(
    ("kind", "gross", "open_"),
    [("none", "0.00", []), ("participation", None, ["participation"])],
)
def test_without_a_floor_nothing_and_a_share_are_pay_too(
    kind: str, gross: str | None, open_: list[str]
) -> None:
    terms = {"kind": kind, **({"share": "1", "base": "receipts"} if gross is None else {})}
    scope = {"works": ["other"], "uses": ["crowd"]}
    deal = only_grant(scope=scope, shown_works=["other"], pay=terms)
    decision = answer(deal, OF_A_CROWD, work="other", use="crowd", replica="r")
    assert decision.use_class == "BADR_OTHER"
    assert (decision.amounts and amounts(decision)[0]) == gross
    assert [one.kind for one in decision.not_known] == open_
