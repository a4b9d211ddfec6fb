"""Acts of the wide world that stop uses, and that let them go on."""

from collections.abc import Mapping
from datetime import timedelta

from tests.model.cast import FAMILY, UNIT
from tests.model.twin import OFFICE
from tests.model.world import (
    QUIET_PERFORMER,
    QUIET_STUDIO,
    QUIET_WORK,
    Body,
    Move,
    World,
    in_state,
    newcomer,
    performer,
    way,
)


def _pause(w: World) -> Body:
    ends_at = w.later(hours=w.rng.choice([1, 6]))
    soon = w.later(minutes=40)
    return w.rng.choice([{}, {"ends_at": ends_at}, {"starts_at": soon, "ends_at": ends_at}])


@way("suspension.started")
def _suspend(w: World) -> Move:
    found = in_state(w, "active") if w.rng.random() < 0.5 else None
    if found is not None:
        return Move(found[2], f"/v1/grants/{found[0]}/suspension", _pause(w))
    name = performer(w)
    return Move(name, f"/v1/performers/{w.id(name)}/suspensions", _pause(w))


@way("suspension.ended", sure=True)
def _resume_quietly(w: World) -> Move:
    path = f"/v1/performers/{w.id(QUIET_PERFORMER)}"
    w.cast.make(QUIET_PERFORMER, f"{path}/suspensions", {})
    return Move(QUIET_PERFORMER, f"{path}/resumption")


@way("suspension.ended")
def _resume(w: World) -> Move:
    name = performer(w)
    path = f"/v1/performers/{w.id(name)}"
    if w.rng.random() < 0.8:
        w.cast.make(name, f"{path}/suspensions", {})
    return Move(name, f"{path}/resumption")


@way("court_order.recorded")
def _order(w: World) -> Move:
    about = w.rng.choice(
        [{"performer": w.id(performer(w))}, {"work": w.id("nova")}, {"studio": w.id("rival")}]
    )
    body: Body = {"reference": f"CV-{w.rng.randrange(999)}", **about}
    if w.rng.random() < 0.3:
        body["starts_at"] = w.later(days=1)
    return Move(OFFICE, "/v1/court-orders", body, after=lambda made: w.keep("order", made["id"]))


@way("court_order.ended", sure=True)
def _end_order_at_once(w: World) -> Move:
    body = {"reference": "CV-1", "studio": w.id("rival")}
    made = w.cast.make(OFFICE, "/v1/court-orders", body)
    return Move(OFFICE, f"/v1/court-orders/{made['id']}/end")


@way("court_order.ended")
def _end_order(w: World) -> Move | None:
    id_ = w.any_of("order")
    return None if id_ is None else Move(OFFICE, f"/v1/court-orders/{id_}/end")


_SCOPES: Mapping[str, tuple[str, ...]] = {
    "narrow": ("performer", "work"),
    "wide": ("franchise", "studio", "strike", "members"),
}


def _veto(w: World, width: str) -> Move:
    shape = w.rng.choice(_SCOPES[width])
    scopes: dict[str, Body] = {
        "performer": {"performer": w.id(w.rng.choice(["cleo", "cleo", "dana"]))},
        "work": {"work": w.id(w.rng.choice(["dawn", "show"])), "uses": ["stunt", "dub"]},
        "franchise": {"work": w.id("nova")},
        "studio": {"studio": w.id("oriel")},
        "strike": {"agreement": FAMILY, "unit": UNIT},
        "members": {"all_members": True},
    }
    kind = "strike" if shape == "strike" else w.rng.choice(["policy", "grievance"])
    body: Body = {
        "kind": kind,
        "basis": "RG-03" if w.rng.random() < 0.7 else "Article 12",
        "authority": "national board",
        "scope": scopes[shape],
        "reason": "Two requests were not answered.",
        "timing": w.rng.choice(["prospective", "full"]),
    }
    if kind == "policy":
        body["review_by"] = w.day(w.rng.choice([1, 60]))
    if w.rng.random() < 0.2:
        body["starts_at"] = w.later(hours=20)
    return Move(
        "officer", "/v1/vetoes", body, after=lambda made: w.keep("veto", made["id"], made["state"])
    )


@way("veto.issued")
def _issue(w: World) -> Move:
    return _veto(w, "narrow")


@way("veto.proposed")
def _propose(w: World) -> Move:
    return _veto(w, "wide")


def _issued(w: World, kind: str, scope: Body) -> str:
    """The path of a veto that was issued or proposed just now."""
    body: Body = {"kind": kind, "basis": "RG-03", "authority": "the board", "reason": "Talks."}
    if kind == "policy":
        body["review_by"] = w.day(9)
    made = w.cast.make("officer", "/v1/vetoes", body | {"scope": scope})
    w.keep("veto", made["id"], made["state"])
    return f"/v1/vetoes/{made['id']}"


@way("veto.confirmed", sure=True)
def _second_at_once(w: World) -> Move:
    path = _issued(w, "grievance", {"studio": w.id("oriel")})
    return Move("second", f"{path}/confirmation")


@way("veto.narrowed", sure=True)
def _narrow_at_once(w: World) -> Move:
    scope = {"performer": w.id("cleo")}
    body = {"scope": scope | {"uses": ["stunt"]}}
    return Move("officer", f"{_issued(w, 'grievance', scope)}/narrowing", body)


@way("veto.renewed", sure=True)
def _renew_at_once(w: World) -> Move:
    path = _issued(w, "policy", {"performer": w.id("cleo")})
    return Move("officer", f"{path}/renewal", {"review_by": w.day(80)})


@way("veto.lifted", sure=True)
def _lift_at_once(w: World) -> Move:
    path = _issued(w, "grievance", {"performer": w.id("cleo")})
    return Move("officer", f"{path}/lift", {"reason": "Settled."})


@way("veto.exception_added", sure=True)
def _except_at_once(w: World) -> Move:
    path = _issued(w, "grievance", {"performer": w.id("cleo")})
    body = {"basis": "interim agreement", "work": w.id("dawn")}
    return Move("officer", f"{path}/exceptions", body)


def _on_veto(w: World, act: str, body: Body | None = None) -> Move | None:
    id_ = w.any_of("veto")
    return None if id_ is None else Move("officer", f"/v1/vetoes/{id_}/{act}", body)


@way("veto.confirmed")
def _second(w: World) -> Move | None:
    proposed = [id_ for id_ in w.made.get("veto", []) if w.sides[id_] == ("proposed",)]
    id_ = w.pick(proposed[-3:])
    return None if id_ is None else Move("second", f"/v1/vetoes/{id_}/confirmation")


@way("veto.appealed")
def _appeal(w: World) -> Move:
    body = {"kind": "grievance", "basis": "Article 12", "authority": "the board", "reason": "No."}
    made = w.cast.make("officer", "/v1/vetoes", body | {"scope": {"performer": w.id("cleo")}})
    w.keep("veto", made["id"], made["state"])
    path = f"/v1/vetoes/{made['id']}/appeal"
    return Move(w.rng.choice(["oriel", "cleo"]), path, {"argument": "It was finished before."})


def _contested(w: World) -> str:
    """A veto that a studio appeals."""
    body = {"kind": "grievance", "basis": "Article 12", "authority": "the board", "reason": "No."}
    scope = {"scope": {"performer": w.id("cleo")}}
    made = w.cast.make("officer", "/v1/vetoes", body | scope)
    w.cast.make("oriel", f"/v1/vetoes/{made['id']}/appeal", {"argument": "It was finished."})
    w.keep("veto", made["id"], made["state"])
    return str(made["id"])


def _award(w: World, outcome: str, **more: object) -> Move:
    body = {"outcome": outcome, "document_hash": "9" * 64, **more}
    return Move(OFFICE, f"/v1/vetoes/{_contested(w)}/award", body)


@way("veto.appeal_upheld")
def _uphold(w: World) -> Move:
    return _award(w, "upheld")


@way("veto.overruled")
def _overrule(w: World) -> Move:
    return _award(w, "overruled", **w.rng.choice([{}, {"starts_at": w.later(hours=2)}]))


@way("veto.narrowed_on_appeal")
def _narrow_on_appeal(w: World) -> Move:
    return _award(w, "narrowed", scope={"performer": w.id("cleo"), "uses": ["stunt"]})


def _under_review(w: World, review_by: str) -> None:
    body = {"kind": "policy", "basis": "RG-03", "authority": "the board", "reason": "Talks."}
    scope = {"scope": {"work": w.id("dawn"), "uses": ["dub"]}, "review_by": review_by}
    made = w.cast.make("officer", "/v1/vetoes", body | scope)
    w.keep("veto", made["id"], made["state"])


@way("veto.review_due")
def _remind(w: World) -> Move:
    _under_review(w, w.day(w.rng.choice([1, 5, 14])))
    return Move(OFFICE, "/v1/reminders")


@way("veto.lapsed")
def _remind_of_lapse(w: World) -> Move:
    _under_review(w, w.day(1))
    w.cast.twin.now += timedelta(days=2)
    return Move(OFFICE, "/v1/reminders")


@way("flag_rule.stated")
def _flag(w: World) -> Move:
    conditions = w.rng.choice(
        [{"about": ["grant", "use"]}, {"uses": ["stunt"]}, {"pay": ["below"]}]
    )
    body = {"name": f"rule {w.rng.randrange(99)}", "conditions": conditions}
    return Move(
        "officer", "/v1/flag-rules", body, after=lambda made: w.keep("flag", made["id"], "open")
    )


@way("flag_rule.ended", sure=True)
def _unflag_at_once(w: World) -> Move:
    body = {"name": "brief", "conditions": {"uses": ["stunt"]}}
    made = w.cast.make("officer", "/v1/flag-rules", body)
    return Move("officer", f"/v1/flag-rules/{made['id']}/end")


@way("flag_rule.ended")
def _unflag(w: World) -> Move | None:
    id_ = w.any_of("flag")
    return None if id_ is None else Move("officer", f"/v1/flag-rules/{id_}/end")


def _waiting(w: World) -> Body | None:
    """What waits for the union and can be answered from the queue, which a transfer cannot."""
    found = w.read("officer", "/v1/queue").expect()["data"]
    return next((group for group in found if group["about"] != "transfer"), None)


@way("case.answered")
def _answer_case(w: World) -> Move | None:
    group = _waiting(w)
    if group is None:
        rule = {"name": "all", "conditions": {"about": ["grant", "use"]}}
        w.keep("flag", w.cast.make("officer", "/v1/flag-rules", rule)["id"], "open")
        name = newcomer(w)
        w.cast.member(name)
        w.cast.offered(name, QUIET_STUDIO, [QUIET_WORK], ["stunt"])
        group = _waiting(w)
    if group is None:
        return None
    said = w.rng.choice([{"answer": "no_objection"}, {"answer": "asked", "words": "Who is in it?"}])
    body = {**said, "upto": group["upto"]}
    return Move("officer", f"/v1/queue/{group['group']}/answer", body)


@way("veto.narrowed")
def _narrow(w: World) -> Move | None:
    id_ = w.any_of("veto")
    if id_ is None:
        return None
    scope = dict(w.read("officer", f"/v1/vetoes/{id_}").expect()["scope"])
    uses = scope["uses"][:1] or ["stunt", "face_replace"]
    return Move("officer", f"/v1/vetoes/{id_}/narrowing", {"scope": scope | {"uses": uses}})


@way("veto.renewed")
def _renew(w: World) -> Move | None:
    return _on_veto(w, "renewal", {"review_by": w.day(80)})


@way("veto.lifted")
def _lift(w: World) -> Move | None:
    return _on_veto(w, "lift", {"reason": "Settled."})


@way("veto.exception_added")
def _except(w: World) -> Move | None:
    let = w.rng.choice([{"work": w.id("dawn")}, {"studio": w.id("oriel")}])
    return _on_veto(w, "exceptions", {"basis": "interim agreement", **let})
