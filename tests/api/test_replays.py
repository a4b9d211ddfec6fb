"""An old answer decided again: it agrees, or it says why not."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.agreements import OWN_DIR, load_packs, read_pack
from app.registrar import agreements, office
from app.registrar.engines import engine
from app.registrar.replays import compared
from app.rules.packs import PackSet
from app.store.engine import act, write_asks
from app.store.ids import mint
from app.store.tables import ask
from app.store.tx import Rendered, Store
from tests.api.consents import check, codes, key, picture, question, signed, somebody, veto
from tests.support.inprocess import World

UNKNOWN = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"


def asked(world: World, body: dict[str, Any], who: str = "studio") -> dict[str, Any]:
    answer = world.post("/v1/checks", who, body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def replayed(world: World, check_id: str, who: str = "auditor") -> dict[str, Any]:
    answer = world.get(f"/v1/checks/{check_id}/replay", who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def store_of(world: World) -> Store:
    found = world.app.state.registry.store
    assert isinstance(found, Store)
    return found


def machine(world: World) -> str:
    """A render farm of the studio; its name in the world."""
    path = f"/v1/organizations/{world.ids['studio']}/clients"
    made = world.make(path, "office", {"name": "farm"})
    form = {
        "grant_type": "client_credentials",
        "client_id": made["id"],
        "client_secret": made["client_secret"],
    }
    world.tokens["farm"] = world.http.post("/oauth2/token", data=form).json()["access_token"]
    return "farm"


def test_an_answer_comes_out_the_same_whatever_happened_since(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world, ref="slate:44")
    path = f"/v1/performers/{world.ids[ann]}"
    grant = signed(world, ann, film)
    body = question(world, ann, film)
    then = [
        asked(world, body),
        asked(world, body | {"work": "ref:slate:44"}),
        asked(world, body, machine(world)),
        asked(world, body, "rival"),
        asked(world, body | {"performer": UNKNOWN}),
        asked(world, body | {"known_at": grant["log_index"] - 1}),
        asked(world, body | {"as_of": "2020-01-01T00:00:00Z"}),
        asked(world, body, "auditor"),
    ]
    assert veto(world, {"performer": world.ids[ann]}).status_code == 201
    world.post(f"/v1/grants/{grant['id']}/revocation", ann, {}, **key())
    world.make(f"{path}/suspensions", ann, {})
    assert codes(check(world, body))[0] == "D_UNION_VETO"

    for answer in then:
        found = replayed(world, answer["check_id"])
        assert (found["verdict"], found["differences"]) == ("agrees", []), found
        assert found["decision"] == answer["decision"]
        assert found["engine"] == {"then": engine(), "now": engine()}
    said = replayed(world, then[0]["check_id"])["sentence"]
    assert said == (
        f"Agrees: asked again of what was on record at entry {then[0]['log_index']}, under the "
        "packs of that time, the answer is the same to the byte."
    )


def test_who_may_read_an_answer_may_have_it_decided_again(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = asked(world, question(world, ann, film))["check_id"]
    assert replayed(world, made, "studio")["verdict"] == "agrees"
    assert replayed(world, made, ann)["verdict"] == "agrees"
    assert world.get(f"/v1/checks/{made}/replay", "rival").status_code == 404


def test_a_code_that_was_given_later_meant_nothing_then(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    made = asked(world, question(world, ann, film) | {"work": "ref:later:7"})
    assert codes(made["decision"]) == ["A_IDENTITY"]
    world.work("later", ref="later:7")
    assert replayed(world, made["check_id"])["verdict"] == "agrees"


def test_the_packs_of_then_decide_also_when_others_are_in_use_now(world: World) -> None:
    ann, film = somebody(world), picture(world)
    then = asked(world, question(world, ann, film))
    text = (OWN_DIR / "house.toml").read_text("utf-8") + "\n# Read again.\n"
    house, store = read_pack(text), store_of(world)
    try:
        agreements.use(store, PackSet((house,)), {house.hash: text})
        now = asked(world, question(world, ann, film))
        assert [p["hash"] for p in now["decision"]["packs"]] != [
            p["hash"] for p in then["decision"]["packs"]
        ]
        again = asked(world, question(world, ann, film) | {"known_at": then["log_index"]})
        assert again["decision"] == then["decision"]
        assert replayed(world, again["check_id"])["verdict"] == "agrees"
        old, new = replayed(world, then["check_id"]), replayed(world, now["check_id"])
        assert (old["verdict"], new["verdict"]) == ("agrees", "agrees")
        assert (len(new["packs_in_use"]), len(old["packs_in_use"]) > 1) == (1, True)
    finally:
        agreements.install(store, None)
    # They came back: what was asked in between still knows that they were away.
    assert replayed(world, now["check_id"])["packs_in_use"] == new["packs_in_use"]


def test_packs_that_cannot_be_read_decide_nothing(world: World) -> None:
    ann, film = somebody(world), picture(world)
    store, hash_ = store_of(world), "0" * 64
    unreadable = PackSet((replace(load_packs().packs[0], hash=hash_),))
    try:
        act(
            store,
            lambda tx: agreements.keep(tx, unreadable, {hash_: "no pack ["}),
            actor=office.founder(),
            render=lambda _: Rendered(200, b""),
        )
        made = asked(world, question(world, ann, film))
        again = question(world, ann, film) | {"known_at": made["log_index"]}
        answer = world.post("/v1/checks", "studio", again)
        assert answer.status_code == 409
        assert answer.json()["detail"] == (
            "This release cannot read the packs of that time. Nothing was decided."
        )
        found = replayed(world, made["check_id"])
        assert (found["verdict"], found["decision"]) == ("differs", None)
    finally:
        agreements.install(store, None)


def test_an_answer_by_another_engine_says_which(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = asked(world, question(world, ann, film))
    older = "0.0.9+aaaaaaaaaaaa"
    id_ = mint("check")
    decision = made["decision"] | {"outcome": "allow", "reasons": []}
    row = _ask(world, made["check_id"])
    said = msgspec.json.encode(
        made | {"check_id": id_, "engine": older, "decision": decision}, order="sorted"
    )
    write_asks(store_of(world), [row | {"id": id_, "answer": said}])
    found = replayed(world, id_)
    assert found["verdict"] == "differs"
    assert found["sentence"] == (
        f"Differs, because the engine is another: {older} then, {engine()} now."
    )
    assert [one["member"] for one in found["differences"]] == ["outcome", "reasons"]
    assert found["differences"][0] == {"member": "outcome", "then": "allow", "now": "deny"}


def _ask(world: World, check_id: str) -> dict[str, Any]:
    with store_of(world).reads.connect() as connection:
        found = connection.execute(ask.select().where(ask.c.id == check_id)).mappings().one()
    return dict(found)


@pytest.mark.parametrize(
    ("engine_then", "now", "said"),
    [
        pytest.param("a", {"outcome": "allow"}, "Agrees: ", id="the same"),
        pytest.param("b", {"outcome": "allow"}, "Agrees: ", id="the same by another engine"),
        pytest.param("b", {"outcome": "deny"}, "Differs, because the engine is", id="another"),
        pytest.param("b", None, "Differs, because the engine is", id="packs it cannot read"),
        pytest.param("a", None, "Differs, because the packs of that", id="no packs"),
        pytest.param("a", {"outcome": "deny"}, "Differs, although the engine and", id="tampered"),
    ],
)
def test_what_a_replay_says(engine_then: str, now: dict[str, Any] | None, said: str) -> None:
    then = {"log_index": 61, "engine": engine_then, "decision": {"outcome": "allow"}}
    assert compared(then, now, "a")["sentence"].startswith(said)
