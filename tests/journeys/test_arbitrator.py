"""An arbitrator two years later: what was decided, by whom, from what, and who could know it."""

from typing import Any

import msgspec

from app.agreements import OWN_DIR, read_pack
from app.registrar import agreements
from app.registrar.printing import printed
from app.rules.facts import instant
from app.rules.packs import PackSet
from app.store.tx import Store
from tests.api.consents import codes, key, picture, question, register, signed, somebody, veto
from tests.support.inprocess import FAMILY, World

# An answer, and the bytes of its decision.
Asked = tuple[dict[str, Any], bytes]
LATER = "2029-03-01T09:00:00.000000Z"


class Story:
    """A registry over the years, told in order; each act at its instant."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ann = somebody(world, member=True)
        self.film = picture(world, agreement=FAMILY, photography_start="2026-12-01")
        self.body = question(world, self.ann, self.film)

    def at(self, now: str) -> None:
        self.world.now = now

    def ask(self, who: str, **more: Any) -> Asked:
        answer = self.world.post("/v1/checks", who, self.body | more)
        assert answer.status_code == 200, answer.text
        raw = msgspec.json.decode(answer.content, type=dict[str, msgspec.Raw])
        found: dict[str, Any] = answer.json()
        return found, bytes(raw["decision"])

    def amend(self, grant: str, **terms: Any) -> None:
        path = f"/v1/grants/{grant}"
        tag = self.world.get(path, "studio").headers["ETag"]
        asked = self.world.post(f"{path}/amendments", "studio", terms, If_Match=tag).json()
        read = {"terms_hash": asked["proposal"]["terms_hash"]}
        done = self.world.post(f"{path}/acceptance", self.ann, read, **key())
        assert done.status_code == 200, done.text

    def dossier(self, on: str, who: str = "auditor", **more: int) -> dict[str, Any]:
        ids = f"performer={self.body['performer']}&work={self.body['work']}"
        query = "".join(f"&{name}={value}" for name, value in more.items())
        answer = self.world.get(f"/v1/dossiers?{ids}&on={on}{query}", who)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    @property
    def store(self) -> Store:
        found = self.world.app.state.registry.store
        assert isinstance(found, Store)
        return found


def test_an_arbitrator_two_years_later(world: World) -> None:
    story = Story(world)
    grant, use, before = _january(story)
    number, told, stopped, without = _february(story, grant)
    # A year on the house reads its rules anew; another year on the performer takes the rest back.
    text = (OWN_DIR / "house.toml").read_text("utf-8") + "\n# Read again in 2028.\n"
    house, then = read_pack(text), instant("2028-02-01T09:00:00Z")
    try:
        agreements.use(story.store, PackSet((house,)), {house.hash: text}, now=then)
        story.at("2029-02-01T09:00:00Z")
        path, why = f"/v1/grants/{grant}/revocation", {"reason": "Enough."}
        assert world.post(path, story.ann, why, **key()).is_success
        story.at(LATER)
        _judged(story, use, number)
        _asked_again(story, before, stopped)
        for answer, _ in (before, stopped, without):
            again = world.get(f"/v1/checks/{answer['check_id']}/replay", "auditor").json()
            assert again["verdict"] == "agrees"
            assert again["sentence"].startswith("Agrees: asked again of what was on record at ")
            assert again["decision"] == answer["decision"]
    finally:
        agreements.install(story.store, None)
    _could_know(story, told)


def _january(story: Story) -> tuple[str, str, Asked]:
    """Hired, asked, signed; the studio asks, makes the shot and locks it; it is disputed."""
    world = story.world
    story.at("2027-01-10T09:00:00Z")
    hired = {"performer": story.body["performer"], "work": story.body["work"]}
    when = {"rate": {"kind": "daily"}, "engaged_at": "2027-01-10T09:00:00Z"}
    world.make("/v1/engagements", "studio", hired | when)
    grant = signed(world, story.ann, story.film, uses=["stunt"])
    counted = {"days": "3", "basis": "Schedule of 9 January."}
    world.make("/v1/estimates", "studio", story.body | counted)
    story.at("2027-01-20T09:00:00Z")
    before = story.ask("studio")
    assert before[0]["decision"]["outcome"] == "allow_with_obligations"
    use = register(world, story.body | {"shot": "sc045_010"}).json()
    assert use["state"] == "cleared", use
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    story.at("2027-01-22T09:00:00Z")
    words = {"words": "That is not what we agreed."}
    assert world.post(f"/v1/uses/{use['id']}/dispute", story.ann, words).is_success
    return str(grant["id"]), str(use["id"]), before


def _february(story: Story, grant: str) -> tuple[str, int, Asked, Asked]:
    """The union stops new uses, tells and is told; the terms change; the union lets go."""
    world = story.world
    story.at("2027-02-01T09:00:00Z")
    block = veto(world, {"performer": story.body["performer"]}).json()
    about = {"to": world.ids["union"], "performer": story.body["performer"]}
    plan = {"kind": "training", "content": "We plan to train a model."}
    notice = world.make("/v1/notices", "studio", plan | about)
    assert world.get(f"/v1/notices/{notice['id']}", "officer").is_success
    told = int(world.get("/v1/events?limit=200", "studio").json()["next_after"])
    assert world.get("/v1/me/events?limit=200", story.ann).is_success
    stopped = story.ask("studio")
    assert codes(stopped[0]["decision"])[0] == "D_UNION_VETO"
    refused = register(world, story.body | {"shot": "sc045_020"})
    assert refused.status_code == 409
    said = refused.json()["reasons"][0]["sentence"]
    assert said.startswith("Stop. The union has vetoed"), said
    story.at("2027-02-10T09:00:00Z")
    story.amend(grant, uses=["crowd"])
    story.at("2027-02-20T09:00:00Z")
    world.make(f"/v1/vetoes/{block['id']}/lift", "officer", {})
    without = story.ask("studio")
    assert codes(without[0]["decision"])[0] == "D_SCOPE_USE"
    return str(block["number"]), told, stopped, without


def _could_know(story: Story, told: int) -> None:
    """The notice was opened, the log was read, and so was the dossier: each read is on record."""
    world = story.world
    found = story.dossier("2027-02-05T00:00:00Z")
    (line,) = found["notices"]
    assert [mark["by"] for mark in line["opened"]] == [world.ids["union"]]
    followed = {mark["by"]: mark for mark in found["followed"]}
    assert followed[world.ids["studio"]]["read_to"] == told
    assert world.people[story.ann] in followed
    asks = world.get("/v1/me/asks?limit=200", story.ann).json()["data"]
    reads = [one["asked"] for one in asks if one["asked"].get("route") == "/v1/dossiers"]
    assert reads
    assert all(one["work"] == story.body["work"] for one in reads)


def _asked_again(story: Story, *answers: Asked) -> None:
    """Of then, as known then, the arbitrator gets the bytes that the studio got."""
    producer = story.world.ids["studio"]
    for answer, raw in answers:
        then = {"as_of": answer["as_of"], "known_at": answer["log_index"], "producer": producer}
        again, same = story.ask("auditor", **then)
        assert same == raw
        assert again["decision"] == answer["decision"]
    # As known now the veto was on for as long as it was, and the terms were those of the day.
    now = [
        codes(story.ask("auditor", as_of=at, producer=producer)[0]["decision"])[0]
        for at in ("2027-02-01T08:59:59Z", "2027-02-01T09:00:00Z", "2027-02-20T09:00:00Z")
    ]
    assert now[1] == "D_UNION_VETO"
    assert now[2] == "D_SCOPE_USE"
    assert not now[0].startswith("D_")


def _judged(story: Story, use: str, number: str) -> None:
    """The dossier of the day of the dispute, and of a day under the veto."""
    found = story.dossier("2027-01-22T10:00:00Z")
    (consent,) = found["grants"]
    assert (consent["standing"], consent["reaches_work"]) == ("in force", True)
    assert consent["terms"]["scope"]["uses"] == ["stunt"]
    assert [(one["id"], one["state"]) for one in found["uses"]] == [(use, "locked")]
    assert [one["outcome"] for one in found["asked"]] == ["allow_with_obligations"]
    assert [one["on_then"] for one in found["blocks"]] == [False]
    engaged = next(one for one in found["facts"] if one["what"] == "engagement")
    assert engaged["stated_by"] == story.world.ids["studio"]
    said = {(one["about_id"], one["kind"], one["words"]) for one in found["messages"]}
    assert said == {(use, "dispute", "That is not what we agreed.")}
    assert {one["from_id"] for one in found["messages"]} == {story.body["performer"]}
    assert story.world.ids["studio"] in {one["to_id"] for one in found["messages"]}
    cited = {one["idx"] for one in found["entries"]}
    assert cited >= {*consent["entries"], *engaged["entries"], *found["uses"][0]["entries"]}

    under = story.dossier("2027-02-12T00:00:00Z")
    assert under["grants"][0]["terms"]["scope"]["uses"] == ["crowd"]
    assert [one["on_then"] for one in under["blocks"]] == [True]
    assert [one["kind"] for one in under["asked"]] == ["check", "check", "refusal"]
    assert all(one["reasons"] for one in under["asked"])
    # As was known before the veto, nobody knew of it.
    early = story.dossier("2027-02-12T00:00:00Z", known_at=found["uses"][0]["entries"][-1])
    assert early["blocks"] == []
    assert early["grants"][0]["terms"]["scope"]["uses"] == ["stunt"]
    assert story.dossier("2029-02-02T00:00:00Z")["grants"][0]["standing"] == "revoked"
    assert story.world.get("/v1/dossiers?performer=x", "auditor").status_code == 422
    assert story.world.get("/v1/dossiers", "studio").status_code == 403

    text = printed(under)
    assert f"{story.ann} Person and Film {story.film}" in text
    assert f"veto {number} of The union" in text
    assert "on at that instant" in text
    assert "asked for stunt" in text
    assert "“That is not what we agreed.”" in text
    for one in under["entries"]:
        assert one["leaf"] in text
