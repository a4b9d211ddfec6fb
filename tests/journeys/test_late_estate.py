"""A death, and the estate that is proven late; and a child who comes of age.

Both are told over HTTP, in the order in which they happen, each at its own instant.
"""

from typing import Any

import pytest
from httpx2 import Response

from app.store import engine
from app.store.replay import replay
from tests.support.inprocess import FAMILY, World

PAPERS = {name: f"{n:02x}" * 32 for n, name in enumerate(("will", "niece", "court", "birth"), 1)}
NOTHING = "Nothing was signed."
# What every refusal that is on record ends with.
ASKED = " Nothing was recorded except that you asked."


class Story:
    """The world with a clock that goes forward."""

    def __init__(self, world: World, *, now: str) -> None:
        self.world = world
        self.now = now
        self.keys = 0

    def send(self, method: str, path: str, who: str, body: object = None, **more: str) -> Response:
        self.keys += 1
        headers = {
            "Consent_Registry_Now": self.now,
            "Idempotency_Key": f"late-{id(self)}-{self.keys}",
        }
        if method == "GET":
            headers.pop("Idempotency_Key")
        assert body is None or isinstance(body, dict)
        return self.world.send(method, path, who, body, **headers | more)

    def act(self, path: str, who: str, body: object = None) -> dict[str, Any]:
        answer = self.send("POST", path, who, body)
        assert answer.status_code in {200, 201}, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def refused(self, path: str, who: str, body: object = None) -> str:
        """The sentence with which an act is refused."""
        answer = self.send("POST", path, who, body)
        assert answer.status_code in {403, 404, 409, 422}, answer.text
        return str(answer.json()["detail"]).removesuffix(ASKED)

    def see(self, path: str, who: str) -> dict[str, Any]:
        answer = self.send("GET", path, who)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    def asked(self, performer: str, work: str, **more: Any) -> dict[str, Any]:
        """What a question of the studio is answered: its decision."""
        ids = self.world.ids
        body = {"performer": ids[performer], "work": ids[work], "use": "stunt"} | more
        decision: dict[str, Any] = self.act("/v1/checks", "studio", body)["decision"]
        return decision

    def inbox(self, who: str) -> list[tuple[str, str]]:
        """What waits, and for whom."""
        return [(i["kind"], i["waits_for"]) for i in self.see("/v1/me/inbox", who)["data"]]

    def offer(self, performer: str, work: str, **more: Any) -> dict[str, Any]:
        ids = self.world.ids
        pay = {"kind": "bargained_flat", "amount": {"amount": "10000.00", "currency": "USD"}}
        body = {"performer": ids[performer], "work": ids[work], "uses": ["stunt"], "pay": pay}
        body |= {"description": "aerial stunts, scenes 40-60"}
        return self.act("/v1/grants", "studio", body | more)


def codes(decision: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in decision["reasons"]]


def said(decision: dict[str, Any], code: str) -> str:
    return str(next(r["sentence"] for r in decision["reasons"] if r["code"] == code))


def hash_of(grant: dict[str, Any]) -> dict[str, str]:
    return {"terms_hash": grant["terms_hash"]}


def person(world: World, name: str, **more: Any) -> str:
    world.performer(name, **more)
    world.claim(name)
    return f"/v1/performers/{world.ids[name]}"


def a_second_administrator(world: World) -> None:
    path = f"/v1/organizations/{world.ids['vendor']}/users"
    made = world.make(path, "office", {"role": "registry_admin", "name": "Ira Bell"})
    world.people["second office"] = made["id"]


@pytest.fixture(scope="module")
def of_the_union(world: World) -> None:
    """The studio signed the union's agreement, and works in its picture are under it."""
    path = f"/v1/organizations/{world.ids['studio']}/signatories"
    body = {"agreement": FAMILY, "union": world.ids["union"], "starts_on": "2023-11-09"}
    world.make(path, "office", body)
    a_second_administrator(world)


@pytest.mark.usefixtures("of_the_union")
def test_a_death_and_a_late_estate(world: World) -> None:  # noqa: PLR0915 - a journey is one story
    story = Story(world, now="2026-11-24T09:00:00Z")
    mara, ids = person(world, "mara"), world.ids
    world.work("dusk", agreement=FAMILY, photography_start="2026-12-07", content_tags=["stunts"])
    member = world.make(f"{mara}/memberships", "mara", {"union": ids["union"]})
    world.make(f"{mara}/memberships/{member['id']}/confirmation", "officer")
    agent = {"kind": "agent", "powers": ["bargain"], "representative": ids["agency"]}
    mandate = story.act(f"{mara}/representations", "mara", agent)
    # An agent's mandate ends after a year, if nobody says otherwise.
    assert mandate["ends_on"] == "2027-11-24"

    # The agent is told by the same act, reads the same line, bargains, and never signs.
    asked = story.offer("mara", "dusk", posthumous="life_only")
    told = [story.see("/v1/me/events?after=0&limit=200", who)["data"] for who in ("mara", "agent")]
    offers = [[e["idx"] for e in seen if e.get("type") == "grant.offered"] for seen in told]
    assert offers[0] == offers[1] != []
    assert ("request", "performer") in story.inbox("agent")
    line = story.see("/v1/me/inbox", "agent")["data"][0]
    assert line["at_zero"] == "Silence is a no: the request ends, and no consent comes of it."
    assert line["you_can"] == ["read", "counter", "decline"]
    grant = f"/v1/grants/{asked['id']}"
    assert story.refused(f"{grant}/acceptance", "agent", hash_of(asked)) == (
        "An agent can bargain for this performer and cannot sign."
    )
    story.act(f"{grant}/acceptance", "mara", hash_of(asked))
    assert story.asked("mara", "dusk")["outcome"] == "allow_with_obligations"
    story.now = "2026-12-08T09:00:00Z"
    question = {"performer": ids["mara"], "work": ids["dusk"], "use": "stunt", "shot": "sc045_010"}
    finished = story.act("/v1/uses", "studio", question)
    story.act(f"/v1/uses/{finished['id']}/lock", "studio")

    # She dies on the 20th. Nobody here knows, and the studio goes on.
    story.now = "2026-12-22T09:00:00Z"
    gap = story.act("/v1/uses", "studio", question | {"shot": "sc046_020"})
    assert gap["state"] == "cleared"
    before = story.act("/v1/checks", "studio", question)

    # The agency hears of it and says so: the first of two words, from which nothing follows.
    story.now = "2027-01-11T09:00:00Z"
    death = {"died_on": "2026-12-20", "document_hash": PAPERS["will"]}
    report = story.act(f"{mara}/deaths", "agent", death)
    assert ("death", "performer") in story.inbox("mara")
    assert story.asked("mara", "dusk")["outcome"] == "allow_with_obligations"
    confirmation = f"{mara}/deaths/{report['id']}/confirmation"
    assert story.refused(f"{mara}/deaths", "office", death | {"died_on": "2026-12-21"}).startswith(
        "A report waits for its second person already"
    )
    record = story.act(confirmation, "office", {"document_hash": PAPERS["will"]})
    assert record["alive_until"] == "2027-01-25T09:00:00.000000Z"
    assert story.refused(confirmation, "second office", {"document_hash": PAPERS["will"]}) == (
        "Two persons have said it already."
    )

    # What was decided in the gap is asked again, by studio; nothing finished is undone.
    (theirs,) = record["gap"]
    assert theirs["organization_id"] == ids["studio"]
    assert {u["id"]: u["outcome"] for u in theirs["uses"]} == {gap["id"]: "deny"}
    assert {"work_id": ids["dusk"], "use": "stunt"} in theirs["asked"]
    (shown,) = story.see(f"{mara}/deaths", "studio")["data"]
    assert [use["id"] for use in shown["uses"]] == [gap["id"]]
    refused = story.send("POST", f"/v1/uses/{gap['id']}/lock", "studio")
    assert "D_DECEASED_NO_AUTH" in [r["code"] for r in refused.json()["reasons"]]
    shown = story.asked("mara", "dusk", use="exhibit", use_id=finished["id"])
    assert "OK_RUNOFF" in codes(shown)

    # Asked today of a day before she died, and of the record as it was, the answers stay theirs.
    alive = story.asked("mara", "dusk", as_of="2026-12-15T12:00:00Z")
    assert alive["outcome"] == "allow_with_obligations"
    again = {"as_of": before["as_of"], "known_at": before["log_index"], "shot": "sc045_010"}
    assert story.asked("mara", "dusk", **again) == before["decision"]
    now_known = story.asked("mara", "dusk", as_of=before["as_of"])
    assert said(now_known, "D_DECEASED_NO_AUTH") == (
        "Stop. The performer died on 20 December 2026, and nobody who may speak for them has said"
        " yes to this use."
    )

    # The agent's authority ended with her life.
    assert story.inbox("agent") == []
    assert story.send("GET", mara, "agent").status_code == 404

    # A new picture. While she could still say that she lives, nobody signs for her.
    world.work("dawn", agreement=FAMILY, photography_start="2027-03-01", content_tags=["stunts"])
    wanted = story.offer("mara", "dawn", answer_by="2027-09-01T00:00:00Z")
    dawn = f"/v1/grants/{wanted['id']}"
    for_the_dead = f"{dawn}/posthumous-consent"
    assert story.refused(for_the_dead, "officer", hash_of(wanted)).startswith(
        "The death was put on record not long ago. Until 25 January 2027, 09:00 UTC the person can"
        " still say that they live"
    )
    assert story.refused(f"{dawn}/acceptance", "mara", hash_of(wanted)) == (
        "The death of this performer is on record: the estate answers. If you are that person, say"
        " first that you live."
    )
    story.now = "2027-01-25T09:00:00Z"
    assert story.refused(f"{mara}/alive", "mara").startswith(
        "The time to say so by yourself ended on 25 January 2027, 09:00 UTC."
    )

    # The union may, where the contract says so and a search found nobody; here nobody searched yet.
    assert story.refused(for_the_dead, "officer", hash_of(wanted)) == (
        "No search for who may speak for this performer is on record. Put on record what was"
        f" searched, when and with what result; then sign. {NOTHING}"
    )
    search = {
        "kind": "representative_search",
        "text": "Probate registers of two counties; letters to the agency and to her last address.",
        "performer": ids["mara"],
        "done_on": "2027-01-22",
    }
    missing = story.send("POST", "/v1/attestations", "officer", search)
    assert missing.json()["errors"][0]["pointer"] == "/evidence"
    story.act("/v1/attestations", "officer", search | {"evidence": [PAPERS["court"]]})
    assert said(story.asked("mara", "dawn"), "A_UNION_POSTHUMOUS") == (
        "Not yet. The performer died on 20 December 2026 and nobody was found who may speak for"
        " them. The union can say yes in their place."
    )
    assert story.send("POST", for_the_dead, "stranger", hash_of(wanted)).status_code == 404
    yes = story.act(for_the_dead, "officer", hash_of(wanted))
    assert (yes["state"], yes["signature"]["by"]) == ("active", "union")
    assert yes["signature"]["organization_id"] == ids["union"]
    by_union = story.asked("mara", "dawn")
    assert by_union["outcome"] == "allow_with_obligations"
    assert by_union["owed_later"][:2] == ["O_PAY", "O_KEEP_FOR_ESTATE"]
    assert said(by_union, "O_KEEP_FOR_ESTATE") == (
        "The performer died on 20 December 2026. What is owed to them is kept for their estate"
        " until one side alone is proven to answer for it."
    )

    # In May an executor is proven. What the union signed stands as its own and carries nothing new.
    story.now = "2027-05-03T09:00:00Z"
    executor = {
        "kind": "executor",
        "powers": ["sign"],
        "person": {"name": "Ludo Voss", "contact": "ludo@estates.example"},
        "starts_on": "2027-05-04",
    }
    bare = story.send("POST", f"{mara}/representations", "office", executor)
    assert bare.json()["errors"][0]["detail"] == (
        "Give the SHA-256 of the paper that proves the executor's right."
    )
    proven = story.act(
        f"{mara}/representations", "office", executor | {"document_hash": PAPERS["will"]}
    )
    world.people["executor"] = proven["representative_id"]
    assert proven["verified_at"] == "2027-05-03T09:00:00.000000Z"
    assert story.refused(f"{dawn}/acceptance", "executor", hash_of(wanted)) == (
        "Your right to sign for this performer begins on 4 May 2027. Where the terms count their"
        f" days it is 3 May 2027 now. {NOTHING}"
    )
    story.now = "2027-05-05T09:00:00Z"
    waits = story.asked("mara", "dawn")
    assert waits["outcome"] == "needs_action"
    assert said(waits, "A_ESTATE_CONSENT") == (
        "Not yet. The performer died on 20 December 2026. The union said yes while nobody was found"
        " who may speak for them; since then an estate was proven, and new uses need its yes."
    )
    then = story.asked("mara", "dawn", as_of="2027-03-01T12:00:00Z")
    assert then["outcome"] == "allow_with_obligations"
    assert ("own_yes", "estate") in story.inbox("executor")

    # A niece shows another paper. From then on neither side signs, and what is signed stays.
    niece = {
        "kind": "estate",
        "powers": ["sign"],
        "person": {"name": "Nia Voss", "contact": "nia@estates.example"},
        "starts_on": "2026-12-20",
        "document_hash": PAPERS["niece"],
    }
    rival = story.act(f"{mara}/representations", "officer", niece)
    contested = (
        "More than one side says that it answers for this performer. Until that is settled none of"
        " them can sign. What was signed before stands. Nothing was signed now."
    )
    assert story.refused(f"{dawn}/acceptance", "executor", hash_of(wanted)) == contested
    assert said(story.asked("mara", "dawn"), "W_ESTATE_CONTESTED") == (
        "Note: the performer died on 20 December 2026, and more than one side says that it answers"
        " for them. Until that is settled none of them can sign. What was signed before stands."
    )
    assert ("estate", "registry_admin") in story.inbox("executor")

    # The court lets the will stand. The estate says yes to what the union had signed.
    story.now = "2027-08-02T09:00:00Z"
    settled = story.act(
        f"{mara}/estates/settlement",
        "office",
        {"representation": proven["id"], "document_hash": PAPERS["court"]},
    )
    assert [one["id"] for one in settled["ended"]] == [rival["id"]]
    own = story.act(f"{dawn}/acceptance", "executor", hash_of(wanted))
    assert own["own_yes_at"] == "2027-08-02T09:00:00.000000Z"
    assert own["signature"]["by"] == "union"
    goes = story.asked("mara", "dawn")
    assert goes["outcome"] == "allow_with_obligations"
    assert "O_KEEP_FOR_ESTATE" not in codes(goes)
    assert story.asked("mara", "dawn", as_of="2027-05-05T12:00:00Z")["outcome"] == "needs_action"

    # An arbitrator finds the yes of the autumn void: it never was one, for any day.
    void = {"basis": "arbitration", "document_hash": PAPERS["court"]}
    assert story.send("POST", f"{grant}/void", "studio", void).status_code == 403
    fallen = story.act(f"{grant}/void", "office", void)
    assert {use["id"] for use in fallen["affected"]} == {finished["id"], gap["id"]}
    early = {"as_of": "2026-12-09T12:00:00Z"}
    assert codes(story.asked("mara", "dusk", **early))[0] == "D_VOID"
    known = story.asked("mara", "dusk", **early, known_at=before["log_index"])
    assert known["outcome"] == "allow_with_obligations"
    # And the log tells all of it.
    with engine.reading(world.app.state.registry.store) as session:
        assert replay(session).differences == []


@pytest.mark.usefixtures("of_the_union")
def test_a_child_comes_of_age(world: World) -> None:
    story = Story(world, now="2026-11-24T09:00:00Z")
    kit, ids = person(world, "kit", adult=False, birth_date="2009-02-11"), world.ids
    world.work("hill", agreement=FAMILY, photography_start="2026-12-07", content_tags=["stunts"])
    guardian = {
        "kind": "guardian",
        "powers": ["sign"],
        "person": {"name": "Dana Sorrel", "contact": "dana@performers.example"},
        "document_hash": PAPERS["birth"],
    }
    made = story.act(f"{kit}/representations", "office", guardian)
    world.people["guardian"] = made["representative_id"]
    asked = story.offer("kit", "hill")
    grant = f"/v1/grants/{asked['id']}"
    assert story.refused(f"{grant}/acceptance", "kit", hash_of(asked)) == (
        f"A guardian whose right was proven signs for a minor. {NOTHING}"
    )
    story.act(f"{grant}/acceptance", "guardian", hash_of(asked))
    assert ("coming_of_age", "performer") in story.inbox("kit")
    # No consent, of whomever, lets a child's replica be shown like this.
    nude = story.asked("kit", "hill", description={"tags": ["simulated_sex"]})
    assert "D_MINOR_SEXUAL" in codes(nude)

    # The day before, the day itself and the day after, where the contract counts its days.
    question = {"performer": ids["kit"], "work": ids["hill"], "use": "stunt", "shot": "h_010"}
    story.now = "2027-02-11T07:59:59Z"
    finished = story.act("/v1/uses", "studio", question)
    story.act(f"/v1/uses/{finished['id']}/lock", "studio")
    assert story.asked("kit", "hill")["outcome"] == "allow_with_obligations"
    for moment in ("2027-02-11T08:00:00Z", "2027-02-12T09:00:00Z"):
        story.now = moment
        waits = story.asked("kit", "hill")
        assert waits["outcome"] == "needs_action"
        assert said(waits, "A_OWN_CONSENT") == (
            "Not yet. A guardian said yes while the performer was a minor. They came of age on"
            " 11 February 2027, and new uses need their own yes."
        )
    shown = story.asked("kit", "hill", use="exhibit", use_id=finished["id"])
    assert "OK_RUNOFF" in codes(shown)
    early = story.asked("kit", "hill", as_of="2027-02-11T07:59:59Z")
    assert early["outcome"] == "allow_with_obligations"

    # The guardian's right ended that day; only the grown child says yes, and is told so.
    assert ("own_yes", "performer") in story.inbox("kit")
    assert story.inbox("guardian") == []
    assert story.refused(f"{grant}/acceptance", "guardian", hash_of(asked)) == (
        "The performer came of age on 11 February 2027, and a guardian's right ended with that."
        f" From then on only they say yes. {NOTHING}"
    )
    own = story.act(f"{grant}/acceptance", "kit", hash_of(asked))
    assert own["own_yes_at"] == "2027-02-12T09:00:00.000000Z"
    assert own["signature"]["by"] == "guardian"
    assert story.asked("kit", "hill")["outcome"] == "allow_with_obligations"
    between = story.asked("kit", "hill", as_of="2027-02-11T12:00:00Z")
    assert between["outcome"] == "needs_action"
