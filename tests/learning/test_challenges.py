"""Problems with numbers of their own for each learner: drawn by a seed, right by the law, told with these numbers."""

import re
from dataclasses import replace

import pytest

from lessons import catalogue
from lessons.errors import Refused
from lessons.learning import challenges, statistics
from lessons.learning.challenges import SEEDS, Calibration
from lessons.learning.grading import Choice, Item
from lessons.models import Answer
from tests.stage import scenes

pytestmark = pytest.mark.django_db
LEARNER, OTHER = "a" * 22, "b" * 22
DRAWN = [each for each in scenes.lesson().teaching.problems if each.draw]


def item(problem: str, seed: int) -> Item:
    return next(each for each in challenges.problem_items(scenes.lesson(), {problem: seed}) if each.id == problem)


def answer(problem: str, number: float, seed: int, attempt: int = 1, confidence: int | None = None):
    choice = Choice(attempt, number=number, confidence=confidence)
    return challenges.answer_problem(LEARNER, scenes.lesson(), problem, choice, seed)


def test_there_are_a_dozen_problems_and_some_draw_their_numbers():
    assert len(scenes.lesson().teaching.problems) >= 12
    assert len(DRAWN) >= 5


@pytest.mark.parametrize("problem", DRAWN, ids=lambda each: each.id)
def test_a_seed_draws_the_same_and_others_draw_others(problem):
    specs = [challenges.problem_spec(scenes.lesson(), problem, seed) for seed in range(50)]
    assert specs == [challenges.problem_spec(scenes.lesson(), problem, seed) for seed in range(50)]
    assert {each.requests for each in specs} == set(problem.draw.requests)
    assert {each.wait for each in specs} == set(problem.draw.wait)
    assert {each.workers for each in specs} >= set(problem.draw.workers)


@pytest.mark.parametrize("problem", DRAWN, ids=lambda each: each.id)
def test_the_prompt_and_the_reason_have_the_numbers_that_run(problem):
    for seed in range(10):
        spec, found = challenges.problem_spec(scenes.lesson(), problem, seed), item(problem.id, seed)
        assert f"{spec.wait:g} s" in found.prompt
        assert re.search(rf"\b{spec.requests}\b", found.prompt)
        assert not re.search(r"[{}]", found.prompt + found.explanation)
        assert spec.lanes == challenges.problem_spec(scenes.lesson(), replace(problem, draw=None), 0).lanes


@pytest.mark.parametrize("problem", DRAWN, ids=lambda each: each.id)
def test_the_title_of_a_run_has_its_own_numbers(problem):
    titles = {each.title for each in scenes.lesson().teaching.examples}
    for seed in range(10):
        spec = challenges.problem_spec(scenes.lesson(), problem, seed)
        title = challenges.run_title(scenes.lesson(), problem, seed)
        assert title not in titles
        told = {float(each) for each in re.findall(r"[0-9.]+", title)}
        assert told == {spec.requests, spec.workers if problem.draw.workers else spec.wait}


def test_the_title_of_a_run_whose_numbers_are_fixed_is_its_examples():
    problem = next(each for each in scenes.lesson().teaching.problems if each.id == "rounds")
    assert challenges.run_title(scenes.lesson(), problem, 3) == "Ten requests, four workers"


@pytest.mark.parametrize("slug", catalogue.all_lessons())
def test_no_prompt_speaks_of_one_requests(slug):
    lesson = catalogue.find_lesson(slug)
    for problem in (each for each in lesson.teaching.problems if each.draw):
        for seed in range(20):
            told = next(each for each in challenges.problem_items(lesson, {problem.id: seed}) if each.id == problem.id)
            assert not re.search(r"\b1\W+(requests|worker|wait)", told.prompt + told.explanation)


def test_what_is_right_follows_from_the_numbers_drawn():
    found = {seed: item("drawn-rounds", seed).seconds for seed in range(20)}
    assert len(set(found.values())) > 3
    for seed, seconds in list(found.items())[:3]:
        Answer.objects.all().delete()
        assert answer("drawn-rounds", seconds, seed).right
        Answer.objects.all().delete()
        assert not answer("drawn-rounds", seconds * 1.5, seed).right


def test_the_second_attempt_is_at_the_first_ones_numbers():
    seeds = {item("drawn-rounds", seed).seconds: seed for seed in range(30)}
    (right, mine), (_, other) = list(seeds.items())[:2]
    assert not answer("drawn-rounds", 59.0, mine).right
    assert answer("drawn-rounds", right, other, attempt=2).right
    assert list(Answer.objects.order_by("attempt").values_list("seed", flat=True)) == [mine, mine]


@pytest.mark.parametrize("seed", [-1, SEEDS, 10**9])
def test_a_seed_that_no_page_had_is_refused(seed):
    with pytest.raises(Refused):
        answer("drawn-rounds", 1.0, seed)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("said", ["0", "5", "x", "-1"])
def test_a_confidence_that_is_none_is_refused(said):
    with pytest.raises(Refused):
        Choice.read({"attempt": "1", "option": "0", "confidence": said})
    assert Choice.read({"attempt": "1", "option": "0", "confidence": ""}).confidence is None


def test_calibration_counts_first_attempts_of_those_who_said_how_sure_they_were():
    seconds = item("drawn-rounds", 3).seconds
    answer("drawn-rounds", seconds, 3, confidence=4)
    answer("drawn-blocked", 59.0, 3, confidence=4)
    answer("drawn-blocked", item("drawn-blocked", 3).seconds, 3, attempt=2, confidence=1)
    answer("rounds", 1.5, 0)
    found = challenges.calibrate(challenges.problem_standings(LEARNER, scenes.lesson()))
    assert found == [Calibration(4, 2, 1)]
    assert challenges.calibrate(challenges.problem_standings(OTHER, scenes.lesson())) == []


def test_a_teacher_sees_who_was_near_whatever_the_numbers():
    answer("drawn-rounds", item("drawn-rounds", 3).seconds, 3)
    table = next(each for each in statistics.answer_tables(scenes.lesson()) if each.id == "drawn-rounds")
    assert "waits **0.3 or 0.5 s**" in table.prompt
    assert "**2, 3 or 4 worker threads**" in table.prompt
    assert "**5, 7, 9, 11 or 14** requests" in table.prompt
    assert [(row.text, row.before, row.after, row.all) for row in table.rows] == [
        ("within 20 %", 1, 0, 1),
        ("further off", 0, 0, 0),
    ]
