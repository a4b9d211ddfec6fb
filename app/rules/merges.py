"""Merges: two records that are one person, joined from an instant on and parted from another.

A second record is no way around a veto. From the merge on a check of either record is answered
from the facts of both; before it, and after it was found wrong and ended, each is answered alone.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, Final

from app.rules.facts import Facts, Grant, Merge, Performer, Veto, VetoScope

_OF_A_PERFORMER: Final = "performer_id"


def together(merges: Iterable[Merge], performer: str, as_of: datetime) -> frozenset[str]:
    """The ids under which the person is on record at ``as_of``, through merges of merges too."""
    joined = [{m.performer_id, m.other_id} for m in merges if _in_force(m, as_of)]
    found = {performer}
    grew = True
    while grew:
        grew = False
        for pair in joined:
            if pair & found and not pair <= found:
                found |= pair
                grew = True
    return frozenset(found)


def as_one(facts: Facts, performer: str | None, as_of: datetime) -> Facts:
    """The facts of the person, all under the id that was asked about.

    Rows of records that are not theirs at ``as_of`` are left out. A record that was never merged
    is answered from its facts as they are.
    """
    if performer is None or not facts.merges:
        return facts
    ids = together(facts.merges, performer, as_of)
    changed: dict[str, Any] = {
        field.name: tuple(_theirs(getattr(facts, field.name), ids, performer))
        for field in fields(Facts)
        if field.name not in {"performers", "vetoes", "confirmations"}
    }
    grants = {grant.id for grant in changed["grants"]}
    changed |= {
        "performers": one_person(facts.performers, ids, performer),
        "vetoes": tuple(_veto(veto, ids, performer) for veto in facts.vetoes),
        "confirmations": tuple(c for c in facts.confirmations if c.grant_id in grants),
    }
    return replace(facts, **changed)


def _in_force(merge: Merge, as_of: datetime) -> bool:
    return (
        merge.starts_at is not None
        and merge.starts_at <= as_of
        and (merge.ends_at is None or as_of < merge.ends_at)
    )


def _theirs(values: Iterable[Any], ids: frozenset[str], performer: str) -> Iterable[Any]:
    for value in values:
        of = getattr(value, _OF_A_PERFORMER, None)
        if of is None or of == performer:
            yield value
        elif of in ids and not isinstance(value, Merge):
            yield _renamed(value, performer)


def _renamed(value: Any, performer: str) -> Any:  # noqa: ANN401 - a row of any kind
    if isinstance(value, Grant):
        # A question about a past instant is answered from the terms that stood then.
        value = replace(value, earlier=tuple(_renamed(v, performer) for v in value.earlier))
    return replace(value, performer_id=performer)


def one_person(
    performers: Iterable[Performer], ids: frozenset[str], performer: str
) -> tuple[Performer, ...]:
    """One performer, with of each date the one that allows less."""
    same = [p for p in performers if p.id in ids]
    own = next((p for p in same if p.id == performer), None)
    if own is None:
        return ()
    dead = min((p for p in same if p.died_on is not None), key=_died, default=own)
    adult = [p.adult_from for p in same if p.adult_from is not None]
    places = [own.residence, *sorted(p.residence for p in same if p.residence is not None)]
    return (
        replace(
            own,
            died_on=dead.died_on,
            alive_until=dead.alive_until,
            adult_from=max(adult, default=None),
            residence=next((place for place in places if place is not None), None),
        ),
    )


def _died(person: Performer) -> tuple[date, str]:
    return person.died_on or date.max, person.id


def _veto(veto: Veto, ids: frozenset[str], performer: str) -> Veto:
    # One about a record that is not theirs stays about that record, and reaches nobody here.
    # The scopes that it was narrowed to are read too, whatever the first one named.
    return replace(
        veto,
        scope=_scope(veto.scope, ids, performer),
        narrowings=tuple(
            replace(n, scope=_scope(n.scope, ids, performer)) for n in veto.narrowings
        ),
    )


def _scope(scope: VetoScope, ids: frozenset[str], performer: str) -> VetoScope:
    return scope if scope.performer not in ids else replace(scope, performer=performer)
