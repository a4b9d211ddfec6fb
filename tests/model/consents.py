"""Acts of the wide world on consents, and on the uses that rest on them."""

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
    in_state,
    performer,
    way,
    work_of,
)


@way("grant.offered")
def _offer(w: World) -> Move:
    name = performer(w)
    studio = WIDE_PERFORMERS[name]
    mode = w.rng.choice([None, None, "franchise_umbrella", "franchise_blanket"])
    body: Body = {
        "performer": w.id(name),
        "works": [w.id("nova") if mode and studio == "oriel" else work_of(w, studio)],
        "uses": w.rng.sample(USES, 4),
        "description": "falls and fights, as in the scenes of the day",
        "pay": w.rng.choice([{"kind": "days_x_rate"}, {"kind": "none"}]),
        "form": {"counsel_negotiated": True},
        "membership": w.rng.choice(["frozen_at_grant", "announced_list", "dynamic"]),
        "withdrawal": w.rng.choice(
            [
                {"new_uses": "any_time"},
                {"new_uses": "after_days", "days": 2},
                {"new_uses": "only_if_agreement_says", "pause": False},
            ]
        ),
        "posthumous": w.rng.choice(["unstated", "survives", "life_only"]),
    }
    if mode:
        body["mode"] = mode
    if w.rng.random() < 0.3:
        body["exclusions"] = [{"axis": "tag", "value": "nudity"}]
    if w.rng.random() < 0.3:
        body["max_uses"] = 1
    body |= {"dubbing": "dub" in body["uses"], "marketing": "promo" in body["uses"]}
    return Move(
        studio,
        "/v1/grants",
        body,
        after=lambda made: w.keep("grant", made["id"], studio, name),
    )


@way("grant.signed")
def _accept(w: World) -> Move | None:
    found = in_state(w, "offered")
    if found is None:
        return None
    id_, _, name, seen, _ = found
    path = f"/v1/grants/{id_}/acceptance"
    signers = [name, *(p for p in w.cast.twin.people if p.startswith("for "))]
    return Move(w.rng.choice(signers), path, {"terms_hash": seen["terms_hash"]})


@way("grant.signed")
def _accept_as_performer(w: World) -> Move | None:
    found = in_state(w, "offered")
    if found is None or found[2] == "kid":
        return None
    path = f"/v1/grants/{found[0]}/acceptance"
    return Move(found[2], path, {"terms_hash": found[3]["terms_hash"]})


@way("grant.signed")
def _accept_amendment(w: World) -> Move | None:
    found = in_state(w, "active")
    if found is None or found[3]["proposal"] is None:
        return None
    path = f"/v1/grants/{found[0]}/acceptance"
    return Move(found[2], path, {"terms_hash": found[3]["proposal"]["terms_hash"]})


def _asked(w: World) -> str:
    """A consent that was asked for just now, of somebody who signs for themselves."""
    made = w.cast.offered(QUIET_PERFORMER, QUIET_STUDIO, [QUIET_WORK], ["stunt", "alter"])
    return _kept(w, made)


def _given(w: World, **terms: object) -> Body:
    """A consent that was asked for and signed just now."""
    works = [QUIET_WORK]
    made: Body = w.cast.granted(QUIET_PERFORMER, QUIET_STUDIO, works, ["stunt"], **terms)
    _kept(w, made)
    return made


def _kept(w: World, made: Body) -> str:
    w.keep("grant", made["id"], QUIET_STUDIO, QUIET_PERFORMER)
    w.states[made["id"]] = made["state"]
    return str(made["id"])


@way("grant.signed_elsewhere")
def _on_paper(w: World) -> Move | None:
    found = in_state(w, "offered")
    if found is None:
        return None
    id_, studio, _, seen, _ = found
    body = {
        "terms_hash": seen["terms_hash"],
        "signed_on": w.day(w.rng.choice([0, -1, -40])),
        "sha256": "0" * 64,
        "original": "folder 12",
        "by": w.rng.choice(["performer", "performer", "guardian"]),
        "method": w.rng.choice(["paper", "imported"]),
    }
    return Move(studio, f"/v1/grants/{id_}/rider", body)


def _stated(w: World) -> tuple[str, Body]:
    """A consent that the studio says was signed on paper just now, and its terms' hash."""
    id_ = _asked(w)
    body = _paper(w, id_)
    w.cast.make(QUIET_STUDIO, f"/v1/grants/{id_}/rider", body)
    w.states[id_] = "active"
    return id_, {"terms_hash": body["terms_hash"]}


def _paper(w: World, id_: str) -> Body:
    seen = w.read(QUIET_PERFORMER, f"/v1/grants/{id_}").expect()
    paper = {"signed_on": w.day(0), "sha256": "0" * 64, "original": "folder 12"}
    return {"terms_hash": seen["terms_hash"], **paper}


@way("grant.signed_elsewhere", sure=True)
def _on_paper_just_now(w: World) -> Move:
    id_ = _asked(w)
    return Move(QUIET_STUDIO, f"/v1/grants/{id_}/rider", _paper(w, id_))


@way("grant.signature_confirmed")
def _confirm_paper(w: World) -> Move:
    id_, body = _stated(w)
    return Move(QUIET_PERFORMER, f"/v1/grants/{id_}/acceptance", body)


@way("grant.signature_disputed")
def _not_mine(w: World) -> Move:
    return Move(
        QUIET_PERFORMER, f"/v1/grants/{_stated(w)[0]}/signature-dispute", {"reason": "Not mine."}
    )


@way("grant.declined")
def _decline(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"/v1/grants/{_asked(w)}/decline", {"reason": "Not this."})


@way("grant.withdrawn")
def _withdraw_offer(w: World) -> Move:
    return Move(QUIET_STUDIO, f"/v1/grants/{_asked(w)}/withdrawal")


def _terms(w: World) -> Body:
    changed: list[Body] = [
        {"ends_on": w.day(w.rng.choice([1, 30, 300]))},
        {"uses": w.rng.sample(USES, 3)},
        {"description": "another scene", "media": ["theatrical"]},
        {"pay": {"kind": "per_day", "amount": {"amount": "1700.00", "currency": "USD"}}},
    ]
    return w.rng.choice(changed)


@way("grant.amended")
def _amend(w: World) -> Move | None:
    found = in_state(w, "offered", "active")
    if found is None:
        return None
    id_, studio, _, seen, etag = found
    open_ = seen["proposal"]
    body = _terms(w)
    if open_ is not None and open_["by"] == "performer" and w.rng.random() < 0.7:
        body = {"terms_hash": open_["terms_hash"]}
    return Move(studio, f"/v1/grants/{id_}/amendments", body, match=etag)


@way("grant.amended", sure=True)
def _amend_at_once(w: World) -> Move:
    path = f"/v1/grants/{_asked(w)}"
    etag = w.read(QUIET_STUDIO, path).etag
    return Move(QUIET_STUDIO, f"{path}/amendments", {"ends_on": w.day(30)}, match=etag)


@way("grant.countered", sure=True)
def _counter_at_once(w: World) -> Move:
    path = f"/v1/grants/{_asked(w)}"
    etag = w.read(QUIET_PERFORMER, path).etag
    return Move(QUIET_PERFORMER, f"{path}/counter-offers", {"ends_on": w.day(30)}, match=etag)


@way("grant.countered")
def _counter(w: World) -> Move | None:
    found = in_state(w, "offered", "active")
    if found is None:
        return None
    id_, _, name, _, etag = found
    body = _terms(w) | {"presigned": w.rng.random() < 0.5}
    return Move(name, f"/v1/grants/{id_}/counter-offers", body, match=etag)


@way("grant.counter_withdrawn")
def _take_back_counter(w: World) -> Move:
    id_ = _asked(w)
    etag = w.read(QUIET_PERFORMER, f"/v1/grants/{id_}").etag
    path, body = f"/v1/grants/{id_}/counter-offers", {"ends_on": w.day(30)}
    w.cast.twin.send(QUIET_PERFORMER, "POST", path, body, match=etag).expect()
    return Move(QUIET_PERFORMER, f"{path}/withdrawal")


@way("grant.work_confirmed")
def _confirm_work(w: World) -> Move | None:
    found = in_state(w, "active")
    if found is None:
        return None
    body = {"work": work_of(w, found[1]), "terms_hash": found[3]["terms_hash"]}
    return Move(found[2], f"/v1/grants/{found[0]}/confirmations", body)


@way("grant.work_confirmed", sure=True)
def _confirm_under_umbrella(w: World) -> Move:
    made = _given(w, mode="franchise_umbrella")
    body = {"work": made["shown_works"][0], "terms_hash": made["terms_hash"]}
    return Move(QUIET_PERFORMER, f"/v1/grants/{made['id']}/confirmations", body)


@way("grant.revoked", "grant.withdrawal_asked")
def _revoke(w: World) -> Move | None:
    found = in_state(w, "active")
    if found is None:
        return None
    body = {"reason": "No longer."}
    return Move(found[2], f"/v1/grants/{found[0]}/revocation", body)


@way("grant.revoked", sure=True)
def _revoke_at_once(w: World) -> Move:
    body = {"reason": "No longer."}
    return Move(QUIET_PERFORMER, f"/v1/grants/{_given(w)['id']}/revocation", body)


@way("grant.withdrawal_asked", sure=True)
def _ask_without_right(w: World) -> Move:
    made = _given(w, withdrawal={"new_uses": "only_if_agreement_says"})
    return Move(QUIET_PERFORMER, f"/v1/grants/{made['id']}/revocation", {"reason": "I ask."})


@way("instruction.stated")
def _instruct(w: World) -> Move:
    name = w.rng.choice(["cleo", "eve"])
    body = {"say": w.rng.choice(["always", "ask_me", "never"]), "use": w.rng.choice(USES)}
    if w.rng.random() < 0.3:
        body["tag"] = "nudity"
    path = f"/v1/performers/{w.id(name)}/instructions"
    return Move(name, path, body, after=lambda made: w.keep("instruction", made["id"], name))


@way("instruction.ended", sure=True)
def _take_back_at_once(w: World) -> Move:
    path = f"/v1/performers/{w.id(QUIET_PERFORMER)}/instructions"
    made = w.cast.make(QUIET_PERFORMER, path, {"say": "ask_me", "use": w.rng.choice(USES)})
    return Move(QUIET_PERFORMER, f"/v1/instructions/{made['id']}/end")


@way("instruction.ended")
def _take_back(w: World) -> Move | None:
    id_ = w.any_of("instruction")
    return None if id_ is None else Move(w.sides[id_][0], f"/v1/instructions/{id_}/end")


@way("grant.instructions_set_aside")
def _set_aside(w: World) -> Move:
    made = _given(w)
    body = {"terms_hash": made["terms_hash"], "despite_instructions": True}
    return Move(QUIET_PERFORMER, f"/v1/grants/{made['id']}/acceptance", body)


@way("sighting.reported")
def _report(w: World) -> Move:
    name = w.rng.choice(["cleo", "eve"])
    body = {"what": "My face, on somebody else.", "seen_on": w.day(-1)}
    if w.rng.random() < 0.8:
        body["studio"] = w.id(WIDE_PERFORMERS[name])
    return Move(
        name, "/v1/sightings", body, after=lambda made: w.keep("sighting", made["id"], name)
    )


def _seen(w: World) -> str:
    """The path of a sighting that was reported just now."""
    body = {"what": "My face.", "seen_on": w.day(-1), "studio": w.id(QUIET_STUDIO)}
    made = w.cast.make(QUIET_PERFORMER, "/v1/sightings", body)
    return f"/v1/sightings/{made['id']}"


@way("sighting.answered", sure=True)
def _find_at_once(w: World) -> Move:
    said = {"answer": w.rng.choice(["not_listed", "not_ours"]), "words": "We looked."}
    return Move(QUIET_STUDIO, f"{_seen(w)}/answer", said)


@way("sighting.closed", sure=True)
def _close_at_once(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"{_seen(w)}/closing")


@way("sighting.answered")
def _find(w: World) -> Move | None:
    id_ = w.any_of("sighting")
    if id_ is None:
        return None
    said = {"answer": w.rng.choice(["not_listed", "not_ours"]), "words": "We looked."}
    return Move(WIDE_PERFORMERS[w.sides[id_][0]], f"/v1/sightings/{id_}/answer", said)


@way("sighting.closed")
def _close(w: World) -> Move | None:
    id_ = w.any_of("sighting")
    return None if id_ is None else Move(w.sides[id_][0], f"/v1/sightings/{id_}/closing")


_PERIOD: Body = {"starts_on": "2026-07-01", "until": "2026-10-01"}
_RESIDUAL: Body = {
    "title": "Saga",
    "market": "airlines",
    **_PERIOD,
    "issuer": "Residuals Ltd",
    "gross": {"amount": "412.50", "currency": "USD"},
    "reference": "RES-1",
    "issued_on": "2026-10-30",
}
_REPORT: Body = {
    **_PERIOD,
    "reporter": "Video Ltd",
    "reported_on": "2026-11-05",
    "amount": {"amount": "125000.00", "currency": "USD"},
}


@way("residual_statement.recorded")
def _say_what_came(w: World) -> Move:
    name = w.rng.choice([*WIDE_PERFORMERS])
    body = {"performer": w.id(name), **_RESIDUAL}
    return Move(w.rng.choice([name, WIDE_PERFORMERS[name]]), "/v1/residual-statements", body)


def _residual(w: World) -> str:
    made = w.cast.make(QUIET_PERFORMER, "/v1/residual-statements", _RESIDUAL)
    return f"/v1/residual-statements/{made['id']}"


@way("residual_statement.corrected")
def _correct_what_came(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"{_residual(w)}/correction", _RESIDUAL | {"market": "DVD"})


@way("residual_statement.withdrawn")
def _take_back_what_came(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"{_residual(w)}/withdrawal")


def _base(w: World) -> Body:
    return {"work": w.id(QUIET_WORK), "performer": w.id(QUIET_PERFORMER), **_REPORT}


def _reported(w: World) -> str:
    body = _base(w) | {"base": f"receipts {w.rng.randrange(10**9)}"}
    return f"/v1/base-reports/{w.cast.make(QUIET_STUDIO, '/v1/base-reports', body)['id']}"


@way("base_report.recorded")
def _report_base(w: World) -> Move:
    body = _base(w) | {"base": f"receipts {w.rng.randrange(10**9)}"}
    return Move(QUIET_STUDIO, "/v1/base-reports", body)


@way("base_report.corrected")
def _correct_base(w: World) -> Move:
    return Move(QUIET_STUDIO, f"{_reported(w)}/correction", _REPORT)


@way("base_report.disputed")
def _dispute_base(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"{_reported(w)}/dispute", {"words": "Airlines are missing."})


@way("base_report.confirmed")
def _confirm_base(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"{_reported(w)}/confirmation")


@way("message.written")
def _say(w: World) -> Move | None:
    found = in_state(w, "offered", "active", "declined")
    if found is None:
        return None
    id_, studio, name, _, _ = found
    who = w.rng.choice([studio, name])
    body = {"about": "grant", "about_id": id_, "kind": "offer_said", "words": "Two days more."}
    return Move(
        who,
        "/v1/messages",
        body,
        after=lambda made: w.keep("message", made["id"], name if who == studio else studio),
    )


def _said(w: World) -> Body:
    about = {"about": "grant", "about_id": _asked(w)}
    return about | {"kind": "offer_said", "words": "One day more."}


@way("message.written", sure=True)
def _say_of_an_offer(w: World) -> Move:
    return Move(QUIET_STUDIO, "/v1/messages", _said(w))


@way("message.answered", sure=True)
def _deny_what_was_said(w: World) -> Move:
    made = w.cast.make(QUIET_STUDIO, "/v1/messages", _said(w))
    body = {"other_side": "not_what_i_said"}
    return Move(QUIET_PERFORMER, f"/v1/messages/{made['id']}/other-side", body)


@way("message.answered")
def _say_whether_it_was_said(w: World) -> Move | None:
    id_ = w.any_of("message")
    if id_ is None:
        return None
    body = {"other_side": w.rng.choice(["yes_that_was_said", "not_what_i_said"])}
    return Move(w.sides[id_][0], f"/v1/messages/{id_}/other-side", body)


@way("grant.revoked", "grant.withdrawal_refused")
def _answer_withdrawal(w: World) -> Move:
    path = f"/v1/grants/{_asked_to_stop(w)}/withdrawal-answer"
    said = w.rng.choice([{"answer": "accepted"}, {"answer": "refused", "words": "Half done."}])
    return Move(QUIET_STUDIO, path, said)


@way("grant.withdrawal_refused", sure=True)
def _refuse_withdrawal(w: World) -> Move:
    path = f"/v1/grants/{_asked_to_stop(w)}/withdrawal-answer"
    return Move(QUIET_STUDIO, path, {"answer": "refused", "words": "Half done."})


def _asked_to_stop(w: World) -> str:
    """A consent whose performer asked to stop without the right to."""
    move = _ask_without_right(w)
    assert move is not None
    w.cast.make(str(move.who), move.path, move.body)
    return move.path.split("/")[3]


@way("use.registered")
def _use(w: World) -> Move:
    found = in_state(w, "active") if w.rng.random() < 0.8 else None
    if found is None:
        name = performer(w)
        studio, use = WIDE_PERFORMERS[name], w.rng.choice(USES)
        work = work_of(w, studio)
    else:
        _, studio, name, seen, _ = found
        work, use = w.rng.choice(seen["shown_works"]), w.rng.choice(seen["scope"]["uses"])
    body: Body = {"performer": w.id(name), "work": work, "use": use}
    if w.rng.random() < 0.5:
        body["shot"] = f"S{w.rng.randrange(20)}"
    if w.rng.random() < 0.5:
        body["description"] = {"tags": ["stunts"]}
    return Move(
        studio, "/v1/uses", body, after=lambda made: w.keep("use", made["id"], studio, name)
    )


@way("use.registered", sure=True)
def _use_at_once(w: World) -> Move:
    _given(w)
    body = {"performer": w.id(QUIET_PERFORMER), "work": w.id(QUIET_WORK), "use": "stunt"}
    return Move(QUIET_STUDIO, "/v1/uses", body)


def _on_use(w: World, act: str, *states: str) -> Move | None:
    id_ = w.pick(found for found in w.made.get("use", []) if w.states[found] in states)
    return None if id_ is None else Move(w.sides[id_][0], f"/v1/uses/{id_}/{act}")


@way("use.rechecked")
def _recheck(w: World) -> Move | None:
    return _on_use(w, "recheck", "planned", "cleared")


def _cleared(w: World) -> str:
    """The path of a use that was registered just now."""
    _given(w)
    body = {"performer": w.id(QUIET_PERFORMER), "work": w.id(QUIET_WORK), "use": "stunt"}
    made = w.cast.make(QUIET_STUDIO, "/v1/uses", body)
    w.keep("use", made["id"], QUIET_STUDIO, QUIET_PERFORMER)
    w.states[made["id"]] = made["state"]
    return f"/v1/uses/{made['id']}"


def _locked(w: World) -> str:
    """The path of a use whose shot was locked just now."""
    path = _cleared(w)
    w.cast.make(QUIET_STUDIO, f"{path}/lock")
    return path


@way("use.rechecked", sure=True)
def _recheck_at_once(w: World) -> Move:
    return Move(QUIET_STUDIO, f"{_cleared(w)}/recheck")


@way("use.locked")
def _lock(w: World) -> Move:
    return Move(QUIET_STUDIO, f"{_cleared(w)}/lock")


@way("use.released")
def _release(w: World) -> Move:
    return Move(QUIET_STUDIO, f"{_locked(w)}/release")


@way("use.released_unanswered")
def _release_unanswered(w: World) -> Move:
    body = {"by": "Robin Vale", "because": "The line was cut.", "released_at": w.later()}
    return Move(QUIET_STUDIO, f"{_locked(w)}/release-without-answer", body)


@way("use.withdrawn")
def _give_up(w: World) -> Move | None:
    return _on_use(w, "withdrawal", "planned", "cleared", "locked")


@way("use.withdrawn", sure=True)
def _give_up_at_once(w: World) -> Move:
    return Move(QUIET_STUDIO, f"{_cleared(w)}/withdrawal")


@way("use.disputed", sure=True)
def _dispute_at_once(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"{_cleared(w)}/dispute", {"words": "Not as agreed."})


@way("use.disputed")
def _dispute_use(w: World) -> Move | None:
    id_ = w.any_of("use")
    if id_ is None:
        return None
    return Move(w.sides[id_][1], f"/v1/uses/{id_}/dispute", {"words": "Not as agreed."})


_PAID = {"amount": "900.00", "currency": "USD"}


def _line(w: World) -> str:
    """A line of the ledger that became due just now."""
    _given(w, pay={"kind": "bargained_flat", "amount": _PAID})
    body = {"performer": w.id(QUIET_PERFORMER), "work": w.id(QUIET_WORK), "use": "stunt"}
    made = w.cast.make(QUIET_STUDIO, "/v1/uses", body)
    w.cast.make(QUIET_STUDIO, f"/v1/uses/{made['id']}/lock")
    newest, *_ = w.read(QUIET_STUDIO, "/v1/dues").expect()["data"]
    return str(newest["id"])


def _paid(w: World) -> Body:
    return {
        "performer": w.id(QUIET_PERFORMER),
        "reference": "PR-1",
        "paid_on": w.day(0),
        "lines": [{"due": _line(w), "amount": _PAID}],
    }


@way("payment.said", sure=True)
def _say_paid(w: World) -> Move:
    return Move(QUIET_STUDIO, "/v1/payments", _paid(w))


@way("payment.answered", sure=True)
def _answer_payment(w: World) -> Move:
    made = w.cast.make(QUIET_STUDIO, "/v1/payments", _paid(w))
    body = {"answer": w.rng.choice(["yes", "no"]), "words": "I looked."}
    return Move(QUIET_PERFORMER, f"/v1/payments/{made['id']}/receipt", body)


@way("due.disputed", sure=True)
def _dispute_line(w: World) -> Move:
    return Move(QUIET_PERFORMER, f"/v1/dues/{_line(w)}/dispute", {"words": "It was more."})


@way("due.settled", sure=True)
def _settle_line(w: World) -> Move:
    path = f"/v1/dues/{_line(w)}"
    w.cast.make(QUIET_PERFORMER, f"{path}/dispute", {"words": "It was more."})
    return Move(OFFICE, f"{path}/settlement", {"words": "An award.", "amount": _PAID})
