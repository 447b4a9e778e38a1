"""Which of a lesson's examples a run is: the one that runs the same, but for the number that its learner may change."""

from lessons.content.model import Lesson
from lessons.content.teaching import Example
from lessons.lab.spec import RunSpec
from lessons.stage import wording
from lessons.stage.disturbance import disturbance_sentence
from lessons.stage.model import Stage


def find_example(lesson: Lesson, spec: RunSpec) -> Example | None:
    """The first example that is run by `spec`; None when there is none."""
    return next((each for each in lesson.teaching.examples if _runs(each, spec)), None)


def known_answer(stage: Stage) -> str:
    """What the example that this run is says of what came out, as Markdown; "" while the run goes, or without one."""
    if stage.spec is None or not stage.ended or any(lane.total is None for lane in stage.lanes):
        return ""
    found = find_example(stage.lesson, stage.spec)
    return found.answer if found and not misses_goal(found, stage.lane(found.ask).total) else ""


def misses_goal(example: Example, total: float | None) -> bool:
    """Is this example to be done in fewer seconds than the asked lane took? None: it is not known."""
    return example.goal is not None and (total is None or total > example.goal)


def goal_sentence(stage: Stage) -> str:
    """Whether the run reached the goal of its example; "" while it goes, and without a goal."""
    if stage.spec is None or not stage.ended:
        return ""
    found = find_example(stage.lesson, stage.spec)
    goal = found.goal if found else None
    total = stage.lane(found.ask).total if found else None
    if goal is None or total is None or disturbance_sentence(stage):
        return ""
    reached = "Goal reached" if total <= goal else "Not there yet"
    return f"{reached}: {wording.seconds_text(total)}, and {wording.seconds_text(goal)} is the goal."


def _runs(example: Example, spec: RunSpec) -> bool:
    numbers = [name for name in ("requests", "wait", "workers", "every") if name != example.vary]
    return example.lanes == tuple(lane.lane for lane in spec.lanes) and all(
        getattr(example, name) == getattr(spec, name) for name in numbers
    )
