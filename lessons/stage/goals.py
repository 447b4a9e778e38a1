"""Does a run reach the goals of a view that was put together? Nothing but what was measured decides."""

from dataclasses import dataclass

from lessons.content.teaching import Goals
from lessons.stage import disturbance, wording
from lessons.stage.model import LaneStage, Stage


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal, and what was measured."""

    met: bool
    text: str


def check_goals(stage: Stage, goals: Goals) -> tuple[GoalLine, ...]:
    """Each goal of a run that has ended by itself, by its one lane; of another run none."""
    if stage.outcome != "done" or not stage.lanes or stage.lanes[0].total is None:
        return ()
    lane = stage.lanes[0]
    lines = [_answered(lane), _in_time(lane.total or 0.0, goals)]
    if goals.calls is not None:
        calls = wording.count_noun(lane.most_calls, "call")
        lines.append(GoalLine(lane.most_calls <= goals.calls, f"Never more than {goals.calls} calls at once: {calls}."))
    return tuple(lines)


def reaches_goals(stage: Stage, goals: Goals) -> bool:
    """All of them, on a machine that was not too busy to tell?"""
    lines = check_goals(stage, goals)
    return bool(lines) and all(line.met for line in lines) and not disturbance.disturbance_sentence(stage)


def _answered(lane: LaneStage) -> GoalLine:
    done = sum(each.state == "done" for each in lane.requests)
    return GoalLine(done == len(lane.requests), f"Every visitor gets the page: {done} of {len(lane.requests)} did.")


def _in_time(total: float, goals: Goals) -> GoalLine:
    said = f"The last answer within {goals.seconds:g} s: it came after {wording.seconds_text(total)}."
    return GoalLine(total <= goals.seconds, said)
