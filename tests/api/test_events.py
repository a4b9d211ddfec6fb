"""The log over HTTP: gapless for everybody, and readable for the people in an entry."""

from tests.api.consents import picture, signed, somebody
from tests.support.inprocess import World


def covered(lines: list[dict[str, int]]) -> list[int]:
    """Every index that the lines stand for."""
    found = []
    for line in lines:
        if "idx" in line:
            found.append(line["idx"])
        else:
            found += range(line["from"], line["to"] + 1)
    return found


def test_the_feed_has_no_gaps_whoever_reads_it_and_by_whatever_page(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    for who in (ann, "studio", "rival", "vendor", "auditor"):
        lines: list[dict[str, int]] = []
        after = -1
        while True:
            page = world.get(f"/v1/events?after={after}&limit=2", who).json()
            lines += page["data"]
            if page["next_after"] == after:
                break
            after = page["next_after"]
        assert covered(lines) == list(range(after + 1)), who


def test_a_performer_sees_what_names_them_and_nothing_else(world: World) -> None:
    ann, bob, film = somebody(world), somebody(world), picture(world)
    signed(world, ann, film)
    own = [e for e in world.get("/v1/me/events", ann).json()["data"] if "type" in e]
    assert [e["type"] for e in own] == [
        "performer.recorded",
        "invitation.made",
        "performer.claimed",
        "grant.offered",
        "grant.signed",
    ]
    assert all(world.ids[ann] in e["subjects"] for e in own)
    last = own[-1]["idx"]
    assert world.get(f"/v1/events/{last}", bob).status_code == 404
    assert world.get(f"/v1/events/{10**9}", "auditor").status_code == 404
    assert world.get("/v1/me/events", "studio").status_code == 403


def test_an_entry_comes_with_its_exact_bytes_and_names_nobody(world: World) -> None:
    ann, film = somebody(world), picture(world)
    grant = signed(world, ann, film)
    entry = world.get(f"/v1/events/{grant['log_index']}", ann).json()
    assert world.ids[ann] not in entry["entry"]
    assert len(entry["leaf"]) == 64


def test_activity_is_asked_for_by_days(world: World) -> None:
    ann = somebody(world)
    wrong = world.get("/v1/me/activity?from=2026-11-22&to=2026-11-21", ann)
    assert wrong.status_code == 422
    empty = world.get("/v1/me/activity?from=2020-01-01&to=2020-01-31", ann).json()
    assert (empty["data"], empty["from"], empty["to"]) == ([], "2020-01-01", "2020-01-31")
