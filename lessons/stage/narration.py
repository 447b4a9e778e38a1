"""The stage in plain sentences, chosen by what was measured."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lessons.stage import bars, law, wording
from lessons.stage.disturbance import disturbance_sentence
from lessons.stage.model import LaneStage, RequestStage, RequestState, Stage
from lessons.stage.steps import StepRow, execution_table

ONE_PIECE: Final = 0.9  # of the time until the last bytes: when the first ones come later, nothing was streamed
TALLIED: Final[tuple[RequestState, ...]] = ("done", "failed", "cancelled", "ready", "waiting", "running", "queued")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said of one step."""

    step: int
    text: str
    current: bool


def step_sentences(
    stage: Stage, lane: LaneStage, request: RequestStage, rows: Sequence[StepRow] = ()
) -> tuple[Sentence, ...]:
    """One sentence per step that the request has reached; `rows` are its table, where that is known."""
    return tuple(
        Sentence(row.step.number, _sentence(stage, lane, request, row), row.current)
        for row in rows or execution_table(stage, lane, request)
        if row.reached
    )


def _sentence(stage: Stage, lane: LaneStage, request: RequestStage, row: StepRow) -> str:
    said = row.step.said(lane.id.partition("@")[0])
    text = (row.server_block and said.blocked) or (row.async_wait and said.suspended) or said.plain
    return text.format(
        lane=stage.lesson.lane(lane.id).name,
        request=request.number,
        # No text changes because time passes: a figure is told once it stands.
        took="some time" if row.going else wording.span_text(row.took or 0.0),
        blocked="part" if row.going else wording.span_text(row.blocked),
        value=request.value,
        server=lane.server,
    )


def run_situation(stage: Stage) -> str:
    """How the run stands, in one sentence."""
    match stage.state:
        case "created":
            return "The run has been accepted and is about to start."
        case "queued":
            where = "next in the queue" if stage.place == 1 else f"number {stage.place} in the queue"
            return f"This run is {where} and starts by itself{_soon(stage.turn_in)}."
        case "starting":
            return f"Starting {wording.count_noun(len(stage.lanes), 'server')}, each a process of its own…"
        case "running" if stage.past:
            return "A moment of a run that has ended."
        case "running" if stage.cancelling:
            return "Cancelling…"
        case "running":
            return "Running: real requests are on their way."
        case _:
            return _ending(stage)


def _soon(seconds: float | None) -> str:
    """When a run in the queue is expected to start."""
    if seconds is None:
        return ""
    return f", in about {wording.count_noun(round(seconds), 'second')}" if seconds >= 1.5 else " in a moment"


def _ending(stage: Stage) -> str:
    match stage.outcome:
        case "done":
            return f"Done. {_of_all(stage)}"
        case "cancelled":
            return "Cancelled. What happened until then stays on the page."
        case "timed_out":
            return f"Stopped: {stage.reason}"
        case _:
            return f"The run failed: {stage.reason}"


def _of_all(stage: Stage) -> str:
    """That the run is over, and how many of its requests failed."""
    failed = sum(request.state == "failed" for lane in stage.lanes for request in lane.requests)
    if not failed:
        return "Every request has been answered."
    total = sum(len(lane.requests) for lane in stage.lanes)
    return f"{'Every request' if failed == total else f'{failed} of {total} requests'} failed."


def stream_sentence(lane: LaneStage) -> str:
    """Of a lane all of whose streaming responses have come: when. "" for any other."""
    found = [
        (each.first, each.ended - each.sent)
        for each in lane.requests
        if each.streams and each.first is not None and each.ended is not None and each.sent is not None
    ]
    if not found or len(found) < len(lane.requests):
        return ""
    first, last = (max(times) for times in zip(*found, strict=True))
    if first > ONE_PIECE * last:
        return f"It came in one piece, after {wording.seconds_text(last)}."
    return f"The first part came after {wording.seconds_text(first)}, the last one after {wording.seconds_text(last)}."


def state_tally(lane: LaneStage) -> str:
    """`4 done, 1 waiting, 5 queued`: only the states that occur, latest first."""
    found = Counter(request.state for request in lane.requests)
    return ", ".join(_counted(found[state], state) for state in TALLIED if found[state]) or "no request sent yet"


def _counted(count: int, state: RequestState) -> str:
    return f"{wording.count_noun(count, 'answer')} ready" if state == "ready" else f"{count} {state}"


def server_capacity(stage: Stage, lane: LaneStage) -> str:
    """What the server offers: `WSGI · 1 worker thread`, `ASGI · one event loop`; before that, how far it is."""
    if not lane.server:
        return "in the queue" if stage.state == "queued" else "starting…"
    pool = wording.count_noun(lane.capacity, "worker thread") if lane.interface == "WSGI" else "one event loop"
    return f"{lane.interface} · {pool}{' · ordinary project' if lane.ordinary else ''}"


def count_sentence(lane: LaneStage) -> str:
    """`15 thread hops per request · 23 threads at the first answer`; "" as long as there is none."""
    if lane.threads is None:
        return ""
    found = sorted({each.hops for each in lane.requests if each.hops is not None})
    hops = "" if not found else wording.count_noun(found[-1], "thread hop")
    if len(found) > 1:
        hops = f"{found[0]} to {hops}"
    threads = f"{wording.count_noun(lane.threads, 'thread')} at the first answer"
    return f"{hops} per request · {threads}" if hops else threads


@dataclass(frozen=True, slots=True)
class Holder:
    """The answer to: who holds the server?"""

    who: str  # "request #5 holds the only worker"
    so: str  # "no other request can start"
    blocked: bool


def current_holder(stage: Stage, lane: LaneStage) -> Holder:
    """Who keeps the server from taking one more request right now, by the last probe."""
    if lane.state in ("starting", "ready"):
        return Holder("nobody", "no request has been sent yet", blocked=False)
    if lane.state == "died":
        return Holder("nobody", "the server process has died", blocked=True)
    if stage.ended or lane.state == "done":
        return Holder(
            "server free", f"it was blocked for {_percent(1 - bars.free_share(stage, lane))} of the time", blocked=False
        )
    blocks = lane.blocked(stage.t)
    if blocks and blocks[-1].end is None:
        return _held(stage, lane)
    return Holder("server free", "it can take another request", blocked=False)


def _percent(share: float) -> str:
    return f"{share:.1%}".replace(".0%", "%")


def _held(stage: Stage, lane: LaneStage) -> Holder:
    inside = [each.number for each in lane.requests if each.in_view]
    if lane.interface == "WSGI":
        if not inside:
            return Holder("the server itself", "it does not answer the probe", blocked=True)
        seat = "the only worker" if lane.capacity == 1 else f"all {lane.capacity} workers"
        verb = "holds" if len(inside) == 1 else "hold"
        return Holder(f"{wording.request_numbers(inside)} {verb} {seat}", "no other can start", blocked=True)
    guilty = [each.number for each in lane.requests if each.state == "running" or (each.waiting and _on_loop(each))]
    if not guilty:  # those that are suspended hold nothing
        return Holder("the event loop itself", "busy accepting and answering", blocked=True)
    verb = "blocks" if len(guilty) == 1 else "block"
    return Holder(f"{wording.request_numbers(guilty)} {verb} the event loop", "nothing else can run", blocked=True)


def _on_loop(request: RequestStage) -> bool:
    """Is the view under way without having given the loop back?"""
    return request.in_view and not (request.suspended and request.suspended[-1].end is None)


HELD: Final = 0.5  # of its time, from which a held server is why a lane was late


def race_verdict(stage: Stage) -> str:
    """When the last answer came in each lane, and what held it up.

    Empty until every lane is done, or the run, and two can be compared.

    Where a busy machine has spoilt the figures, that instead.
    """
    if not stage.ended and any(lane.total is None for lane in stage.lanes):
        return ""
    if disturbed := disturbance_sentence(stage):
        return disturbed
    done = sorted((lane.total, lane.id) for lane in stage.lanes if lane.total and not _failures(lane))
    if len(done) < 2:
        return ""
    (best, fast), (worst, slow) = done[0], done[-1]
    first, last = stage.lesson.lane(fast).name, stage.lesson.lane(slow).name
    if worst / best < 1.15:
        times = f"{wording.seconds_text(best)} and {wording.seconds_text(worst)}"
        return f"{first} and {last} took about the same time: {times}."
    if len(done) > 2:
        order = [f"{stage.lesson.lane(id).name} {wording.seconds_text(total)}" for total, id in done]
        return f"In the order of their totals: {', '.join(order)}."
    count = len(stage.lanes[0].requests)
    what = "The answer" if count == 1 else f"The last of {wording.number_word(count)} answers"
    told = f"{what} came after {wording.seconds_text(best)} in {first} and {wording.seconds_text(worst)} in {last}"
    return f"{told}{_why_late(stage, stage.lane(slow))}."


def _why_late(stage: Stage, lane: LaneStage) -> str:
    """What was seen to hold the lane's answers up, as the end of a sentence; "" for nothing in particular."""
    if 1 - bars.free_share(stage, lane) < HELD:
        return ""
    if lane.interface != "WSGI":
        return ": its event loop was blocked"
    if lane.capacity >= len(lane.requests):
        return ""
    took = "one worker took them one" if lane.capacity == 1 else f"{lane.capacity} workers took them {lane.capacity}"
    return f": its {took} at a time"


def race_forecast(stage: Stage) -> str:
    """Said beforehand: the run cannot end within its time box; empty when it can, and when it has ended."""
    if stage.ended or stage.spec is None or not stage.time_box:
        return ""
    needs = law.expected_seconds(stage.lesson, stage.spec)
    if needs <= stage.time_box:
        return ""
    return f"The slowest lane would need about {needs:.0f} s; a run is stopped after {stage.time_box:.0f} s."


def _failures(lane: LaneStage) -> int:
    return sum(1 for each in lane.requests if each.failure)


def answer_sentence(request: RequestStage) -> str:
    """When the answer had come, which is what totals end with: the server may still be busy with the request then."""
    if request.sent is None or request.ended is None or request.failure or request.cancelled:
        return ""
    told = f"The answer arrived after {wording.span_text(request.ended - request.sent)}"
    later = any(begun is not None and begun > request.ended for begun in request.begun)
    return f"{told}; that is where totals end." if later else f"{told}."
