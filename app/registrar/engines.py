"""Which engine decides: a name for the exact code, so that an old answer can say whose it is."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

import app.agreements
import app.rules

# What a decision follows from besides facts and packs: the rules, and the reader of packs.
_PACKAGES: Final = (app.rules, app.agreements)
_SHOWN: Final = 12


@cache
def engine() -> str:
    """The release, and the beginning of a hash over the sources of all that decides.

    A number alone would stay the same where somebody changed a rule and forgot to count on.
    """
    return f"{version('consent-registry')}+{_hash()[:_SHOWN]}"


def _hash() -> str:
    total = sha256()
    for package in _PACKAGES:
        folder = Path(package.__path__[0])
        for source in sorted(folder.rglob("*.py")):
            total.update(f"{package.__name__}/{source.relative_to(folder)}\n".encode())
            total.update(sha256(source.read_bytes()).digest())
    return total.hexdigest()
