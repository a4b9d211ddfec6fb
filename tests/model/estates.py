"""Acts of the wide world around the end of a life, a childhood or a consent."""

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
    way,
)

# Of some papers.
PAPERS = tuple(f"{n}" * 64 for n in range(1, 6))
SECOND = "bureau"


def _reported(w: World) -> str | None:
    """The report about Dana that waits for its second person."""
    said = w.read(OFFICE, f"/v1/performers/{w.id('dana')}/deaths").expect()["data"]
    waiting = [d for d in said if d["confirmed_at"] is None and d["undone_at"] is None]
    return str(waiting[0]["id"]) if waiting else None


def _report_of(w: World) -> Body:
    dead = w.read(OFFICE, f"/v1/performers/{w.id('dana')}").expect()["died_on"]
    return {"died_on": None if dead else w.day(-1), "document_hash": PAPERS[0]}


@way("death.reported")
def _report(w: World) -> Move | None:
    if _reported(w) is not None:
        return None
    return Move(OFFICE, f"/v1/performers/{w.id('dana')}/deaths", _report_of(w))


def _of_newcomer(w: World) -> tuple[str, str]:
    """A newcomer, and the path of the report that the newcomer died."""
    name = newcomer(w)
    path = f"/v1/performers/{w.id(name)}/deaths"
    said = {"died_on": w.day(-1), "document_hash": PAPERS[0]}
    return name, f"{path}/{w.cast.make(OFFICE, path, said)['id']}"


@way("death.reported", sure=True)
def _report_of_newcomer(w: World) -> Move:
    said = {"died_on": w.day(-1), "document_hash": PAPERS[0]}
    return Move(OFFICE, f"/v1/performers/{w.id(newcomer(w))}/deaths", said)


@way("death.confirmed", sure=True)
def _confirm_of_newcomer(w: World) -> Move:
    said = {"document_hash": PAPERS[1]}
    return Move(SECOND, f"{_of_newcomer(w)[1]}/confirmation", said)


@way("death.undone", sure=True)
def _live_after_all(w: World) -> Move:
    name, path = _of_newcomer(w)
    w.cast.make(SECOND, f"{path}/confirmation", {"document_hash": PAPERS[1]})
    return Move(name, f"/v1/performers/{w.id(name)}/alive")


@way("death.confirmed")
def _confirm(w: World) -> Move:
    path = f"/v1/performers/{w.id('dana')}/deaths"
    id_ = _reported(w) or w.cast.make(OFFICE, path, _report_of(w))["id"]
    return Move(SECOND, f"{path}/{id_}/confirmation", {"document_hash": PAPERS[1]})


@way("death.undone")
def _live(w: World) -> Move:
    return Move("dana", f"/v1/performers/{w.id('dana')}/alive")


def _claim(w: World, paper: str, name: str) -> Body:
    person = {"name": "Exec Utor", "contact": "exec@example.org"}
    body = {"kind": "executor", "powers": ["sign"], "person": person, "document_hash": paper}
    made: Body = w.cast.make(OFFICE, f"/v1/performers/{w.id(name)}/representations", body)
    return made


@way("representation.withdrawn")
def _give_up(w: World) -> Move:
    name = w.rng.choice(["cleo", newcomer(w)])
    path = f"/v1/performers/{w.id(name)}/representations"
    made = _claim(w, w.rng.choice(PAPERS), name)
    return Move(OFFICE, f"{path}/{made['id']}/withdrawal")


@way("estate.settled")
def _settle(w: World) -> Move:
    first, second = w.rng.sample(PAPERS, 2)
    name = w.rng.choice(["cleo", newcomer(w)])
    _claim(w, first, name)
    body = {"representation": _claim(w, second, name)["id"], "document_hash": PAPERS[0]}
    return Move(OFFICE, f"/v1/performers/{w.id(name)}/estates/settlement", body)


def _grown(w: World) -> tuple[str, Body]:
    """A child for whom a guardian said yes, and who turns out to be of age; name and consent."""
    name = f"child{w.rng.randrange(10**9)}"
    id_ = w.cast.performer(name, "plain", birth_date="2015-03-04", adult=False)
    person = {"name": "Pat Parent", "contact": "pat@example.org"}
    body = {"kind": "guardian", "powers": ["sign"], "person": person, "document_hash": PAPERS[2]}
    made = w.cast.make(OFFICE, f"/v1/performers/{id_}/representations", body)
    guardian = f"for {made['id']}"
    w.cast.twin.people[guardian] = made["representative_id"]
    offered = w.cast.offered(name, "plain", ["lone"], ["stunt"])
    path, said = f"/v1/grants/{offered['id']}/acceptance", {"terms_hash": offered["terms_hash"]}
    w.cast.make(guardian, path, said)
    seen = w.read(OFFICE, f"/v1/performers/{id_}")
    older = {"birth_date": "2000-03-04", "reason": "a certificate"}
    changed = w.cast.twin.send(OFFICE, "PATCH", f"/v1/performers/{id_}", older, match=seen.etag)
    changed.expect()
    return name, offered


@way("grant.own_yes")
def _say_it_too(w: World) -> Move:
    name, asked = _grown(w)
    path = f"/v1/grants/{asked['id']}/acceptance"
    return Move(name, path, {"terms_hash": asked["terms_hash"]})


@way("performer.came_of_age")
def _come_of_age(w: World) -> Move:
    _grown(w)
    return Move(OFFICE, "/v1/reminders")


@way("grant.voided", sure=True)
def _void_at_once(w: World) -> Move:
    made = w.cast.granted(QUIET_PERFORMER, QUIET_STUDIO, [QUIET_WORK], ["stunt"])
    body = {"basis": "court", "document_hash": PAPERS[3]}
    return Move(OFFICE, f"/v1/grants/{made['id']}/void", body)


@way("grant.voided")
def _void(w: World) -> Move | None:
    found = in_state(w, "active", "revoked")
    if found is None or w.rng.random() < 0.5:
        return None
    body = {"basis": w.rng.choice(["court", "arbitration"]), "document_hash": PAPERS[3]}
    return Move(OFFICE, f"/v1/grants/{found[0]}/void", body)
