"""The demo: a fictional franchise, put on record through the same acts that everybody else uses.

Every step is a request to the application itself with an Idempotency-Key of its own, so a run that
was cut off goes on where it stopped and a second run changes nothing. The past of the demo is told
with the clock that only an application in the test environment lets a caller set; the application
that serves the demo does not.

Everybody and everything in it is invented. The agreement is the real one, as far as it is known.
"""

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
import uvicorn
from fastapi import FastAPI

from app import commands
from app.api.oauth import DEMO, ONE_TIME_CODE
from app.main import create_app
from app.settings import Settings

FAMILY: Final = "sag-aftra/tv-theatrical"
# The house codes of both demo studios are in this system.
SYSTEM: Final = "demo"
# The unit of the union that the members of the story belong to.
UNIT: Final = "performers"

# A shell function: one member of a JSON answer.
_FIELD: Final = """field() {
  python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
"""
# Where `demo.json` and `demo.env` are written.
DIRECTORY: Final = Path("var")

Json = dict[str, Any]


class DemoError(Exception):
    """The demo cannot be set up here; the message says what to do."""


@dataclass
class _Teller:
    """Sends the steps of the story, each under its own key, and remembers what came of them."""

    http: httpx2.AsyncClient
    # What a run that was cut off leaves to the next: ``people`` holds principals by name, whose
    # codes and secrets are shown once.
    file: Path
    progress: Json
    tokens: dict[str, str] = field(default_factory=dict)
    seeded: dict[str, Json] = field(default_factory=dict)
    now: str = ""

    @property
    def people(self) -> dict[str, str]:
        """Principals by name."""
        people: dict[str, str] = self.progress["people"]
        return people

    async def sign_in(self, name: str, principal: str) -> None:
        """Get a token as ``principal`` and call it ``name``."""
        self.people[name] = principal
        _write(self.file, self.progress)
        self.tokens[name] = await token(self.http, principal)

    async def tell(self, who: str, path: str, body: Json | None = None) -> Json:
        """Do one act as ``who`` at the story's present.

        Raises:
            DemoError: the act was not done.
        """
        told = json.dumps([path, body], sort_keys=True)
        key = f"demo-{hashlib.sha256(told.encode()).hexdigest()[:32]}"
        sent = {**self.headers(who), "Idempotency-Key": key}
        answer = await self.http.post(path, json=body if body is not None else {}, headers=sent)
        if answer.status_code not in {200, 201}:
            raise DemoError(f"{who} POST {path}: {answer.status_code} {answer.text}")
        return dict(answer.json())

    async def lines(self, who: str, query: str) -> list[Json]:
        """What is owed, as ``who`` sees it at the story's present."""
        answer = await self.http.get(f"/v1/dues?{query}", headers=self.headers(who))
        if answer.status_code != httpx2.codes.OK:
            raise DemoError(f"{who} GET /v1/dues: {answer.status_code} {answer.text}")
        return list(answer.json()["data"])

    def headers(self, who: str) -> dict[str, str]:
        """The story's present, and the token of ``who``; nobody's where it is empty."""
        bearer = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return {"Consent-Registry-Now": self.now, **bearer}

    def keep(self, name: str, id_: str, ref: str | None = None) -> str:
        """Give what was put on record a name in `var/demo.json`."""
        self.seeded[name] = {"id": id_, "ref": ref}
        return id_

    def id(self, name: str) -> str:
        """The id of what was kept under ``name``."""
        return str(self.seeded[name]["id"])


async def token(http: httpx2.AsyncClient, principal: str) -> str:
    """A person's or client's demo token.

    Raises:
        DemoError: there is none for this principal.
    """
    answer = await http.post("/oauth2/token", data={"grant_type": DEMO, "principal": principal})
    if answer.status_code != httpx2.codes.OK:
        raise DemoError(f"no token for {principal}: {answer.text}")
    return str(answer.json()["access_token"])


@asynccontextmanager
async def asking(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application in this process, from its start to its end."""
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://demo") as http:
            yield http


def prepare(settings: Settings, directory: Path) -> Json:
    """Migrate, seed what is not there yet, mint tokens, and write `demo.json` and `demo.env`.

    Raises:
        DemoError: the database holds another registry, or a step failed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    commands.migrate(settings)
    return asyncio.run(_prepare(settings, directory))


def run(settings: Settings, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Prepare the demo, say how to talk to it, and serve it until it is stopped.

    Raises:
        DemoError: as `prepare`.
    """
    demo = settings.model_copy(
        update={"environment": "demo", "base_url": f"http://localhost:{port}"}
    )
    kept = prepare(demo, DIRECTORY)
    sys.stdout.write(_greeting(kept))
    sys.stdout.flush()
    uvicorn.run(create_app(demo), host=host, port=port, access_log=False, log_level="warning")


def _greeting(kept: Json) -> str:
    tokens = "\n".join(f"  {name:<16}{value}" for name, value in sorted(kept["tokens"].items()))
    return f"""The demo is at {kept["base_url"]} and everything in it is invented.

Tokens, good for twelve hours (also in {DIRECTORY / "demo.json"}):
{tokens}

In a second terminal:

  . {DIRECTORY / "demo.env"}

  # May Mara's replica do the stunt, and what is owed?
  {_curl("PIPELINE", "checks", performer="ref:demo:mara", work="ref:demo:meridian-1", use="stunt")}

  # And in the film that was announced after she signed?
  {_curl("PIPELINE", "checks", performer="ref:demo:mara", work="ref:demo:afterlight", use="stunt")}

README.md goes on from there with a veto.
"""


def _curl(who: str, path: str, **body: str) -> str:
    return f"curl -s $BASE/v1/{path} -H \"${who}\" --json '{json.dumps(body)}'"


async def _prepare(settings: Settings, directory: Path) -> Json:
    file = directory / "demo.json"
    kept: Json = json.loads(file.read_text()) if file.exists() else {}
    if not kept.get("complete"):
        kept = await _seed(settings, kept, file)
    quiet = settings.model_copy(update={"log_level": "warning"})
    async with asking(create_app(quiet)) as http:
        tokens = {name: await token(http, id_) for name, id_ in kept["principals"].items()}
    kept |= {"base_url": settings.base_url, "tokens": tokens, "complete": True}
    _write(file, kept)
    _write_env(directory / "demo.env", kept)
    return kept


async def _seed(settings: Settings, kept: Json, file: Path) -> Json:
    # Before the application starts, so that the founding is entry 0. Each thing that exists once
    # is kept before the next step, so that a run that is cut off here can go on.
    if not kept:
        kept = {"code": _first_code(settings), "complete": False}
        _write(file, kept)
    told = settings.model_copy(update={"environment": "test", "log_level": "warning"})
    async with asking(create_app(told)) as http:
        admin = kept["admin"] if "admin" in kept else await _first_admin(http, kept["code"])
        kept = {"admin": admin, "people": kept.get("people", {}), "complete": False}
        _write(file, kept)
        teller = _Teller(http, file, kept)
        await teller.sign_in("admin", admin)
        principals = {"admin": admin, **await _story(teller)}
    return {"admin": admin, "principals": principals, "seeded": teller.seeded}


def _first_code(settings: Settings) -> str:
    try:
        return str(commands.init(settings)["code"])
    except commands.CommandError as error:
        raise DemoError(
            f"{error}\nThe demo makes a registry of its own: set CONSENT_REGISTRY_DATABASE_URL to "
            "an empty database, or move the old one away."
        ) from error


async def _first_admin(http: httpx2.AsyncClient, code: str) -> str:
    form = {"grant_type": ONE_TIME_CODE, "code": code}
    answer = await http.post("/oauth2/token", data=form)
    if answer.status_code != httpx2.codes.OK:
        raise DemoError(f"the first administrator was not let in: {answer.text}")
    return str(answer.json()["client_id"])


def _write(file: Path, value: Mapping[str, Any]) -> None:
    new = file.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n")
    new.replace(file)


def _write_env(file: Path, kept: Json) -> None:
    """Shell variables: ids, and for each token the whole header that carries it."""
    said = {"BASE": kept["base_url"]}
    for name, value in sorted(kept["tokens"].items()):
        said[name.upper()] = f"Authorization: Bearer {value}"
    for name, value in sorted(kept["seeded"].items()):
        said[name.upper()] = value["id"]
    file.touch(mode=0o600)
    lines = [f"export {name}='{value}'\n" for name, value in said.items()]
    file.write_text("".join(lines) + _FIELD)


async def _story(teller: _Teller) -> dict[str, str]:
    people = await _offices(teller)
    await _works(teller)
    people |= await _people(teller)
    await _grants(teller)
    await _what_happened(teller)
    return people


async def _offices(teller: _Teller) -> dict[str, str]:
    teller.now = "2026-06-01T09:00:00Z"
    organizations = {
        "northlight": ("studio", "Northlight Pictures", {}),
        "brassbound": ("studio", "Brassbound Films", {}),
        "guild": ("union", "Guild of Screen Performers", {"agreements": [FAMILY]}),
        "stage_union": ("union", "Stage and Sound Union", {}),
        "agency": ("agency", "Harrow & Finch", {}),
        "vendor_house": ("vendor", "Paper Lantern Effects", {}),
    }
    for name, (kind, title, more) in organizations.items():
        body = {"kind": kind, "name": title, **more}
        teller.keep(name, (await teller.tell("admin", "/v1/organizations", body))["id"])
    # Brassbound signed nothing: what it asks for is measured by the house rules alone.
    await teller.tell(
        "admin",
        f"/v1/organizations/{teller.id('northlight')}/signatories",
        {"agreement": FAMILY, "union": teller.id("guild"), "starts_on": "2023-11-09"},
    )
    people = {}
    for name, organization, role in (
        ("studio", "northlight", "studio_clearance"),
        ("studio_admin", "northlight", "studio_admin"),
        ("other_studio", "brassbound", "studio_clearance"),
        ("union", "guild", "union_officer"),
        ("second_officer", "guild", "union_officer"),
        ("other_union", "stage_union", "union_officer"),
        ("agent", "agency", "representative"),
        ("vendor", "vendor_house", "vendor"),
    ):
        path = f"/v1/organizations/{teller.id(organization)}/users"
        body = {"role": role, "name": f"The {name.replace('_', ' ')}"}
        people[name] = (await teller.tell("admin", path, body))["id"]
        await teller.sign_in(name, people[name])
    office = f"/v1/organizations/{teller.id('northlight')}"
    people["auditor"] = (await teller.tell("admin", f"{office}/users", {"role": "auditor"}))["id"]
    if "pipeline" not in teller.people:
        client = await teller.tell("studio_admin", f"{office}/clients", {"name": "render farm"})
        await teller.sign_in("pipeline", client["id"])
    people["pipeline"] = teller.people["pipeline"]
    return people


async def _works(teller: _Teller) -> None:
    teller.now = "2026-06-02T09:00:00Z"
    works: tuple[tuple[str, str, str, Json], ...] = (
        ("meridian", "franchise", "Meridian", {}),
        ("meridian_1", "film", "Meridian", {"photography_start": "2026-08-03"}),
        ("meridian_2", "film", "Meridian: Low Tide", {"photography_start": "2026-09-14"}),
        ("meridian_3", "film", "Meridian: The Long Dark", {"photography_start": "2026-10-05"}),
        ("harbour", "series", "Meridian: Harbour", {"photography_start": "2026-09-01"}),
    )
    for name, kind, title, more in works:
        above = {} if kind == "franchise" else {"part_of": teller.id("meridian")}
        await _work(teller, "studio", name, {"kind": kind, "title": title, **above, **more})
    season = {"kind": "season", "title": "Harbour, season 1", "part_of": teller.id("harbour")}
    await _work(teller, "studio", "harbour_s1", season)
    episode = {"kind": "episode", "title": "Slack Water", "part_of": teller.id("harbour_s1")}
    await _work(teller, "studio", "harbour_s1e1", episode)
    await _work(teller, "studio", "kestrel", {"kind": "franchise", "title": "Kestrel"})
    crossover = {
        "kind": "film",
        "title": "Meridian and Kestrel",
        "part_of": teller.id("meridian"),
        "photography_start": "2026-10-19",
    }
    await _work(teller, "studio", "crossover", crossover)
    path = f"/v1/works/{teller.id('crossover')}/edges"
    await teller.tell("studio", path, {"parent": teller.id("kestrel"), "relation": "in_franchise"})
    await _work(teller, "other_studio", "saltmarsh", {"kind": "franchise", "title": "Saltmarsh"})
    western = {
        "kind": "film",
        "title": "Saltmarsh: The Ferry",
        "part_of": teller.id("saltmarsh"),
        "photography_start": "2026-09-07",
        "content_tags": ["dialogue", "violence"],
    }
    await _work(teller, "other_studio", "saltmarsh_1", western)


async def _work(teller: _Teller, who: str, name: str, body: Json) -> None:
    house = f"{SYSTEM}:{name.replace('_', '-')}"
    is_bound = who == "studio" and body["kind"] != "franchise"
    agreement = {"agreement": FAMILY} if is_bound else {}
    made = await teller.tell(who, "/v1/works", {**body, **agreement, "ref": house})
    teller.keep(name, made["id"], house)


@dataclass(frozen=True, slots=True)
class _Part:
    """Somebody in the story, and the part that they were hired for."""

    name: str
    work: str | None = None
    role: str = "principal"
    rate: Json | None = None
    who: str = "studio"
    member: bool = True
    adult: bool = True
    born: str | None = None


_DAILY: Final[Json] = {"kind": "daily"}
_PAID: Final[Json] = {"kind": "daily", "amount": {"amount": "900.00", "currency": "USD"}}
_WEEKLY: Final[Json] = {"kind": "weekly", "amount": {"amount": "25000.00", "currency": "USD"}}
_PARTS: Final[Mapping[str, _Part]] = {
    "mara": _Part("Mara Quill", "meridian_1", rate=_DAILY),
    "tobias": _Part("Tobias Renn", "harbour", rate=_WEEKLY),
    "ines": _Part("Ines Okafor", "meridian_1", "stunt", _DAILY),
    "jun": _Part("Jun Park", "meridian_2", "voice", _DAILY),
    "wren": _Part("Wren Halloway", "meridian_1", "background", _DAILY),
    "cato": _Part("Cato Bell", "meridian_1", "background", _DAILY),
    "pip": _Part("Pip Sorrel", "meridian_2", rate=_DAILY, adult=False, born="2014-04-02"),
    "adela": _Part("Adela Voss", member=False),
    "rafe": _Part("Rafe Lindqvist", member=False),
    "noor": _Part("Noor Haddad", "saltmarsh_1", rate=_PAID, who="other_studio", member=False),
    "silas": _Part("Silas Grey", "meridian_1", rate=_DAILY),
    "odette": _Part("Odette Marsh", who="other_studio", member=False),
}
# Who has a token in var/demo.json, and under which name.
_SIGNED_IN: Final[Mapping[str, str]] = {"performer": "mara", "other_performer": "noor"}


async def _people(teller: _Teller) -> dict[str, str]:
    people = {}
    for name, part in _PARTS.items():
        people[name] = await _person(teller, name, part)
    await _representatives(teller)
    await _death(teller)
    return {alias: people[name] for alias, name in _SIGNED_IN.items()}


async def _person(teller: _Teller, name: str, part: _Part) -> str:
    teller.now = "2026-06-10T09:00:00Z"
    house = f"{SYSTEM}:{name}"
    body: Json = {"name": part.name, "contact": f"{name}@performers.example", "ref": house}
    body |= {"adult": True} if part.adult else {"adult": False, "birth_date": part.born}
    made = await teller.tell(part.who, "/v1/performers", body)
    path = f"/v1/performers/{teller.keep(name, made['id'], house)}"
    principal = teller.people.get(name) or await _claimed(teller, path)
    await teller.sign_in(name, principal)
    if part.member:
        stated = await teller.tell(
            name,
            f"{path}/memberships",
            {"union": teller.id("guild"), "unit": UNIT, "starts_on": "2024-01-15"},
        )
        await teller.tell("union", f"{path}/memberships/{stated['id']}/confirmation")
    if part.work is not None:
        teller.now = "2026-07-10T09:00:00Z"
        hired = {
            "performer": made["id"],
            "work": teller.id(part.work),
            "role_class": part.role,
            "engaged_at": teller.now,
            "rate": part.rate,
            **({"agreement": FAMILY} if part.who == "studio" else {}),
        }
        engaged = await teller.tell(part.who, "/v1/engagements", hired)
        teller.keep(f"{name}_engagement", engaged["id"])
    return principal


async def _claimed(teller: _Teller, path: str) -> str:
    invited = await teller.tell("admin", f"{path}/invitation")
    claimed = await teller.tell("", f"{path}/claim", {"code": invited["code"]})
    return str(claimed["principal"])


async def _representatives(teller: _Teller) -> None:
    """An agent for Mara, a guardian for the minor, and the estate of somebody who died."""
    teller.now = "2026-07-01T09:00:00Z"
    await teller.tell(
        "mara",
        f"/v1/performers/{teller.id('mara')}/representations",
        {"kind": "agent", "powers": ["bargain"], "representative": teller.id("agency")},
    )
    for name, kind, person in (
        ("pip", "guardian", "Dana Sorrel"),
        ("adela", "executor", "Ludo Voss"),
    ):
        contact = f"{kind}@performers.example"
        stated = await teller.tell(
            "admin",
            f"/v1/performers/{teller.id(name)}/representations",
            {
                "kind": kind,
                "powers": ["sign"],
                "person": {"name": person, "contact": contact},
                "document_hash": hashlib.sha256(kind.encode()).hexdigest(),
            },
        )
        await teller.sign_in(kind, stated["representative_id"])


async def _death(teller: _Teller) -> None:
    """Two persons of the registry's office say it; each saw a certificate."""
    teller.now = "2026-07-01T09:00:00Z"
    paper = hashlib.sha256(b"certificate of death").hexdigest()
    users = f"/v1/organizations/{teller.id('northlight')}/users"
    second = await teller.tell("admin", users, {"role": "registry_admin", "name": "Ira Bell"})
    await teller.sign_in("admin_two", second["id"])
    path = f"/v1/performers/{teller.id('adela')}/deaths"
    said = await teller.tell("admin", path, {"died_on": "2020-03-01", "document_hash": paper})
    confirmation = f"{path}/{said['id']}/confirmation"
    await teller.tell("admin_two", confirmation, {"document_hash": paper})


@dataclass(frozen=True, slots=True)
class _Yes:
    """What somebody is asked, and who signs it."""

    works: tuple[str, ...]
    uses: tuple[str, ...]
    text: str
    terms: Json = field(default_factory=dict)
    confirmed: tuple[str, ...] = ()
    signer: str | None = None
    who: str = "studio"


def _flat(amount: str) -> Json:
    return {"pay": {"kind": "bargained_flat", "amount": {"amount": amount, "currency": "USD"}}}


_UMBRELLA: Final[Json] = {"mode": "franchise_umbrella"}
_COUNSEL: Final[Json] = {"form": {"separate_sign": "separate_document", "counsel_negotiated": True}}
_STUNTS: Final = "Aerial stunts where nobody can safely hang from the rig."
_CROWD: Final = "One of many in the harbour crowd, never in the foreground."

_YES: Final[Mapping[str, _Yes]] = {
    # The works shown are those of July; the film of November needs a yes of its own.
    "mara": _Yes(
        ("meridian",),
        ("scan", "stunt", "face_replace", "alter"),
        f"{_STUNTS} The face on a stunt performer in the same scenes.",
        _UMBRELLA,
        confirmed=("meridian_1",),
    ),
    "tobias": _Yes(
        ("harbour", "meridian_1"),
        ("de_age", "face_replace"),
        "Ten years younger, in the scenes that look back.",
        {"mode": "enumerated_works"},
    ),
    "ines": _Yes(("meridian_1",), ("scan", "stunt"), _STUNTS),
    "jun": _Yes(
        ("meridian",),
        ("synthesize_voice", "dub"),
        "The voice of the harbour pilot, in languages that Jun does not speak.",
        {**_UMBRELLA, "membership": "announced_list", "dubbing": True, **_flat("8000.00")},
        confirmed=("meridian_2",),
    ),
    "wren": _Yes(("meridian_1",), ("scan", "crowd"), _CROWD),
    "cato": _Yes(("meridian_1",), ("crowd",), _CROWD, {"max_uses": 2}),
    "pip": _Yes(
        ("meridian_2",),
        ("face_replace",),
        "The face on a double in the storm, so that no child stands in the water.",
        signer="guardian",
    ),
    "adela": _Yes(
        ("crossover",),
        ("face_replace",),
        "One scene as the lighthouse keeper, from photographs of 1998.",
        {**_flat("50000.00"), "posthumous": "survives"},
        signer="executor",
    ),
    # No union behind it, so the whole franchise is a thing that can be asked.
    "odette": _Yes(
        ("saltmarsh",),
        ("face_replace", "de_age"),
        "The narrator, at any age, in every film of the franchise.",
        {
            "mode": "franchise_blanket",
            "membership": "dynamic",
            "exclusions": [{"axis": "tag", "value": "nudity"}],
            "withdrawal": {"new_uses": "after_days", "days": 30},
            **_flat("40000.00"),
            **_COUNSEL,
        },
        who="other_studio",
    ),
    "silas": _Yes(
        ("meridian",),
        ("stunt",),
        _STUNTS,
        {**_UMBRELLA, "membership": "dynamic", **_flat("10000.00")},
    ),
    "noor": _Yes(("saltmarsh_1",), ("face_replace",), "The face on a rider.", who="other_studio"),
}


async def _grants(teller: _Teller) -> None:
    for name, yes in _YES.items():
        teller.now = "2026-07-14T09:00:00Z"
        body = {
            "performer": teller.id(name),
            "works": [teller.id(work) for work in yes.works],
            "uses": list(yes.uses),
            "description": yes.text,
            "pay": {"kind": "days_x_rate"},
            **yes.terms,
        }
        offered = await teller.tell(yes.who, "/v1/grants", body)
        path = f"/v1/grants/{teller.keep(f'{name}_grant', offered['id'])}"
        teller.now = "2026-07-15T09:00:00Z"
        signer = yes.signer or name
        hash_ = {"terms_hash": offered["terms_hash"]}
        await teller.tell(signer, f"{path}/acceptance", hash_)
        for work in yes.confirmed:
            said = {"work": teller.id(work), **hash_}
            await teller.tell(signer, f"{path}/confirmations", said)
    await _unanswered(teller)


async def _unanswered(teller: _Teller) -> None:
    """One offer that was declined, and one that waits for its answer."""
    teller.now = "2026-07-20T09:00:00Z"
    ask: Json = {
        "works": [teller.id("meridian_3")],
        "uses": ["face_replace"],
        "description": "The face on a rider, scene 12.",
        **_flat("5000.00"),
    }
    asked = await teller.tell("studio", "/v1/grants", {"performer": teller.id("rafe"), **ask})
    teller.keep("rafe_grant", asked["id"])
    await teller.tell("rafe", f"/v1/grants/{asked['id']}/decline", {"reason": "Not on this one."})


async def _what_happened(teller: _Teller) -> None:
    await _share(teller)
    await _strike(teller)
    await _capture(teller)
    teller.now = "2026-09-01T09:00:00Z"
    safe = "Replicas lie on machines of the rotoscope room, which twelve named people can open."
    attested = {
        "kind": "security",
        "role": "head of security",
        "text": safe,
        "organization": teller.id("northlight"),
    }
    await teller.tell("studio", "/v1/attestations", attested)
    for name, work, use, days in (
        ("mara", "meridian_1", "stunt", "3"),
        ("tobias", "harbour_s1e1", "de_age", "4"),
    ):
        await teller.tell(
            "studio",
            "/v1/estimates",
            {
                "performer": teller.id(name),
                "work": teller.id(work),
                "use": use,
                "days": days,
                "basis": "Call sheets of the scenes, without the replica.",
            },
        )
    await _uses(teller)
    await _pay(teller)
    teller.now = "2026-10-12T09:00:00Z"
    veto = await teller.tell(
        "union",
        "/v1/vetoes",
        {
            "kind": "policy",
            "basis": "TT-03",
            "authority": "Replica committee, resolution of 9 October 2026",
            "scope": {"performer": teller.id("ines"), "work": teller.id("meridian_1")},
            "reason": "The description does not say which stunts.",
            "review_by": "2027-01-10",
        },
    )
    teller.keep("ines_veto", veto["id"])
    teller.now = "2026-11-01T09:00:00Z"
    film = {"kind": "film", "title": "Meridian: Afterlight", "part_of": teller.id("meridian")}
    await _work(teller, "studio", "afterlight", {**film, "photography_start": "2027-02-01"})
    await _said_by_others(teller)


async def _strike(teller: _Teller) -> None:
    """A strike that is over: it still answers for the days on which it was on."""
    teller.now = "2026-08-10T08:00:00Z"
    strike = await teller.tell(
        "union",
        "/v1/vetoes",
        {
            "kind": "strike",
            "basis": "TT-32",
            "authority": "Strike order of the national board, 9 August 2026",
            "scope": {"agreement": FAMILY, "unit": UNIT},
            "reason": "The agreement's talks on replicas broke down.",
            "timing": "full",
        },
    )
    path = f"/v1/vetoes/{teller.keep('strike', strike['id'])}"
    await teller.tell("second_officer", f"{path}/confirmation")
    teller.now = "2026-08-24T18:00:00Z"
    await teller.tell("union", f"{path}/lift", {"reason": "Talks resumed."})


async def _uses(teller: _Teller) -> None:
    teller.now = "2026-09-10T09:00:00Z"
    for name, part, work, use, shot in (
        ("mara", "studio", "meridian_1", "stunt", "SC045_0010"),
        ("tobias", "studio", "harbour_s1e1", "de_age", "101_020_0040"),
        ("odette", "other_studio", "saltmarsh_1", "face_replace", "SC003_0020"),
    ):
        body = {
            "performer": teller.id(name),
            "work": teller.id(work),
            "use": use,
            "shot": shot,
            "description": {"tags": ["stunts"] if use == "stunt" else ["dialogue"]},
        }
        made = await teller.tell(part, "/v1/uses", body)
        teller.keep(f"{name}_use", made["id"])
    await teller.tell("other_studio", f"/v1/uses/{teller.id('odette_use')}/lock")


async def _capture(teller: _Teller) -> None:
    """Mara is scanned on a day of her own, which is paid and confirmed."""
    teller.now = "2026-08-24T18:30:00Z"
    plan = {
        "engagement": teller.id("mara_engagement"),
        "starts_at": "2026-08-28T16:00:00Z",
        "business_reason": "Aerial stunts that nobody can do safely.",
        "place": "US-CA",
        "biometric_kinds": ["face"],
        "biometric_purpose": "picture",
    }
    session = await teller.tell("studio", "/v1/capture-sessions", plan)
    teller.now = "2026-08-28T19:00:00Z"
    made = await teller.tell("studio", "/v1/replicas", {"capture_session": session["id"]})
    teller.keep("mara_replica", made["id"])
    found = await teller.lines("studio", f"performer={teller.id('mara')}")
    payment = await _paid(teller, "mara", "2026-09-04", "PR-0901", found)
    teller.now = "2026-09-08T09:00:00Z"
    await teller.tell("mara", f"/v1/payments/{payment}/receipt", {"answer": "yes"})


async def _pay(teller: _Teller) -> None:
    """What Mara is owed stands in every way: said to be paid, not received, disputed, not known."""
    first = teller.id("mara_use")
    await _locked(teller, first)
    second = await _counted(teller, "SC046_0020", "1")
    third = await _counted(teller, "SC052_0010", "2")
    await _another(teller, "SC060_0030", "face_replace")
    await _another(teller, "SC071_0010", "stunt")
    for use, day, reference in (
        (first, "2026-10-02", "PR-1001"),
        (second, "2026-10-03", "PR-1002"),
    ):
        found = await teller.lines("studio", f"use={use}")
        owed = [line for line in found if line["to"] == "performer"]
        payment = await _paid(teller, "mara", day, reference, owed)
        teller.keep(f"mara_payment_{reference[-4:]}", payment)
    teller.now = "2026-10-09T09:00:00Z"
    no = {"answer": "no", "words": "My bank has nothing with this code."}
    path = f"/v1/payments/{teller.id('mara_payment_1002')}/receipt"
    await teller.tell("mara", path, no)
    (line,) = [
        one for one in await teller.lines("mara", f"use={third}") if one["to"] == "performer"
    ]
    said = {
        "words": "It was three days: the second unit shot without me on the 22nd.",
        "should_be": {"amount": "3849.00", "currency": "USD"},
    }
    await teller.tell("mara", f"/v1/dues/{line['id']}/dispute", said)
    await _paid_elsewhere(teller)


async def _counted(teller: _Teller, shot: str, days: str) -> str:
    """A face of Mara's in a shot, with its own count of days, locked."""
    use = await _another(teller, shot, "face_replace")
    basis = "Call sheets of the scenes, without the replica."
    estimate = {"use_id": use, "days": days, "basis": basis}
    await teller.tell("studio", "/v1/estimates", estimate)
    await teller.tell("studio", f"/v1/uses/{use}/recheck")
    return await _locked(teller, use)


async def _another(teller: _Teller, shot: str, use: str) -> str:
    teller.now = "2026-09-15T09:00:00Z"
    body = {
        "performer": teller.id("mara"),
        "work": teller.id("meridian_1"),
        "use": use,
        "shot": shot,
        "description": {"tags": ["stunts"]},
    }
    return str((await teller.tell("studio", "/v1/uses", body))["id"])


async def _locked(teller: _Teller, use: str, who: str = "studio") -> str:
    teller.now = "2026-09-25T09:00:00Z"
    await teller.tell(who, f"/v1/uses/{use}/lock")
    return use


async def _paid(
    teller: _Teller, name: str, day: str, reference: str, found: list[Json], who: str = "studio"
) -> str:
    """Say that what is left on some lines was paid."""
    teller.now = f"{day}T16:00:00Z"
    lines = [{"due": line["id"], "amount": line["left"]} for line in found]
    body = {
        "performer": teller.id(name),
        "reference": reference,
        "paid_on": day,
        "lines": lines,
    }
    return str((await teller.tell(who, "/v1/payments", body))["id"])


async def _share(teller: _Teller) -> None:
    """A studio that asks after Mara gives her a share of what its film earns by streaming."""
    teller.now = "2026-07-14T10:00:00Z"
    asked = {"name": "Mara Quill", "contact": "mara@performers.example"}
    match = await teller.tell("other_studio", "/v1/performers/match", asked)
    await teller.tell("mara", f"/v1/matches/{match['id']}/answer", {"answer": "yes"})
    film = {"kind": "film", "title": "The Lighthouse Tapes", "first_exposed_on": "2026-07-24"}
    await _work(teller, "other_studio", "lighthouse", film)
    offer = {
        "performer": teller.id("mara"),
        "work": teller.id("lighthouse"),
        "uses": ["face_replace"],
        "description": "The keeper's daughter, in the two scenes on the rocks.",
        "pay": {"kind": "royalty", "share": "2.5", "base": "streaming receipts"},
    }
    offered = await teller.tell("other_studio", "/v1/grants", offer)
    teller.now = "2026-07-15T10:00:00Z"
    path = f"/v1/grants/{teller.keep('mara_share', offered['id'])}/acceptance"
    await teller.tell("mara", path, {"terms_hash": offered["terms_hash"]})
    named = ("performer", "work")
    body = {name: offer[name] for name in named} | {"use": "face_replace", "shot": "LT_014_0010"}
    used = await teller.tell("other_studio", "/v1/uses", body)
    teller.now = "2026-07-20T09:00:00Z"
    await teller.tell("other_studio", f"/v1/uses/{used['id']}/lock")


async def _said_by_others(teller: _Teller) -> None:
    """What is reported of the film, too little of it; and what Mara was paid for older work."""
    teller.now = "2026-11-10T09:00:00Z"
    report = {
        "work": teller.id("lighthouse"),
        "base": "streaming receipts",
        "starts_on": "2026-08-01",
        "until": "2026-10-01",
        "amount": {"amount": "84000.00", "currency": "USD"},
        "reporter": "Lantern Streaming",
        "reported_on": "2026-11-06",
    }
    await teller.tell("other_studio", "/v1/base-reports", report)
    for market, gross, net in (
        ("free television, Germany", "412.50", "301.12"),
        ("airlines", "38.20", None),
    ):
        line = {
            "title": "Harbour Lights (2019)",
            "market": market,
            "starts_on": "2026-07-01",
            "until": "2026-10-01",
            "gross": {"amount": gross, "currency": "USD"},
            "issuer": "Guild residuals department",
            "reference": "RES-2026-10-0417",
            "issued_on": "2026-10-30",
            **({"net": {"amount": net, "currency": "USD"}} if net else {}),
        }
        await teller.tell("mara", "/v1/residual-statements", line)


async def _paid_elsewhere(teller: _Teller) -> None:
    """Odette was paid her one sum, and said so; Tobias waits for his."""
    found = await teller.lines("other_studio", f"use={teller.id('odette_use')}")
    payment = await _paid(teller, "odette", "2026-10-09", "BB-17", found, "other_studio")
    await teller.tell("odette", f"/v1/payments/{payment}/receipt", {"answer": "yes"})
    await _locked(teller, teller.id("tobias_use"))
