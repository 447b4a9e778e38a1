"""Challenge: what happens? Two attempts; a badge when all are right.

Seconds are right within 20 % of the author's claim, or of the law for the numbers that were drawn. The time limit is a
clock on the page and no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from random import Random
from typing import Final

from lessons.content.model import Lesson
from lessons.content.teaching import Example, Problem
from lessons.errors import Refused
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.learning import grading
from lessons.learning.grading import SURE, Choice, Item, Standing
from lessons.learning.records import own_rows
from lessons.models import Answer, Badge
from lessons.stage import law, wording

ATTEMPTS: Final = 2
BADGE: Final = "challenge"
SEEDS: Final = 10_000  # a seed is less


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often somebody who said to be so sure was right at once."""

    confidence: int  # 1 to SURE
    answers: int
    right: int


def example_spec(lesson: Lesson, example: Example) -> RunSpec:
    """What an example runs."""
    lanes = tuple(map(LaneSpec.parse, example.lanes))
    return RunSpec(lesson.slug, lanes, example.requests, example.wait, example.workers, example.every)


def problem_spec(lesson: Lesson, problem: Problem, seed: int) -> RunSpec:
    """The run that settles a problem, with the numbers that `seed` draws."""
    spec = example_spec(lesson, lesson.teaching.example(problem.example))
    if problem.draw is None:
        return spec
    drawn = Random(f"{problem.id} {seed}")  # noqa: S311  (no secret)
    return replace(
        spec,
        requests=drawn.choice(problem.draw.requests),
        wait=drawn.choice(problem.draw.wait),
        workers=drawn.choice(problem.draw.workers or (spec.workers,)),
    )


def run_title(lesson: Lesson, problem: Problem, seed: int) -> str:
    """What the run that settles a problem is called: after the numbers, if they were drawn."""
    if problem.draw is None:
        return lesson.teaching.example(problem.example).title
    spec = problem_spec(lesson, problem, seed)
    asked = wording.count_noun(spec.requests, "request")
    if problem.draw.workers:
        return f"{asked}, {wording.count_noun(spec.workers, 'worker')}"
    return f"{asked}, {spec.wait:g} s each"


def problem_items(lesson: Lesson, seeds: Mapping[str, int] | None = None) -> list[Item]:
    """The problems; what is drawn by the seeds of their learner, where they matter."""
    return [_item(lesson, each, (seeds or {}).get(each.id, 0)) for each in lesson.teaching.problems]


def general_items(lesson: Lesson) -> list[Item]:
    """The problems as they are for everybody: what is drawn is told by all that it may be."""
    prompts = {each.id: _general_prompt(lesson, each) for each in lesson.teaching.problems}
    return [replace(each, prompt=prompts[each.id]) for each in problem_items(lesson)]


def answer_problem(learner: str, lesson: Lesson, problem: str, choice: Choice, seed: int = 0) -> Standing:
    """Answer with an option or with seconds, as the problem asks; may earn the badge. Raises `Refused`.

    `seed` drew the numbers of the page that is answered; those of a second attempt are the first one's.
    `Standing.explanation` has the problem's `why` once it is settled.
    """
    if not 0 <= seed < SEEDS:
        raise Refused("malformed", "This form is not complete. Reload the page and try again.")
    for item in problem_items(lesson, {problem: seed} | _seeds(learner, lesson)):
        if item.id == problem:
            standing = grading.record_answer(learner, lesson.slug, item, choice)
            _award(learner, lesson)  # once the answer is stored: of two posts at once, one sees both answers
            return standing
    raise Refused("unknown", "This lesson has no such problem.")


def problem_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """By problem id, in order."""
    return grading.grade_standings(learner, lesson.slug, problem_items(lesson, _seeds(learner, lesson)))


def calibrate(standings: Mapping[str, Standing]) -> list[Calibration]:
    """By how sure the learner was at the first attempt; nothing of what was never said."""
    first = [each.given[0] for each in standings.values() if each.given]
    by_level = [[each for each in first if each.confidence == level] for level in range(1, SURE + 1)]
    return [
        Calibration(level, len(those), sum(each.right for each in those))
        for level, those in enumerate(by_level, 1)
        if those
    ]


def has_badge(learner: str, lesson: Lesson) -> bool:
    """Has the learner solved them all?"""
    return own_rows(Badge, learner, lesson.slug).filter(name=BADGE).exists()


def _general_prompt(lesson: Lesson, problem: Problem) -> str:
    if problem.draw is None:
        return problem.prompt
    workers = problem.draw.workers or (lesson.teaching.example(problem.example).workers,)
    drawn = {"requests": problem.draw.requests, "wait": problem.draw.wait, "workers": workers}
    return problem.prompt.format(**{name: wording.choice_text(numbers) for name, numbers in drawn.items()})


def _item(lesson: Lesson, problem: Problem, seed: int) -> Item:
    if problem.draw is None:
        return Item("problem", problem.id, ATTEMPTS, problem.options, problem.seconds, problem.why, problem.prompt)
    spec = problem_spec(lesson, problem, seed)
    seconds = law.formula_total(*law.lane_formula(lesson, problem.lane), spec)
    known = {"requests": spec.requests, "wait": f"{spec.wait:g}", "workers": spec.workers}
    told = {**known, "rounds": ceil(spec.requests / spec.workers), "seconds": f"{seconds:g}"}
    prompt, why = problem.prompt.format(**known), problem.why.format(**told)
    return Item("problem", problem.id, ATTEMPTS, (), seconds, why, prompt, seed)


def _seeds(learner: str, lesson: Lesson) -> dict[str, int]:
    """Of the problems that were answered. One query; none for an unknown learner ("")."""
    rows = own_rows(Answer, learner, lesson.slug).filter(group="problem", attempt=1, seed__isnull=False)
    return {item: seed for item, seed in rows.values_list("item", "seed") if seed is not None}


def _award(learner: str, lesson: Lesson) -> None:
    if all(each.right for each in problem_standings(learner, lesson).values()):
        Badge.objects.get_or_create(learner=learner, lesson=lesson.slug, name=BADGE)
