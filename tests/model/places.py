"""Acts of the wide world on works, engagements, replicas and what is said of them."""

from tests.model.cast import FAMILY
from tests.model.twin import OFFICE
from tests.model.world import (
    QUIET_PERFORMER,
    QUIET_STUDIO,
    QUIET_WORK,
    USES,
    WIDE_PERFORMERS,
    Body,
    Move,
    World,
    performer,
    studio_of,
    way,
    work_of,
)


@way("work.recorded")
def _record_work(w: World) -> Move:
    studio = studio_of(w)
    body: Body = {"kind": w.rng.choice(["film", "episode", "edit", "game"])}
    body["title"] = f"Work {w.rng.randrange(10**6)}"
    if w.rng.random() < 0.7:
        body["part_of"] = work_of(w, studio)
    if studio == "oriel":
        body |= {"agreement": FAMILY, "photography_start": w.day(w.rng.choice([-30, 0]))}
    return Move(
        studio,
        "/v1/works",
        body,
        after=lambda made: _worked(w, studio, made),
    )


def _worked(w: World, studio: str, made: Body) -> None:
    w.works[made["id"]] = studio
    for edge in w.read(studio, f"/v1/works/{made['id']}").expect()["edges"]:
        w.keep("edge", edge["id"], studio)


@way("work.changed")
def _change_work(w: World) -> Move:
    id_ = w.rng.choice([*w.works])
    studio, path = w.works[id_], f"/v1/works/{id_}"
    changes: list[Body] = [
        {"title": f"Retitled {w.rng.randrange(10**6)}"},
        {"photography_start": w.day(w.rng.choice([-90, 3]))},
        {"content_tags": ["stunts", "dialogue"]},
        {"agreement": w.rng.choice([FAMILY, None])},
    ]
    return Move(studio, path, w.rng.choice(changes), "PATCH", w.read(studio, path).etag)


@way("work.changed", sure=True)
def _retitle_quietly(w: World) -> Move:
    path, body = f"/v1/works/{w.id(QUIET_WORK)}", {"title": f"Quiet {w.rng.randrange(10**6)}"}
    return Move(QUIET_STUDIO, path, body, "PATCH", w.read(QUIET_STUDIO, path).etag)


@way("work.owner_changed", sure=True)
def _sell_at_once(w: World) -> Move:
    return Move(QUIET_STUDIO, f"/v1/works/{_new_work(w)}/owner", {"owner": w.id("rival")})


@way("work.owner_changed")
def _sell(w: World) -> Move:
    kept = {w.id("nova"), w.id("lone")}
    id_ = w.rng.choice([work for work in w.works if work not in kept])
    seller = w.works[id_]
    buyer = w.rng.choice([name for name in ("oriel", "rival", "plain") if name != seller])
    body: Body = {"owner": w.id(buyer), "whole": w.rng.random() < 0.5}
    if w.rng.random() < 0.3:
        body["starts_on"] = w.day(1)
    return Move(
        seller,
        f"/v1/works/{id_}/owner",
        body,
        after=lambda made: w.keep("sale", made["id"], seller, buyer),
    )


@way("work.sale_confirmed")
def _confirm_sale(w: World) -> Move | None:
    id_ = w.any_of("sale")
    if id_ is None:
        return None
    buyer = w.sides[id_][1]
    return Move(buyer, f"/v1/sales/{id_}/confirmation", after=lambda made: _sold(w, made, buyer))


@way("work.sale_confirmed", sure=True)
def _confirm_at_once(w: World) -> Move:
    return Move("rival", f"/v1/sales/{_new_sale(w)}/confirmation")


@way("work.sale_withdrawn", sure=True)
def _take_a_sale_back(w: World) -> Move:
    return Move(QUIET_STUDIO, f"/v1/sales/{_new_sale(w)}/withdrawal")


def _new_sale(w: World) -> str:
    path, sold = f"/v1/works/{_new_work(w)}/owner", {"owner": w.id("rival")}
    return str(w.cast.make(QUIET_STUDIO, path, sold)["id"])


def _sold(w: World, made: Body, buyer: str) -> None:
    if made["starts_on"] <= w.day(0):
        w.works.update({work["id"]: buyer for work in made["works"] if work["id"] in w.works})


@way("grant.passed_on")
def _pass_on(w: World) -> Move:
    film = _new_work(w)
    made = w.cast.granted(QUIET_PERFORMER, QUIET_STUDIO, [film], ["stunt"])
    path = f"/v1/grants/{made['id']}"
    sale = w.cast.make(QUIET_STUDIO, f"/v1/works/{film}/owner", {"owner": w.id("rival")})
    body = {"sale": sale["id"], "answer": w.rng.choice(["yes", "no"])}
    return Move(QUIET_PERFORMER, f"{path}/passing-on", body)


@way("edge.recorded")
def _add_edge(w: World) -> Move:
    studio = studio_of(w)
    child, parent = work_of(w, studio), work_of(w, studio)
    body = {"parent": parent, "relation": w.rng.choice(["in_franchise", "spinoff_of", "part_of"])}
    return Move(
        studio,
        f"/v1/works/{child}/edges",
        body,
        after=lambda made: w.keep("edge", made["id"], studio),
    )


@way("edge.ended")
def _end_edge(w: World) -> Move | None:
    id_ = w.any_of("edge")
    return None if id_ is None else Move(w.sides[id_][0], f"/v1/edges/{id_}/end")


@way("edge.recorded", sure=True)
def _hang_at_once(w: World) -> Move:
    body = {"parent": w.id(QUIET_WORK), "relation": "spinoff_of"}
    return Move(QUIET_STUDIO, f"/v1/works/{_new_work(w)}/edges", body)


@way("edge.ended", sure=True)
def _end_edge_at_once(w: World) -> Move:
    path, body = f"/v1/works/{_new_work(w)}/edges", {"parent": w.id(QUIET_WORK)}
    made = w.cast.make(QUIET_STUDIO, path, body)
    return Move(QUIET_STUDIO, f"/v1/edges/{made['id']}/end")


def _new_work(w: World) -> str:
    """A work that was recorded just now, and that nobody sells."""
    body = {"kind": "film", "title": f"Work {w.rng.randrange(10**6)}"}
    return str(w.cast.make(QUIET_STUDIO, "/v1/works", body)["id"])


def _engaged(w: World) -> Body:
    body = {"performer": w.id(QUIET_PERFORMER), "work": _new_work(w)}
    made: Body = w.cast.make(QUIET_STUDIO, "/v1/engagements", body | {"rate": {"kind": "daily"}})
    return made


@way("engagement.changed", sure=True)
def _confirm_engagement(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"/v1/engagements/{_engaged(w)['id']}/confirmation")


def _planned(w: World) -> Body:
    return {"engagement": _engaged(w)["id"], "kind": "scan", "starts_at": w.later(hours=72)}


@way("capture_session.planned", sure=True)
def _plan_at_once(w: World) -> Move:
    return Move(QUIET_STUDIO, "/v1/capture-sessions", _planned(w))


@way("capture_session.changed", sure=True)
def _cancel_at_once(w: World) -> Move:
    made = w.cast.make(QUIET_STUDIO, "/v1/capture-sessions", _planned(w))
    return Move(QUIET_STUDIO, f"/v1/capture-sessions/{made['id']}/cancellation")


def _scanned(w: World) -> Body:
    scanned = {"performer": w.id(QUIET_PERFORMER), "origin_work": w.id(QUIET_WORK)}
    return scanned | {"made_before": "0" * 64}


@way("replica.recorded", sure=True)
def _replicate_quietly(w: World) -> Move:
    return Move(QUIET_STUDIO, "/v1/replicas", _scanned(w))


@way("replica.changed", sure=True)
def _change_replica_at_once(w: World) -> Move:
    made = w.cast.make(QUIET_STUDIO, "/v1/replicas", _scanned(w))
    return Move(QUIET_STUDIO, f"/v1/replicas/{made['id']}/state", {"state": "quarantined"})


@way("engagement.recorded")
def _engage(w: World) -> Move:
    name, studio = performer(w), studio_of(w)
    body: Body = {
        "performer": w.id(name),
        "work": work_of(w, studio),
        "role_class": w.rng.choice(["principal", "principal", "background", "voice"]),
        "rate": {"kind": "daily", "amount": {"amount": "1500.00", "currency": "USD"}},
        "contract_days": "20",
    }
    return Move(
        studio,
        "/v1/engagements",
        body,
        after=lambda made: w.keep("engagement", made["id"], studio, name),
    )


@way("engagement.changed")
def _change_engagement(w: World) -> Move | None:
    id_ = w.any_of("engagement")
    if id_ is None:
        return None
    studio, name = w.sides[id_]
    path = f"/v1/engagements/{id_}"
    act = w.rng.choice(["covered_days", "confirmation", "dispute"])
    if act == "covered_days":
        seen = w.read(studio, path)
        return Move(studio, path, {act: str(w.rng.randrange(9))}, "PATCH", seen.etag)
    return Move(name, f"{path}/{act}")


@way("capture_session.planned")
def _plan(w: World) -> Move | None:
    engagement = w.any_of("engagement")
    if engagement is None:
        return None
    studio, name = w.sides[engagement]
    body = {
        "engagement": engagement,
        "kind": "scan",
        "starts_at": w.later(hours=w.rng.choice([1, 47, 48, 72])),
        "send_notice": w.rng.random() < 0.8,
    }
    return Move(
        studio,
        "/v1/capture-sessions",
        body,
        after=lambda made: w.keep("session", made["id"], studio, name),
    )


@way("capture_session.changed")
def _change_session(w: World) -> Move | None:
    id_ = w.any_of("session")
    if id_ is None:
        return None
    studio, path = w.sides[id_][0], f"/v1/capture-sessions/{id_}"
    if w.rng.random() < 0.3:
        return Move(studio, f"{path}/cancellation")
    body = {"business_reason": "Wide shots of the fall.", "send_notice": True}
    return Move(studio, path, body, "PATCH", w.read(studio, path).etag)


@way("replica.recorded")
def _replicate(w: World) -> Move:
    session = w.any_of("session")
    if session is not None and w.rng.random() < 0.4:
        studio, name = w.sides[session]
        body: Body = {"capture_session": session}
    else:
        name = performer(w)
        studio = WIDE_PERFORMERS[name]
        body = {"performer": w.id(name), "origin_work": work_of(w, studio)}
    if w.rng.random() < 0.4:
        body["custodian"] = w.id("vendor")
    return Move(
        studio,
        "/v1/replicas",
        body,
        after=lambda made: w.keep("replica", made["id"], studio, name),
    )


@way("replica.changed")
def _change_replica(w: World) -> Move | None:
    id_ = w.any_of("replica")
    if id_ is None:
        return None
    changes: list[tuple[str, Body]] = [
        ("state", {"state": w.rng.choice(["quarantined", "active", "destruction_due"])}),
        ("assets", {"sha256": [f"{w.rng.getrandbits(256):064x}"]}),
        ("custodian", {"custodian": w.id("vendor")}),
    ]
    act, body = w.rng.choice(changes)
    return Move(w.sides[id_][0], f"/v1/replicas/{id_}/{act}", body)


@way("transfer.submitted")
def _submit(w: World) -> Move | None:
    id_ = w.any_of("replica")
    if id_ is None:
        return None
    body = {"replica": id_, "to": w.id("vendor"), "union": w.id("guild"), "purpose": "Next film."}
    return Move(
        w.sides[id_][0],
        "/v1/transfers",
        body,
        after=lambda made: w.keep("transfer", made["id"], *w.sides[id_]),
    )


def _put(w: World) -> str:
    """The path of a transfer that was put before the union just now."""
    made = w.cast.make(QUIET_STUDIO, "/v1/replicas", _scanned(w))
    told = {"to": w.id("vendor"), "union": w.id("guild"), "purpose": "The next film."}
    put = w.cast.make(QUIET_STUDIO, "/v1/transfers", told | {"replica": made["id"]})
    return f"/v1/transfers/{put['id']}"


@way("transfer.assumed")
def _assume(w: World) -> Move:
    return Move("keeper", f"{_put(w)}/assumption", {"assumption": "0" * 64})


@way("transfer.answered")
def _answer_transfer(w: World) -> Move:
    said = w.rng.choice([{"answer": "approved"}, {"answer": "refused", "reason": "No money."}])
    return Move("officer", f"{_put(w)}/answer", said)


@way("transfer.completed")
def _complete(w: World) -> Move:
    path = _put(w)
    w.cast.make("officer", f"{path}/answer", {"answer": "approved"})
    w.cast.make("keeper", f"{path}/assumption", {"assumption": "0" * 64})
    return Move(QUIET_STUDIO, f"{path}/completion")


def _held(w: World) -> str:
    """The path of a copy that the vendor was given just now."""
    body = {"performer": w.id(QUIET_PERFORMER), "custodian": w.id("vendor"), "until_on": w.day(3)}
    made = w.cast.make(QUIET_STUDIO, "/v1/replicas", body | {"made_before": "0" * 64})
    held = w.read("keeper", "/v1/custodies").expect()["data"]
    copy = next(one for one in held if one["replica_id"] == made["id"])
    return f"/v1/custodies/{copy['id']}"


@way("custody.received")
def _receive(w: World) -> Move:
    return Move("keeper", f"{_held(w)}/receipt")


@way("custody.ended")
def _end_custody(w: World) -> Move:
    return Move("keeper", f"{_held(w)}/end", {"how": "destroyed", "certificate": "0" * 64})


@way("estimate.stated")
def _estimate(w: World) -> Move:
    use = w.any_of("use")
    body: Body = {"days": w.rng.choice(["1", "2.5", "4"]), "basis": "the shooting plan"}
    if use is not None and w.rng.random() < 0.5:
        studio, name = w.sides[use]
        body["use_id"] = use
    else:
        name = performer(w)
        studio = WIDE_PERFORMERS[name]
        body |= {"performer": w.id(name), "work": work_of(w, studio), "use": w.rng.choice(USES)}
    return Move(
        studio,
        "/v1/estimates",
        body,
        after=lambda made: w.keep("estimate", made["id"], studio, name),
    )


def _stated(w: World) -> str:
    """The path of an estimate that was stated just now."""
    body = {"performer": w.id(QUIET_PERFORMER), "work": w.id(QUIET_WORK), "use": "stunt"}
    made = w.cast.make(QUIET_STUDIO, "/v1/estimates", body | {"days": "2", "basis": "the plan"})
    return f"/v1/estimates/{made['id']}"


@way("estimate.agreed")
def _agree(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"{_stated(w)}/agreement")


@way("estimate.disputed")
def _dispute_estimate(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"{_stated(w)}/dispute")


@way("estimate.resolved")
def _resolve(w: World) -> Move:
    path = _stated(w)
    w.cast.make(QUIET_PERFORMER, f"{path}/dispute")
    return Move(OFFICE, f"{path}/resolution", {"days": "3", "basis": "settled"})


@way("attestation.made")
def _attest(w: World) -> Move:
    if w.rng.random() < 0.4:
        return Move("keeper", "/v1/attestations", {"kind": "security", "text": "Kept safe."})
    studio = studio_of(w)
    kind = w.rng.choice(["as_scripted", "safety", "unrecognisable", "additional_value"])
    body: Body = {"kind": kind, "text": "It is so.", "work": work_of(w, studio)}
    if w.rng.random() < 0.3:
        body["ends_at"] = w.later(days=2)
    return Move(studio, "/v1/attestations", body)


@way("attestation.withdrawn")
def _take_back_release(w: World) -> Move:
    body = {"kind": "biometric_release", "text": "Face.", "evidence": ["5f" * 32]}
    body["performer"] = w.id(QUIET_PERFORMER)
    made = w.cast.make(QUIET_STUDIO, "/v1/attestations", body)
    return Move(QUIET_PERFORMER, f"/v1/attestations/{made['id']}/withdrawal")


@way("notice.sent")
def _tell(w: World) -> Move:
    kind = w.rng.choice(["synthetic", "training", "transfer"])
    body: Body = {"kind": kind, "content": "We plan this."}
    if w.rng.random() < 0.6:
        body |= {"to": w.id("guild"), "work": work_of(w, "oriel")}
    else:
        body["performer"] = w.id("cleo")
    who = "officer" if "to" in body else "cleo"
    return Move("oriel", "/v1/notices", body, after=lambda made: w.keep("notice", made["id"], who))


@way("notice.answered", sure=True)
def _answer_notice_at_once(w: World) -> Move:
    body = {"kind": "synthetic", "content": "We plan this.", "performer": w.id(QUIET_PERFORMER)}
    made = w.cast.make(QUIET_STUDIO, "/v1/notices", body)
    return Move(QUIET_PERFORMER, f"/v1/notices/{made['id']}/answer", {"answer": "agreed"})


@way("notice.answered")
def _answer_notice(w: World) -> Move | None:
    id_ = w.any_of("notice")
    if id_ is None:
        return None
    return Move(w.sides[id_][0], f"/v1/notices/{id_}/answer", {"answer": "agreed"})


@way("work_day.counted")
def _count(w: World) -> Move:
    human = w.rng.choice([3, 25])
    body: Body = {"work": work_of(w, "oriel"), "day": w.day(w.rng.choice([0, 1]))}
    return Move(
        "oriel", "/v1/work-days", body | {"required_background": 25, "human_background": human}
    )
