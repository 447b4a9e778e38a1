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
    others = sorted((each for each in stage.lanes if each is not lane), key=lambda each: each.total is not None)
    shown = {lane.id, *(each.id for each in others[: MOST - 1])}
    return " ".join(_lane_sentence(stage, each) for each in stage.lanes if each.id in shown)


def _lane_sentence(stage: Stage, lane: LaneStage) -> str:
    name, found = stage.lesson.lane(lane.id).name, Counter(each.state for each in lane.requests)
    if lane.state == "died":
        return f"{name}: the server process has died."
    if lane.total is not None and found["done"] == len(lane.requests):
        return f"{name}: {wording.all_of(len(lane.requests))} answered after {wording.seconds_text(lane.total)}."
    holder = current_holder(stage, lane)
    if holder.blocked:
        return f"{name}: {holder.who}" + (f", {found['queued']} in line." if found["queued"] else ".")
    waiting, ready = found["waiting"], found["ready"]
    if waiting and waiting + found["done"] == len(lane.requests):
        return f"{name}: {waiting} {'waits' if waiting == 1 else 'wait'} for data, and the server is free."
    if ready and not waiting:
        return f"{name}: {wording.count_noun(ready, 'answer')} ready to be sent."
    return f"{name}: {state_tally(lane)}."
