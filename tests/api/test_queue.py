"""A union's queue over HTTP: what enters it, groups, answers, clocks, and what it never does."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.api.consents import (
    accept,
    check,
    codes,
    key,
    offered,
    picture,
    question,
    register,
    signed,
    somebody,
    terms,
)
from tests.support.inprocess import FAMILY, World

PAY = {"kind": "bargained_flat", "amount": {"amount": "5.00", "currency": "USD"}}


def rule(world: World, name: str, **conditions: Any) -> dict[str, Any]:
    return world.make("/v1/flag-rules", "officer", {"name": name, "conditions": conditions})


def ended(world: World, made: dict[str, Any]) -> None:
    world.make(f"/v1/flag-rules/{made['id']}/end", "officer")


@pytest.fixture
def sees_all(world: World) -> Iterator[None]:
    """A union that wants to see every request."""
    made = rule(world, "every request", about=["grant", "use"])
    yield
    ended(world, made)


def groups(world: World, state: str = "waiting", who: str = "officer") -> list[dict[str, Any]]:
    answer = world.get(f"/v1/queue?state={state}&limit=200", who)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def case_of(world: World, about: str) -> dict[str, Any]:
    (found,) = world.get(f"/v1/cases?about={about}", "officer").json()["data"]
    return dict(found)


def group_of(world: World, about: str, state: str = "waiting") -> dict[str, Any]:
    key_ = case_of(world, about)["group"]
    return next(g for g in groups(world, state) if g["group"] == key_)


def answered(
    world: World, group: dict[str, Any], answer: str = "no_objection", **more: Any
) -> Response:
    body = {"answer": answer, "upto": group["upto"]} | more
    return world.post(f"/v1/queue/{group['group']}/answer", "officer", body)


@pytest.mark.usefixtures("sees_all")
def test_equal_requests_are_one_group_and_are_answered_as_one(world: World) -> None:
    film = picture(world)
    people = [somebody(world, member=True) for _ in range(3)]
    made = [offered(world, person, film) for person in people]
    other = offered(world, people[0], picture(world))
    group = group_of(world, made[0]["id"])
    assert (group["count"], group["stage"], group["why"]) == (3, "proposed", ["every request"])
    assert group["works"] == [{"id": world.ids[film], "title": f"Film {film}"}]
    assert group["studio"]["id"] == world.ids["studio"]
    assert group_of(world, other["id"])["group"] != group["group"]

    done = answered(world, group)

    assert done.status_code == 200, done.text
    assert done.json()["answered"] == 3
    assert group["group"] not in {g["group"] for g in groups(world)}
    for one in made:
        case = case_of(world, one["id"])
        assert (case["state"], case["answered_by"]) == ("no_objection", world.people["officer"])
        assert case["says"].startswith("The union looked on ")
    assert case_of(world, other["id"])["state"] == "waiting"


@pytest.mark.usefixtures("sees_all")
def test_what_came_while_the_officer_was_reading_stays_open(world: World) -> None:
    film = picture(world)
    first = offered(world, somebody(world, member=True), film)
    read = group_of(world, first["id"])
    second = offered(world, somebody(world, member=True), film)
    assert answered(world, read).json()["answered"] == 1
    assert case_of(world, second["id"])["state"] == "waiting"
    again = answered(world, read)
    assert again.status_code == 409, again.text
    assert again.json()["refusals"][0]["code"] == "nothing_to_answer"
    assert again.json()["detail"].startswith("Somebody of your union answered this group on ")
    assert again.json()["answered"]["answered_by"] == world.people["officer"]


@pytest.mark.usefixtures("sees_all")
def test_nobody_looked_is_never_no_objection(world: World) -> None:
    film = picture(world)
    made = offered(world, somebody(world, member=True), film)
    case = case_of(world, made["id"])
    assert case["state"] == "waiting"
    assert case["says"] == "Nobody has looked yet. That is not the same as no objection."
    assert "they can sign all the same" in case["at_zero"]
    due = case["due_at"]
    at = {"Consent_Registry_Now": due}
    late = world.send("GET", f"/v1/cases/{case['id']}", "officer", **at).json()
    assert late["state"] == "nobody_looked"
    assert late["says"].startswith("Nobody looked before ")
    assert "no objection" not in late["says"].removesuffix("That is not the same as no objection.")
    found = world.send("GET", "/v1/queue?state=nobody_looked&limit=200", "officer", **at).json()
    assert case["group"] in {g["group"] for g in found["data"]}
    waiting = world.send("GET", "/v1/queue?limit=200", "officer", **at).json()
    assert case["group"] not in {g["group"] for g in waiting["data"]}


@pytest.mark.usefixtures("sees_all")
def test_a_signature_is_followed_and_a_withdrawn_request_is_over(world: World) -> None:
    film, ann = picture(world), somebody(world, member=True)
    made = offered(world, ann, film)
    assert accept(world, made, ann).status_code == 200
    case = case_of(world, made["id"])
    assert (case["stage"], case["due_at"], case["state"]) == ("signed", None, "waiting")
    assert case["at_zero"].startswith("No clock runs. It is signed and in force")
    taken_back = offered(world, somebody(world, member=True), film)
    world.make(f"/v1/grants/{taken_back['id']}/withdrawal", "studio")
    over = case_of(world, taken_back["id"])
    assert over["state"] == "over"
    assert over["says"].startswith("It ended before anybody looked.")


@pytest.mark.usefixtures("sees_all")
def test_other_terms_have_not_been_looked_at(world: World) -> None:
    film, ann = picture(world), somebody(world, member=True)
    made = offered(world, ann, film)
    answered(world, group_of(world, made["id"]))
    body = {"description": "aerial stunts, scenes 40-90"}
    path = f"/v1/grants/{made['id']}"
    etag = world.get(path, "studio").headers["etag"]
    changed = world.post(f"{path}/amendments", "studio", body, If_Match=etag)
    assert changed.status_code == 200, changed.text
    case = case_of(world, made["id"])
    assert (case["state"], case["answered_by"]) == ("waiting", None)
    assert case["description"]["text"] == "aerial stunts, scenes 40-90"


@pytest.mark.usefixtures("sees_all")
def test_an_answer_changes_the_answer_to_no_check(world: World) -> None:
    film, ann = picture(world), somebody(world, member=True)
    made = signed(world, ann, film)
    before = check(world, question(world, ann, film))
    group = group_of(world, made["id"])
    asked = answered(world, group, "asked", words="Who is hurt if the rig fails?")
    assert asked.status_code == 200, asked.text
    assert check(world, question(world, ann, film)) == before
    assert case_of(world, made["id"])["words"] == "Who is hurt if the rig fails?"
    thread = world.get(f"/v1/messages?about=grant&about_id={made['id']}", "studio").json()["data"]
    assert [(m["kind"], m["words"]) for m in thread] == [
        ("question", "Who is hurt if the rig fails?")
    ]
    assert answered(world, group_of(world, made["id"], "asked")).json()["answered"] == 1
    assert check(world, question(world, ann, film)) == before


@pytest.mark.usefixtures("sees_all")
def test_a_question_says_what_is_asked(world: World) -> None:
    made = offered(world, somebody(world, member=True), picture(world))
    wordless = answered(world, group_of(world, made["id"]), "asked")
    assert wordless.status_code == 422
    assert wordless.json()["errors"][0]["pointer"] == "/words"


@pytest.mark.usefixtures("sees_all")
def test_a_veto_from_the_queue_stops_and_is_the_answer_to_each_case(world: World) -> None:
    film = picture(world, agreement=FAMILY)
    people = [somebody(world, member=True) for _ in range(2)]
    made = [signed(world, person, film) for person in people]
    group = group_of(world, made[0]["id"])
    grounds = {
        "kind": "grievance",
        "basis": "article 12",
        "authority": "the board",
        "reason": "Fewer people were hired than the contract asks for.",
        "upto": group["upto"],
    }
    path = f"/v1/queue/{group['group']}/veto"
    done = world.post(path, "officer", grounds, **key())
    assert done.status_code == 201, done.text
    issued = done.json()["veto"]
    assert (done.json()["answered"], issued["state"]) == (2, "in_force")
    assert issued["scope"]["work"] == world.ids[film]
    assert issued["scope"]["uses"] == group["scope"]["uses"]
    case = case_of(world, made[1]["id"])
    assert (case["state"], case["veto_id"]) == ("vetoed", issued["id"])
    assert case["says"].endswith(f"and vetoed it ({issued['number']}).")
    assert "D_UNION_VETO" in codes(check(world, question(world, people[0], film)))
    again = world.post(path, "officer", grounds, **key())
    assert again.status_code == 409
    refused = world.get("/v1/vetoes?limit=1", "officer").json()["data"]
    assert [v["id"] for v in refused] == [issued["id"]]


@pytest.mark.usefixtures("sees_all")
def test_a_group_about_several_works_says_which_are_vetoed(world: World) -> None:
    ann, first, second = somebody(world, member=True), picture(world), picture(world)
    body = terms(world, ann, first)
    body.pop("work")
    made = world.make(
        "/v1/grants", "studio", body | {"works": [world.ids[first], world.ids[second]]}
    )
    group = group_of(world, made["id"])
    grounds = {"kind": "grievance", "basis": "b", "authority": "a", "reason": "r"}
    answer = world.post(
        f"/v1/queue/{group['group']}/veto", "officer", grounds | {"upto": group["upto"]}, **key()
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/scope"


@pytest.mark.parametrize(
    ("conditions", "more", "enters"),
    [
        pytest.param({"uses": ["train_model"]}, {}, False, id="another use"),
        pytest.param({"uses": ["stunt"]}, {}, True, id="the use"),
        pytest.param({"tags": ["nudity"]}, {}, True, id="nobody said what is shown"),
        pytest.param(
            {"tags": ["nudity"]},
            {"description": {"text": "a fall", "tags": ["stunts"]}},
            False,
            id="something else is shown",
        ),
        pytest.param({"identity": ["vouched"]}, {}, False, id="nobody vouched"),
        pytest.param({"contact_by_studio": True}, {}, True, id="the studio typed the contact"),
        pytest.param({"wide_scope": True}, {}, False, id="one work"),
        pytest.param(
            {"wide_scope": True}, {"mode": "franchise_umbrella"}, True, id="a whole franchise"
        ),
        pytest.param({"facets_missing": True}, {}, True, id="facets missing"),
        pytest.param({"classes": ["ICDR"]}, {}, True, id="the class"),
        pytest.param({"classes": ["EBDR_SAME"]}, {}, False, id="another class"),
        pytest.param({"about": ["use"]}, {}, False, id="uses alone"),
        pytest.param({"stages": ["signed"]}, {}, False, id="not signed yet"),
        pytest.param({"pay": ["below"]}, {"pay": PAY}, True, id="below the floor"),
        pytest.param({"pay": ["below"]}, {}, False, id="above the floor"),
        pytest.param({"pay": ["unknown"], "uses": ["stunt"]}, {}, False, id="both must hold"),
    ],
)
def test_a_flag_rule_says_what_enters(
    world: World, conditions: dict[str, Any], more: dict[str, Any], enters: bool
) -> None:
    film, ann = picture(world, agreement=FAMILY), somebody(world, member=True)
    made = rule(world, "a rule", **conditions)
    asked = offered(world, ann, film, **more)
    found = world.get(f"/v1/cases?about={asked['id']}", "officer").json()["data"]
    ended(world, made)
    assert bool(found) is enters


def test_a_union_reads_pay_as_above_or_below_and_never_an_amount(world: World) -> None:
    film, ann = picture(world, agreement=FAMILY), somebody(world, member=True)
    made = rule(world, "all pay", pay=["above", "below", "unknown"])
    below, above = offered(world, ann, film, pay=PAY), offered(world, ann, film)
    ended(world, made)
    assert case_of(world, below["id"])["pay"] == "below"
    assert case_of(world, above["id"])["pay"] == "above"
    for path in (f"/v1/cases?about={below['id']}", "/v1/queue?limit=200"):
        said = world.get(path, "officer").text
        assert "5.00" not in said
        assert "amount" not in said


@pytest.mark.usefixtures("sees_all")
def test_a_use_is_followed_until_it_is_withdrawn(world: World) -> None:
    film, ann = picture(world), somebody(world, member=True)
    signed(world, ann, film)
    use = register(world, question(world, ann, film)).json()
    case = case_of(world, use["id"])
    assert (case["about"], case["stage"], case["state"]) == ("use", "registered", "waiting")
    world.make(f"/v1/uses/{use['id']}/withdrawal", "studio")
    assert case_of(world, use["id"])["state"] == "over"


def test_a_flag_rule_is_the_unions_own_and_is_ended_once(world: World) -> None:
    empty = world.post("/v1/flag-rules", "officer", {"name": "all", "conditions": {}})
    assert empty.status_code == 422
    assert empty.json()["errors"][0]["pointer"] == "/conditions"
    made = rule(world, "training", uses=["train_model"])
    assert made["conditions"] == {"uses": ["train_model"]}
    path = f"/v1/flag-rules/{made['id']}"
    assert world.get(path, "stranger").status_code == 404
    assert world.get(path, "staff").json() == world.get(path, "officer").json()
    assert world.post(f"{path}/end", "stranger").status_code == 404
    ended(world, made)
    assert world.post(f"{path}/end", "officer").status_code == 409
    assert made["id"] in {r["id"] for r in world.get("/v1/flag-rules", "officer").json()["data"]}


@pytest.mark.usefixtures("sees_all")
def test_the_queue_is_no_other_unions_and_no_studios(world: World) -> None:
    made = offered(world, somebody(world, member=True), picture(world))
    group = group_of(world, made["id"])
    assert groups(world, who="stranger") == []
    case = case_of(world, made["id"])
    assert world.get(f"/v1/cases/{case['id']}", "stranger").status_code == 404
    body = {"answer": "no_objection", "upto": group["upto"]}
    foreign = world.post(f"/v1/queue/{group['group']}/answer", "stranger", body)
    assert foreign.status_code == 404
    assert world.get("/v1/queue", "studio").status_code == 403


@pytest.mark.usefixtures("sees_all")
def test_the_queue_asks_the_database_as_often_for_many_groups_as_for_one(world: World) -> None:
    offered(world, somebody(world, member=True), picture(world))
    counted: list[str] = []

    def count(*args: Any) -> None:
        counted.append(args[2])

    def reads(limit: int) -> int:
        counted.clear()
        event.listen(Engine, "before_cursor_execute", count)
        try:
            assert world.get(f"/v1/queue?limit={limit}", "officer").status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        return len([one for one in counted if one.lstrip().upper().startswith("SELECT")])

    for _ in range(4):
        offered(world, somebody(world, member=True), picture(world))
    assert reads(200) == reads(1)


@pytest.mark.usefixtures("sees_all")
def test_a_group_that_ended_is_not_answered_and_one_that_is_not_there_is_unknown(
    world: World,
) -> None:
    made = offered(world, somebody(world, member=True), picture(world))
    group = group_of(world, made["id"])
    world.make(f"/v1/grants/{made['id']}/withdrawal", "studio")
    over = answered(world, group)
    assert over.json()["refusals"][0]["code"] == "nothing_to_answer"
    assert over.json()["detail"].startswith("None of these cases is open")
    assert group["group"] in {g["group"] for g in groups(world, "over")}
    assert answered(world, group | {"group": "0" * 64}).status_code == 404
    grounds = {"kind": "grievance", "basis": "b", "authority": "a", "reason": "r"}
    path = f"/v1/queue/{group['group']}/veto"
    body = grounds | {"upto": group["upto"]}
    assert world.post(path, "officer", body, **key()).status_code == 409


@pytest.mark.usefixtures("sees_all")
def test_a_veto_that_is_refused_answers_nothing(world: World) -> None:
    made = offered(world, somebody(world, member=True), picture(world))
    group = group_of(world, made["id"])
    body: dict[str, Any] = {"kind": "grievance", "basis": "b", "authority": "a", "reason": "r"}
    body |= {"upto": group["upto"], "scope": {"studio": world.ids["rival"]}}
    answer = world.post(f"/v1/queue/{group['group']}/veto", "officer", body, **key())
    assert answer.json()["refusals"][0]["code"] == "foreign_studio"
    assert case_of(world, made["id"])["state"] == "waiting"


@pytest.mark.usefixtures("sees_all")
def test_pages_of_groups_go_on_where_the_last_one_ended(world: World) -> None:
    for _ in range(3):
        offered(world, somebody(world, member=True), picture(world))
    whole = [g["group"] for g in groups(world)]
    first = world.get("/v1/queue?limit=2", "officer").json()
    rest = world.get(f"/v1/queue?limit=200&cursor={first['next_cursor']}", "officer").json()
    assert [g["group"] for g in (*first["data"], *rest["data"])] == whole


def test_a_transfer_waits_in_the_queue_and_is_answered_as_a_transfer(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    body = {"performer": world.ids[ann], "kind": "independent", "origin_work": world.ids[film]}
    replica = world.make("/v1/replicas", "studio", body | {"made_before": "ab" * 32})["id"]
    new = {"replica": replica, "to": world.ids["vendor"], "union": world.ids["union"]}
    made = world.make("/v1/transfers", "studio", new | {"purpose": "effects for reel two"})
    group = group_of(world, made["id"])
    assert group["why"] == ["a transfer that waits for your answer"]
    assert "Nothing is approved by silence" in group["at_zero"]
    alone = answered(world, group)
    assert alone.json()["refusals"][0]["code"] == "answered_elsewhere"
    world.make(f"/v1/transfers/{made['id']}/answer", "officer", {"answer": "approved"})
    case = case_of(world, made["id"])
    assert (case["state"], case["says"].split(" on ")[0]) == ("approved", "The union approved it")


def test_what_nobody_else_confirmed_enters_where_a_rule_looks_for_it(world: World) -> None:
    film, ann = picture(world), somebody(world, member=True)
    made = rule(world, "unconfirmed", facts_unconfirmed=True)
    hired = {"performer": world.ids[ann], "work": world.ids[film], "rate": {"kind": "daily"}}
    world.make("/v1/engagements", "studio", hired)
    asked = offered(world, ann, film)
    ended(world, made)
    assert case_of(world, asked["id"])["why"] == ["unconfirmed"]


def test_a_case_ends_where_no_rule_looks_for_it_any_more(world: World) -> None:
    film, ann = picture(world), somebody(world, member=True)
    first = rule(world, "requests", stages=["proposed"])
    asked = offered(world, ann, film)
    assert accept(world, asked, ann).status_code == 200
    ended(world, first)
    assert case_of(world, asked["id"])["state"] == "over"
