import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.store.engine import Problem, Recorded, Refused, Store, Tx, forget_keys
from tests.store.acting import NOON, Someone, body, count, do, record_performer


def test_the_same_request_gets_the_same_bytes_and_is_done_once(store: Store) -> None:
    first = do(store, record_performer, key="k")
    again = do(store, record_performer, key="k")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers == {**first.headers, "Idempotent-Replayed": "true"}
    assert again.replayed
    assert not first.replayed
    assert count(store, "performer") == (1,)


def test_another_body_under_the_same_key_is_wrong(store: Store) -> None:
    do(store, record_performer, key="k")
    with pytest.raises(Problem) as problem:
        do(store, record_performer, key="k", fingerprint="other")
    assert (problem.value.status, problem.value.slug) == (422, "idempotency-key-reused")
    assert count(store, "performer") == (1,)


def test_a_key_belongs_to_its_actor(store: Store) -> None:
    do(store, record_performer, key="k")
    other = do(store, record_performer, key="k", actor=Someone(id="usr_2"))
    assert not other.replayed
    assert count(store, "performer") == (2,)


def test_a_refusal_replays(store: Store) -> None:
    def refused(_: Tx) -> Refused:
        return Refused(())

    first = do(store, refused, key="k")
    again = do(store, record_performer, key="k")
    assert (again.status, again.body) == (409, first.body)
    assert count(store, "ask") == (1,)


@pytest.mark.parametrize("status", [409, 422])
def test_a_problem_that_stays_true_replays(store: Store, status: int) -> None:
    def wrong(_: Tx) -> Recorded:
        raise Problem(status, "wrong", "it is wrong")

    first = do(store, wrong, key="k")
    again = do(store, record_performer, key="k")
    assert (again.status, again.body) == (status, first.body)
    assert again.replayed


@pytest.mark.parametrize("status", [404, 412, 403])
def test_a_problem_that_may_pass_does_not(store: Store, status: int) -> None:
    def wrong(_: Tx) -> Recorded:
        raise Problem(status, "wrong", "not now")

    with pytest.raises(Problem):
        do(store, wrong, key="k")
    assert do(store, record_performer, key="k").status == 201


def test_a_key_is_kept_for_seven_days(store: Store) -> None:
    do(store, record_performer, key="k", now=NOON)
    last = NOON + timedelta(days=7)
    assert do(store, record_performer, key="k", now=last).replayed
    assert not do(store, record_performer, key="k", now=last + timedelta(microseconds=1)).replayed
    assert count(store, "performer") == (2,)


def test_old_keys_are_forgotten(store: Store) -> None:
    do(store, record_performer, key="old", now=NOON - timedelta(days=400))
    do(store, record_performer, key="new")
    forget_keys(store)
    assert count(store, "idempotency_key") == (1,)


def test_two_requests_at_once_are_done_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: do(store, record_performer, key="k"), range(8)))
    assert len({answer.body for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert count(store, "performer") == (1,)


def test_a_second_request_does_not_wait_for_ever(store: Store) -> None:
    at_work, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> Recorded:
        at_work.set()
        go_on.wait(10)
        return record_performer(tx)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(do, store, slow, key="k")
        at_work.wait(10)
        with pytest.raises(Problem) as problem:
            do(store, record_performer, key="k")
        go_on.set()
        assert (problem.value.status, problem.value.slug) == (409, "idempotency-in-progress")
        assert problem.value.headers["Retry-After"]
        assert do(store, record_performer, key="k").body == first.result().body
    assert body(first.result())["log_index"] == 0


def test_a_key_whose_act_failed_is_free(store: Store) -> None:
    def broken(_: Tx) -> Recorded:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        do(store, broken, key="k")
    assert do(store, record_performer, key="k").status == 201
