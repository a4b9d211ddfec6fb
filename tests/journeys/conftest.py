"""Journeys happen in a registry in this process, on each engine."""

from tests.api.conftest import templates, world

__all__ = ["templates", "world"]
