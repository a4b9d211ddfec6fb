"""The same registry as for the tests over HTTP."""

from tests.api.conftest import world

__all__ = ["world"]
