"""A benchmark with a fault."""

from collections.abc import Iterator

from bench.report import Figure


def figures() -> Iterator[Figure]:
    yield Figure("the last figure", 1)
    raise LookupError("not found")
