"""A consent on one sheet of paper: what was agreed, who signed it how, and how to check that."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.registrar import histories, objects, performers, terms
from app.registrar.terms import Document
from app.rules.facts import instant
from app.rules.reasons import plain
from app.rules.scope import USE_WORDS
from app.rules.terms import money_from
from app.store import events, rows

_STATES: Final = {
    "offered": "Not signed yet: a request that waits for an answer",
    "active": "In force",
    "declined": "Declined",
    "withdrawn": "Taken back before it was signed",
    "revoked": "Taken back by the performer",
}
_PAY: Final = {
    "days_x_rate": "The days that the replica saves, at the rate of the engagement",
    "bargained_flat": "One sum for all: {amount}",
    "per_day": "{amount} for each day",
    "per_use": "{amount} for each use",
    "royalty": "A royalty of {share} % of {base}",
    "participation": "A participation of {share} % of {base}",
    "none": "Nothing",
}
_WITHDRAWAL: Final = {
    "any_time": "New uses can be stopped at any time.",
    "after_days": "New uses can be stopped; that takes effect {days} days after it is asked for.",
    "not_before": "New uses can be stopped, not before {not_before}.",
    "only_if_agreement_says": "New uses can be stopped only where the agreement says so.",
}
_AFTER_DEATH: Final = {
    "survives": "It outlives the performer.",
    "life_only": "It ends with the performer's life.",
    "unstated": "Nothing is said of what happens after the performer's death.",
}
_SIGNERS: Final = {
    "performer": "The performer",
    "guardian": "A guardian",
    "estate": "The estate",
    "executor": "An executor",
    "union": "The union",
}
_LIMITS: Final = {
    "media": "Only in {}.",
    "territories": "Only in these territories: {}.",
    "languages": "Only in these languages: {}.",
    "max_uses": "At most {} uses.",
    "max_seconds": "At most {} seconds.",
    "starts_on": "From {}.",
    "ends_on": "Until {}, that day included.",
}
_TICKS: Final = {
    "training": "Training a model",
    "realtime": "Real-time generation",
    "dubbing": "Dubbing",
    "marketing": "Advertising",
}

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FLOOR_UNKNOWN: Final = "where it stands to the floor is not known"
_NOTHING_TICKED: Final = "None of training, real-time generation, dubbing and advertising"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed. ``terms``: exactly what the hash is of, for those who may see all of it."""

    title: str
    paragraphs: tuple[tuple[str, str], ...]
    check: tuple[str, ...]
    is_signed: bool
    terms: Document | None

    def wire(self) -> Document:
        """The form in JSON."""
        return {
            "title": self.title,
            "paragraphs": [{"heading": h, "text": text} for h, text in self.paragraphs],
            "check": list(self.check),
            "signed": self.is_signed,
            "terms": self.terms,
        }


def of(looking: objects.Eyes, grant_id: str, base_url: str) -> Sheet:
    """The sheet of a consent that the caller may see; ``base_url``: where the registry is.

    Raises:
        Problem: 404, unknown or foreign.
    """
    row = objects.find(looking, "grant", grant_id)
    seen = histories.view(looking, row)
    paragraphs = (*_parties(looking, seen), *_agreed(looking, seen), *_signed(looking, seen))
    return Sheet(
        title="Consent to the use of a digital replica",
        paragraphs=paragraphs,
        check=tuple(_check(looking, row, base_url)),
        is_signed=seen["signature"] is not None,
        terms=None if looking.caller.is_union else terms.document_of(row),
    )


def _parties(looking: objects.Eyes, seen: Document) -> Iterator[tuple[str, str]]:
    yield "Of", _person(looking, seen["performer_id"])
    yield "For", _organization(looking, seen["grantee_id"])
    yield "State", _STATES.get(seen["state"], str(seen["state"]))


def _agreed(looking: objects.Eyes, seen: Document) -> Iterator[tuple[str, str]]:
    scope = seen["scope"]
    yield "Description", str(seen["description"]["text"]) or "None was given"
    works = [f"{work['title']} ({work['kind']})" for work in seen["shown"]]
    yield "Works that the signer was shown", plain(works)
    yield "Uses", plain([USE_WORDS.get(use, use) for use in scope["uses"]])
    ticked = [words for name, words in _TICKS.items() if scope[name]]
    yield "Said yes to by itself", plain(ticked) if ticked else _NOTHING_TICKED
    limits = [_LIMITS[name].format(_said(scope[name])) for name in _LIMITS if scope[name]]
    yield "Limits", " ".join(limits) or "None"
    ruled_out = [_ruled_out(looking, one) for one in seen["exclusions"]]
    yield "Ruled out", plain(ruled_out) if ruled_out else "Nothing besides"
    yield "Pay", _paid(seen["pay"])
    withdrawal = seen["withdrawal"]
    pause = "New uses can be paused." if withdrawal["pause"] else "There is no right to pause."
    stop = _WITHDRAWAL[withdrawal["new_uses"]].format_map(
        {name: _said(value) for name, value in withdrawal.items()}
    )
    yield "Stopping", f"{stop} {pause}"
    yield "After death", _AFTER_DEATH[seen["posthumous"]]


def _signed(looking: objects.Eyes, seen: Document) -> Iterator[tuple[str, str]]:
    signature = seen["signature"]
    if signature is None:
        return
    who = _SIGNERS.get(signature["by"], "Somebody else")
    if signature["method"] == "in_registry":
        said = f"{who}, in this registry, on {plain(instant(signature['at']))}"
        yield "Signed by", f"{said}; known to it as: {signature['identity'].replace('_', ' ')}."
        return
    how = "on paper" if signature["method"] == "paper" else "in another system"
    on = plain(date.fromisoformat(signature["signed_on"]))
    stated_by = _organization(looking, signature["stated_by"])
    yield "Signed by", f"{who}, {how}, on {on}: so states {stated_by}, in whose words this is."
    yield "Original", f"{signature['original']}; SHA-256 of the scan: {signature['sha256']}"
    yield "Confirmed by the performer", _answered(signature)


def _answered(signature: Mapping[str, Any]) -> str:
    confirmed, disputed = signature.get("confirmed_at"), signature.get("disputed_at")
    if disputed and (not confirmed or confirmed < disputed):
        return f"NO: on {plain(instant(disputed))} they said that it is not theirs"
    return f"Yes, on {plain(instant(confirmed))}" if confirmed else "Not yet"


def _check(looking: objects.Eyes, row: objects.Row, base_url: str) -> Iterator[str]:
    yield (
        f"The terms have the hash {row['terms_hash']}: SHA-256 over their canonical JSON (RFC 8785)"
        ", as printed below where all of it is the reader's to see."
    )
    index = _signing_entry(looking, row)
    entry = events.at(looking.session, index, subjects=None)
    assert entry is not None  # noqa: S101 - every version was written by an entry
    yield (
        f"Entry {index} of the log put this on record on {plain(entry['at'])}. Its leaf hash is "
        f"{entry['leaf_hash'].hex()}: SHA-256 over a zero byte and the bytes of the entry."
    )
    yield (
        f"Whoever is party to it reads both at {base_url}/v1/grants/{row['id']}/history and "
        f"{base_url}/v1/events/{index}. What they read there has to agree with this sheet."
    )


def _signing_entry(looking: objects.Eyes, row: objects.Row) -> int:
    """The entry by which what is printed came on record: the signature, else the request."""
    versions = rows.versions(looking.session, "grant", row["id"])
    signed_at = (row["signature"] or {}).get("at")
    same = [v for v in versions if (v["signature"] or {}).get("at") == signed_at]
    return int(min(v["recorded_idx"] for v in same if v["terms_hash"] == row["terms_hash"]))


def _person(looking: objects.Eyes, performer_id: str) -> str:
    found = objects.seen(looking, "performer", performer_id)
    name = None if found is None else performers.view(looking, found).get("name")
    return f"{name} ({performer_id})" if name else performer_id


def _organization(looking: objects.Eyes, organization_id: str) -> str:
    found = rows.current(looking.session, "organization", organization_id)
    return organization_id if found is None else f"{found['name']} ({organization_id})"


def _ruled_out(looking: objects.Eyes, exclusion: Mapping[str, str]) -> str:
    axis, value = exclusion["axis"], exclusion["value"]
    if axis == "work":
        found = rows.current(looking.session, "work", value)
        return value if found is None else f"{found['title']} and what belongs to it"
    if axis == "studio":
        return _organization(looking, value)
    return USE_WORDS.get(value, value.replace("_", " "))


def _paid(pay: Mapping[str, Any] | None) -> str:
    if pay is None:
        return "Nothing was said of it"
    if "floor" in pay:
        known = "it is above the floor" if pay["floor"] == "above" else _FLOOR_UNKNOWN
        return f"Shown to the parties; {known}"
    amount = pay["amount"]
    in_words = plain(money_from(amount)) if amount else "scale"
    words = _PAY[pay["kind"]].format_map({**pay, "amount": in_words})
    if amount and pay.get("share"):
        words = f"{words}, and {in_words} in any case"
    if pay["alteration"]:
        words = f"{words}; for altering a performance {plain(money_from(pay['alteration']))}"
    return words


def _said(value: object) -> str:
    if isinstance(value, list):
        return plain([_said(item) for item in value])
    if isinstance(value, str):
        return (
            plain(date.fromisoformat(value)) if _DAY.fullmatch(value) else value.replace("_", " ")
        )
    return plain(value)
