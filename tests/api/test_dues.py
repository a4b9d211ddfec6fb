"""The ledger over HTTP: what is owed, what is said to be paid, and what came."""

from typing import Any

from tests.api.consents import cleared, key, picture, question, register, signed, somebody
from tests.api.test_merges import the_same
from tests.api.test_sales import AFTER, sell
from tests.support.inprocess import FAMILY, World

FLAT = {"amount": "10000.00", "currency": "USD"}


def locked(world: World) -> tuple[str, dict[str, Any]]:
    """A performer with a use that is locked into a picture."""
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    return ann, use


def line_of(world: World, use: dict[str, Any], who: str = "studio") -> dict[str, Any]:
    (line,) = world.get(f"/v1/dues?use={use['id']}", who).json()["data"]
    return dict(line)


def paid(world: World, ann: str, line: dict[str, Any], amount: str = "10000.00") -> dict[str, Any]:
    body = {
        "performer": world.ids[ann],
        "reference": "PR-1",
        "paid_on": "2026-11-20",
        "lines": [{"due": line["id"], "amount": {"amount": amount, "currency": "USD"}}],
    }
    answer = world.post("/v1/payments", "studio", body, **key())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_paid_is_the_payers_word_until_the_performer_confirms(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    assert line_of(world, use)["state"] == "not_due"
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    line = line_of(world, use, ann)
    assert (line["state"], line["amount"]) == ("due", FLAT)
    payment = paid(world, ann, line)
    assert line_of(world, use, ann)["state"] == "said_paid"
    world.make(f"/v1/payments/{payment['id']}/receipt", ann, {"answer": "yes"})
    assert line_of(world, use, ann)["state"] == "confirmed"


def days(world: World, ann: str, film: str, count: str = "3") -> dict[str, Any]:
    """A count of the days that the replica saves, by the studio."""
    about = {"performer": world.ids[ann], "work": world.ids[film], "use": "stunt"}
    return world.make("/v1/estimates", "studio", about | {"days": count, "basis": "Call sheets."})


def under_contract(world: World) -> tuple[str, str]:
    """A member at scale on a picture under the agreement, who said yes to stunts."""
    ann = somebody(world, member=True)
    film = picture(world, agreement=FAMILY, photography_start="2026-08-03")
    hired = {"performer": world.ids[ann], "work": world.ids[film], "agreement": FAMILY}
    world.make("/v1/engagements", "studio", hired | {"rate": {"kind": "daily"}})
    signed(world, ann, film, pay={"kind": "days_x_rate"})
    return ann, film


def ledger_of(world: World, use: dict[str, Any], who: str, query: str = "") -> dict[str, Any]:
    """The lines of a use by kind."""
    found = world.get(f"/v1/dues?use={use['id']}{query}", who).json()["data"]
    return {line["kind"]: line for line in found}


def test_what_nobody_can_say_yet_is_a_line_without_an_amount(world: World) -> None:
    ann, film = under_contract(world)
    planned = register(world, question(world, ann, film)).json()
    (line,) = ledger_of(world, planned, ann).values()
    assert (line["state"], line["amount"]) == ("not_known_yet", None)
    assert line["why_unknown"].startswith("Not yet. Nobody has entered how many shooting days")
    days(world, ann, film)
    found = ledger_of(world, planned, ann)
    assert found["days"]["id"] == line["id"]
    assert found["days"]["amount"]["amount"] == "3849.00"
    assert found["contribution"]["amount"]["amount"] == "808.29"
    assert {one["state"] for one in found.values()} == {"not_due"}
    before = ledger_of(world, planned, ann, f"&as_of={line['stands_from']}")
    assert before["days"]["state"] == "not_known_yet"
    assert "contribution" not in before


def test_a_line_says_how_it_was_worked_out_and_what_it_said_before(world: World) -> None:
    ann, film = under_contract(world)
    days(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    line = ledger_of(world, use, ann)["days"]
    shown = world.get(f"/v1/dues/{line['id']}", ann).json()
    assert shown["formula"] == "3 days \u00d7 $1,283.00 a day = $3,849.00."
    assert [step["op"] for step in shown["working"]["steps"]] == ["times"]
    assert shown["rates"][0]["row"] == "day_performer/2026-07-01"
    assert shown["source"]["rule"] == "TT-15"
    assert shown["unverified"] == ["day_performer/2026-07-01"]
    assert [moment["arises_at"] is None for moment in shown["history"]] == [True, False]
    known = use["log_index"]
    then = world.get(f"/v1/dues/{line['id']}?known_at={known}", ann).json()
    assert (then["state"], len(then["history"])) == ("not_due", 1)
    beyond = world.get(f"/v1/dues/{line['id']}?known_at={known + 1000}", ann)
    assert beyond.status_code == 422
    early = world.get(f"/v1/dues/{line['id']}?known_at=0", ann)
    assert early.status_code == 404


def test_a_use_that_is_given_up_before_its_lock_owes_nothing(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/withdrawal", "studio")
    line = line_of(world, use, ann)
    assert (line["state"], line["ended_why"]) == ("not_due", "withdrawn")
    assert line["left"]["amount"] == "0.00"
    assert line["says"] == "Nothing is owed: the use was given up before it was locked."
    assert world.get("/v1/me/dues", ann).json() | {"as_of": ""} == {
        "as_of": "",
        "sums": [],
        "data": [],
        "more": False,
    }


def test_of_a_count_that_is_disputed_what_was_counted_stays_due(world: World) -> None:
    ann, film = under_contract(world)
    made = days(world, ann, film)
    use = cleared(world, ann, film)
    path = f"/v1/estimates/{made['id']}"
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    world.make(f"{path}/dispute", ann)
    for line in ledger_of(world, use, ann).values():
        assert (line["state"], line["left"]) == ("disputed", line["amount"])
        assert line["disputed_by"] == world.ids[ann]
    body = {"days": "4", "basis": "The call sheets of the second unit."}
    world.make(f"{path}/resolution", "office", body)
    found = ledger_of(world, use, ann)
    assert (found["days"]["state"], found["days"]["amount"]["amount"]) == ("due", "5132.00")
    history = world.get(f"/v1/dues/{found['days']['id']}", ann).json()["history"]
    assert [m["amount"]["amount"] for m in history][-2:] == ["3849.00", "5132.00"]


def test_what_did_not_come_is_not_received_and_the_payer_reads_why(world: World) -> None:
    ann, use = locked(world)
    payment = paid(world, ann, line_of(world, use))
    path = f"/v1/payments/{payment['id']}/receipt"
    silent = world.post(path, ann, {"answer": "no"})
    assert silent.json()["errors"][0]["pointer"] == "/words"
    world.make(path, ann, {"answer": "no", "words": "My bank has nothing."})
    assert line_of(world, use, ann)["state"] == "not_received"
    about = f"/v1/messages?about=payment&about_id={payment['id']}"
    (told,) = world.get(about, "studio").json()["data"]
    assert (told["kind"], told["words"]) == ("dispute", "My bank has nothing.")
    again = world.post(path, ann, {"answer": "no", "words": "Still nothing."})
    assert again.status_code == 409
    part = {"answer": "part", "words": "Half of it."}
    came = {"due": line_of(world, use)["id"], "amount": {"amount": "5000.00", "currency": "USD"}}
    world.make(path, ann, part | {"received": [came]})
    line = line_of(world, use, ann)
    assert (line["state"], line["confirmed"]["amount"]) == ("not_received", "5000.00")
    world.make(path, ann, {"answer": "yes", "words": "The rest came."})
    assert line_of(world, use, ann)["state"] == "confirmed"


def test_a_part_names_lines_of_the_payment_and_less_than_was_said(world: World) -> None:
    ann, use = locked(world)
    line = line_of(world, use)
    path = f"/v1/payments/{paid(world, ann, line)['id']}/receipt"

    def wrong(received: list[dict[str, Any]], answer: str = "part") -> str:
        body = {"answer": answer, "received": received, "words": "Look."}
        refused = world.post(path, ann, body)
        assert refused.status_code == 422, refused.text
        return str(refused.json()["errors"][0]["pointer"])

    def came(amount: str, currency: str = "USD", due: str = line["id"]) -> dict[str, Any]:
        return {"due": due, "amount": {"amount": amount, "currency": currency}}

    assert wrong([]) == "/received"
    assert wrong([came("10.00")], "no") == "/received"
    assert wrong([came("10.00", due="due_01k9zq3v5rfm8t4cy2x7d6ahwe")]) == "/received/0/due"
    assert wrong([came("10.00", "EUR")]) == "/received/0/amount"
    assert wrong([came("10000.01")]) == "/received/0/amount"
    assert wrong([came("10000.00")]) == "/answer"


def test_a_payment_is_of_lines_that_one_owes_and_of_no_more_than_is_left(world: World) -> None:
    ann, use = locked(world)
    bea, other = locked(world)
    line, foreign = line_of(world, use), line_of(world, other)
    body: dict[str, Any] = {
        "performer": world.ids[ann],
        "reference": "PR-2",
        "paid_on": "2026-11-20",
        "payer": world.ids["studio"],
        "lines": [{"due": line["id"], "amount": FLAT}],
    }

    def wrong(**change: Any) -> tuple[int, str, str]:
        answer = world.post("/v1/payments", "studio", body | change, **key())
        found = answer.json()["errors"][0]
        return answer.status_code, found["pointer"], found["detail"]

    def of(due: str = line["id"], amount: str = "10.00", currency: str = "USD") -> dict[str, Any]:
        return {"due": due, "amount": {"amount": amount, "currency": currency}}

    assert wrong(payer=world.ids["rival"])[:2] == (404, "/payer")
    assert wrong(paid_on="2199-01-01")[:2] == (422, "/paid_on")
    assert wrong(lines=[of(foreign["id"])])[:2] == (422, "/lines/0/due")
    assert wrong(lines=[of(), of()])[:2] == (422, "/lines/1/due")
    assert wrong(lines=[of(amount="0.00")])[:2] == (422, "/lines/0/amount")
    assert wrong(lines=[of(currency="EUR")])[:2] == (422, "/lines/0/amount")
    assert wrong(lines=[of(amount="10000.01")]) == (
        422,
        "/lines/0/amount",
        "There is $10,000.00 left on this line. To have paid more, say why in `because`.",
    )
    assert world.post("/v1/payments", "studio", body).status_code == 400
    assert world.post("/v1/payments", "rival", body, **key()).status_code == 404
    more = of(amount="12000.00") | {"because": "With a bonus for the second unit."}
    assert world.post("/v1/payments", "studio", body | {"lines": [more]}, **key()).is_success
    shown = line_of(world, use)
    assert (shown["state"], shown["overpaid"]["amount"]) == ("said_paid", "2000.00")
    assert world.get(f"/v1/payments?performer={world.ids[bea]}", "studio").json()["data"] == []


def test_a_payment_is_in_one_currency_and_may_be_an_advance(world: World) -> None:
    ann, film = under_contract(world)
    planned = register(world, question(world, ann, film)).json()
    (unknown,) = ledger_of(world, planned, ann).values()
    body = {"performer": world.ids[ann], "reference": "PR-3", "paid_on": "2026-11-20"}
    amount = {"amount": "500.00", "currency": "USD"}
    line = {"due": unknown["id"], "amount": amount}
    early = world.post("/v1/payments", "studio", body | {"lines": [line]}, **key())
    assert "no known amount left" in early.json()["errors"][0]["detail"]
    because = {"because": "An advance on the days."}
    answer = world.post("/v1/payments", "studio", body | {"lines": [line | because]}, **key())
    assert answer.is_success
    (shown,) = ledger_of(world, planned, ann).values()
    assert (shown["state"], shown["said_paid"]) == ("not_known_yet", amount)
    other = line | because | {"amount": {"amount": "5.00", "currency": "EUR"}}
    refused = world.post("/v1/payments", "studio", body | {"lines": [other]}, **key())
    assert "is in USD; nothing is converted" in refused.json()["errors"][0]["detail"]
    days(world, ann, film)
    share = ledger_of(world, planned, ann)["contribution"]
    euros = {"due": share["id"], "amount": {"amount": "1.00", "currency": "EUR"}}
    two = world.post("/v1/payments", "studio", body | {"lines": [line | because, euros]}, **key())
    assert two.json()["errors"][0]["pointer"] == "/lines/1/amount"


def test_a_performer_disputes_a_line_and_the_payer_can_agree(world: World) -> None:
    ann, use = locked(world)
    path = f"/v1/dues/{line_of(world, use)['id']}"
    should_be = {"amount": "12000.00", "currency": "USD"}
    settled = {"words": "So it is.", "amount": should_be}
    assert world.post(f"{path}/settlement", "studio", settled).status_code == 409
    said = {"words": "Twelve was agreed on the phone.", "should_be": should_be}
    disputed = world.post(f"{path}/dispute", ann, said)
    assert disputed.status_code == 201, disputed.text
    assert disputed.json()["claimed"] == should_be
    assert (line_of(world, use)["state"], line_of(world, use)["left"]) == ("disputed", FLAT)
    assert world.post(f"{path}/dispute", ann, said).status_code == 409
    about = f"/v1/messages?about=payment&about_id={disputed.json()['id']}"
    assert world.get(about, "studio").json()["data"][0]["words"] == said["words"]
    less = world.post(f"{path}/settlement", "studio", settled | {"amount": FLAT})
    assert less.json()["errors"][0]["detail"] == "You can agree to what they named: $12,000.00."
    done = world.make(f"{path}/settlement", "studio", settled)
    assert (done["state"], done["amount"]) == ("due", should_be)
    assert done["formula"] == "Settled at $12,000.00; before it was $10,000.00."


def test_who_disputes_can_let_go_and_who_decides_says_the_amount(world: World) -> None:
    ann, use = locked(world)
    path = f"/v1/dues/{line_of(world, use)['id']}"
    nine = {"amount": "9000.00", "currency": "USD"}
    world.make(f"{path}/dispute", ann, {"words": "It was more."})
    mine = world.post(f"{path}/settlement", ann, {"words": "So?", "amount": nine})
    assert mine.json()["errors"][0]["pointer"] == "/amount"
    none = world.post(f"{path}/settlement", "studio", {"words": "So?", "amount": nine})
    assert none.json()["errors"][0]["detail"] == "You can agree to what they named: no amount."
    kept = world.make(f"{path}/settlement", ann, {"words": "I was wrong."})
    assert (kept["state"], kept["amount"]) == ("due", FLAT)
    asked = world.post(f"{path}/dispute", "studio", {"words": "Too much."})
    assert asked.json()["errors"][0]["pointer"] == "/should_be"
    same = world.post(f"{path}/dispute", "studio", {"words": "Too much.", "should_be": FLAT})
    assert same.json()["errors"][0]["code"] == "not-less"
    euro = {"amount": "1.00", "currency": "EUR"}
    other = world.post(f"{path}/dispute", "studio", {"words": "Too much.", "should_be": euro})
    assert other.json()["errors"][0]["code"] == "currency"
    world.make(f"{path}/dispute", "studio", {"words": "Too much.", "should_be": nine})
    assert line_of(world, use)["undisputed"] == nine
    empty = world.post(f"{path}/settlement", "office", {"words": "An award."})
    assert empty.json()["errors"][0]["code"] == "required"
    award = {"words": "An award.", "amount": {"amount": "9500.00", "currency": "USD"}}
    world.make(f"{path}/settlement", "office", award)
    assert line_of(world, use, ann)["amount"] == award["amount"]


def test_what_is_not_owed_yet_is_not_disputed(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    line = line_of(world, cleared(world, ann, film))
    early = world.post(f"/v1/dues/{line['id']}/dispute", ann, {"words": "No."})
    assert early.status_code == 409
    assert early.json()["detail"].startswith("Nothing is owed on this line yet")


def test_a_union_sees_how_pay_stands_and_no_amount(world: World) -> None:
    ann, film = under_contract(world)
    days(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    line = ledger_of(world, use, "officer")["days"]
    assert (line["state"], line["floor"]) == ("due", "above")
    payment = paid(world, ann, ledger_of(world, use, ann)["days"], "3849.00")
    shown = world.get(f"/v1/dues/{line['id']}", "officer")
    said = world.get(f"/v1/payments/{payment['id']}", "officer")
    for answer in (shown, said):
        assert answer.status_code == 200
        assert not [word for word in ("3849", "PR-1", "1,283") if word in answer.text]
    assert shown.json()["payments"][0]["lines"] == [{"due": line["id"]}]
    assert world.get(f"/v1/dues/{line['id']}", "stranger").status_code == 404
    assert world.get(f"/v1/dues/{line['id']}", "rival").status_code == 404
    assert world.get("/v1/dues", "vendor").status_code == 403


def test_lines_are_found_by_state_and_by_the_day_on_which_they_arose(world: World) -> None:
    ann, use = locked(world)
    line = line_of(world, use)
    whose = f"/v1/dues?performer={world.ids[ann]}"
    day = line["arises_at"][:10]

    def found(query: str) -> list[str]:
        return [one["id"] for one in world.get(f"{whose}{query}", "studio").json()["data"]]

    assert found("&state=due") == found(f"&from={day}&until={day}") == [line["id"]]
    assert (
        found("&state=confirmed") == found("&from=2199-01-01") == found("&until=2001-01-01") == []
    )
    file = world.get(f"{whose}&format=csv", "studio").text.splitlines()
    assert file[0].startswith("id,version,performer_id")
    assert line["id"] in file[1]


def test_a_performer_sees_what_is_owed_and_what_waits_for_their_word(world: World) -> None:
    ann, _ = locked(world)
    own = world.get("/v1/me/dues", ann).json()
    assert own["sums"] == [{"to": "performer", "state": "due", "amount": FLAT, "lines": 1}]
    (line,) = own["data"]
    assert line["payer"]["name"] == "The studio"
    payment = paid(world, ann, line)
    inbox = world.get("/v1/me/inbox", ann).json()["data"]
    (item,) = [one for one in inbox if one["kind"] == "payment"]
    assert (item["href"], item["you_can"]) == (f"/v1/payments/{payment['id']}", ["read", "answer"])
    world.make(f"{item['href']}/receipt", ann, {"answer": "yes"})
    own = world.get(f"/v1/me/dues?performer={world.ids[ann]}", ann).json()
    assert (own["sums"][0]["state"], own["data"]) == ("confirmed", [])


def test_one_sum_for_several_uses_is_owed_once_with_the_first_that_is_locked(
    world: World,
) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    first, second = cleared(world, ann, film), cleared(world, ann, film, shot="S-2")
    assert ledger_of(world, second, ann) == {}
    assert line_of(world, first)["state"] == "not_due"
    world.make(f"/v1/uses/{second['id']}/lock", "studio")
    assert line_of(world, second)["state"] == "due"
    assert line_of(world, first)["ended_why"] == "owed_elsewhere"
    world.make(f"/v1/uses/{first['id']}/lock", "studio")
    assert line_of(world, first)["left"]["amount"] == "0.00"
    own = world.get("/v1/me/dues", ann).json()
    assert own["sums"] == [{"to": "performer", "state": "due", "amount": FLAT, "lines": 1}]


def test_the_making_of_a_replica_is_owed_once_with_its_session(world: World) -> None:
    ann = somebody(world, member=True)
    film = picture(world, agreement=FAMILY, photography_start="2026-08-03")
    hired = {"performer": world.ids[ann], "work": world.ids[film], "agreement": FAMILY}
    engaged = world.make("/v1/engagements", "studio", hired | {"rate": {"kind": "daily"}})
    signed(world, ann, film, uses=["scan", "stunt"], pay={"kind": "days_x_rate"})
    plan = {
        "engagement": engaged["id"],
        "starts_at": "2031-03-10T09:00:00Z",
        "business_reason": "Stunts that nobody can do.",
        "place": "US-CA",
    }
    session = world.make("/v1/capture-sessions", "studio", plan)
    body = {"capture_session": session["id"]}
    made = world.post("/v1/replicas", "studio", body)
    assert made.status_code == 201, made.text
    found = {one["kind"]: one for one in dues_of(world, ann)}
    assert (found["creation"]["state"], found["creation"]["arises_at"]) == ("not_due", None)
    world.now = "2031-03-12T09:00:00Z"
    path = f"/v1/replicas/{made.json()['id']}/state"
    captured = world.post(path, "studio", {"state": "captured"})
    assert captured.status_code == 200, captured.text
    world.make("/v1/replicas", "studio", body)
    world.make("/v1/replicas", "studio", body)
    after = {one["kind"]: one for one in dues_of(world, ann)}
    world.now = None
    assert after.keys() == {"creation", "contribution"}
    assert (after["creation"]["id"], after["creation"]["state"]) == (found["creation"]["id"], "due")
    assert after["creation"]["arises_at"].startswith("2031-03-10T09:00:00")
    assert after["creation"]["replica_id"] == made.json()["id"]
    # It was owed from the session on, also while nobody had told of it.
    path = f"/v1/dues/{after['creation']['id']}?as_of="
    between = world.get(f"{path}2031-03-11T00:00:00Z", ann).json()
    before = world.get(f"{path}2031-03-10T08:59:59Z", ann).json()
    assert (before["state"], between["state"]) == ("not_due", "due")


def dues_of(world: World, ann: str) -> list[dict[str, Any]]:
    found = world.get(f"/v1/dues?performer={world.ids[ann]}", ann).json()["data"]
    return [dict(line) for line in found]


def test_a_share_is_owed_once_its_base_is_reported(world: World) -> None:
    ann, film = somebody(world), picture(world)
    pay = {"kind": "royalty", "share": "2.5", "base": "net receipts"}
    signed(world, ann, film, pay=pay)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    (line,) = dues_of(world, ann)
    assert (line["state"], line["amount"]) == ("not_known_yet", None)
    report = {
        "work": world.ids[film],
        "base": "net receipts",
        "starts_on": "2026-01-01",
        "until": "2026-07-01",
        "amount": {"amount": "100000.00", "currency": "USD"},
        "reporter": "The studio's accounts",
        "reported_on": "2026-11-20",
    }
    said = world.make("/v1/base-reports", "studio", report)
    known = [one for one in dues_of(world, ann) if one["state"] == "due"]
    assert [one["amount"]["amount"] for one in known] == ["2500.00"]
    assert [one["state"] for one in dues_of(world, ann)].count("not_known_yet") == 1
    body = {"words": "The receipts of two territories are missing."}
    world.make(f"/v1/base-reports/{said['id']}/dispute", ann, body)
    found = dues_of(world, ann)
    assert sorted(one["state"] for one in found) == ["due", "not_known_yet", "not_known_yet"]


def test_what_is_owed_to_the_dead_is_kept_until_somebody_answers_for_them(world: World) -> None:
    ann, use = locked(world)
    died(world, ann)
    line = line_of(world, use)
    assert line["kept_for_estate"] is True
    assert line["says"].endswith("until somebody is proven who answers for them alone.")
    body = {
        "performer": world.ids[ann],
        "reference": "PR-9",
        "paid_on": "2026-11-20",
        "lines": [{"due": line["id"], "amount": FLAT}],
    }
    early = world.post("/v1/payments", "studio", body, **key())
    assert early.status_code == 409
    assert early.json()["detail"] == (
        "The performer has died and nobody is proven yet who answers for them alone. What is owed"
        " is kept until then. Nothing was recorded."
    )
    estate = {
        "kind": "estate",
        "powers": ["sign"],
        "document_hash": SHA,
        "representative": world.ids["agency"],
        "starts_on": "2026-11-02",
    }
    world.make(f"/v1/performers/{world.ids[ann]}/representations", "office", estate)
    assert line_of(world, use)["kept_for_estate"] is False
    payment = paid(world, ann, line)
    path = f"/v1/payments/{payment['id']}/receipt"
    # Nobody answers for them before the time is over in which they can say that they live.
    assert world.post(path, "agent", {"answer": "yes"}).status_code == 403
    later = world.post(
        path, "agent", {"answer": "yes"}, Consent_Registry_Now="2027-03-01T12:00:00Z"
    )
    assert later.json()["answer"] == "yes"


SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def died(world: World, ann: str) -> None:
    """Two persons of the office saw a certificate, longer ago than the performer had to object."""
    path = f"/v1/organizations/{world.ids['vendor']}/users"
    second = world.make(path, "office", {"role": "registry_admin", "name": "Ira Bell"})
    world.people["second office"] = second["id"]
    deaths = f"/v1/performers/{world.ids[ann]}/deaths"
    paper = {"document_hash": SHA}
    said = world.make(deaths, "office", {"died_on": "2026-11-02"} | paper)
    world.make(f"{deaths}/{said['id']}/confirmation", "second office", paper)


def test_after_a_sale_what_was_owed_stays_with_the_seller(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    sell(world, film)
    world.now = AFTER
    line = line_of(world, use)
    assert line["payer_id"] == world.ids["studio"]
    assert world.get(f"/v1/dues/{line['id']}", "rival").status_code == 404
    assert paid(world, ann, line)["payer_id"] == world.ids["studio"]
    world.now = None


def test_pay_whose_contributions_nobody_can_say_is_a_line_without_an_amount(world: World) -> None:
    ann = somebody(world, member=True)
    film = picture(world, agreement=FAMILY)
    hired = {"performer": world.ids[ann], "work": world.ids[film], "agreement": FAMILY}
    world.make("/v1/engagements", "studio", hired | {"rate": {"kind": "daily"}})
    signed(world, ann, film, pay={"kind": "days_x_rate"})
    days(world, ann, film)
    planned = register(world, question(world, ann, film)).json()
    assert planned["state"] == "planned"
    (line,) = ledger_of(world, planned, ann).values()
    assert (line["what"], line["state"]) == ("pay and contributions", "not_known_yet")
    assert "when photography of the picture starts" in line["why_unknown"]
    path = f"/v1/works/{world.ids[film]}"
    read = world.get(path, "studio").headers["etag"]
    world.patch(path, "studio", {"photography_start": "2026-08-03"}, read)
    world.make(f"/v1/uses/{planned['id']}/recheck", "studio")
    found = {one["kind"]: one["state"] for one in dues_of(world, ann) if not one["ended_at"]}
    assert found == {"days": "not_due", "contribution": "not_due"}


def test_the_contribution_on_one_sum_is_owed_once_too(world: World) -> None:
    ann = somebody(world, member=True)
    film = picture(world, agreement=FAMILY, photography_start="2026-08-03")
    hired = {"performer": world.ids[ann], "work": world.ids[film], "agreement": FAMILY}
    world.make("/v1/engagements", "studio", hired | {"rate": {"kind": "daily"}})
    signed(world, ann, film)
    days(world, ann, film, "1")
    uses = [cleared(world, ann, film, shot=shot) for shot in ("S-1", "S-2")]
    for use in uses:
        world.make(f"/v1/uses/{use['id']}/lock", "studio")
    amounts = [(one["kind"], one["amount"]["amount"]) for one in dues_of(world, ann)]
    assert sorted(amounts) == [("contribution", "2100.00"), ("days", "10000.00")]


def test_one_sum_is_owed_once_by_whoever_bought_and_to_two_records_of_one_person(
    world: World,
) -> None:
    ann, film = somebody(world), picture(world)
    grant = signed(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    other = somebody(world)
    the_same(world, other, ann)
    again = register(world, question(world, other, film, shot="S-2"))
    world.make(f"/v1/uses/{again.json()['id']}/lock", "studio")
    assert ledger_of(world, again.json(), "studio") == {}
    sale = sell(world, film)
    world.now = AFTER
    answer = {"sale": sale["id"], "answer": "yes"}
    world.post(f"/v1/grants/{grant['id']}/passing-on", ann, answer, **key())
    bought = register(world, question(world, ann, film, shot="S-3"), "rival").json()
    world.make(f"/v1/uses/{bought['id']}/lock", "rival")
    assert ledger_of(world, bought, "rival") == {}
    world.now = None


def test_what_comes_to_more_than_can_be_kept_is_refused(world: World) -> None:
    ann, film = somebody(world), picture(world)
    much = {"amount": "999999999999.00", "currency": "USD"}
    signed(world, ann, film, pay={"kind": "per_use", "amount": much})
    answer = register(world, question(world, ann, film, quantity={"uses": 1_000_000}))
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "This comes to more than can be kept. Nothing was recorded.",
    )


def test_what_was_paid_to_another_record_of_the_same_person_is_not_left(world: World) -> None:
    ann, use = locked(world)
    other, line = somebody(world), line_of(world, use)
    the_same(world, other, ann)
    paid(world, other, line)
    payroll = f"/v1/works/{line['work_id']}/payroll"
    (row,) = world.get(payroll, "studio").json()["data"]
    assert (row["left"]["amount"], row["state"]) == ("0.00", "said_paid")


def test_a_lower_count_after_the_lock_takes_nothing_off_until_the_performer_agrees(
    world: World,
) -> None:
    ann, film = under_contract(world)
    days(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    lower = days(world, ann, film, "1")
    assert ledger_of(world, use, ann)["days"]["amount"]["amount"] == "3849.00"
    assert ledger_of(world, use, ann)["contribution"]["amount"]["amount"] == "808.29"
    world.make(f"/v1/estimates/{lower['id']}/agreement", ann)
    assert ledger_of(world, use, ann)["days"]["amount"]["amount"] == "1283.00"
