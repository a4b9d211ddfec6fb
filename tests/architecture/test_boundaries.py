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
        *("uses", "checks", "terms", "agreements", "log"),
    }
)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


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


def commits(tree: ast.Module) -> list[int]:
    """The lines that call ``….commit()``."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]


def other_nouns(tree: ast.Module, noun: str) -> list[str]:
    """The other API nouns that the module of ``noun`` imports."""
    return [
        name
        for name in _imports(tree)
        if name.startswith("app.api.") and name.split(".")[2] in NOUNS - {noun}
    ]


@pytest.mark.parametrize("path", sorted(APP.glob("rules/**/*.py")), ids=lambda p: p.stem)
def test_a_rule_imports_the_standard_library_and_other_rules(path: Path) -> None:
    assert foreign_imports(_tree(path)) == []


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda p: str(p.relative_to(APP)))
def test_only_the_engine_commits(path: Path) -> None:
    if path != APP / "store" / "engine.py":
        assert commits(_tree(path)) == []


def test_an_api_noun_knows_no_other() -> None:
    for path in APP.glob("api/*.py"):
        if path.stem in NOUNS:
            assert other_nouns(_tree(path), path.stem) == []


def test_each_fence_catches_what_it_is_for() -> None:
    assert foreign_imports(ast.parse("from sqlalchemy.orm import Session")) != []
    assert foreign_imports(ast.parse("import app.store.tables")) != []
    assert foreign_imports(ast.parse("from app.rules import works\nimport json")) == []
    assert commits(ast.parse("tx.session.commit()")) == [1]
    assert other_nouns(ast.parse("from app.api import vetoes"), "grants") == ["app.api.vetoes"]
    assert other_nouns(ast.parse("from app.api import problems"), "grants") == []
