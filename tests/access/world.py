"""Two tenants that know nothing of each other, built through the acts, with one caller per role.

Each side has a studio that signed its union's agreement, an agency, a vendor, a performer and a
*sibling*: another performer of the same studio. ``ids`` holds one object of each kind for others to
reach for; an act that changes its object is tried on a fresh one, which the methods make.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from app.registrar.callers import NEWCOMER, ROLES
from app.store.heads import process_clock
from tests.access.conftest import DEMO, Served
from tests.support import world
from tests.support.client import Client
from tests.support.world import AGREEMENT, Person

_STUDIO_ROLES = ("studio_admin", "studio_clearance", "studio_finance")
_UNION_ROLES = ("union_officer", "union_staff")
_PAY = {"kind": "bargained_flat", "amount": {"amount": "10000.00", "currency": "USD"}}
_NUMBERS = count(1)
# Of some paper.
# A day to come, as far ahead as a sale can be recorded.
SOLD_ON = (process_clock().date() + timedelta(days=300)).isoformat()
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

# What a line from outside says, and what a report of a base does.
_PERIOD = {"starts_on": "2026-07-01", "until": "2026-10-01"}
SAID: dict[str, Any] = {
    "title": "A film",
    "market": "free television",
    **_PERIOD,
    "issuer": "Residuals Ltd",
    "gross": {"amount": "412.50", "currency": "USD"},
    "reference": "RES-1",
    "issued_on": "2026-10-30",
}
REPORTED: dict[str, Any] = {
    "base": "streaming receipts",
    **_PERIOD,
    "reporter": "Video Ltd",
    "amount": {"amount": "125000.00", "currency": "USD"},
    "reported_on": "2026-11-05",
}

Made = dict[str, Any]


def label(what: str) -> str:
    """A name that nothing else has."""
    return f"{what} {next(_NUMBERS)}"


def id_of(made: Made) -> str:
    """What was put on record; a check calls it ``check_id``."""
    return str(made.get("id") or made["check_id"])


@dataclass
class Side:
    """One tenant."""

    admin: Client
    callers: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    # The same kinds, of the sibling.
    siblings: dict[str, str] = field(default_factory=dict)
    person: Person = field(init=False)
    sibling: Person = field(init=False)
    second_officer: Client = field(init=False)
    # The admin of a second studio of this side, whose agreements may change.
    spare: Client = field(init=False)

    @property
    def studio(self) -> Client:
        return self.callers["studio_clearance"]

    @property
    def officer(self) -> Client:
        return self.callers["union_officer"]

    def newcomer(self) -> Client:
        """Somebody who signed in and whom the registry does not know."""
        form = {"grant_type": DEMO, "subject": label("subject")}
        token = self.admin.form("/oauth2/token", form).expect(200)["access_token"]
        return Client(self.admin.http, str(token))

    def film(self, **more: Any) -> Made:
        body = {"kind": "film", "title": label("Film"), "content_tags": ["stunts"]}
        body |= {"photography_start": "2026-08-03"}
        return self.studio.post("/v1/works", body | more).expect()

    def new_performer(self) -> Made:
        body = {"name": label("Person"), "contact": "x@performer.example", "adult": True}
        body |= {"member_of": self.ids["union"]}
        return self.studio.post("/v1/performers", body).expect()

    def edge(self) -> Made:
        """A film under another."""
        child, parent = self.film()["id"], self.film(kind="franchise")["id"]
        return self.studio.post(f"/v1/works/{child}/edges", {"parent": parent}).expect()

    def another(self) -> Person:
        """One more performer, who claimed their record and has no union yet."""
        return world.performer(
            self.studio, self.admin, label("Person"), member_of=self.ids["union"]
        )

    def hired_performer(self) -> Made:
        """A performer whom nobody invited yet, hired under the union's agreement."""
        made = self.new_performer()
        hired = {"work": self.film(agreement=AGREEMENT)["id"], "rate": {"kind": "daily"}}
        self.studio.post("/v1/engagements", {"performer": made["id"], **hired}).expect()
        return made

    def a_member(self) -> Person:
        """One more performer, of the union."""
        person = self.another()
        world.membership(person, self.officer, self.ids["union"])
        return person

    def membership(self, person: Person) -> Made:
        """A membership that the performer stated and the union has not confirmed."""
        path = f"/v1/performers/{person.id}/memberships"
        return person.client.post(path, {"union": self.ids["union"]}).expect()

    def representation(self, person: Person | None = None) -> Made:
        """A guardian whom the office has yet to verify."""
        whose = person or self.person
        body = {
            "kind": "guardian",
            "powers": ["view"],
            "person": {"name": label("Guardian"), "contact": "g@performer.example"},
            "document_hash": SHA,
        }
        return self.officer.post(f"/v1/performers/{whose.id}/representations", body).expect()

    def client_of_agency(self) -> Person:
        """A member whom the agency represents."""
        person = self.a_member()
        body = {"kind": "agent", "powers": ["bargain"], "representative": self.ids["agency"]}
        person.client.post(f"/v1/performers/{person.id}/representations", body).expect()
        return person

    def reported_death(self, person: Person, *, by_office: bool = True) -> Made:
        """The first of the two words."""
        who = self.admin if by_office else self.officer
        body = {"died_on": "2026-01-02", "document_hash": SHA}
        return who.post(f"/v1/performers/{person.id}/deaths", body).expect()

    def dead(self, person: Person) -> Person:
        """A performer of whom two persons said so, long enough ago."""
        made = self.reported_death(person)["id"]
        path = f"/v1/performers/{person.id}/deaths/{made}/confirmation"
        then = {"Consent-Registry-Now": "2026-01-04T12:00:00Z"}
        second = world.member(self.admin, self.ids["studio"], "registry_admin")
        second.post(path, {"document_hash": SHA}, headers=then).expect()
        return person

    def estate(self, person: Person, paper: str) -> Made:
        """The agency, proven to answer for somebody who died."""
        body = {"kind": "estate", "powers": ["sign"], "document_hash": paper}
        body |= {"representative": self.ids["agency"], "starts_on": "2026-01-02"}
        return self.admin.post(f"/v1/performers/{person.id}/representations", body).expect()

    def search_body(self, person: Person) -> Made:
        """A search for who may speak for somebody."""
        return {
            "kind": "representative_search",
            "text": label("Probate registers of two counties"),
            "performer": person.id,
            "done_on": "2026-01-20",
            "evidence": [SHA],
        }

    def engagement(self, person: Person | None = None) -> Made:
        body = {
            "performer": (person or self.person).id,
            "work": self.film(agreement=AGREEMENT)["id"],
            "agreement": AGREEMENT,
            "rate": {"kind": "daily"},
        }
        return self.studio.post("/v1/engagements", body).expect()

    def session(self, person: Person | None = None) -> Made:
        body = {
            "engagement": self.engagement(person)["id"],
            "starts_at": "2031-11-24T12:00:00Z",
            "business_reason": "Aerial stunts.",
        }
        return self.studio.post("/v1/capture-sessions", body).expect()

    def replica(self, person: Person | None = None) -> Made:
        """One that existed before, in the vendor's custody."""
        body = {"performer": (person or self.person).id, "custodian": self.ids["vendor"]}
        return self.studio.post(
            "/v1/replicas", {"kind": "independent", "made_before": SHA, **body}
        ).expect()

    def custody(self, replica: str, who: Client | None = None) -> Made:
        """The copy of a replica that somebody holds; the vendor where nobody else is named."""
        holder = who or self.callers["vendor"]
        found = holder.get(f"/v1/custodies?replica={replica}").expect()["data"]
        mine = holder.get("/v1/organizations").expect()["data"]
        own = {one["id"] for one in mine}
        return next(dict(one) for one in found if one["holder_id"] in own)

    def transfer(self, person: Person | None = None, to: str = "vendor") -> Made:
        """A replica that is to go to the vendor, put before the union."""
        body = {"replica": self.replica(person)["id"], "to": self.ids[to]}
        body |= {"union": self.ids["union"], "purpose": label("the next film")}
        return self.studio.post("/v1/transfers", body).expect()

    def approved(self, to: str, taker: Client) -> Made:
        """A transfer that the union approved, with the duties taken on."""
        made = self.transfer(to=to)
        path = f"/v1/transfers/{made['id']}"
        self.officer.post(f"{path}/answer", {"answer": "approved"}).expect()
        taker.post(f"{path}/assumption", {"assumption": SHA}).expect()
        return made

    def sale(self, person: Person | None = None) -> Made:
        """A film that performer and union see, sold as of a day to come."""
        work = self.engagement(person)["work_id"]
        body = {"owner": self.ids["spare"], "starts_on": SOLD_ON}
        return self.callers["studio_admin"].post(f"/v1/works/{work}/owner", body).expect()

    def offer(self, person: Person | None = None, **more: Any) -> Made:
        body = {
            "performer": (person or self.person).id,
            "uses": ["stunt", "face_replace"],
            "description": "aerial stunts, scenes 40-60",
            "pay": _PAY,
        }
        if not more.keys() & {"works", "work"}:
            more["work"] = self.film()["id"]
        return self.studio.post("/v1/grants", body | more).expect()

    def grant(self, person: Person | None = None, **more: Any) -> Made:
        """A consent that the performer signed."""
        made = self.offer(person, **more)
        path = f"/v1/grants/{made['id']}/acceptance"
        hash_ = {"terms_hash": made["terms_hash"]}
        return (person or self.person).client.post(path, hash_).expect()

    def use(self, person: Person | None = None) -> Made:
        """A cleared use."""
        work = self.film()["id"]
        self.grant(person, work=work)
        made = self.studio.post("/v1/uses", self.question(work, person)).expect(201)
        assert made["state"] == "cleared", made["decision"]["reasons"]
        return made

    def question(self, work: str | None = None, person: Person | None = None) -> Made:
        whose = (person or self.person).id
        return {"performer": whose, "work": work or self.ids["work"], "use": "stunt"}

    def due(self, person: Person | None = None) -> Made:
        """What became due for a use that was locked."""
        made = self.use(person)["id"]
        self.studio.post(f"/v1/uses/{made}/lock").expect()
        found = self.studio.get(f"/v1/dues?use={made}").expect()["data"]
        return next(dict(line) for line in found if line["kind"] != "contribution")

    def payment_body(self, person: Person | None = None) -> Made:
        """That a line was paid."""
        line = self.due(person)
        return {
            "performer": (person or self.person).id,
            "reference": label("PR"),
            "paid_on": "2026-11-20",
            "lines": [{"due": line["id"], "amount": line["left"]}],
        }

    def payment(self, person: Person | None = None) -> Made:
        return self.studio.post("/v1/payments", self.payment_body(person)).expect()

    def estimate(self, person: Person | None = None) -> Made:
        body = self.question(person=person) | {"days": "3", "basis": "Three days of stunts."}
        return self.studio.post("/v1/estimates", body).expect()

    def residual(self, person: Person | None = None, who: Client | None = None) -> Made:
        """A line of a statement from outside."""
        body = {"performer": (person or self.person).id, **SAID, "reference": label("RES")}
        return (who or self.studio).post("/v1/residual-statements", body).expect()

    def base_report(self, person: Person | None = None, who: Client | None = None) -> Made:
        """A report of what one performer's share is taken of."""
        body = {"performer": (person or self.person).id, "work": self.film()["id"], **REPORTED}
        return (who or self.studio).post("/v1/base-reports", body).expect()

    def notice(self, to: str | None = None, person: Person | None = None) -> Made:
        """A notice to a union, or to the performer."""
        body = {"kind": "training", "content": label("We want to train a model.")}
        body |= {"to": to} if to else {"performer": (person or self.person).id}
        return self.studio.post("/v1/notices", body).expect()

    def veto(self, **more: Any) -> Made:
        """A union's block on one film's uses of the performer."""
        return self.officer.post("/v1/vetoes", self.veto_body(**more)).expect()

    def veto_body(self, **more: Any) -> Made:
        scope = {"performer": self.person.id, "work": self.film(agreement=AGREEMENT)["id"]}
        body = {
            "kind": "grievance",
            "basis": "article 12",
            "authority": "resolution 3 of the board",
            "scope": scope,
            "reason": "A grievance is open.",
        }
        return body | more

    def flag_rule(self) -> Made:
        """What the union wants to see: every request."""
        body = {"name": label("rule"), "conditions": {"about": ["grant"]}}
        return self.officer.post("/v1/flag-rules", body).expect()

    def case(self) -> Made:
        """A case in the union's queue, alone in its group."""
        made = self.offer(self.person)
        found = self.officer.get(f"/v1/cases?about={made['id']}").expect()["data"]
        return dict(found[0])

    def court_order(self, **more: Any) -> Made:
        body = {"reference": label("2 CIV")} | (more or {"work": self.film()["id"]})
        return self.admin.post("/v1/court-orders", body).expect()

    def work_day(self, work: str) -> Made:
        counts = {"required_background": 25, "human_background": 25}
        return self.studio.post(
            "/v1/work-days", {"work": work, "day": "2026-11-21", **counts}
        ).expect()


@dataclass
class World:
    """Both tenants, and the office above them."""

    served: Served
    admin: Client
    a: Side
    b: Side
    stranger: Client

    def caller(self, role: str) -> Client:
        return self.a.callers[role]

    def log_size(self) -> int:
        with self.served.app.state.registry.store.reads.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM log_entry").scalar_one())


def build(served: Served) -> World:
    """Both sides with their people, and nothing else yet."""
    plain = Client(served.http)
    admin = plain.as_(served.principal("registry_admin", kind="registry_admin"))
    auditor = plain.as_(served.principal("auditor", kind="auditor"))
    a, b = _side(admin, auditor), _side(admin, auditor)
    a.callers[NEWCOMER] = b.callers[NEWCOMER] = a.newcomer()
    assert set(a.callers) == ROLES | {NEWCOMER}
    return World(served, admin, a, b, plain)


def furnish(side: Side) -> None:
    """One object of each kind on a side, and of the sibling where it has a performer."""
    for person, found in ((side.person, side.ids), (side.sibling, side.siblings)):
        made: Mapping[str, Made] = {
            "representation": side.representation(person),
            # The first word alone: nothing follows from it.
            "death": side.reported_death(person),
            "engagement": side.engagement(person),
            "session": side.session(person),
            "replica": side.replica(person),
            "transfer": side.transfer(person),
            "sale": side.sale(person),
            "grant": side.offer(person),
            "use": side.use(person),
            "estimate": side.estimate(person),
            "due": side.due(person),
            "payment": side.payment(person),
            "notice": side.notice(person=person),
            "residual": side.residual(person),
            "base_report": side.base_report(person),
            "check": side.studio.post("/v1/checks", side.question(person=person)).expect(),
        }
        found |= {kind: id_of(value) for kind, value in made.items()}
        found["custody"] = id_of(side.custody(found["replica"]))
        # A work that performer and union see, because of the engagement on it.
        found["seen_work"] = str(made["engagement"]["work_id"])
        found["day"] = id_of(side.work_day(found["seen_work"]))
        # One that stops nothing in this century.
        later = {"performer": person.id, "starts_at": "2100-01-01T00:00:00Z"}
        found["order"] = id_of(side.court_order(**later))
        found.update(said_by(side, person, found["grant"]))
    side.ids["flag"] = side.flag_rule()["id"]
    side.ids |= {
        "case": side.case()["id"],
        "edge": side.edge()["id"],
        "veto": side.veto()["id"],
        "attestation": side.studio.post(
            "/v1/attestations", {"kind": "unrecognisable", "text": "A mask.", "role": "lead"}
        ).id,
    }


def said_by(side: Side, person: Person, grant: str) -> dict[str, str]:
    """What a performer said: of a request, of what they saw, and of all requests to come."""
    note = {"about": "grant", "about_id": grant, "kind": "offer_said", "words": label("Said.")}
    seen = {"what": label("My face."), "seen_on": "2026-11-01", "studio": side.ids["studio"]}
    never = {"say": "never", "use": "scan", "tag": "political"}
    path = f"/v1/performers/{person.id}/instructions"
    return {
        "message": person.client.post("/v1/messages", note).id,
        "sighting": person.client.post("/v1/sightings", seen).id,
        "instruction": person.client.post(path, never).id,
    }


def _side(admin: Client, auditor: Client) -> Side:
    side = Side(admin, {"registry_admin": admin, "auditor": auditor})
    for kind in ("studio", "union", "agency", "vendor"):
        more: Made = {"agreements": [AGREEMENT]} if kind == "union" else {}
        side.ids[kind] = world.organization(admin, kind, label(kind), **more)
    for role in _STUDIO_ROLES:
        side.callers[role] = world.member(admin, side.ids["studio"], role)
    for role in _UNION_ROLES:
        side.callers[role] = world.member(admin, side.ids["union"], role)
    side.ids["spare"] = world.organization(admin, "studio", label("studio"))
    side.spare = world.member(admin, side.ids["spare"], "studio_admin")
    side.second_officer = world.member(admin, side.ids["union"], "union_officer")
    side.callers["vendor"] = world.member(admin, side.ids["vendor"], "vendor")
    office = f"/v1/organizations/{side.ids['studio']}"
    signed = {"agreement": AGREEMENT, "union": side.ids["union"], "starts_on": "2023-11-09"}
    side.ids["signatory"] = admin.post(f"{office}/signatories", signed).id
    side.ids["user"] = admin.post(f"{office}/users", {"role": "studio_finance"}).id
    side.ids["client"] = admin.post(f"{office}/clients", {"name": label("farm")}).id
    side.callers["pipeline"] = admin.as_(side.ids["client"])
    side.person, side.sibling = _person(side, side.ids), _person(side, side.siblings)
    side.ids["performer"], side.siblings["performer"] = side.person.id, side.sibling.id
    side.callers["performer"] = side.person.client
    side.ids["work"] = str(side.film()["id"])
    _represent(side)
    return side


def _person(side: Side, found: dict[str, str]) -> Person:
    person = world.performer(side.studio, side.admin, label("Person"))
    found["membership"] = world.membership(person, side.officer, side.ids["union"])
    return person


def _represent(side: Side) -> None:
    """A lawyer at the agency, who may sign for the performer and not for the sibling."""
    side.callers["representative"] = world.member(side.admin, side.ids["agency"], "representative")
    body = {
        "kind": "attorney",
        "powers": ["view", "bargain", "sign"],
        # Days of a consent are counted where its agreement is: there today may still be yesterday.
        "starts_on": "2026-01-01",
        "representative": side.ids["agency"],
    }
    path = f"/v1/performers/{side.person.id}/representations"
    side.person.client.post(path, body).expect()
