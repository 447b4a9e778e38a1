"""A view that is put together: the choice is kept, and so is that its goals were once reached."""

import pytest

from lessons import catalogue
from lessons.errors import Refused
from lessons.learning import builds
from lessons.learning.builds import BuildStanding
from lessons.models import ProjectCode

pytestmark = pytest.mark.django_db
SLUG = "why-async-matters"


@pytest.fixture
def lesson():
    return catalogue.find_lesson(SLUG)


def form(*pieces: object) -> dict[str, str]:
    return {f"block-{number}": str(piece) for number, piece in enumerate(pieces, 1)}


def test_what_was_chosen_is_kept_and_is_what_runs(lesson, learner):
    assert builds.build_standing(learner, lesson) == BuildStanding()
    spec = builds.choose_pieces(learner, lesson, form(1, 0, 2, 1))
    assert spec
    assert [lane.lane for lane in spec.lanes] == ["build-2-1-3-2@daphne"]
    assert (spec.requests, spec.wait) == (6, 0.4)
    assert builds.build_standing(learner, lesson) == BuildStanding((1, 0, 2, 1))
    builds.choose_pieces(learner, lesson, form(1, 1, 1, 1))
    assert builds.build_standing(learner, lesson).choice == (1, 1, 1, 1)
    assert builds.build_standing("", lesson) == BuildStanding()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "option"),
        (form(1, 1, 1), "option"),
        (form(1, 1, 1, 3), "option"),
        (form(1, 1, 1, -1), "malformed"),
        (form(1, 1, 1, "x"), "malformed"),
        (form(1, 1, 1, "9" * 5000), "malformed"),
        (form(1, 1, 1, "\u0663"), "malformed"),
    ],
)
def test_what_is_no_choice_is_refused_and_nothing_is_kept(lesson, learner, said, code):
    builds.choose_pieces(learner, lesson, form(0, 0, 0, 0))
    with pytest.raises(Refused) as caught:
        builds.choose_pieces(learner, lesson, said)
    assert caught.value.code == code
    assert builds.build_standing(learner, lesson).choice == (0, 0, 0, 0)


def test_a_choice_from_other_blocks_than_todays_is_forgotten_and_the_pass_is_not(lesson, learner):
    ProjectCode.objects.create(learner=learner, lesson=SLUG, step="build", code="build-9-9", passed=True)
    assert builds.build_standing(learner, lesson) == BuildStanding(None, passed=True)


def test_a_lesson_may_have_nothing_to_put_together(learner):
    with pytest.raises(Refused):
        builds.choose_pieces(learner, catalogue.find_lesson("await-together"), form(1))
