"""What a field asks for is told in words, and never as an expression."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.api.models import PATTERNS
from app.main import contract
from tests.support.inprocess import World


def patterns(value: Any) -> Iterator[str]:  # noqa: ANN401 - a document of JSON
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        for part in value.values():
            yield from patterns(part)
    elif isinstance(value, list):
        for part in value:
            yield from patterns(part)


def test_every_pattern_of_a_body_has_words_and_all_words_have_a_pattern() -> None:
    used = {*patterns(contract()["components"]["schemas"])}
    assert used == {*PATTERNS}


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/v1/works", {"kind": "film", "title": "X", "agreement": "TV"}, "a family of agreements"),
        ("/v1/works", {"kind": "film", "title": "X", "ref": "no code"}, "a house code"),
        ("/v1/estimates", {"days": "0", "basis": "x"}, "a number of days above 0"),
        ("/v1/works", {"kind": "opera", "title": "X"}, "one of 'franchise', "),
        ("/v1/works", {"kind": "film", "title": ""}, "text of 1 or more characters"),
        ("/v1/works", {"kind": "film", "title": 7}, 'text, such as "words"'),
        ("/v1/checks/batch", {"items": []}, "a list of 1 or more"),
        ("/v1/checks", {"performer": "p", "work": "w", "use": "stunt", "quantity": 3}, "an object"),
    ],
)
def test_a_value_in_the_wrong_form_is_told_the_right_one(
    world: World, path: str, body: dict[str, Any], words: str
) -> None:
    answer = world.post(path, "studio", body)
    assert answer.status_code == 422
    assert any(words in error["detail"] for error in answer.json()["errors"])
    assert "pattern" not in answer.text.replace("string-pattern-mismatch", "")
