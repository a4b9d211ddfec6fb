"""Journeys happen in a registry in this process, on each engine."""

from tests.api.conftest import world

__all__ = ["world"]
