"""Project: a view that is put together from blocks. What was chosen is kept; what it is worth, a run tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from lessons.content import builds
from lessons.content.builds import BUILD, Choice
from lessons.content.model import Lesson
from lessons.content.teaching import Build
from lessons.content.variants import syntax_error
from lessons.errors import Refused, require_learner
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.learning.grading import parse_whole_number
from lessons.learning.records import own_rows
from lessons.models import ProjectCode
from lessons.stage.goals import are_reached, check_goals
from lessons.stage.model import Stage


@dataclass(frozen=True, slots=True)
class BuildStanding:
    """How a learner stands with it."""

    choice: Choice | None = None  # the latest; None before the first
    passed: bool = False  # once passed, always passed


def find_build(lesson: Lesson) -> Build:
    """Raises `Refused` for a lesson that has none."""
    build = builds.build_of(lesson)
    if build is None:
        raise Refused("unknown", "This lesson has nothing to put together.")
    return build


def build_standing(learner: str, lesson: Lesson) -> BuildStanding:
    """One query; none for an unknown learner (""). What was chosen from other blocks than today's is forgotten."""
    row = own_rows(ProjectCode, learner, lesson.slug).filter(step=BUILD).first()
    if row is None:
        return BuildStanding()
    known = {builds.built_sample(each): each for each in builds.choices(find_build(lesson))}
    return BuildStanding(known.get(row.code), row.passed)


def choose_pieces(learner: str, lesson: Lesson, form: Mapping[str, str]) -> RunSpec | None:
    """Keep the pieces of a form, `block-1`, `block-2`, …; what runs them, or None where Python cannot compile that.

    Raises `Refused`.
    """
    require_learner(learner)
    build = find_build(lesson)
    choice = tuple(_piece(form, number, len(block.pieces)) for number, block in enumerate(build.blocks, 1))
    _keep(learner, lesson, code=builds.built_sample(choice))
    if syntax_error(builds.built_source(build, choice)):
        return None
    lane = LaneSpec.parse(builds.built_lane(build, choice))
    return RunSpec(lesson.slug, (lane,), build.requests, build.wait, 1)


def note_reached(learner: str, lesson: Lesson, stage: Stage) -> None:
    """Keep that the goals were reached, if this run of the learner's has reached them. Raises `Refused`."""
    require_learner(learner)
    if are_reached(check_goals(stage, find_build(lesson).goals)):
        _keep(learner, lesson, passed=True)


def _keep(learner: str, lesson: Lesson, **values: object) -> None:
    ProjectCode.objects.update_or_create(
        learner=learner, lesson=lesson.slug, step=BUILD, defaults={"at": timezone.now(), **values}
    )


def _piece(form: Mapping[str, str], number: int, count: int) -> int:
    said = form.get(f"block-{number}", "")
    if not said:
        raise Refused("option", "Choose a piece for each block first.")
    index = parse_whole_number(said)
    if not 0 <= index < count:
        raise Refused("option", "There is no such piece. Reload the page and choose again.")
    return index
