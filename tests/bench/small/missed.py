"""A goal that cannot be met, and one that can."""

from collections.abc import Iterator

from bench.report import Figure


def figures() -> Iterator[Figure]:
    yield Figure("answers", 3, "ms", at_most=2)
    yield Figure("questions", 3, at_least=3)
