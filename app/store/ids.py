"""Ids: a prefix that says what it is, and a UUIDv7 in 26 letters (TypeID), made by the application.

Source: TypeID specification 0.3 (base32 of Crockford, lower case); RFC 9562 section 5.7.
"""

from typing import Final

import uuid_utils

PREFIXES: Final = {
    "org": "organization",
    "sig": "signatory",
    "usr": "principal: a member of an organization or another person",
    "client": "principal: a pipeline client",
    "perf": "performer",
    "mem": "membership",
    "repr": "representation",
    "death": "death",
    "work": "work",
    "edge": "edge of the works graph",
    "sale": "sale of works",
    "sold": "one work of a sale",
    "asgn": "answer to whether a consent passes on to a buyer",
    "eng": "engagement",
    "sess": "capture session",
    "repl": "replica",
    "merge": "merge of two records of one person",
    "match": "blind question after a performer",
    "maybe": "one record that such a question may mean",
    "inv": "invitation to claim a record",
    "late": "release of a use without an answer",
    "dlv": "delivery of a message",
    "grant": "grant",
    "conf": "confirmation of one work under an umbrella grant",
    "susp": "suspension",
    "order": "court order",
    "veto": "veto",
    "appeal": "appeal against a veto",
    "flag": "flag rule of a union",
    "case": "case in a union's queue",
    "trans": "transfer of a replica",
    "cust": "custody of a replica",
    "use": "use",
    "est": "estimate",
    "due": "line of the ledger",
    "pay": "payment",
    "att": "attestation",
    "notice": "notice",
    "msg": "message of a thread",
    "inst": "standing instruction",
    "sight": "sighting",
    "resid": "line of a residual statement from outside",
    "base": "report of a base that a share is taken of",
    "day": "work day",
    "ver": "verification of a row of a pack",
    "check": "check",
    "ask": "another question, refused act or recorded read",
}

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LETTERS: Final = 26


def mint(prefix: str) -> str:
    """A new id, such as ``grant_01k…``; later ids of one process sort after earlier ones.

    Raises:
        ValueError: the prefix is not one of `PREFIXES`.
    """
    if prefix not in PREFIXES:
        raise ValueError(f"unknown prefix `{prefix}`; known: {', '.join(PREFIXES)}")
    return f"{prefix}_{_encode(uuid_utils.uuid7().int)}"


def mint_event() -> str:
    """A new UUIDv7 in its usual form, for a log entry."""
    return str(uuid_utils.uuid7())


def is_id(text: str, *prefixes: str) -> bool:
    """Whether ``text`` is an id, with one of ``prefixes`` where any are given."""
    prefix, _, letters = text.rpartition("_")
    if prefix not in (prefixes or PREFIXES):
        return False
    # 26 letters hold 130 bits; the first letter must leave the top two empty.
    return len(letters) == _LETTERS and letters[0] <= "7" and set(letters) <= set(_ALPHABET)


def _encode(number: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
