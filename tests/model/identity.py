"""Acts of the wide world by which people come to their records, and records to one person."""

import smtplib
from datetime import datetime
from email.message import EmailMessage

from app.registrar import deliveries, invitations
from app.registrar.callers import NEWCOMER, Caller
from app.store.engine import act
from app.store.tx import Rendered
from tests.model.twin import OFFICE, Side
from tests.model.world import WIDE_PERFORMERS, Body, Move, World, newcomer, way


def _newcomer(w: World) -> str:
    """Somebody whom a studio has just put on record."""
    name = f"N{w.rng.randrange(10**9)}"
    body = {"name": name, "contact": f"{name}@example.org", "adult": True}
    made = w.cast.make("oriel", "/v1/performers", body)
    w.keep("newcomer", made["id"])
    return str(made["id"])


def _invited(w: World, way_: str) -> Body:
    """An invitation of somebody who has not claimed their record."""
    path = f"/v1/performers/{_newcomer(w)}/invitation"
    made: Body = w.cast.make("oriel", path, {"way": way_})
    return made


@way("invitation.made")
def _invite(w: World) -> Move | None:
    id_ = w.any_of("newcomer")
    if id_ is None:
        return None
    who, body = w.rng.choice([("oriel", {"way": "mail"}), ("oriel", {"way": "text"}), (OFFICE, {})])
    return Move(who, f"/v1/performers/{id_}/invitation", body)


@way("invitation.made", sure=True)
def _invite_at_once(w: World) -> Move:
    return Move("oriel", f"/v1/performers/{_newcomer(w)}/invitation", {"way": "mail"})


@way("invitation.opened")
def _open(w: World) -> Move:
    id_ = _invited(w, w.rng.choice(["mail", "text"]))["id"]
    return Move(None, "open", run=lambda side, now: _opened(side, side.own(id_), now))


def _opened(side: Side, id_: str, now: datetime) -> None:
    held = side.app.state.registry
    act(
        held.store,
        lambda tx: invitations.open_(tx, id_, held.post),
        actor=Caller("", NEWCOMER),
        render=lambda _: Rendered(200, b""),
        now=now,
    )


@way("delivery.tried", "delivery.sent")
def _deliver(w: World) -> Move:
    _invited(w, "mail")
    return Move(None, "deliver", run=lambda side, now: _delivered(side, now, _taken))


@way("delivery.failed")
def _give_up(w: World) -> Move:
    _invited(w, "mail")
    return Move(None, "deliver", run=lambda side, now: _delivered(side, now, _refused))


def _delivered(side: Side, now: datetime, send: deliveries.Send) -> None:
    held = side.app.state.registry
    deliveries.deliver(held.store, held.post, send, now=now)


def _taken(_mail: EmailMessage) -> None:
    return


def _refused(_mail: EmailMessage) -> None:
    raise smtplib.SMTPResponseException(554, b"no")


@way("delivery.handed")
def _hand(w: World) -> Move:
    path = f"/v1/performers/{_invited(w, 'text')['performer']}/invitation"
    newest = w.read(OFFICE, path).expect()["data"][0]
    return Move(OFFICE, f"/v1/deliveries/{newest['deliveries'][0]['id']}/handed")


@way("match.asked")
def _ask_after(w: World) -> Move:
    name = w.rng.choice(["Cleo Person", "Dana Person", "Nobody At All"])
    return Move(w.rng.choice(["oriel", "rival"]), "/v1/performers/match", {"name": name})


@way("match.answered")
def _answer(w: World) -> Move:
    name = w.rng.choice(["cleo", "dana"])
    asked = w.cast.make("rival", "/v1/performers/match", {"name": f"{name.title()} Person"})
    said = w.rng.choice(["yes", "no", "rather_not_say"])
    return Move(name, f"/v1/matches/{asked['id']}/answer", {"answer": said})


@way("merge.proposed")
def _propose(w: World) -> Move | None:
    # Whoever else is on record: a newcomer, or a performer with consents and uses of their own.
    other = w.rng.choice([w.any_of("newcomer"), *(w.id(name) for name in WIDE_PERFORMERS)])
    name = w.rng.choice(["cleo", "dana", "eve"])
    if other is None or other == w.id(name):
        return None
    return Move(
        OFFICE,
        f"/v1/performers/{w.id(name)}/merge",
        {"other": other, "reason": "One person with two names."},
        after=lambda made: w.keep("merge", made["id"], name),
    )


@way("merge.proposed", sure=True)
def _propose_newcomers(w: World) -> Move:
    path = f"/v1/performers/{w.id(newcomer(w))}/merge"
    return Move(OFFICE, path, {"other": _newcomer(w), "reason": "One person with two names."})


def _merge(w: World, state: str, *, doubted: bool = False) -> str:
    """The path of a merge in that state: often one that there is, else one of newcomers."""
    for name in ("cleo", "dana", "eve") if w.rng.random() < 0.5 else ():
        path = f"/v1/performers/{w.id(name)}/merge"
        for row in w.read(OFFICE, path).expect()["data"]:
            if row["state"] == state and (row["doubted_as"] is not None) == doubted:
                return f"{path}/{row['id']}"
    path = f"/v1/performers/{w.id(newcomer(w))}/merge"
    made = w.cast.make(OFFICE, path, {"other": _newcomer(w)})
    path = f"{path}/{made['id']}"
    if state == "merged":
        w.cast.make("bureau", f"{path}/confirmation")
    if doubted:
        w.cast.make(OFFICE, f"{path}/end", {"reason": "Two sisters."})
    return path


@way("merge.confirmed")
def _confirm(w: World) -> Move:
    return Move("bureau", f"{_merge(w, 'proposed')}/confirmation")


@way("merge.declined")
def _decline(w: World) -> Move:
    return Move("bureau", f"{_merge(w, 'proposed')}/end", {"reason": "Two persons."})


@way("merge.doubted")
def _doubt(w: World) -> Move:
    return Move(OFFICE, f"{_merge(w, 'merged')}/end", {"reason": "Two sisters."})


@way("merge.ended")
def _end(w: World) -> Move:
    return Move("bureau", f"{_merge(w, 'merged', doubted=True)}/confirmation")
