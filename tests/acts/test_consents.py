"""What the acts on consents hold, and the one entry that each leaves, with who may see it."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy.orm import Session

from app.store import log
from app.store.tx import Tx
from tests.acts.test_heads import holding, tip
from tests.api.consents import (
    accept,
    key,
    offered,
    picture,
    question,
    register,
    signed,
    somebody,
    terms,
    veto,
)
from tests.support.inprocess import FAMILY, World

Ids = dict[str, str]
Act = Callable[[World, Ids], Response]


def a_stage(world: World) -> Ids:
    """A member with a signed yes to a film below a franchise, a cleared use, an open offer."""
    who, film, top = (
        somebody(world, member=True),
        picture(world, agreement=FAMILY),
        picture(world, kind="franchise"),
    )
    edge = {"parent": world.ids[top], "relation": "in_franchise"}
    world.make(f"/v1/works/{world.ids[film]}/edges", "studio", edge)
    body = {"performer": world.ids[who], "work": world.ids[film], "rate": {"kind": "daily"}}
    world.make("/v1/engagements", "studio", body)
    yes = signed(world, who, film, uses=["exhibit", "stunt"], withdrawal={"new_uses": "any_time"})
    open_ = offered(world, who, film)
    use = register(world, question(world, who, film)).json()
    return {
        "who": who,
        "film": film,
        "performer": world.ids[who],
        "work": world.ids[film],
        "top": world.ids[top],
        "studio": world.ids["studio"],
        "union": world.ids["union"],
        "grant": yes["id"],
        "offer": open_["id"],
        "offer_hash": open_["terms_hash"],
        "use": use["id"],
        "registry": "registry",
    }


def post(who: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Act:
    def run(world: World, ids: Ids) -> Response:
        return world.post(
            path.format(**ids), ids["who"] if who == "who" else who, body, **{**key(), **headers}
        )

    return run


def issue(scope: dict[str, str], **more: Any) -> Act:
    def run(world: World, ids: Ids) -> Response:
        return veto(world, {name: v.format(**ids) for name, v in scope.items()}, **more)

    return run


PERFORMER = {("performer", "performer")}
AROUND = {
    ("work", "work"),
    ("work", "top"),
    ("organization", "studio"),
    ("organization", "union"),
    ("registry", "registry"),
}
SEEN = {"performer", "studio", "union"}

ACTS = [
    pytest.param(
        lambda w, ids: w.post("/v1/grants", "studio", terms(w, ids["who"], ids["film"])),
        "grant.offered",
        PERFORMER,
        set(),
        SEEN | {"work"},
        id="offer",
    ),
    pytest.param(
        lambda w, ids: accept(w, {"id": ids["offer"], "terms_hash": ids["offer_hash"]}, ids["who"]),
        "grant.signed",
        PERFORMER,
        set(),
        SEEN,
        id="accept",
    ),
    pytest.param(
        post("who", "/v1/grants/{offer}/decline"),
        "grant.declined",
        PERFORMER,
        set(),
        SEEN,
        id="decline",
    ),
    pytest.param(
        post("studio", "/v1/grants/{offer}/withdrawal"),
        "grant.withdrawn",
        PERFORMER,
        set(),
        SEEN,
        id="withdraw",
    ),
    pytest.param(
        post("studio", "/v1/grants/{grant}/amendments", {"ends_on": "2030-01-01"}, If_Match='"v2"'),
        "grant.amended",
        PERFORMER,
        set(),
        SEEN,
        id="amend",
    ),
    pytest.param(
        post("who", "/v1/grants/{offer}/counter-offers", {"uses": ["stunt"]}, If_Match='"v1"'),
        "grant.countered",
        PERFORMER,
        set(),
        SEEN,
        id="counter",
    ),
    pytest.param(
        post("who", "/v1/grants/{grant}/revocation"),
        "grant.revoked",
        PERFORMER,
        set(),
        SEEN,
        id="revoke",
    ),
    pytest.param(
        post("who", "/v1/grants/{grant}/suspension"),
        "suspension.started",
        PERFORMER,
        set(),
        SEEN,
        id="suspend",
    ),
    pytest.param(
        post("who", "/v1/performers/{performer}/suspensions"),
        "suspension.started",
        PERFORMER,
        set(),
        SEEN,
        id="suspend all",
    ),
    pytest.param(
        lambda w, ids: register(w, question(w, ids["who"], ids["film"], shot="2")),
        "use.registered",
        PERFORMER,
        AROUND,
        SEEN | {"work"},
        id="register",
    ),
    pytest.param(
        post("studio", "/v1/uses/{use}/recheck"),
        "use.rechecked",
        PERFORMER,
        AROUND,
        SEEN | {"work"},
        id="recheck",
    ),
    pytest.param(
        post("studio", "/v1/uses/{use}/withdrawal"),
        "use.withdrawn",
        PERFORMER,
        AROUND,
        SEEN,
        id="withdraw a use",
    ),
    pytest.param(
        post("who", "/v1/uses/{use}/dispute", {"words": "This is not me."}),
        "use.disputed",
        PERFORMER,
        AROUND,
        SEEN,
        id="dispute",
    ),
    pytest.param(
        issue({"performer": "{performer}"}),
        "veto.issued",
        PERFORMER,
        set(),
        SEEN,
        id="veto of a performer",
    ),
    pytest.param(
        issue({"work": "{work}"}),
        "veto.issued",
        {("work", "work")},
        set(),
        SEEN | {"work"},
        id="veto of a work",
    ),
    pytest.param(
        issue({"agreement": FAMILY, "unit": "background"}, kind="strike"),
        "veto.proposed",
        {("organization", "union")},
        set(),
        {"union"},
        id="strike",
    ),
    pytest.param(
        lambda w, ids: w.post(
            "/v1/court-orders", "office", {"reference": "2 CIV 1/26", "studio": ids["studio"]}
        ),
        "court_order.recorded",
        {("registry", "registry")},
        set(),
        {"studio", "performer"},
        id="court order against a studio",
    ),
    pytest.param(
        lambda w, ids: w.post(
            "/v1/court-orders", "office", {"reference": "2 CIV 2/26", "work": ids["work"]}
        ),
        "court_order.recorded",
        {("work", "work")},
        set(),
        {"studio", "performer", "work"},
        id="court order on a work",
    ),
]


@pytest.mark.parametrize(("act", "type_", "exclusive", "shared", "seen"), ACTS)
def test_an_act_holds_its_heads_and_leaves_one_entry_for_whom_it_concerns(
    world: World,
    act: Act,
    type_: str,
    exclusive: set[tuple[str, str]],
    shared: set[tuple[str, str]],
    seen: set[str],
) -> None:
    ids = a_stage(world)
    before = tip(world)
    with holding(world) as held:
        answer = act(world, ids)
    assert answer.status_code in {200, 201}, answer.text
    assert {(kind, ids[name], True) for kind, name in exclusive} <= held
    assert {(kind, id_) for kind, id_, is_exclusive in held if is_exclusive} == {
        (kind, ids[name]) for kind, name in exclusive
    }
    assert {(kind, ids[name]) for kind, name in shared} <= {(kind, id_) for kind, id_, _ in held}
    assert tip(world) == before + 1 == answer.json()["log_index"]
    entry = world.get(f"/v1/events/{before + 1}", "auditor").json()
    assert entry["type"] == type_
    assert {ids[name] for name in seen} <= {*entry["subjects"]}
    if type_ == "court_order.recorded":
        world.make(f"/v1/court-orders/{answer.json()['id']}/end", "office")


def test_a_preview_and_a_refusal_leave_no_entry(world: World) -> None:
    ids = a_stage(world)
    before = tip(world)
    assert world.get(f"/v1/grants/{ids['grant']}/revocation-preview", ids["who"]).is_success
    assert register(world, question(world, ids["who"], ids["film"], use="crowd")).is_client_error
    assert tip(world) == before


def test_an_offer_with_its_performer_and_work_is_three_acts_or_none(world: World) -> None:
    ids = a_stage(world)
    body = terms(world, ids["who"], ids["film"]) | {
        "performer": {"name": "Rae Lind", "contact": "rae@performer.example", "adult": True},
        "work": {"kind": "film", "title": "Nova Three"},
    }
    before = tip(world)
    assert world.post("/v1/grants", "studio", body | {"uses": ["dub"]}).status_code == 422
    assert tip(world) == before
    made = world.make("/v1/grants", "studio", body)
    found = [
        world.get(f"/v1/events/{n}", "auditor").json()["type"]
        for n in range(before + 1, tip(world) + 1)
    ]
    assert found == ["performer.recorded", "work.recorded", "grant.offered"]
    assert made["log_index"] == before + 3


def test_an_offer_holds_every_head_before_the_end_of_the_log(world: World) -> None:
    ids = a_stage(world)
    work = {"kind": "film", "title": "Nova Four", "part_of": ids["top"]}
    body = terms(world, ids["who"], ids["film"]) | {"work": work}
    order: list[tuple[str, str]] = []
    with pytest.MonkeyPatch.context() as patch:
        store = world.app.state.registry.store
        hold, begin = store.hold, log.begin

        def held(session: Session, kind: str, id_: str, *, exclusive: bool) -> None:
            order.append((kind, id_))
            hold(session, kind, id_, exclusive=exclusive)

        def begun(tx: Tx) -> int:
            order.append(("log", ""))
            return begin(tx)

        patch.setattr(store, "hold", held)
        patch.setattr(log, "begin", begun)
        world.make("/v1/grants", "studio", body)
    first = order.index(("log", ""))
    assert set(order[:first]) == {("performer", ids["performer"]), ("work", ids["top"])}
    assert set(order[first:]) == {("log", "")}


@pytest.mark.parametrize(
    ("member", "said", "pointer"),
    [
        ("performer", {"name": "Rae", "contact": "r@x.example", "adult": False}, "/birth_date"),
        ("performer", {"name": "Rae", "contact": "r@x.example", "ref": "eidr:1"}, "/ref"),
        ("work", {"kind": "film", "title": "Nova", "external_ids": {"eidr": "1"}}, "/external_ids"),
        ("work", {"kind": "film", "title": "Nova", "part_of": "work_x"}, "/part_of"),
        ("work", "work_01k9zq3v5rfm8t4cy2x7d6ahwe", ""),
        ("performer", "perf_01k9zq3v5rfm8t4cy2x7d6ahwe", ""),
    ],
)
def test_what_is_wrong_with_what_comes_along_is_named_where_it_stands(
    world: World, member: str, said: object, pointer: str
) -> None:
    body = terms(world, "ann", "nova") | {member: said}
    answer = world.post("/v1/grants", "studio", body)
    assert answer.status_code in {404, 422}, answer.text
    (error,) = answer.json()["errors"]
    assert error["pointer"].startswith(f"/{member}{pointer}")
