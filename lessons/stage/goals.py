"""Does a run reach the goals of a view that was put together? Nothing but what was measured decides.

A machine that is too busy makes a run longer and never shorter, and lets fewer calls overlap and never more. So it
cannot fake a total that is short enough, or too many calls; but it can be to blame for a total that is too long, and
for calls that were few enough.
"""

from dataclasses import dataclass

from lessons.content.teaching import Goals
from lessons.stage import disturbance, wording
from lessons.stage.model import LaneStage, Stage


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal, and what was measured."""

    met: bool | None  # None: it cannot be told, for the machine was too busy or somebody got no page
    text: str


def check_goals(stage: Stage, goals: Goals) -> tuple[GoalLine, ...]:
    """Each goal of a run that has ended by itself, by its one lane; of another run none."""
    if stage.outcome != "done" or not stage.lanes or stage.lanes[0].total is None:
        return ()
    lane = stage.lanes[0]
    everybody = _everybody(lane)
    lines = [_in_time(lane, goals)]
    if goals.calls is not None:
        allowed = wording.count_noun(goals.calls, "call")
        said = f"Never more than {allowed} at once: there were {lane.most_calls} at most."
        lines.append(_told(lane, said, met=lane.most_calls <= goals.calls, sure=False))
    return (everybody, *(line if everybody.met else _unearned(line) for line in lines))


def are_reached(lines: tuple[GoalLine, ...]) -> bool:
    """All of them? Of a run that is not judged none are."""
    return bool(lines) and all(line.met for line in lines)


def _unearned(line: GoalLine) -> GoalLine:
    """A goal is missed whoever fails, but not reached by failures."""
    return GoalLine(None, f"{line.text} That counts once every visitor gets the page.") if line.met else line


def _everybody(lane: LaneStage) -> GoalLine:
    done = sum(each.state == "done" for each in lane.requests)
    return GoalLine(done == len(lane.requests), f"Every visitor gets the page: {done} of {len(lane.requests)} did.")


def _in_time(lane: LaneStage, goals: Goals) -> GoalLine:
    said = f"The last answer within {goals.seconds:g} s: it came after {wording.seconds_text(lane.total)}."
    return _told(lane, said, met=lane.total is not None and lane.total <= goals.seconds, sure=True)


def _told(lane: LaneStage, said: str, *, met: bool, sure: bool) -> GoalLine:
    """A line that a busy machine leaves open, unless it came out as `sure`, which the machine has no part in."""
    if met != sure and disturbance.lane_disturbance(lane):
        return GoalLine(None, f"{said} The machine was too busy to tell. Run it again.")
    return GoalLine(met, said)
