"""Acts of the wide world on organizations, people and who speaks for whom."""

from dataclasses import replace
from datetime import datetime

from app.agreements import texts
from app.registrar import agreements
from app.registrar.office import founder
from app.store.engine import act
from app.store.tx import Rendered
from tests.model.cast import FAMILY, UNIT
from tests.model.twin import OFFICE, Side
from tests.model.world import (
    QUIET_PERFORMER,
    Body,
    Move,
    World,
    named,
    newcomer,
    performer,
    way,
)

# Of some paper.
PAPER = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@way("organization.registered")
def _register(w: World) -> Move:
    kind = w.rng.choice(["studio", "union", "agency", "vendor"])
    return Move(OFFICE, "/v1/organizations", {"kind": kind, "name": f"House {w.rng.random()}"})


@way("organization.changed")
def _change_organization(w: World) -> Move:
    name = w.rng.choice(["oriel", "rival", "vendor", "guild"])
    path = f"/v1/organizations/{w.id(name)}"
    seen = w.read(OFFICE, path)
    return Move(OFFICE, path, {"name": f"The {name} {w.rng.random()}"}, "PATCH", seen.etag)


@way("organization.changed")
def _accept_rules(w: World) -> Move:
    name = w.rng.choice(["oriel", "rival", "plain"])
    path = f"/v1/organizations/{w.id(name)}"
    seen = w.read(name, path)
    body = {"registry_rules_accepted_on": w.day(w.rng.choice([0, 3]))}
    return Move(name, path, body, "PATCH", seen.etag)


@way("signatory.recorded")
def _sign(w: World) -> Move:
    studio, who = w.rng.choice([("oriel", OFFICE), ("rival", OFFICE), ("rival", "rival")])
    body = {"agreement": FAMILY, "starts_on": w.day(w.rng.choice([-400, 0, 5]))}
    return Move(
        who,
        f"/v1/organizations/{w.id(studio)}/signatories",
        body,
        after=lambda made: w.keep("signatory", made["id"], studio),
    )


@way("signatory.recorded")
def _confirm_signatory(w: World) -> Move | None:
    id_ = w.any_of("signatory")
    if id_ is None:
        return None
    path = f"/v1/organizations/{w.id(w.sides[id_][0])}/signatories/{id_}/confirmation"
    return Move(OFFICE, path)


@way("signatory.ended", sure=True)
def _end_signatory_at_once(w: World) -> Move:
    body = {"kind": "studio", "name": f"House {w.rng.random()}"}
    path = f"/v1/organizations/{w.cast.make(OFFICE, '/v1/organizations', body)['id']}/signatories"
    made = w.cast.make(OFFICE, path, {"agreement": FAMILY, "starts_on": w.day(-9)})
    return Move(OFFICE, f"{path}/{made['id']}/end", {"ends_on": w.day(6)})


@way("signatory.ended")
def _end_signatory(w: World) -> Move | None:
    id_ = w.any_of("signatory")
    if id_ is None:
        return None
    path = f"/v1/organizations/{w.id(w.sides[id_][0])}/signatories/{id_}/end"
    return Move(OFFICE, path, {"ends_on": w.day(w.rng.choice([6, 10]))})


@way("principal.added")
def _add_user(w: World) -> Move:
    name, role = w.rng.choice([("oriel", "studio_finance"), ("guild", "union_staff")])
    return Move(
        OFFICE,
        f"/v1/organizations/{w.id(name)}/users",
        {"role": role},
        after=lambda made: w.keep("user", made["id"], name, "users"),
    )


@way("principal.added")
def _add_client(w: World) -> Move:
    return Move(
        "oriel",
        f"/v1/organizations/{w.id('oriel')}/clients",
        {"name": "farm", "work": w.id("nova")},
        after=lambda made: w.keep("user", made["id"], "oriel", "clients"),
    )


@way("principal.suspended", sure=True)
def _suspend_at_once(w: World) -> Move:
    path = f"/v1/organizations/{w.id('oriel')}/users"
    made = w.cast.make(OFFICE, path, {"role": "studio_finance"})
    return Move(OFFICE, f"{path}/{made['id']}/suspension")


@way("principal.suspended")
def _suspend_user(w: World) -> Move | None:
    id_ = w.any_of("user")
    if id_ is None:
        return None
    name, kind = w.sides[id_]
    return Move(OFFICE, f"/v1/organizations/{w.id(name)}/{kind}/{id_}/suspension")


@way("performer.recorded")
def _record_performer(w: World) -> Move:
    name = f"P{w.rng.randrange(10**9)}"
    body: Body = {"name": name, "contact": f"{name}@example.org", "member_of": w.id("guild")}
    if w.rng.random() < 0.8:
        body["adult"] = True
    return Move("oriel", "/v1/performers", body, after=lambda made: w.keep("newcomer", made["id"]))


@way("performer.changed", sure=True)
def _change_quietly(w: World) -> Move:
    path = f"/v1/performers/{w.id(QUIET_PERFORMER)}"
    body = {"residence": w.rng.choice(["US-IL", "US-CA"])}
    return Move(QUIET_PERFORMER, path, body, "PATCH", w.read(QUIET_PERFORMER, path).etag)


@way("performer.changed")
def _change_performer(w: World) -> Move:
    name = performer(w)
    path = f"/v1/performers/{w.id(name)}"
    seen = w.read(name, path)
    body = {"residence": w.rng.choice(["US-IL", "US-CA", "US-NY", "DE"])}
    return Move(name, path, body, "PATCH", seen.etag)


@way("performer.claimed")
def _claim(w: World) -> Move | None:
    id_ = w.any_of("newcomer")
    if id_ is None:
        return None
    # A code is good for an hour, and a walk takes long steps.
    made = w.cast.twin.post(OFFICE, f"/v1/performers/{id_}/invitation")
    if not made.done:
        return None
    code = made.body["code"]
    return Move(
        None,
        f"/v1/performers/{id_}/claim",
        {"code": code},
        after=lambda made: _came(w, id_, made["principal"]),
    )


def _came(w: World, id_: str, principal: str) -> None:
    name = f"p{len(w.cast.ids)}"
    w.cast.ids[name] = id_
    w.cast.twin.people[name] = principal
    w.keep("claimed", id_)


@way("performer.vouched", sure=True)
def _vouch_for_newcomer(w: World) -> Move:
    return Move(OFFICE, f"/v1/performers/{w.id(newcomer(w))}/vouch")


@way("performer.vouched")
def _vouch(w: World) -> Move:
    id_ = w.any_of("claimed") or w.id("cleo")
    return Move(OFFICE, f"/v1/performers/{id_}/vouch")


@way("membership.stated", sure=True)
def _state_membership_of_newcomer(w: World) -> Move:
    name = newcomer(w)
    body = {"union": w.id("guild"), "unit": UNIT}
    return Move(name, f"/v1/performers/{w.id(name)}/memberships", body)


@way("membership.stated")
def _state_membership(w: World) -> Move:
    name = w.pick(["dana", "eve", *(named(w, id_) for id_ in w.made.get("claimed", []))])
    assert name is not None
    who = w.rng.choice([name, name, "officer"])
    union = "guild" if w.rng.random() < 0.8 else "lodge"
    return Move(
        who,
        f"/v1/performers/{w.id(name)}/memberships",
        {"union": w.id(union), "unit": w.rng.choice([UNIT, "background", None])},
        after=lambda made: w.keep("membership", made["id"], name, union, who),
    )


def _said_just_now(w: World) -> tuple[str, str]:
    """A newcomer, and the path of the membership that the newcomer says to have."""
    name = newcomer(w)
    path = f"/v1/performers/{w.id(name)}/memberships"
    made = w.cast.make(name, path, {"union": w.id("guild"), "unit": UNIT})
    return name, f"{path}/{made['id']}"


@way("membership.confirmed", sure=True)
def _confirm_at_once(w: World) -> Move:
    return Move("officer", f"{_said_just_now(w)[1]}/confirmation")


@way("membership.disputed", sure=True)
def _dispute_at_once(w: World) -> Move:
    return Move("officer", f"{_said_just_now(w)[1]}/dispute")


@way("membership.ended", sure=True)
def _end_at_once(w: World) -> Move:
    name, path = _said_just_now(w)
    w.cast.make("officer", f"{path}/confirmation")
    return Move(name, f"{path}/end", {"ends_on": w.day(w.rng.choice([0, 4]))})


def _membership(w: World, act: str, body: Body | None = None) -> Move | None:
    id_ = w.any_of("membership")
    if id_ is None:
        return None
    name, union, stated_by = w.sides[id_]
    officer = {"guild": "officer", "lodge": "stranger"}[union]
    other = officer if stated_by == name else name
    who = other if act == "confirmation" else w.rng.choice([name, officer])
    return Move(who, f"/v1/performers/{w.id(name)}/memberships/{id_}/{act}", body)


@way("membership.confirmed")
def _confirm_membership(w: World) -> Move | None:
    return _membership(w, "confirmation")


@way("membership.disputed")
def _dispute_membership(w: World) -> Move | None:
    return _membership(w, "dispute")


@way("membership.ended")
def _end_membership(w: World) -> Move | None:
    return _membership(w, "end", {"ends_on": w.day(w.rng.choice([0, 4]))})


@way("representation.stated")
def _represent(w: World) -> Move:
    name = performer(w)
    if name == "kid":
        person = {"name": "Pat Parent", "contact": "pat@example.org"}
        body: Body = {"kind": "guardian", "powers": ["sign"], "person": person}
        body["document_hash"] = PAPER
        who = OFFICE if w.rng.random() < 0.5 else "officer"
    else:
        kind, powers = w.rng.choice([("agent", ["bargain"]), ("attorney", ["sign"])])
        body, who = {"kind": kind, "powers": powers, "representative": w.id("agency")}, name
    return Move(
        who,
        f"/v1/performers/{w.id(name)}/representations",
        body,
        after=lambda made: _represented(w, name, made),
    )


def _represented(w: World, name: str, made: Body) -> None:
    if made["representative_id"].startswith("usr_"):
        w.cast.twin.people[f"for {made['id']}"] = made["representative_id"]
    w.keep("representation", made["id"], name)


@way("representation.verified")
def _verify(w: World) -> Move:
    path = f"/v1/performers/{w.id('cleo')}/representations"
    person = {"name": "Exec Utor", "contact": "exec@example.org"}
    body = {"kind": "executor", "powers": ["sign"], "person": person, "document_hash": PAPER}
    made = w.cast.make("officer", path, body)
    w.keep("representation", made["id"], "cleo")
    return Move(w.rng.choice([OFFICE, "officer"]), f"{path}/{made['id']}/verification")


@way("representation.stated", sure=True)
def _represent_quietly(w: World) -> Move:
    body = {"kind": "agent", "powers": ["bargain"], "representative": w.id("agency")}
    path = f"/v1/performers/{w.id(QUIET_PERFORMER)}/representations"
    return Move(QUIET_PERFORMER, path, body)


@way("representation.ended", sure=True)
def _end_representation_at_once(w: World) -> Move:
    name = newcomer(w)
    path = f"/v1/performers/{w.id(name)}/representations"
    body = {"kind": "agent", "powers": ["bargain"], "representative": w.id("agency")}
    made = w.cast.make(name, path, body)
    return Move(name, f"{path}/{made['id']}/end", {"ends_on": w.day(w.rng.choice([0, 9]))})


@way("representation.ended")
def _end_representation(w: World) -> Move | None:
    id_ = w.any_of("representation")
    if id_ is None:
        return None
    name = w.sides[id_][0]
    path = f"/v1/performers/{w.id(name)}/representations/{id_}/end"
    return Move(w.rng.choice([OFFICE, name]), path, {"ends_on": w.day(w.rng.choice([0, 9]))})


@way("agreement.loaded", "agreement.retired")
def _restart(w: World) -> Move:
    """Start with one pack less, and the next time with it again."""
    less = len(w.made.get("restart", [])) % 2 == 1
    w.keep("restart", "")
    return Move(OFFICE, "restart", run=lambda side, now: _keep(side, now, less=less))


def _keep(side: Side, now: datetime, *, less: bool) -> None:
    store = side.app.state.registry.store
    packs = store.packs
    if less:
        packs = replace(packs, packs=packs.packs[:-1])
    act(
        store,
        lambda tx: agreements.keep(tx, packs, texts(None)),
        actor=founder(),
        render=lambda _: Rendered(200, b""),
        now=now,
    )


@way("agreement.verified")
def _check_row(w: World) -> Move:
    row = w.rng.choice(["RG-01", "RG-03", "RG-07", "RG-08", "RG-13"])
    body = {"pack": "house@1", "row": row, "by": "Robin Vale", "source": "the text"}
    return Move(OFFICE, "/v1/agreements/verifications", body)
