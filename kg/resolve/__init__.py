"""Mentions of a collection become entities; every decision is kept with its reason."""

from kg.resolve.names import similarity
from kg.resolve.register import Change
from kg.resolve.resolution import Resolution, resolve

__all__ = ["Change", "Resolution", "resolve", "similarity"]
