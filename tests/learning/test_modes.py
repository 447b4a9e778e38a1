"""Which ways to learn a lesson has."""

import pytest

from lessons import catalogue
from lessons.content.teaching import Teaching
from lessons.learning.modes import MODES, find_mode, lesson_modes
from tests.learning.small import lesson


def test_a_mode_is_there_if_there_is_something_in_it(small):
    assert [each.id for each in lesson_modes(small)] == ["learn", "visualize", "try", "challenge", "project", "review"]
    assert [each.id for each in lesson_modes(lesson(teaching=Teaching()))] == ["visualize"]


def test_the_flagship_has_every_mode():
    assert lesson_modes(catalogue.find_lesson("why-async-matters")) == MODES


@pytest.mark.parametrize("id", ["deep", "nothing", ""])
def test_a_mode_without_content_is_not_found(small, id):
    with pytest.raises(KeyError):
        find_mode(small, id)
