"""The registry in this process that other tests of the API use too."""

from tests.api.conftest import templates, world

__all__ = ["templates", "world"]
