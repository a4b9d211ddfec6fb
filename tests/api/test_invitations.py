"""Invitations over HTTP: what the studio causes and never sees, and how messages are delivered."""

import re
from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.commands import CommandError, deliver
from app.main import create_app
from app.registrar import deliveries
from app.registrar.deliveries import Outcome, by_smtp
from app.settings import Settings
from tests.api.consents import offered, picture
from tests.support.inprocess import World
from tests.support.mail import MailServer, mail_server

_NAMES = count(1)


def newcomer(world: World, **more: Any) -> tuple[str, str]:
    """Somebody who is on record and has not claimed it: their name, and where they are invited."""
    name = f"i{next(_NAMES)}"
    world.performer(name, **more)
    return name, f"/v1/performers/{world.ids[name]}/invitation"


def sent(world: World, server: MailServer) -> list[Outcome]:
    """Deliver what waits, once."""
    held = world.app.state.registry
    return deliveries.deliver(held.store, held.post, by_smtp(server.url))


def link_in(text: str) -> str:
    """The path of the link that a message holds."""
    found = re.search(r"http://localhost:8000(/v1/invitations/\S+)", text)
    assert found is not None, text
    return found[1]


def code_in(text: str) -> str:
    found = re.search(r"^([A-Za-z0-9_-]{32})$", text, re.MULTILINE)
    assert found is not None, text
    return found[1]


def test_a_studio_lets_an_invitation_be_sent_and_sees_neither_link_nor_code(world: World) -> None:
    name, path = newcomer(world)
    film = picture(world)
    grant = offered(world, name, film)
    with mail_server() as server:
        made = world.post(path, "studio", {"way": "mail", "grant": grant["id"]})
        assert made.status_code == 201, made.text
        assert made.json().keys() == {"id", "performer", "way", "expires_at", "log_index"}
        assert made.json()["expires_at"] == grant["answer_by"]
        assert Outcome() in sent(world, server)
        mail = server.got[-1]
        assert mail["To"] == f"{name}@performer.example"
        assert mail["From"] == "registry@example.org"
        link = link_in(server.last())
        # To look changes nothing, so what looks at links ahead of a person opens none.
        assert world.http.get(link).json()["code_sent_by"] == "mail"
        opened = world.http.post(link)
        assert opened.status_code == 200, opened.text
        assert "code" not in opened.json()
        sent(world, server)
        first = code_in(server.last())
        world.http.post(link)
        sent(world, server)
        second = code_in(server.last())
    assert first != second
    claim = opened.json()["claim"]
    # Each opening makes a fresh code, and only the last is good.
    assert world.post(claim, None, {"code": first}).status_code == 404
    assert world.make(claim, None, {"code": second})["identity"] == "contact_confirmed"
    assert world.http.post(link).status_code == 404
    (row,) = world.get(path, "studio").json()["data"]
    assert (row["openings"], row["opened_at"] is None, row["used_at"] is None) == (2, False, False)
    assert [(one["kind"], one["state"]) for one in row["deliveries"]] == [
        ("link", "sent"),
        ("code", "sent"),
        ("code", "sent"),
    ]
    shown = world.get(f"/v1/performers/{world.ids[name]}", "studio").json()
    assert (shown["contact_stated_by"], shown["contact_confirmed"]) == (world.ids["studio"], True)
    everything = world.get(path, "studio").text + world.get("/v1/events?after=-1", "studio").text
    assert first not in everything
    assert link.rpartition(".")[2] not in everything


def test_a_code_that_went_to_another_contact_confirms_none(world: World) -> None:
    name, path = newcomer(world)
    person = f"/v1/performers/{world.ids[name]}"
    with mail_server() as server:
        world.make(path, "studio", {"way": "mail"})
        sent(world, server)
        link = link_in(server.last())
        opened = world.http.post(link).json()
        sent(world, server)
        first = code_in(server.last())
        etag = world.get(person, "studio").headers["etag"]
        contact = {"contact": f"known-{name}@performer.example"}
        assert world.patch(person, "studio", contact, etag).status_code == 200
        assert world.post(opened["claim"], None, {"code": first}).status_code == 404
        # The link goes on, and what it leads to goes to the contact that stands there now.
        world.http.post(link)
        sent(world, server)
        assert server.got[-1]["To"] == contact["contact"]
        second = code_in(server.last())
    world.make(opened["claim"], None, {"code": second})
    assert world.get(person, "studio").json()["contact_confirmed"] is True


def test_a_contact_that_nobody_confirmed_shows_as_the_studios_word(world: World) -> None:
    name, _ = newcomer(world, member_of=world.ids["union"])
    world.claim(name)
    # Passed on by hand, the code says nothing of who reads the contact on record.
    seen = world.get(f"/v1/performers/{world.ids[name]}", "officer").json()
    assert (seen["contact_stated_by"], seen["contact_confirmed"]) == (world.ids["studio"], False)
    own = world.get(f"/v1/performers/{world.ids[name]}", name).json()
    assert own["contact_confirmed"] is False
    again = f"/v1/performers/{world.ids[name]}"
    etag = world.get(again, name).headers["etag"]
    changed = world.patch(again, name, {"contact": "own@performer.example"}, etag).json()
    assert changed["contact_stated_by"] == world.ids[name]


def test_a_link_lives_for_fourteen_days_and_a_code_for_an_hour(world: World) -> None:
    _, path = newcomer(world)
    made = world.post(path, "office", Consent_Registry_Now="2090-01-01T00:00:00Z").json()
    assert made["expires_at"] == "2090-01-15T00:00:00.000000Z"
    assert made["code_expires_at"] == "2090-01-01T01:00:00.000000Z"
    link = link_in(made["link"])
    late = {"Consent_Registry_Now": "2090-01-01T01:00:00Z"}
    assert world.post(made["claim"], None, {"code": made["code"]}, **late).status_code == 404
    over = {"Consent-Registry-Now": "2090-01-15T00:00:00Z"}
    assert world.http.post(link, headers=over).status_code == 404
    assert world.http.get(link, headers=over).status_code == 404
    last = {"Consent-Registry-Now": "2090-01-14T23:50:00Z"}
    opened = world.http.post(link, headers=last).json()
    # A code never outlives its link.
    assert opened["code_expires_at"] == "2090-01-15T00:00:00.000000Z"


def test_by_hand_the_inviter_passes_on_the_code_of_each_opening(world: World) -> None:
    name, path = newcomer(world)
    made = world.make(path, "office")
    opened = world.http.post(link_in(made["link"]))
    assert opened.json()["code_sent_by"] == "hand"
    waiting = world.get("/v1/deliveries", "office").json()["data"]
    (line,) = [one for one in waiting if one["performer"] == world.ids[name]]
    assert (line["kind"], line["to"]) == ("code", f"{name}@performer.example")
    handed = f"/v1/deliveries/{line['id']}/handed"
    assert world.post(handed, "stranger").status_code == 404
    assert world.make(handed, "office")["state"] == "handed"
    assert world.post(handed, "office").status_code == 409
    assert world.post("/v1/deliveries/dlv_00000000000000000000000000/handed", "office").status_code
    assert world.post(made["claim"], None, {"code": made["code"]}).status_code == 404
    code = code_in(line["text"])
    assert world.make(made["claim"], None, {"code": code})["identity"] == "contact_confirmed"


def test_without_a_mail_server_the_office_copies_the_words(world: World) -> None:
    name, path = newcomer(world)
    world.make(path, "studio", {"way": "text"})
    lines = world.get("/v1/deliveries", "office").json()["data"]
    (line,) = [one for one in lines if one["performer"] == world.ids[name]]
    assert line["way"] == "text"
    assert line["text"].startswith("Somebody put you on record in the consent registry at http")
    assert "Whoever sends you this cannot sign for you." in line["text"]
    assert world.http.get(link_in(line["text"])).status_code == 200
    # What a studio lets be sent is no business of a union that did not invite.
    officers = world.get("/v1/deliveries", "officer").json()["data"]
    assert name not in str(officers)


def test_a_studio_holds_no_invitation_itself(world: World) -> None:
    name, path = newcomer(world)
    for body in (None, {"way": "hand"}):
        refused = world.post(path, "studio", body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/way")
    assert world.post(path, "rival", {"way": "mail"}).status_code == 404
    world.claim(name)
    claimed = world.post(path, "studio", {"way": "mail"})
    assert claimed.status_code == 409
    assert claimed.json()["detail"] == "The record is claimed already. Nothing was recorded."


def test_what_an_invitation_names_has_to_fit(world: World) -> None:
    _, path = newcomer(world, contact="+1 555 0100")
    no_mail = world.post(path, "studio", {"way": "mail"})
    assert no_mail.json()["errors"][0]["code"] == "no-address"
    other, _ = newcomer(world)
    grant = offered(world, other, picture(world))["id"]
    of_another = world.post(path, "studio", {"way": "text", "grant": grant})
    assert of_another.json()["errors"][0]["code"] == "of-another"
    world.make(f"/v1/grants/{grant}/withdrawal", "studio", {})
    path = f"/v1/performers/{world.ids[other]}/invitation"
    over = world.post(path, "studio", {"way": "mail", "grant": grant})
    assert over.json()["errors"][0]["code"] == "not-open"


@pytest.mark.parametrize("link", ["inv_x", "inv_x.y", "inv_01k9zq3v5rfm8t4cy2x7d6ahwe.AAAA"])
def test_a_guessed_link_leads_nowhere(world: World, link: str) -> None:
    answer = world.http.post(f"/v1/invitations/{link}")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("This link leads to no open invitation")


def test_nobody_floods_a_mailbox(world: World) -> None:
    _, path = newcomer(world)
    at = {"Consent_Registry_Now": "2092-01-01T00:00:00Z"}
    made = [world.post(path, "studio", {"way": "mail"}, **at).status_code for _ in range(11)]
    assert made == [201] * 10 + [429]
    _, other = newcomer(world)
    link = link_in(world.post(other, "office", None, **at).json()["link"])
    headers = {"Consent-Registry-Now": "2092-01-01T00:00:00Z"}
    opened = [world.http.post(link, headers=headers).status_code for _ in range(11)]
    assert opened == [200] * 10 + [429]


def test_codes_that_do_not_fit_are_counted_for_who_sends_them(world: World) -> None:
    name, path = newcomer(world)
    at = {"Consent_Registry_Now": "2092-02-01T00:00:00Z"}
    code = world.post(path, "office", None, **at).json()["code"]
    claim = f"/v1/performers/{world.ids[name]}/claim"
    tried = [world.post(claim, None, {"code": "not-the-code"}, **at) for _ in range(21)]
    assert [answer.status_code for answer in tried] == [404] * 20 + [429]
    later = {"Consent_Registry_Now": "2092-02-01T00:01:00Z"}
    assert world.post(claim, None, {"code": code}, **later).status_code == 200


def test_a_refused_address_is_given_up_and_passed_on_by_hand(world: World) -> None:
    name, path = newcomer(world)
    world.make(path, "studio", {"way": "mail"})
    with mail_server() as server:
        server.answer = "550 no such user"
        assert Outcome("the mail server refused the address", final=True) in sent(world, server)
    (row,) = world.get(path, "studio").json()["data"]
    assert [(one["state"], one["failure"]) for one in row["deliveries"]] == [
        ("failed", "the mail server refused the address")
    ]
    lines = world.get("/v1/deliveries", "office").json()["data"]
    assert world.ids[name] in {one["performer"] for one in lines}


def test_a_server_that_is_away_is_tried_again_later(world: World) -> None:
    _, path = newcomer(world)
    world.make(path, "studio", {"way": "mail"})
    with mail_server() as server:
        server.answer = "451 later"
        assert any(outcome.failure and not outcome.final for outcome in sent(world, server))
        (row,) = world.get(path, "studio").json()["data"]
        assert [(one["state"], one["tries"]) for one in row["deliveries"]] == [("waiting", 1)]
        # It is not tried again at once.
        assert sent(world, server) == []
    nowhere = by_smtp("smtp://127.0.0.1:1")
    held = world.app.state.registry
    _, other = newcomer(world)
    world.make(other, "studio", {"way": "mail"})
    assert deliveries.deliver(held.store, held.post, nowhere) == [
        Outcome("the mail server does not answer")
    ]


def test_a_contact_that_is_no_address_any_more_is_given_up(world: World) -> None:
    name, path = newcomer(world)
    world.make(path, "studio", {"way": "mail"})
    record = f"/v1/performers/{world.ids[name]}"
    world.patch(record, "studio", {"contact": "+1 555 0100"}, '"v1"')
    with mail_server() as server:
        assert Outcome("no mail address", final=True) in sent(world, server)
        assert f"{name}@performer.example" not in {mail["To"] for mail in server.got}


def test_a_code_that_another_followed_is_not_sent_any_more(world: World) -> None:
    _, path = newcomer(world)
    world.make(path, "studio", {"way": "mail"})
    with mail_server() as server:
        sent(world, server)
        link = link_in(server.last())
        world.http.post(link)
        world.http.post(link)
        assert sorted(str(one.failure) for one in sent(world, server)) == ["None", "too late"]


def test_a_mail_server_that_will_not_be_spoken_to_safely_gets_nothing(world: World) -> None:
    _, path = newcomer(world)
    with mail_server() as server:
        # What others left waiting goes first.
        sent(world, server)
        server.got.clear()
        server.hello = "250-mail.example\r\n250 STARTTLS"
        world.make(path, "studio", {"way": "mail"})
        assert sent(world, server) == [Outcome("the mail server answered 454")]
        assert server.got == []
        # A password is not shown to a server that does not ask for it in a way that is known.
        server.hello = "250 mail.example"
        server.url_user = "registry:secret"
        world.make(path, "studio", {"way": "mail"})
        assert sent(world, server) == [Outcome("the mail server does not answer")]


def test_serving_delivers_what_waits(world: World) -> None:
    _, path = newcomer(world)
    world.make(path, "studio", {"way": "mail"})
    with mail_server() as server:
        settings = world.app.state.registry.settings.model_copy(update={"smtp_url": server.url})
        with TestClient(create_app(settings)):
            assert server.came.wait(20)
    assert "Somebody put you on record" in server.last()


def test_the_command_delivers_once(world: World) -> None:
    _, path = newcomer(world)
    world.make(path, "studio", {"way": "mail"})
    with mail_server() as server:
        settings = world.app.state.registry.settings.model_copy(update={"smtp_url": server.url})
        assert Outcome() in deliver(settings)
        assert deliver(settings) == []


def test_the_command_needs_a_mail_server() -> None:
    with pytest.raises(CommandError, match="SMTP_URL"):
        deliver(Settings())
    with pytest.raises(ValueError, match="smtp://"):
        by_smtp("http://mail.example")
