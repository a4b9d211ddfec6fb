"""The published conformance vectors, put to the rules in process."""

from pathlib import Path

import pytest

from app.agreements import load_packs
from app.conformance.files import load
from app.rules.facts import Document
from app.rules.vectors import answered, merged, missing_packs, run_vector

VECTORS = load(Path(__file__).parents[1] / "vectors")
PACKS = load_packs()

# Cases that the first release promises, with every part of them that a table row tells.
PROMISED = {
    "S01",
    "S02",
    "S03",
    "S05",
    "S08",
    "S09",
    "S11.2026",
    "S11.2023",
    "S12",
    "S14",
    "S16",
    "S17",
    "S19",
    "S20",
    "S21",
    "S22",
    "S24",
    "S26",
    "S29",
    "S31",
    "S33.locked",
    "S33.unlocked",
    "S34",
    "S35",
    "S37.before",
    "S37.after",
    "S40.silent",
    "S40.limited",
    "S41.below",
    "S41.below_unverified",
    "S41.at_floor",
    "S50",
    "S50.other_line",
    "S51.yes",
    "S51.no",
    "S55",
    "S57",
    "S58",
    "S58.released",
    "S59",
    "S62",
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["id"]))
def test_what_a_vector_says_comes_out(vector: Document) -> None:
    assert missing_packs(vector, PACKS) == []
    assert run_vector(vector, PACKS) == []


def test_every_promised_case_has_its_vector() -> None:
    assert PROMISED - {str(vector["id"]) for vector in VECTORS} == set()


def test_the_act_that_a_studio_may_not_do_is_done_by_the_performer() -> None:
    """S59 refuses somebody; so the same act by the right person has to pass."""
    refused = next(vector for vector in VECTORS if vector["id"] == "S59")
    by = {"role": "performer", "performer": "performer-a", "organization": None}
    assert answered(merged(refused, {"act": {"by": by}}), PACKS)["status"] == 201
    other = {"role": "performer", "performer": "performer-b", "organization": None}
    assert answered(merged(refused, {"act": {"by": other}}), PACKS)["status"] == 403
