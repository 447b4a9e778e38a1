"""The words and limits a lesson may use. They belong to higher layers, so callers pass them in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What content may name without defining it."""

    kinds: frozenset[str]  # of events
    servers: tuple[str, ...]
    limits: Mapping[str, tuple[float, float]]  # of "requests", "wait" (seconds), "workers", "lanes": least and most
