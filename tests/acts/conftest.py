"""The same registry as for the tests over HTTP."""

from tests.api.conftest import templates, world

__all__ = ["templates", "world"]
