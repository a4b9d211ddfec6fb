"""The acts of the simple world, each told to the reference as well as to the registry."""

from collections.abc import Callable

from app.rules.facts import instant
from tests.model.reference import Consent, Span, Stop
from tests.model.twin import OFFICE
from tests.model.world import SIMPLE_PERFORMERS, SIMPLE_USES, Body, Move, World, hang, to_edge, way

_STUDIO = "plain"


def _performer(w: World) -> str:
    return w.rng.choice(SIMPLE_PERFORMERS)


def _work(w: World) -> str:
    return w.rng.choice(w.simple_works)


def _uses(w: World) -> list[str]:
    return w.rng.sample(SIMPLE_USES, w.rng.choice([1, 2]))


def grant(w: World, name: str) -> None:
    """Let a performer say yes to all works of the franchise, as many as it will have."""
    terms = {"mode": "franchise_blanket", "membership": "dynamic"}
    made = w.cast.granted(name, _STUDIO, ["saga"], [*SIMPLE_USES], **terms)
    w.keep("simple offer", made["id"], name)
    _signed(w, name, made)


@way("grant.offered")
def _offer(w: World) -> Move:
    name, whole = _performer(w), w.rng.random() < 0.6
    body: Body = {
        "performer": w.id(name),
        "works": [w.id("saga")] if whole else [_work(w)],
        "uses": _uses(w),
        "description": "falls and fights",
        "pay": {"kind": "none"},
    }
    if whole:
        body["mode"] = w.rng.choice(["franchise_umbrella", "franchise_blanket"])
        body["membership"] = w.rng.choice(["frozen_at_grant", "announced_list", "dynamic"])
    if w.rng.random() < 0.15:
        body["exclusions"] = [
            w.rng.choice(
                [{"axis": "work", "value": _work(w)}, {"axis": "use", "value": "face_replace"}]
            )
        ]
    if w.rng.random() < 0.2:
        body["ends_on"] = w.day(w.rng.choice([0, 1, 4]))
    if w.rng.random() < 0.2:
        body["withdrawal"] = {"new_uses": "after_days", "days": 1}
    return Move(
        _STUDIO, "/v1/grants", body, after=lambda made: w.keep("simple offer", made["id"], name)
    )


@way("grant.signed")
def _accept(w: World) -> Move | None:
    id_ = w.any_of("simple offer")
    if id_ is None:
        return None
    (name,) = w.sides[id_]
    path = f"/v1/grants/{id_}"
    seen = w.read(name, path).expect()
    return Move(
        name,
        f"{path}/acceptance",
        {"terms_hash": (seen["proposal"] or seen)["terms_hash"]},
        after=lambda made: _signed(w, name, made),
    )


@way("grant.amended")
def _amend(w: World) -> Move | None:
    found = _consent(w)
    if found is None:
        return None
    changes: list[Body] = [
        {"uses": _uses(w)},
        {"ends_on": w.day(w.rng.choice([0, 4]))},
        {"exclusions": [{"axis": "use", "value": w.rng.choice(SIMPLE_USES)}]},
        {"exclusions": []},
    ]
    path = f"/v1/grants/{found[0]}"
    etag = w.read(_STUDIO, path).etag
    return Move(_STUDIO, f"{path}/amendments", w.rng.choice(changes), match=etag)


@way("grant.signed")
def _accept_what_changes(w: World) -> Move | None:
    """New terms, put to somebody who signs them at once."""
    move = _amend(w)
    if move is None:
        return None
    sent = w.cast.twin.send(move.who, move.method, move.path, move.body, match=move.match)
    if not sent.done:
        return None
    path = move.path.removesuffix("/amendments")
    (name,) = w.sides[path.rpartition("/")[2]]
    terms_hash = w.read(name, path).expect()["proposal"]["terms_hash"]
    return Move(
        name,
        f"{path}/acceptance",
        {"terms_hash": terms_hash},
        after=lambda made: _signed(w, name, made),
    )


def _signed(w: World, name: str, made: Body) -> None:
    scope = made["scope"]
    ends_on = scope["ends_on"]
    w.simple.consents[made["id"]] = Consent(
        performer=w.id(name),
        works=tuple(scope["works"]),
        whole=scope["mode"].startswith("franchise"),
        membership=scope["membership"],
        uses=tuple(scope["uses"]),
        shown=tuple(made["shown_works"]),
        excluded=tuple((e["axis"], e["value"]) for e in made["exclusions"]),
        signed=instant(made["signature"]["at"]),
        ends_on=None if ends_on is None else w.today.fromisoformat(ends_on),
        before=w.simple.consents.get(made["id"]),
    )


def _consent(w: World) -> tuple[str, str] | None:
    """A consent that was signed, and the performer."""
    id_ = w.pick([*w.simple.consents])
    return None if id_ is None else (id_, w.sides[id_][0])


@way("grant.revoked")
def _revoke(w: World) -> Move | None:
    found = _consent(w)
    if found is None:
        return None
    id_, name = found

    def after(made: Body) -> None:
        w.simple.consents[id_].revoked = instant(made["revoked_from"])

    return Move(name, f"/v1/grants/{id_}/revocation", {}, after=after)


def _stopped(
    w: World, *, performer: str | None = None, work: str | None = None, consent: str | None = None
) -> Callable[[Body], None]:
    """Tells the reference of a block, when it is on record."""

    def after(made: Body) -> None:
        ends_at = made.get("ends_at")
        until = None if ends_at is None else instant(ends_at)
        if made.get("effect") == "flag":
            return
        review_by = made.get("review_by") if made.get("kind") == "policy" else None
        w.simple.stops[made["id"]] = Stop(
            Span(instant(made["starts_at"]), until),
            performer=performer,
            work=work,
            consent=consent,
            uses=tuple(made.get("scope", {}).get("uses", ())),
            lapses_after=None if review_by is None else w.today.fromisoformat(review_by),
        )
        kind = made["id"].partition("_")[0]
        w.keep(f"simple {kind}", made["id"])

    return after


def _span(w: World) -> Body:
    soon, late = w.later(minutes=40), w.later(hours=w.rng.choice([1, 5]))
    return w.rng.choice([{}, {"ends_at": late}, {"starts_at": soon, "ends_at": late}])


@way("suspension.started")
def _pause_all(w: World) -> Move:
    name = _performer(w)
    path = f"/v1/performers/{w.id(name)}/suspensions"
    return Move(name, path, _span(w), after=_stopped(w, performer=w.id(name)))


@way("suspension.started")
def _pause_one(w: World) -> Move | None:
    found = _consent(w)
    if found is None:
        return None
    id_, name = found
    after = _stopped(w, performer=w.id(name), consent=id_)
    return Move(name, f"/v1/grants/{id_}/suspension", _span(w), after=after)


@way("suspension.ended")
def _resume_all(w: World) -> Move:
    name = _performer(w)
    path = f"/v1/performers/{w.id(name)}/resumption"
    return Move(name, path, after=lambda made: _resumed(w, made))


@way("suspension.ended")
def _resume_one(w: World) -> Move | None:
    found = _consent(w)
    if found is None:
        return None
    path = f"/v1/grants/{found[0]}/resumption"
    return Move(found[1], path, after=lambda made: _resumed(w, made))


def _resumed(w: World, made: Body) -> None:
    for pause in made["ended"]:
        w.simple.stops[pause["id"]].span.until = instant(pause["ends_at"])


@way("veto.issued")
def _veto(w: World) -> Move:
    scope: Body = {"performer": w.id(_performer(w))}
    if w.rng.random() < 0.8:
        scope["work"] = _work(w)
    if w.rng.random() < 0.5:
        scope["uses"] = _uses(w)
    body: Body = {
        "kind": w.rng.choice(["grievance", "policy"]),
        "basis": "RG-03",
        "authority": "national board",
        "scope": scope,
        "reason": "No answer.",
    }
    if body["kind"] == "policy":
        body["review_by"] = w.day(w.rng.choice([1, 5]))
    if w.rng.random() < 0.2:
        body["starts_at"] = w.later(hours=1)
    named = {name: scope[name] for name in ("performer", "work") if name in scope}
    return Move("officer", "/v1/vetoes", body, after=_stopped(w, **named))


@way("veto.lifted")
def _lift(w: World) -> Move | None:
    id_ = w.any_of("simple veto")
    if id_ is None:
        return None

    def after(made: Body) -> None:
        w.simple.stops[id_].span.until = instant(made["lifted_at"])

    return Move("officer", f"/v1/vetoes/{id_}/lift", {}, after=after)


@way("veto.exception_added")
def _spare(w: World) -> Move | None:
    id_ = w.any_of("simple veto")
    if id_ is None:
        return None
    work = _work(w)

    def after(made: Body) -> None:
        since = instant(made["exceptions"][-1]["starts_at"])
        w.simple.stops[id_].spared.append((work, since))

    body = {"work": work, "basis": "interim agreement"}
    return Move("officer", f"/v1/vetoes/{id_}/exceptions", body, after=after)


@way("court_order.recorded")
def _order(w: World) -> Move:
    named = {"performer": w.id(_performer(w)), "work": _work(w)}
    if w.rng.random() < 0.5:
        del named[w.rng.choice(["performer", "work"])]
    body = {"reference": "CV-17", **named, **_span(w)}
    return Move(OFFICE, "/v1/court-orders", body, after=_stopped(w, **named))


@way("court_order.ended")
def _end_order(w: World) -> Move | None:
    id_ = w.any_of("simple order")
    if id_ is None:
        return None

    def after(made: Body) -> None:
        w.simple.stops[id_].span.until = instant(made["ends_at"])

    return Move(OFFICE, f"/v1/court-orders/{id_}/end", after=after)


@way("work.recorded")
def _record_work(w: World) -> Move:
    body: Body = {"kind": w.rng.choice(["film", "edit"]), "title": f"S{w.rng.randrange(999)}"}
    parent = _work(w) if w.rng.random() < 0.8 else None
    if parent is not None:
        body["part_of"] = parent

    def after(made: Body) -> None:
        w.simple_works.append(made["id"])
        if parent is not None:
            hang(w, made["id"], parent)

    return Move(_STUDIO, "/v1/works", body, after=after)


@way("edge.recorded")
def _add_edge(w: World) -> Move:
    relation = w.rng.choice(["in_franchise", "spinoff_of", "edit_of"])
    body = {"parent": _work(w), "relation": relation}
    if w.rng.random() < 0.5:
        body["announced_at"] = w.later(hours=w.rng.choice([-30, 0]))

    def after(made: Body) -> None:
        w.simple.edges[made["id"]] = to_edge(made)

    return Move(_STUDIO, f"/v1/works/{_work(w)}/edges", body, after=after)


@way("edge.ended")
def _end_edge(w: World) -> Move | None:
    id_ = w.pick([*w.simple.edges])
    if id_ is None:
        return None

    def after(made: Body) -> None:
        w.simple.edges[id_].span.until = instant(made["valid_to"])

    return Move(_STUDIO, f"/v1/edges/{id_}/end", after=after)
