"""Threads: what two sides say to each other, and whether an offer by word of mouth was made."""

from typing import Any

from tests.api.consents import offered, picture, question, register, signed, somebody
from tests.support.inprocess import FAMILY, World

SAID = {"kind": "offer_said", "words": "Two more days at the same rate, you said on the phone."}


def say(world: World, who: str, about: str, id_: str, **more: Any) -> dict[str, Any]:
    body = {"about": about, "about_id": id_, "kind": "note", "words": "A word."} | more
    return world.make("/v1/messages", who, body)


def test_an_oral_offer_is_on_record_and_the_other_side_says_whether_it_was_made(
    world: World,
) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    told = say(
        world,
        ann,
        "grant",
        made["id"],
        **SAID,
        said_by=world.ids["studio"],
        said_at="2026-01-05T10:00:00+01:00",
    )
    assert (told["to_id"], told["other_side"]) == (world.ids["studio"], "none")
    assert told["said_at"] == "2026-01-05T09:00:00.000000Z"
    path = f"/v1/messages/{told['id']}/other-side"
    denied = world.make(path, "clearance", {"other_side": "not_what_i_said"})
    assert denied["other_side"] == "not_what_i_said"
    again = world.post(path, "clearance", {"other_side": "not_what_i_said"})
    assert again.status_code == 409
    granted = world.make(path, "clearance", {"other_side": "yes_that_was_said"})
    assert (granted["other_side"], granted["version"]) == ("yes_that_was_said", 3)
    # It is on record, and it is no consent.
    assert world.get(f"/v1/grants/{made['id']}", ann).json()["state"] == "offered"
    own = world.post(path, ann, {"other_side": "yes_that_was_said"})
    assert own.status_code == 403
    assert "Whoever it was written to" in own.json()["detail"]


def test_a_thread_is_read_in_order_by_its_sides_alone(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    made = offered(world, ann, film)
    asked = say(world, ann, "grant", made["id"], kind="question", words="Which scenes?")
    answer = say(
        world, "studio", "grant", made["id"], kind="answer", words="Two.", answers=asked["id"]
    )
    third = say(world, ann, "grant", made["id"], words="Thank you.")
    path = f"/v1/messages?about=grant&about_id={made['id']}"
    first = world.get(f"{path}&limit=2", "studio").json()
    assert [m["id"] for m in first["data"]] == [asked["id"], answer["id"]]
    rest = world.get(f"{path}&limit=2&cursor={first['next_cursor']}", "studio").json()
    assert [m["id"] for m in rest["data"]] == [third["id"]]
    assert world.get(path, "officer").json()["data"] == []
    assert world.get(path, "rival").json()["data"] == []
    assert world.get(f"/v1/messages/{asked['id']}", "officer").status_code == 404
    assert world.get(f"/v1/messages/{asked['id']}", ann).json()["words"] == "Which scenes?"


def test_the_words_of_a_message_stand_in_no_entry(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    told = say(world, ann, "grant", made["id"], words="the canary sings at noon")
    entry = world.get(f"/v1/events/{told['log_index']}", ann).json()
    assert entry["type"] == "message.written"
    assert {*entry["subjects"]} == {world.ids[ann], world.ids["studio"]}
    assert "canary" not in str(entry)


def test_a_side_is_named_by_a_house_code_too(world: World) -> None:
    ann, film = somebody(world, ref="castid:msg-1"), picture(world)
    made = offered(world, ann, film)
    told = say(world, "studio", "grant", made["id"], to="ref:castid:msg-1")
    assert told["to_id"] == world.ids[ann]
    body = {"about": "grant", "about_id": made["id"], "kind": "note", "words": "x"}
    unknown = world.post("/v1/messages", "studio", body | {"to": "ref:castid:none"})
    assert unknown.status_code == 404


def test_a_count_of_days_is_spoken_of_by_who_made_it_and_whom_it_is_about(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = register(world, question(world, ann, film)).json()
    body = {"use_id": use["id"], "days": "3", "basis": "The schedule."}
    made = world.make("/v1/estimates", "studio", body)
    told = say(world, ann, "estimate", made["id"], kind="dispute", words="It was four.")
    assert told["to_id"] == world.ids["studio"]


def test_an_answer_names_a_question_of_its_thread(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made, other = offered(world, ann, film), offered(world, ann, film)
    asked = say(world, ann, "grant", made["id"], kind="question")
    body = {"about": "grant", "about_id": made["id"], "kind": "answer", "words": "Yes."}
    for wrong in ({}, {"answers": asked["id"], "about_id": other["id"]}, {"answers": "msg_none"}):
        answer = world.post("/v1/messages", "studio", body | wrong)
        assert answer.status_code in {404, 422}, answer.text
        assert answer.json()["errors"][0]["pointer"] == "/answers"
    assert world.post("/v1/messages", ann, body | {"answers": asked["id"]}).status_code == 404


def test_what_was_said_was_said_by_a_side_and_before_now(world: World) -> None:
    ann, bob, film = somebody(world), somebody(world), picture(world)
    made = offered(world, ann, film)
    body = {"about": "grant", "about_id": made["id"], **SAID}
    for wrong, pointer in (
        ({"said_by": world.ids[bob]}, "/said_by"),
        ({"said_by": world.ids["studio"], "kind": "note"}, "/said_by"),
        ({"said_at": "2199-01-01T00:00:00Z"}, "/said_at"),
        ({"to": world.ids["guild"]}, "/to"),
        ({"kind": "promise"}, "/kind"),
    ):
        answer = world.post("/v1/messages", ann, body | wrong)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == pointer
    note = say(world, ann, "grant", made["id"])
    path = f"/v1/messages/{note['id']}/other-side"
    answer = world.post(path, "studio", {"other_side": "yes_that_was_said"})
    assert answer.status_code == 409


def test_a_dispute_of_pay_names_the_use_that_is_paid_for(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    use = register(world, question(world, ann, film)).json()
    told = say(world, ann, "payment", use["id"], kind="dispute", words="Two days are missing.")
    assert (told["about_id"], told["to_id"]) == (use["id"], world.ids["studio"])
    to_union = say(world, ann, "payment", use["id"], kind="note", to=world.ids["union"])
    seen = world.get("/v1/messages?about=payment", "officer").json()["data"]
    assert [m["id"] for m in seen] == [to_union["id"]]
    back = say(world, "officer", "use", use["id"], to=world.ids[ann], words="We look at it.")
    assert back["from_id"] == world.ids["union"]


def test_a_union_that_sees_by_agreement_alone_speaks_with_the_studio(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/signatories"
    world.make(path, "office", {"agreement": FAMILY, "starts_on": "2020-01-01"})
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    body = {"about": "grant", "about_id": made["id"], "kind": "question", "words": "Why?"}
    unsaid = world.post("/v1/messages", "officer", body)
    assert unsaid.json()["errors"][0]["pointer"] == "/to"
    asked = world.make("/v1/messages", "officer", body | {"to": world.ids["studio"]})
    assert asked["from_id"] == world.ids["union"]
    assert world.post("/v1/messages", "officer", body | {"to": world.ids[ann]}).status_code == 422
    # The agreement is spoken of by those whom it binds.
    about = {"about": "agreement", "about_id": FAMILY, "kind": "note", "words": "A reading."}
    told = world.make("/v1/messages", "studio", about | {"to": world.ids["union"]})
    assert told["about_id"] == FAMILY
    world.make("/v1/messages", "officer", about | {"to": world.ids["studio"]})
    assert world.post("/v1/messages", "rival", about).status_code == 404
    assert world.post("/v1/messages", ann, about).status_code == 404


def test_a_performer_engaged_under_an_agreement_speaks_of_it(world: World) -> None:
    ann, film = somebody(world), picture(world, agreement=FAMILY)
    hired = {"performer": world.ids[ann], "work": world.ids[film], "role_class": "principal"}
    world.make("/v1/engagements", "studio", hired)
    about = {"about": "agreement", "about_id": FAMILY, "kind": "question", "words": "Which day?"}
    told = world.make("/v1/messages", ann, about | {"to": world.ids["studio"]})
    answer = about | {"kind": "answer", "answers": told["id"], "to": world.ids[ann]}
    assert world.make("/v1/messages", "studio", answer)["to_id"] == world.ids[ann]


def test_a_veto_is_spoken_of_by_its_union_and_whom_it_stops(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    scope = {"performer": world.ids[ann]}
    body = {
        "kind": "grievance",
        "basis": "article 12",
        "authority": "resolution 3 of the board",
        "scope": scope,
        "reason": "A grievance is open.",
    }
    veto = world.post("/v1/vetoes", "officer", body, Idempotency_Key="msg-veto").json()
    asked = say(world, "studio", "veto", veto["id"], kind="question", words="Until when?")
    assert asked["to_id"] == world.ids["union"]
    told = say(world, "officer", "veto", veto["id"], to=world.ids["studio"], words="March.")
    assert told["to_id"] == world.ids["studio"]
    say(world, "officer", "veto", veto["id"], to=world.ids[ann], words="It is on.")
    unnamed = {"about": "veto", "about_id": veto["id"], "kind": "note", "words": "x"}
    assert world.post("/v1/messages", "officer", unnamed).status_code == 422
    world.make(f"/v1/vetoes/{veto['id']}/lift", "officer")


def test_who_only_sees_for_a_performer_does_not_speak_for_them(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    path = f"/v1/performers/{world.ids[ann]}/representations"
    for powers in (["view"], ["view", "bargain"]):
        body = {"kind": "agent", "powers": powers, "representative": world.ids["agency"]}
        world.make(path, ann, body)
        note = {"about": "grant", "about_id": made["id"], "kind": "note", "words": "For her."}
        answer = world.post("/v1/messages", "agent", note)
        if powers == ["view"]:
            assert answer.status_code == 403
            assert "no mandate" in answer.json()["detail"]
        else:
            assert answer.json()["from_id"] == world.ids[ann]
    about = {"about": "agreement", "about_id": FAMILY, "kind": "note", "words": "x"}
    # About an agreement whoever bargains speaks once the performer is engaged under it.
    film = picture(world, agreement=FAMILY)
    hired = {"performer": world.ids[ann], "work": world.ids[film], "role_class": "principal"}
    assert world.post("/v1/messages", "agent", about).status_code == 403
    world.make("/v1/engagements", "studio", hired)
    told = world.make("/v1/messages", "agent", about | {"to": world.ids["studio"]})
    assert told["from_id"] == world.ids[ann]
