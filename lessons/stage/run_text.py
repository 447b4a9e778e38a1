"""A whole run as text, to be followed without seeing it. Pure; every figure was measured.

A run of a hundred requests is told in about as many sentences as one of ten: what repeats itself is told once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lessons.content.model import Lesson
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage import bars, narration, occupancy, prediction, wording
from lessons.stage.fold import fold_events
from lessons.stage.model import LaneStage, Stage
from lessons.stage.race import race_passages
from lessons.stage.steps import StepRow, execution_table, moment_labels, variable_tracker
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint


@dataclass(frozen=True, slots=True)
class RunPassage:
    """A paragraph, perhaps with the time or the step it is about."""

    text: str
    at: str = ""  # "At 1.04 s", "Step 3"


@dataclass(frozen=True, slots=True)
class RunTextPart:
    """A heading with what stands under it."""

    title: str
    passages: tuple[RunPassage, ...] = ()
    parts: tuple["RunTextPart", ...] = ()


@dataclass(frozen=True, slots=True)
class RunText:
    """A run in words."""

    title: str
    so_far: str  # up to where it is told, when that is not the end; else ""
    parts: tuple[RunTextPart, ...]


def write_run_text(lesson: Lesson, events: Sequence[Event], lane: str = "", request: int = 0) -> RunText:
    """The run up to the last of these events, of which there is at least one; the steps are those of this request."""
    stage = fold_events(lesson, events)
    viewpoint = settle_viewpoint(stage, Viewpoint(lane, request))
    parts = (
        RunTextPart("What was sent", tuple(_sent(stage, events))),
        RunTextPart("The race", tuple(_race(stage, events))),
        RunTextPart("Who held the server", parts=tuple(_held(stage))),
        RunTextPart("What came of it", tuple(_totals(stage))),
        RunTextPart("What failed", tuple(_failures(stage))),
        RunTextPart(f"Request #{viewpoint.request}, step by step", parts=tuple(_steps(stage, viewpoint))),
    )
    told = tuple(part for part in parts if part.passages or part.parts)
    so_far = "" if stage.ended else f"{narration.run_situation(stage)} This text goes up to {_clock(stage)}."
    return RunText(f"{lesson.title}: a run in words", so_far, told)


def plain_text(retelling: RunText) -> str:
    """The same as plain text, with headings underlined."""
    blocks = [_underlined(retelling.title, "="), retelling.so_far]
    for part in retelling.parts:
        blocks += [_underlined(part.title, "-"), *map(_line, part.passages)]
        for each in part.parts:
            blocks += [f"* {each.title}", *map(_line, each.passages)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _underlined(title: str, rule: str) -> str:
    return f"{title}\n{rule * len(title)}"


def _line(passage: RunPassage) -> str:
    return f"{passage.at}: {passage.text}" if passage.at else passage.text


def _clock(stage: Stage) -> str:
    return wording.seconds_text(max(0.0, stage.t - stage.zero)) if stage.zero else "the moment before the load begins"


# What was sent


def _sent(stage: Stage, events: Sequence[Event]) -> Iterator[RunPassage]:
    spec = stage.spec
    if spec is None:
        return
    names = wording.join_words([stage.lesson.lane(lane.id).name for lane in stage.lanes])
    each = " each" if len(stage.lanes) > 1 and spec.requests > 1 else ""
    yield RunPassage(
        f"{wording.count_noun(spec.requests, 'request')}{each} to {names}. "
        f"Every fetch_data() waits {spec.wait:g} s for its data."
    )
    for lane in stage.lanes:
        if lane.server:
            name = stage.lesson.lane(lane.id).name
            yield RunPassage(f"{name} runs on {lane.server} {lane.version} ({narration.server_capacity(stage, lane)}).")
    started = next((event.body for event in events if isinstance(event.body, ev.RunStarted)), None)
    if started:
        yield RunPassage(" ".join(_machine(started)))
    if guess := prediction.compare_prediction(stage):
        asked = guess.question or f"How long will it take until all requests of {guess.lane} are answered?"
        yield RunPassage(f"Asked beforehand: {asked} The guess was {guess.predicted}.")


def _machine(started: ev.RunStarted) -> Iterator[str]:
    began = datetime.fromtimestamp(started.at, UTC)
    yield f"Started on {began:%-d %B %Y at %H:%M} UTC, with Python {started.python} and Django {started.django}."
    if started.cores is not None:
        yield f"The machine has {wording.count_noun(started.cores, 'core')}."
    if started.load is not None:
        yield f"In the minute before, {started.load:.1f} processes wanted to run on it at once, on average."


# The race


def _race(stage: Stage, events: Sequence[Event]) -> Iterator[RunPassage]:
    told = [RunPassage(text, f"At {wording.seconds_text(t)}") for t, text in race_passages(stage, events)]
    return iter(told or [RunPassage(f"No request has been sent. {narration.run_situation(stage)}")])


def _held(stage: Stage) -> Iterator[RunTextPart]:
    for lane in stage.lanes:
        title = f"{stage.lesson.lane(lane.id).name}, {narration.server_capacity(stage, lane)}"
        yield RunTextPart(title, tuple(map(RunPassage, occupancy.occupancy_sentences(stage, lane))))


# What came of it


def _totals(stage: Stage) -> Iterator[RunPassage]:
    for lane in stage.lanes:
        name = stage.lesson.lane(lane.id).name
        yield RunPassage(f"{name}: {_total(stage, lane)}.")
        if counted := narration.count_sentence(lane):
            yield RunPassage(f"{name}: {counted}.")
    if verdict := narration.race_verdict(stage):
        yield RunPassage(verdict)
    if (guess := prediction.compare_prediction(stage)) and guess.off + guess.says:
        yield RunPassage(f"{guess.off} {guess.says}".strip())
    if stage.ended and stage.outcome != "done":
        yield RunPassage(narration.run_situation(stage))


def _total(stage: Stage, lane: LaneStage) -> str:
    if lane.sent is None:
        return "no request was sent" if stage.ended else "no request has been sent yet"
    lasted = bars.lane_elapsed(stage, lane)
    done = sum(1 for each in lane.requests if each.state == "done")
    words = [
        f"{done} of {wording.count_noun(len(lane.requests), 'request')} answered in {wording.seconds_text(lasted)}"
    ]
    words[0] += "" if lane.total is not None or stage.ended else " so far"
    if cancelled := sum(1 for each in lane.requests if each.cancelled):
        words.append(f"{cancelled} cancelled")
    if done and lasted:
        words.append(f"{done / lasted:.1f} a second")
    words.append(f"the server was free for {bars.free_share(stage, lane):.0%} of that time")
    return ", ".join(words)


def _failures(stage: Stage) -> Iterator[RunPassage]:
    for lane in stage.lanes:
        name = stage.lesson.lane(lane.id).name
        if lane.exit_code is not None:
            how = f"signal {-lane.exit_code}" if lane.exit_code < 0 else f"exit code {lane.exit_code}"
            yield RunPassage(f"{name}: the server process died ({how}).")
        if lane.tracer_failure:
            yield RunPassage(f"{name}: the tracer switched itself off: {lane.tracer_failure}")
        for failure in dict.fromkeys(each.failure for each in lane.requests if each.failure):
            numbers = [each.number for each in lane.requests if each.failure == failure]
            yield RunPassage(f"{name}, {wording.request_numbers(numbers)}: {failure}")
    if stage.died:
        yield RunPassage(f"Processes of the lab that died: {wording.join_words(stage.died)}.")


# The steps of one request


def _steps(stage: Stage, viewpoint: Viewpoint) -> Iterator[RunTextPart]:
    """The same request in every lane, the pinned one first."""
    for lane in sorted(stage.lanes, key=lambda lane: lane.id != viewpoint.lane):
        request = lane.requests[viewpoint.request - 1]
        rows = execution_table(stage, lane, request)
        said = {each.step: each.text for each in narration.step_sentences(stage, lane, request, rows)}
        passages = [
            RunPassage(f"{row.action}, {_when(row)}. {said[row.step.number]} {_facts(row)}", f"Step {row.step.number}")
            for row in rows
            if row.reached
        ]
        if ahead := [str(row.step.number) for row in rows if not row.reached]:
            word = "Step" if len(ahead) == 1 else "Steps"
            passages.append(
                RunPassage(f"{word} {wording.join_words(ahead)}: not reached{'' if stage.ended else ' yet'}.")
            )
        if answer := narration.answer_sentence(request):
            passages.append(RunPassage(answer))
        passages += _variables(stage, lane, viewpoint.request)
        yield RunTextPart(stage.lesson.lane(lane.id).name, tuple(passages))


def _when(row: StepRow) -> str:
    so_far = " so far" if row.going else ""
    began, took = wording.span_text(row.began or 0.0), wording.span_text(row.took or 0.0)
    return f"{began} after the request was sent, for {took}{so_far}"


def _facts(row: StepRow) -> str:
    suspended = f"yes, {wording.span_text(row.suspended)}" if row.async_wait else "no"
    blocked = f"yes, {wording.span_text(row.blocked)}" if row.server_block else "no"
    return f"Async wait: {suspended}. Server block: {blocked}. Response sent: {'yes' if row.response_sent else 'no'}."


def _variables(stage: Stage, lane: LaneStage, number: int) -> Iterator[RunPassage]:
    labels = moment_labels(stage.lesson, lane.id.partition("@")[0])
    for each in variable_tracker(stage.lesson, lane.requests[number - 1]):
        values = zip(labels, each.values, strict=True)
        if told := [f"{label}: {value}" for label, value in values if value is not None]:
            yield RunPassage("; ".join(told) + ".", f"Variable {each.name}")
