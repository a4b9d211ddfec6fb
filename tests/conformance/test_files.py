import json
from pathlib import Path

import jsonschema_rs
import pytest

from app.conformance.catalogue import catalogue
from app.conformance.files import NotAVectorFileError, load
from app.conformance.schema import schema
from app.rules.vectors import FORMAT, WORLD_FORMAT

VECTORS = Path(__file__).parents[1] / "vectors"
FILES = sorted(f for f in VECTORS.rglob("*.json") if f.name != "schema.json")


def write(path: Path, **members: object) -> Path:
    path.write_text(json.dumps(members))
    return path


def test_the_committed_schema_is_the_one_that_the_facts_give() -> None:
    committed = json.loads((VECTORS / "schema.json").read_text())
    assert committed == schema(), (
        "run: python -m app.conformance.schema > tests/vectors/schema.json"
    )


def test_the_committed_catalogue_of_reasons_is_the_one_that_the_codes_give() -> None:
    assert (VECTORS / "reasons.md").read_text() == catalogue(), (
        "run: python -m app.conformance.catalogue > tests/vectors/reasons.md"
    )


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_every_published_file_is_of_the_published_form(file: Path) -> None:
    validator = jsonschema_rs.validator_for(schema(), validate_formats=True)
    wrong = [
        f"{list(error.instance_path)}: {error.message[:300]}"
        for error in validator.iter_errors(json.loads(file.read_text()))
    ]
    assert wrong == []


def test_no_two_vectors_share_an_id() -> None:
    ids = [vector["id"] for vector in load(VECTORS)]
    assert len(ids) == len(set(ids))


def test_a_world_extends_another_and_a_vector_has_the_last_word(tmp_path: Path) -> None:
    works = {"w": {"title": "First", "kind": "film"}, "gone": {"title": "Gone"}}
    write(tmp_path / "base.json", format=WORLD_FORMAT, world={"works": works})
    write(
        tmp_path / "next.json",
        format=WORLD_FORMAT,
        extends="base.json",
        world={"works": {"w": {"title": "Second"}}},
    )
    vector = {"id": "v", "title": "v", "world": {"works": {"w": {"kind": None}, "gone": None}}}
    file = write(tmp_path / "v.json", format=FORMAT, extends="next.json", vectors=[vector])

    (loaded,) = load(file)

    assert loaded["world"] == {"works": {"w": {"title": "Second"}}}


def test_a_folder_gives_its_vector_files_and_leaves_out_worlds(tmp_path: Path) -> None:
    write(tmp_path / "base.json", format=WORLD_FORMAT, world={})
    write(tmp_path / "b.json", format=FORMAT, vectors=[{"id": "b"}])
    write(tmp_path / "a.json", format=FORMAT, vectors=[{"id": "a"}])
    assert [vector["id"] for vector in load(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("{", "cannot be read", id="no JSON"),
        pytest.param("[]", "holds no JSON object", id="no object"),
        pytest.param('{"format": "other/1"}', "is not of format", id="another format"),
        pytest.param(
            json.dumps({"format": FORMAT, "extends": "v.json", "vectors": []}),
            "is not of format",
            id="extends what is no world",
        ),
    ],
)
def test_what_is_no_vector_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "v.json"
    file.write_text(text)
    with pytest.raises(NotAVectorFileError, match=says):
        load(file)


def test_a_folder_without_vectors_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(NotAVectorFileError, match="no vector file"):
        load(tmp_path)
