"""A small world of facts, recorded through rows in one act or several."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from app.rules.facts import Check
from app.store import heads, log, rows
from app.store.engine import Recorded, Store, Tx
from tests.store.acting import NOON, body, do, nothing_held

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)
Row = tuple[str, dict[str, Any]]

CHECK = Check(work="work_film", use="dub", performer="perf_ann", producer="org_studio")

_SIGNATURE = {"at": "2026-02-01T00:00:00Z", "by": "performer", "identity": "vouched"}
_GRANT: dict[str, Any] = {
    "grantee_id": "org_studio",
    "state": "active",
    "scope": {"mode": "franchise_blanket", "works": ["work_saga"], "uses": ["dub"]},
    "shown_works": ["work_film"],
    "exclusions": [{"axis": "tag", "value": "nudity"}],
    "description": {"text": "a voice", "tags": None},
    "form": {"written": True},
    "withdrawal": {"new_uses": "any_time"},
    "pay_kind": "per_day",
    "pay_minor": 128_300,
    "pay_currency": "USD",
    "pay_share": "2.5",
    "pay_base": "streaming receipts",
    "signature": _SIGNATURE,
    "terms_hash": "ab" * 32,
    "terms_version": 3,
}
_VETO: dict[str, Any] = {
    "number": "V-1",
    "union_id": "org_guild",
    "kind": "policy",
    "basis": "39.B",
    "authority": "board",
    "effect": "block",
    "timing": "prospective",
    "starts_at": NOON,
    "recorded_at": NOON,
    "state": "in_force",
    "reason": "no",
}
_COURT: dict[str, Any] = {"starts_at": NOON, "recorded_at": NOON}
_USE: dict[str, Any] = {
    "producer_id": "org_studio",
    "use": "dub",
    "gate": "render",
    "state": "cleared",
    "asked": {},
    "outcome": "allow",
    "quantity": {"seconds": 4},
    "registered_at": NOON,
}


def _work(id_: str, owner: str) -> Row:
    return "work", {"id": id_, "kind": "film", "title": id_, "owner_id": owner, "added_at": START}


def _edge(id_: str, child: str, parent: str, **more: object) -> Row:
    ends = {"parent": parent, "child": child, "relation": "part_of", "valid_from": START}
    return "edge", {"id": id_, **ends, **more}


def _veto(id_: str, **scope: object) -> Row:
    return "veto", {**_VETO, "id": id_, **scope}


def _use(id_: str, performer: str | None, work: str) -> Row:
    return "use", {**_USE, "id": id_, "performer_id": performer, "work_id": work}


def _order(id_: str, **scope: object) -> Row:
    return "court_order", {"id": id_, "reference": "1/26", **_COURT, **scope}


def _report(id_: str, **more: object) -> Row:
    said = {
        "work_id": "work_saga",
        "base": "streaming receipts",
        "starts_on": DAY,
        "until": date(2026, 4, 1),
        "amount_minor": 125_000_000,
        "currency": "USD",
        "reporter": "Streamline",
        "reported_on": date(2026, 5, 1),
        "stated_by": "org_studio",
        "stated_at": NOON,
    }
    return "base_report", {"id": id_, **said, **more}


def _estimate(id_: str, **more: object) -> Row:
    return "estimate", {"id": id_, "basis": "b", "author_id": "usr_1", **more}


# What the check reads, and beside each thing one like it that it must not read.
READ: tuple[Row, ...] = (
    ("organization", {"id": "org_studio", "kind": "studio", "name": "Studio"}),
    ("organization", {"id": "org_owner", "kind": "studio", "name": "Owner"}),
    ("organization", {"id": "org_guild", "kind": "union", "name": "Guild", "agreements": ["g/tv"]}),
    ("organization", {"id": "org_vendor", "kind": "vendor", "name": "Vendor"}),
    (
        "signatory",
        {"id": "sig_1", "organization_id": "org_owner", "agreement": "g/tv", "starts_on": DAY},
    ),
    ("performer", {"id": "perf_ann", "created_by": "org_studio", "adult_from": DAY}),
    (
        "membership",
        {"id": "mem_1", "performer_id": "perf_ann", "union_id": "org_guild", "starts_on": DAY},
    ),
    (
        "representation",
        {
            "id": "repr_1",
            "performer_id": "perf_ann",
            "representative_id": "usr_agent",
            "kind": "agent",
            "powers": ["view", "bargain"],
            "starts_on": DAY,
        },
    ),
    _work("work_film", "org_studio"),
    _work("work_saga", "org_owner"),
    _work("work_world", "org_owner"),
    _edge("edge_1", "work_film", "work_saga"),
    # It ended; a block that came by it outlives it.
    _edge("edge_2", "work_saga", "work_world", valid_to=datetime(2026, 2, 1, tzinfo=UTC)),
    (
        "engagement",
        {
            "id": "eng_1",
            "performer_id": "perf_ann",
            "work_id": "work_film",
            "producer_id": "org_studio",
            "role_class": "principal",
            "engaged_at": START,
            "rate_kind": "daily",
            "rate_minor": 128_300,
            "rate_currency": "USD",
            "contract_days": "12.5",
        },
    ),
    (
        "capture_session",
        {
            "id": "sess_1",
            "engagement_id": "eng_1",
            "performer_id": "perf_ann",
            "work_id": "work_film",
            "kind": "scan",
            "starts_at": NOON,
        },
    ),
    (
        "replica",
        {
            "id": "repl_1",
            "performer_id": "perf_ann",
            "producer_id": "org_studio",
            "kind": "employment",
            "custodian_id": "org_vendor",
            "state": "active",
        },
    ),
    (
        "transfer",
        {
            "id": "trans_1",
            "replica_id": "repl_1",
            "performer_id": "perf_ann",
            "from_id": "org_studio",
            "to_id": "org_vendor",
            "union_id": "org_guild",
            "purpose": "the next film",
            "submitted_at": START,
        },
    ),
    (
        "custody",
        {
            "id": "cust_1",
            "replica_id": "repl_1",
            "performer_id": "perf_ann",
            "producer_id": "org_studio",
            "holder_id": "org_vendor",
            "starts_at": START,
        },
    ),
    (
        "sale",
        {
            "id": "sale_1",
            "sale_id": "sale_1",
            "work_id": "work_film",
            "seller_id": "org_studio",
            "buyer_id": "org_studio",
            "starts_on": date(2099, 1, 1),
            "recorded_at": NOON,
            "assumes": [],
        },
    ),
    (
        "assignment",
        {
            "id": "asgn_1",
            "grant_id": "grant_1",
            "performer_id": "perf_ann",
            "sale_id": "sale_1",
            "buyer_id": "org_studio",
            "asked_at": START,
        },
    ),
    ("grant", {**_GRANT, "id": "grant_1", "performer_id": "perf_ann"}),
    (
        "confirmation",
        {
            "id": "conf_1",
            "grant_id": "grant_1",
            "performer_id": "perf_ann",
            "work_id": "work_film",
            "signed_at": NOON,
            "description": {"text": "a voice"},
            "signature": _SIGNATURE,
        },
    ),
    ("suspension", {"id": "susp_1", "performer_id": "perf_ann", "starts_at": NOON}),
    (
        "instruction",
        {
            "id": "inst_1",
            "performer_id": "perf_ann",
            "say": "never",
            "use": "dub",
            "starts_at": NOON,
        },
    ),
    (
        "court_order",
        {"id": "order_1", "reference": "1/26", "work_id": "work_saga", **_COURT},
    ),
    _veto("veto_ann", scope_performer="perf_ann"),
    _veto("veto_far", scope_work="work_world", scope_uses=["dub"]),
    _veto("veto_owner", scope_studio="org_owner", state="lifted", lifted_at=NOON),
    _veto("veto_wide", scope_agreement="g/tv", scope_all_members=True),
    _use("use_ann", "perf_ann", "work_other"),
    (
        "estimate",
        {"id": "est_1", "use_id": "use_ann", "days": "2.5", "basis": "b", "author_id": "usr_1"},
    ),
    (
        "estimate",
        {
            "id": "est_2",
            "performer_id": "perf_ann",
            "days": "1",
            "basis": "b",
            "author_id": "usr_1",
        },
    ),
    (
        "attestation",
        {
            "id": "att_1",
            "kind": "security",
            "at": NOON,
            "by": "usr_1",
            "role": "head of data",
            "text": "safe",
            "organization_id": "org_vendor",
        },
    ),
    (
        "notice",
        {"id": "notice_1", "kind": "transfer", "sent_at": NOON, "sender_id": "org_studio"},
    ),
    _report("base_all"),
    _report("base_ann", performer_id="perf_ann", work_id="work_film"),
    (
        "work_day",
        {
            "id": "day_1",
            "work_id": "work_film",
            "day": date(2026, 11, 21),
            "required_background": 25,
            "human_background": 25,
        },
    ),
    (
        "verification",
        {"id": "ver_1", "pack": "p", "row": "r", "by": "b", "source": "s", "at": NOON},
    ),
)
UNREAD: tuple[Row, ...] = (
    ("organization", {"id": "org_stranger", "kind": "studio", "name": "Stranger"}),
    (
        "signatory",
        {"id": "sig_x", "organization_id": "org_stranger", "agreement": "g/tv", "starts_on": DAY},
    ),
    ("performer", {"id": "perf_bea", "created_by": "org_studio"}),
    _work("work_other", "org_studio"),
    _work("work_cut", "org_studio"),
    # Below the work, not above it.
    _edge("edge_x", "work_cut", "work_film"),
    ("grant", {**_GRANT, "id": "grant_x", "performer_id": "perf_bea"}),
    _veto("veto_bea", scope_performer="perf_bea"),
    _veto("veto_below", scope_work="work_cut"),
    _veto("veto_both", scope_performer="perf_ann", scope_studio="org_stranger"),
    (
        "court_order",
        {"id": "order_x", "reference": "2/26", "studio_id": "org_stranger", **_COURT},
    ),
    _use("use_bea", "perf_bea", "work_film"),
    _use("use_nobody", None, "work_film"),
    _estimate("est_x", use_id="use_bea", days="9"),
    _report("base_bea", performer_id="perf_bea"),
    _report("base_cut", work_id="work_cut"),
    (
        "work_day",
        {
            "id": "day_x",
            "work_id": "work_film",
            "day": date(2026, 11, 25),
            "required_background": 1,
            "human_background": 1,
        },
    ),
)


# The performer of the check is also on record as somebody else of whom nothing is read otherwise.
MERGE: Row = (
    "merge",
    {
        "id": "merge_1",
        "performer_id": "perf_ann",
        "other_id": "perf_bea",
        "state": "merged",
        "proposed_by": "usr_1",
        "proposed_as": "registry_admin",
        "starts_at": NOON,
    },
)


def recording(rows_: tuple[Row, ...]) -> Callable[[Tx], Recorded]:
    """An act that records these rows."""

    def fn(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.begin(tx)
        for name, values in rows_:
            if name in {"organization", "performer", "work"}:
                heads.create(tx, name, str(values["id"]))
            rows.insert(tx, name, **values)
        log.append(tx, "work.recorded", "studio", subjects=["org_studio"])
        return Recorded({})

    return fn


def record(store: Store, *rows_: Row) -> int:
    """Record rows in one act; gives its index."""
    return int(body(do(store, recording(rows_), now=NOON))["log_index"])
