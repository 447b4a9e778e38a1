"""A small lesson, and somebody who takes it."""

import pytest

from lessons.content.model import Lesson
from tests.learning.small import LEARNER, lesson


@pytest.fixture
def small() -> Lesson:
    """A lesson with something in every mode."""
    return lesson()


@pytest.fixture
def learner() -> str:
    """A learner's name, as `lessons.learner.new()` makes it."""
    return LEARNER
