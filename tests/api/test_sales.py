"""Sales of works: from which day who owns what, and what passes on to the buyer."""

from itertools import count
from typing import Any

import pytest
from httpx2 import Response

from tests.api.consents import check, codes, key, offered, question, register, signed, somebody
from tests.support.inprocess import FAMILY, World

_NUMBER = count(1)
# Later than whatever the tests before it did, at the clock of this machine.
BEFORE = "2027-02-10T12:00:00Z"
DAY = "2027-03-01"
AFTER = "2027-03-02T12:00:00Z"


def franchise(world: World) -> tuple[str, str]:
    """A franchise of the studio with a film; their names in the world."""
    top, film = (f"{what}{next(_NUMBER)}" for what in ("saga", "episode"))
    world.work(top, kind="franchise")
    world.work(film, part_of=world.ids[top], content_tags=["stunts"])
    return top, film


def sell(
    world: World, work: str, when: str = BEFORE, buyer: str = "rival", **more: Any
) -> dict[str, Any]:
    """Let the studio say that it sold a work, and the buyer say so too, at the same instant."""
    body = {"owner": world.ids[buyer], "starts_on": DAY} | more
    path = f"/v1/works/{world.ids[work]}/owner"
    answer = world.post(path, "studio", body, Consent_Registry_Now=when)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    confirm(world, found["id"], buyer, when)
    return found


def confirm(world: World, sale: str, buyer: str, when: str) -> dict[str, Any]:
    """Let the buyer say so too."""
    path = f"/v1/sales/{sale}/confirmation"
    answer = world.post(path, buyer, Consent_Registry_Now=when)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def asked(world: World, body: dict[str, Any], who: str, when: str) -> dict[str, Any]:
    """The decision on a question as of an instant to come."""
    answer = world.post("/v1/checks", who, body | {"as_of": when}, Consent_Registry_Now=AFTER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["decision"]
    return found


def pass_on(world: World, grant: str, sale: str, who: str, answer: str) -> Response:
    path = f"/v1/grants/{grant}/passing-on"
    body = {"sale": sale, "answer": answer}
    return world.post(path, who, body, Consent_Registry_Now=AFTER, **key())


def said(decision: dict[str, Any], code: str) -> str:
    (found,) = [r["sentence"] for r in decision["reasons"] if r["code"] == code]
    return str(found)


def signed_studio(world: World, name: str) -> str:
    """A studio that signed with the union; its name in the world."""
    world.studio(name)
    signing = {"agreement": FAMILY, "starts_on": "2023-11-09", "union": world.ids["union"]}
    world.make(f"/v1/organizations/{world.ids[name]}/signatories", "office", signing)
    return name


def grievance(world: World, scope: dict[str, str]) -> None:
    """A veto that two officers of the union issued."""
    veto = world.post(
        "/v1/vetoes",
        "officer",
        {
            "kind": "grievance",
            "basis": "TT-32",
            "authority": "resolution 3 of the board",
            "scope": scope,
            "reason": "A grievance is open.",
        },
        Consent_Registry_Now=BEFORE,
        **key(),
    )
    assert veto.status_code == 201, veto.text
    second = "second"
    path = f"/v1/organizations/{world.ids['union']}/users"
    world.people[second] = world.make(path, "office", {"role": "union_officer"})["id"]
    world.post(f"/v1/vetoes/{veto.json()['id']}/confirmation", second, Consent_Registry_Now=BEFORE)


def test_the_owner_changes_with_the_day_and_what_is_below_goes_along(world: World) -> None:
    top, film = franchise(world)
    world.work(f"kept{top}", "rival")
    sale = sell(world, top, assumes=["residuals", "custody"])
    assert {w["id"] for w in sale["works"]} == {world.ids[top], world.ids[film]}
    assert sale["assumes"] == ["custody", "residuals"]
    assert "stays owed by the seller" in sale["debts"]
    path = f"/v1/works/{world.ids[film]}"
    for when, owner in (
        ("2027-02-28T23:59:59Z", "studio"),
        ("2027-03-01T00:00:00Z", "rival"),
    ):
        for who in ("studio", "rival"):
            seen = world.send("GET", path, who, Consent_Registry_Now=when).json()
            assert seen["owner_id"] == world.ids[owner]
    # A day to come changes nothing yet: what is added goes along.
    late = world.post(
        "/v1/works",
        "studio",
        {"kind": "film", "title": "Late", "part_of": world.ids[top]},
        Consent_Registry_Now=BEFORE,
    ).json()["id"]
    listed = world.get(f"/v1/sales?work={late}", "rival").json()["data"]
    assert [one["sale_id"] for one in listed] == [sale["id"]]
    # From the day on only the buyer changes anything.
    new = {"kind": "film", "title": "Later", "part_of": world.ids[top]}
    refused = world.post("/v1/works", "studio", new, Consent_Registry_Now=AFTER)
    assert refused.status_code == 404
    made = world.post("/v1/works", "rival", new, Consent_Registry_Now=AFTER)
    assert made.status_code == 201
    changed = world.send(
        "PATCH", path, "rival", {"title": "Anew"}, If_Match='"v1"', Consent_Registry_Now=AFTER
    )
    assert (changed.status_code, changed.json()["owner_id"]) == (200, world.ids["rival"])


@pytest.mark.parametrize(
    ("when", "last", "first"),
    [
        pytest.param(BEFORE, "2027-02-28T23:59:59Z", "2027-03-01T00:00:00Z", id="before the day"),
        pytest.param(
            "2027-03-01T09:00:00Z", "2027-03-01T08:59:59Z", "2027-03-01T09:00:00Z", id="on the day"
        ),
        pytest.param(
            "2027-03-09T09:00:00Z", "2027-03-09T08:59:59Z", "2027-03-09T09:00:00Z", id="after it"
        ),
    ],
)
def test_a_sale_counts_from_its_day_and_not_before_both_said_so(
    world: World, when: str, last: str, first: str
) -> None:
    _, film = franchise(world)
    ann = somebody(world)
    signed(world, ann, film)
    sell(world, film, when)
    ask = question(world, ann, film)
    late = {"Consent_Registry_Now": "2027-03-10T12:00:00Z"}

    def found(who: str, at: str) -> list[str]:
        answer = world.post("/v1/checks", who, ask | {"as_of": at}, **late)
        return codes(answer.json()["decision"])

    assert "D_SOLD" not in found("studio", last)
    assert "D_SOLD" in found("studio", first)
    assert "D_NO_CONSENT" in found("rival", last)
    assert "A_PASSING_ON" in found("rival", first)


def test_nothing_changes_hands_until_the_buyer_says_so(world: World) -> None:
    top, film = franchise(world)
    ann = somebody(world)
    signed(world, ann, film)
    body = {"owner": world.ids["rival"], "starts_on": "2027-02-10"}
    path = f"/v1/works/{world.ids[top]}/owner"
    said_ = world.post(path, "studio", body, Consent_Registry_Now=BEFORE).json()
    assert (said_["state"], said_["starts_at"]) == ("waits_for_buyer", None)
    ask, owned = question(world, ann, film), f"/v1/works/{world.ids[film]}"
    later = "2027-02-12T12:00:00Z"
    decided = world.post("/v1/checks", "studio", ask, Consent_Registry_Now=later).json()
    assert "D_SOLD" not in codes(decided["decision"])
    seen = world.send("GET", owned, "rival", Consent_Registry_Now=later).json()
    assert seen["owner_id"] == world.ids["studio"]
    # Only the buyer says so; what both said is nobody's to take back.
    sale = f"/v1/sales/{said_['id']}"
    for who, act, detail in (
        ("studio", "confirmation", "Who sells it does not confirm the sale."),
        ("rival", "withdrawal", "Who sells it takes the sale back."),
    ):
        refused = world.post(f"{sale}/{act}", who, Consent_Registry_Now=later)
        assert refused.json()["detail"] == f"{detail} Nothing was recorded."
    agreed = confirm(world, said_["id"], "rival", later)
    assert (agreed["state"], agreed["starts_at"]) == ("agreed", "2027-02-12T12:00:00.000000Z")
    again = world.post(f"{sale}/confirmation", "rival", Consent_Registry_Now=later)
    assert "The buyer confirmed it on 12 February 2027." in again.json()["detail"]
    back = world.post(f"{sale}/withdrawal", "studio", Consent_Registry_Now=later)
    assert back.status_code == 409
    assert "D_SOLD" in codes(asked(world, ask, "studio", "2027-02-12T12:00:00Z"))
    assert "D_SOLD" not in codes(asked(world, ask, "studio", "2027-02-12T11:59:59Z"))


def test_a_sale_that_the_buyer_did_not_confirm_is_taken_back(world: World) -> None:
    _, film = franchise(world)
    ann = somebody(world)
    grant = signed(world, ann, film)
    path = f"/v1/works/{world.ids[film]}/owner"
    sale = world.make(path, "studio", {"owner": world.ids["rival"]})
    twice = world.post(path, "studio", {"owner": world.ids["rival"]})
    assert (twice.status_code, twice.json()["id"]) == (409, sale["id"])
    kinds = {line["kind"] for line in world.get("/v1/me/inbox", ann).json()["data"]}
    assert "sale" in kinds
    taken = world.make(f"/v1/sales/{sale['id']}/withdrawal", "studio")
    assert (taken["state"], taken["stops"]) == ("withdrawn", [])
    assert world.get(f"/v1/sales/{sale['id']}", "studio").json()["stops"] == []
    for act, who in (("confirmation", "rival"), ("withdrawal", "studio")):
        refused = world.post(f"/v1/sales/{sale['id']}/{act}", who)
        assert "The seller took it back on" in refused.json()["detail"]
    # Nothing of it is left: not for the buyer, not for the performer, not for the next buyer.
    assert world.get(f"/v1/works/{world.ids[film]}", "rival").status_code == 404
    kinds = {line["kind"] for line in world.get("/v1/me/inbox", ann).json()["data"]}
    assert "sale" not in kinds
    assert pass_on(world, grant["id"], sale["id"], ann, "yes").status_code == 409
    assert "D_SOLD" not in codes(check(world, question(world, ann, film)))
    world.make(path, "studio", {"owner": world.ids["rival"]})


def test_what_is_signed_before_the_buyer_says_so_is_asked_about_then(world: World) -> None:
    _, film = franchise(world)
    ann = somebody(world)
    path = f"/v1/works/{world.ids[film]}/owner"
    sale = world.make(path, "studio", {"owner": world.ids["rival"]})
    grant = signed(world, ann, film)
    open_ = register(world, question(world, ann, film, shot="s1")).json()["id"]
    agreed = world.make(f"/v1/sales/{sale['id']}/confirmation", "rival")
    assert [c["grant_id"] for c in agreed["consents"]] == [grant["id"]]
    stops = world.get(f"/v1/sales/{sale['id']}", "studio").json()["stops"]
    assert [line["id"] for line in stops] == [open_]


def test_new_uses_of_the_buyer_wait_for_the_performer_and_the_sellers_stop(world: World) -> None:
    top, film = franchise(world)
    ann = somebody(world)
    grant = signed(world, ann, film)
    open_ = register(world, question(world, ann, film, shot="s1")).json()["id"]
    done = register(world, question(world, ann, film, shot="s2")).json()["id"]
    world.make(f"/v1/uses/{done}/lock", "studio")
    sale = sell(world, top)
    assert [line["id"] for line in sale["stops"]] == [open_]
    assert [(c["grant_id"], c["answer"]) for c in sale["consents"]] == [(grant["id"], "asked")]
    ask = question(world, ann, film)
    stopped = asked(world, ask, "studio", AFTER)
    assert said(stopped, "D_SOLD") == (
        f"Stop. This studio sold Film {film}; from 1 March 2027 on its new uses there no longer"
        " rest on what the performer said yes to before. What was finished may go on being shown,"
        " and what the studio owes for uses made before it goes on owing."
    )
    waits = asked(world, ask, "rival", AFTER)
    assert waits["outcome"] == "needs_action"
    assert said(waits, "A_PASSING_ON").startswith(
        f"Not yet. Film {film} was sold to this studio from 1 March 2027 on."
    )
    # The open one is held from the day on, the finished one runs on, for both.
    held = world.send("GET", f"/v1/uses/{open_}", "studio", Consent_Registry_Now=AFTER).json()
    assert held["held_by"] == [{"id": sale["id"], "kind": "sale", "number": ""}]
    early = world.send("GET", f"/v1/uses/{open_}", "studio", Consent_Registry_Now=BEFORE).json()
    assert early["held"] is False
    lock = world.post(f"/v1/uses/{open_}/lock", "studio", Consent_Registry_Now=AFTER)
    assert lock.status_code == 409
    for who in ("studio", "rival"):
        shown = asked(world, ask | {"use": "exhibit", "shot": "s2"}, who, AFTER)
        assert "OK_RUNOFF" in codes(shown)
        assert shown["outcome"].startswith("allow")
    released = world.post(f"/v1/uses/{done}/release", "studio", Consent_Registry_Now=AFTER)
    assert released.status_code == 200
    # A no is told as one; it can become a yes, and a yes holds.
    assert pass_on(world, grant["id"], sale["id"], ann, "no").status_code == 200
    assert "said no on 2 March 2027" in said(asked(world, ask, "rival", AFTER), "D_NOT_PASSED_ON")
    assert pass_on(world, grant["id"], sale["id"], ann, "no").status_code == 409
    yes = pass_on(world, grant["id"], sale["id"], ann, "yes")
    assert (yes.status_code, yes.json()["signature"]["by"]) == (200, "performer")
    again = pass_on(world, grant["id"], sale["id"], ann, "no")
    assert again.json()["detail"] == "You answered yes already. Nothing was recorded."
    goes = asked(world, ask, "rival", AFTER)
    assert "OK_PASSED_ON" in codes(goes)
    assert goes["outcome"].startswith("allow")
    assert "D_SOLD" in codes(asked(world, ask, "studio", AFTER))
    # Whoever it passed on to reads its terms; nobody else does.
    seen = world.send("GET", f"/v1/sales/{sale['id']}", "rival", Consent_Registry_Now=AFTER)
    (line,) = seen.json()["consents"]
    assert line["terms"]["scope"]["works"] == [world.ids[film]]
    assert line["terms"]["pay"]["amount"]["amount"] == "10000.00"
    assert world.get(f"/v1/grants/{grant['id']}", "rival").status_code == 404


def test_a_no_keeps_its_instant_when_the_performer_says_yes_later(world: World) -> None:
    top, film = franchise(world)
    ann = somebody(world)
    grant = signed(world, ann, film)
    sale = sell(world, top)
    path, answers = f"/v1/grants/{grant['id']}/passing-on", []
    for said_, when in (("no", "2027-03-02T12:00:00Z"), ("yes", "2027-03-04T12:00:00Z")):
        body = {"sale": sale["id"], "answer": said_}
        answers.append(world.post(path, ann, body, Consent_Registry_Now=when, **key()).json())
    assert answers[0]["answered_at"] == answers[0]["declined_at"] == answers[1]["declined_at"]
    late = {"Consent_Registry_Now": "2027-03-05T12:00:00Z"}
    found = [
        world.post("/v1/checks", "rival", question(world, ann, film) | {"as_of": when}, **late)
        for when in ("2027-03-01T12:00:00Z", "2027-03-03T12:00:00Z", "2027-03-04T12:00:00Z")
    ]
    waits, refused, goes = (answer.json()["decision"] for answer in found)
    assert "A_PASSING_ON" in codes(waits)
    assert "said no on 2 March 2027" in said(refused, "D_NOT_PASSED_ON")
    assert "OK_PASSED_ON" in codes(goes)


def test_a_yes_that_was_ticked_passes_on_by_itself(world: World) -> None:
    top, film = franchise(world)
    ann = somebody(world)
    grant = signed(world, ann, film, assignable=True)
    assert grant["scope"]["assignable"] is True
    sale = sell(world, top)
    assert sale["consents"][0]["answer"] == "yes"
    assert "OK_PASSED_ON" in codes(asked(world, question(world, ann, film), "rival", AFTER))
    # What the seller is told afterwards is told to nobody else.
    new = offered(world, ann, film)
    assert new["scope"]["assignable"] is False


def test_what_the_performer_says_to_the_seller_afterwards_counts(world: World) -> None:
    _, film = franchise(world)
    ann = somebody(world)
    signed(world, ann, film)
    world.make(
        "/v1/engagements",
        "studio",
        {"performer": world.ids[ann], "work": world.ids[film], "rate": {"kind": "daily"}},
    )
    sell(world, film, "2027-03-09T09:00:00Z")
    when = {"Consent_Registry_Now": "2027-03-10T12:00:00Z"}
    ask = question(world, ann, film) | {"as_of": "2027-03-10T12:00:00Z"}
    stopped = world.post("/v1/checks", "studio", ask, **when).json()["decision"]
    assert "D_SOLD" in codes(stopped)
    body = {
        "performer": world.ids[ann],
        "work": world.ids[film],
        "uses": ["stunt"],
        "description": "aerial stunts",
        "pay": {"kind": "bargained_flat", "amount": {"amount": "9000.00", "currency": "USD"}},
    }
    offer = world.post("/v1/grants", "studio", body, **when).json()
    accepted = world.post(
        f"/v1/grants/{offer['id']}/acceptance",
        ann,
        {"terms_hash": offer["terms_hash"]},
        **when,
        **key(),
    )
    assert accepted.status_code == 200
    later = ask | {"as_of": "2027-03-10T12:00:01Z"}
    again = world.post("/v1/checks", "studio", later, Consent_Registry_Now=later["as_of"])
    assert "D_SOLD" not in codes(again.json()["decision"])


def test_a_consent_that_is_signed_between_sale_and_day_can_pass_on_too(world: World) -> None:
    _, film = franchise(world)
    ann = somebody(world)
    sale = sell(world, film)
    assert sale["consents"] == []
    grant = signed(world, ann, film)
    assert pass_on(world, grant["id"], sale["id"], ann, "yes").status_code == 200
    assert "OK_PASSED_ON" in codes(asked(world, question(world, ann, film), "rival", AFTER))


@pytest.mark.parametrize(
    ("more", "status", "pointer"),
    [
        pytest.param({"owner": "studio"}, 422, "/owner", id="to oneself"),
        pytest.param({"owner": "union"}, 404, "/owner", id="to a union"),
        pytest.param({"starts_on": "2020-01-01"}, 422, "/starts_on", id="before it was there"),
        pytest.param({"starts_on": "2199-01-01"}, 422, "/starts_on", id="too far ahead"),
    ],
)
def test_a_sale_names_a_studio_and_a_day(
    world: World, more: dict[str, str], status: int, pointer: str
) -> None:
    _, film = franchise(world)
    named = {"owner": "rival"} | more
    body = named | {"owner": world.ids[named["owner"]]}
    answer = world.post(f"/v1/works/{world.ids[film]}/owner", "studio", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer)


def test_what_is_sold_is_not_sold_twice_and_may_be_sold_on(world: World) -> None:
    top, film = franchise(world)
    ann = somebody(world)
    grant = signed(world, ann, film)
    path = f"/v1/works/{world.ids[film]}/owner"
    first = sell(world, top)
    for day in ("2027-02-20", DAY):
        body = {"owner": world.ids["rival"], "starts_on": day}
        twice = world.post(path, "studio", body, Consent_Registry_Now=BEFORE)
        assert twice.json()["detail"].startswith("It is sold already, as of that day, or the buyer")
    world.studio(f"third{top}")
    on = {"owner": world.ids[f"third{top}"], "starts_on": "2027-03-05"}
    second = world.post(path, "rival", on, Consent_Registry_Now=AFTER).json()
    confirm(world, second["id"], f"third{top}", AFTER)
    # Consents to the first seller are asked about by name of each buyer.
    assert pass_on(world, grant["id"], first["id"], ann, "yes").status_code == 200
    later = "2027-03-06T12:00:00Z"
    ask = question(world, ann, film) | {"as_of": later}

    def found(who: str) -> list[str]:
        answer = world.post("/v1/checks", who, ask, Consent_Registry_Now=later)
        return codes(answer.json()["decision"])

    assert "D_SOLD" in found("rival")
    assert "A_PASSING_ON" in found(f"third{top}")
    assert [c["grant_id"] for c in second["consents"]] == [grant["id"]]
    assert pass_on(world, grant["id"], second["id"], ann, "yes").status_code == 200
    assert "OK_PASSED_ON" in found(f"third{top}")


def test_a_sale_is_seen_by_whom_it_touches(world: World) -> None:
    top, film = franchise(world)
    ann, ben = somebody(world), somebody(world)
    grant = signed(world, ann, film)
    sale = sell(world, top)
    path = f"/v1/sales/{sale['id']}"
    mine = world.get(path, ann).json()
    assert [c["grant_id"] for c in mine["consents"]] == [grant["id"]]
    assert mine["stops"] == []
    assert world.get(path, ben).status_code == 404
    assert world.get(path, "stranger").status_code == 404
    other = pass_on(world, grant["id"], sale["id"], ben, "yes")
    assert other.status_code == 404
    unknown = pass_on(world, grant["id"], "sale_nothing", ann, "yes")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (404, "/sale")
    minor = somebody(world, birth_date="2015-03-04", adult=False)
    assert world.get(path, minor).status_code == 404
    # The buyer may ask about those whose consents it may take over.
    assert check(world, question(world, ann, film), "rival")["class"] is not None


def test_a_sale_frees_a_work_of_no_block(world: World) -> None:
    """The studio signed with the union, the buyer did not: the strike stays over what it sold."""
    top, _ = franchise(world)
    sold = signed_studio(world, f"signed{top}")
    work = world.work(f"of{sold}", sold, content_tags=["stunts"])
    body = {"name": "Cy", "contact": "cy@performer.example", "adult": True}
    person = world.make("/v1/performers", sold, body)["id"]
    grievance(world, {"studio": world.ids[sold]})
    sale = {"owner": world.ids["rival"], "starts_on": DAY}
    late = "2027-02-11T12:00:00Z"
    made = world.post(f"/v1/works/{work}/owner", sold, sale, Consent_Registry_Now=late).json()
    confirm(world, made["id"], "rival", late)
    world.make(
        "/v1/engagements", sold, {"performer": person, "work": work, "rate": {"kind": "daily"}}
    )
    ask = {"performer": person, "work": work, "use": "stunt", "as_of": AFTER}
    own = world.post("/v1/performers", "rival", body | {"contact": "cz@performer.example"}).json()
    reached = world.post(
        "/v1/checks", "rival", ask | {"performer": own["id"]}, Consent_Registry_Now=AFTER
    )
    assert "D_UNION_VETO" in codes(reached.json()["decision"])
    # What the buyer makes by itself was never under it.
    free = world.work(f"free{top}", "rival", content_tags=["stunts"])
    other = world.post(
        "/v1/checks",
        "rival",
        ask | {"performer": own["id"], "work": free},
        Consent_Registry_Now=AFTER,
    )
    assert "D_UNION_VETO" not in codes(other.json()["decision"])


@pytest.mark.parametrize(
    ("starts_on", "recorded", "stopped"),
    [
        pytest.param(DAY, "2027-02-11T12:00:00Z", True, id="to come"),
        pytest.param("2027-02-09", "2027-02-11T12:00:00Z", True, id="on a day before the veto"),
        pytest.param("2027-02-09", "2027-02-10T11:00:00Z", False, id="before the veto"),
    ],
)
def test_what_is_below_a_sold_franchise_stays_under_what_came_before_the_sale_did(
    world: World, starts_on: str, recorded: str, *, stopped: bool
) -> None:
    """The day of a sale is the seller's word; and what the buyer adds is part of what it bought."""
    top, _ = franchise(world)
    sold = signed_studio(world, f"signed{top}")
    saga = world.work(f"of{sold}", sold, kind="franchise")
    film = world.work(f"in{sold}", sold, part_of=saga, content_tags=["stunts"])
    # In what was sold by then no agreement of the union binds: the seller is all that is left.
    scope = {"studio": world.ids[sold]} | ({"work": saga} if stopped else {})
    sale = {"owner": world.ids["rival"], "starts_on": starts_on}

    def sell_it() -> None:
        path = f"/v1/works/{saga}/owner"
        made = world.post(path, sold, sale, Consent_Registry_Now=recorded)
        assert made.status_code == 201, made.text
        confirm(world, made.json()["id"], "rival", recorded)

    if not stopped:
        sell_it()
    grievance(world, scope)
    if stopped:
        sell_it()
    added = {"kind": "film", "title": "Added", "part_of": saga, "content_tags": ["stunts"]}
    made = world.post("/v1/works", "rival", added, Consent_Registry_Now=AFTER)
    assert made.status_code == 201, made.text
    body = {"name": "Di", "contact": "di@performer.example", "adult": True}
    person = world.post("/v1/performers", "rival", body).json()["id"]
    for work in (film, made.json()["id"]):
        decision = asked(
            world,
            {"performer": person, "work": work, "use": "stunt"},
            "rival",
            "2027-03-03T12:00:00Z",
        )
        assert ("D_UNION_VETO" in codes(decision)) is stopped


def test_a_union_vetoes_in_a_work_that_a_signatory_bought(world: World) -> None:
    """Who owns the work now says which agreement binds it, and not who recorded it."""
    _, film = franchise(world)
    buyer = f"signatory{film}"
    world.studio(buyer)
    signing = {"agreement": FAMILY, "starts_on": "2023-11-09", "union": world.ids["union"]}
    world.make(f"/v1/organizations/{world.ids[buyer]}/signatories", "office", signing)
    body = {
        "kind": "grievance",
        "basis": "article 12",
        "authority": "resolution 3 of the board",
        "scope": {"work": world.ids[film]},
        "reason": "A grievance is open.",
    }
    late = {"Consent_Registry_Now": AFTER}
    before = world.post("/v1/vetoes/preview", "officer", body, **late, **key())
    assert before.json()["refusals"][0]["code"] == "foreign_work"
    sell(world, film, buyer=buyer)
    after = world.post("/v1/vetoes/preview", "officer", body, **late, **key())
    assert after.status_code == 200, after.text


def test_a_dossier_tells_of_the_sale(world: World) -> None:
    _, film = franchise(world)
    ann = somebody(world)
    signed(world, ann, film)
    sell(world, film)
    path = f"/v1/dossiers?performer={world.ids[ann]}&work={world.ids[film]}&on={AFTER}"
    found = world.send("GET", path, "auditor", Consent_Registry_Now=AFTER)
    assert found.status_code == 200, found.text
    (told,) = [one for one in found.json()["facts"] if one["what"] == "sale"]
    assert (told["buyer_id"], told["starts_on"]) == (world.ids["rival"], DAY)
    assert len(told["entries"]) == 2
