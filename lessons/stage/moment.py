"""One sentence for the moment that is seen."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from lessons.stage import wording
from lessons.stage.model import LaneStage, RequestStage, Stage
from lessons.stage.narration import Sentence, current_holder, state_tally

UNDER_WAY: Final = ("running", "waiting", "ready")
MOST: Final = 2  # lanes that are told in a row


def moment_sentence(stage: Stage, lane: LaneStage, request: RequestStage, sentences: Sequence[Sentence]) -> str:
    """What the pinned request does while it is under way; before and after, how the lanes stand, its own first."""
    current = next((each.text for each in sentences if each.current), "")
    if current and request.state in UNDER_WAY:
        return current
    if all(each.sent is None for each in stage.lanes):
        return ""
    if len(stage.lanes) > MOST and all(map(_answered, stage.lanes)):
        return f"Every request is answered, the last one in {_totals(stage)}."
    others = sorted((each for each in stage.lanes if each is not lane), key=lambda each: each.total is not None)
    shown = {lane.id, *(each.id for each in others[: MOST - 1])}
    return " ".join(_lane_sentence(stage, each) for each in stage.lanes if each.id in shown)


def _answered(lane: LaneStage) -> bool:
    return lane.total is not None and all(each.state == "done" for each in lane.requests)


def _totals(stage: Stage) -> str:
    told = [f"{stage.lesson.lane(each.id).name} after {wording.seconds_text(each.total)}" for each in stage.lanes]
    return wording.join_words(told)


def _lane_sentence(stage: Stage, lane: LaneStage) -> str:
    """Without figures that would run: they are in the picture."""
    name, found = stage.lesson.lane(lane.id).name, Counter(each.state for each in lane.requests)
    if lane.state == "died":
        return f"{name}: the server process has died."
    if _answered(lane):
        return f"{name}: {wording.all_of(len(lane.requests))} answered after {wording.seconds_text(lane.total)}."
    if lane.total is not None or stage.ended:
        return f"{name}: {state_tally(lane)}."
    holder = current_holder(stage, lane)
    if holder.blocked:
        return f"{name}: {holder.who}{_behind(found['queued'])}."
    if found["waiting"]:
        return (
            f"{name}: {'one request waits' if found['waiting'] == 1 else 'requests wait'} for data; the server is free."
        )
    return f"{name}: answers go out." if found["ready"] or found["done"] else f"{name}: requests come in."


def _behind(queued: int) -> str:
    return "" if not queued else ", one queues" if queued == 1 else ", the others queue"
