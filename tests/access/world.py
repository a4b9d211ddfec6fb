"""Two tenants that know nothing of each other, built through the acts, with one caller per role."""

from dataclasses import dataclass, field
from typing import Any

from app.registrar.callers import NEWCOMER, ROLES
from tests.access.conftest import DEMO, Served
from tests.support import world
from tests.support.client import Client
from tests.support.world import AGREEMENT, Person

OFFICE = frozenset({"registry_admin", "auditor"})
_STUDIO_ROLES = ("studio_admin", "studio_clearance", "studio_finance")
_UNION_ROLES = ("union_officer", "union_staff")


@dataclass
class Side:
    """One tenant: a studio, its union, agency and vendor, people, and one object of each kind."""

    name: str
    admin: Client
    callers: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    person: Person = field(init=False)
    minor: int = 0

    @property
    def studio(self) -> Client:
        return self.callers["studio_clearance"]

    @property
    def officer(self) -> Client:
        return self.callers["union_officer"]

    def label(self, what: str) -> str:
        """A name that nothing else has."""
        self.minor += 1
        return f"{what} {self.name}{self.minor}"


@dataclass
class World:
    """Both tenants, and the office above them."""

    served: Served
    admin: Client
    a: Side
    b: Side
    stranger: Client

    def caller(self, role: str, side: Side | None = None) -> Client:
        return (side or self.a).callers[role]


def build(served: Served) -> World:
    """Build it; takes a second or two."""
    plain = Client(served.http)
    admin = plain.as_(served.principal("registry_admin", kind="registry_admin"))
    auditor = plain.as_(served.principal("auditor", kind="auditor"))
    a, b = (_side(name, admin, auditor) for name in ("A", "B"))
    form = {"grant_type": DEMO, "subject": "nobody-yet"}
    token = str(plain.form("/oauth2/token", form).expect(200)["access_token"])
    a.callers[NEWCOMER] = b.callers[NEWCOMER] = Client(served.http, token)
    assert set(a.callers) == ROLES | {NEWCOMER}
    return World(served, admin, a, b, plain)


def _side(name: str, admin: Client, auditor: Client) -> Side:
    side = Side(name, admin, {"registry_admin": admin, "auditor": auditor})
    for kind in ("studio", "union", "agency", "vendor"):
        more: dict[str, Any] = {"agreements": [AGREEMENT]} if kind == "union" else {}
        side.ids[kind] = world.organization(admin, kind, side.label(kind), **more)
    for role in _STUDIO_ROLES:
        side.callers[role] = world.member(admin, side.ids["studio"], role)
    for role in _UNION_ROLES:
        side.callers[role] = world.member(admin, side.ids["union"], role)
    side.callers["representative"] = world.member(admin, side.ids["agency"], "representative")
    side.callers["vendor"] = world.member(admin, side.ids["vendor"], "vendor")
    made = side.callers["studio_admin"].post(
        f"/v1/organizations/{side.ids['studio']}/clients", {"name": side.label("farm")}
    )
    side.ids["client"] = made.id
    side.callers["pipeline"] = admin.as_(made.id)
    side.person = world.performer(side.studio, admin, side.label("Person"))
    side.ids["performer"] = side.person.id
    side.callers["performer"] = side.person.client
    return side
