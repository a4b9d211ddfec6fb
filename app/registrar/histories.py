"""How a grant came to say what it says: every version, and terms compared."""

from typing import Any

from app.registrar import objects, terms
from app.store import events, graph, private, rows


def view(looking: objects.Eyes, row: objects.Row) -> dict[str, Any]:
    """A grant on the wire, as this caller may see it."""
    found = graph.with_titles(looking.session, terms.view(row, looking.caller))
    if row["signature"] is not None and row["signature"]["method"] != "in_registry":
        told = private.read(looking.session, [row["id"]], "original")
        original = told.get(row["id"], {}).get("original")
        found["signature"] = {**row["signature"], "original": original}
    return found


def versions(looking: objects.Eyes, row: objects.Row) -> list[dict[str, Any]]:
    """Every version, first to last, with the entry of the log that wrote it."""
    found = rows.versions(looking.session, "grant", row["id"])
    entries = events.written(looking.session, [v["recorded_idx"] for v in found])
    return [
        {
            **objects.document(v, "state", "terms_version", "terms_hash", "signature", "reason"),
            "log_index": v["recorded_idx"],
            "at": rows.plain(entries[v["recorded_idx"]]["at"]),
            "type": entries[v["recorded_idx"]]["type"],
        }
        for v in found
    ]


def compared(
    looking: objects.Eyes, row: objects.Row, from_: int | None, to: int | None
) -> dict[str, Any]:
    """Two versions of the terms, term by term; one that is proposed has the next number.

    Raises:
        Problem: 404, there is no such version.
    """
    known: dict[int, dict[str, Any]] = {}
    for version in rows.versions(looking.session, "grant", row["id"]):
        known[version["terms_version"]] = terms.shown(version, looking.caller)
    if row["proposal"] is not None:
        proposed = terms.view(row, looking.caller)["proposal"]
        known[row["terms_version"] + 1] = proposed["terms"]
    after = to if to is not None else max(known)
    before = from_ if from_ is not None else max(1, after - 1)
    if before not in known or after not in known:
        raise objects.unknown("")
    return {
        "from": before,
        "to": after,
        "data": terms.differences(known[before], known[after]),
    }
