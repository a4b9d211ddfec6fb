"""Who is there when a walk begins: organizations, their people, performers, a franchise each."""

from dataclasses import dataclass, field
from typing import Any

from tests.model.twin import JSON, OFFICE, Twin

START = "2026-12-01T09:00:00Z"
FAMILY = "sag-aftra/tv-theatrical"
UNIT = "performers"

# By name: kind, and what else is said of it.
ORGANIZATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "oriel": ("studio", {}),  # signatory to FAMILY
    "rival": ("studio", {}),
    "plain": ("studio", {}),  # bound by no agreement: the house rules alone
    "guild": ("union", {"agreements": [FAMILY]}),
    "lodge": ("union", {}),
    "vendor": ("vendor", {}),
    "agency": ("agency", {}),
}
# By name: the organization and the role in it.
PEOPLE = {
    "oriel": ("oriel", "studio_admin"),
    "rival": ("rival", "studio_admin"),
    "plain": ("plain", "studio_admin"),
    "officer": ("guild", "union_officer"),
    "second": ("guild", "union_officer"),
    "stranger": ("lodge", "union_officer"),
    "keeper": ("vendor", "vendor"),
    "agent": ("agency", "representative"),
    "auditor": ("oriel", "auditor"),
    "bureau": ("guild", "registry_admin"),
}


@dataclass
class Cast:
    """Everybody, by name. ``ids`` are organizations', performers' and works'."""

    twin: Twin
    ids: dict[str, str] = field(default_factory=dict)

    def make(self, who: str, path: str, body: JSON = None) -> JSON:
        """The body of an act that has to succeed."""
        return self.twin.post(who, path, body).expect()

    def performer(self, name: str, who: str, **more: Any) -> str:
        """A performer who claimed their record."""
        body = {"name": f"{name.title()} Person", "contact": f"{name}@example.org", "adult": True}
        self.ids[name] = str(self.make(who, "/v1/performers", body | more)["id"])
        self.claim(name)
        return self.ids[name]

    def claim(self, name: str) -> None:
        """Let a performer claim their record and act from then on."""
        path = f"/v1/performers/{self.ids[name]}"
        code = self.make(OFFICE, f"{path}/invitation")["code"]
        claimed = self.twin.post(None, f"{path}/claim", {"code": code}).expect()
        self.twin.people[name] = claimed["principal"]

    def work(self, name: str, who: str, kind: str = "film", **more: Any) -> str:
        """A work on record."""
        body = {"kind": kind, "title": f"The {name.title()}"} | more
        self.ids[name] = str(self.make(who, "/v1/works", body)["id"])
        return self.ids[name]

    def member(self, name: str, officer: str = "officer", union: str = "guild") -> str:
        """A membership that both sides said."""
        path = f"/v1/performers/{self.ids[name]}/memberships"
        body = {"union": self.ids[union], "unit": UNIT}
        made = str(self.make(name, path, body)["id"])
        self.make(officer, f"{path}/{made}/confirmation")
        return made

    def granted(self, name: str, who: str, works: list[str], uses: list[str], **terms: Any) -> JSON:
        """A consent that was offered and signed."""
        offered = self.offered(name, who, works, uses, **terms)
        path = f"/v1/grants/{offered['id']}/acceptance"
        return self.make(name, path, {"terms_hash": offered["terms_hash"]})

    def offered(self, name: str, who: str, works: list[str], uses: list[str], **terms: Any) -> JSON:
        """A consent that was asked for."""
        body = {
            "performer": self.ids[name],
            "works": [self.ids.get(work, work) for work in works],
            "uses": uses,
            "description": "what the scenes of the day ask for",
            "pay": {"kind": "none"},
        }
        return self.make(who, "/v1/grants", body | terms)


def assembled(both: Twin) -> Cast:
    """The organizations and their people."""
    cast = Cast(both)
    for name, (kind, more) in ORGANIZATIONS.items():
        body = {"kind": kind, "name": f"The {name}", **more}
        cast.ids[name] = str(cast.make(OFFICE, "/v1/organizations", body)["id"])
    for name, (organization, role) in PEOPLE.items():
        path = f"/v1/organizations/{cast.ids[organization]}/users"
        both.people[name] = cast.make(OFFICE, path, {"role": role, "name": f"{name} person"})["id"]
    return cast
