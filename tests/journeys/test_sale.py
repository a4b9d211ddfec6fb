"""The sale of a franchise: what stops, what goes on, what waits for whom, where the scans go."""

from dataclasses import dataclass, field
from typing import Any

from httpx2 import Response

from tests.api.consents import codes, key
from tests.support.inprocess import FAMILY, World

Body = dict[str, Any]

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_AUTUMN = "2026-12-01T15:00:00Z"
_SIGNED = "2027-02-10T15:00:00Z"
_DAY = "2027-03-01"
_FIRST_MORNING = "2027-03-01T09:00:00Z"
_ASKED = " Nothing was recorded except that you asked."


@dataclass
class Deal:
    """Who and what it is about, by name."""

    world: World
    works: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    replica: str = ""
    sale: str = ""
    before: int = 0

    @property
    def path(self) -> str:
        return f"/v1/sales/{self.sale}"


def send(
    world: World, when: str, method: str, path: str, who: str, body: Body | None = None
) -> Response:
    headers = {"Consent_Registry_Now": when} | (key() if method == "POST" else {})
    return world.send(method, path, who, body, **headers)


def done(world: World, when: str, path: str, who: str, body: Body | None = None) -> Body:
    answer = send(world, when, "POST", path, who, body)
    assert answer.status_code in {200, 201}, answer.text
    value: Body = answer.json()
    return value


def read(world: World, when: str, path: str, who: str) -> Body:
    answer = send(world, when, "GET", path, who)
    assert answer.status_code == 200, answer.text
    value: Body = answer.json()
    return value


def refused(world: World, when: str, path: str, who: str, body: Body | None = None) -> Body:
    answer = send(world, when, "POST", path, who, body)
    assert answer.status_code in {403, 404, 409, 422}, answer.text
    value: Body = answer.json()
    return value


def test_a_franchise_is_sold_and_nobody_is_sold_with_it(world: World) -> None:
    deal = a_franchise_with_a_film_out_and_one_in_work(world)
    the_union_stops_one_kind_of_use_of_this_studio(deal)
    the_admin_sells_it_as_of_a_day(deal)
    everybody_whom_it_touches_reads_of_it(deal)
    until_the_day_nothing_changes(deal)
    from_the_day_on_the_sellers_new_uses_stop(deal)
    the_buyers_wait_for_each_performer(deal)
    what_is_finished_is_shown_by_both(deal)
    the_block_went_along_until_the_union_lets_go(deal)
    the_scans_go_once_the_union_had_its_time(deal)
    the_vendor_destroys_its_copy_and_the_performer_sees_the_proof(deal)
    what_was_known_before_is_answered_as_it_was(deal)


def a_franchise_with_a_film_out_and_one_in_work(world: World) -> Deal:
    deal = Deal(world)
    signed = {"agreement": FAMILY, "starts_on": "2026-07-01", "union": world.ids["union"]}
    office = f"/v1/organizations/{world.ids['studio']}/signatories"
    done(world, _AUTUMN, office, "office", signed)
    top = done(world, _AUTUMN, "/v1/works", "studio", {"kind": "franchise", "title": "Halo"})
    deal.works["franchise"] = top["id"]
    for film, starts in (("first", "2026-08-03"), ("second", "2026-11-02")):
        body = {"kind": "film", "title": f"Halo, the {film}", "part_of": top["id"]}
        body |= {"agreement": FAMILY, "photography_start": starts}
        stated = body | {"content_tags": ["stunts"]}
        deal.works[film] = done(world, _AUTUMN, "/v1/works", "studio", stated)["id"]
    for name, film, terms in (
        ("ann", "first", {}),
        ("ann", "second", {}),
        ("bea", "second", {"assignable": True}),
        ("cleo", "second", {}),
    ):
        _says_yes(deal, name, film, terms)
    for name, film in (("ann", "first"), ("ann", "second"), ("cleo", "second")):
        asked = _question(deal, name, film, "s1")
        made = done(world, _AUTUMN, "/v1/uses", "studio", asked)
        assert made["state"] == "cleared", made["decision"]["reasons"]
        deal.uses[f"{name} {film}"] = made["id"]
    done(world, _AUTUMN, f"/v1/uses/{deal.uses['ann first']}/lock", "studio")
    done(world, _AUTUMN, f"/v1/uses/{deal.uses['ann first']}/release", "studio")
    scan = {"performer": world.ids["ann"], "origin_work": deal.works["second"]}
    scan |= {"made_before": "ab" * 32}
    scan |= {"custodian": world.ids["vendor"], "purpose": "the falls", "until_on": "2027-04-30"}
    deal.replica = done(world, _AUTUMN, "/v1/replicas", "studio", scan)["id"]
    return deal


def _says_yes(deal: Deal, name: str, film: str, terms: Body) -> None:
    """Known to the union, hired for the film, and agreed to what was asked."""
    world = deal.world
    if name not in world.people:
        if name not in world.ids:
            world.performer(name)
        world.claim(name)
        path = f"/v1/performers/{world.ids[name]}/memberships"
        stated = world.make(path, name, {"union": world.ids["union"], "unit": "performers"})
        world.make(f"{path}/{stated['id']}/confirmation", "officer")
    who: Body = {"performer": world.ids[name], "work": deal.works[film]}
    hired = who | {"rate": {"kind": "daily"}, "agreement": FAMILY}
    done(world, _AUTUMN, "/v1/engagements", "studio", hired)
    offer = who | {"uses": ["stunt", "face_replace"], "description": "falls from roofs"} | terms
    offer |= {"pay": {"kind": "days_x_rate"}}
    made = done(world, _AUTUMN, "/v1/grants", "studio", offer)
    accepted = {"terms_hash": made["terms_hash"]}
    done(world, _AUTUMN, f"/v1/grants/{made['id']}/acceptance", name, accepted)
    deal.grants[f"{name} {film}"] = made["id"]
    for use in ("stunt", "face_replace"):
        count = who | {"use": use, "days": "2", "basis": "the shooting plan"}
        done(world, _AUTUMN, "/v1/estimates", "studio", count)


def _question(deal: Deal, name: str, film: str, shot: str, use: str = "stunt") -> Body:
    named = {"performer": deal.world.ids[name], "work": deal.works[film]}
    return named | {"use": use, "shot": shot}


def _decision(deal: Deal, when: str, who: str, asked: Body) -> Body:
    found: Body = done(deal.world, when, "/v1/checks", who, asked)["decision"]
    return found


def _sentence(decision: Body, code: str) -> str:
    (found,) = [r["sentence"] for r in decision["reasons"] if r["code"] == code]
    return str(found)


def the_union_stops_one_kind_of_use_of_this_studio(deal: Deal) -> None:
    world, when = deal.world, "2027-02-01T09:00:00Z"
    body = {
        "kind": "grievance",
        "basis": "TT-32",
        "authority": "resolution 3 of the board",
        "scope": {"studio": world.ids["studio"], "uses": ["face_replace"]},
        "reason": "A grievance over faces is open.",
    }
    veto = done(world, when, "/v1/vetoes", "officer", body)
    path = f"/v1/organizations/{world.ids['union']}/users"
    world.people["second"] = world.make(path, "office", {"role": "union_officer"})["id"]
    done(world, when, f"/v1/vetoes/{veto['id']}/confirmation", "second")
    asked = _question(deal, "ann", "second", "s9", "face_replace")
    assert "D_UNION_VETO" in codes(_decision(deal, when, "studio", asked))
    deal.works["veto"] = veto["id"]


def the_admin_sells_it_as_of_a_day(deal: Deal) -> None:
    world = deal.world
    path = f"/v1/works/{deal.works['franchise']}/owner"
    body = {"owner": world.ids["rival"], "starts_on": _DAY, "assumes": ["residuals", "custody"]}
    assert refused(world, _SIGNED, path, "clearance", body)["status"] == 403
    debts = refused(world, _SIGNED, path, "studio", body | {"assumes": ["debts"]})
    assert debts["errors"][0]["pointer"] == "/assumes/0"
    deal.before = read(world, _SIGNED, "/v1/events", "studio")["next_after"]
    sale = done(world, _SIGNED, path, "studio", body)
    deal.sale = sale["id"]
    assert {work["title"] for work in sale["works"]} == {
        "Halo",
        "Halo, the first",
        "Halo, the second",
    }
    assert sale["debts"] == (
        "What is owed for uses made before the day stays owed by the seller, whatever the buyer"
        " takes on."
    )
    # Everybody is asked, in the act; who ticked it before has answered.
    assert {(c["grant_id"], c["answer"]) for c in sale["consents"]} == {
        (deal.grants["ann first"], "asked"),
        (deal.grants["ann second"], "asked"),
        (deal.grants["bea second"], "yes"),
        (deal.grants["cleo second"], "asked"),
    }
    assert {line["id"] for line in sale["stops"]} == {
        deal.uses["ann second"],
        deal.uses["cleo second"],
    }
    again = refused(world, _SIGNED, path, "studio", body)
    assert again["detail"].startswith("It is sold already, as of that day, or the buyer")
    # The buyer says so too; the seller cannot say it for them.
    confirmation = f"{deal.path}/confirmation"
    assert refused(world, _SIGNED, confirmation, "clearance")["status"] == 403
    assert refused(world, _SIGNED, confirmation, "studio")["status"] == 409
    agreed = done(world, _SIGNED, confirmation, "rival")
    assert (agreed["state"], agreed["starts_at"]) == ("agreed", f"{_DAY}T00:00:00.000000Z")


def everybody_whom_it_touches_reads_of_it(deal: Deal) -> None:
    world = deal.world
    mine = read(world, _SIGNED, deal.path, "ann")
    assert {c["grant_id"] for c in mine["consents"]} == {
        deal.grants["ann first"],
        deal.grants["ann second"],
    }
    assert {line["id"] for line in mine["stops"]} == {deal.uses["ann second"]}
    feed = read(world, _SIGNED, f"/v1/me/events?after={deal.before}", "cleo")["data"]
    assert [line["type"] for line in feed if "type" in line] == ["work.owner_changed"]
    theirs = read(world, _SIGNED, deal.path, "rival")
    assert len(theirs["consents"]) == len(deal.grants)
    assert theirs["stops"] == []
    # Of the one that passes on it reads the terms, and of no other.
    terms = {c["grant_id"]: "terms" in c for c in theirs["consents"]}
    assert [grant for grant, shown in terms.items() if shown] == [deal.grants["bea second"]]
    assert read(world, _SIGNED, deal.path, "officer")["consents"] == []
    assert refused(world, _SIGNED, deal.path + "/nothing", "stranger")["status"] == 404


def until_the_day_nothing_changes(deal: Deal) -> None:
    asked = _question(deal, "ann", "second", "s2")
    for when, who, code in (
        ("2027-02-28T23:59:59Z", "rival", "D_NO_CONSENT"),
        ("2027-03-01T00:00:00Z", "rival", "A_PASSING_ON"),
        ("2027-02-28T23:59:59Z", "studio", "O_PAY"),
        ("2027-03-01T00:00:00Z", "studio", "D_SOLD"),
    ):
        found = codes(_decision(deal, _SIGNED, who, asked | {"as_of": when}))
        assert code in found, (when, who, found)


def from_the_day_on_the_sellers_new_uses_stop(deal: Deal) -> None:
    world, open_ = deal.world, f"/v1/uses/{deal.uses['ann second']}"
    seen = read(world, "2027-02-28T12:00:00Z", open_, "studio")
    assert seen["held"] is False
    held = read(world, _FIRST_MORNING, open_, "studio")
    assert [one["kind"] for one in held["held_by"]] == ["sale"]
    answer = refused(world, _FIRST_MORNING, f"{open_}/lock", "studio")
    assert answer["reasons"][0]["sentence"] == (
        "Stop. This studio sold Halo, the second; from 1 March 2027 on its new uses there no"
        " longer rest on what the performer said yes to before. What was finished may go on being"
        " shown, and what the studio owes for uses made before it goes on owing."
    )
    assert answer["detail"].endswith(_ASKED)


def the_buyers_wait_for_each_performer(deal: Deal) -> None:
    world, when = deal.world, _FIRST_MORNING
    asked = _question(deal, "ann", "second", "s2")
    planned = done(world, when, "/v1/uses", "rival", asked)
    assert planned["state"] == "planned"
    assert _sentence(planned["decision"], "A_PASSING_ON") == (
        "Not yet. Halo, the second was sold to this studio from 1 March 2027 on. What the"
        " performer said yes to with the seller passes on only if they say so, and they have not."
    )
    said = {"sale": deal.sale, "answer": "yes"}
    ours = f"/v1/grants/{deal.grants['ann second']}/passing-on"
    studio = refused(world, when, ours, "rival", said)
    assert studio["detail"] == (
        "You cannot answer for this performer. Only they, or a person whose right to sign was"
        " proven, can. Nothing was recorded."
    )
    yes = done(world, when, ours, "ann", said)
    assert (yes["answer"], yes["signature"]["by"]) == ("yes", "performer")
    cleared = done(world, when, f"/v1/uses/{planned['id']}/recheck", "rival")
    assert cleared["state"] == "cleared", cleared["decision"]["reasons"]
    assert _sentence(cleared["decision"], "OK_PASSED_ON") == (
        "Halo, the second was sold to this studio from 1 March 2027 on, and the performer let"
        " what they said yes to with the seller pass on to it."
    )
    theirs = f"/v1/grants/{deal.grants['cleo second']}/passing-on"
    done(world, when, theirs, "cleo", said | {"answer": "no"})
    no = _decision(deal, when, "rival", _question(deal, "cleo", "second", "s2"))
    assert _sentence(no, "D_NOT_PASSED_ON") == (
        "Stop. Halo, the second was sold to this studio from 1 March 2027 on. The performer was"
        " asked whether what they said yes to with the seller passes on to it, and said no on"
        " 1 March 2027."
    )
    # Who ticked it when they signed need not be asked again.
    bea = done(world, when, "/v1/uses", "rival", _question(deal, "bea", "second", "s2"))
    assert bea["state"] == "cleared", bea["decision"]["reasons"]


def what_is_finished_is_shown_by_both(deal: Deal) -> None:
    shown = _question(deal, "ann", "first", "s1", "exhibit")
    for who in ("studio", "rival"):
        found = _decision(deal, _FIRST_MORNING, who, shown)
        assert found["outcome"].startswith("allow"), found["reasons"]
        assert "OK_RUNOFF" in codes(found)


def the_block_went_along_until_the_union_lets_go(deal: Deal) -> None:
    """It named the seller; what was under it stays under it, whoever owns it now."""
    world, when = deal.world, "2027-03-02T09:00:00Z"
    asked = _question(deal, "bea", "second", "s3", "face_replace")
    stopped = _decision(deal, when, "rival", asked)
    assert "D_UNION_VETO" in codes(stopped)
    waiver = {"studio": world.ids["rival"], "basis": "the buyer answered the grievance"}
    path = f"/v1/vetoes/{deal.works['veto']}/exceptions"
    assert refused(world, when, path, "stranger", waiver)["status"] == 404
    done(world, when, path, "officer", waiver)
    later = "2027-03-02T09:00:01Z"
    assert "D_UNION_VETO" not in codes(_decision(deal, later, "rival", asked))


def the_scans_go_once_the_union_had_its_time(deal: Deal) -> None:
    world, told = deal.world, "2027-03-03T20:00:00Z"
    gate = _question(deal, "ann", "first", "s1", "exhibit") | {"gate": "transfer"}
    gate |= {"replica": deal.replica, "work": deal.works["second"], "use": "stunt"}
    body = {"replica": deal.replica, "to": world.ids["rival"], "union": world.ids["union"]}
    body |= {"purpose": "They bought the franchise.", "responsibility": _HASH}
    assert refused(world, told, "/v1/transfers", "rival", body)["status"] == 404
    put = done(world, told, "/v1/transfers", "studio", body)
    assert (put["answer_by"], put["days_left"]) == ("2027-03-24", 21)
    assert put["at_zero"] == (
        "When the time is over and the union has said nothing, that is not a yes: the producer"
        " stays liable for what becomes of the replica."
    )
    path = f"/v1/transfers/{put['id']}"
    done(world, told, f"{path}/assumption", "rival", {"assumption": _HASH})
    early = refused(world, "2027-03-24T20:00:00Z", f"{path}/completion", "studio")
    assert early["detail"] == (
        "The union can still answer, until 24 March 2027. Nothing was recorded."
    )
    over = "2027-03-25T20:00:00Z"
    waits = _decision(deal, over, "studio", gate)
    assert _sentence(waits, "A_TRANSFER_OVERDUE") == (
        "Not yet. The union was told of the transfer on 3 March 2027 and had until 24 March 2027"
        " to answer; it has not. That nobody looked is not a yes. The producer can hand the"
        " replica over and stay liable for what becomes of it, or wait for the union."
    )
    gone = done(world, over, f"{path}/completion", "studio")
    assert (gone["state"], gone["producer_liable"]) == ("completed", True)


def the_vendor_destroys_its_copy_and_the_performer_sees_the_proof(deal: Deal) -> None:
    world, when = deal.world, "2027-05-02T09:00:00Z"
    (mine,) = read(world, when, "/v1/me/replicas", "ann")["data"]
    assert [(h["holder"], h["purpose"], h["overdue"]) for h in mine["holders"]] == [
        ("The vendor", "the falls", True),
        ("The rival", "They bought the franchise.", False),
    ]
    held = read(world, when, f"/v1/custodies?replica={deal.replica}", "vendor")["data"]
    (copy,) = (one["id"] for one in held if one["holder_id"] == world.ids["vendor"])
    bare = refused(world, when, f"/v1/custodies/{copy}/end", "vendor", {"how": "destroyed"})
    assert bare["detail"] == ("Give the hash of the destruction certificate. Nothing was recorded.")
    proof = {"how": "destroyed", "certificate": _HASH}
    assert refused(world, when, f"/v1/custodies/{copy}/end", "studio", proof)["status"] == 404
    done(world, when, f"/v1/custodies/{copy}/end", "vendor", proof)
    (mine,) = read(world, when, "/v1/me/replicas", "ann")["data"]
    assert mine["holders"][0]["certificate"] == _HASH
    assert mine["holders"][0]["overdue"] is False


def what_was_known_before_is_answered_as_it_was(deal: Deal) -> None:
    """Asked about March, with what was on record before the sale was: nobody had sold anything."""
    asked = _question(deal, "ann", "second", "s2") | {"as_of": _FIRST_MORNING}
    then = asked | {"known_at": deal.before}
    assert "D_SOLD" not in codes(_decision(deal, "2027-05-02T09:00:00Z", "studio", then))
    assert "D_SOLD" in codes(_decision(deal, "2027-05-02T09:00:00Z", "studio", asked))
