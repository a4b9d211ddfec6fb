"""Dossiers over HTTP and on paper: everything of a pair that an arbitrator has to look at."""

from typing import Any

from app.registrar.printing import printed
from tests.api.consents import accept, key, offered, picture, signed, somebody, veto
from tests.support.inprocess import FAMILY, World

AFTER = "2090-01-01T00:00:00Z"


def dossier(world: World, who: str, film: str, on: str = AFTER, **more: Any) -> dict[str, Any]:
    query = f"performer={world.ids[who]}&work={world.ids[film]}&on={on}"
    query += "".join(f"&{name}={value}" for name, value in more.items())
    answer = world.get(f"/v1/dossiers?{query}", "auditor")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def a_full_record(world: World) -> tuple[str, str, dict[str, str]]:
    """Somebody with consents in every standing, blocks of every kind, and a disputed fact."""
    who, saga = somebody(world, member=True), picture(world, kind="franchise")
    film = picture(world)
    edge = {"parent": world.ids[saga], "relation": "in_franchise"}
    world.make(f"/v1/works/{world.ids[film]}/edges", "studio", edge)
    whole = {"mode": "franchise_blanket", "membership": "dynamic"}
    ruled_out = [{"axis": "use", "value": "dub"}, {"axis": "work", "value": world.ids[saga]}]
    grants = {
        "in force": signed(world, who, saga, exclusions=ruled_out, **whole)["id"],
        "outside its days": signed(world, who, film, ends_on="2080-01-01")["id"],
        "not signed": offered(world, who, film, pay={"kind": "none"})["id"],
        "revoked": signed(world, who, film)["id"],
    }
    world.post(f"/v1/grants/{grants['revoked']}/revocation", who, {}, **key())
    body = {"performer": world.ids[who], "work": world.ids[film], "rate": {"kind": "daily"}}
    hired = world.make("/v1/engagements", "studio", body)
    bound = {"agreement": FAMILY, "starts_on": "2023-11-09", "union": world.ids["union"]}
    world.post(f"/v1/organizations/{world.ids['studio']}/signatories", "office", bound)
    world.make(f"/v1/engagements/{hired['id']}/dispute", who)
    assert veto(world, {"performer": world.ids[who], "uses": ["stunt"]}).status_code == 201
    world.make(f"/v1/grants/{grants['in force']}/suspension", who, {})
    order = {"reference": "2 CIV 9/26", "performer": world.ids[who]}
    made = world.make("/v1/court-orders", "office", order)
    world.make(f"/v1/court-orders/{made['id']}/end", "office")
    return who, film, grants


def test_a_dossier_holds_every_consent_in_its_standing_and_every_block(world: World) -> None:
    who, film, grants = a_full_record(world)
    notice = {"kind": "training", "content": "We plan to.", "performer": world.ids[who]}
    world.make("/v1/notices", "studio", notice)
    found = dossier(world, who, film)
    assert {one["standing"]: one["id"] for one in found["grants"]} == grants
    assert all(one["reaches_work"] for one in found["grants"])
    assert {one["what"]: one["on_then"] for one in found["blocks"]} == {
        "veto": True,
        "suspension": True,
        "court_order": False,
    }
    assert {one["what"] for one in found["facts"]} == {
        *("work", "edge", "membership", "engagement", "signatory")
    }
    text = printed(found)
    assert f"DISPUTED by {who} Person" in text
    assert "confirmed by the registry's office" in text
    assert "pay: bargained flat 10000.00 USD" in text
    assert "pay: none" in text
    assert "new uses stop from " in text
    assert "ruled out: dub, Film " in text
    assert "to the performer: open" in text
    assert "opened by nobody, as far as is on record" in text
    assert "of performer" in text
    assert "uses stunt" in text
    assert "None" not in text


def test_a_dossier_of_nothing_says_so(world: World) -> None:
    who, film = somebody(world), picture(world)
    found = dossier(world, who, film, on="2001-01-01T00:00:00Z", known_at=0)
    assert found["grants"] == found["asked"] == found["entries"] == []
    text = printed(found)
    assert text.count("nothing on record") == 8
    later = picture(world)
    made = signed(world, who, later)
    path = f"/v1/grants/{made['id']}"
    changed = world.post(f"{path}/amendments", "studio", {"pay": None}, If_Match='"v2"').json()
    accept(world, made | {"terms_hash": changed["proposal"]["terms_hash"]}, who)
    text = printed(dossier(world, who, film))
    assert "does not reach the work" in text
    assert "pay not said" in text


def test_what_is_not_there_has_no_dossier(world: World) -> None:
    who, film = somebody(world), picture(world)
    path = f"/v1/dossiers?performer={world.ids[who]}&work={world.ids[film]}"
    beyond = world.get(f"{path}&known_at=999999", "auditor")
    assert (beyond.status_code, beyond.json()["type"].rpartition("/")[2]) == (
        422,
        "beyond-the-log",
    )
    unknown = world.get(f"/v1/dossiers?performer={world.ids[who]}&work=work_x", "auditor")
    assert unknown.status_code == 404
    assert world.get(path, "auditor").is_success
    for role in ("studio", "officer", "office"):
        assert world.get(path, role).status_code == 403
