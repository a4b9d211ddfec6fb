"""When a union may say yes for the dead, and what it is told when it may not."""

import pytest

from app.rules.decide.case import Case, open_case
from app.rules.decide.posthumous import union_refusal
from tests.rules.worlds import DEAD, NO_AGREEMENT, NO_GRANT, NOON, Patch, check, facts, packs

SEARCHED: Patch = {
    "attestations": {
        "q": {
            "kind": "representative_search",
            "at": "2026-11-10T00:00:00Z",
            "evidence": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
        }
    }
}
CLAIMED: Patch = {
    "representations": {
        "p": {"performer_id": "performer-a", "representative_id": "x", "kind": "executor"}
    }
}
UNSHOWN: Patch = {"attestations": {"q": {"evidence": []}}}
OPEN: Patch = {"performers": {"performer-a": {"alive_until": "2026-11-30T00:00:00Z"}}}


def the_case(*patches: Patch) -> Case:
    found = open_case(check(), facts(NO_GRANT, *patches), packs(), NOON)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("patches", "union", "code"),
    [
        pytest.param([DEAD, SEARCHED], "guild", None, id="after a search that found nobody"),
        pytest.param([SEARCHED], "guild", "alive", id="for the living"),
        pytest.param([DEAD, SEARCHED, OPEN], "guild", "window_open", id="too soon"),
        pytest.param([DEAD, SEARCHED, NO_AGREEMENT], "guild", "no_rule", id="without a contract"),
        pytest.param([DEAD, SEARCHED], "lodge", "no_standing", id="another union"),
        pytest.param(
            [DEAD, SEARCHED, CLAIMED],
            "guild",
            "estate_known",
            id="where somebody says that they do",
        ),
        pytest.param([DEAD], "guild", "no_search", id="without a search"),
        pytest.param([DEAD, SEARCHED, UNSHOWN], "guild", "no_search", id="one that nothing shows"),
    ],
)
def test_a_union_speaks_for_the_dead_where_nobody_else_was_found(
    patches: list[Patch], union: str, code: str | None
) -> None:
    found = union_refusal([the_case(*patches)], union)
    assert (found.code if found else None) == code
    if found is not None:
        assert found.sentence.endswith("Nothing was signed.")
