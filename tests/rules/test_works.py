"""The works graph, at an instant: ancestors, and what a grant reaches."""

from datetime import UTC, datetime

import pytest

from app.rules.facts import Edge, Grant, Scope, Signature, Work
from app.rules.works import ancestors, paths, reach

JAN, FEB, MAR = (datetime(2026, m, 1, tzinfo=UTC) for m in (1, 2, 3))


def edge(child: str, parent: str, relation: str = "in_franchise", **more: object) -> Edge:
    found = {"id": f"{child}-{parent}", "valid_from": JAN, **more}
    return Edge(parent=parent, child=child, relation=relation, **found)  # type: ignore[arg-type]


def grant(mode: str, *works: str, membership: str = "frozen_at_grant", shown: str = "") -> Grant:
    scope = Scope(mode=mode, membership=membership, works=works, uses=("stunt",))
    return Grant(
        *("g", 1, "p", "s", "active"),
        scope=scope,
        shown_works=tuple(shown.split()),
        signature=Signature(at=FEB),
    )


CROSSOVER = (
    edge("film", "a"),
    edge("film", "b"),
    edge("a", "universe"),
    edge("b", "universe"),
    edge("cut", "film", "edit_of"),
    edge("series", "a"),
    edge("season", "series", "season_of"),
    edge("episode", "season", "episode_of"),
)


def test_a_crossover_has_every_way_up() -> None:
    assert ancestors("film", CROSSOVER, MAR) == {"a": 1, "b": 1, "universe": 2}
    assert len(paths("film", "universe", CROSSOVER, MAR)) == 2
    assert ancestors("film", CROSSOVER, datetime(2025, 1, 1, tzinfo=UTC)) == {}


def test_an_edge_that_ended_leads_nowhere() -> None:
    edges = (edge("film", "a", valid_to=FEB),)
    assert ancestors("film", edges, JAN) == {"a": 1}
    assert ancestors("film", edges, FEB) == {}


def test_depth_is_bounded() -> None:
    chain = tuple(edge(str(n), str(n + 1)) for n in range(40))
    assert len(ancestors("0", chain, MAR)) == 16


ADDED = edge("late", "a", valid_from=MAR)
ANNOUNCED = edge("known", "a", announced_at=JAN, valid_from=FEB)
SAID_LATER = edge("said", "a", announced_at=JAN, valid_from=MAR)
TOLD_LATER = edge("told", "a", announced_at=MAR, valid_from=JAN)


@pytest.mark.parametrize(
    ("found", "work", "state", "distance"),
    [
        pytest.param(grant("single_work", "film"), "film", "covered", 0, id="itself"),
        pytest.param(grant("single_work", "film"), "cut", "covered", 1, id="another cut of it"),
        pytest.param(grant("single_work", "series"), "episode", "covered", 2, id="an episode"),
        pytest.param(grant("single_work", "a"), "film", "outside", 0, id="single is not below"),
        pytest.param(grant("enumerated_works", "b", "film"), "film", "covered", 0, id="listed"),
        pytest.param(grant("enumerated_works", "b"), "other", "outside", 0, id="not listed"),
        pytest.param(
            grant("franchise_umbrella", "a", shown="film"), "film", "covered", 1, id="shown"
        ),
        pytest.param(
            grant("franchise_umbrella", "a", shown="series"),
            "episode",
            "covered",
            3,
            id="an episode of what was shown",
        ),
        pytest.param(
            grant("franchise_umbrella", "a"), "episode", "added_later", 3, id="of what was not"
        ),
        pytest.param(grant("franchise_umbrella", "a"), "late", "added_later", 1, id="frozen"),
        pytest.param(
            grant("franchise_blanket", "a", membership="dynamic"),
            "late",
            "covered",
            1,
            id="dynamic",
        ),
        pytest.param(
            grant("franchise_blanket", "a", membership="announced_list"),
            "late",
            "added_later",
            1,
            id="not announced",
        ),
        pytest.param(
            grant("franchise_blanket", "a", membership="announced_list"),
            "known",
            "covered",
            1,
            id="announced and on record by the signature",
        ),
        *(
            pytest.param(
                grant("franchise_blanket", "a", membership="announced_list"),
                *(work, "added_later", 1),
                id=title,
            )
            for work, title in (
                ("said", "said after the signature to have been announced before"),
                ("told", "announced after the signature"),
            )
        ),
        pytest.param(
            grant("franchise_blanket", "universe", "a", membership="dynamic"),
            "film",
            "covered",
            1,
            id="the nearest node counts",
        ),
    ],
)
def test_what_a_grant_reaches(found: Grant, work: str, state: str, distance: int) -> None:
    edges = (*CROSSOVER, ADDED, ANNOUNCED, SAID_LATER, TOLD_LATER)
    got = reach(found, Work(id=work), edges, MAR)
    assert (got.state, got.distance) == (state, distance)


def test_what_came_later_says_since_when() -> None:
    late = reach(grant("franchise_umbrella", "a"), Work(id="late"), (ADDED,), MAR)
    assert late.added_at == MAR
    work = Work(id="late", added_at=datetime(2026, 4, 1, tzinfo=UTC))
    later = reach(grant("franchise_umbrella", "a"), work, (ADDED,), MAR)
    assert later.added_at == work.added_at


def test_an_unsigned_list_covers_nothing() -> None:
    unsigned = Grant(
        *("g", 1, "p", "s", "active"),
        scope=Scope("franchise_umbrella", "announced_list", ("a",), ("stunt",)),
    )
    assert reach(unsigned, Work(id="known"), (ANNOUNCED,), MAR).state == "added_later"
