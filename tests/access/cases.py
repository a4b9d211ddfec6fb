"""For each route: a call that its own callers make with success. The matrix derives all others.

An entry takes the side and the role and gives a `Call` on an object that this role may act on; an
act that changes its object makes a fresh one each time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.access.world import REPORTED, SAID, SOLD_ON, Side, id_of, label
from tests.support import world
from tests.support.client import Client, new_key
from tests.support.world import AGREEMENT

PERFORMERS: Final = frozenset({"performer", "representative"})


@dataclass(frozen=True)
class Call:
    """One request. ``at`` fills the path, each value with the kind of object that it names.

    ``names`` are members of the body that name an object, with its kind. ``shows`` must stand in
    the reply: by default the last id of the path.
    """

    at: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    shows: str = ""
    etag: str = '"v1"'
    client: Client | None = None
    query: str = ""


Case = Callable[[Side, str], Call]


def on(kind: str, param: str = "", **more: Any) -> Case:
    """A call on the side's standing object of a kind."""
    param = param or f"{kind}_id"
    return lambda side, _: Call({param: (kind, side.ids[kind])}, shows=side.ids[kind], **more)


def fresh(
    kind: str, make: Callable[[Side], Mapping[str, Any]], param: str = "", **more: Any
) -> Case:
    """A call on an object that is made for it."""

    def case(side: Side, _: str) -> Call:
        id_ = id_of(dict(make(side)))
        return Call({param or f"{kind}_id": (kind, id_)}, shows=id_, **more)

    return case


def org_of(side: Side, role: str) -> tuple[str, str]:
    """The organization that a role works for; the office looks at the studio."""
    kinds = {"union_officer": "union", "union_staff": "union", "vendor": "vendor"}
    kind = kinds.get(role, "agency" if role == "representative" else "studio")
    # Whoever has no organization sees the unions, as everybody does.
    kind = "union" if role == "performer" else kind
    return (kind, side.ids[kind])


def within_org(**more: Any) -> Case:
    """A call on the caller's own organization."""

    def case(side: Side, role: str) -> Call:
        kind, id_ = org_of(side, role)
        return Call({"organization_id": (kind, id_)}, shows=id_, **more)

    return case


def _change_organization(side: Side, role: str) -> Call:
    if role == "registry_admin":
        kind, body = "studio", {"name": label("The house")}
        id_, client = side.ids["studio"], side.admin
    else:
        # Rules are accepted once, so by an organization that did not yet.
        kind = "studio" if role == "studio_admin" else "union"
        id_ = side.admin.post("/v1/organizations", {"kind": kind, "name": label(kind)}).id
        client = world.member(side.admin, id_, role)
        body = {"registry_rules_accepted_on": "2090-01-01"}
    etag = client.get(f"/v1/organizations/{id_}").headers["etag"]
    at = {"organization_id": (kind, id_)}
    return Call(at, body, shows=id_, etag=etag, client=client)


def _new_user(side: Side, role: str) -> Call:
    kind, id_ = org_of(side, role)
    wanted = {"union": "union_staff", "studio": "studio_finance"}[kind]
    return Call({"organization_id": (kind, id_)}, {"role": wanted}, shows=id_)


def _suspend(kind: str) -> Case:
    def case(side: Side, role: str) -> Call:
        org_kind, org = org_of(side, role) if kind == "user" else ("studio", side.ids["studio"])
        path = f"/v1/organizations/{org}/{kind}s"
        wanted = {"union": "union_staff", "studio": "studio_finance"}[org_kind]
        body = {"role": wanted} if kind == "user" else {"name": label("farm")}
        made = side.admin.post(path, body).id
        return Call({"organization_id": (org_kind, org), f"{kind}_id": (kind, made)}, shows=made)

    return case


def _signatory(side: Side, role: str) -> Call:
    body = {"agreement": label("house/family").replace(" ", "-"), "starts_on": "2023-11-09"}
    spare = side.ids["spare"]
    client = side.spare if role == "studio_admin" else None
    return Call({"organization_id": ("studio", spare)}, body, shows=spare, client=client)


def _stated_signatory(side: Side, *, confirmed: bool = False) -> Call:
    body = {"agreement": AGREEMENT, "union": side.ids["union"], "starts_on": "2020-01-01"}
    spare = side.ids["spare"]
    states = side.admin if confirmed else side.spare
    made = states.post(f"/v1/organizations/{spare}/signatories", body).id
    at = {"organization_id": ("studio", spare), "signatory_id": ("signatory", made)}
    return Call(at, shows=made)


def _answer_signatory(side: Side, _: str) -> Call:
    return _stated_signatory(side)


def _end_signatory(side: Side, role: str) -> Call:
    # What the office confirmed, the office ends.
    office = role == "registry_admin"
    call = _stated_signatory(side, confirmed=office)
    client = None if office else side.spare
    return Call(call.at, {"ends_on": "2020-12-31"}, shows=call.shows, client=client)


def _person(**more: Any) -> Case:
    return on("performer", **more)


def _change_performer(side: Side, role: str) -> Call:
    if role in PERFORMERS:
        id_ = side.ids["performer"]
        # Who represents a performer names the agent and changes nothing else.
        named = "contact" if role == "performer" else "agent"
        body = {named: f"{new_key()}@performer.example"}
    else:
        # Before it is claimed, a record is its studio's; a date of birth is the office's.
        id_ = str(side.new_performer()["id"])
        body = {"contact": "new@performer.example"}
        if role == "registry_admin":
            body = {"birth_date": "1990-03-01", "reason": "birth certificate seen"}
    read = side.callers[role].get(f"/v1/performers/{id_}")
    return Call({"performer_id": ("performer", id_)}, body, shows=id_, etag=read.headers["etag"])


def _claim(side: Side, _: str) -> Call:
    id_ = str(side.new_performer()["id"])
    code = side.admin.post(f"/v1/performers/{id_}/invitation").expect()["code"]
    # Who claims is no newcomer any more.
    return Call(
        {"performer_id": ("performer", id_)}, {"code": code}, shows=id_, client=side.newcomer()
    )


def _release_unanswered(side: Side, _: str) -> Call:
    made = side.use()
    path = f"/v1/uses/{made['id']}"
    side.studio.post(f"{path}/lock").expect()
    at = side.studio.get(path).expect()["locked_at"]
    body = {"by": "Robin Vale", "because": "The line was cut.", "released_at": at}
    return Call({"use_id": ("use", str(made["id"]))}, body, shows=str(made["id"]))


def _vouch(side: Side, role: str) -> Call:
    id_ = side.a_member().id
    if role == "representative":
        body = {"kind": "agent", "powers": ["view"], "representative": side.ids["agency"]}
        side.admin.post(f"/v1/performers/{id_}/representations", body).expect()
    return Call({"performer_id": ("performer", id_)}, shows=id_)


def _invite(side: Side, role: str) -> Call:
    # A studio never holds an invitation itself.
    body = {"way": "text"} if role.startswith("studio") else None
    id_ = str(side.hired_performer()["id"])
    return Call({"performer_id": ("performer", id_)}, body, shows=id_)


def _hand_over_message(side: Side, role: str) -> Call:
    """The code of an invitation that this role passes on by hand."""
    client = side.callers[role]
    path = f"/v1/performers/{side.hired_performer()['id']}/invitation"
    link = client.post(path, key=None).expect()["link"]
    client.post("/v1" + link.partition("/v1")[2], key=None).expect()
    rows = client.get(path).expect()["data"][0]["deliveries"]
    made = next(row["id"] for row in rows if row["state"] == "waiting")
    return Call({"delivery_id": ("delivery", made)}, shows=made)


def _match(side: Side, role: str) -> str:
    """A question that means whom this role may answer for."""
    name = side.studio.get(f"/v1/performers/{side.person.id}").expect()["name"]
    if role == "union_officer":
        name = side.hired_performer()["name"]
    return side.studio.post("/v1/performers/match", {"name": name}).id


def _list_matches(side: Side, role: str) -> Call:
    return Call(query="?limit=200", shows=_match(side, role))


def _read_match(side: Side, role: str) -> Call:
    made = _match(side, role)
    return Call({"match_id": ("match", made)}, shows=made)


def _answer_match(side: Side, role: str) -> Call:
    made = _match(side, role)
    return Call({"match_id": ("match", made)}, {"answer": "rather_not_say"}, shows=made)


def _propose_merge(side: Side, role: str) -> Call:
    person, other = side.a_member(), str(side.new_performer()["id"])
    body = {"other": other, "reason": "Her stage name."}
    if role == "performer":
        invited = side.admin.post(f"/v1/performers/{other}/invitation", key=None)
        body["code"] = invited.expect()["code"]
    at = {"performer_id": ("performer", person.id)}
    own = person.client if role == "performer" else None
    return Call(at, body, {"other": "performer"}, shows=person.id, client=own)


def _merge(body: Mapping[str, Any] | None = None) -> Case:
    def case(side: Side, role: str) -> Call:
        person, other = side.a_member(), side.new_performer()["id"]
        proposes = side.officer if role == "registry_admin" else side.admin
        path = f"/v1/performers/{person.id}/merge"
        made = proposes.post(path, {"other": other}).id
        at = {"performer_id": ("performer", person.id), "merge_id": ("merge", made)}
        own = person.client if role == "performer" else None
        return Call(at, body, shows=made, client=own)

    return case


def _state_membership(side: Side, role: str) -> Call:
    person = side.another()
    return Call(
        {"performer_id": ("performer", person.id)},
        {"union": side.ids["union"]},
        shows=person.id,
        client=person.client if role == "performer" else None,
    )


def _membership(body: Mapping[str, Any] | None = None, *, end: bool = False) -> Case:
    def case(side: Side, role: str) -> Call:
        person = side.another()
        path = f"/v1/performers/{person.id}/memberships"
        by_union = role == "performer" and not end
        client = side.officer if by_union else person.client
        made = client.post(path, {"union": side.ids["union"]}).id
        if end:
            side.officer.post(f"{path}/{made}/confirmation").expect()
        at = {"performer_id": ("performer", person.id), "membership_id": ("membership", made)}
        own = person.client if role == "performer" else None
        return Call(at, body, shows=made, client=own)

    return case


def _state_representation(side: Side, role: str) -> Call:
    id_ = side.ids["performer"]
    body: dict[str, Any] = {"kind": "attorney", "powers": ["view"]}
    body |= {"representative": side.ids["agency"]}
    if role == "union_officer":
        body |= {"kind": "guardian", "document_hash": _SHA}
    return Call({"performer_id": ("performer", id_)}, body, shows=id_)


def _representation(side: Side, _: str) -> Call:
    made = str(side.representation()["id"])
    at = {
        "performer_id": ("performer", side.ids["performer"]),
        "representation_id": ("representation", made),
    }
    return Call(at, shows=made)


def _end_representation(side: Side, _: str) -> Call:
    id_ = side.ids["performer"]
    body = {"kind": "agent", "powers": ["view"], "representative": side.ids["agency"]}
    made = side.person.client.post(f"/v1/performers/{id_}/representations", body).id
    at = {"performer_id": ("performer", id_), "representation_id": ("representation", made)}
    return Call(at, {"ends_on": "2090-01-01"}, shows=made)


def _report_death(side: Side, role: str) -> Call:
    # Of somebody else, who need not live on for other tests; an agent's client it has to be.
    own = role == "representative"
    id_ = side.client_of_agency().id if own else side.a_member().id
    body = {"died_on": "2026-01-02", "document_hash": _SHA}
    return Call({"performer_id": ("performer", id_)}, body, shows=id_)


def _confirm_death(side: Side, role: str) -> Call:
    person = side.a_member()
    made = str(side.reported_death(person, by_office=role == "union_officer")["id"])
    at = {"performer_id": ("performer", person.id), "death_id": ("death", made)}
    return Call(at, {"document_hash": _SHA}, shows=made)


def _say_alive(side: Side, _: str) -> Call:
    person = side.a_member()
    side.reported_death(person)
    at = {"performer_id": ("performer", person.id)}
    return Call(at, shows=person.id, client=person.client)


def _give_up_estate(side: Side, role: str) -> Call:
    own = role == "representative"
    person = side.dead(side.client_of_agency()) if own else side.a_member()
    made = str(side.estate(person, _SHA)["id"])
    at = {
        "performer_id": ("performer", person.id),
        "representation_id": ("representation", made),
    }
    return Call(at, shows=made)


def _settle_estate(side: Side, _: str) -> Call:
    person = side.a_member()
    side.estate(person, _SHA)
    made = str(side.estate(person, _SHA[::-1])["id"])
    body = {"representation": made, "document_hash": _SHA}
    return Call(
        {"performer_id": ("performer", person.id)}, body, {"representation": "representation"}, made
    )


def _for_the_dead(side: Side, _: str) -> Call:
    person = side.dead(side.a_member())
    offered = side.offer(person, work=side.film(agreement=AGREEMENT)["id"])
    side.officer.post("/v1/attestations", side.search_body(person)).expect()
    body = {"terms_hash": offered["terms_hash"]}
    return Call({"grant_id": ("grant", str(offered["id"]))}, body, shows=str(offered["id"]))


def _change_work(side: Side, _: str) -> Call:
    id_ = str(side.film()["id"])
    return Call({"work_id": ("work", id_)}, {"title": label("Film")}, shows=id_)


def _hand_over(side: Side, _: str) -> Call:
    id_ = str(side.film()["id"])
    buyer = side.admin.post("/v1/organizations", {"kind": "studio", "name": label("B")}).id
    return Call({"work_id": ("work", id_)}, {"owner": buyer}, shows=id_)


def _hang(side: Side, _: str) -> Call:
    id_ = str(side.film()["id"])
    body = {"parent": side.film(kind="franchise")["id"]}
    return Call({"work_id": ("work", id_)}, body, {"parent": "work"}, shows=id_)


def _hire(side: Side, _: str) -> Call:
    body = {"performer": side.person.id, "work": side.film()["id"], "rate": {"kind": "daily"}}
    return Call({}, body, {"performer": "performer", "work": "work"}, shows=side.person.id)


def _dispute_engagement(side: Side, role: str) -> Call:
    # Of somebody else, because answers about them rest on it from then on.
    person = side.a_member()
    made = str(side.engagement(person)["id"])
    client = person.client if role == "performer" else None
    return Call({"engagement_id": ("engagement", made)}, shows=made, client=client)


def _plan(side: Side, _: str) -> Call:
    engagement = str(side.engagement()["id"])
    body = {
        "engagement": engagement,
        "starts_at": "2031-11-24T12:00:00Z",
        "business_reason": "Aerial stunts.",
    }
    return Call({}, body, {"engagement": "engagement"}, shows=engagement)


def _replica(side: Side, _: str) -> Call:
    body = {"kind": "independent", "performer": side.person.id, "made_before": "5f" * 32}
    return Call({}, body, {"performer": "performer"}, shows=side.person.id)


def _hand_to_keep(side: Side, _: str) -> Call:
    made = str(side.replica()["id"])
    body = {"custodian": side.ids["studio"]}
    return Call({"replica_id": ("replica", made)}, body, shows=made)


def _transfer(side: Side, _: str) -> Call:
    replica = str(side.replica()["id"])
    body = {"replica": replica, "to": side.ids["vendor"], "union": side.ids["union"]}
    return Call({}, body | {"purpose": "The next film."}, {"replica": "replica"}, shows=replica)


def _taker(side: Side, role: str) -> tuple[str, Client]:
    """Who takes a replica over: the vendor, or somebody of another studio."""
    if role == "vendor":
        return "vendor", side.callers["vendor"]
    return "spare", world.member(side.admin, side.ids["spare"], role)


def _assume(side: Side, role: str) -> Call:
    to, client = _taker(side, role)
    made = str(side.transfer(to=to)["id"])
    return Call(
        {"transfer_id": ("transfer", made)}, {"assumption": _SHA}, shows=made, client=client
    )


def _complete(side: Side, _: str) -> Call:
    made = str(side.approved("vendor", side.callers["vendor"])["id"])
    return Call({"transfer_id": ("transfer", made)}, shows=made)


def _receive(side: Side, role: str) -> Call:
    to, client = _taker(side, role)
    moved = side.approved(to, client)
    side.studio.post(f"/v1/transfers/{moved['id']}/completion").expect()
    held = client.get(f"/v1/custodies?replica={moved['replica_id']}").expect()["data"]
    made = next(str(one["id"]) for one in held if one["holder_id"] == side.ids[to])
    return Call({"custody_id": ("custody", made)}, shows=made, client=client)


def _destroy(side: Side, role: str) -> Call:
    call = _receive(side, role)
    return Call(
        call.at, {"how": "destroyed", "certificate": _SHA}, shows=call.shows, client=call.client
    )


def _confirm_sale(side: Side, _: str) -> Call:
    sold = side.sale()["id"]
    return Call({"sale_id": ("sale", sold)}, shows=sold, client=side.spare)


def _pass_on(side: Side, _: str) -> Call:
    work = str(side.film()["id"])
    made = str(side.grant(work=work)["id"])
    body = {"owner": side.ids["spare"], "starts_on": SOLD_ON}
    sold = side.callers["studio_admin"].post(f"/v1/works/{work}/owner", body).id
    return Call({"grant_id": ("grant", made)}, {"sale": sold, "answer": "yes"}, shows=made)


def _dispute_due(side: Side, role: str) -> Call:
    body: dict[str, Any] = {"words": label("Not as agreed")}
    if role not in PERFORMERS:
        body["should_be"] = {"amount": "1.00", "currency": "USD"}
    made = str(side.due()["id"])
    return Call({"due_id": ("due", made)}, body, shows=made)


def _settle_due(side: Side, role: str) -> Call:
    """Who decides says the amount, the payer agrees to what was named, the performer lets go."""
    line = side.due()
    made, named = str(line["id"]), {"amount": "20000.00", "currency": "USD"}
    words = {"words": label("Not as agreed")}
    path = f"/v1/dues/{made}/dispute"
    side.person.client.post(path, words | {"should_be": named}).expect()
    body = words if role in PERFORMERS else words | {"amount": named}
    return Call({"due_id": ("due", made)}, body, shows=made)


def _pay(side: Side, _: str) -> Call:
    body = side.payment_body()
    return Call({}, body, {"performer": "performer"}, shows=body["reference"])


def _estimate(side: Side, _: str) -> Call:
    body = side.question() | {"days": "3", "basis": "Three days of stunts."}
    return Call({}, body, {"performer": "performer", "work": "work"}, shows=side.person.id)


def _resolve(side: Side, _: str) -> Call:
    made = str(side.estimate()["id"])
    side.person.client.post(f"/v1/estimates/{made}/dispute").expect()
    body = {"days": "2.5", "basis": "Settled between the parties."}
    return Call({"estimate_id": ("estimate", made)}, body, shows=made)


def _attest(side: Side, role: str) -> Call:
    body = {"kind": "unrecognisable", "text": label("A mask."), "role": "supervisor"}
    if role == "vendor":
        return Call({}, body | {"kind": "security"}, shows=body["text"])
    if role == "union_officer":
        body = side.search_body(side.person)
        return Call({}, body, {"performer": "performer"}, shows=side.person.id)
    names = {"performer": "performer", "work": "work"}
    body |= {"performer": side.person.id, "work": side.ids["work"]}
    return Call({}, body, names, shows=side.person.id)


def _attestation(side: Side, role: str) -> Call:
    made = side.ids["attestation"]
    if role == "vendor":
        body = {"kind": "security", "text": "Locked.", "role": "supervisor"}
        made = side.callers["vendor"].post("/v1/attestations", body).id
    if role in PERFORMERS:
        made = _own_release(side)
    return Call({"attestation_id": ("attestation", made)}, shows=made)


def _own_release(side: Side) -> str:
    body = {"kind": "biometric_release", "text": label("My face."), "evidence": ["5f" * 32]}
    return side.studio.post("/v1/attestations", body | {"performer": side.person.id}).id


def _take_release_back(side: Side, _: str) -> Call:
    made = _own_release(side)
    return Call({"attestation_id": ("attestation", made)}, shows=made)


def _notify(side: Side, role: str) -> Call:
    if role in PERFORMERS:
        asked = {"kind": "removal", "content": "Take it down.", "to": side.ids["studio"]}
        asked["performer"] = side.person.id
        return Call({}, asked, {"performer": "performer"}, shows=side.person.id)
    body = {"kind": "synthetic", "content": "A synthetic lead.", "to": side.ids["union"]}
    body["work"] = side.ids["work"]
    return Call({}, body, {"work": "work"}, shows=side.ids["work"])


def _notice(side: Side, role: str) -> Call:
    to = side.ids["union"] if role in {"union_officer", "union_staff"} else None
    made = str(side.notice(to)["id"])
    return Call({"notice_id": ("notice", made)}, {"answer": "agreed"}, shows=made)


def _read_notice(side: Side, role: str) -> Call:
    call = _notice(side, role)
    return Call(call.at, shows=call.shows)


def _count_day(side: Side, _: str) -> Call:
    work = str(side.film()["id"])
    body = {"work": work, "day": "2026-11-21", "required_background": 25, "human_background": 25}
    return Call({}, body, {"work": "work"}, shows=work)


def _propose(side: Side, _: str) -> Call:
    work = str(side.film()["id"])
    body = {
        "performer": side.person.id,
        "work": work,
        "uses": ["stunt"],
        "description": "aerial stunts",
        "pay": {"kind": "days_x_rate"},
    }
    return Call({}, body, {"performer": "performer", "work": "work"}, shows=side.person.id)


def _on_offer(body: Mapping[str, Any] | None = None) -> Case:
    return fresh("grant", lambda side: side.offer(), body=body)


def _on_grant(body: Mapping[str, Any] | None = None) -> Case:
    return fresh("grant", lambda side: side.grant(), body=body)


def _with_etag(case: Case) -> Case:
    def read(side: Side, role: str) -> Call:
        call = case(side, role)
        found = side.callers[role].get(f"/v1/grants/{call.shows}")
        return Call(call.at, call.body, shows=call.shows, etag=found.headers["etag"])

    return read


def _diff(side: Side, _: str) -> Call:
    made = side.offer()
    etag = side.studio.get(f"/v1/grants/{made['id']}").headers["etag"]
    side.studio.send(
        "POST",
        f"/v1/grants/{made['id']}/amendments",
        body={"ends_on": "2035-01-01"},
        headers={"If-Match": etag},
    ).expect()
    return Call({"grant_id": ("grant", made["id"])}, query="?from=1&to=2", shows="2035-01-01")


def _accept(side: Side, _: str) -> Call:
    made = side.offer()
    body = {"terms_hash": made["terms_hash"]}
    return Call({"grant_id": ("grant", made["id"])}, body, shows=made["id"])


def _rider(side: Side, _: str) -> Call:
    made = side.offer()
    body = {"terms_hash": made["terms_hash"], "signed_on": "2026-11-01", "sha256": _SHA}
    body["original"] = "Folder 12"
    return Call({"grant_id": ("grant", made["id"])}, body, shows=made["id"])


def _roll(side: Side, _: str) -> Call:
    paper = {"signed_on": "2026-11-01", "sha256": _SHA, "original": "Folder 12"}
    body = {
        "work": side.film()["id"],
        "uses": ["crowd"],
        "description": "filling the stands",
        "pay": {"kind": "days_x_rate"},
        "rows": [{"performer": side.person.id, "engagement": {}, **paper}],
    }
    return Call({}, body, shows=side.person.id)


def _import(side: Side, role: str) -> Call:
    if role not in {"studio_clearance", "studio_admin"}:
        line = {"performer": side.person.id, **SAID}
        return Call(body={"kind": "residual-statements", "rows": [line]}, shows="resid_")
    row = {"name": label("P"), "contact": "c@performer.example"}
    return Call(body={"kind": "performers", "rows": [row]}, shows="perf_")


def _confirm(side: Side, _: str) -> Call:
    franchise = side.film(kind="franchise")["id"]
    film = side.film(part_of=franchise)["id"]
    made = side.grant(works=[franchise], mode="franchise_umbrella")
    body = {"work": film, "terms_hash": made["terms_hash"]}
    return Call({"grant_id": ("grant", made["id"])}, body, shows=made["id"])


def _resume_grant(side: Side, _: str) -> Call:
    made = str(side.grant()["id"])
    side.person.client.post(f"/v1/grants/{made}/suspension").expect()
    return Call({"grant_id": ("grant", made)}, shows=made)


def _take_back(side: Side, _: str) -> Call:
    made = str(side.offer()["id"])
    path = f"/v1/grants/{made}/counter-offers"
    body, match = {"ends_on": "2034-06-30"}, {"If-Match": '"v1"'}
    side.person.client.send("POST", path, body=body, headers=match).expect()
    return Call({"grant_id": ("grant", made)}, shows=made)


def _answer_withdrawal(side: Side, _: str) -> Call:
    made = str(side.grant(withdrawal={"new_uses": "only_if_agreement_says"})["id"])
    side.person.client.post(f"/v1/grants/{made}/revocation").expect()
    return Call({"grant_id": ("grant", made)}, {"answer": "accepted"}, shows=made)


def _pause(side: Side, _: str) -> Call:
    # Far away, so that no other call of this table is stopped by it.
    body = {"starts_at": "2090-01-01T00:00:00Z", "ends_at": "2090-02-01T00:00:00Z"}
    return Call({"performer_id": ("performer", side.person.id)}, body, shows=side.person.id)


def _resume(side: Side, role: str) -> Call:
    call = _pause(side, role)
    side.person.client.post(f"/v1/performers/{side.person.id}/suspensions", call.body).expect()
    return Call(call.at, shows=call.shows)


def _veto(side: Side, _: str) -> Call:
    # What it names is looked up without sight: who has no standing is refused by name.
    return Call({}, side.veto_body(), shows=side.person.id)


def _on_veto(body: Mapping[str, Any] | None = None) -> Case:
    return fresh("veto", lambda side: side.veto(), body=body)


def _second(side: Side, _: str) -> Call:
    franchise = side.film(kind="franchise", agreement=AGREEMENT)["id"]
    made = side.veto(scope={"work": franchise})
    at = {"veto_id": ("veto", made["id"])}
    return Call(at, shows=made["id"], client=side.second_officer)


def _award(side: Side, _: str) -> Call:
    made = side.veto()
    path = f"/v1/vetoes/{made['id']}/appeal"
    side.studio.post(path, {"argument": "The shots were made before."}).expect()
    body = {"outcome": "upheld", "document_hash": "9" * 64}
    return Call({"veto_id": ("veto", made["id"])}, body, shows=made["id"])


def _flag_rule(_side: Side, _role: str) -> Call:
    name = label("rule")
    return Call({}, {"name": name, "conditions": {"uses": ["train_model"]}}, shows=name)


def _queue(side: Side, _: str) -> Call:
    return Call(query="?limit=200", shows=side.case()["group"])


def _answer_group(side: Side, _: str) -> Call:
    made = side.case()
    body = {"answer": "no_objection", "upto": 2**53 - 1}
    return Call({"group": ("case", made["group"])}, body, shows="answered")


def _veto_group(side: Side, _: str) -> Call:
    made = side.case()
    grounds = {"kind": "grievance", "basis": "article 12", "authority": "the board", "reason": "r"}
    body = grounds | {"upto": 2**53 - 1}
    return Call({"group": ("case", made["group"])}, body, shows=made["works"][0]["id"])


def _narrow(side: Side, _: str) -> Call:
    made = side.veto()
    scope = {name: made["scope"][name] for name in ("performer", "work")}
    body = {"scope": scope | {"uses": ["train_model"]}}
    return Call({"veto_id": ("veto", made["id"])}, body, shows=made["id"])


def _renew(side: Side, _: str) -> Call:
    made = side.veto(review_by="2031-02-15")
    at = {"veto_id": ("veto", made["id"])}
    return Call(at, {"review_by": "2031-05-15"}, shows=made["id"])


def _except(side: Side, _: str) -> Call:
    made = side.veto()
    body = {"work": made["scope"]["work"], "basis": "interim agreement"}
    return Call({"veto_id": ("veto", made["id"])}, body, shows=made["id"])


def _register(side: Side, _: str) -> Call:
    work = str(side.film()["id"])
    side.grant(work=work)
    names = {"performer": "performer", "work": "work"}
    return Call({}, side.question(work), names, shows=side.person.id)


def _on_use(*steps: str, body: Mapping[str, Any] | None = None) -> Case:
    def case(side: Side, _: str) -> Call:
        made = str(side.use()["id"])
        for step in steps:
            side.studio.post(f"/v1/uses/{made}/{step}").expect()
        return Call({"use_id": ("use", made)}, body, shows=made)

    return case


def _ask(side: Side, _: str) -> Call:
    return Call({}, side.question(), shows="log_index")


def _batch(side: Side, _: str) -> Call:
    return Call({}, {"items": [side.question()]}, shows="log_index")


def _check(side: Side, role: str) -> Call:
    made = side.ids["check"]
    if role not in PERFORMERS | {"auditor"}:
        made = id_of(side.callers[role].post("/v1/checks", side.question()).expect())
    return Call({"check_id": ("check", made)}, shows=made)


def _check_list(side: Side, role: str) -> Call:
    return Call(shows=_check(side, role).shows)


def _dossier(side: Side, _: str) -> Call:
    query = f"?performer={side.person.id}&work={side.ids['work']}"
    return Call(query=query, shows=side.person.id)


def _event(side: Side, role: str) -> Call:
    page = side.callers[role].get("/v1/events", limit="200").expect()
    seen = [line["idx"] for line in page["data"] if "idx" in line]
    return Call({"index": ("event", str(seen[-1]))}, shows="leaf")


def _pack(side: Side, role: str) -> Call:
    found = side.callers[role].get("/v1/agreements").expect()["data"][0]["id"]
    return Call({"pack_hash": ("pack", found)}, shows=found)


def _rates(side: Side, role: str) -> Call:
    line = side.callers[role].get("/v1/agreements").expect()["data"][0]
    return Call({"pack_hash": ("pack", line["id"])}, shows=line["family"])


def _verify_row(side: Side, _: str) -> Call:
    for line in side.admin.get("/v1/agreements").expect()["data"]:
        pack = side.admin.get(f"/v1/agreements/{line['id']}").expect()
        checked = {row["row"] for row in pack["verifications"]}
        for row in (*pack["rates"], *pack["rules"]):
            if row["id"] not in checked:
                body = {"pack": pack["name"], "row": row["id"], "by": "R. Vale", "source": "p. 3"}
                return Call({}, body, shows=row["id"])
    raise AssertionError("every row was checked")


def _facts(side: Side, _: str) -> Call:
    # The latest is on the first page: nobody confirmed the engagement yet.
    made = str(side.engagement()["id"])
    return Call(query="?limit=200", shows=made)


_TAGS: Final = iter(
    (use, tag) for use in ("scan", "de_age", "dub", "promo") for tag in ("water", "gore", "drugs")
)


def _instruct(side: Side, _: str) -> Call:
    # Of content that no other call of this table shows, and of each only once.
    use, tag = next(_TAGS)
    body = {"say": "never", "use": use, "tag": tag}
    return Call({"performer_id": ("performer", side.person.id)}, body, shows=side.person.id)


def _end_instruction(side: Side, role: str) -> Call:
    call = _instruct(side, role)
    made = side.person.client.post(f"/v1/performers/{side.person.id}/instructions", call.body).id
    return Call({"instruction_id": ("instruction", made)}, shows=made)


def _seen(side: Side) -> dict[str, Any]:
    body = {"what": label("My face, on somebody else."), "seen_on": "2026-11-01"}
    return body | {"studio": side.ids["studio"], "performer": side.person.id}


def _report(side: Side, _: str) -> Call:
    body = _seen(side)
    return Call({}, body, {"performer": "performer"}, shows=body["what"])


def _sighting(side: Side, _: str) -> Call:
    made = side.person.client.post("/v1/sightings", _seen(side)).id
    return Call({"sighting_id": ("sighting", made)}, shows=made)


def _residual(side: Side, _: str) -> Call:
    body = {"performer": side.person.id, **SAID, "reference": label("RES")}
    return Call({}, body, {"performer": "performer"}, shows=body["reference"])


def _own_residual(body: Mapping[str, Any] | None = None) -> Case:
    """A line that this role put on record."""

    def case(side: Side, role: str) -> Call:
        made = side.residual(who=side.callers[role])["id"]
        return Call({"statement_id": ("residual", made)}, body, shows=made)

    return case


def _report_base(side: Side, _: str) -> Call:
    body = {"work": side.film()["id"], **REPORTED}
    return Call({}, body, {"work": "work"}, shows=str(body["work"]))


def _correct_base(side: Side, _: str) -> Call:
    made = side.base_report()["id"]
    body = {name: value for name, value in REPORTED.items() if name != "base"}
    return Call({"report_id": ("base_report", made)}, body, shows=made)


def _answer_base(body: Mapping[str, Any] | None = None) -> Case:
    return fresh("base_report", lambda side: side.base_report(), "report_id", body=body)


def _thread(side: Side, role: str) -> dict[str, Any]:
    """What this role says about the side's standing consent, and to whom."""
    body = {"about": "grant", "about_id": side.ids["grant"], "words": label("We said more days.")}
    if role in {"union_officer", "union_staff"}:
        body["to"] = side.ids["studio"]
    return body


def _write(side: Side, role: str) -> Call:
    body = _thread(side, role) | {"kind": "question"}
    return Call({}, body, {"about_id": "grant"}, shows=body["words"])


def _said_to(side: Side, role: str) -> str:
    """An offer by word of mouth that somebody put on record for this role."""
    writer, to = side.studio, side.person.id
    if role not in PERFORMERS | {"auditor"}:
        writer = side.person.client
        to = side.ids["studio" if role.startswith("studio") else "union"]
    body = _thread(side, "performer") | {"kind": "offer_said", "to": to}
    return str(writer.post("/v1/messages", body).id)


def _message(side: Side, role: str) -> Call:
    made = _said_to(side, role)
    return Call({"message_id": ("message", made)}, shows=made)


def _list_messages(side: Side, role: str) -> Call:
    made = _said_to(side, role)
    query = f"?limit=200&about=grant&about_id={side.ids['grant']}"
    return Call(query=query, shows=made)


def _respond(side: Side, role: str) -> Call:
    made = _said_to(side, role)
    body = {"other_side": "yes_that_was_said"}
    return Call({"message_id": ("message", made)}, body, shows=made)


def _court_order(side: Side, _: str) -> Call:
    work = str(side.film()["id"])
    return Call({}, {"reference": label("2 CIV"), "work": work}, {"work": "work"}, shows=work)


def lists(kind: str) -> Case:
    """A list in which the side's standing object of a kind stands."""
    return lambda side, _: Call(query="?limit=200", shows=side.ids[kind])


def _list_notices(side: Side, role: str) -> Call:
    return Call(query="?limit=200", shows=_notice(side, role).shows)


def _list_attestations(side: Side, role: str) -> Call:
    return Call(query="?limit=200", shows=_attestation(side, role).shows)


def plain(body: Mapping[str, Any] | None = None, shows: str = "") -> Case:
    """A call that names nothing."""
    return lambda _side, _role: Call(body=body, shows=shows)


_ORG: Final = "/v1/organizations/{organization_id}"
_PERFORMER: Final = "/v1/performers/{performer_id}"
_WORK: Final = "/v1/works/{work_id}"
_GRANT: Final = "/v1/grants/{grant_id}"
_VETO: Final = "/v1/vetoes/{veto_id}"
_USE: Final = "/v1/uses/{use_id}"
_ENGAGEMENT: Final = "/v1/engagements/{engagement_id}"
_SESSION: Final = "/v1/capture-sessions/{session_id}"
_REPLICA: Final = "/v1/replicas/{replica_id}"
_TRANSFER: Final = "/v1/transfers/{transfer_id}"
_CUSTODY: Final = "/v1/custodies/{custody_id}"
_SALE: Final = "/v1/sales/{sale_id}"
_ESTIMATE: Final = "/v1/estimates/{estimate_id}"
_DUE: Final = "/v1/dues/{due_id}"
_PAYMENT: Final = "/v1/payments/{payment_id}"
_SHA: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

CASES: Final[Mapping[str, Case]] = {
    "GET /metrics": plain(shows="http_requests"),
    # Organizations
    "GET /v1/organizations": lambda side, role: Call(
        query="?limit=200", shows=org_of(side, role)[1]
    ),
    "POST /v1/organizations": lambda _side, _role: Call(
        body={"kind": "studio", "name": label("Studio")}, shows="org_"
    ),
    f"GET {_ORG}": within_org(),
    f"PATCH {_ORG}": _change_organization,
    f"POST {_ORG}/signatories": _signatory,
    f"GET {_ORG}/signatories": lambda side, role: Call(
        {"organization_id": org_of(side, role)}, shows="data"
    ),
    f"POST {_ORG}/signatories/{{signatory_id}}/confirmation": _answer_signatory,
    f"POST {_ORG}/signatories/{{signatory_id}}/dispute": _answer_signatory,
    f"POST {_ORG}/signatories/{{signatory_id}}/end": _end_signatory,
    f"POST {_ORG}/users": _new_user,
    f"GET {_ORG}/users": within_org(),
    f"POST {_ORG}/users/{{user_id}}/suspension": _suspend("user"),
    f"POST {_ORG}/clients": lambda side, _: Call(
        {"organization_id": ("studio", side.ids["studio"])},
        {"name": label("farm")},
        shows=side.ids["studio"],
    ),
    f"GET {_ORG}/clients": lambda side, role: Call(
        {"organization_id": org_of(side, role)}, shows="data"
    ),
    f"POST {_ORG}/clients/{{client_id}}/suspension": _suspend("client"),
    # Performers
    "POST /v1/performers": lambda _side, _role: Call(
        body={"name": label("P"), "contact": "c@performer.example"}, shows="perf_"
    ),
    "GET /v1/performers": lists("performer"),
    "POST /v1/performers/match": plain({"name": "Nobody At All"}, "none"),
    f"GET {_PERFORMER}": _person(),
    f"PATCH {_PERFORMER}": _change_performer,
    f"POST {_PERFORMER}/invitation": _invite,
    f"GET {_PERFORMER}/invitation": _person(),
    "GET /v1/deliveries": plain(shows="data"),
    "POST /v1/deliveries/{delivery_id}/handed": _hand_over_message,
    "GET /v1/matches": _list_matches,
    "GET /v1/matches/{match_id}": _read_match,
    "POST /v1/matches/{match_id}/answer": _answer_match,
    f"POST {_PERFORMER}/merge": _propose_merge,
    f"GET {_PERFORMER}/merge": lambda side, _: Call(
        {"performer_id": ("performer", side.ids["performer"])}, shows="data"
    ),
    f"POST {_PERFORMER}/merge/{{merge_id}}/confirmation": _merge(),
    f"POST {_PERFORMER}/merge/{{merge_id}}/end": _merge({"reason": "They are sisters."}),
    f"POST {_PERFORMER}/claim": _claim,
    f"POST {_PERFORMER}/vouch": _vouch,
    f"POST {_PERFORMER}/memberships": _state_membership,
    f"GET {_PERFORMER}/memberships": _person(),
    f"POST {_PERFORMER}/memberships/{{membership_id}}/confirmation": _membership(),
    f"POST {_PERFORMER}/memberships/{{membership_id}}/dispute": _membership(),
    f"POST {_PERFORMER}/memberships/{{membership_id}}/end": _membership(
        {"ends_on": "2090-12-31"}, end=True
    ),
    f"POST {_PERFORMER}/representations": _state_representation,
    f"GET {_PERFORMER}/representations": _person(),
    f"POST {_PERFORMER}/representations/{{representation_id}}/verification": _representation,
    f"POST {_PERFORMER}/representations/{{representation_id}}/end": _end_representation,
    f"POST {_PERFORMER}/representations/{{representation_id}}/withdrawal": _give_up_estate,
    f"POST {_PERFORMER}/estates/settlement": _settle_estate,
    f"POST {_PERFORMER}/deaths": _report_death,
    f"GET {_PERFORMER}/deaths": lambda side, _: Call(
        {"performer_id": ("performer", side.ids["performer"])}, shows=side.ids["death"]
    ),
    f"POST {_PERFORMER}/deaths/{{death_id}}/confirmation": _confirm_death,
    f"POST {_PERFORMER}/alive": _say_alive,
    f"POST {_PERFORMER}/suspensions": _pause,
    f"POST {_PERFORMER}/resumption": _resume,
    # Works
    "POST /v1/works": lambda _side, _role: Call(
        body={"kind": "film", "title": label("Film")}, shows="work_"
    ),
    "GET /v1/works": lists("seen_work"),
    f"GET {_WORK}": on("seen_work", "work_id"),
    f"PATCH {_WORK}": _change_work,
    f"POST {_WORK}/confirmation": fresh("work", lambda side: side.film(agreement=AGREEMENT)),
    f"POST {_WORK}/dispute": fresh("work", lambda side: side.film(agreement=AGREEMENT)),
    f"POST {_WORK}/owner": _hand_over,
    "GET /v1/sales": lists("sale"),
    f"GET {_SALE}": on("sale"),
    f"POST {_SALE}/confirmation": _confirm_sale,
    f"POST {_SALE}/withdrawal": fresh("sale", lambda side: side.sale()),
    f"POST {_GRANT}/passing-on": _pass_on,
    f"POST {_WORK}/edges": _hang,
    "POST /v1/edges/{edge_id}/confirmation": fresh("edge", lambda side: side.edge()),
    "POST /v1/edges/{edge_id}/dispute": fresh("edge", lambda side: side.edge()),
    "POST /v1/edges/{edge_id}/end": fresh("edge", lambda side: side.edge()),
    # Engagements, capture sessions, replicas
    "POST /v1/engagements": _hire,
    "GET /v1/engagements": lists("engagement"),
    f"GET {_ENGAGEMENT}": on("engagement"),
    f"PATCH {_ENGAGEMENT}": fresh(
        "engagement", lambda side: side.engagement(), body={"covered_days": "2"}
    ),
    f"POST {_ENGAGEMENT}/confirmation": fresh("engagement", lambda side: side.engagement()),
    f"POST {_ENGAGEMENT}/dispute": _dispute_engagement,
    "POST /v1/capture-sessions": _plan,
    "GET /v1/capture-sessions": lists("session"),
    f"GET {_SESSION}": on("session"),
    f"PATCH {_SESSION}": fresh(
        "session", lambda side: side.session(), body={"starts_at": "2031-11-25T09:00:00Z"}
    ),
    f"POST {_SESSION}/cancellation": fresh("session", lambda side: side.session()),
    "POST /v1/replicas": _replica,
    "GET /v1/replicas": lists("replica"),
    f"GET {_REPLICA}": on("replica"),
    f"POST {_REPLICA}/assets": fresh(
        "replica", lambda side: side.replica(), body={"sha256": [_SHA]}
    ),
    f"POST {_REPLICA}/state": fresh(
        "replica", lambda side: side.replica(), body={"state": "quarantined"}
    ),
    f"POST {_REPLICA}/custodian": _hand_to_keep,
    "POST /v1/transfers": _transfer,
    "GET /v1/transfers": lists("transfer"),
    f"GET {_TRANSFER}": on("transfer"),
    f"POST {_TRANSFER}/assumption": _assume,
    f"POST {_TRANSFER}/answer": fresh(
        "transfer", lambda side: side.transfer(), body={"answer": "approved"}
    ),
    f"POST {_TRANSFER}/completion": _complete,
    "GET /v1/custodies": lists("custody"),
    f"GET {_CUSTODY}": on("custody"),
    f"POST {_CUSTODY}/receipt": _receive,
    f"POST {_CUSTODY}/end": _destroy,
    "GET /v1/me/replicas": lambda side, _: Call(shows=side.ids["replica"]),
    # What is stated beside them
    "GET /v1/dues": lists("due"),
    "GET /v1/me/dues": lambda side, _: Call(shows=side.ids["due"]),
    f"GET {_DUE}": on("due"),
    f"POST {_DUE}/dispute": _dispute_due,
    f"POST {_DUE}/settlement": _settle_due,
    "POST /v1/payments": _pay,
    "GET /v1/payments": lists("payment"),
    f"GET {_PAYMENT}": on("payment"),
    f"POST {_PAYMENT}/receipt": fresh(
        "payment", lambda side: side.payment(), body={"answer": "yes"}
    ),
    "POST /v1/estimates": _estimate,
    "GET /v1/estimates": lists("estimate"),
    f"GET {_ESTIMATE}": on("estimate"),
    f"POST {_ESTIMATE}/agreement": fresh("estimate", lambda side: side.estimate()),
    f"POST {_ESTIMATE}/dispute": fresh("estimate", lambda side: side.estimate()),
    f"POST {_ESTIMATE}/resolution": _resolve,
    "POST /v1/attestations": _attest,
    "GET /v1/attestations": _list_attestations,
    "GET /v1/attestations/{attestation_id}": _attestation,
    "POST /v1/attestations/{attestation_id}/withdrawal": _take_release_back,
    "POST /v1/notices": _notify,
    "GET /v1/notices": _list_notices,
    "GET /v1/notices/{notice_id}": _read_notice,
    "POST /v1/notices/{notice_id}/answer": _notice,
    "POST /v1/work-days": _count_day,
    "GET /v1/work-days": lists("day"),
    "GET /v1/work-days/{day_id}": on("day"),
    # Grants
    "POST /v1/grants": _propose,
    "POST /v1/grants/lint": _propose,
    "GET /v1/grants": lists("grant"),
    f"GET {_GRANT}": on("grant"),
    f"GET {_GRANT}/history": on("grant"),
    f"GET {_GRANT}/diff": _diff,
    f"POST {_GRANT}/amendments": _with_etag(_on_offer({"ends_on": "2035-06-30"})),
    f"POST {_GRANT}/counter-offers": _with_etag(_on_offer({"ends_on": "2034-06-30"})),
    f"POST {_GRANT}/counter-offers/withdrawal": _take_back,
    f"POST {_GRANT}/acceptance": _accept,
    f"POST {_GRANT}/posthumous-consent": _for_the_dead,
    f"POST {_GRANT}/void": _on_grant({"basis": "court", "document_hash": _SHA}),
    f"POST {_GRANT}/confirmations": _confirm,
    f"POST {_GRANT}/decline": _on_offer(),
    f"POST {_GRANT}/withdrawal": _on_offer(),
    f"GET {_GRANT}/printout": on("grant"),
    f"POST {_GRANT}/rider": _rider,
    "POST /v1/riders": _roll,
    "POST /v1/imports": _import,
    f"POST {_GRANT}/signature-dispute": _on_grant(),
    f"POST {_GRANT}/revocation": _on_grant(),
    f"POST {_GRANT}/withdrawal-answer": _answer_withdrawal,
    f"GET {_GRANT}/revocation-preview": _on_grant(),
    f"POST {_GRANT}/suspension": _on_grant(),
    f"POST {_GRANT}/resumption": _resume_grant,
    # Blocks
    "POST /v1/vetoes": _veto,
    "GET /v1/vetoes": lists("veto"),
    "POST /v1/vetoes/preview": _veto,
    "POST /v1/reminders": plain(shows="reminded"),
    "POST /v1/flag-rules": _flag_rule,
    "GET /v1/flag-rules": lists("flag"),
    "GET /v1/flag-rules/{rule_id}": on("flag", "rule_id"),
    "POST /v1/flag-rules/{rule_id}/end": fresh("flag", lambda side: side.flag_rule(), "rule_id"),
    "GET /v1/queue": _queue,
    "POST /v1/queue/{group}/answer": _answer_group,
    "POST /v1/queue/{group}/veto": _veto_group,
    "GET /v1/cases": lists("case"),
    "GET /v1/cases/{case_id}": on("case"),
    f"GET {_VETO}": on("veto"),
    f"GET {_VETO}/affected": lambda side, _: Call(
        {"veto_id": ("veto", side.ids["veto"])}, shows="data"
    ),
    f"POST {_VETO}/confirmation": _second,
    f"POST {_VETO}/lift": _on_veto(),
    f"POST {_VETO}/narrowing": _narrow,
    f"POST {_VETO}/renewal": _renew,
    f"POST {_VETO}/award": _award,
    f"POST {_VETO}/appeal": _on_veto({"argument": "The shots were made before."}),
    f"POST {_VETO}/exceptions": _except,
    "POST /v1/court-orders": _court_order,
    "GET /v1/court-orders": lists("order"),
    "GET /v1/court-orders/{order_id}": on("order"),
    "POST /v1/court-orders/{order_id}/end": fresh("order", lambda side: side.court_order()),
    # Uses and checks
    "POST /v1/uses": _register,
    "GET /v1/uses": lists("use"),
    f"GET {_USE}": on("use"),
    f"POST {_USE}/recheck": on("use"),
    f"POST {_USE}/lock": _on_use(),
    f"POST {_USE}/release": _on_use("lock"),
    f"POST {_USE}/withdrawal": _on_use(),
    f"POST {_USE}/dispute": _on_use(body={"words": "I did not agree to this."}),
    f"POST {_USE}/release-without-answer": _release_unanswered,
    f"POST {_USE}/report": _on_use("lock", "release", body={"quantity": {"seconds": 11}}),
    "POST /v1/checks": _ask,
    "POST /v1/checks/batch": _batch,
    "GET /v1/checks": _check_list,
    "GET /v1/checks/{check_id}": _check,
    # Whose word a fact is
    "GET /v1/facts": _facts,
    # What is said in advance
    f"POST {_PERFORMER}/instructions": _instruct,
    f"GET {_PERFORMER}/instructions": _person(),
    "POST /v1/instructions/{instruction_id}/end": _end_instruction,
    # What is not listed
    "POST /v1/sightings": _report,
    "GET /v1/sightings": lambda side, role: Call(
        query="?limit=200", shows=_sighting(side, role).shows
    ),
    "GET /v1/sightings/{sighting_id}": _sighting,
    "POST /v1/sightings/{sighting_id}/answer": lambda side, role: Call(
        _sighting(side, role).at,
        {"answer": "looking" if role == "union_officer" else "not_ours"},
        shows="answered",
    ),
    "POST /v1/sightings/{sighting_id}/closing": _sighting,
    # What others say was paid, and what shares are taken of
    "POST /v1/residual-statements": _residual,
    "GET /v1/residual-statements": lists("residual"),
    "GET /v1/residual-statements/{statement_id}": on("residual", "statement_id"),
    "POST /v1/residual-statements/{statement_id}/correction": _own_residual(SAID),
    "POST /v1/residual-statements/{statement_id}/withdrawal": _own_residual(),
    "GET /v1/statements": lambda side, _: Call(
        query=f"?performer={side.person.id}", shows=side.person.id
    ),
    f"GET {_WORK}/payroll": lambda side, _: Call(
        {"work_id": ("work", side.ids["work"])}, shows="data"
    ),
    "GET /v1/me/statement": lambda side, _: Call(shows=side.person.id),
    "POST /v1/base-reports": _report_base,
    "GET /v1/base-reports": lists("base_report"),
    "GET /v1/base-reports/{report_id}": on("base_report", "report_id"),
    "POST /v1/base-reports/{report_id}/correction": _correct_base,
    "POST /v1/base-reports/{report_id}/dispute": _answer_base({"words": label("Not so.")}),
    "POST /v1/base-reports/{report_id}/confirmation": _answer_base(),
    # Threads
    "POST /v1/messages": _write,
    "GET /v1/messages": _list_messages,
    "GET /v1/messages/{message_id}": _message,
    "POST /v1/messages/{message_id}/other-side": _respond,
    "GET /v1/checks/{check_id}/replay": _check,
    "GET /v1/dossiers": _dossier,
    # The log and the packs
    "GET /v1/events": plain(shows="data"),
    "GET /v1/events/{index}": _event,
    "GET /v1/me/inbox": plain(shows="data"),
    "GET /v1/inbox": plain(shows="data"),
    "GET /v1/me/events": plain(shows="data"),
    "GET /v1/me/activity": plain(shows="data"),
    "GET /v1/me/asks": plain(shows="data"),
    "GET /v1/agreements": plain(shows="house"),
    "GET /v1/agreements/{pack_hash}": _pack,
    "GET /v1/agreements/{pack_hash}/rates": _rates,
    "POST /v1/agreements/verifications": _verify_row,
}
