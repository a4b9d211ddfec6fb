"""Which families of agreements a fact may name."""

from app.registrar.problems import wrong
from app.rules.packs import AGREEMENT
from app.store import rows
from app.store.tx import Tx


def check_known(tx: Tx, family: str | None, pointer: str) -> None:
    """Refuse a family that is neither loaded nor anybody's on record, such as one misspelt.

    One that a union is party to may be bound by before its rules are loaded: then the answer says
    that they are not here.

    Raises:
        Problem: 422, with the families that are known.
    """
    packs = tx.store.packs
    loaded = set() if packs is None else {p.family for p in packs.packs if p.kind == AGREEMENT}
    if family is None or not loaded or family in loaded:
        return
    unions = rows.where(tx.session, "organization", kind="union")
    public = loaded | {agreement for union in unions for agreement in union["agreements"]}
    if family in public or rows.where(tx.session, "signatory", agreement=family):
        return
    listed = ", ".join(f"`{known}`" for known in sorted(public))
    raise wrong(pointer, "unknown", f"No agreement `{family}` is known here; known: {listed}.")
