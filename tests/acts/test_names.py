"""A code names one record, also when two acts want it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.support.inprocess import World

_NUMBER = count()


def test_one_of_many_gets_a_code_and_the_others_learn_which_record_has_it(world: World) -> None:
    body = {"kind": "film", "title": "Wanted", "ref": f"house:WANTED-{next(_NUMBER)}"}
    world.token("studio")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.post("/v1/works", "studio", body), range(8)))
    made = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(made) == 1
    assert {answer.status_code for answer in refused} == {409}
    assert {answer.json()["id"] for answer in refused} == set(made)


def test_one_sign_in_is_one_person(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/users"
    body = {
        "role": "studio_finance",
        "issuer": "https://id.example",
        "subject": f"same-{next(_NUMBER)}",
    }
    world.token("studio")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: world.post(path, "studio", body), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


def test_half_a_sign_in_is_none(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/users"
    half = {"role": "studio_finance", "issuer": "https://id.example"}
    assert world.post(path, "studio", half).json()["errors"][0]["pointer"] == "/subject"
