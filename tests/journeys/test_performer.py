"""A performer, from the first link to a dispute over pay, a withdrawal, and its answer.

Told over HTTP in order. Whatever is refused on the way is refused in words that say what to do.
"""

from typing import Any

import pytest

from app.registrar import deliveries
from app.registrar.deliveries import by_smtp
from app.store import engine
from app.store.replay import replay
from tests.api.test_invitations import code_in, link_in
from tests.journeys.test_late_estate import Story, codes, hash_of, said
from tests.support.inprocess import World
from tests.support.mail import MailServer, mail_server

Body = dict[str, Any]


@pytest.fixture
def story(world: World) -> Story:
    return Story(world, now="2031-03-03T09:00:00Z")


def test_a_performer_from_the_first_link_to_the_last_word(world: World, story: Story) -> None:
    _the_first_link_leads_to_a_fresh_code(world)
    _the_union_is_named_and_confirms(world, story)
    grant = _they_ask_before_they_sign(world, story)
    grant = _they_ask_for_changes_and_sign_in_advance(story, grant)
    _what_they_never_agree_to_stays_so(world, story)
    use = _the_studio_makes_a_use(world, story)
    _they_see_who_asked_and_what_is_owed(story, use)
    _a_fact_is_disputed_and_settled(world, story)
    _half_of_the_pay_comes(world, story, use)
    _the_use_is_disputed(story, use)
    _something_that_is_not_listed(world, story)
    _they_ask_to_stop_and_get_an_answer(world, story, grant, use)
    with engine.reading(world.app.state.registry.store) as session:
        assert replay(session).differences == []


def _mailed(world: World, server: MailServer) -> str:
    held = world.app.state.registry
    deliveries.deliver(held.store, held.post, by_smtp(server.url))
    return server.last()


def _the_first_link_leads_to_a_fresh_code(world: World) -> None:
    """The link passes by the studio, and the code that it leads to is good once."""
    world.performer("rae", member_of=world.ids["union"])
    world.work("tides", content_tags=["stunts", "aerial"])
    path = f"/v1/performers/{world.ids['rae']}"
    with mail_server() as server:
        made = world.post(f"{path}/invitation", "studio", {"way": "mail"})
        assert made.status_code == 201, made.text
        assert "code" not in made.json()
        link = link_in(_mailed(world, server))
        assert world.http.post(link).status_code == 200
        first = code_in(_mailed(world, server))
        claim = world.http.post(link).json()["claim"]
        second = code_in(_mailed(world, server))
    old = world.post(claim, None, {"code": first})
    assert old.status_code == 404
    claimed = world.make(claim, None, {"code": second})
    assert claimed["identity"] == "contact_confirmed"
    world.people["rae"] = claimed["principal"]


def _the_union_is_named_and_confirms(world: World, story: Story) -> None:
    path = f"/v1/performers/{world.ids['rae']}/memberships"
    stated = story.act(path, "rae", {"union": world.ids["union"], "starts_on": "2024-01-15"})
    (waiting,) = story.see("/v1/facts", "officer")["data"][:1]
    assert waiting["id"] == stated["id"]
    assert [way["act"] for way in waiting["can"]] == ["confirm", "dispute"]
    own = story.refused(f"{path}/{stated['id']}/confirmation", "rae")
    assert own == "The other side has to confirm it. Nothing was recorded."
    confirmed = story.act(waiting["can"][0]["href"], "officer")
    assert confirmed["confirmed_at"] == "2031-03-03T09:00:00.000000Z"


def _they_ask_before_they_sign(world: World, story: Story) -> Body:
    bound = {"new_uses": "only_if_agreement_says"}
    grant = story.offer("rae", "tides", withdrawal=bound, ends_on="2032-12-31")
    path = f"/v1/grants/{grant['id']}"
    assert story.refused(f"{path}/acceptance", "studio", hash_of(grant)) == (
        "You cannot answer for this performer. Only they, or a person whose right to sign was"
        " proven, can. Nothing was recorded."
    )
    decision = story.asked("rae", "tides")
    assert said(decision, "D_NO_CONSENT") == (
        "Stop. The performer has not said yes to this use. They were asked and have not answered."
        " Until they sign, the answer is no."
    )
    about = {"about": "grant", "about_id": grant["id"]}
    asked = story.act(
        "/v1/messages", "rae", about | {"kind": "question", "words": "Which scenes are these?"}
    )
    answer = {"kind": "answer", "answers": asked["id"], "words": "Forty to sixty."}
    story.act("/v1/messages", "studio", about | answer)
    # What was offered on the phone is put on record; the studio first says that it was not said.
    story.now = "2031-03-04T09:00:00Z"
    told = story.act(
        "/v1/messages",
        "rae",
        about
        | {
            "kind": "offer_said",
            "said_by": world.ids["studio"],
            "said_at": "2031-03-03T16:00:00Z",
            "words": "Two thousand more, you said on the phone.",
        },
    )
    other_side = f"/v1/messages/{told['id']}/other-side"
    denied = story.act(other_side, "studio", {"other_side": "not_what_i_said"})
    assert denied["other_side"] == "not_what_i_said"
    assert story.refused(other_side, "rae", {"other_side": "yes_that_was_said"}) == (
        "Whoever it was written to says whether it was said. Nothing was recorded."
    )
    story.act(other_side, "studio", {"other_side": "yes_that_was_said"})
    thread = story.see(f"/v1/messages?about=grant&about_id={grant['id']}", "rae")["data"]
    assert [m["kind"] for m in thread] == ["question", "answer", "offer_said"]
    assert story.see(path, "rae")["state"] == "offered"
    return grant


def _they_ask_for_changes_and_sign_in_advance(story: Story, grant: Body) -> Body:
    """Signed if the studio agrees to exactly this, and to nothing else."""
    path = f"/v1/grants/{grant['id']}"
    pay = {"kind": "bargained_flat", "amount": {"amount": "12000.00", "currency": "USD"}}
    body = {"pay": pay, "presigned": True}
    answer = story.send("POST", f"{path}/counter-offers", "rae", body, If_Match='"v1"')
    assert answer.status_code == 200, answer.text
    asked = answer.json()["proposal"]
    take = f"{path}/amendments"
    other = story.send("POST", take, "studio", hash_of(grant), If_Match='"v2"')
    assert other.json()["detail"] == (
        "This request changed while you were reading: version 2 came on"
        " 4 March 2031, 09:00 UTC, you read version 1. Nothing was signed. See what changed."
        " Nothing was recorded except that you asked."
    )
    taken = story.send("POST", take, "studio", hash_of(asked), If_Match='"v2"').json()
    assert (taken["state"], taken["pay"]["amount"]["amount"]) == ("active", "12000.00")
    assert taken["signature"]["identity"] == "contact_confirmed"
    return dict(taken)


def _what_they_never_agree_to_stays_so(world: World, story: Story) -> None:
    story.now = "2031-03-05T09:00:00Z"
    never = {"say": "never", "use": "train_model"}
    story.act(f"/v1/performers/{world.ids['rae']}/instructions", "rae", never)
    later = story.offer("rae", "tides", uses=["train_model"], training=True)
    assert later["instructions"] == [{"say": "never", "what": "training a model"}]
    story.act(f"/v1/grants/{later['id']}/acceptance", "rae", hash_of(later))
    decision = story.asked("rae", "tides", use="train_model")
    assert said(decision, "D_STANDING_NO") == (
        "Stop. The performer said on 5 March 2031 that they never agree to training a model. What"
        " they signed later does not say otherwise. Only they can say otherwise."
    )
    despite = {"despite_instructions": True, **hash_of(later)}
    story.act(f"/v1/grants/{later['id']}/acceptance", "rae", despite)
    assert "D_STANDING_NO" not in codes(story.asked("rae", "tides", use="train_model"))
    back = story.act(f"/v1/grants/{later['id']}/revocation", "rae")
    assert back["says"] == ("New uses stop now. What was finished before may go on being shown.")


def _the_studio_makes_a_use(world: World, story: Story) -> Body:
    hired = {"performer": world.ids["rae"], "work": world.ids["tides"], "role_class": "principal"}
    job = story.act("/v1/engagements", "studio", hired)
    world.ids["job"] = job["id"]
    asked = {"performer": world.ids["rae"], "work": world.ids["tides"], "use": "stunt"}
    use = story.act("/v1/uses", "studio", asked | {"shot": "S-12"})
    assert use["state"] == "cleared", use["decision"]["reasons"]
    assert use["amounts"]["gross"] == {"amount": "12000.00", "currency": "USD"}
    early = story.refused(f"/v1/uses/{use['id']}/release", "studio")
    assert early == "A use that is cleared is locked first, then released. Nothing was recorded."
    story.act(f"/v1/uses/{use['id']}/lock", "studio")
    released = story.act(f"/v1/uses/{use['id']}/release", "studio")
    assert released["amounts"]["gross"] == {"amount": "12000.00", "currency": "USD"}
    return released


def _they_see_who_asked_and_what_is_owed(story: Story, use: Body) -> None:
    story.see(f"/v1/grants/{use['grant_id']}", "auditor")
    asks = story.see("/v1/me/asks", "rae")["data"]
    by = {(ask["kind"], ask["by"]["role"], ask["by"]["name"]) for ask in asks}
    assert ("read", "auditor", "an auditor") in by
    assert ("check", "studio_admin", "The studio") in by
    shown = story.see(f"/v1/uses/{use['id']}", "rae")
    assert shown["amounts"]["gross"] == {"amount": "12000.00", "currency": "USD"}
    assert story.see(f"/v1/uses/{use['id']}", "officer").get("amounts") is None


def _a_fact_is_disputed_and_settled(world: World, story: Story) -> None:
    """What they dispute makes the answer wait, and lets nothing through that was a no."""
    story.now = "2031-03-06T09:00:00Z"
    path = f"/v1/engagements/{world.ids['job']}"
    story.act(f"{path}/dispute", "rae")
    decision = story.asked("rae", "tides")
    assert decision["outcome"] == "needs_action"
    assert said(decision, "A_DISPUTED") == (
        "Not yet. The answer rests on the engagement, and that is disputed."
    )
    assert {"fact": "the engagement", "stated_by": "studio", "confirmed": False} in decision[
        "rests_on"
    ]
    assert story.asked("rae", "tides", use="dub")["outcome"] == "deny"
    others = story.refused(f"{path}/confirmation", "officer")
    assert others == "Somebody else disputes it. Nothing was recorded."
    story.act(f"{path}/confirmation", "rae")
    assert story.asked("rae", "tides")["outcome"] == "allow_with_obligations"


def _half_of_the_pay_comes(world: World, story: Story, use: Body) -> None:
    """Paid is the studio's word: half of it comes, the rest after they said so."""
    story.now = "2031-04-10T09:00:00Z"
    owed = story.see("/v1/me/dues", "rae")
    (line,) = owed["data"]
    assert owed["sums"][0] | {"amount": ""} == {
        "to": "performer",
        "state": "due",
        "amount": "",
        "lines": 1,
    }
    assert (line["use_id"], line["payer"]["name"]) == (use["id"], "The studio")
    assert line["formula"] == "$12,000.00 was agreed."
    body = {
        "performer": world.ids["rae"],
        "reference": "PR-31-04",
        "paid_on": "2031-04-09",
        "lines": [{"due": line["id"], "amount": line["left"]}],
    }
    payment = story.act("/v1/payments", "studio", body)
    (waiting,) = [
        item for item in story.see("/v1/me/inbox", "rae")["data"] if item["kind"] == "payment"
    ]
    half = {"due": line["id"], "amount": {"amount": "6000.00", "currency": "USD"}}
    told = {"answer": "part", "received": [half], "words": "Only half has come."}
    path = f"{waiting['href']}/receipt"
    assert story.refused(path, "studio", told) == (
        "You cannot answer for this performer. Only they, or a person whose right to sign was"
        " proven, can. Nothing was recorded."
    )
    story.act(path, "rae", told)
    shown = story.see(f"/v1/dues/{line['id']}", "rae")
    assert (shown["state"], shown["left"]["amount"]) == ("not_received", "6000.00")
    about = f"/v1/messages?about=payment&about_id={payment['id']}"
    for who in ("studio", "officer"):
        assert story.see(about, who)["data"][0]["words"] == "Only half has come."
    reply = {"about": "payment", "about_id": payment["id"], "kind": "note", "words": "We ask them."}
    story.act("/v1/messages", "officer", reply | {"to": world.ids["studio"]})
    story.now = "2031-04-20T09:00:00Z"
    rest = body | {"reference": "PR-31-05", "paid_on": "2031-04-19", "lines": [half]}
    again = story.act("/v1/payments", "studio", rest)
    assert story.see(f"/v1/dues/{line['id']}", "rae")["state"] == "said_paid"
    story.act(f"/v1/payments/{again['id']}/receipt", "rae", {"answer": "yes"})
    assert story.see(f"/v1/dues/{line['id']}", "rae")["says"] == "Paid: the performer confirmed it."
    # What stood at an earlier instant is told as it stood then.
    then = story.see(f"/v1/dues/{line['id']}?as_of=2031-04-10T10:00:00Z", "rae")
    assert then["state"] == "not_received"


def _the_use_is_disputed(story: Story, use: Body) -> None:
    disputed = story.act(f"/v1/uses/{use['id']}/dispute", "rae", {"words": "Not as we said."})
    assert disputed["use"] == use["id"]
    # A dispute of a use is on record for whoever has to settle it; it is no veto.
    assert story.see(f"/v1/uses/{use['id']}", "rae")["held"] is False
    assert story.asked("rae", "tides")["outcome"] == "allow_with_obligations"


def _something_that_is_not_listed(world: World, story: Story) -> None:
    seen = {"what": "My face, selling shoes.", "seen_on": "2031-04-09"}
    case = story.act("/v1/sightings", "rae", seen | {"studio": world.ids["studio"]})
    path = f"/v1/sightings/{case['id']}"
    unnamed = story.refused(f"{path}/answer", "studio", {"answer": "listed"})
    assert unnamed == "Name the use under which it is listed, and only then. Nothing was recorded."
    found = {"answer": "not_listed", "words": "Our agency made it and told nobody."}
    story.act(f"{path}/answer", "studio", found)
    story.act(f"{path}/answer", "officer", {"answer": "taken_up"})
    shown = story.see(path, "rae")
    assert (shown["state"], shown["studio_words"]) == ("answered", found["words"])
    assert story.act(f"{path}/closing", "rae")["state"] == "closed"
    late = story.refused(f"{path}/answer", "studio", {"answer": "not_ours"})
    assert late == "The performer closed this case. Nothing was recorded."


def _they_ask_to_stop_and_get_an_answer(world: World, story: Story, grant: Body, use: Body) -> None:
    story.now = "2031-05-01T09:00:00Z"
    path = f"/v1/grants/{grant['id']}"
    pending = story.act(
        "/v1/uses",
        "studio",
        {"performer": world.ids["rae"], "work": world.ids["tides"], "use": "stunt", "shot": "S-13"},
    )
    before = story.see(f"{path}/revocation-preview", "rae")
    assert before["says"] == (
        "What was signed does not let new uses be stopped by asking alone. The wish is put on"
        " record, and the studio has to answer it by 15 May 2031, 09:00 UTC. Until it agrees, uses"
        " go on."
    )
    asked = story.act(f"{path}/revocation", "rae", {"reason": "I have changed."})
    assert (asked["state"], asked["effective_from"]) == ("active", None)
    decision = story.asked("rae", "tides")
    assert decision["outcome"] == "allow_with_obligations"
    assert said(decision, "W_WITHDRAWAL_ASKED") == (
        "Note: on 1 May 2031 the performer asked to stop new uses. What they signed does not let"
        " them yet; the studio has to answer them."
    )
    assert story.refused(f"{path}/revocation", "rae") == (
        "You asked for it on 1 May 2031, 09:00 UTC, and the studio has to answer by 15 May 2031,"
        " 09:00 UTC."
    )
    (waiting,) = story.see("/v1/grants?withdrawal=open", "studio")["data"]
    assert waiting["id"] == grant["id"]
    answer = f"{path}/withdrawal-answer"
    assert story.refused(answer, "studio", {"answer": "refused"}) == (
        "Say why not; the performer reads it. Nothing was recorded."
    )
    story.act(answer, "studio", {"answer": "refused", "words": "The picture is half finished."})
    assert story.see(path, "rae")["withdrawal_words"] == "The picture is half finished."
    # They ask once more, and this time the studio lets them.
    story.now = "2031-06-01T09:00:00Z"
    story.act(f"{path}/revocation", "rae")
    done = story.act(answer, "studio", {"answer": "accepted"})
    assert done["state"] == "revoked"
    assert [u["id"] for u in done["affected"]["in_flight"]] == [pending["id"]]
    assert [u["id"] for u in done["affected"]["finished"]] == [use["id"]]
    decision = story.asked("rae", "tides")
    assert said(decision, "D_REVOKED") == (
        "Stop. The performer took their yes back; it ended for new uses on 1 June 2031. What was"
        " finished before may go on being shown."
    )
    shown = story.asked("rae", "tides", use="exhibit", use_id=use["id"])
    assert shown["outcome"] == "allow"
    assert story.refused(f"/v1/uses/{pending['id']}/lock", "studio").startswith(
        "Stop. The performer took their yes back"
    )
