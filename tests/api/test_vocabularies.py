"""A word that is written in two places is the same word in both."""

from collections.abc import Collection
from typing import Any, get_args

import pytest

from app.api import engagements as engagements_api
from app.api import models
from app.api import representations as representations_api
from app.api import statements as statements_api
from app.api import terms as terms_api
from app.api import works as works_api
from app.registrar import representations
from app.rules import statements, uses

WRITTEN_TWICE: list[tuple[Any, Collection[str]]] = [
    (representations_api.Power, representations.POWERS),
    (works_api.ContentTag, uses.CONTENT_TAGS),
    (terms_api.Medium, uses.MEDIA),
    (models.UseName, uses.USES),
    (models.GateName, uses.GATES),
    (works_api.Kind, uses.WORK_KINDS),
    (works_api.Relation, uses.RELATIONS),
    (engagements_api.RoleClass, uses.ROLE_CLASSES),
    (statements_api.Section, statements.SECTIONS),
]


@pytest.mark.parametrize(("api", "known"), WRITTEN_TWICE)
def test_the_api_takes_the_words_that_are_known(api: object, known: Collection[str]) -> None:
    assert sorted(get_args(api)) == sorted(known)
