"""A test asks ten questions that its seed draws, and is graded as a whole, once."""

import re
from collections import Counter

import pytest

from lessons.content.sections import Mark
from lessons.errors import Refused
from lessons.learning import pattern_tests, progress
from lessons.learning.challenges import SEEDS
from lessons.learning.modes import mode_of_mark
from lessons.learning.pattern_tests import QUESTIONS, SHARES, AskedQuestion
from lessons.models import PatternTest
from tests.learning.small import lesson
from tests.stage import scenes

pytestmark = pytest.mark.django_db
LEARNER = "a" * 22


def right(question: AskedQuestion) -> str:
    item = question.item
    if item.options:
        return str(next(index for index, option in enumerate(item.options) if option.right))
    return f"{item.seconds:g}"


def wrong(question: AskedQuestion) -> str:
    item = question.item
    if item.options:
        return str(next(index for index, option in enumerate(item.options) if not option.right))
    return f"{item.seconds * 2:g}"


def test_a_seed_draws_ten_of_three_levels_and_each_seed_others():
    drawn = [pattern_tests.draw_test(scenes.lesson(), seed) for seed in range(40)]
    for each in drawn:
        assert [question.level for question in each] == [level for level, share in SHARES.items() for _ in range(share)]
        assert len({(question.item.group, question.item.id) for question in each}) == QUESTIONS
    assert len({tuple(question.item.prompt for question in each) for each in drawn}) == 40
    assert drawn[3] == pattern_tests.draw_test(scenes.lesson(), 3)


def test_every_question_has_something_that_settles_it():
    asked = [each for seed in range(60) for each in pattern_tests.draw_test(scenes.lesson(), seed)]
    assert {each.item.id for each in asked if each.spec is None and each.evidence is None} == set()


def test_no_two_questions_are_about_one_topic():
    for seed in range(60):
        topics = [each.topic for each in pattern_tests.draw_test(scenes.lesson(), seed)]
        assert len(set(topics)) == QUESTIONS


def test_every_question_can_be_answered_without_a_stage():
    asked = [each for seed in range(60) for each in pattern_tests.draw_test(scenes.lesson(), seed)]
    stage = re.compile(r"look at|tracker|execution table|in the picture", re.IGNORECASE)
    assert {each.item.id for each in asked if stage.search(each.item.prompt)} == set()


def test_every_question_that_is_missed_leads_to_a_text_that_explains_it():
    lesson = scenes.lesson()
    asked = {each.item.id: each for seed in range(60) for each in pattern_tests.draw_test(lesson, seed)}
    nowhere = [id for id, each in asked.items() if not (each.read or mode_of_mark(lesson, Mark("run", each.example)))]
    assert nowhere == []


def test_a_test_is_graded_as_a_whole_and_only_once():
    lesson = scenes.lesson()
    drawn = pattern_tests.draw_test(lesson, 5)
    given = [right(each) if number % 2 else wrong(each) for number, each in enumerate(drawn)]
    graded = pattern_tests.record_test(LEARNER, lesson, 5, given)
    assert [each.right for each in graded] == [bool(number % 2) for number in range(QUESTIONS)]
    assert all(each.why for each in graded)
    pattern_tests.record_test(LEARNER, lesson, 5, list(map(right, drawn)))
    assert pattern_tests.list_results(LEARNER, lesson) == [(5, 10)]
    assert pattern_tests.find_test(LEARNER, lesson, 5) == graded
    assert pattern_tests.find_test("b" * 22, lesson, 5) == ()
    assert progress.lesson_progress(LEARNER, lesson).mode("test").done


@pytest.mark.parametrize("text", ["", " ", "x", "-1", "99", "1e9", "nan", "{}"])
def test_an_answer_that_is_none_keeps_nothing(text):
    drawn = pattern_tests.draw_test(scenes.lesson(), 5)
    for place in (0, QUESTIONS - 1):
        given = list(map(right, drawn))
        given[place] = text
        if drawn[place].item.options or text != "99":  # which is a number of seconds
            with pytest.raises(Refused):
                pattern_tests.record_test(LEARNER, scenes.lesson(), 5, given)
    assert not PatternTest.objects.exists()


@pytest.mark.parametrize("seed", [-1, SEEDS])
def test_a_seed_that_no_page_had_is_refused(seed):
    with pytest.raises(Refused):
        pattern_tests.draw_test(scenes.lesson(), seed)


def test_a_lesson_that_asks_too_little_has_no_test():
    assert pattern_tests.has_test(scenes.lesson())
    assert not pattern_tests.has_test(lesson())


def test_a_result_that_came_of_other_questions_is_not_shown():
    lesson = scenes.lesson()
    given = list(map(right, pattern_tests.draw_test(lesson, 5)))
    PatternTest.objects.create(learner=LEARNER, lesson=lesson.slug, seed=5, given=given, right=4, total=QUESTIONS)
    assert pattern_tests.find_test(LEARNER, lesson, 5) == ()


def test_a_result_of_a_lesson_that_has_changed_is_not_shown():
    PatternTest.objects.create(
        learner=LEARNER, lesson=scenes.lesson().slug, seed=5, given=["77"] * 10, right=1, total=10
    )
    assert pattern_tests.find_test(LEARNER, scenes.lesson(), 5) == ()
    assert Counter(pattern_tests.list_results(LEARNER, scenes.lesson())) == {(1, 10): 1}
