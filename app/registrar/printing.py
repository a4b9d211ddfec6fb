"""A dossier as a person reads it: one line for each thing, with the entries that it stands on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

Document = Mapping[str, Any]

# The parts of one line.
Line = Callable[[Document, Mapping[str, str]], Iterator[str]]

_NOTHING: Final = "  nothing on record"
# Members of a fact that its line tells in words of their own, or not at all.
_TOLD_APART: Final = frozenset(
    {
        *("what", "id", "version", "entries"),
        *("stated_by", "confirmed_by", "disputed_by", "disputes"),
    }
)


def printed(dossier: Document) -> str:
    """The text of a dossier; says everything that the document says of the pair."""
    return "\n".join(_lines(dossier)) + "\n"


def _lines(dossier: Document) -> Iterator[str]:
    names: Mapping[str, str] = dossier["names"]
    who, work = dossier["performer"], dossier["work"]
    yield f"{_called(who['id'], names)} and {_called(work['id'], names)}"
    yield f"as of {dossier['on']}, as was on record at entry {dossier['known_at']}"
    for title, member, line in _SECTIONS:
        yield ""
        yield title
        yield from [_line(line, one, names) for one in dossier[member]] or [_NOTHING]
    yield ""
    yield "Entries of the log"
    for one in dossier["entries"]:
        yield f"  {one['idx']:>6}  {one['at']}  {one['type']:<24} {one['leaf']}"


def _line(line: Line, one: Document, names: Mapping[str, str]) -> str:
    said = "; ".join(part for part in line(one, names) if part)
    entries = ", ".join(map(str, one.get("entries", ())))
    return f"  {said}" + (f" [entries {entries}]" if entries else "")


def _fact(one: Document, names: Mapping[str, str]) -> Iterator[str]:
    told = [f"{_words(k)} {_said(v, names)}" for k, v in one.items() if v and k not in _TOLD_APART]
    yield f"{one['what']} {one['id']}: {', '.join(told)}"
    yield f"stated by {_called(one['stated_by'], names)}"
    yield f"confirmed by {_called(one['confirmed_by'], names)}"
    for said in one.get("disputes", ()):
        settled = f", settled {said['settled_at']}" if said["settled_at"] else ""
        raised = f"{_called(said['by'], names)} since {said['at']}{settled}"
        yield f"disputed by {raised}" if settled else f"DISPUTED by {raised}"


def _grant(one: Document, names: Mapping[str, str]) -> Iterator[str]:
    terms, signed = one["terms"], one["signature"]
    scope = terms["scope"]
    yield f"{one['id']} to {_called(terms['grantee'], names)}: {one['standing']}"
    yield "reaches the work" if one["reaches_work"] else "does not reach the work"
    yield f"terms {one['terms_version']}: {_said(scope['uses'], names)}"
    yield f"{_words(scope['mode'])} {_said(scope['works'], names)}"
    yield _days(scope["starts_on"], scope["ends_on"])
    yield _pay(terms["pay"])
    ruled_out = [_called(exclusion["value"], names) for exclusion in terms["exclusions"]]
    yield f"ruled out: {', '.join(ruled_out)}" if ruled_out else ""
    if signed:
        yield f"signed {signed['at']} by the {signed['by']}, {_words(signed['method'])}"
        yield f"the signer's identity: {_words(signed['identity'])}"
    if one["revoked_from"]:
        yield f"new uses stop from {one['revoked_from']}"


def _pay(pay: Document | None) -> str:
    if pay is None:
        return "pay not said"
    amount = pay["amount"]
    sum_ = f" {amount['amount']} {amount['currency']}" if amount else ""
    return f"pay: {_words(pay['kind'])}{sum_}"


def _block(one: Document, names: Mapping[str, str]) -> Iterator[str]:
    of = f" {one['number']} of {_called(one['union_id'], names)}" if one["what"] == "veto" else ""
    yield f"{_words(one['what'])}{of} ({one['id']})"
    yield "on at that instant" if one["on_then"] else "not on at that instant"
    yield _days(one["starts_at"], one["ends_at"])
    if one["what"] == "veto":
        yield f"{one['kind']}, {one['effect']}, {one['timing']}, basis {one['basis']}"
        yield "of " + ", ".join(f"{_words(k)} {_said(v, names)}" for k, v in one["scope"].items())
        yield f"“{one['reason']}”"


def _use(one: Document, names: Mapping[str, str]) -> Iterator[str]:
    yield f"{one['use']} by {_called(one['producer_id'], names)} ({one['id']}): {one['state']}"
    yield f"shot {one['shot']}" if one["shot"] else ""
    yield f"answered {_words(one['outcome'])}"
    for act in ("registered", "cleared", "locked", "released"):
        at = one[f"{act}_at"]
        yield f"{act} {at}" if at else ""


def _notice(one: Document, names: Mapping[str, str]) -> Iterator[str]:
    to = _called(one["to_id"], names) if one["to_id"] else "the performer"
    yield f"{one['kind']} ({one['id']}), sent {one['sent_at']}"
    yield f"by {_called(one['sender_id'], names)} to {to}: {one['state']}"
    yield f"“{one['content']}”"
    opened = [f"{_called(mark['by'], names)} at {mark['at']}" for mark in one["opened"]]
    yield f"opened by {', '.join(opened)}" if opened else "opened by nobody, as far as is on record"


def _message(one: Document, names: Mapping[str, str]) -> Iterator[str]:
    sides = f"{_called(one['from_id'], names)} to {_called(one['to_id'], names)}"
    yield f"{one['written_at']} {sides}: {_words(one['kind'])}"
    yield f"about {one['about']} {one['about_id']}"
    yield f"said {one['said_at']}" if one["said_at"] != one["written_at"] else ""
    yield f"“{one['words']}”"
    if one["other_side"] != "none":
        yield f"the other side: {_words(one['other_side'])}"


def _question(one: Document, names: Mapping[str, str]) -> Iterator[str]:
    yield f"{one['at']} {_called(one['by'], names)} asked for {one['use']} ({one['id']})"
    yield f"of {one['as_of']}" if one["as_of"] and one["as_of"] != one["at"] else ""
    yield f"answered {_words(one['outcome'])} at entry {one['log_index']}"
    yield f"by engine {one['engine']}" if one["engine"] else ""
    yield " ".join(one["reasons"])


def _mark(one: Document, names: Mapping[str, str]) -> Iterator[str]:
    yield f"{_called(one['by'], names)} read the log to entry {one['read_to']} at {one['at']}"


_SECTIONS: Final[tuple[tuple[str, str, Line], ...]] = (
    ("Consents, in the terms of that instant", "grants", _grant),
    ("Blocks", "blocks", _block),
    ("Uses registered until then", "uses", _use),
    ("Questions asked until then, and refused acts", "asked", _question),
    ("Notices", "notices", _notice),
    ("Messages", "messages", _message),
    ("How far the log was read", "followed", _mark),
    ("Facts, and whose word they are", "facts", _fact),
)


def _called(id_: str | None, names: Mapping[str, str]) -> str:
    return "nobody" if id_ is None else names.get(id_, id_)


def _said(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return _called(value, names)
    if isinstance(value, Sequence):
        return ", ".join(_said(item, names) for item in value) or "nothing"
    return str(value)


def _words(text: str) -> str:
    return text.removesuffix("_id").replace("_", " ")


def _days(first: str | None, last: str | None) -> str:
    return f"from {first or 'its signature'} to {last or 'no end'}"
