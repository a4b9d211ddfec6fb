"""Merkle tree hashes of the two logs. Source: RFC 6962 §2.1."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

# Of a tree without leaves. Source: RFC 6962 §2.1.
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry; the prefix keeps a leaf from passing for an inner node."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order, in one pass and with one hash kept per level."""
    # INVARIANT: the stack holds complete subtrees, strictly larger ones first; ``size`` is the leaf
    # count of each.
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, digest = 1, leaf
        while stack and stack[-1][0] == size:
            digest = node_hash(stack.pop()[1], digest)
            size *= 2
        stack.append((size, digest))
    if not stack:
        return EMPTY_ROOT
    _, digest = stack.pop()
    while stack:
        digest = node_hash(stack.pop()[1], digest)
    return digest
