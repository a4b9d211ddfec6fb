"""Our canonical JSON is RFC 8785 wherever it gives an answer at all."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.rules.proofs.canonical import canonical

DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_the_bytes_are_those_of_the_reference(document: Any) -> None:  # noqa: ANN401 - any JSON
    assert canonical(document) == rfc8785.dumps(document)


def test_members_are_sorted_by_utf16_and_not_by_code_point() -> None:
    document = {"\U0001f600": 1, "\ufb33": 2, "€": 3, "a": 4}
    assert canonical(document) == rfc8785.dumps(document)
    assert canonical(document) == '{"a":4,"€":3,"\U0001f600":1,"\ufb33":2}'.encode()


def test_a_tuple_is_a_list() -> None:
    assert canonical({"a": ("b", None, True)}) == b'{"a":["b",null,true]}'


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(1.0, id="a float"),
        pytest.param(2**53, id="beyond what others read exactly"),
        pytest.param(-(2**53), id="beyond it on the other side"),
        pytest.param("\ud800", id="a lone surrogate"),
        pytest.param({"\udfff": 1}, id="a lone surrogate in a name"),
        pytest.param({1: 2}, id="a name that is no string"),
        pytest.param({"a": {1, 2}}, id="a set"),
        pytest.param(b"a", id="bytes"),
    ],
)
def test_what_has_no_single_encoding_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"canonical form|beyond 2\^53-1|must be a string"):
        canonical(document)
