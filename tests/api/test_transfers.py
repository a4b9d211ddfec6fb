"""Transfers of replicas: who is told, how long they have, and who stays liable."""

from itertools import count
from typing import Any

import pytest

from tests.api.consents import codes, key
from tests.support.inprocess import FAMILY, World

_NUMBER = count()
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
# 20:00 in Los Angeles, where the days of the agreement are counted.
TOLD = "2026-12-02T04:00:00Z"


def at(
    world: World, path: str, who: str, when: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Act at an instant; the body of the answer, with its status."""
    answer = world.post(path, who, body, Consent_Registry_Now=when)
    found: dict[str, Any] = answer.json()
    return found | {"status": answer.status_code}


def replica(world: World) -> tuple[str, str]:
    """A replica of a member whom the studio engaged under the agreement; performer and replica."""
    name = f"moved{next(_NUMBER)}"
    world.performer(name)
    world.claim(name)
    path = f"/v1/performers/{world.ids[name]}/memberships"
    stated = world.make(path, name, {"union": world.ids["union"]})
    world.make(f"{path}/{stated['id']}/confirmation", "officer")
    body = {"performer": world.ids[name], "work": world.ids["nova"], "rate": {"kind": "daily"}}
    hired = {"agreement": FAMILY, "engaged_at": "2026-07-10T12:00:00Z"}
    world.make("/v1/engagements", "studio", body | hired)
    made = world.make(
        "/v1/replicas",
        "studio",
        {
            "performer": world.ids[name],
            "origin_work": world.ids["nova"],
            "purpose": "the film",
            "made_before": HASH,
        },
    )
    return name, made["id"]


def submitted(world: World, replica_id: str, **more: Any) -> dict[str, Any]:
    body = {
        "replica": replica_id,
        "to": world.ids["rival"],
        "union": world.ids["union"],
        "purpose": "They make the second film.",
    }
    return at(world, "/v1/transfers", "clearance", TOLD, body | more)


def gate(world: World, name: str, replica_id: str, when: str, **more: Any) -> dict[str, Any]:
    """What the gate says at an instant about handing the replica over."""
    body = {"performer": world.ids[name], "work": world.ids["nova"], "use": "stunt"}
    body |= {"gate": "transfer", "replica": replica_id, "as_of": when} | more
    answer = world.post("/v1/checks", "studio", body, Consent_Registry_Now="2027-01-10T12:00:00Z")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["decision"]
    return found


def said(decision: dict[str, Any], code: str) -> str:
    found = [r["sentence"] for r in decision["reasons"] if r["code"] == code]
    assert found, codes(decision)
    return str(found[0])


@pytest.mark.parametrize(
    ("when", "left", "state", "code"),
    [
        # The union was told on 1 December, where it is.
        pytest.param("2026-12-22T07:59:59Z", 1, "submitted", "A_TRANSFER_APPROVAL", id="day 20"),
        pytest.param("2026-12-22T08:00:00Z", 0, "submitted", "A_TRANSFER_APPROVAL", id="day 21"),
        pytest.param("2026-12-23T07:59:59Z", 0, "submitted", "A_TRANSFER_APPROVAL", id="its end"),
        pytest.param("2026-12-23T08:00:00Z", -1, "overdue", "A_TRANSFER_OVERDUE", id="day 22"),
    ],
)
def test_the_union_has_21_days_and_silence_is_no_yes(
    world: World, when: str, left: int, state: str, code: str
) -> None:
    name, id_ = replica(world)
    made = submitted(world, id_)
    assert (made["status"], made["answer_by"], made["days_left"]) == (201, "2026-12-22", 21)
    assert "that is not a yes" in made["at_zero"]
    seen = world.send(
        "GET", f"/v1/transfers/{made['id']}", "officer", Consent_Registry_Now=when
    ).json()
    assert (seen["state"], seen["days_left"], seen["producer_liable"]) == (state, left, True)
    decision = gate(world, name, id_, when)
    assert code in codes(decision)
    assert ("W_TRANSFER_CLOCK" in codes(decision)) is (state == "submitted")


def test_the_reminder_comes_a_week_before_the_end(world: World) -> None:
    name, id_ = replica(world)
    submitted(world, id_)
    assert "W_TRANSFER_CLOCK" not in codes(gate(world, name, id_, "2026-12-15T07:59:59Z"))
    noted = said(gate(world, name, id_, "2026-12-15T08:00:00Z"), "W_TRANSFER_CLOCK")
    assert noted == (
        "Note: 7 days are left for the union to answer about the transfer: its last day is"
        " 22 December 2026."
    )


def test_an_approval_counts_once_the_duties_are_taken_on(world: World) -> None:
    name, id_ = replica(world)
    assert "No transfer of this replica was put before the union." in said(
        gate(world, name, id_, TOLD), "A_TRANSFER_APPROVAL"
    )
    path = f"/v1/transfers/{submitted(world, id_)['id']}"
    yes = {"answer": "approved"}
    later = "2026-12-10T12:00:00Z"
    approved = at(world, f"{path}/answer", "officer", later, yes)
    assert (approved["state"], approved["producer_liable"]) == ("approved", True)
    waits = said(gate(world, name, id_, later), "A_TRANSFER_APPROVAL")
    assert "who takes over has signed nothing yet" in waits
    early = at(world, f"{path}/completion", "clearance", later)
    assert early["status"] == 409
    assert early["detail"].startswith("Who takes it over has not taken its duties on in writing")
    taken = at(world, f"{path}/assumption", "rival", later, {"assumption": HASH})
    assert taken["producer_liable"] is False
    assert "OK_TRANSFER_APPROVED" in codes(gate(world, name, id_, later))
    done = at(world, f"{path}/completion", "clearance", later)
    assert (done["state"], done["days_left"]) == ("completed", None)
    # Who took it over sees it and holds a copy; the seller's own is still there.
    assert world.get(f"/v1/replicas/{id_}", "rival").json()["custodian_id"] == world.ids["rival"]
    (mine,) = world.get("/v1/me/replicas", name).json()["data"]
    assert [one["holder"] for one in mine["holders"]] == ["The studio", "The rival"]
    assert mine["transfers"][0]["to"] == "The rival"
    # What is done is done, and a further one begins anew.
    again = at(world, f"{path}/completion", "clearance", later)
    assert (again["status"], again["type"].rpartition("/")[2]) == (409, "invalid-transition")
    assert "A_TRANSFER_APPROVAL" in codes(gate(world, name, id_, "2026-12-11T12:00:00Z"))


def test_a_refusal_says_why_and_stops_the_handover(world: World) -> None:
    name, id_ = replica(world)
    path = f"/v1/transfers/{submitted(world, id_)['id']}"
    when = "2026-12-10T12:00:00Z"
    bare = at(world, f"{path}/answer", "officer", when, {"answer": "refused"})
    assert (bare["status"], bare["errors"][0]["pointer"]) == (422, "/reason")
    no = {"answer": "refused", "reason": "They cannot pay what is owed."}
    assert at(world, f"{path}/answer", "officer", when, no)["state"] == "refused"
    assert "On 10 December 2026 the union refused" in said(
        gate(world, name, id_, when), "D_TRANSFER_REFUSED"
    )
    stopped = at(world, f"{path}/completion", "clearance", when)
    assert stopped["detail"] == (
        "The union refused to approve who would take it over. Nothing was recorded."
    )
    assert at(world, f"{path}/answer", "officer", when, no)["status"] == 409
    # It may approve after all, and then no longer refuse.
    assert at(world, f"{path}/answer", "officer", when, {"answer": "approved"})["status"] == 200
    assert at(world, f"{path}/answer", "officer", when, no)["status"] == 409


def test_a_refusal_keeps_its_instant_when_the_union_approves_later(world: World) -> None:
    name, id_ = replica(world)
    path = f"/v1/transfers/{submitted(world, id_)['id']}"
    no, yes = "2026-12-10T12:00:00Z", "2026-12-14T12:00:00Z"
    refusal = {"answer": "refused", "reason": "They cannot pay what is owed."}
    refused = at(world, f"{path}/answer", "officer", no, refusal)
    assert refused["refused_at"] == refused["answered_at"]
    approved = at(world, f"{path}/answer", "officer", yes, {"answer": "approved"})
    assert approved["refused_at"] == refused["refused_at"] < approved["answered_at"]
    between = gate(world, name, id_, "2026-12-12T12:00:00Z")
    assert "On 10 December 2026 the union refused" in said(between, "D_TRANSFER_REFUSED")
    assert between["outcome"] == "deny"
    assert "A_TRANSFER_APPROVAL" in codes(gate(world, name, id_, yes))


def test_after_the_time_is_over_the_producer_hands_it_over_and_stays_liable(world: World) -> None:
    _, id_ = replica(world)
    path = f"/v1/transfers/{submitted(world, id_)['id']}"
    waits = at(world, f"{path}/completion", "clearance", "2026-12-22T12:00:00Z")
    assert waits["detail"] == (
        "The union can still answer, until 22 December 2026. Nothing was recorded."
    )
    done = at(world, f"{path}/completion", "clearance", "2026-12-23T12:00:00Z")
    assert (done["state"], done["producer_liable"]) == ("completed", True)
    late = at(world, f"{path}/assumption", "rival", "2026-12-23T12:00:00Z", {"assumption": HASH})
    assert late["detail"] == "It was handed over already. Nothing was recorded."


@pytest.mark.parametrize(
    ("more", "status", "pointer"),
    [
        pytest.param({"to": "studio"}, 422, "/to", id="to oneself"),
        pytest.param({"to": "union"}, 404, "/to", id="to a union"),
        pytest.param({"union": "guild"}, 422, "/union", id="a union that does not speak"),
        pytest.param({"union": "rival"}, 404, "/union", id="no union"),
    ],
)
def test_a_transfer_names_who_takes_over_and_a_union_that_speaks(
    world: World, more: dict[str, str], status: int, pointer: str
) -> None:
    _, id_ = replica(world)
    named = {key: world.ids[value] for key, value in more.items()}
    answer = submitted(world, id_, **named)
    assert (answer["status"], answer["errors"][0]["pointer"]) == (status, pointer)


def test_a_transfer_is_put_once_and_by_whose_replica_it_is(world: World) -> None:
    _, id_ = replica(world)
    first = submitted(world, id_)
    second = submitted(world, id_)
    assert (second["status"], second["id"]) == (409, first["id"])
    path = f"/v1/transfers/{first['id']}"
    for act, who, body in (
        ("answer", "stranger", {"answer": "approved"}),
        ("assumption", "clearance", {"assumption": HASH}),
        ("completion", "rival", None),
    ):
        assert at(world, f"{path}/{act}", who, TOLD, body)["status"] == 404
    listed = world.get(f"/v1/transfers?replica={id_}", "rival").json()["data"]
    assert [one["id"] for one in listed] == [first["id"]]


def test_a_union_without_a_time_on_file_is_told_so(world: World) -> None:
    name = f"other{next(_NUMBER)}"
    world.performer(name)
    made = world.make(
        "/v1/replicas",
        "studio",
        {"performer": world.ids[name], "custodian": world.ids["vendor"], "made_before": "ab" * 32},
    )
    answer = submitted(world, made["id"], union=world.ids["guild"], to=world.ids["vendor"])
    assert (answer["answer_by"], answer["days_left"]) == (None, None)
    assert answer["at_zero"].startswith("No agreement of this union")
    seen = world.get(f"/v1/transfers/{answer['id']}", "vendor").json()
    assert "performer_id" not in seen
    done = at(world, f"/v1/transfers/{answer['id']}/completion", "clearance", TOLD)
    assert (done["state"], done["producer_liable"]) == ("completed", True)


def test_the_gate_asks_which_replica_and_lets_a_keeper_have_it(world: World) -> None:
    name, id_ = replica(world)
    decision = gate(world, name, id_, TOLD, replica=None)
    assert any(r["facts"].get("field") == "replica" for r in decision["reasons"])
    body = {"custodian": world.ids["vendor"], "purpose": "falls", "until_on": "2026-12-05"}
    at(world, f"/v1/replicas/{id_}/custodian", "studio", TOLD, body)
    assert "A_TRANSFER_APPROVAL" not in codes(gate(world, name, id_, "2026-12-06T07:59:59Z"))
    assert "A_TRANSFER_APPROVAL" in codes(gate(world, name, id_, "2026-12-06T08:00:00Z"))


def test_another_union_answers_for_nobody_at_the_gate(world: World) -> None:
    name = f"other{next(_NUMBER)}"
    world.performer(name)
    made = world.make(
        "/v1/replicas", "studio", {"performer": world.ids[name], "made_before": "ab" * 32}
    )
    answer = submitted(world, made["id"], union=world.ids["guild"])
    at(world, f"/v1/transfers/{answer['id']}/answer", "stranger", TOLD, {"answer": "approved"})
    waits = said(gate(world, name, made["id"], TOLD), "A_TRANSFER_APPROVAL")
    assert "does not speak for this performer" in waits


@pytest.mark.parametrize("origin", ["of the film", "of no work"])
@pytest.mark.parametrize("by", ["a court", "an objection"])
def test_what_stops_a_handover_stops_an_approved_one(world: World, by: str, origin: str) -> None:
    name, id_ = replica(world)
    if origin == "of no work":
        body = {"performer": world.ids[name], "purpose": "the film", "captured_on": "2026-08-01"}
        id_ = world.make("/v1/replicas", "studio", body | {"made_before": HASH})["id"]
    path, later = f"/v1/transfers/{submitted(world, id_)['id']}", "2026-12-10T12:00:00Z"
    at(world, f"{path}/answer", "officer", later, {"answer": "approved"})
    at(world, f"{path}/assumption", "rival", later, {"assumption": HASH})
    if by == "a court":
        order = {"performer": world.ids[name], "reference": "12 O 345/26"}
        made = at(world, "/v1/court-orders", "office", later, order)
        end, who = f"/v1/court-orders/{made['id']}/end", "office"
    else:
        objection = {
            "kind": "transfer",
            "basis": "TT-34",
            "authority": "resolution 3 of the board",
            "scope": {"performer": world.ids[name]},
            "reason": "Who takes it over is insolvent.",
        }
        sent = world.post("/v1/vetoes", "officer", objection, **key(), Consent_Registry_Now=later)
        end, who = f"/v1/vetoes/{sent.json()['id']}/lift", "officer"
    refused = at(world, f"{path}/completion", "clearance", later)
    assert refused["status"] == 409
    assert "has stopped it since 10 December 2026" in refused["detail"]
    assert refused["detail"].endswith("Nothing was recorded except that you asked.")
    assert at(world, end, who, later, {})["status"] == 200
    assert at(world, f"{path}/completion", "clearance", later)["state"] == "completed"
