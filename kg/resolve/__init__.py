"""Mentions of a collection become entities; every decision is kept with its reason."""

from kg.resolve.entities import resolve
from kg.resolve.names import similarity

__all__ = ["resolve", "similarity"]
