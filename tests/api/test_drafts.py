"""What is wrong with a request is said before anybody is asked to sign it, and nothing is kept."""

from typing import Any

import pytest

from app.rules.drafts import SAMPLES
from app.rules.uses import USES
from tests.api.consents import accept, check, codes, key, picture, question, somebody, terms
from tests.support.inprocess import FAMILY, World

PERSON: dict[str, Any] = {"residence": "US-CA"}
CLAUSE: dict[str, Any] = {"description": "", "form": {"replaces_in_person_work": True}}
LAWS = {"us-ca/labor-927@1", "us-il/pa-103-0830@1", "us-ny/gol-5-302@1"}


def lint(world: World, body: dict[str, Any], who: str = "studio") -> dict[str, Any]:
    answer = world.post("/v1/grants/lint", who, body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def fields(fault: dict[str, Any]) -> list[list[str]]:
    return [mend["fields"] for mend in fault["mend"]]


def test_a_clause_that_would_bind_nobody_is_said_with_all_that_would_mend_it(world: World) -> None:
    performer, work = somebody(world, **PERSON), picture(world)
    found = lint(world, terms(world, performer, work, **CLAUSE))
    [fault] = found["faults"]
    assert fault["sentence"] == (
        "Signed as it is, the clause would bind nobody under California Labor Code section 927: the"
        " replica does what the performer would do in person, its uses are not described reasonably"
        " specifically, and nobody stands by the performer. Any one of the three is enough."
    )
    assert (fault["code"], fault["outcome"]) == ("D_CLAUSE_UNENFORCEABLE", "deny")
    assert fault["source"]["cites"] == ["AB 2602", "Labor Code §927"]
    assert (fault["binds"], fault["uses"]) == ("yes", ["stunt", "face_replace"])
    assert fault["works"] == [world.ids[work]]
    assert fields(fault) == [
        ["description"],
        ["form.counsel_negotiated", "form.separate_sign"],
        ["agreement"],
    ]
    assert SAMPLES["stunt"] in fault["mend"][0]["words"]
    assert fault["mend"][1]["words"] == (
        "Or let counsel of the performer bargain over the clause, put it where it stands out, and"
        " have it initialled by itself, signed by itself, signed in a document of its own or signed"
        " with the contract."
    )
    assert found["performer_id"] == world.ids[performer]
    assert {held["pack"] for held in found["held_against"]} == {"us-ca/labor-927@1"}
    assert {*found["samples"]} == {"stunt", "face_replace"}
    assert found["says"].endswith("Nothing was recorded.")


@pytest.mark.parametrize(
    "mended",
    [
        pytest.param({"description": SAMPLES["stunt"]}, id="described"),
        pytest.param(
            {"form": {"replaces_in_person_work": True, "counsel_negotiated": True}}, id="counsel"
        ),
        pytest.param({"form": {"replaces_in_person_work": False}}, id="not in person"),
    ],
)
def test_each_thing_that_would_mend_it_does(world: World, mended: dict[str, Any]) -> None:
    performer, work = somebody(world, **PERSON), picture(world)
    found = lint(world, terms(world, performer, work, **CLAUSE | mended))
    assert found["faults"] == []
    assert found["says"].startswith("Nothing that these terms can show")


def test_where_it_was_not_said_whether_it_replaces_work_that_is_asked_first(world: World) -> None:
    performer, work = somebody(world, **PERSON), picture(world)
    found = lint(world, terms(world, performer, work, description=""))
    [fault] = found["faults"]
    assert (fault["code"], fault["outcome"]) == ("A_CLAUSE_UNCLEAR", "needs_action")
    assert fields(fault)[0] == ["form.replaces_in_person_work"]


def test_where_no_place_is_on_record_every_law_may_bind(world: World) -> None:
    performer, work = somebody(world), picture(world)
    found = lint(world, terms(world, performer, work, **CLAUSE))
    assert {held["pack"]: held["binds"] for held in found["held_against"]} == dict.fromkeys(
        LAWS, "not_known"
    )
    assert {fault["binds"] for fault in found["faults"]} == {"not_known"}
    assert {fault["source"]["rule"] for fault in found["faults"]} == {"CA-01", "NY-01", "IL-01"}
    # What a check would say is another matter: no law binds there for want of a place.
    described = lint(world, terms(world, performer, work))
    assert described["faults"] == []


def test_a_law_elsewhere_has_nothing_to_say(world: World) -> None:
    performer, work = somebody(world, residence="FR"), picture(world)
    found = lint(world, terms(world, performer, work, **CLAUSE))
    assert (found["faults"], found["held_against"]) == ([], [])
    assert found["says"].startswith("No law and no agreement")


def test_an_agreement_has_its_own_say_on_how_a_yes_is_put(world: World) -> None:
    performer = somebody(world, **PERSON)
    work = picture(world, agreement=FAMILY, photography_start="2026-08-03")
    hidden = {"separate_sign": "none", "clear_and_conspicuous": False}
    found = lint(world, terms(world, performer, work, description="", form=hidden))
    said = {fault["code"]: fault for fault in found["faults"]}
    assert {*said} == {"D_DESC_MISSING", "D_FORM_NOT_SEPARATE"}
    assert fields(said["D_FORM_NOT_SEPARATE"]) == [
        ["form.clear_and_conspicuous", "form.separate_sign"]
    ]
    assert fields(said["D_DESC_MISSING"]) == [["description"]]
    # Its union stands by the performer, so that the law of the place is content.
    assert "us-ca/labor-927@1" in {held["pack"] for held in found["held_against"]}


def test_what_goes_by_a_day_that_is_not_on_record_is_warned_of(world: World) -> None:
    # A studio of its own, so that no other test's films come under the agreement.
    path = f"/v1/organizations/{world.studio('undated')}/signatories"
    bound = {"agreement": FAMILY, "union": world.ids["union"], "starts_on": "2023-11-09"}
    world.make(path, "office", bound)
    film = {"kind": "film", "title": "Undated"}
    body = {
        "performer": {"name": "New Person", "contact": "new@performer.example", **PERSON},
        "work": film,
        "uses": ["stunt"],
        "pay": {"kind": "days_x_rate"},
    } | CLAUSE
    found = lint(world, body, "undated")
    [warning] = found["warnings"]
    assert (found["faults"], warning["fields"]) == ([], ["photography_start"])
    assert warning["words"].startswith("Say of the work when photography of the picture starts.")
    assert "Agreement 2023 and SAG-AFTRA Television/Theatrical Agreement 2026" in warning["words"]
    assert "Consent carries a reasonably specific description" in warning["words"]
    assert found["says"].startswith("Which rules these terms are held to cannot be told yet")
    dated = lint(world, body | {"work": film | {"photography_start": "2026-08-03"}}, "undated")
    assert (codes_of(dated), dated["warnings"]) == (["D_DESC_MISSING"], [])


def codes_of(found: dict[str, Any]) -> list[str]:
    return [fault["code"] for fault in found["faults"]]


def test_pay_for_altering_a_performance_is_asked_after(world: World) -> None:
    performer, work = somebody(world, **PERSON), picture(world)
    pay = {"kind": "bargained_flat", "amount": {"amount": "900.00", "currency": "USD"}}
    silent = lint(world, terms(world, performer, work, uses=["alter"], pay=pay))
    [warning] = silent["warnings"]
    assert warning["fields"] == ["pay.alteration"]
    told = pay | {"alteration": {"amount": "0.00", "currency": "USD"}}
    assert not lint(world, terms(world, performer, work, uses=["alter"], pay=told))["warnings"]
    assert not lint(world, terms(world, performer, work))["warnings"]


def test_a_yes_of_a_model_is_told_what_new_york_asks_it_to_state(world: World) -> None:
    performer, work = somebody(world, residence="US-NY"), picture(world, kind="commercial")
    engaged = {
        "performer": world.ids[performer],
        "work": world.ids[work],
        "role_class": "model",
        "rate": {"kind": "daily"},
    }
    world.make("/v1/engagements", "studio", engaged)
    hidden = {"separate_sign": "none"}
    found = lint(world, terms(world, performer, work, form=hidden, ends_on=None))
    said = {fault["code"]: fault for fault in found["faults"]}
    assert {*said} == {"D_TERMS_UNSTATED", "D_FORM_NOT_SEPARATE"}
    assert said["D_TERMS_UNSTATED"]["sentence"] == (
        "Under the New York Fashion Workers Act, the yes to a replica of a model states its scope,"
        " what it is for, what it pays and how long it lasts. This one does not state how long it"
        " lasts."
    )
    assert fields(said["D_TERMS_UNSTATED"]) == [["ends_on"]]
    assert fields(said["D_FORM_NOT_SEPARATE"]) == [["form.separate_sign"]]
    assert {fault["source"]["rule"] for fault in found["faults"]} == {"NY-04"}
    mended = terms(world, performer, work, ends_on="2030-12-31")
    assert lint(world, mended)["faults"] == []


def test_whoever_and_whatever_comes_along_is_undone_with_the_draft(world: World) -> None:
    body = {
        "performer": {"name": "New Person", "contact": "new@performer.example", **PERSON},
        "work": {"kind": "film", "title": "Unmade"},
        "uses": ["stunt", "exhibit"],
        "pay": {"kind": "none"},
    } | CLAUSE
    before = world.get("/v1/events", "office").json()
    found = lint(world, body)
    assert [fault["works"] for fault in found["faults"]] == [[]]
    assert [fault["uses"] for fault in found["faults"]] == [["stunt"]]
    assert found["performer_id"] is None
    assert world.get("/v1/events", "office").json() == before
    # What the offer itself would be refused for is said in its words.
    wrong = world.post("/v1/grants/lint", "studio", body | {"uses": ["train_model"]})
    asked = world.post("/v1/grants", "studio", body | {"uses": ["train_model"]})
    assert (wrong.status_code, asked.status_code) == (422, 422)
    assert wrong.json()["errors"] == asked.json()["errors"]
    assert world.post("/v1/grants/lint", "officer", body).status_code == 403


def test_the_draft_is_mended_signed_and_cleared(world: World) -> None:
    performer, work = somebody(world, **PERSON), picture(world)
    draft = terms(world, performer, work, **CLAUSE)
    signed_as_it_was = world.make("/v1/grants", "studio", draft)
    assert accept(world, signed_as_it_was, performer).status_code == 200
    stopped = check(world, question(world, performer, work))
    assert stopped["outcome"] == "deny"
    assert "D_CLAUSE_UNENFORCEABLE" in codes(stopped)
    registered = world.post("/v1/uses", "studio", question(world, performer, work), **key())
    assert registered.status_code == 409
    mended = draft | {"description": lint(world, draft)["samples"]["stunt"]}
    assert lint(world, mended)["faults"] == []
    again = world.make("/v1/grants", "studio", mended)
    assert accept(world, again, performer).status_code == 200
    assert check(world, question(world, performer, work))["outcome"] == "allow_with_obligations"


def test_every_use_that_makes_something_has_a_sample() -> None:
    assert {*USES} - {*SAMPLES} == {"synthetic", "exhibit"}
