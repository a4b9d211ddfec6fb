"""Acts on works and on the edges between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from app.registrar import authorship, families, objects, parties, sweep
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, must_match, problem, wrong
from app.rules.sales import begins as begins_of
from app.store import heads, ids, log, rows, uses, works
from app.store.heads import Head, Heads
from app.store.tx import Problem, Recorded, Refused, Tx

MEMBERS: Final = (
    "kind",
    "title",
    "owner_id",
    "agreement",
    "photography_start",
    "first_exposed_on",
    "content_tags",
    "running_minutes",
    "advertiser",
    "product_line",
    "mpu_ends_on",
    "dynamic_audio_waiver",
    "added_at",
    "stated_by",
    "confirmed_by",
    "disputed_by",
    "confirmed_at",
    "disputed_at",
)
EDGE_MEMBERS: Final = (
    "parent",
    "child",
    "relation",
    "announced_at",
    "valid_from",
    "valid_to",
    "stated_by",
    "confirmed_by",
    "disputed_by",
    "confirmed_at",
    "disputed_at",
)
# How a work of each kind most often hangs on what is above it.
_RELATIONS: Final[Mapping[str, str]] = {
    "season": "season_of",
    "episode": "episode_of",
    "edit": "edit_of",
}
# A production comes under an agreement, and what it shows is said again as it is made.
_IN_THE_WORLD: Final = ("agreement", "content_tags")
_REACHING: Final = ("proposed", "in_force", "appealed")


@dataclass(frozen=True, slots=True)
class NewWork:
    """A node of the works graph, owned by the studio that records it."""

    kind: str
    title: str
    part_of: str | None = None
    ref: str | None = None
    agreement: str | None = None
    photography_start: date | None = None
    first_exposed_on: date | None = None
    content_tags: tuple[str, ...] | None = None
    running_minutes: int | None = None
    # Of a commercial; see `app.rules.facts.Work`.
    advertiser: str | None = None
    product_line: str | None = None
    mpu_ends_on: date | None = None
    dynamic_audio_waiver: str | None = None
    external_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewEdge:
    """``parent`` is above from now on; ``announced_at``: when the public learned of it."""

    parent: str
    relation: str
    announced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A work that can be put on record: checked, with an id, before any head is held."""

    id: str
    new: NewWork
    named: objects.Named
    parent: str | None

    def heads(self, tx: Tx) -> frozenset[Head]:
        """What to hold shared while it is written: all that it will be below."""
        return _above(tx, self.parent) if self.parent else frozenset()


def record(tx: Tx, caller: Caller, new: NewWork) -> Recorded | Refused:
    """Put a work on record, where wanted as part of another."""
    ready = prepare(tx, caller, new)
    heads.take(tx, lambda held: Heads(shared=ready.heads(held)))
    return write(tx, caller, ready)


def prepare(tx: Tx, caller: Caller, new: NewWork) -> Prepared:
    """Check a new work and mint its id; takes no head and writes nothing.

    Raises:
        Problem: a member is wrong, or a code names another record.
    """
    looking = objects.eyes_of(tx, caller)
    families.check_known(tx, new.agreement, "/agreement")
    named = objects.names(looking, "work", new.ref, new.external_ids)
    parent = None if new.part_of is None else _owned(looking, new.part_of, "/part_of")["id"]
    return Prepared(ids.mint("work"), new, named, parent)


def write(tx: Tx, caller: Caller, ready: Prepared) -> Recorded:
    """Put a work on record once every head of the act is held.

    Raises:
        Problem: 422, it would hang too deep.
    """
    new, work_id, parent = ready.new, ready.id, ready.parent
    if parent is not None and works.height(tx.session, parent) >= works.DEPTH_MAX:
        raise _too_deep("/part_of")
    log.begin(tx)
    heads.create(tx, "work", work_id)
    row = rows.insert(
        tx,
        "work",
        id=work_id,
        kind=new.kind,
        title=new.title,
        owner_id=objects.owner(caller),
        agreement=new.agreement,
        photography_start=new.photography_start,
        first_exposed_on=new.first_exposed_on,
        content_tags=None if new.content_tags is None else list(new.content_tags),
        running_minutes=new.running_minutes,
        advertiser=new.advertiser,
        product_line=new.product_line,
        mpu_ends_on=new.mpu_ends_on,
        dynamic_audio_waiver=new.dynamic_audio_waiver,
        added_at=tx.now,
        stated_by=objects.owner(caller),
    )
    if parent is not None:
        relation = _RELATIONS.get(new.kind, "part_of")
        _insert_edge(tx, caller, work_id, NewEdge(parent, relation))
        _go_along(tx, work_id, parent)
    refs = objects.keep_names(tx, caller, ready.named, work_id)
    subjects = {work_id, objects.owner(caller), *([parent] if parent else [])}
    log.append(tx, "work.recorded", caller.role, subjects=subjects)
    return Recorded(
        value={**view(row), "part_of": [parent] if parent else [], "refs": refs},
        location=f"/v1/works/{work_id}",
        etag=objects.etag_of(row),
    )


def change(
    tx: Tx, caller: Caller, work_id: str, changes: Mapping[str, Any], read: frozenset[int]
) -> Recorded | Refused:
    """Correct what is stated of a work; rules read it, so uses of it and below it are looked at."""
    if not changes:
        raise wrong("", "nothing-to-change", "Name at least one member to change.")
    families.check_known(tx, changes.get("agreement"), "/agreement")
    id_ = _owned(objects.eyes_of(tx, caller), work_id)["id"]
    heads.take(tx, lambda held: _work_heads(held, id_))
    row = _owned(objects.eyes_of(tx, caller), id_)
    must_match(read, row["version"])
    owner = row["owner_id"]
    log.begin(tx)
    # What was confirmed was what stood there before.
    row = rows.amend(
        tx,
        "work",
        id_,
        **changes,
        **_before(row, changes, tx.now),
        stated_by=objects.owner(caller),
        confirmed_by=None,
        confirmed_at=None,
    )
    heads.bump(tx, "work", id_)
    sweep.sweep(tx, works=works.descendants(tx.session, id_))
    log.append(tx, "work.changed", caller.role, subjects={id_, owner})
    return Recorded(value=view({**row, "owner_id": owner}), status=200, etag=objects.etag_of(row))


def _before(row: Row, changes: Mapping[str, Any], now: datetime) -> dict[str, object]:
    """What stood there until now, of what changes in the world."""
    said = {name: row[name] for name in _IN_THE_WORLD}
    if all(changes.get(name, said[name]) == said[name] for name in said):
        return {}
    spans = row["stated_before"] or ()
    return {"stated_before": [*spans, {**said, "until": rows.plain(now)}]}


def answer(tx: Tx, caller: Caller, work_id: str, act: str) -> Recorded | Refused:
    """Confirm or dispute what is stated of a work. ``act``: `confirm` | `dispute`."""
    id_ = objects.find(objects.eyes_of(tx, caller), "work", work_id)["id"]
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("work", id_)})))
    row = objects.find(objects.eyes_of(tx, caller), "work", id_)
    changes, owner = _said(act)(tx, row, caller), row["owner_id"]
    log.begin(tx)
    row = rows.amend(tx, "work", id_, **changes)
    heads.bump(tx, "work", id_)
    log.append(tx, "work.changed", caller.role, subjects={id_, owner, objects.owner(caller)})
    return Recorded(value=view({**row, "owner_id": owner}), status=200, etag=objects.etag_of(row))


def add_edge(tx: Tx, caller: Caller, child_id: str, new: NewEdge) -> Recorded | Refused:
    """Hang a work under another. Blocks that reach the parent reach the child from now on."""
    looking = objects.eyes_of(tx, caller)
    child = _owned(looking, child_id)["id"]
    parent = _owned(looking, new.parent, "/parent")["id"]
    heads.take(tx, lambda held: _edge_heads(held, child, parent))
    _check_edge(tx, child, parent)
    log.begin(tx)
    row = _insert_edge(tx, caller, child, NewEdge(parent, new.relation, new.announced_at))
    return _edge_done(tx, caller, row, "edge.recorded", status=201)


def end_edge(tx: Tx, caller: Caller, edge_id: str) -> Recorded | Refused:
    """Take a work from under another, from now on.

    Blocks that came this way stay on the work until who issued them lets go; the answer names them.
    """
    row = _edge(tx, caller, edge_id)
    heads.take(tx, lambda held: _edge_heads(held, row["child"], row["parent"]))
    row = _edge(tx, caller, edge_id)
    if row["valid_to"] is not None:
        raise problem("invalid-transition", f"The edge has ended already. {NOTHING_RECORDED}")
    kept = _kept(tx, row)
    log.begin(tx)
    row = rows.amend(tx, "edge", edge_id, valid_to=max(tx.now, row["valid_from"]))
    done = _edge_done(tx, caller, row, "edge.ended", status=200)
    return replace(done, value={**done.value, "blocks_kept": kept})


def answer_edge(tx: Tx, caller: Caller, edge_id: str, act: str) -> Recorded | Refused:
    """Confirm or dispute where a work belongs. ``act``: `confirm` | `dispute`."""
    row = _seen_edge(tx, caller, edge_id)
    heads.take(tx, lambda held: _edge_heads(held, row["child"], row["parent"]))
    row = _seen_edge(tx, caller, edge_id)
    changes = _said(act)(tx, row, caller)
    log.begin(tx)
    row = rows.amend(tx, "edge", edge_id, **changes)
    return _edge_done(tx, caller, row, "edge.recorded", status=200)


def view(row: Row) -> dict[str, Any]:
    """A work as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def edge_view(row: Row) -> dict[str, Any]:
    """An edge as it stands on the wire."""
    return objects.document(row, *EDGE_MEMBERS)


def above(looking: objects.Eyes, work_id: str) -> list[dict[str, Any]]:
    """Every work above this one now that the caller may see, as id, kind and title."""
    ids_ = sorted(works.ancestors_now(looking.session, work_id))
    found = [row for id_ in ids_ if (row := objects.seen(looking, "work", id_)) is not None]
    return [{name: row[name] for name in ("id", "kind", "title")} for row in found]


def edges_up(looking: objects.Eyes, work_id: str) -> list[dict[str, Any]]:
    """The edges by which this work hangs now on others that the caller may see."""
    found = rows.where(looking.session, "edge", child=work_id, valid_to=None)
    return [edge_view(row) for row in found if objects.seen(looking, "work", row["parent"])]


def _owned(looking: objects.Eyes, given: str, pointer: str = "") -> Row:
    row = objects.find(looking, "work", given, pointer)
    if row["owner_id"] != looking.caller.organization_id:
        raise objects.unknown(pointer)
    return row


def _above(tx: Tx, parent: str) -> frozenset[Head]:
    return frozenset(("work", id_) for id_ in {parent, *works.ancestors(tx.session, parent)})


def _work_heads(tx: Tx, work_id: str) -> Heads:
    # Owner and agreement say which wide blocks match; those are issued under the heads that are
    # held shared here, so that neither act misses the other.
    return Heads(
        exclusive=frozenset({("work", work_id)}),
        shared=uses.heads_around(tx.session, work_id, None),
    )


def _edge_heads(tx: Tx, child: str, parent: str) -> Heads:
    return Heads(
        exclusive=frozenset({("work", child)}),
        shared=uses.heads_around(tx.session, parent, None),
    )


def _check_edge(tx: Tx, child: str, parent: str) -> None:
    way = (child,) if child == parent else works.path(tx.session, parent, child)
    if way:
        titles = {row["id"]: row["title"] for row in rows.where(tx.session, "work", id=set(way))}
        named = " → ".join(f"`{titles[id_]}`" for id_ in (child, *way))
        raise problem(
            "conflict",
            f"A work cannot be part of itself: {named}. {NOTHING_RECORDED}",
            extra={"path": [child, *way]},
        )
    levels = works.height(tx.session, parent) + 1 + works.depth(tx.session, child)
    if levels > works.DEPTH_MAX:
        raise _too_deep("/parent")
    for row in rows.where(tx.session, "edge", child=child, parent=parent, valid_to=None):
        raise problem(
            "duplicate",
            f"This edge is on record already. {NOTHING_RECORDED}",
            extra={"id": row["id"]},
        )


def _too_deep(pointer: str) -> Problem:
    return wrong(pointer, "too-deep", f"Works nest at most {works.DEPTH_MAX} levels deep.")


def _insert_edge(tx: Tx, caller: Caller, child: str, new: NewEdge) -> Row:
    return rows.insert(
        tx,
        "edge",
        id=ids.mint("edge"),
        parent=new.parent,
        child=child,
        relation=new.relation,
        announced_at=new.announced_at,
        valid_from=tx.now,
        stated_by=objects.owner(caller),
    )


def _go_along(tx: Tx, work_id: str, parent: str) -> None:
    """A work that is put below one that is sold and not yet the buyer's goes with it."""
    members = (
        *("sale_id", "seller_id", "buyer_id", "starts_on", "assumes"),
        *("awaits_buyer", "confirmed_at", "confirmed_by"),
    )
    for row in rows.where(tx.session, "sale", work_id=parent, withdrawn_at=None):
        begins = begins_of(parties.sale(row))
        if begins is None or begins > tx.now:
            said = {name: row[name] for name in members}
            rows.insert(
                tx, "sale", id=ids.mint("sold"), work_id=work_id, recorded_at=tx.now, **said
            )


def _said(act: str) -> Callable[[Tx, Row, Caller], dict[str, object]]:
    return authorship.confirmation if act == "confirm" else authorship.dispute


def _seen_edge(tx: Tx, caller: Caller, edge_id: str) -> Row:
    row = rows.current(tx.session, "edge", edge_id)
    if row is None:
        raise objects.unknown("")
    objects.find(objects.eyes_of(tx, caller), "work", row["child"])
    return row


def _edge(tx: Tx, caller: Caller, edge_id: str) -> Row:
    row = rows.current(tx.session, "edge", edge_id)
    if row is None:
        raise objects.unknown("")
    _owned(objects.eyes_of(tx, caller), row["child"])
    return row


def _kept(tx: Tx, row: Row) -> list[dict[str, Any]]:
    """The vetoes that reached the child by this edge alone; they go on reaching it."""
    above = works.reached_only_by(tx.session, row["id"], row["child"])
    found = rows.where(tx.session, "veto", scope_work=above, state=_REACHING)
    return [{"veto": veto["id"], "number": veto["number"]} for veto in found]


def _edge_done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    child = row["child"]
    heads.bump(tx, "work", child)
    sweep.sweep(tx, works=works.descendants(tx.session, child))
    log.append(tx, type_, caller.role, subjects={child, row["parent"], objects.owner(caller)})
    return Recorded(
        value=edge_view(row),
        status=status,
        location=f"/v1/works/{child}",
        etag=objects.etag_of(row),
    )
