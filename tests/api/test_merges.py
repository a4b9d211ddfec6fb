"""Two records of one person: merged by two persons, and parted again, over HTTP."""

from typing import Any

from app.store import uses
from app.store.engine import reading
from tests.acts.test_heads import holding
from tests.api.consents import (
    accept,
    check,
    cleared,
    codes,
    offered,
    picture,
    question,
    register,
    signed,
    somebody,
    veto,
)
from tests.support.inprocess import World


def the_same(world: World, first: str, second: str) -> dict[str, Any]:
    """Merge two records of one person: an officer proposes, the office confirms."""
    path = f"/v1/performers/{world.ids[first]}/merge"
    made = world.make(path, "office", {"other": world.ids[second], "reason": "Her stage name."})
    return world.make(f"{path}/{made['id']}/confirmation", first)


def twice(world: World) -> tuple[str, str, str]:
    """A member, a second record of theirs with a cleared use, and the film of that."""
    first, second, film = somebody(world, member=True), somebody(world), picture(world)
    signed(world, second, film)
    return first, second, film


def test_a_second_record_is_no_way_around_a_veto(world: World) -> None:
    first, second, film = twice(world)
    use = cleared(world, second, film)
    made = veto(world, {"performer": world.ids[first]})
    assert made.status_code == 201, made.text
    # While they are two persons on record, the veto is about one of them.
    assert check(world, question(world, second, film))["outcome"].startswith("allow")
    before = world.get("/v1/vetoes", "officer")
    assert before.status_code == 200
    index = the_same(world, first, second)["log_index"]
    stopped = check(world, question(world, second, film))
    assert (stopped["outcome"], codes(stopped)[0]) == ("deny", "D_UNION_VETO")
    assert "vetoed" in stopped["reasons"][0]["sentence"]
    refused = register(world, question(world, second, film, shot="s2"))
    assert refused.status_code == 409
    held = world.get(f"/v1/uses/{use['id']}", "studio").json()
    assert [by["id"] for by in held["held_by"]] == [made.json()["id"]]
    listed = world.get(f"/v1/vetoes/{made.json()['id']}/affected", "officer").json()["data"]
    assert use["id"] in {line["id"] for line in listed}
    # What was on record before the merge is answered as it was then.
    earlier = question(world, second, film, known_at=index - 1)
    assert check(world, earlier)["outcome"].startswith("allow")


def test_either_id_is_answered_for_the_one_person(world: World) -> None:
    first, second, film = twice(world)
    assert codes(check(world, question(world, first, film)))[0] == "D_NO_CONSENT"
    the_same(world, first, second)
    by_first = check(world, question(world, first, film))
    assert by_first["outcome"].startswith("allow")
    assert codes(by_first) == codes(check(world, question(world, second, film)))


def test_what_one_record_ruled_out_is_ruled_out_for_both(world: World) -> None:
    first, second, film = twice(world)
    other = picture(world)
    ruled_out = [{"axis": "work", "value": world.ids[film]}]
    signed(world, first, other, exclusions=ruled_out)
    the_same(world, first, second)
    assert codes(check(world, question(world, second, film)))[0] == "D_EXCLUDED"


def test_a_pause_of_one_record_pauses_both(world: World) -> None:
    first, second, film = twice(world)
    the_same(world, first, second)
    # The account of the one record answers for the other too.
    world.make(f"/v1/performers/{world.ids[second]}/suspensions", first, {})
    assert codes(check(world, question(world, first, film)))[0] == "D_SUSPENDED"
    assert codes(check(world, question(world, second, film)))[0] == "D_SUSPENDED"


def test_a_second_person_has_to_confirm_it_and_never_a_studio(world: World) -> None:
    first, second, _ = twice(world)
    path = f"/v1/performers/{world.ids[first]}/merge"
    made = world.make(path, "studio", {"other": world.ids[second]})
    assert made["state"] == "proposed"
    confirm = f"{path}/{made['id']}/confirmation"
    assert world.post(confirm, "studio").status_code == 403
    again = world.post(path, "office", {"other": world.ids[second]})
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    turned = f"/v1/performers/{world.ids[second]}/merge"
    assert world.post(turned, "office", {"other": world.ids[first]}).status_code == 409
    assert world.post(f"{path}/{made['id']}/confirmation", "stranger").status_code == 404
    # Both were claimed, so that a studio and a union are not enough.
    assert "somebody claimed" in world.post(confirm, "officer").json()["detail"]
    assert world.make(confirm, "office")["state"] == "merged"
    said = world.post(confirm, "office")
    assert (said.status_code, "Nothing was recorded" in said.json()["detail"]) == (409, True)


def test_two_officers_do_not_merge_what_somebody_claimed(world: World) -> None:
    first, second = somebody(world, member=True), somebody(world, member=True)
    users = f"/v1/organizations/{world.ids['union']}/users"
    world.people["other officer"] = world.make(users, "office", {"role": "union_officer"})["id"]
    path = f"/v1/performers/{world.ids[first]}/merge"
    made = world.make(path, "officer", {"other": world.ids[second]})
    confirm = f"{path}/{made['id']}/confirmation"
    refused = world.post(confirm, "other officer")
    assert (refused.status_code, "somebody claimed" in refused.json()["detail"]) == (409, True)
    # One account of the two speaks for its own record and not for the other.
    assert "somebody claimed" in world.post(confirm, first).json()["detail"]
    assert world.make(confirm, "office")["state"] == "merged"
    # What nobody claimed has nobody else to ask.
    world.performer("unclaimed")
    path = f"/v1/performers/{world.ids[second]}/merge"
    made = world.make(path, "office", {"other": world.ids["unclaimed"]})
    world.make(f"{path}/{made['id']}/confirmation", second)


def test_a_studio_and_the_account_that_it_may_have_made_merge_nobody(world: World) -> None:
    known, film = somebody(world, member=True), picture(world)
    # A record that the studio made, and that somebody claimed who says yes to everything.
    willing = somebody(world)
    signed(world, willing, film)
    path = f"/v1/performers/{world.ids[willing]}/merge"
    made = world.make(path, "studio", {"other": world.ids[known]})
    refused = world.post(f"{path}/{made['id']}/confirmation", willing)
    assert (refused.status_code, "a union has to say it" in refused.json()["detail"]) == (409, True)
    assert codes(check(world, question(world, known, film)))[0] == "D_NO_CONSENT"
    assert world.get(f"/v1/performers/{world.ids[known]}", willing).status_code == 404
    assert world.make(f"{path}/{made['id']}/confirmation", "office")["state"] == "merged"


def test_the_same_person_does_not_confirm_what_they_said(world: World) -> None:
    first, second, _ = twice(world)
    path = f"/v1/performers/{world.ids[first]}/merge"
    made = world.make(path, "office", {"other": world.ids[second]})
    refused = world.post(f"{path}/{made['id']}/confirmation", "office")
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("Two persons say this, and you were the first.")


def test_a_performer_who_holds_both_says_so_with_the_code_of_the_other(world: World) -> None:
    first = somebody(world)
    second = world.performer("twin-of-p")
    path = f"/v1/performers/{world.ids[first]}/merge"
    bare = world.post(path, first, {"other": second})
    assert bare.json()["errors"][0]["pointer"] == "/code"
    wrong = world.post(path, first, {"other": second, "code": "not-the-code"})
    assert wrong.status_code == 404
    code = world.make(f"/v1/performers/{second}/invitation", "office")["code"]
    own = world.post(path, first, {"other": world.ids[first], "code": code})
    assert own.status_code == 404
    made = world.make(path, first, {"other": second, "code": code})
    # The code proved it once and claims nothing any more.
    world.make(f"{path}/{made['id']}/end", "office", {"reason": "Not sure yet."})
    assert world.post(path, first, {"other": second, "code": code}).status_code == 404
    claim = world.post(f"/v1/performers/{second}/claim", None, {"code": code})
    assert claim.status_code == 404
    code = world.make(f"/v1/performers/{second}/invitation", "office")["code"]
    made = world.make(path, first, {"other": second, "code": code})
    # They see of the other record nothing until it is theirs.
    assert made["other_id"] is None
    world.make(f"{path}/{made['id']}/confirmation", "office")
    assert world.get(f"/v1/performers/{second}", first).json()["id"] == second
    assert world.get(path, first).json()["data"][0]["other_id"] == second


def test_two_accounts_of_one_person_are_one_person(world: World) -> None:
    first, second, _ = twice(world)
    the_same(world, first, second)
    path = f"/v1/performers/{world.ids[first]}/merge"
    made = world.get(path, first).json()["data"][0]
    world.make(f"{path}/{made['id']}/end", first, {"reason": "I am not her."})
    # Out of a merge is out of a veto: the other account of theirs cannot do that alone.
    assert world.post(f"{path}/{made['id']}/confirmation", second).status_code == 409


def test_a_merge_that_was_wrong_is_ended_by_two_and_nothing_is_lost(world: World) -> None:
    first, second, film = twice(world)
    use = cleared(world, second, film)
    veto(world, {"performer": world.ids[first]})
    made = the_same(world, first, second)
    path = f"/v1/performers/{world.ids[first]}/merge/{made['id']}"
    doubted = world.make(f"{path}/end", "officer", {"reason": "They are two sisters."})
    assert doubted["doubted_as"] == "union_officer"
    # Doubted is not ended.
    assert codes(check(world, question(world, second, film)))[0] == "D_UNION_VETO"
    assert world.post(f"{path}/confirmation", "officer").status_code == 409
    assert world.post(f"{path}/end", "office", {"reason": "Again."}).status_code == 409
    ended = world.make(f"{path}/confirmation", "office")
    assert ended["state"] == "ended"
    assert [(line["id"], line["outcome"][:5]) for line in ended["uses"]] == [(use["id"], "allow")]
    assert check(world, question(world, second, film))["outcome"].startswith("allow")
    meanwhile = check(world, question(world, second, film, as_of=made["starts_at"]))
    assert codes(meanwhile)[0] == "D_UNION_VETO"
    assert world.get(f"/v1/performers/{world.ids[second]}", first).status_code == 404
    assert world.post(f"{path}/end", "office", {"reason": "Again."}).status_code == 409


def test_what_is_only_proposed_is_declined_by_one(world: World) -> None:
    first, second, _ = twice(world)
    path = f"/v1/performers/{world.ids[first]}/merge"
    made = world.make(path, "office", {"other": world.ids[second]})
    said = world.make(f"{path}/{made['id']}/end", first, {"reason": "That is somebody else."})
    assert said["state"] == "declined"
    assert world.post(f"{path}/{made['id']}/confirmation", "officer").status_code == 409


def test_a_third_record_is_merged_with_both(world: World) -> None:
    first, second, film = twice(world)
    third = somebody(world)
    the_same(world, second, third)
    the_same(world, first, second)
    veto(world, {"performer": world.ids[third]})
    made = veto(world, {"performer": world.ids[first]})
    assert made.status_code == 201
    assert codes(check(world, question(world, second, film)))[0] == "D_UNION_VETO"
    assert codes(check(world, question(world, third, film)))[0] == "D_UNION_VETO"


def test_whoever_acts_on_one_record_holds_the_heads_of_all(world: World) -> None:
    first, second, film = twice(world)
    made = the_same(world, first, second)
    with holding(world) as held:
        register(world, question(world, second, film, shot="held"))
    assert {("performer", world.ids[name], True) for name in (first, second)} <= held
    # A merge that has ended still can matter for what is asked about the past.
    path = f"/v1/performers/{world.ids[first]}/merge/{made['id']}"
    world.make(f"{path}/end", "office", {"reason": "They are two sisters."})
    world.make(f"{path}/confirmation", "officer")
    with holding(world) as held:
        register(world, question(world, second, film, shot="held again"))
    assert ("performer", world.ids[first], True) in held


def test_a_veto_of_all_members_looks_at_every_record_of_a_member(world: World) -> None:
    first, second, film = twice(world)
    use = cleared(world, second, film)
    the_same(world, first, second)
    with reading(world.app.state.registry.store) as session:
        found = uses.of_members(session, world.ids["union"])
    assert use["id"] in {row["id"] for row in found}


def test_a_union_sees_the_uses_of_every_record_of_its_member(world: World) -> None:
    first, second, film = twice(world)
    use = cleared(world, second, film)
    path = f"/v1/uses/{use['id']}"
    assert world.get(path, "officer").status_code == 404
    the_same(world, first, second)
    assert world.get(path, "officer").json()["id"] == use["id"]
    assert world.get(path, first).json()["id"] == use["id"]
    assert world.get(path, "stranger").status_code == 404


def test_a_signature_for_another_record_of_theirs_says_how_well_the_account_is_known(
    world: World,
) -> None:
    first, second, _ = twice(world)
    the_same(world, first, second)
    world.make(f"/v1/performers/{world.ids[first]}/vouch", "officer")
    made = offered(world, second, picture(world))
    signature = accept(world, made, first).json()["signature"]
    assert (signature["identity"], signature["vouched_by"]) == ("vouched", world.ids["union"])


def test_a_record_is_not_merged_with_itself_or_with_nobody(world: World) -> None:
    first = somebody(world)
    path = f"/v1/performers/{world.ids[first]}/merge"
    same = world.post(path, "office", {"other": world.ids[first]})
    assert same.json()["errors"][0]["pointer"] == "/other"
    unknown = world.post(path, "office", {"other": "perf_00000000000000000000000000"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (404, "/other")
    end = f"{path}/merge_00000000000000000000000000/end"
    assert world.post(end, "office", {"reason": "None."}).status_code == 404
