"""Something that no machine has."""

from collections.abc import Iterator

from bench.report import Figure, Lacking


def figures() -> Iterator[Figure]:
    raise Lacking("a perpetual motion machine was not found")
