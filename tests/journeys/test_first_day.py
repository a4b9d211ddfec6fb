"""The first day at a studio: a principal, the background, and a minor, each with what is theirs.

Told over HTTP in order. Whatever is refused on the way is refused in words that say what to do.
"""

from typing import Any

import pytest

from app.store import engine
from app.store.replay import replay
from tests.journeys.test_late_estate import Story
from tests.support.inprocess import FAMILY, World

NOT_YOURS = (
    "You cannot answer for this performer. Only they, or a person whose right to sign was proven, "
    "can. Nothing was recorded."
)
SHA = {name: f"{n:02x}" * 32 for n, name in enumerate(("proof", "ada", "bo", "cy", "dee"), 1)}


@pytest.fixture
def story(world: World) -> Story:
    return Story(world, now="2029-02-05T09:00:00Z")


def said(decision: dict[str, Any], code: str) -> str:
    """The sentence of one reason."""
    found: str = next(r["sentence"] for r in decision["reasons"] if r["code"] == code)
    return found


def test_the_first_day_at_a_studio(world: World, story: Story) -> None:
    _the_office_puts_the_studio_in_order(world, story)
    _a_film_is_announced(world, story)
    _the_principal_is_asked_and_signs(world, story)
    _the_principal_is_scanned_with_notice(world, story)
    _the_background_signs_on_paper(world, story)
    _one_of_them_says_that_it_is_not_theirs(world, story)
    _the_number_of_people_on_the_day_is_kept(world, story)
    _a_minor_works_with_a_guardian(world, story)
    with engine.reading(world.app.state.registry.store) as session:
        assert replay(session).differences == []


def _the_office_puts_the_studio_in_order(world: World, story: Story) -> None:
    """The agreement counts once the office, and not the studio alone, has said so."""
    path = f"/v1/organizations/{world.ids['studio']}"
    signed = {"agreement": FAMILY, "union": world.ids["union"], "starts_on": "2023-11-09"}
    story.act(f"{path}/signatories", "office", signed)
    with_role = story.act(f"{path}/users", "studio", {"role": "studio_clearance", "name": "Clear"})
    world.people["clearance"] = with_role["id"]
    officer = story.refused(f"{path}/users", "studio", {"role": "union_officer"})
    assert officer == (
        "In a studio a person is `studio_admin`, `studio_clearance`, `studio_finance`. Nothing was"
        " recorded."
    )


def _a_film_is_announced(world: World, story: Story) -> None:
    film = {
        "kind": "film",
        "title": "Harbour Lights",
        "ref": "day:film",
        "agreement": FAMILY,
        "photography_start": "2029-02-05",
        "content_tags": ["stunts", "dialogue"],
    }
    world.ids["film"] = story.act("/v1/works", "clearance", film)["id"]
    twice = story.refused("/v1/works", "clearance", film)
    assert twice == "`day:film` already names a work. Nothing was recorded."


def _the_principal_is_asked_and_signs(world: World, story: Story) -> None:
    """The studio proposes and never answers; the performer asks for changes, and gets them."""
    person = {"name": "Mara Day", "contact": "mara@performer.example", "birth_date": "1990-01-01"}
    mara = story.act("/v1/performers", "clearance", person | {"ref": "day:mara"})["id"]
    world.ids["mara"] = mara
    hired = {"performer": mara, "work": "ref:day:film", "rate": {"kind": "daily"}}
    world.ids["job"] = story.act("/v1/engagements", "clearance", hired)["id"]
    assert said(story.asked("mara", "film"), "D_NO_CONSENT") == (
        "Stop. The performer has not said yes to this use. Nobody has asked them yet. Send a"
        " request. Until they sign, the answer is no."
    )
    asked = {
        "performer": mara,
        "work": "ref:day:film",
        "uses": ["scan", "stunt"],
        "description": "falls from the quay, scenes 12-14",
        "pay": {"kind": "days_x_rate"},
    }
    made = story.act("/v1/grants", "clearance", asked)
    path = f"/v1/grants/{made['id']}"
    signs = {"terms_hash": made["terms_hash"]}
    assert story.refused(f"{path}/acceptance", "clearance", signs) == NOT_YOURS
    by_hand = story.refused(f"/v1/performers/{mara}/invitation", "clearance", {"way": "hand"})
    assert by_hand == (
        "A studio lets an invitation be sent by `mail` or `text`, and never holds it itself. "
        "Nothing was recorded."
    )
    _claims(story, "mara")
    other = {"exclusions": [{"axis": "use", "value": "train_model"}], "presigned": True}
    read = story.send("GET", path, "mara").headers["etag"]
    answer = story.send("POST", f"{path}/counter-offers", "mara", other, If_Match=read)
    assert answer.status_code == 200, answer.text
    late = story.refused(f"{path}/acceptance", "mara", {"terms_hash": "0" * 64})
    assert "none of the versions of this request" in late
    assert "Nothing was signed. Read that one." in late
    taken = {"terms_hash": answer.json()["proposal"]["terms_hash"]}
    read = answer.headers["etag"]
    closed = story.send("POST", f"{path}/amendments", "clearance", taken, If_Match=read)
    assert (closed.status_code, closed.json()["state"]) == (200, "active"), closed.text
    world.ids["mara_grant"] = made["id"]
    estimate = "Not yet. Nobody has entered how many shooting days the replica saves."
    assert said(story.asked("mara", "film"), "A_DAYS_ESTIMATE").startswith(estimate)
    days = {"performer": mara, "work": world.ids["film"], "use": "stunt", "days": "2"}
    story.act("/v1/estimates", "clearance", days | {"basis": "Two days of falls."})
    decision = story.asked("mara", "film")
    assert decision["outcome"] == "allow_with_obligations", decision["reasons"]
    training = story.asked("mara", "film", use="train_model")
    assert said(training, "D_EXCLUDED").startswith("Stop. The performer has ruled this out")


def _the_principal_is_scanned_with_notice(world: World, story: Story) -> None:
    """Two days ahead, and with a reason that the studio can name."""
    story.now = "2029-02-05T10:00:00Z"
    soon = {"engagement": world.ids["job"], "starts_at": "2029-02-06T09:00:00Z"}
    session = story.act("/v1/capture-sessions", "clearance", soon)["id"]
    asked = {"use": "scan", "capture_session": session}
    early = story.asked("mara", "film", **asked)
    assert said(early, "A_NOTICE_48H") == (
        "Not yet. The performer has to be told 48 hours before a session, or when hired if that is"
        " later. The session can begin on 7 February 2029, 10:00 UTC at the earliest."
    )
    assert "Nobody has entered why the scan is needed." in said(early, "A_BUSINESS_REASON")
    later = {"starts_at": "2029-02-07T11:00:00Z", "business_reason": "Falls of eight metres."}
    path = f"/v1/capture-sessions/{session}"
    read = story.send("GET", path, "clearance").headers["etag"]
    moved = story.send("PATCH", path, "clearance", later, If_Match=read)
    assert moved.status_code == 200, moved.text
    ready = story.asked("mara", "film", **asked)
    assert ready["outcome"] == "allow_with_obligations", ready["reasons"]


def _the_background_signs_on_paper(world: World, story: Story) -> None:
    """One description, a row for each person; one row is wrong, and costs nobody else."""
    rows = [
        {
            "performer": {
                "name": f"{name.title()} Crowd",
                "contact": f"{name}@performer.example",
                "ref": f"day:{name}",
                "birth_date": "1999-05-05",
            },
            "engagement": {"rate": {"kind": "daily"}},
            "signed_on": "2029-02-05",
            "sha256": SHA[name],
            "original": "Production office, folder 3",
            "ref": f"rider:{name}",
        }
        for name in ("ada", "bo", "cy", "dee")
    ]
    rows[3]["sha256"] = "the scan itself"
    roll = {
        "work": "ref:day:film",
        "uses": ["crowd"],
        "description": "filling the quay, scene 3",
        "pay": {"kind": "days_x_rate"},
        "rows": rows,
    }
    done = story.act("/v1/riders", "clearance", roll)
    assert (done["recorded"], done["left_out"]) == (3, 1)
    assert done["rows"][3]["errors"][0]["pointer"] == "/sha256"
    rows[3]["sha256"] = SHA["dee"]
    again = story.act("/v1/riders", "clearance", roll)
    assert (again["recorded"], again["left_out"]) == (1, 3)
    for name, line in zip(("ada", "bo", "cy"), done["rows"], strict=False):
        world.ids[name] = line["performer_id"]
    world.ids["dee"] = again["rows"][3]["performer_id"]
    story.now = "2029-02-06T09:00:00Z"
    decision = story.asked("ada", "film", use="crowd")
    assert said(decision, "W_PAPER_NOT_CONFIRMED") == (
        "Note: the studio says that the consent was signed on paper on 5 February 2029. The"
        " performer has not confirmed it here."
    )


def _one_of_them_says_that_it_is_not_theirs(world: World, story: Story) -> None:
    """Ada confirms; Bo never signed, and what rests on it waits."""
    for name in ("ada", "bo"):
        _claims(story, name)
    for name in ("ada", "bo"):
        found = story.see("/v1/grants/ref:rider:" + name, "clearance")
        world.ids[f"{name}_grant"], world.ids[f"{name}_hash"] = found["id"], found["terms_hash"]
    path = f"/v1/grants/{world.ids['ada_grant']}/acceptance"
    signs = {"terms_hash": world.ids["ada_hash"]}
    assert story.refused(path, "clearance", signs) == NOT_YOURS
    story.act(path, "ada", signs)
    decision = story.asked("ada", "film", use="crowd")
    assert "W_PAPER_NOT_CONFIRMED" not in {r["code"] for r in decision["reasons"]}
    dispute = f"/v1/grants/{world.ids['bo_grant']}/signature-dispute"
    assert story.refused(dispute, "clearance") == NOT_YOURS
    story.act(dispute, "bo", {"reason": "I was not there that day."})
    assert said(story.asked("bo", "film", use="crowd"), "A_SIGNATURE_DISPUTED") == (
        "Not yet. The performer says that the signature of 5 February 2029 is not theirs. Nothing"
        " new rests on it until that is settled."
    )


def _the_number_of_people_on_the_day_is_kept(world: World, story: Story) -> None:
    """Replicas do not make up for people who were not called."""
    counts = {"required_background": 25, "human_background": 20, "day": "2029-02-06"}
    story.act("/v1/work-days", "clearance", counts | {"work": world.ids["film"]})
    crowd = {"use": "crowd", "quantity": {"performers": 5}, "on": "2029-02-06"}
    decision = story.asked("ada", "film", **crowd)
    assert said(decision, "D_BG_COUNT") == (
        "Stop. Background performers that the contract asks for on 6 February 2029: 25; there in"
        " person: 20. Replicas do not make up the number."
    )
    question = {"performer": world.ids["ada"], "work": world.ids["film"], **crowd}
    refused = story.refused("/v1/uses", "clearance", question)
    assert refused.startswith("Stop. Background performers")


def _a_minor_works_with_a_guardian(world: World, story: Story) -> None:
    """A child signs nothing alone; a guardian whose right was proven does, not for everything."""
    child = {"name": "Pip Day", "contact": "family@performer.example", "adult": False}
    lacks = story.refused("/v1/performers", "clearance", child)
    assert lacks == "For a minor, give `birth_date`. Nothing was recorded."
    made = story.act("/v1/performers", "clearance", child | {"birth_date": "2019-06-01"})
    pip = world.ids["pip"] = made["id"]
    hired = {"performer": pip, "work": world.ids["film"], "rate": {"kind": "daily"}}
    story.act("/v1/engagements", "clearance", hired)
    asked = {
        "performer": pip,
        "work": world.ids["film"],
        "uses": ["stunt"],
        "description": "runs along the quay, scene 20",
        "pay": {"kind": "bargained_flat", "amount": {"amount": "5000.00", "currency": "USD"}},
    }
    offered = story.act("/v1/grants", "clearance", asked)
    _claims(story, "pip")
    path = f"/v1/grants/{offered['id']}/acceptance"
    signs = {"terms_hash": offered["terms_hash"]}
    assert story.refused(path, "pip", signs) == (
        "A guardian whose right was proven signs for a minor. Nothing was signed."
    )
    guardian = {
        "kind": "guardian",
        "powers": ["view", "sign"],
        "person": {"name": "Gale Day", "contact": "gale@performer.example"},
        "starts_on": "2019-06-01",
    }
    proofs = f"/v1/performers/{pip}/representations"
    assert story.refused(proofs, "office", guardian) == (
        "Give the SHA-256 of the paper that proves the guardian's right. Nothing was recorded."
    )
    proven = story.act(proofs, "office", guardian | {"document_hash": SHA["proof"]})
    world.people["gale"] = proven["representative_id"]
    assert story.act(path, "gale", signs)["state"] == "active"
    days = {"performer": pip, "work": world.ids["film"], "use": "stunt", "days": "1"}
    story.act("/v1/estimates", "clearance", days | {"basis": "One day of running."})
    decision = story.asked("pip", "film")
    assert decision["outcome"] == "allow_with_obligations", decision["reasons"]
    barred = story.asked("pip", "film", description={"tags": ["nudity"]})
    assert said(barred, "D_MINOR_SEXUAL") == (
        "Stop. A replica of a person who is or was a minor is never shown naked or in simulated"
        " sexual activity, whatever age it shows. Nobody can allow this."
    )


def _claims(story: Story, name: str) -> None:
    """The person takes over their record, with a code that no studio saw."""
    path = f"/v1/performers/{story.world.ids[name]}"
    code = story.act(f"{path}/invitation", "office", {})["code"]
    answer = story.world.post(f"{path}/claim", None, {"code": code}, Consent_Registry_Now=story.now)
    assert answer.status_code == 200, answer.text
    story.world.people[name] = answer.json()["principal"]
