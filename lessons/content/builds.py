"""A view that is put together from blocks: every choice of pieces is a sample of its own, so each can really be run."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from lessons.content.model import Lesson
from lessons.content.teaching import Build
from lessons.content.variants import put_in_blank

PREFIX: Final = "build-"  # of the ids of the samples that are made of a build
BUILD: Final = "build"  # among the steps of the project, and among the items that are run

type Choice = tuple[int, ...]  # the index of a piece for each block


def build_of(lesson: Lesson) -> Build | None:
    """What the lesson has to be put together, if anything."""
    return lesson.teaching.project.build if lesson.teaching.project else None


def choices(build: Build) -> Iterator[Choice]:
    """Every way to choose, in order."""
    return product(*(range(len(block.pieces)) for block in build.blocks))


def built_source(build: Build, choice: Choice) -> str:
    """The view with these pieces in its blanks."""
    return fill_blanks(build.code, (block.pieces[at] for block, at in zip(build.blocks, choice, strict=True)))


def fill_blanks(code: str, pieces: Iterable[str]) -> str:
    """The code with a piece in each of its blanks, from the top."""
    for piece in pieces:
        code = put_in_blank(code, piece)
    return code


def solution_choice(build: Build) -> Choice:
    """The author's own way to the goals."""
    return tuple(number - 1 for number in build.solution)


def built_sample(choice: Choice) -> str:
    """The id of the sample that a choice makes: its numbers, from 1."""
    return PREFIX + "-".join(str(index + 1) for index in choice)


def built_lane(build: Build, choice: Choice) -> str:
    """The id of the lane that runs it; there is one iff the source has no syntax error."""
    return f"{built_sample(choice)}@{build.server}"
