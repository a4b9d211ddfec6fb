"""What every route does alike: bodies, problems, headers, keys, pages, and the order of events."""

import io
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi import Request, Response
from pydantic import Field
from sqlalchemy.exc import DataError

from app.api import edge
from app.api.deps import Caller, IfMatch, Reads, act, api_router, etag, policy, preview, respond
from app.api.models import Day, In, Instant, Label, MoneyField, Name, Words, wire_instant
from app.api.pagination import Page, paged
from app.registrar.problems import PROBLEMS, must_match, problem, wrong
from app.rules.decoding import MAX_DEPTH
from app.rules.reasons import make
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Busy, Recorded, Refused, Tx
from tests.access.conftest import Served, serving

router = api_router("fake")


class BodyIn(In):
    name: Name
    label: Label | None = None
    words: Words | None = None
    at: Instant | None = None
    on: Day | None = None
    pay: MoneyField | None = None
    count: int = 0
    parts: list["BodyIn"] = Field(default=[])


@router.post("/v1/fake/echo", **policy("performers.match"))
def echo(body: BodyIn, caller: Caller) -> Response:
    assert caller.id
    return respond(body.model_dump(mode="json"))


@router.post("/v1/fake/act/{outcome}", **policy("works.record"))
def do(request: Request, outcome: str, body: BodyIn, caller: Caller) -> Response:
    def fn(tx: Tx) -> Recorded | Refused:
        heads.take(tx, lambda _: Heads())
        if outcome == "refused":
            return Refused((make("A_IDENTITY"),))
        if outcome == "busy":
            raise Busy("held by another")
        if outcome == "wrong":
            raise wrong("/name", "unfit", "It does not fit.")
        if outcome == "bug":
            raise ZeroDivisionError(body.name)
        if outcome == "data":
            raise DataError("statement", None, ValueError("out of range"))
        log.begin(tx)
        row = rows.insert(tx, "principal", id=ids.mint("usr"), kind="user", role="auditor")
        log.append(tx, "principal.added", caller.role, subjects=())
        return Recorded(
            {"id": row["id"], "name": body.name, "now": wire_instant(tx.now)},
            location=f"/v1/fake/{row['id']}",
            etag=etag(1),
        )

    return preview(request, caller, fn) if outcome == "preview" else act(request, caller, fn)


@router.patch("/v1/fake/version", **policy("works.change"))
def change(read: IfMatch, caller: Caller) -> Response:
    must_match(read, 3)
    return respond({"id": caller.id})


@router.post("/v1/fake/empty", **policy("works.record"))
def empty(caller: Caller) -> Response:
    return respond({"id": caller.id})


@router.get("/v1/fake/list", **policy("works.list"))
def listed(request: Request, page: Page, session: Reads, kind: str | None = None) -> Response:
    found = rows.page(session, "principal", before=page.before, limit=page.fetch)
    return paged(request, page, [{"id": row["id"], "kind": kind} for row in found])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("conventions"), router) as one:
        one.headers = one.bearer(one.principal("studio_clearance"))
        yield one


def post(
    served: Served, raw: bytes | str, path: str = "/v1/fake/echo", **more: str
) -> httpx2.Response:
    headers = served.headers | {"Content-Type": "application/json"} | more
    content = raw.encode() if isinstance(raw, str) else raw
    return served.http.post(path, content=content, headers=headers)


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param('{"name":NaN}', "not-a-number", id="NaN"),
        pytest.param('{"name":-Infinity}', "not-a-number", id="Infinity"),
        pytest.param('{"count":1e999}', "number-too-large", id="a power beyond"),
        pytest.param('{"name":"\\ud800"}', "unstorable-text", id="a lone surrogate"),
        pytest.param('{"\\udfff":1}', "unstorable-text", id="a lone surrogate in a name"),
        pytest.param('{"name":"a\\u0000"}', "unstorable-text", id="U+0000"),
        pytest.param('{"count":9007199254740992}', "integer-too-large", id="2^53"),
        pytest.param('{"count":-9007199254740992}', "integer-too-large", id="-2^53"),
        pytest.param('{"count":' + "9" * 5000 + "}", "integer-too-large", id="5000 digits"),
        pytest.param('{"name":"a","name":"b"}', "duplicate-name", id="a name twice"),
        pytest.param('{"a":{"b":1,"b":1}}', "duplicate-name", id="a name twice inside"),
        pytest.param('{"a":' + nested(MAX_DEPTH) + "}", "too-deep", id="33 levels"),
        pytest.param(nested(100_000), "too-deep", id="100,000 levels"),
        pytest.param("{", "not-json", id="half an object"),
        pytest.param('{"a":1}{', "not-json", id="more than one value"),
        pytest.param('{"a":"\t"}', "not-json", id="a bare tab"),
        pytest.param("\ufeff{}", "not-json", id="a byte order mark"),
        pytest.param(b'{"name":"\xff"}', "not-utf-8", id="no UTF-8"),
        pytest.param('{"a":1}'.encode("utf-16"), "not-utf-8", id="UTF-16"),
    ],
)
def test_what_cannot_be_read_is_400_and_says_why(
    served: Served, raw: bytes | str, code: str
) -> None:
    answer = post(served, raw)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/problems/malformed-json")
    assert answer.json()["errors"][0]["code"] == code


def test_the_place_of_unstorable_text_is_said(served: Served) -> None:
    answer = post(served, '{"parts":[{"name":"a"},{"na/me":"\\u0000"}]}')

    assert answer.json()["errors"][0]["pointer"] == "/parts/1/na~1me"


def test_the_largest_integer_and_the_deepest_nesting_are_read(served: Served) -> None:
    deepest = '{"name":"a","count":9007199254740991}'
    for _ in range(MAX_DEPTH // 2 - 1):
        deepest = f'{{"name":"a","parts":[{deepest}]}}'

    assert post(served, deepest).status_code == 200


def test_an_empty_body_is_400(served: Served) -> None:
    assert post(served, "").status_code == 400


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=UTF-8", 200),
        ("APPLICATION/JSON", 200),
        ("application/json; charset=latin-1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/xml", 415),
        ("", 415),
        ("json", 415),
    ],
)
def test_a_body_is_json_in_utf8(served: Served, sent: str, status: int) -> None:
    answer = post(served, '{"name":"a"}', **{"Content-Type": sent})

    assert answer.status_code == status


def test_a_body_without_a_type_is_415(served: Served) -> None:
    answer = served.http.post("/v1/fake/echo", content=b'{"name":"a"}', headers=served.headers)

    assert answer.status_code == 415


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 30 * 1024 * 1024])
def test_a_body_is_at_most_one_mebibyte(served: Served, size: int) -> None:
    answer = post(served, b'"' + b"x" * (size - 2) + b'"')

    assert answer.status_code == 413
    assert answer.json()["type"].endswith("/problems/payload-too-large")


def test_a_body_in_chunks_is_cut_at_the_same_size(served: Served) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 1024 * 1024
            # No more than the second piece is ever read.

    answer = served.http.post(
        "/v1/fake/echo",
        content=endless(),
        headers=served.headers | {"Content-Type": "application/json"},
    )

    assert answer.status_code == 413


def test_a_route_without_a_body_takes_none(served: Served) -> None:
    assert post(served, "", "/v1/fake/empty").status_code == 200
    assert post(served, "{}", "/v1/fake/empty").status_code == 200
    assert post(served, '{"a":1}', "/v1/fake/empty").status_code == 422
    assert post(served, "NaN", "/v1/fake/empty").status_code == 400


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        pytest.param({}, "/name", "missing", id="missing"),
        pytest.param({"name": "a", "nmae": 1}, "/nmae", "extra-forbidden", id="misspelt"),
        pytest.param({"name": 1}, "/name", "string-type", id="a number for a text"),
        pytest.param({"name": ""}, "/name", "string-too-short", id="empty"),
        pytest.param({"name": "x" * 201}, "/name", "string-too-long", id="too long"),
        pytest.param({"name": "a", "count": "1"}, "/count", "int-type", id="a text for a number"),
        pytest.param({"name": "a", "count": True}, "/count", "int-type", id="true for a number"),
        pytest.param({"name": "a", "count": 1.5}, "/count", "int-type", id="a fraction"),
        pytest.param({"name": "a\u202eb"}, "/name", "value-error", id="reversed text"),
        pytest.param({"name": "a\u200bb"}, "/name", "value-error", id="zero width"),
        pytest.param({"name": "a\u001bb"}, "/name", "value-error", id="escape"),
        pytest.param({"name": "a\nb"}, "/name", "value-error", id="two lines"),
        pytest.param({"name": " a"}, "/name", "value-error", id="space before"),
        pytest.param({"name": "a", "words": "a\u2066b"}, "/words", "value-error", id="isolate"),
        pytest.param({"name": "a", "at": "2026-11-21T12:00:00"}, "/at", "value-error", id="local"),
        pytest.param({"name": "a", "at": "2026-11-21"}, "/at", "value-error", id="only a day"),
        pytest.param({"name": "a", "at": 1795307223}, "/at", "value-error", id="seconds"),
        pytest.param(
            {"name": "a", "at": "0001-01-01T00:00:00+14:00"}, "/at", "value-error", id="year 0"
        ),
        pytest.param(
            {"name": "a", "at": "2026-11-21T24:30:00Z"}, "/at", "value-error", id="no such hour"
        ),
        pytest.param({"name": "a", "on": "2026-02-30"}, "/on", "value-error", id="no such day"),
        pytest.param({"name": "a", "on": "20260230"}, "/on", "value-error", id="another form"),
        pytest.param(
            {"name": "a", "pay": {"amount": 1200, "currency": "USD"}},
            "/pay/amount",
            "string-type",
            id="a number for money",
        ),
        pytest.param(
            {"name": "a", "pay": {"amount": "1.001", "currency": "USD"}},
            "/pay",
            "value-error",
            id="a tenth of a cent",
        ),
        pytest.param(
            {"name": "a", "pay": {"amount": "-1.00", "currency": "USD"}},
            "/pay/amount",
            "string-pattern-mismatch",
            id="negative",
        ),
        pytest.param(
            {"name": "a", "parts": [{"name": "a"}, {}]}, "/parts/1/name", "missing", id="inside"
        ),
    ],
)
def test_what_is_wrong_is_422_and_names_the_field(
    served: Served, body: dict[str, object], pointer: str, code: str
) -> None:
    answer = post(served, json.dumps(body))

    assert answer.status_code == 422
    document = answer.json()
    assert document["type"].endswith("/problems/validation-failed")
    assert [(e["pointer"], e["code"]) for e in document["errors"]] == [(pointer, code)]
    assert document["detail"].endswith("Nothing was recorded.")
    assert document["trace_id"] == answer.headers["x-request-id"]


def test_every_wrong_field_is_named_at_once(served: Served) -> None:
    answer = post(served, '{"count":"x","at":"x","extra":1}')

    found = {error["pointer"] for error in answer.json()["errors"]}
    assert found == {"/name", "/count", "/at", "/extra"}


def test_a_body_that_is_no_object_is_422(served: Served) -> None:
    for raw in ("[]", "1", '"a"', "null", "true"):
        assert post(served, raw).status_code == 422, raw


def test_names_are_kept_in_nfc_and_words_byte_for_byte(served: Served) -> None:
    decomposed = unicodedata.normalize("NFD", "Zoë")

    answer = post(served, json.dumps({"name": decomposed, "words": f"{decomposed}\n\t"})).json()

    assert answer["name"] == "Zoë"
    assert answer["words"] == f"{decomposed}\n\t"


def test_instants_come_back_in_utc_with_six_digits(served: Served) -> None:
    body = {
        "name": "a",
        "at": "2026-11-21T12:00:00.5+02:00",
        "on": "2026-11-21",
        "pay": {"amount": "1200.5", "currency": "USD"},
    }

    answer = post(served, json.dumps(body)).json()

    assert (answer["at"], answer["on"]) == ("2026-11-21T10:00:00.500000Z", "2026-11-21")


def test_a_request_is_named_by_its_sender_or_by_us(served: Served) -> None:
    named = served.http.get("/healthz", headers={"X-Request-ID": "render-17.4"})
    unnamed = served.http.get("/healthz")
    evil = [b"a b", b"a\tb", b"x" * 129, b"\xff", b"<script>", b""]

    assert named.headers["x-request-id"] == "render-17.4"
    assert len(unnamed.headers["x-request-id"]) == 32
    for sent in evil:
        answer = served.http.get("/healthz", headers=[(b"X-Request-ID", sent)])
        assert answer.headers["x-request-id"].isalnum(), sent


def test_every_reply_says_that_it_is_not_to_be_sniffed_or_kept(served: Served) -> None:
    for path in ("/v1/fake/list", "/nowhere", "/healthz"):
        answer = served.http.get(path, headers=served.headers)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "OPTIONS", "HEAD", "BREW"])
def test_another_method_is_405_and_the_right_ones_are_said(served: Served, method: str) -> None:
    answer = served.http.request(method, "/v1/fake/list", headers=served.headers)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"


def test_a_method_in_a_header_is_no_method(served: Served) -> None:
    headers = served.headers | {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}

    assert served.http.get("/v1/fake/list", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "limit=1&limit=2",
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=1e2",
        "kind=a&kind=b",
        "sort=name",
        "kind=%00",
        "kind=%ff",
        "cursor=",
        "cursor=AAAA",
        "cursor=" + "A" * 401,
        "&".join(f"a{n}=1" for n in range(100)),
    ],
)
def test_a_query_that_means_nothing_is_refused(served: Served, query: str) -> None:
    answer = served.http.get(f"/v1/fake/list?{query}", headers=served.headers)

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_path_that_cannot_be_one_is_404(served: Served) -> None:
    for path in ("/v1/fake/act/%00", "/v1/fake/%ff", "/v1/%2e%2e/x", "/v1/fake/act/a%2fb/c"):
        answer = served.http.post(path, headers=served.headers, json={"name": "a"})
        assert answer.status_code == 404, path


def test_an_act_answers_with_what_it_recorded(served: Served) -> None:
    answer = post(served, '{"name":"a"}', "/v1/fake/act/done")

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/fake/{body['id']}"
    assert answer.headers["etag"] == '"v1"'
    assert isinstance(body["log_index"], int)


def test_the_same_key_does_it_once_and_answers_twice(served: Served) -> None:
    def send(body: str, key: str) -> httpx2.Response:
        return post(served, body, "/v1/fake/act/done", **{"Idempotency-Key": key})

    first, second = send('{"name":"a"}', "k-1"), send('{"name":"a"}', "k-1")
    other = send('{"name":"b"}', "k-1")

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["location"] == second.headers["location"]
    assert second.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert other.status_code == 422


def test_a_refusal_says_every_reason_and_what_was_saved(served: Served) -> None:
    answer = post(served, '{"name":"a"}', "/v1/fake/act/refused", **{"Idempotency-Key": "k-2"})
    again = post(served, '{"name":"a"}', "/v1/fake/act/refused", **{"Idempotency-Key": "k-2"})

    body = answer.json()
    assert answer.status_code == 409
    assert [reason["code"] for reason in body["reasons"]] == ["A_IDENTITY"]
    assert body["detail"].endswith("Nothing was recorded except that you asked.")
    assert body["id"].startswith("ask_")
    assert again.content == answer.content


def test_a_preview_answers_and_leaves_no_trace(served: Served) -> None:
    def size() -> int:
        with served.app.state.registry.store.reads.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM log_entry").scalar_one())

    before = size()
    answer = post(served, '{"name":"a"}', "/v1/fake/act/preview")

    assert answer.status_code == 200
    assert size() == before


@pytest.mark.parametrize(
    ("outcome", "status", "slug"),
    [
        ("busy", 503, "busy"),
        ("wrong", 422, "validation-failed"),
        ("bug", 500, "internal"),
        ("data", 422, "validation-failed"),
    ],
)
def test_what_goes_wrong_in_an_act_is_a_problem(
    served: Served, outcome: str, status: int, slug: str
) -> None:
    answer = post(served, '{"name":"canary"}', f"/v1/fake/act/{outcome}")

    assert answer.status_code == status
    assert answer.json()["type"].endswith(f"/problems/{slug}")
    assert answer.json()["trace_id"] == answer.headers["x-request-id"]
    assert "canary" not in answer.text
    assert ("retry-after" in answer.headers) == (status == 503)


def test_the_clock_can_be_set_in_tests_and_nowhere_else(served: Served, tmp_path: Path) -> None:
    then = {"Consent-Registry-Now": "2031-01-01T00:00:00Z"}
    now = post(served, '{"name":"a"}', "/v1/fake/act/preview", **then).json()["now"]
    assert now == "2031-01-01T00:00:00.000000Z"
    bad = post(served, '{"name":"a"}', "/v1/fake/act/preview", **{"Consent-Registry-Now": "x"})
    assert bad.status_code == 422

    with serving(tmp_path, router, environment="demo") as demo:
        headers = demo.bearer(demo.principal("studio_clearance")) | then
        answer = demo.http.post("/v1/fake/act/preview", json={"name": "a"}, headers=headers)
        assert answer.json()["now"] < "2031"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ('"v3"', 200),
        ('"v2", "v3"', 200),
        ('"v2"', 412),
        ('W/"v3"', 412),
        ("v3", 412),
        ("*", 412),
        ('"v99999999999999999999"', 412),
        ("", 412),
    ],
)
def test_what_was_read_must_be_what_is_there(served: Served, sent: str, status: int) -> None:
    answer = served.http.patch("/v1/fake/version", headers=served.headers | {"If-Match": sent})

    assert answer.status_code == status


def test_pages_hold_every_row_once_and_end(served: Served) -> None:
    for _ in range(5):
        served.principal("auditor")
    seen: list[str] = []
    url: str | None = "/v1/fake/list?limit=2&kind=a%20b"
    while url is not None:
        answer = served.http.get(url, headers=served.headers)
        assert answer.status_code == 200, answer.text
        seen += [row["id"] for row in answer.json()["data"]]
        link = answer.headers.get("link")
        assert (link is None) == (answer.json()["next_cursor"] is None)
        url = link and link[1 : link.index(">")].removeprefix("http://localhost:8000")

    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) >= 6


def test_a_cursor_is_good_for_its_own_list_filter_and_reader_only(served: Served) -> None:
    served.principal("auditor")
    cursor = served.http.get("/v1/fake/list?limit=1", headers=served.headers).json()["next_cursor"]
    other = served.bearer(served.principal("studio_clearance"))

    def status(query: str, headers: dict[str, str]) -> int:
        return int(served.http.get(f"/v1/fake/list?{query}", headers=headers).status_code)

    assert status(f"limit=1&cursor={cursor}", served.headers) == 200
    assert status(f"limit=2&cursor={cursor}", served.headers) == 200
    assert status(f"kind=b&cursor={cursor}", served.headers) == 400
    assert status(f"limit=1&cursor={cursor}", other) == 400
    assert status(f"limit=1&cursor={cursor}=", served.headers) == 400
    assert status(f"limit=1&cursor=A{cursor[1:]}", served.headers) == 400


def test_problems_and_reasons_explain_themselves_at_their_address(served: Served) -> None:
    for slug, (status, title) in PROBLEMS.items():
        page = served.http.get(f"/problems/{slug}")
        assert (page.json()["status"], page.json()["title"]) == (status, title)
    assert served.http.get("/reasons/D_UNION_VETO").json()["outcome"] == "deny"
    html = served.http.get("/reasons/D_UNION_VETO", headers={"Accept": "text/html"})
    assert html.headers["content-type"].startswith("text/html")
    assert "script" not in html.text
    for unknown in ("/problems/x", "/reasons/<script>", "/reasons/x"):
        assert served.http.get(unknown).status_code == 404


def test_no_value_starts_a_line_of_the_log() -> None:
    file = io.StringIO()
    edge.logger("info", file).info("event", value='a\r\nb\u2028\u001b["forged": 1]')

    lines = file.getvalue().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["value"].startswith("a\r\nb")
    assert lines[0].isascii()


def test_the_log_names_the_route_and_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(tmp_path, router, log_level="info") as one:
        headers = one.bearer(one.principal("studio_clearance"))
        one.http.post("/v1/fake/act/canary-path", json={"name": "canary"}, headers=headers)
        one.http.post("/v1/fake/act/bug", json={"name": "canary"}, headers=headers)

        said = capsys.readouterr().err
        events = [json.loads(line) for line in said.splitlines()]
        assert [event["event"] for event in events[-3:]] == ["request", "fault", "request"]
        assert events[-1]["route"] == "/v1/fake/act/{outcome}"
        assert "canary" not in said
        assert headers["Authorization"].split()[1] not in said


def test_a_problem_has_a_slug_of_the_table() -> None:
    with pytest.raises(KeyError):
        problem("no-such-slug", "")
