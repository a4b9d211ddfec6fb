from uuid import UUID

import pytest

from app.store import ids

# Source: the TypeID specification's alphabet, Crockford's base 32 in lower case.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid_of(id_: str) -> UUID:
    """The UUID inside an id, read by the specification alone."""
    number = 0
    for letter in id_.rpartition("_")[2]:
        number = number << 5 | ALPHABET.index(letter)
    return UUID(int=number)


def test_an_id_says_what_it_is_and_holds_a_uuid_of_version_7() -> None:
    made = ids.mint("grant")
    prefix, letters = made.split("_")
    assert (prefix, len(letters)) == ("grant", 26)
    assert uuid_of(made).version == 7


@pytest.mark.parametrize(
    ("letters", "uuid"),
    [
        # Source: the TypeID specification's own table of valid examples.
        ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
        ("00000000000000000000000001", "00000000-0000-0000-0000-000000000001"),
        ("0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"),
        ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ("0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19"),
        ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ],
)
def test_ids_are_written_as_the_specification_says(letters: str, uuid: str) -> None:
    assert uuid_of(f"use_{letters}") == UUID(uuid)


def test_later_ids_sort_after_earlier_ones() -> None:
    made = [ids.mint("check") for _ in range(2_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("grant", id="no letters"),
        pytest.param("grant_", id="none after the prefix"),
        pytest.param("nobody_01h455vb4pex5vsknk084sn02q", id="unknown prefix"),
        pytest.param("grant_01H455VB4PEX5VSKNK084SN02Q", id="upper case"),
        pytest.param("grant_01h455vb4pex5vsknk084sn02", id="too short"),
        pytest.param("grant_01h455vb4pex5vsknk084sn02qq", id="too long"),
        pytest.param("grant_81h455vb4pex5vsknk084sn02q", id="too large"),
        pytest.param("grant_01h455vb4pex5vsknk084sn02u", id="a letter that is not used"),
    ],
)
def test_what_is_no_id_is_none(text: str) -> None:
    assert not ids.is_id(text)


def test_an_id_of_another_kind_is_not_this_one() -> None:
    made = ids.mint("use")
    assert ids.is_id(made)
    assert ids.is_id(made, "use", "veto")
    assert not ids.is_id(made, "veto")


def test_a_prefix_that_is_not_in_the_table_is_a_bug() -> None:
    with pytest.raises(ValueError, match="unknown prefix"):
        ids.mint("nobody")
