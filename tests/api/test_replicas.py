"""Engagements, capture sessions and replicas: making one is a consented, paid act."""

from dataclasses import dataclass
from itertools import count

import pytest

from tests.support.inprocess import FAMILY, World

NOW = "2026-11-21T12:00:00Z"
_NUMBER = count()
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@dataclass(frozen=True)
class Job:
    """A performer who was hired for a film by a studio of their own."""

    studio: str
    performer: str
    performer_id: str
    work_id: str
    engagement: str


def a_job(world: World, **more: object) -> Job:
    n = next(_NUMBER)
    studio, person, film = f"studio{n}", f"person{n}", f"film{n}"
    world.studio(studio)
    signed = {"agreement": FAMILY, "starts_on": "2023-11-09"}
    world.make(f"/v1/organizations/{world.ids[studio]}/signatories", "office", signed)
    body = {"name": person, "contact": f"{person}@example.org", "adult": True}
    world.ids[person] = world.make("/v1/performers", studio, body)["id"]
    world.claim(person)
    work = world.work(film, studio, agreement=FAMILY, photography_start="2026-08-03")
    hired = {"performer": world.ids[person], "work": work, "engaged_at": "2026-07-10T12:00:00Z"}
    engagement = world.make("/v1/engagements", studio, hired | {"rate": {"kind": "daily"}} | more)
    return Job(studio, person, world.ids[person], work, engagement["id"])


def a_session(world: World, job: Job, **more: object) -> str:
    body = {
        "engagement": job.engagement,
        "starts_at": "2026-11-24T12:00:00Z",
        "business_reason": "Aerial stunts.",
    }
    answer = world.post("/v1/capture-sessions", job.studio, body | more, Consent_Registry_Now=NOW)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def consent(world: World, job: Job, *uses: str) -> None:
    offer = {
        "performer": job.performer_id,
        "work": job.work_id,
        "uses": list(uses),
        "description": "aerial stunts",
        "pay": {"kind": "days_x_rate"},
    }
    made = world.post("/v1/grants", job.studio, offer, Consent_Registry_Now=NOW).json()
    signed = world.post(
        f"/v1/grants/{made['id']}/acceptance",
        job.performer,
        {"terms_hash": made["terms_hash"]},
        Idempotency_Key=made["id"],
        Consent_Registry_Now=NOW,
    )
    assert signed.status_code == 200, signed.text


def test_the_union_across_the_table_is_that_of_the_producers_own_agreement(world: World) -> None:
    job = a_job(world)
    seen = world.get(f"/v1/engagements/{job.engagement}", job.studio).json()
    assert (seen["agreement"], seen["union_id"]) == (FAMILY, world.ids["union"])
    assert seen["stated_by"] == seen["producer_id"] == world.ids[job.studio]
    # Before the studio signed there was nobody across the table.
    body = {"engaged_at": "2020-01-01T00:00:00Z"}
    changed = world.patch(f"/v1/engagements/{job.engagement}", job.studio, body, '"v1"')
    assert changed.json()["union_id"] is None


def test_pay_is_for_the_sides_alone(world: World) -> None:
    rate = {"kind": "weekly", "amount": {"amount": "25000.00", "currency": "USD"}}
    job = a_job(world, rate=rate)
    path = f"/v1/engagements/{job.engagement}"
    for who in (job.studio, job.performer, "auditor"):
        assert world.get(path, who).json()["rate"] == rate, who
    officer = world.get(path, "officer")
    assert officer.status_code == 200
    assert "25000" not in officer.text
    for who in ("stranger", "rival"):
        assert world.get(path, who).status_code == 404, who


@pytest.mark.parametrize(
    "rate",
    [
        {"kind": "daily", "amount": {"amount": "1.234", "currency": "USD"}},
        {"kind": "daily", "amount": {"amount": 12, "currency": "USD"}},
        {"kind": "hourly"},
    ],
)
def test_money_is_exact_or_refused(world: World, rate: dict[str, object]) -> None:
    body = {"performer": world.ids["ann"], "work": world.ids["nova"], "rate": rate}
    answer = world.post("/v1/engagements", "studio", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/rate/")


def test_a_correction_opens_again_what_was_confirmed(world: World) -> None:
    job = a_job(world)
    path = f"/v1/engagements/{job.engagement}"
    assert world.post(f"{path}/confirmation", "stranger").status_code == 404
    assert world.make(f"{path}/confirmation", job.performer)["confirmed_by"] == job.performer_id
    assert world.post(f"{path}/confirmation", job.performer).status_code == 409
    changed = world.patch(path, job.studio, {"covered_days": "2"}, '"v2"').json()
    assert (changed["covered_days"], changed["confirmed_by"]) == ("2", None)
    assert world.make(f"{path}/dispute", "officer")["disputed_by"] == world.ids["union"]
    assert world.post(f"{path}/confirmation", job.performer).status_code == 409


def test_a_performer_of_another_studio_cannot_be_engaged(world: World) -> None:
    work = world.work("own", "rival")
    body = {"performer": world.ids["ann"], "work": work}
    answer = world.post("/v1/engagements", "rival", body)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["pointer"] == "/performer"


def test_a_notice_counts_from_the_act_and_is_never_dated_back(world: World) -> None:
    job = a_job(world)
    session = a_session(world, job)
    path = f"/v1/capture-sessions/{session}"
    told = world.get(path, job.performer).json()
    assert told["notice_sent_at"] == "2026-11-21T12:00:00.000000Z"
    back = {"engagement": job.engagement, "starts_at": "2026-11-24T12:00:00Z"}
    dated = world.post(
        "/v1/capture-sessions", job.studio, back | {"notice_sent_at": "2026-01-01T00:00:00Z"}
    )
    assert (dated.status_code, dated.json()["errors"][0]["pointer"]) == (422, "/notice_sent_at")
    moved = world.patch(path, job.studio, {"starts_at": "2026-11-30T12:00:00Z"}, '"v1"').json()
    assert moved["notice_sent_at"] == told["notice_sent_at"]


def test_a_session_without_notice_can_be_given_it_later(world: World) -> None:
    job = a_job(world)
    path = f"/v1/capture-sessions/{a_session(world, job, send_notice=False)}"
    assert world.get(path, job.studio).json()["notice_sent_at"] is None
    sent = world.send(
        "PATCH", path, job.studio, {"send_notice": True}, If_Match='"v1"', Consent_Registry_Now=NOW
    )
    assert sent.json()["notice_sent_at"] == "2026-11-21T12:00:00.000000Z"


def test_a_cancelled_session_is_over(world: World) -> None:
    job = a_job(world)
    session = a_session(world, job)
    path = f"/v1/capture-sessions/{session}"
    assert world.make(f"{path}/cancellation", job.studio)["state"] == "cancelled"
    assert world.post(f"{path}/cancellation", job.studio).status_code == 409
    assert world.patch(path, job.studio, {"place": "US-CA"}, '"v2"').status_code == 409
    made = world.post("/v1/replicas", job.studio, {"capture_session": session})
    assert made.status_code == 409


def test_a_replica_is_not_made_without_a_yes_and_the_refusal_is_seen(world: World) -> None:
    job = a_job(world)
    body = {"capture_session": a_session(world, job)}
    refused = world.post("/v1/replicas", job.studio, body, Consent_Registry_Now=NOW)
    assert refused.status_code == 409
    problem = refused.json()
    assert "D_NO_CONSENT" in {reason["code"] for reason in problem["reasons"]}
    assert world.get("/v1/replicas", job.studio).json()["data"] == []
    asks = world.get("/v1/me/asks", job.performer).json()["data"]
    assert [(ask["kind"], ask["use"]) for ask in asks] == [("refusal", "scan")]
    consent(world, job, "scan")
    made = world.post("/v1/replicas", job.studio, body, Consent_Registry_Now=NOW)
    assert made.status_code == 201
    assert made.json()["state"] == "planned"
    assert made.json()["decision"]["outcome"] == "allow_with_obligations"
    assert made.json()["decision"]["class"] == "CREATION"


def test_a_replica_without_a_session_takes_the_same_yes(world: World) -> None:
    job = a_job(world)
    body = {"performer": job.performer_id, "kind": "independent"}
    bare = world.post("/v1/replicas", job.studio, body)
    assert bare.json()["errors"][0]["pointer"] == "/origin_work"
    body |= {"origin_work": job.work_id}
    refused = world.post("/v1/replicas", job.studio, body, Consent_Registry_Now=NOW)
    assert refused.status_code == 409
    assert "D_NO_CONSENT" in {reason["code"] for reason in refused.json()["reasons"]}
    asks = world.get("/v1/me/asks", job.performer).json()["data"]
    assert [(ask["kind"], ask["use"]) for ask in asks] == [("refusal", "scan")]
    consent(world, job, "scan")
    again = world.post("/v1/replicas", job.studio, body, Consent_Registry_Now=NOW)
    # What is paid for the capture follows from a session, so that one is asked for.
    assert again.status_code == 409
    assert again.json()["reasons"][0]["code"] == "A_FACT_NEEDED"


def test_a_replica_that_was_there_before_names_its_proof(world: World) -> None:
    job = a_job(world)
    body = {"performer": job.performer_id, "made_before": _HASH}
    ahead = body | {"captured_on": "2026-11-22"}
    wrong = world.post("/v1/replicas", job.studio, ahead, Consent_Registry_Now=NOW)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/captured_on")
    session = {"capture_session": a_session(world, job), "made_before": _HASH}
    wrong = world.post("/v1/replicas", job.studio, session)
    assert wrong.json()["errors"][0]["pointer"] == "/made_before"
    made = world.post(
        "/v1/replicas", job.studio, body | {"captured_on": "2026-11-20"}, Consent_Registry_Now=NOW
    )
    assert (made.status_code, made.json()["made_before"]) == (201, _HASH)
    assert "decision" not in made.json()


def test_a_replica_waits_for_notice_and_reason(world: World) -> None:
    job = a_job(world)
    consent(world, job, "scan")
    session = a_session(
        world, job, starts_at="2026-11-23T11:59:59Z", business_reason=None, kind="scan"
    )
    refused = world.post(
        "/v1/replicas", job.studio, {"capture_session": session}, Consent_Registry_Now=NOW
    )
    assert refused.status_code == 409
    codes = {reason["code"] for reason in refused.json()["reasons"]}
    assert "A_NOTICE_48H" in codes


def test_a_replica_walks_its_life_and_is_decided_again_when_captured(world: World) -> None:
    job = a_job(world)
    consent(world, job, "scan")
    body = {"capture_session": a_session(world, job)}
    made = world.post("/v1/replicas", job.studio, body, Consent_Registry_Now=NOW).json()
    path = f"/v1/replicas/{made['id']}/state"
    assert world.post(path, job.studio, {"state": "active"}).status_code == 409
    then = "2026-11-24T12:00:00Z"
    captured = world.post(path, job.studio, {"state": "captured"}, Consent_Registry_Now=then)
    assert captured.status_code == 200, captured.text
    assert captured.json()["captured_on"] == "2026-11-24"
    assert captured.json()["decision"]["class"] == "CREATION"
    for state in ("active", "quarantined", "active", "destruction_due"):
        assert world.make(path, job.studio, {"state": state})["state"] == state
    bare = world.post(path, job.studio, {"state": "destroyed"})
    assert bare.json()["errors"][0]["pointer"] == "/certificate"
    gone = {"state": "destroyed", "certificate": _HASH}
    assert world.make(path, job.studio, gone)["destruction_certificate"] == _HASH
    assert world.post(path, job.studio, {"state": "active"}).status_code == 409


def test_what_a_replica_can_become_is_said_in_words(world: World) -> None:
    made = world.make(
        "/v1/replicas", "studio", {"performer": world.ids["ann"], "made_before": _HASH}
    )
    refused = world.post(f"/v1/replicas/{made['id']}/state", "studio", {"state": "captured"})
    assert "can become due for destruction or quarantined." in refused.json()["detail"]


def test_the_registry_holds_hashes_and_no_files(world: World) -> None:
    body = {"performer": world.ids["ann"], "custodian": world.ids["vendor"]}
    body |= {"made_before": _HASH}
    made = world.make("/v1/replicas", "studio", body)
    assert (made["kind"], made["state"]) == ("independent", "active")
    path = f"/v1/replicas/{made['id']}/assets"
    for wrong in ("AB" * 32, "ab" * 31, "/scans/ann.exr"):
        assert world.post(path, "studio", {"sha256": [wrong]}).status_code == 422
    added = world.make(path, "studio", {"sha256": [_HASH, _HASH]})
    assert added["asset_hashes"] == [_HASH]
    assert world.post(path, "studio", {"sha256": [_HASH]}).status_code == 409


def test_a_vendor_sees_what_it_keeps_and_not_of_whom(world: World) -> None:
    made = world.make(
        "/v1/replicas", "studio", {"performer": world.ids["ann"], "made_before": _HASH}
    )
    path = f"/v1/replicas/{made['id']}"
    assert world.get(path, "vendor").status_code == 404
    given = {"custodian": world.ids["vendor"]}
    world.make(f"{path}/custodian", "studio", given)
    assert world.post(f"{path}/custodian", "studio", given).status_code == 409
    seen = world.get(path, "vendor")
    assert seen.json()["id"] == made["id"]
    assert world.ids["ann"] not in seen.text
    assert world.get(path, "rival").status_code == 404
    back = world.make(f"{path}/custodian", "studio", {"custodian": world.ids["studio"]})
    assert back["custodian_id"] == world.ids["studio"]
    # They hold a copy until they say that it is gone.
    (copy,) = world.get(f"/v1/custodies?replica={made['id']}", "vendor").json()["data"]
    assert world.get(path, "vendor").status_code == 200
    world.make(f"/v1/custodies/{copy['id']}/end", "vendor", {"how": "returned"})
    assert world.get(path, "vendor").status_code == 404


def test_a_replica_names_a_session_or_a_performer(world: World) -> None:
    assert world.post("/v1/replicas", "studio", {}).json()["errors"][0]["pointer"] == "/performer"
    job = a_job(world)
    both = {"capture_session": a_session(world, job), "performer": job.performer_id}
    answer = world.post("/v1/replicas", job.studio, both)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "one-of")


def test_a_plan_says_what_keeps_it_from_being_held(world: World) -> None:
    job = a_job(world)
    body = {"engagement": job.engagement, "starts_at": "2026-11-22T12:00:00Z"}
    answer = world.post("/v1/capture-sessions", job.studio, body, Consent_Registry_Now=NOW)
    assert answer.status_code == 201
    missing = {reason["code"]: reason for reason in answer.json()["missing"]}
    assert missing.keys() == {"A_NOTICE_48H", "A_BUSINESS_REASON"}
    assert "The session can begin on 23 November 2026" in missing["A_NOTICE_48H"]["sentence"]
    path = f"/v1/capture-sessions/{answer.json()['id']}"
    changes = {"business_reason": "Aerial stunts.", "starts_at": "2026-11-24T12:00:00Z"}
    assert world.patch(path, job.studio, changes, '"v1"').json()["missing"] == []
