"""Standard identifiers: one spelling each, and a wrong digit is told."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from app.registrar.identifiers import normal

EIDR = "10.5240/7791-8534-2C23-9030-8610-5"
HAND = "10.23/B77C-A6A1-D3E8-1E13-D6C7"


@pytest.mark.parametrize(
    ("system", "given_", "kept"),
    [
        pytest.param("eidr", EIDR, EIDR, id="an EIDR"),
        pytest.param("eidr", EIDR.replace("-", ""), EIDR, id="bare"),
        pytest.param("eidr", f" https://doi.org/{EIDR.lower()} ", EIDR, id="as a link"),
        pytest.param("eidr", f"doi:{EIDR}", EIDR, id="as a DOI"),
        pytest.param(
            "eidr",
            "10.5240/EA73-79D7-1B2B-B378-3A73-M",
            "10.5240/EA73-79D7-1B2B-B378-3A73-M",
            id="a letter for a check digit",
        ),
        pytest.param("hand", HAND, HAND, id="a HAND id"),
        pytest.param("hand", HAND.lower().replace("-", ""), HAND, id="a HAND id without hyphens"),
        pytest.param("isan", "0000-0000-D07A-0090-Q", "0000-0000-D07A-0090-Q", id="an ISAN"),
        pytest.param(
            "isan",
            "ISAN 0000-0000-d07a-0090-q-0000-0000-x",
            "0000-0000-D07A-0090-Q-0000-0000-X",
            id="a V-ISAN with its label",
        ),
        pytest.param(
            "isan",
            "URN:ISAN:1881-66C7-3420-6541-Y-9F3A-0245-O",
            "1881-66C7-3420-6541-Y-9F3A-0245-O",
            id="a V-ISAN as a URN",
        ),
        pytest.param("isni", "0000 0001 2281 955x", "000000012281955X", id="an ISNI"),
        pytest.param(
            "isni", "https://isni.org/isni/000000012281955X", "000000012281955X", id="an ISNI link"
        ),
        pytest.param("imdb", "NM0000151", "nm0000151", id="an IMDb name"),
        pytest.param("imdb", "tt0111161", "tt0111161", id="an IMDb title"),
    ],
)
def test_one_identifier_has_one_spelling(system: str, given_: str, kept: str) -> None:
    assert normal(system, given_) == kept
    assert normal(system, kept) == kept


@pytest.mark.parametrize(
    ("system", "given_", "said"),
    [
        pytest.param("eidr", EIDR[:-1] + "6", "check digit of the EIDR", id="EIDR, wrong digit"),
        pytest.param("eidr", "10.5239" + EIDR[7:], "starts with `10.5240/`", id="not EIDR's DOI"),
        pytest.param("eidr", EIDR[:-2], "is no EIDR", id="EIDR without its digit"),
        pytest.param("eidr", EIDR.replace("7791-8534", "77918-534"), "is no EIDR", id="regrouped"),
        pytest.param("eidr", EIDR.replace("7791", "779G"), "is no EIDR", id="not hexadecimal"),
        pytest.param("hand", HAND[:-1], "is no HAND id", id="HAND id, too short"),
        pytest.param("hand", HAND.replace("B77C-", "B77-C"), "is no HAND id", id="HAND, regrouped"),
        pytest.param("hand", EIDR, "starts with `10.23/`", id="an EIDR for a HAND id"),
        pytest.param("isan", "0000-0000-D07A-0090-R", "check digit of the ISAN", id="ISAN, wrong"),
        pytest.param(
            "isan",
            "0000-0000-D07A-0090-Q-0000-0000-Y",
            "check digit of the ISAN",
            id="V-ISAN, wrong",
        ),
        pytest.param("isan", "0000-0000-D07A-0090", "is no ISAN", id="ISAN without its digit"),
        pytest.param("isni", "0000000122819551", "check digit of the ISNI", id="ISNI, wrong digit"),
        pytest.param("isni", "00000001228195", "is no ISNI", id="ISNI, too short"),
        pytest.param("imdb", "tt12", "is no IMDb id", id="IMDb, too short"),
        pytest.param("orcid", "0", "is none of hand, eidr, isan, isni, imdb", id="no such system"),
        pytest.param("eidr", "", "starts with", id="nothing"),
    ],
)
def test_what_is_no_identifier_is_refused_in_words(system: str, given_: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        normal(system, given_)


@given(
    st.text("0123456789ABCDEF", min_size=20, max_size=20),
    st.integers(0, 19),
    st.sampled_from("0123456789ABCDEF"),
)
def test_any_single_slip_in_an_eidr_is_noticed(digits: str, at: int, slip: str) -> None:
    right = digits + mod_37_36.calc_check_digit(digits)
    wrong = right[:at] + slip + right[at + 1 :]
    assert normal("eidr", f"10.5240/{right}").replace("-", "") == f"10.5240/{right}"
    if wrong != right:
        with pytest.raises(ValueError, match="check digit"):
            normal("eidr", f"10.5240/{wrong}")


@given(st.sampled_from(["hand", "eidr", "isan", "isni", "imdb"]), st.text())
def test_whatever_is_typed_is_an_identifier_or_refused(system: str, typed: str) -> None:
    with suppress(ValueError):
        assert normal(system, normal(system, typed))
