"""Who answers for the dead and for minors: proven, dated, contested, settled; and what is void."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response

from tests.api.consents import (
    accept,
    check,
    cleared,
    codes,
    key,
    offered,
    picture,
    question,
    signed,
    somebody,
)
from tests.support.inprocess import FAMILY, World

PAPER, OTHER = "ab" * 32, "cd" * 32
# After the time to contradict what is recorded in these tests is over.
LATER = {"Consent_Registry_Now": "2027-03-01T12:00:00Z"}


@pytest.fixture(scope="module", autouse=True)
def of_the_union(world: World) -> None:
    users = f"/v1/organizations/{world.ids['vendor']}/users"
    world.people["second"] = world.make(users, "office", {"role": "registry_admin"})["id"]
    signs = {"agreement": FAMILY, "union": world.ids["union"], "starts_on": "2023-11-09"}
    world.make(f"/v1/organizations/{world.ids['studio']}/signatories", "office", signs)


def dead(world: World, **more: Any) -> str:
    """Somebody of whose death two persons said so."""
    name = somebody(world, **more)
    path = f"/v1/performers/{world.ids[name]}/deaths"
    made = world.make(path, "office", {"died_on": "2026-11-02", "document_hash": PAPER})
    world.make(f"{path}/{made['id']}/confirmation", "second", {"document_hash": PAPER})
    return name


def claimed(world: World, name: str, paper: str = PAPER, who: str = "office") -> dict[str, Any]:
    """A claim to the estate; its person is called by the id of the claim."""
    body = {
        "kind": "executor",
        "powers": ["sign"],
        "person": {"name": "Exec Utor", "contact": "exec@example.org"},
        "document_hash": paper,
        "starts_on": "2026-11-02",
    }
    made = world.make(f"/v1/performers/{world.ids[name]}/representations", who, body)
    world.people[made["id"]] = made["representative_id"]
    return made


def searched(world: World, name: str) -> None:
    body = {
        "kind": "representative_search",
        "text": "Probate registers of two counties.",
        "performer": world.ids[name],
        "done_on": "2026-11-10",
        "evidence": [OTHER],
    }
    world.make("/v1/attestations", "officer", body)


def under_contract(world: World) -> str:
    return picture(world, agreement=FAMILY, photography_start="2026-12-07")


def for_the_dead(
    world: World, grant: dict[str, Any], who: str = "officer", **more: str
) -> Response:
    path = f"/v1/grants/{grant['id']}/posthumous-consent"
    return world.post(path, who, {"terms_hash": grant["terms_hash"]}, **key() | LATER | more)


def test_a_claim_shows_its_paper_and_says_when_it_was_proven(world: World) -> None:
    name = dead(world, member=True)
    claim = claimed(world, name, who="officer")
    assert (claim["verified_by"], claim["verified_at"]) == (None, None)
    path = f"/v1/performers/{world.ids[name]}/representations/{claim['id']}"
    done = world.make(f"{path}/verification", "office")
    assert done["verified_by"] == world.people["office"]
    assert done["verified_at"] is not None
    assert done["document_hash"] == PAPER


def test_rivals_sign_nothing_and_may_still_say_no(world: World) -> None:
    name, film = dead(world), picture(world)
    first = claimed(world, name)
    grant = offered(world, name, film, answer_by="2027-06-01T00:00:00Z")
    claimed(world, name, OTHER)
    body = {"terms_hash": grant["terms_hash"]}
    path = f"/v1/grants/{grant['id']}"
    refused = world.post(f"{path}/acceptance", first["id"], body, **key() | LATER)
    assert refused.json()["refusals"][0]["code"] == "contested"
    assert "W_ESTATE_CONTESTED" in codes(check(world, question(world, name, film)))
    assert world.post(f"{path}/decline", first["id"], {}, **LATER).status_code == 200


def test_two_executors_of_one_will_are_no_rivals(world: World) -> None:
    name, film = dead(world), picture(world)
    first = claimed(world, name)
    claimed(world, name)
    grant = offered(world, name, film, answer_by="2027-06-01T00:00:00Z")
    path, body = f"/v1/grants/{grant['id']}/acceptance", {"terms_hash": grant["terms_hash"]}
    assert world.post(path, first["id"], body, **key() | LATER).status_code == 200


def test_a_claim_that_is_given_up_contests_nothing(world: World) -> None:
    name = dead(world)
    claimed(world, name)
    rival = claimed(world, name, OTHER)
    path = f"/v1/performers/{world.ids[name]}/representations/{rival['id']}/withdrawal"
    assert world.make(path, rival["id"])["withdrawn_at"] is not None
    again = world.post(path, "office")
    assert again.json()["type"].endswith("invalid-transition")
    film = picture(world)
    assert "W_ESTATE_CONTESTED" not in codes(check(world, question(world, name, film)))
    # Who gave it up is told so where they try to sign, and sees the client no more.
    grant = offered(world, name, film, answer_by="2027-06-01T00:00:00Z")
    refused = world.post(
        f"/v1/grants/{grant['id']}/acceptance",
        rival["id"],
        {"terms_hash": grant["terms_hash"]},
        **key() | LATER,
    )
    assert refused.json()["refusals"][0]["code"] == "settled"
    assert world.get(f"/v1/performers/{world.ids[name]}", rival["id"]).status_code == 404


def test_an_agents_mandate_is_ended_and_not_given_up(world: World) -> None:
    name = somebody(world)
    path = f"/v1/performers/{world.ids[name]}/representations"
    body = {"kind": "agent", "powers": ["bargain"], "representative": world.ids["agency"]}
    made = world.make(path, name, body)
    refused = world.post(f"{path}/{made['id']}/withdrawal", "agent")
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("This mandate ends on a day; give its last one.")


def test_a_court_settles_rival_claims(world: World) -> None:
    name = dead(world)
    unproven = claimed(world, name, who="office")
    rival = claimed(world, name, OTHER)
    path = f"/v1/performers/{world.ids[name]}/estates/settlement"
    nobody = {"representation": "repr_01k9zq3v5rfm8t4cy2x7d6ahwe", "document_hash": PAPER}
    unknown = world.post(path, "office", nobody)
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (404, "/representation")
    said = {"representation": unproven["id"], "document_hash": PAPER}
    done = world.make(path, "office", said)
    assert [one["id"] for one in done["ended"]] == [rival["id"]]
    assert done["settlement_hash"] == done["ended"][0]["settlement_hash"] == PAPER
    alone = world.post(path, "office", said)
    assert alone.json()["type"].endswith("invalid-transition")
    lost = world.post(path, "office", said | {"representation": rival["id"]})
    assert lost.json()["errors"][0]["code"] == "not-a-claim"


def test_a_court_proves_whom_it_names(world: World) -> None:
    name = dead(world, member=True)
    claimed(world, name)
    stated = claimed(world, name, OTHER, who="officer")
    path = f"/v1/performers/{world.ids[name]}/estates/settlement"
    done = world.make(path, "office", {"representation": stated["id"], "document_hash": PAPER})
    assert done["verified_by"] == world.people["office"]


@pytest.mark.parametrize(
    ("ready", "code"),
    [
        pytest.param((), "no_search", id="before anybody searched"),
        pytest.param((searched, claimed), "estate_known", id="of a known estate"),
    ],
)
def test_a_union_says_yes_only_where_nobody_was_found(
    world: World, ready: tuple[Callable[[World, str], object], ...], code: str
) -> None:
    name, film = dead(world, member=True), under_contract(world)
    grant = offered(world, name, film, answer_by="2027-06-01T00:00:00Z")
    for act in ready:
        act(world, name)
    assert for_the_dead(world, grant).json()["refusals"][0]["code"] == code


def test_a_unions_yes_is_shown_as_its_own_and_read_like_any_other(world: World) -> None:
    name, film = dead(world, member=True), under_contract(world)
    grant = offered(world, name, film, answer_by="2027-06-01T00:00:00Z")
    searched(world, name)
    over = {"Consent_Registry_Now": "2027-06-01T00:00:00Z"}
    assert for_the_dead(world, grant, **over).json()["refusals"][0]["code"] == "too_late"
    other = for_the_dead(world, grant | {"terms_hash": OTHER})
    assert other.json()["type"].endswith("terms-changed")
    done = for_the_dead(world, grant)
    assert done.json()["signature"]["by"] == "union"
    assert for_the_dead(world, grant).json()["refusals"][0]["code"] == "not_now"
    # It carries nothing new once an estate is proven; what waits for that estate is listed.
    use = question(world, name, film)
    made = world.post("/v1/uses", "studio", use, **key() | LATER)
    assert made.json()["state"] == "cleared", made.text
    body = {
        "kind": "executor",
        "powers": ["sign"],
        "person": {"name": "Exec Utor", "contact": "exec@example.org"},
        "document_hash": PAPER,
    }
    path = f"/v1/performers/{world.ids[name]}/representations"
    proven = world.post(path, "office", body, **LATER).json()
    assert [one["id"] for one in proven["waiting"]] == [made.json()["id"]]


def test_a_search_says_whose_when_and_shows_it(world: World) -> None:
    name = dead(world, member=True)
    body = {"kind": "representative_search", "text": "Two registers."}
    more = {"performer": world.ids[name], "done_on": "2026-11-10", "evidence": [PAPER]}
    for left_out in more:
        said = {k: v for k, v in more.items() if k != left_out}
        answer = world.post("/v1/attestations", "officer", body | said)
        assert [e["pointer"] for e in answer.json()["errors"]] == [f"/{left_out}"]
    late = world.post("/v1/attestations", "officer", body | more | {"done_on": "2090-01-01"})
    assert late.json()["errors"][0]["pointer"] == "/done_on"
    kind = {"kind": "safety", "text": "A fall."}
    assert world.post("/v1/attestations", "officer", kind).json()["errors"][0]["code"] == (
        "not-a-unions"
    )
    assert world.make("/v1/attestations", "studio", body | more)["evidence"] == [PAPER]


def test_what_a_court_found_void_never_was_a_consent(world: World) -> None:
    name, film = somebody(world), under_contract(world)
    grant = signed(world, name, film)
    use = cleared(world, name, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    path = f"/v1/grants/{grant['id']}/void"
    body = {"basis": "court", "document_hash": PAPER, "reason": "Signed under threat."}
    done = world.make(path, "office", body)
    assert (done["state"], done["voided"]["document_hash"]) == ("void", PAPER)
    assert [one["id"] for one in done["affected"]] == [use["id"]]
    assert codes(check(world, question(world, name, film)))[0] == "D_VOID"
    shown = question(world, name, film, use="exhibit", use_id=use["id"])
    assert check(world, shown)["outcome"] == "deny"
    again = world.post(path, "office", body)
    assert again.json()["refusals"][0]["code"] == "not_now"


def test_what_was_never_signed_is_not_found_void(world: World) -> None:
    name, film = somebody(world), picture(world)
    path = f"/v1/grants/{offered(world, name, film)['id']}/void"
    refused = world.post(path, "office", {"basis": "court", "document_hash": PAPER})
    assert refused.json()["refusals"][0]["code"] == "not_now"


def test_a_mandate_ends_on_leaving_the_agency(world: World) -> None:
    name = somebody(world)
    users = f"/v1/organizations/{world.ids['agency']}/users"
    world.people["leaver"] = world.make(users, "office", {"role": "representative"})["id"]
    path = f"/v1/performers/{world.ids[name]}"
    body = {"kind": "agent", "powers": ["bargain"], "representative": world.people["leaver"]}
    world.make(f"{path}/representations", name, body)
    assert world.get(path, "leaver").status_code == 200
    world.make(f"{users}/{world.people['leaver']}/suspension", "office")
    (held,) = world.get(f"{path}/representations", name).json()["data"]
    assert held["withdrawn_at"] is not None
    assert world.get(path, "leaver").status_code == 401


def test_an_agent_says_no_to_an_offer_and_not_to_a_change(world: World) -> None:
    name, film = somebody(world), picture(world)
    path = f"/v1/performers/{world.ids[name]}/representations"
    body = {"kind": "agent", "powers": ["bargain"], "representative": world.ids["agency"]}
    world.make(path, name, body)
    grant = offered(world, name, film)
    assert world.post(f"/v1/grants/{grant['id']}/decline", "agent", {}).status_code == 200
    running = signed(world, name, film)
    seen = world.get(f"/v1/grants/{running['id']}", "studio")
    change = {"ends_on": "2035-06-30"}
    amended = world.send(
        "POST",
        f"/v1/grants/{running['id']}/amendments",
        "studio",
        change,
        If_Match=seen.headers["etag"],
    )
    assert amended.status_code == 200, amended.text
    assert world.post(f"/v1/grants/{running['id']}/decline", "agent", {}).status_code == 403


def test_whose_proof_is_over_is_told_so_and_shown_nothing(world: World) -> None:
    name, film = somebody(world), picture(world)
    body = {
        "kind": "attorney",
        "powers": ["sign"],
        "representative": world.ids["agency"],
        "starts_on": "2026-01-01",
        "ends_on": "2026-01-31",
    }
    world.make(f"/v1/performers/{world.ids[name]}/representations", name, body)
    grant = offered(world, name, film)
    refused = accept(world, grant, "agent")
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith(
        "Your right to sign for this performer ended after 31 January 2026. Nothing was signed."
    )
    assert world.get(f"/v1/grants/{grant['id']}", "agent").status_code == 404


def test_an_agent_is_told_by_the_same_entry_as_the_performer(world: World) -> None:
    name, film = somebody(world), picture(world)
    body = {"kind": "agent", "powers": ["bargain"], "representative": world.ids["agency"]}
    world.make(f"/v1/performers/{world.ids[name]}/representations", name, body)
    made = offered(world, name, film)
    index = made["log_index"]
    entry = world.get(f"/v1/events/{index}", "auditor").json()
    assert {world.ids[name], world.ids["agency"]} <= set(entry["subjects"])
    for who in (name, "agent"):
        feed = world.get(f"/v1/me/events?after={index - 1}&limit=1", who).json()["data"]
        assert [line["idx"] for line in feed if "idx" in line] == [index]


def test_a_membership_at_death_lets_the_union_speak_for_the_dead(world: World) -> None:
    name, film = dead(world, member=True), under_contract(world)
    path = f"/v1/performers/{world.ids[name]}/memberships"
    (held,) = world.get(path, "officer").json()["data"]
    ended = world.post(f"{path}/{held['id']}/end", "officer", {"ends_on": held["starts_on"]})
    assert ended.is_success
    assert world.send("GET", path, "officer", None, **LATER).status_code == 200
    grant = offered(world, name, film, answer_by="2027-06-01T00:00:00Z")
    searched(world, name)
    assert for_the_dead(world, grant).status_code == 200
