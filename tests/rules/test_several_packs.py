"""Several packs at once: what protects most wins, and nobody's own policy takes anything away."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.agreements import read_pack
from app.rules.packs import Pack, PackSet
from app.rules.reasons import Reason
from tests.rules.worlds import ESTIMATE, NOON, Patch, amounts, answer, only_grant, packs, pay

HEAD = '[pack]\nfamily = "guild/stunts"\nversion = "1"\ntitle = "Stunts"\ncurrency = "USD"\n'
CONSENT = '[[rule]]\nid = "ST-1"\ndoes = ["consent"]\nbasis = "always"\n'
PAY = '[[rule]]\nid = "ST-2"\ndoes = ["pay_days"]\nclasses = ["EBDR_SAME"]\nbasis = "always"\n'
FLOOR = '[[rule]]\nid = "ST-3"\ndoes = ["unverified_floor_denies"]\nbasis = "always"\n'
BARGAINED = (
    '[[rule]]\nid = "ST-4"\ndoes = ["pay_bargained"]\nclasses = ["EBDR_OTHER"]\nbasis = "always"\n'
    "params.floor = true\n"
)
SAFETY = '[[rule]]\nid = "ST-5"\ndoes = ["safety"]\nbasis = "always"\n'
# Bound by both, as nobody said under which of them the performer was hired.
BOTH: Patch = {
    "engagements": {"a-on-nova-1": {"agreement": None}},
    "works": {"nova-1": {"agreement": None}, "other": {"agreement": None}},
    "signatories": {
        "studio-o-stunts": {
            "organization_id": "studio-o",
            "agreement": "guild/stunts",
            "starts_on": "2023-01-01",
        }
    },
}
TV_FLOOR: Patch = {
    "verifications": {
        "tv": {
            "pack": "sag-aftra/tv-theatrical",
            "row": "day_performer/2026-07-01",
            "by": "counsel",
            "source": "wage table",
            "at": "2026-11-01T00:00:00Z",
        }
    }
}


def rate(amount: str, *, verified: bool = False, currency: str = "USD") -> str:
    checked = 'verified = true\ngrade = "P"\n' if verified else 'grade = "S"\n'
    return (
        f'[[rate]]\nid = "day"\ncategory = "day_performer"\namount = "{amount}"\n'
        f'source = "wage table"\nstarts_on = 2026-01-01\n{checked}'
    ).replace("USD", currency)


def with_pack(*parts: str, head: str = HEAD) -> PackSet:
    return PackSet((*packs().packs, read_pack(head + "".join(parts))))


def said(code: str, found: tuple[Reason, ...]) -> Reason:
    return next(reason for reason in found if reason.code == code)


@pytest.mark.parametrize(
    ("amount", "gross"),
    [
        ("1500.00", "4500.00"),
        ("1283.01", "3849.03"),
        ("1000.00", "3849.00"),
    ],
)
def test_the_highest_floor_wins_whichever_of_two_agreements_has_it(amount: str, gross: str) -> None:
    found = answer(BOTH, ESTIMATE, using=with_pack(PAY, rate(amount)))
    assert amounts(found)[0] == gross


def test_what_is_paid_in_two_currencies_is_not_compared() -> None:
    found = answer(
        BOTH,
        ESTIMATE,
        using=with_pack(PAY, rate("9000.00"), head=HEAD.replace("USD", "CAD")),
    )
    assert found.outcome == "needs_action"
    assert "A_CURRENCY" in found.codes


ATTESTED: Patch = {
    "grants": {"a-nova-1": None},
    "attestations": {
        "safe": {
            "kind": "safety",
            "at": "2026-11-20T09:00:00Z",
            "role": "stunt coordinator",
            "work_id": "nova-1",
        }
    },
}
CLAIM = [{"code": "safety"}]


def test_what_one_agreement_lets_pass_another_may_still_stop() -> None:
    alone = answer(BOTH, ESTIMATE, ATTESTED, using=with_pack(PAY), exemptions=CLAIM)
    assert "E_SAFETY" in alone.codes
    assert "D_NO_CONSENT" not in alone.codes

    asked = answer(BOTH, ESTIMATE, ATTESTED, using=with_pack(CONSENT), exemptions=CLAIM)
    assert asked.outcome == "deny"
    assert "D_NO_CONSENT" in asked.codes

    both = answer(BOTH, ESTIMATE, ATTESTED, using=with_pack(CONSENT, SAFETY), exemptions=CLAIM)
    assert "D_NO_CONSENT" not in both.codes


def other_picture(amount: str) -> tuple[Patch, dict[str, Any]]:
    scope = {"mode": "enumerated_works", "works": ["other"], "uses": ["stunt"]}
    deal = only_grant(scope=scope, shown_works=["other"], pay=pay("per_day", amount))
    return deal, {"work": "other"}


@pytest.mark.parametrize(
    ("amount", "theirs_checked", "ours_checked", "code"),
    [
        ("1500.00", False, False, None),
        ("1499.99", False, False, "A_FLOOR_UNVERIFIED"),
        ("1499.99", True, False, "D_PAY_BELOW_FLOOR"),
        ("1283.00", False, True, "A_FLOOR_UNVERIFIED"),
        ("1282.99", False, True, "D_PAY_BELOW_FLOOR"),
        ("1282.99", False, False, "A_FLOOR_UNVERIFIED"),
    ],
)
def test_a_lower_floor_that_was_checked_denies_where_the_higher_one_only_asks(
    amount: str, *, theirs_checked: bool, ours_checked: bool, code: str | None
) -> None:
    deal, ask = other_picture(amount)
    using = with_pack(BARGAINED, rate("1500.00", verified=theirs_checked))
    worlds = [BOTH, ESTIMATE, deal, TV_FLOOR] if ours_checked else [BOTH, ESTIMATE, deal]
    codes = answer(*worlds, using=using, **ask).codes
    floors = {"A_FLOOR_UNVERIFIED", "D_PAY_BELOW_FLOOR"} & {*codes}
    assert floors == ({code} if code else set())


POLICY = HEAD.replace('version = "1"', 'version = "1"\nkind = "policy"').replace(
    "guild/stunts", "studio-o/rules"
)


def adopted(**changes: Any) -> Patch:
    said = {"organization_id": "studio-o", "agreement": "studio-o/rules", "starts_on": "2026-11-21"}
    return {"signatories": {"studio-o-rules": {**said, **changes}}}


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        ("2026-11-22", None, "A_FLOOR_UNVERIFIED"),
        ("2026-11-21", None, "D_PAY_BELOW_FLOOR"),
        ("2026-11-01", "2026-11-21", "D_PAY_BELOW_FLOOR"),
        ("2026-11-01", "2026-11-20", "A_FLOOR_UNVERIFIED"),
    ],
)
def test_an_unverified_floor_denies_from_the_day_that_it_was_said_to_until_it_was_taken_back(
    since: str, until: str | None, code: str
) -> None:
    deal, ask = other_picture("100.00")
    policy = adopted(starts_on=since, ends_on=until)
    found = answer(ESTIMATE, deal, policy, using=with_pack(FLOOR, head=POLICY), **ask)
    assert code in found.codes


def test_a_policy_binds_besides_the_agreement_that_somebody_was_hired_under() -> None:
    using = with_pack(CONSENT, head=POLICY)
    free = answer(ESTIMATE, ATTESTED, using=using, exemptions=CLAIM)
    bound = answer(ESTIMATE, ATTESTED, adopted(), using=using, exemptions=CLAIM)
    assert "D_NO_CONSENT" not in free.codes
    assert said("D_NO_CONSENT", bound.reasons).source.rule in {"ST-1", "RG-01", "TT-11"}


def test_a_policy_that_is_named_as_an_agreement_takes_the_place_of_none() -> None:
    named = "studio-o/rules"
    escape: Patch = {
        "engagements": {"a-on-nova-1": {"agreement": named}},
        "works": {"nova-1": {"agreement": named}},
    }
    found = answer(ESTIMATE, escape, adopted(), using=with_pack(CONSENT, head=POLICY))
    assert amounts(found)[0] == "3849.00"
    assert said("O_PAY", found.reasons).source.rule == "TT-15"


def test_what_is_pending_stops_nothing_frees_nothing_and_has_no_figure() -> None:
    head = HEAD.replace('title = "Stunts"', 'title = "Stunts"\nstatus = "pending"')
    waived = with_pack(SAFETY, PAY, rate("9000.00"), head=head)
    found = answer(BOTH, ESTIMATE, using=waived)
    assert amounts(found)[0] == "3849.00"
    free = answer(BOTH, ESTIMATE, ATTESTED, using=waived, exemptions=CLAIM)
    assert said("E_SAFETY", free.reasons).source.rule == "TT-13"
    asked = answer(
        BOTH, ESTIMATE, {"grants": {"a-nova-1": None}}, using=with_pack(CONSENT, head=head)
    )
    assert "W_PENDING_LAW" in asked.codes


DAY = timedelta(days=1)
LAST_SECOND = datetime(2026, 11, 22, 7, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/Berlin", "America/New_York"])
def test_a_contract_that_ends_at_the_end_of_a_pacific_day_ends_at_that_instant_everywhere(
    zone: str,
) -> None:
    head = (
        HEAD.replace("guild/stunts", "sag-aftra/tv-theatrical").replace('"1"', '"short"')
        + 'zone = "America/Los_Angeles"\nstarts_on = 2026-07-02\nends_on = 2026-11-21\n'
    )
    short: Pack = read_pack(head)
    using = PackSet((*packs().packs, short))
    last = LAST_SECOND.astimezone(ZoneInfo(zone))
    assert "W_AGREEMENT_EXPIRED" not in answer(ESTIMATE, at=last, using=using).codes
    over = answer(ESTIMATE, at=last + timedelta(seconds=1), using=using)
    assert said("W_AGREEMENT_EXPIRED", over.reasons).facts["ended"] == short.ends_on


def test_of_a_retired_agreement_no_row_outlasts_its_last_day() -> None:
    gone = HEAD + 'status = "retired"\nends_on = 2026-11-20\nzone = "America/Los_Angeles"\n'
    dated = PAY.replace('"always"', '"work_date"') + rate("1500.00")
    found = answer(BOTH, ESTIMATE, using=with_pack(dated, head=gone), at=NOON - DAY)
    assert amounts(found)[0] == "4500.00"
    later = answer(BOTH, ESTIMATE, using=with_pack(dated, head=gone))
    assert "D_AGREEMENT_EXPIRED" in later.codes
