"""By which packs the registry decided at any past entry. Built once; given: known, an index."""

from typing import Any, Final

from sqlalchemy import BigInteger, Select, bindparam, or_, select

from app.store.tables import pack

_KNOWN: Final = bindparam("known", type_=BigInteger())


def _in_use(*columns: Any) -> Select[Any]:
    return select(*columns).where(
        pack.c.recorded_idx <= _KNOWN,
        or_(pack.c.retired_idx.is_(None), pack.c.retired_idx > _KNOWN),
    )


# Content hashes, and exact texts, of the packs in use once that entry was written.
HASHES: Final = _in_use(pack.c.hash)
TEXTS: Final = _in_use(pack.c.text).order_by(pack.c.family, pack.c.pack_version)
