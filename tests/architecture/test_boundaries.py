"""Fences that the import contracts cannot see: each walks the syntax tree of what is there."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
# One noun, one file name in every ring. An API noun knows the shared modules and no other noun.
NOUNS = frozenset(
    {
        *("organizations", "performers", "works", "engagements", "replicas", "grants", "vetoes"),
        *("uses", "checks", "agreements", "log"),
    }
)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def _named(path: Path) -> str:
    return str(path.relative_to(APP))


def _imports(tree: ast.Module) -> Iterator[str]:
    """Every module that ``tree`` names; ``from a import b`` counts as ``a`` and as ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def foreign_imports(tree: ast.Module) -> list[str]:
    """What a rule imports besides the standard library and other rules."""
    return [
        name
        for name in _imports(tree)
        if name.split(".")[0] not in sys.stdlib_module_names
        and name != "app.rules"
        and not name.startswith("app.rules.")
    ]


def _method_calls(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Line, last name before the dot and method of every ``….x.method(…)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            named = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            yield node.lineno, named, node.func.attr


def transactions(tree: ast.Module) -> list[int]:
    """The lines that begin, commit or undo a transaction or a part of one."""
    words = {"commit", "rollback", "begin_nested"}
    return [line for line, _, method in _method_calls(tree) if method in words]


def clocks(tree: ast.Module) -> list[int]:
    """The lines that ask what time it is. Durations (``monotonic``) are no time of day."""
    asked = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today")}
    asked |= {("date", "today"), ("time", "time"), ("time", "time_ns")}
    return [line for line, owner, method in _method_calls(tree) if (owner, method) in asked]


def other_nouns(tree: ast.Module, noun: str) -> list[str]:
    """The other API nouns that the module of ``noun`` imports."""
    return [
        name
        for name in _imports(tree)
        if name.startswith("app.api.") and name.split(".")[2] in NOUNS - {noun}
    ]


@pytest.mark.parametrize("path", sorted(APP.glob("rules/**/*.py")), ids=_named)
def test_a_rule_imports_the_standard_library_and_other_rules(path: Path) -> None:
    assert foreign_imports(_tree(path)) == []


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=_named)
def test_only_the_engine_begins_and_ends_transactions(path: Path) -> None:
    assert (transactions(_tree(path)) != []) is (path == APP / "store" / "engine.py")


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=_named)
def test_only_the_heads_read_the_clock(path: Path) -> None:
    assert (clocks(_tree(path)) != []) is (path == APP / "store" / "heads.py")


def test_an_api_noun_knows_no_other() -> None:
    for path in APP.glob("api/*.py"):
        if path.stem in NOUNS:
            assert other_nouns(_tree(path), path.stem) == []


def test_each_fence_catches_what_it_is_for() -> None:
    assert foreign_imports(ast.parse("from sqlalchemy.orm import Session")) != []
    assert foreign_imports(ast.parse("import app.store.tables")) != []
    assert foreign_imports(ast.parse("from app.rules import works\nimport json")) == []
    assert transactions(ast.parse("tx.session.commit()")) == [1]
    assert transactions(ast.parse("session.rollback()")) == [1]
    assert clocks(ast.parse("datetime.now(UTC)")) == [1]
    assert clocks(ast.parse("datetime.datetime.now(UTC)")) == [1]
    assert clocks(ast.parse("at = time.time()")) == [1]
    assert clocks(ast.parse("time.monotonic(); tx.now")) == []
    assert other_nouns(ast.parse("from app.api import vetoes"), "grants") == ["app.api.vetoes"]
    assert other_nouns(ast.parse("from app.api import problems"), "grants") == []
