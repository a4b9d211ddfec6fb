"""Every problem that the code raises has an address where it is explained."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.registrar.problems import PROBLEMS

APP = Path(__file__).resolve().parents[2] / "app"


def slugs() -> Iterator[tuple[str, str]]:
    """Where each slug is raised: the first text among the arguments of a problem."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = [
                    argument.value
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                ]
                if node.func.id in {"problem", "Problem"} and texts:
                    yield f"{path.name}:{node.lineno}", texts[0]


def test_every_slug_stands_in_the_table() -> None:
    raised = dict(slugs())

    assert len(raised) > 20
    assert {where: slug for where, slug in raised.items() if slug not in PROBLEMS} == {}
