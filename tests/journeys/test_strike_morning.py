"""Strike morning: who is stopped and who is not, who is let through, and what the studio is told.

Told in the year 2028, so that the agreement runs when it begins and is over before it ends.
"""

from dataclasses import dataclass, field
from typing import Any

from httpx2 import Response

from tests.api.consents import codes, key
from tests.support.inprocess import FAMILY, World

Body = dict[str, Any]

_EVE = "2028-05-01T15:00:00Z"
_ASKED = " Nothing was recorded except that you asked."


@dataclass
class Morning:
    """Who and what it is about."""

    world: World
    films: dict[str, str] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    strike: str = ""


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


def refused(world: World, when: str, path: str, who: str, body: Body | None = None) -> Body:
    answer = send(world, when, "POST", path, who, body)
    assert answer.status_code in {409, 422}, answer.text
    value: Body = answer.json()
    return value


def test_a_strike_stops_those_whom_it_names_and_lets_go_when_it_is_lifted(world: World) -> None:
    morning = the_evening_before(world)
    a_strike_names_an_agreement_and_one_of_its_units(morning)
    it_takes_a_second_officer(morning)
    whom_it_names_is_stopped_and_nobody_else(morning)
    another_union_strikes_for_its_own_members_alone(morning)
    who_signs_an_interim_agreement_goes_on(morning)
    one_picture_is_let_through_for_two_days(morning)
    it_does_not_end_because_somebody_forgot_a_date(morning)
    when_it_is_lifted_the_studio_gets_its_list(morning)


def the_evening_before(world: World) -> Morning:
    """Two studios under one agreement; performers of both units, and one of another union."""
    morning = Morning(world)
    for studio in ("studio", "rival"):
        signed = {"agreement": FAMILY, "starts_on": "2026-07-01", "union": world.ids["union"]}
        path = f"/v1/organizations/{world.ids[studio]}/signatories"
        done(world, _EVE, path, "office", signed)
        film = {"kind": "film", "title": f"The film of {studio}", "content_tags": ["stunts"]}
        film |= {"agreement": FAMILY, "photography_start": "2028-04-03"}
        morning.films[studio] = done(world, _EVE, "/v1/works", studio, film)["id"]
    for day in ("2028-05-01", "2028-05-02"):
        counts = {"required_background": 25, "human_background": 25}
        body = counts | {"work": morning.films["studio"], "day": day}
        done(world, _EVE, "/v1/work-days", "studio", body)
    # The other union says that it is party to the same agreement.
    guild = f"/v1/organizations/{world.ids['guild']}"
    etag = world.get(guild, "office").headers["etag"]
    assert world.patch(guild, "office", {"agreements": [FAMILY]}, etag).status_code == 200
    for name, studio, union, unit in (
        ("ada", "studio", "union", "performers"),
        ("ben", "studio", "union", "background"),
        ("cyd", "studio", "guild", None),
        ("dee", "rival", "union", "performers"),
    ):
        _recorded(world, name, studio)
        _member(world, name, union, unit)
        _engaged(morning, name, studio)
        morning.uses[f"{name} open"] = _registered(morning, name, studio, "open")
    morning.uses["ada done"] = _registered(morning, "ada", "studio", "done")
    done(world, _EVE, f"/v1/uses/{morning.uses['ada done']}/lock", "studio")
    return morning


def _recorded(world: World, name: str, studio: str) -> None:
    body = {"name": name, "contact": f"{name}@performer.example", "adult": True}
    world.ids[name] = world.make("/v1/performers", studio, body)["id"]
    world.claim(name)


def _member(world: World, name: str, union: str, unit: str | None) -> None:
    path = f"/v1/performers/{world.ids[name]}/memberships"
    body = {"union": world.ids[union], "unit": unit, "starts_on": "2026-01-01"}
    if unit is not None:
        wrong = world.post(path, name, body | {"unit": "stand-ins"}).json()
        assert wrong["errors"][0]["pointer"] == "/unit"
        assert "the units are performers, background" in wrong["detail"]
    stated = world.make(path, name, body)
    officer = {"union": "officer", "guild": "stranger"}[union]
    world.make(f"{path}/{stated['id']}/confirmation", officer)


def _engaged(morning: Morning, name: str, studio: str) -> None:
    """Hired, asked, and agreed."""
    world, film = morning.world, morning.films[studio]
    match: Body = {"performer": world.ids[name]}
    role = "background" if name == "ben" else "principal"
    hired = match | {"work": film, "rate": {"kind": "daily"}, "role_class": role}
    hired |= {"agreement": FAMILY, "engaged_at": "2028-03-20T12:00:00Z"}
    done(world, _EVE, "/v1/engagements", studio, hired)
    terms = match | {"work": film, "uses": ["stunt", "crowd"], "description": "falls from roofs"}
    terms |= {"pay": {"kind": "days_x_rate"}}
    offer = done(world, _EVE, "/v1/grants", studio, terms)
    path = f"/v1/grants/{offer['id']}/acceptance"
    done(world, _EVE, path, name, {"terms_hash": offer["terms_hash"]})
    count = match | {"work": film, "use": "stunt", "days": "2", "basis": "the shooting plan"}
    done(world, _EVE, "/v1/estimates", studio, count)


def _question(morning: Morning, name: str, studio: str, shot: str) -> Body:
    use = "crowd" if name == "ben" else "stunt"
    named = {"performer": morning.world.ids[name], "work": morning.films[studio]}
    return named | {"use": use, "shot": shot}


def _registered(morning: Morning, name: str, studio: str, shot: str) -> str:
    made = done(morning.world, _EVE, "/v1/uses", studio, _question(morning, name, studio, shot))
    assert made["state"] == "cleared", (name, made["decision"]["reasons"])
    return str(made["id"])


def _decision(morning: Morning, when: str, name: str, studio: str = "studio") -> Body:
    asked = _question(morning, name, studio, "a new one")
    found: Body = done(morning.world, when, "/v1/checks", studio, asked)["decision"]
    return found


def _strike(**more: Any) -> Body:
    return {
        "kind": "strike",
        "basis": "TT-32",
        "authority": "strike order of the national board, 1 May 2028",
        "scope": {"agreement": FAMILY, "unit": "performers"},
        "reason": "The talks on replicas broke down.",
    } | more


def a_strike_names_an_agreement_and_one_of_its_units(morning: Morning) -> None:
    world, when = morning.world, "2028-05-02T07:00:00Z"
    alone = refused(world, when, "/v1/vetoes", "officer", _strike(scope={"agreement": FAMILY}))
    assert alone["errors"] == [
        {"pointer": "/scope/unit", "code": "required", "detail": "a strike names its unit"}
    ]
    unknown = _strike(scope={"agreement": FAMILY, "unit": "everybody"})
    answer = refused(world, when, "/v1/vetoes", "officer", unknown)
    assert answer["errors"][0]["pointer"] == "/scope/unit"
    assert answer["detail"] == (
        "scope/unit: `everybody` is no unit of this agreement; its units are performers,"
        " background. Nothing was recorded."
    )
    foreign = _strike(scope={"agreement": "other/radio", "unit": "performers"})
    answer = refused(world, when, "/v1/vetoes", "officer", foreign)
    assert answer["detail"].startswith("scope/unit: no units of `other/radio` are on file here")


def it_takes_a_second_officer(morning: Morning) -> None:
    world, when = morning.world, "2028-05-02T07:05:00Z"
    made = done(world, when, "/v1/vetoes", "officer", _strike())
    assert (made["state"], made["affected"]) == ("proposed", 0)
    morning.strike = f"/v1/vetoes/{made['id']}"
    # Until then it is a note and stops nobody.
    noted = _decision(morning, when, "ada")
    assert "W_VETO_FLAG" in codes(noted)
    assert "D_STRIKE" not in codes(noted)
    alone = refused(world, when, f"{morning.strike}/confirmation", "officer")
    assert "second officer" in alone["detail"].lower()
    path = f"/v1/organizations/{world.ids['union']}/users"
    world.people["second"] = world.make(path, "office", {"role": "union_officer"})["id"]
    confirmed = done(world, "2028-05-02T08:00:00Z", f"{morning.strike}/confirmation", "second")
    assert confirmed["state"] == "in_force"
    # Two performers of the unit, and one who works under the agreement and is in no unit of it.
    # What was locked before is not stopped.
    assert confirmed["affected"] == 3


def whom_it_names_is_stopped_and_nobody_else(morning: Morning) -> None:
    world, when = morning.world, "2028-05-02T09:00:00Z"
    new = _question(morning, "ada", "studio", "a new one")
    answer = refused(world, when, "/v1/uses", "studio", new)
    assert answer["reasons"][0]["sentence"] == (
        "Stop. The union has been on strike since 2 May 2028, 08:00 UTC (V-1). While it lasts, no"
        " replica stands in for somebody who could stay away from work."
    )
    assert answer["detail"].endswith(_ASKED)
    open_ = f"/v1/uses/{morning.uses['ada open']}"
    held = send(world, when, "GET", open_, "studio").json()
    assert [one["kind"] for one in held["held_by"]] == ["strike"]
    assert refused(world, when, f"{open_}/lock", "studio")["reasons"][0]["code"] == "D_STRIKE"
    # What was locked the evening before is not stopped, and may be let out.
    assert done(world, when, f"/v1/uses/{morning.uses['ada done']}/release", "studio")
    # The other unit works on.
    assert "D_STRIKE" not in codes(_decision(morning, when, "ben"))
    assert done(world, when, f"/v1/uses/{morning.uses['ben open']}/lock", "studio")
    assert "D_STRIKE" in codes(_decision(morning, when, "cyd"))


def another_union_strikes_for_its_own_members_alone(morning: Morning) -> None:
    """It says that it is party to the agreement; the studios signed with somebody else."""
    world, when = morning.world, "2028-05-02T09:30:00Z"
    seen = done(world, when, "/v1/vetoes/preview", "stranger", _strike())
    assert [line["id"] for line in seen["uses"]] == [morning.uses["cyd open"]]


def who_signs_an_interim_agreement_goes_on(morning: Morning) -> None:
    world, when = morning.world, "2028-05-03T10:00:00Z"
    path = f"{morning.strike}/exceptions"
    bare = refused(world, when, path, "officer", {"basis": "interim agreement"})
    assert bare["detail"].startswith("name the work or the studio that is let through")
    interim = {"studio": world.ids["rival"], "basis": "interim agreement of 3 May 2028"}
    made = done(world, when, path, "officer", interim)
    # What it holds is decided again; the union reads all of it, each studio its own.
    assert [line["id"] for line in made["redecided"]] == [morning.uses["dee open"]]
    assert made["redecided"][0]["outcome"] == "allow_with_obligations"
    (theirs,) = send(world, when, "GET", f"{morning.strike}/affected", "rival").json()["data"]
    assert (theirs["id"], theirs["outcome"]) == (morning.uses["dee open"], "allow_with_obligations")
    assert theirs["decided_at"] == "2028-05-03T10:00:00.000000Z"
    assert "D_STRIKE" not in codes(_decision(morning, when, "dee", "rival"))
    assert "D_STRIKE" in codes(_decision(morning, when, "ada"))


def one_picture_is_let_through_for_two_days(morning: Morning) -> None:
    world = morning.world
    waiver = {
        "work": morning.films["studio"],
        "basis": "waiver 7: the insurer's deadline",
        "starts_at": "2028-05-05T00:00:00Z",
        "ends_at": "2028-05-07T00:00:00Z",
    }
    path = f"{morning.strike}/exceptions"
    early = refused(
        world,
        "2028-05-04T10:00:00Z",
        path,
        "officer",
        waiver | {"ends_at": "2028-05-04T00:00:00Z"},
    )
    assert early["errors"][0]["pointer"] == "/ends_at"
    done(world, "2028-05-04T10:00:00Z", path, "officer", waiver)
    for when, stopped in (
        ("2028-05-04T23:59:59Z", True),
        ("2028-05-05T00:00:00Z", False),
        ("2028-05-06T23:59:59Z", False),
        ("2028-05-07T00:00:00Z", True),
    ):
        found = codes(_decision(morning, when, "ada"))
        assert ("D_STRIKE" in found) is stopped, when


def it_does_not_end_because_somebody_forgot_a_date(morning: Morning) -> None:
    # Its day of review is long over, and so is the agreement; a strike ends when it is lifted.
    world = morning.world
    review = send(world, "2028-05-08T09:00:00Z", "GET", morning.strike, "studio").json()
    assert review["review_by"] == "2028-07-31"
    for when, ended in (("2030-07-01T06:59:59Z", False), ("2030-07-01T07:00:00Z", True)):
        asked = _question(morning, "ada", "studio", "a new one") | {"as_of": when}
        answer = done(world, "2028-05-08T09:00:00Z", "/v1/checks", "studio", asked)
        found = codes(answer["decision"])
        assert "D_STRIKE" in found
        # The last day of the agreement is the thirtieth of June, in Los Angeles.
        assert ("W_AGREEMENT_EXPIRED" in found) is ended, when


def when_it_is_lifted_the_studio_gets_its_list(morning: Morning) -> None:
    world, when = morning.world, "2028-05-09T18:00:00Z"
    tip = send(world, when, "GET", "/v1/events", "studio").json()["next_after"]
    stranger = send(world, when, "POST", f"{morning.strike}/lift", "stranger", {})
    assert stranger.status_code == 404
    lifted = done(world, when, f"{morning.strike}/lift", "officer", {"reason": "Agreed."})
    names = ("ada open", "cyd open", "dee open")
    assert {line["id"] for line in lifted["redecided"]} == {morning.uses[name] for name in names}
    # The studio reads its own lines, and that it was told.
    listed = send(world, when, "GET", f"{morning.strike}/affected", "studio").json()["data"]
    assert [(line["id"], line["outcome"]) for line in listed] == [
        (morning.uses[name], "allow_with_obligations") for name in ("ada open", "cyd open")
    ]
    assert listed[0]["decided_at"] == "2028-05-09T18:00:00.000000Z"
    feed = send(world, when, "GET", f"/v1/events?after={tip}", "studio").json()["data"]
    assert [line["type"] for line in feed if "type" in line] == ["veto.lifted"]
    assert done(world, when, f"/v1/uses/{morning.uses['ada open']}/lock", "studio")
    again = refused(world, when, f"{morning.strike}/lift", "officer", {})
    assert again["detail"] == f"This veto is lifted.{_ASKED}"
    # The morning itself is answered as it was.
    asked = _question(morning, "ada", "studio", "a new one") | {"as_of": "2028-05-02T09:00:00Z"}
    then = done(world, when, "/v1/checks", "studio", asked)["decision"]
    assert "D_STRIKE" in codes(then)
    assert "D_STRIKE" not in codes(_decision(morning, when, "ada"))
