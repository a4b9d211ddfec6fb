"""The catalogue of reasons beside the published vectors, made from the table of codes."""

import sys
from collections.abc import Iterator

from app.rules.codes import CODES, CodeSpec

_HEAD = """# Reasons

What a decision says, strongest first. Made from the table of codes by
`python -m app.conformance.catalogue`. A code never changes its meaning and is never used again; new
ones are added. `when` says who has something to do: the caller before or while making the use
(`do_now`), or the office afterwards (`owed_later`). Words in braces are facts of the case.

| code | outcome | when | sentence | who can do what |
|---|---|---|---|---|
"""


def catalogue() -> str:
    """The page, in Markdown; strongest code first."""
    specs = sorted(CODES.values(), key=lambda spec: (spec.precedence, spec.code))
    return _HEAD + "".join(f"| {' | '.join(_cells(spec))} |\n" for spec in specs)


def _cells(spec: CodeSpec) -> Iterator[str]:
    yield f"`{spec.code}`"
    yield spec.outcome
    yield spec.when or "-"
    yield spec.template.replace("|", "\\|")
    yield "; ".join(dict.fromkeys(f"{way.who}: {way.act}" for way in spec.ways)) or "-"


if __name__ == "__main__":
    sys.stdout.write(catalogue())
