"""What people write about people is in the part of a payload that can be erased."""

from typing import Any

from sqlalchemy import text

from tests.api.consents import cleared, key, picture, signed, somebody, veto
from tests.support.inprocess import World

CANARY = "Canary Personne"


def test_the_words_of_people_are_in_no_part_that_stays(world: World) -> None:
    name, film = somebody(world, member=True), picture(world)
    grant, use = signed(world, name, film), cleared(world, name, film)
    said = {"words": f"{CANARY} never agreed."}
    world.make(f"/v1/uses/{use['id']}/dispute", name, said)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    (owed,) = world.get(f"/v1/dues?use={use['id']}", "studio").json()["data"]
    sent: dict[str, Any] = {
        "performer": world.ids[name],
        "reference": CANARY,
        "paid_on": "2026-11-20",
    }
    sent |= {"lines": [{"due": owed["id"], "amount": owed["left"], "because": CANARY}]}
    payment = world.post("/v1/payments", "studio", sent, **key()).json()["id"]
    no = {"answer": "no", "words": f"{CANARY} has nothing."}
    world.make(f"/v1/payments/{payment}/receipt", name, no)
    world.make(f"/v1/dues/{owed['id']}/dispute", name, {"words": f"{CANARY} was owed more."})
    made = veto(world, {"performer": world.ids[name]}).json()["id"]
    world.make(f"/v1/vetoes/{made}/appeal", name, {"argument": f"{CANARY} was asked."})
    path = f"/v1/grants/{grant['id']}/revocation"
    told = world.post(path, name, {"reason": f"{CANARY} told me to."}, **key())
    assert told.status_code == 200, told.text
    order = {"reference": f"{CANARY} v. Studio", "performer": world.ids[name]}
    world.make("/v1/court-orders", "office", order)
    period = {"starts_on": "2026-07-01", "until": "2026-10-01"}
    money = {"amount": "100.00", "currency": "USD"}
    paid = {"title": "Saga", "market": "airlines", **period, "gross": money, "issuer": CANARY}
    paid |= {"reference": f"for {CANARY}", "issued_on": "2026-10-30"}
    world.make("/v1/residual-statements", name, paid)
    base: dict[str, Any] = {
        "work": world.ids[film],
        "performer": world.ids[name],
        "base": "receipts",
        **period,
    }
    base |= {"amount": money, "reporter": CANARY, "reported_on": "2026-10-30"}
    report = world.make("/v1/base-reports", "studio", base)["id"]
    world.make(f"/v1/base-reports/{report}/dispute", name, {"words": f"{CANARY} says no."})
    for line in world.get("/v1/agreements", "office").json()["data"]:
        rates = world.get(f"/v1/agreements/{line['id']}", "office").json()["rates"]
        if rates:
            row = {"pack": line["name"], "row": rates[0]["id"], "by": CANARY, "source": "p. 3"}
            assert world.make("/v1/agreements/verifications", "office", row)["by"] == CANARY
            break
    asked = text("SELECT part, body FROM log_payload")
    with world.app.state.registry.store.reads.connect() as connection:
        parts = {part for part, body in connection.execute(asked) if CANARY.encode() in bytes(body)}
        kept = connection.execute(text('SELECT "by" FROM verification')).scalars().all()
    assert parts == {"who"}
    assert kept == [world.people["office"]]
