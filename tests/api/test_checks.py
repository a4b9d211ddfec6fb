"""Checks over HTTP: 200 for every answer, on record before it is given, never an older state."""

import json

import pytest

from tests.api.consents import (
    check,
    codes,
    key,
    offered,
    picture,
    question,
    signed,
    somebody,
    terms,
    veto,
)
from tests.support.inprocess import World

UNKNOWN = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"


def test_three_fields_get_an_answer_with_the_entry_that_it_is_right_as_of(world: World) -> None:
    ann, film = somebody(world), picture(world)
    grant = signed(world, ann, film)
    answer = world.post("/v1/checks", "studio", question(world, ann, film)).json()
    assert answer["log_index"] == grant["log_index"]
    assert answer["known_at"] is None
    assert answer["asked_at"] == answer["as_of"]
    assert answer["decision"]["outcome"] == "allow_with_obligations"
    again = world.get(f"/v1/checks/{answer['check_id']}", "studio")
    assert again.json() == answer
    assert world.get(f"/v1/checks/{answer['check_id']}", ann).content == again.content
    assert world.get(f"/v1/checks/{answer['check_id']}", "rival").status_code == 404


def test_unknown_and_foreign_get_the_same_bytes(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    asked = question(world, ann, film)
    answers = [
        world.post("/v1/checks", who, body).json()["decision"]
        for who, body in (
            ("rival", asked),
            ("rival", asked | {"performer": UNKNOWN}),
            ("studio", asked | {"performer": UNKNOWN}),
            ("studio", asked | {"work": "work_01k9zq3v5rfm8t4cy2x7d6ahwe"}),
            ("studio", asked | {"replica": "repl_01k9zq3v5rfm8t4cy2x7d6ahwe"}),
            ("studio", asked | {"use_id": "use_01k9zq3v5rfm8t4cy2x7d6ahwe"}),
            ("studio", asked | {"capture_session": "sess_01k9zq3v5rfm8t4cy2x7d6ahwe"}),
            ("studio", asked | {"producer": world.ids["rival"]}),
            ("studio", asked | {"performer": "ref:castid:none"}),
        )
    ]
    assert len({json.dumps(a, sort_keys=True) for a in answers}) == 1
    assert codes(answers[0]) == ["A_IDENTITY"]
    assert answers[0]["outcome"] == "needs_action"
    assert world.ids[ann] not in json.dumps(answers[0])


def test_the_performer_sees_every_question_also_from_strangers(world: World) -> None:
    ann, film = somebody(world), picture(world)
    asked = question(world, ann, film)
    check(world, asked)
    check(world, asked)
    check(world, asked, "rival")
    found = world.get("/v1/me/asks", ann).json()["data"]
    assert [a["by"]["name"] for a in found] == ["The rival", "The studio", "The studio"]
    groups = world.get("/v1/me/activity", ann).json()["data"]
    assert {(g["outcome"], g["checks"], g["use"]) for g in groups} == {
        ("deny", 2, "stunt"),
        ("needs_action", 1, "stunt"),
    }
    first = world.get("/v1/me/asks?limit=2", ann).json()
    rest = world.get(f"/v1/me/asks?limit=2&cursor={first['next_cursor']}", ann).json()
    assert [a["id"] for a in first["data"] + rest["data"]] == [a["id"] for a in found]


def test_house_codes_go_wherever_an_id_goes(world: World) -> None:
    name = somebody(world)
    film = "by-code"
    world.work(film, ref="house:BY-CODE", content_tags=["stunts"])
    body = {"work": "ref:house:BY-CODE", "performer": world.ids[name], "use": "stunt"}
    assert codes(check(world, body))[0] == "D_NO_CONSENT"
    assert codes(check(world, body, "rival")) == ["A_IDENTITY"]


def test_an_earlier_index_gives_what_was_known_then(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    grant = signed(world, ann, film)
    asked = question(world, ann, film) | {"as_of": "2031-01-01T00:00:00Z"}
    before = check(world, asked | {"known_at": grant["log_index"]})
    made = veto(world, {"performer": world.ids[ann]}).json()
    assert check(world, asked | {"known_at": grant["log_index"]}) == before
    assert "D_UNION_VETO" in codes(check(world, asked | {"known_at": made["log_index"]}))
    at = world.get(f"/v1/events/{grant['log_index']}", ann).json()["at"]
    assert check(world, asked | {"known_at": at}) == before


def test_a_check_never_answers_from_before_what_the_caller_saw(world: World) -> None:
    ann, film = somebody(world), picture(world)
    grant = signed(world, ann, film)
    asked = question(world, ann, film)
    early = world.post("/v1/checks", "studio", asked | {"at_least": grant["log_index"] + 1})
    assert (early.status_code, early.headers["Retry-After"]) == (409, "1")
    assert (
        world.post("/v1/checks", "studio", asked | {"at_least": grant["log_index"]}).status_code
        == 200
    )
    beyond = world.post("/v1/checks", "studio", asked | {"known_at": 10**6})
    assert beyond.status_code == 422
    assert beyond.json()["type"].endswith("/problems/beyond-the-log")


def test_an_instant_that_the_log_has_not_passed_is_no_answer_for_ever(world: World) -> None:
    ann, film = somebody(world), picture(world)
    last = signed(world, ann, film)["log_index"]
    at = world.get(f"/v1/events/{last}", ann).json()["at"]
    asked = question(world, ann, film)
    for instant in (at, "2190-01-01T00:00:00Z"):
        answer = world.post("/v1/checks", "studio", asked | {"known_at": instant})
        assert answer.status_code == 422, answer.text
        assert answer.json()["type"].endswith("/problems/beyond-the-log")
    picture(world)
    answer = world.post("/v1/checks", "studio", asked | {"known_at": at})
    assert answer.json()["known_at"] == last


def test_what_is_known_at_an_entry_is_never_waited_for_later(world: World) -> None:
    ann, film = somebody(world), picture(world)
    tip = signed(world, ann, film)["log_index"]
    asked = question(world, ann, film)
    wrong = world.post("/v1/checks", "studio", asked | {"known_at": tip - 1, "at_least": tip})
    assert wrong.status_code == 422
    assert [e["pointer"] for e in wrong.json()["errors"]] == ["/at_least"]
    early = world.post("/v1/checks", "studio", asked | {"known_at": tip, "at_least": tip + 1})
    assert early.status_code == 409
    fits = world.post("/v1/checks", "studio", asked | {"known_at": tip, "at_least": tip})
    assert fits.status_code == 200


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        ({"known_at": -1}, ["/known_at"]),
        ({"known_at": {}}, ["/known_at"]),
        ({"shot": "a\u202eb"}, ["/shot"]),
        ({"a/b~": 1}, ["/a~1b~0"]),
        ({"quantity": {"seconds": "x"}, "use": "juggle"}, ["/quantity/seconds", "/use"]),
    ],
)
def test_pointers_are_members_of_the_body_each_once_also_in_a_batch(
    world: World, said: dict[str, object], pointers: list[str]
) -> None:
    body = question(world, "ann", "nova") | said
    alone = world.post("/v1/checks", "studio", body)
    assert alone.status_code == 422, alone.text
    batch = world.post("/v1/checks/batch", "studio", {"items": [body]})
    for problem in (alone.json(), batch.json()["items"][0]["error"]):
        assert sorted(e["pointer"] for e in problem["errors"]) == pointers


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        ({"performer": {"name": "Rae"}}, ["/performer/contact"]),
        ({"performer": 7}, ["/performer"]),
        ({"work": {"title": "Nova"}}, ["/work/kind"]),
        ({"description": ["x"]}, ["/description"]),
    ],
)
def test_a_value_of_several_forms_is_named_without_the_names_of_the_forms(
    world: World, said: dict[str, object], pointers: list[str]
) -> None:
    answer = world.post("/v1/grants", "studio", terms(world, "ann", "nova") | said)
    assert answer.status_code == 422, answer.text
    assert [e["pointer"] for e in answer.json()["errors"]] == pointers


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"use": "juggle"}, "/use"),
        ({"performer": None}, ""),
        ({"gate": "door"}, "/gate"),
        ({"as_of": "2026-11-21T12:00:00"}, "/as_of"),
        ({"known_at": -1}, "/known_at"),
        ({"quantity": {"seconds": 1.5}}, "/quantity/seconds"),
        ({"description": {"tags": ["boredom"]}}, "/description/tags/0"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_wrong_question_names_the_field(
    world: World, said: dict[str, object], pointer: str
) -> None:
    body = question(world, "ann", "nova") | said
    answer = world.post("/v1/checks", "studio", body)
    assert answer.status_code == 422, answer.text
    assert any(e["pointer"].startswith(pointer) for e in answer.json()["errors"])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bad_item_costs_only_its_own_answer(world: World, place: int) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    asked = question(world, ann, film) | {"as_of": "2031-01-01T00:00:00Z"}
    items = [asked, asked]
    items.insert(place, {"use": "juggle"})
    answer = world.post("/v1/checks/batch", "studio", {"items": items, "all_or_nothing": True})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["worst"] == "deny"
    alone = check(world, asked)
    for n, item in enumerate(found["items"]):
        if n == place:
            assert item["error"]["status"] == 422
        else:
            assert item["decision"] == alone


def test_a_conform_of_twelve_hundred_clips_finds_the_three_that_are_not_cleared(
    world: World,
) -> None:
    """Scenario S60: the answers are those of single calls, and exactly three are no yes."""
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    uncleared, unseen = somebody(world), picture(world)
    clips = [question(world, ann, film) | {"shot": f"SC{n:04}"} for n in range(1_200)]
    clips[7] |= {"performer": world.ids[uncleared]}
    clips[600] |= {"use": "train_model"}
    clips[1_199] |= {"work": world.ids[unseen]}
    found = []
    for part in (clips[:600], clips[600:]):
        body = {"items": part, "all_or_nothing": True}
        answer = world.post("/v1/checks/batch", "studio", body).json()
        assert answer["worst"] == "deny"
        found += [item["decision"] for item in answer["items"]]
    allowed = ("allow", "allow_with_obligations")
    stopped = [n for n, decision in enumerate(found) if decision["outcome"] not in allowed]
    assert stopped == [7, 600, 1_199]
    for n in (0, 7, 600, 601, 1_199):
        assert found[n] == check(world, clips[n])


def test_a_batch_holds_a_thousand_and_no_more(world: World) -> None:
    asked = question(world, "ann", "nova")
    over = world.post("/v1/checks/batch", "studio", {"items": [asked] * 1001})
    assert over.status_code == 422
    assert world.post("/v1/checks/batch", "studio", {"items": []}).status_code == 422


def a_pipeline(world: World, name: str, work: str) -> None:
    """A pipeline client that was made for one work; speaks as ``name`` from then on."""
    path = f"/v1/organizations/{world.ids['studio']}/clients"
    made = world.make(path, "studio", {"name": "Farm", "work": world.ids[work]})
    form = {
        "grant_type": "client_credentials",
        "client_id": made["id"],
        "client_secret": made["client_secret"],
    }
    token = world.http.post("/oauth2/token", data=form)
    assert token.status_code == 200, token.text
    world.tokens[name] = token.json()["access_token"]
    world.people[name] = made["id"]


def test_a_pipeline_reads_its_own_answers_and_nobody_elses(world: World) -> None:
    ann, film, other = somebody(world), picture(world), picture(world)
    for work in (film, other):
        signed(world, ann, work)
        a_pipeline(world, f"farm-{work}", work)
    own = world.post("/v1/checks", f"farm-{film}", question(world, ann, film)).json()
    foreign = [
        world.post("/v1/checks", who, question(world, ann, work)).json()["check_id"]
        for who, work in (("studio", film), ("studio", other), (f"farm-{other}", other))
    ]
    listed = world.get("/v1/checks", f"farm-{film}").json()["data"]
    assert listed == [own]
    assert world.get(f"/v1/checks/{own['check_id']}", f"farm-{film}").json() == own
    for check_id in foreign:
        assert world.get(f"/v1/checks/{check_id}", f"farm-{film}").status_code == 404
        assert world.get(f"/v1/checks/{check_id}", "studio").status_code == 200


def test_a_pipeline_is_shown_no_money_and_stays_within_its_work(world: World) -> None:
    ann, film, other = somebody(world), picture(world), picture(world)
    signed(world, ann, film)
    signed(world, ann, other)
    a_pipeline(world, "pipeline", film)
    whole = check(world, question(world, ann, film))
    bare = check(world, question(world, ann, film), "pipeline")
    assert whole["amounts"] != {}
    assert bare["amounts"] == {}
    assert "10,000" not in json.dumps(bare)
    assert bare["outcome"] == whole["outcome"]
    assert codes(check(world, question(world, ann, other), "pipeline")) == ["A_IDENTITY"]
    assert world.get("/v1/grants", "pipeline").status_code == 403


def test_own_answers_are_listed_newest_first(world: World) -> None:
    ann, film = somebody(world), picture(world)
    given = [
        world.post("/v1/checks", "studio", question(world, ann, film)).json()["check_id"]
        for _ in range(3)
    ]
    listed = world.get("/v1/checks?limit=3", "studio").json()["data"]
    assert [a["check_id"] for a in listed] == given[::-1]
    assert world.get("/v1/checks", ann).json()["data"][0]["check_id"] == given[-1]


def test_who_looked_is_told_as_who_they_are(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    world.get(f"/v1/grants/{made['id']}", "auditor")
    late = {"terms_hash": "0" * 64}
    assert world.post(f"/v1/grants/{made['id']}/acceptance", ann, late, **key()).status_code == 409
    world.get(f"/v1/performers/{world.ids[ann]}", "office")
    check(world, question(world, ann, film))
    by = [ask["by"] for ask in world.get("/v1/me/asks", ann).json()["data"]]
    studio = {"id": world.ids["studio"], "name": "The studio", "role": "studio_admin"}
    assert studio in by
    assert {"id": None, "name": "an auditor", "role": "auditor"} in by
    assert {"id": None, "name": "the registry's office", "role": "registry_admin"} in by
    assert {"id": world.ids[ann], "name": None, "role": "performer"} in by
