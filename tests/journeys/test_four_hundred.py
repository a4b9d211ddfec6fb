"""Four hundred requests for a crowd, and one veto over a franchise that is appealed.

Told over HTTP, in the order in which it happens, each act at its own instant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from httpx2 import Response
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.store import engine, replay
from tests.support.inprocess import FAMILY, World

Body = dict[str, Any]

START = datetime(2030, 3, 4, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What every refusal that is on record ends with.
ASKED = " Nothing was recorded except that you asked."
ENOUGH = {"kind": "bargained_flat", "amount": {"amount": "2000.00", "currency": "USD"}}
TOO_LITTLE = {"kind": "bargained_flat", "amount": {"amount": "20.00", "currency": "USD"}}
CROWD = {"text": "a market square, seen from above", "tags": ["stunts"]}
GROUNDS = {
    "kind": "policy",
    "basis": "RG-03",
    "authority": "resolution 12 of the board",
    "reason": "The studio has not said how the scans are kept.",
}


ARGUMENT = {"argument": "The scans are kept as the contract says."}


class Story:
    """The world with a clock that goes forward."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = START
        self.sent = 0

    def send(
        self, method: str, path: str, who: str | None, body: Body | None = None, **more: str
    ) -> Response:
        self.sent += 1
        headers = {"Consent_Registry_Now": self.now.isoformat()}
        if method == "POST":
            headers["Idempotency_Key"] = f"crowd-{id(self)}-{self.sent}"
        return self.world.send(method, path, who, body, **headers | more)

    def act(self, path: str, who: str | None, body: Body | None = None) -> dict[str, Any]:
        answer = self.send("POST", path, who, body)
        assert answer.status_code in {200, 201}, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def refused(self, path: str, who: str | None, body: Body | None = None) -> str:
        """The sentence with which an act is refused."""
        answer = self.send("POST", path, who, body)
        assert answer.status_code in {409, 422}, answer.text
        return str(answer.json()["detail"]).removesuffix(ASKED)

    def see(self, path: str, who: str = "officer") -> dict[str, Any]:
        answer = self.send("GET", path, who)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    def queue(self, state: str = "waiting") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.see(f"/v1/queue?state={state}")["data"]
        return found

    def asked(self, performer: str, **more: Any) -> dict[str, Any]:
        """What a question of the studio is answered: its decision."""
        body = {"performer": performer, "work": self.world.ids["reef"], "use": "crowd", **more}
        decision: dict[str, Any] = self.act("/v1/checks", "studio", body)["decision"]
        return decision


def said(decision: dict[str, Any], code: str) -> str:
    return str(next(r["sentence"] for r in decision["reasons"] if r["code"] == code))


def codes(decision: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in decision["reasons"]]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    statements: list[str] = []

    def count(*args: Any) -> None:
        statements.append(args[2])

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def people_of(world: World, story: Story) -> None:
    """A studio that signed the agreement and accepted the rules, and a franchise with a film."""
    studio = world.ids["studio"]
    signed = {"agreement": FAMILY, "union": world.ids["union"], "starts_on": "2023-11-09"}
    story.act(f"/v1/organizations/{studio}/signatories", "office", signed)
    body = {"registry_rules_accepted_on": START.date().isoformat()}
    accepted = story.send("PATCH", f"/v1/organizations/{studio}", "studio", body, If_Match='"v1"')
    assert accepted.status_code == 200, accepted.text
    saga = {"kind": "franchise", "title": "The Reef Saga", "agreement": FAMILY}
    world.ids["saga"] = story.act("/v1/works", "studio", saga)["id"]
    film = {"kind": "film", "title": "Reef", "agreement": FAMILY, "content_tags": ["stunts"]}
    film |= {"photography_start": "2030-03-01", "part_of": world.ids["saga"]}
    world.ids["reef"] = story.act("/v1/works", "studio", film)["id"]
    path = f"/v1/organizations/{world.ids['union']}/users"
    for name in ("second", "arbiter"):
        where = path if name == "second" else f"/v1/organizations/{world.ids['agency']}/users"
        role = "union_officer" if name == "second" else "representative"
        world.people[name] = story.act(where, "office", {"role": role})["id"]


def request(story: Story, n: int, pay: dict[str, Any]) -> dict[str, Any]:
    """One request, with the person it asks, who is not on record yet."""
    person = {"name": f"Extra {n}", "contact": f"extra{n}@performer.example", "adult": True}
    body = {"performer": person, "work": story.world.ids["reef"], "uses": ["crowd"], "pay": pay}
    return story.act("/v1/grants", "studio", body | {"description": CROWD})


def signing(story: Story, made: dict[str, Any], name: str) -> str:
    """Let the person behind a request claim their record and sign."""
    world = story.world
    performer = str(made["performer_id"])
    world.ids[name] = performer
    code = story.act(f"/v1/performers/{performer}/invitation", "office")["code"]
    claimed = story.send("POST", f"/v1/performers/{performer}/claim", None, {"code": code})
    world.people[name] = claimed.json()["principal"]
    body = {"terms_hash": made["terms_hash"]}
    story.act(f"/v1/grants/{made['id']}/acceptance", name, body)
    return performer


def test_four_hundred_requests_and_one_veto_that_is_appealed(world: World) -> None:
    story = Story(world)
    people_of(world, story)
    made = four_hundred_requests(story)
    each_group_is_answered_as_one(story, made)
    nobody_looks_in_time(story)
    signed, uses = three_sign_and_are_used(story, made)
    path = a_veto_over_the_franchise(story)
    started = a_second_officer_confirms(story, path, signed, uses)
    the_studio_appeals_on_the_last_day(story, path, signed)
    the_third_party_narrows_it(story, path, uses)
    what_was_stopped_stays_on_record(story, signed, started)
    nobody_renews_it(story, signed)
    with engine.reading(world.app.state.registry.store) as session:
        assert replay.replay(session).differences == []


def four_hundred_requests(story: Story) -> list[Body]:
    """They come in one morning; the queue shows two groups, at the cost of one."""
    nothing = story.refused("/v1/flag-rules", "officer", {"name": "all", "conditions": {}})
    assert nothing == "Name at least one thing to look for. Nothing was recorded."
    for name, conditions in (
        ("crowds", {"uses": ["crowd"]}),
        ("below the floor", {"pay": ["below"]}),
    ):
        story.act("/v1/flag-rules", "officer", {"name": name, "conditions": conditions})
    story.now += HOUR
    made = [request(story, n, TOO_LITTLE if n % 40 == 0 else ENOUGH) for n in range(400)]
    with counted() as statements:
        found = {group["pay"]: group for group in story.queue()}
    assert len(statements) < 20, statements
    assert {pay: group["count"] for pay, group in found.items()} == {"above": 390, "below": 10}
    assert found["above"]["why"] == ["crowds"]
    assert sorted(found["below"]["why"]) == ["below the floor", "crowds"]
    assert found["above"]["at_zero"].endswith("the record says that nobody looked.")
    assert "2000.00" not in story.send("GET", "/v1/queue", "officer").text
    return made


def each_group_is_answered_as_one(story: Story, made: list[Body]) -> None:
    """Each case has the answer on record, and no check is answered differently."""
    story.now += HOUR
    found = {group["pay"]: group for group in story.queue()}
    before = story.asked(made[1]["performer_id"])
    path = f"/v1/queue/{found['above']['group']}/answer"
    yes = {"answer": "no_objection", "upto": found["above"]["upto"]}
    assert story.act(path, "officer", yes)["answered"] == 390
    assert story.refused(path, "second", yes) == (
        "Somebody of your union answered this group on 4 March 2030, 11:00 UTC. See what they said."
    )
    path = f"/v1/queue/{found['below']['group']}/answer"
    why = {"answer": "asked", "words": "Why below the minimum?", "upto": found["below"]["upto"]}
    assert story.act(path, "officer", why)["answered"] == 10
    (case,) = story.see(f"/v1/cases?about={made[0]['id']}")["data"]
    assert case["says"] == (
        "The union asked the studio on 4 March 2030, 11:00 UTC; it has not said yes or no."
    )
    thread = story.see(f"/v1/messages?about=grant&about_id={made[0]['id']}", "studio")["data"]
    assert [message["words"] for message in thread] == ["Why below the minimum?"]
    answered = story.see(f"/v1/cases?group={found['above']['group']}&limit=200")
    assert {case["state"] for case in answered["data"]} == {"no_objection"}
    assert answered["next_cursor"] is not None
    assert story.asked(made[1]["performer_id"]) == before
    assert codes(before)[0] == "D_NO_CONSENT"


def nobody_looks_in_time(story: Story) -> None:
    """One more comes, and nobody looks at it in time. That is never a no objection."""
    story.now += HOUR
    alone = request(story, 400, ENOUGH)
    at = story.now
    story.now += 15 * DAY
    (case,) = story.see(f"/v1/cases?about={alone['id']}")["data"]
    assert case["says"] == (
        "Nobody looked before 18 March 2030, 12:00 UTC. That is not the same as no objection."
    )
    assert [group["count"] for group in story.queue("nobody_looked")] == [1]
    story.now = at


def three_sign_and_are_used(story: Story, made: list[Body]) -> tuple[list[str], list[Body]]:
    """Their uses go ahead; one picture is locked."""
    story.now += HOUR
    signed = [signing(story, made[n], f"extra{n}") for n in (1, 2, 3)]
    reef = story.world.ids["reef"]
    bodies = [
        {"performer": performer, "work": reef, "use": "crowd", "shot": f"RF_{n}"}
        for n, performer in enumerate(signed)
    ]
    uses = [story.act("/v1/uses", "studio", body) for body in bodies]
    assert {use["state"] for use in uses} == {"cleared"}
    story.now += HOUR
    story.act(f"/v1/uses/{uses[0]['id']}/lock", "studio")
    return signed, uses


def a_veto_over_the_franchise(story: Story) -> str:
    """Refused without its form, looked at before it is issued, and only proposed."""
    story.now += DAY
    world = story.world
    scope = {"scope": {"work": world.ids["saga"]}}
    wanting = story.refused("/v1/vetoes", "officer", {"kind": "policy", **scope})
    assert "basis: a veto states its basis" in wanting
    assert "review_by: a policy veto names its review day" in wanting
    review = {"review_by": (story.now + 60 * DAY).date().isoformat()}
    body = GROUNDS | scope | review | {"appeal_to": world.people["arbiter"]}
    seen = story.act("/v1/vetoes/preview", "officer", body)
    assert (seen["affected"], seen["takes_second"]) == (2, True)
    assert {use["shot"] for use in seen["uses"]} == {"RF_1", "RF_2"}
    assert [(group["title"], group["count"]) for group in seen["groups"]] == [("Reef", 2)]
    assert not {"id", "number"} & seen.keys()
    veto = story.act("/v1/vetoes", "officer", body)
    assert (veto["state"], veto["effect_now"], veto["affected"]) == ("proposed", "flag", 0)
    return f"/v1/vetoes/{veto['id']}"


def a_second_officer_confirms(
    story: Story, path: str, signed: list[str], uses: list[Body]
) -> datetime:
    """Until then it flags; from then on it stops what was not locked before."""
    assert said(story.asked(signed[1]), "W_VETO_FLAG").endswith(
        "It waits for a second officer, so it stops nothing yet."
    )
    assert story.refused(f"{path}/confirmation", "officer") == (
        "A second officer must confirm, not the one who proposed."
    )
    assert story.refused(f"{path}/appeal", "studio", ARGUMENT) == (
        "Only a veto in force can be appealed."
    )
    story.now += HOUR
    confirmed = story.act(f"{path}/confirmation", "second")
    assert confirmed["affected"] == 2
    assert said(story.asked(signed[1]), "D_UNION_VETO") == (
        "Stop. The union has vetoed new uses in The Reef Saga since 5 March 2030, 15:00 UTC"
        f" ({confirmed['number']}): “The studio has not said how the scans are kept”. What was"
        " locked before is not stopped. Only the union can lift it; the studio can appeal until"
        " 19 March 2030."
    )
    locked = story.asked(signed[0], use_id=uses[0]["id"], shot="RF_0")
    assert "W_VETO_PROSPECTIVE" in codes(locked)
    assert "D_UNION_VETO" not in codes(locked)
    listed = story.see(f"{path}/affected", "studio")["data"]
    assert {use["shot"] for use in listed} == {"RF_1", "RF_2"}
    return story.now


def the_studio_appeals_on_the_last_day(story: Story, path: str, signed: list[str]) -> None:
    """It stays in force meanwhile. A second later it is too late for anybody else."""
    story.now = datetime(2030, 3, 19, 23, 59, 59, tzinfo=UTC)
    assert story.act(f"{path}/appeal", "studio", ARGUMENT)["state"] == "appealed"
    assert story.refused(f"{path}/appeal", "studio", ARGUMENT) == (
        "You have appealed this veto; the appeal is on record."
    )
    story.now += timedelta(seconds=1)
    assert story.refused(f"{path}/appeal", "extra2", ARGUMENT) == (
        "The time to appeal ended on 20 March 2030, 00:00 UTC."
    )
    assert "an appeal is open" in said(story.asked(signed[1]), "D_UNION_VETO")


def the_third_party_narrows_it(story: Story, path: str, uses: list[Body]) -> None:
    """The office, which is no party, records it with the document's hash; what is free is named."""
    story.now += DAY
    world = story.world
    smaller = {"work": world.ids["saga"], "uses": ["train_model"]}
    award = {"outcome": "narrowed", "document_hash": "5e" * 32, "scope": smaller}
    assert story.send("POST", f"{path}/award", "studio", award).status_code == 403
    other = award | {"decided_by": world.ids["vendor"]}
    assert story.refused(f"{path}/award", "office", other) == (
        "Appeals against this veto are not for them to decide: name the third party that the veto"
        " names, or nobody for an award from outside."
    )
    wider = award | {"scope": {"studio": world.ids["studio"]}}
    assert story.refused(f"{path}/award", "office", wider) == (
        "This scope reaches something that the veto does not."
    )
    theirs = award | {"decided_by": world.people["arbiter"]}
    done = story.act(f"{path}/award", "office", theirs)
    assert (done["state"], done["scope"]["uses"]) == ("in_force", ["train_model"])
    assert {line["shot"] for line in done["redecided"]} == {"RF_1", "RF_2"}
    assert {line["outcome"] for line in done["redecided"]} == {uses[1]["outcome"]}
    (appeal,) = story.see(path, "studio")["appeals"]
    assert (appeal["outcome"], appeal["document_hash"]) == ("narrowed", "5e" * 32)
    assert story.see(f"/v1/uses/{uses[1]['id']}", "studio")["held"] is False
    assert story.refused(f"{path}/award", "office", award) == (
        "No appeal against this veto is open."
    )


def what_was_stopped_stays_on_record(story: Story, signed: list[str], started: datetime) -> None:
    """What it stopped meanwhile it stopped; the training that is left is stopped still."""
    assert "D_UNION_VETO" not in codes(story.asked(signed[1]))
    past = story.asked(signed[1], as_of=(started + HOUR).isoformat())
    assert "D_UNION_VETO" in codes(past)
    trained = story.asked(signed[1], use="train_model")
    assert "for training a model" in said(trained, "D_UNION_VETO")


def nobody_renews_it(story: Story, signed: list[str]) -> None:
    """It is announced before its review, once, and lapses to a flag by its date."""
    story.now = datetime(2030, 4, 20, 12, tzinfo=UTC)
    assert story.act("/v1/reminders", "office")["reminded"] == 1
    assert story.act("/v1/reminders", "office")["reminded"] == 0
    story.now = datetime(2030, 5, 5, tzinfo=UTC)
    assert story.act("/v1/reminders", "office")["reminded"] == 1
    flagged = story.asked(signed[1], use="train_model")
    assert said(flagged, "W_VETO_FLAG").endswith("Its review date is over, so it stops nothing.")
