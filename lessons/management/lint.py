"""What an author claims, beside what is measured: every lane, example, task and problem of a lesson is run.

A difference counts only when three measurements in a row show it, and on a busy machine only when each of several does:
a claim that is wrong is wrong each time. What was told of a busy machine says so.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from lessons.content import builds, variants
from lessons.content.code_checks import check_code
from lessons.content.faults import Fault
from lessons.content.model import Claim, Lane, Step
from lessons.content.places import with_line
from lessons.content.samples import has_numbers
from lessons.content.teaching import Build, Evidence, Example, Formula, Problem, Task
from lessons.content.variants import fill_blank, lane_id, syntax_error
from lessons.management.measuring import LessonRuns
from lessons.stage import law, prediction, wording
from lessons.stage.goals import check_goals
from lessons.stage.model import Stage
from lessons.stage.steps import StepRow, execution_table

ENDLESS: Final = "does not end"  # which is no measurement, and not tried again
WAIT: Final = 0.3  # seconds; well above the 50 ms from which a server counts as blocked
TOLERANCE: Final = 0.2  # of a problem's seconds, and of what a prediction's formula gives
PROJECT: Final = 3  # times as much work is a request that passes through an ordinary project
WORK: Final = 0.005  # seconds of a machine like ours that a request costs besides its waits
DOUBT: Final = WAIT / 3  # seconds a server is blocked, below which a claim that it is not blocked may stand
TIMES: Final = 3  # measurements that must show a difference
BUSY_TIMES: Final = 5  # the same, while more processes want to run than there are cores
MORE: Final = 40  # measurements of one lesson, beyond the second ones, that a busy machine may cost
LAW: Final = (3, 2)  # requests and workers with which the law of a lane is tried
PREDICTED: Final = ((3, 1), (5, 2))  # requests and workers with which such a formula is tried

Found = list[tuple[str, str]]  # key, reason


class Lint:
    """The lint of one lesson."""

    def __init__(self, bench: LessonRuns, say: Callable[[str], None]) -> None:
        self._bench = bench
        self._lesson = bench.lesson
        self._say = say
        self._folder = bench.lesson.recorded.parent.parent
        self._failing = frozenset(lane.id for lane in self._lesson.lanes if lane.fails)
        self._more = MORE
        self._broken: set[str] = set()  # lanes of which it has been told that their runs are not as they should be
        self._lit: set[int] = set()  # indexes of the nodes to which a request of any lane has come
        self._reached: dict[str, tuple[StepRow, ...]] = {}  # lane -> its table, when one request is alone in it

    async def differences(self) -> list[Fault]:
        """Every place where a claim and its measurement differ."""
        parts = {
            "lesson.toml": (self._lanes, self._laws, self._evidence, self._examples, self._prediction),
            "tasks.toml": (self._tasks,),
            "problems.toml": (self._problems,),
            "project.toml": (self._project, self._build),
            "review.toml": (self._review,),
        }
        return [
            with_line(Fault(self._folder / name, key, reason))
            for name, checks in parts.items()
            for check in checks
            async for key, reason in check()
        ]

    async def _lanes(self) -> AsyncIterator[tuple[str, str]]:
        for index, lane in enumerate(self._lesson.lanes):
            if not lane.sample.startswith((variants.PREFIX, builds.PREFIX)):
                self._say(f"lane {lane.id}")
                for fault in await self._settled(partial(self._lane, index, lane)):
                    yield fault
        for index, node in enumerate(self._lesson.nodes):
            if self._lit and index not in self._lit:
                yield f"nodes[{index}].on", f"no request of any lane ever reaches {node.id!r}"

    async def _lane(self, index: int, lane: Lane) -> Found:
        wait = self._shortened(self._lesson.presets[0].wait, lane.id)
        stage = await self._bench.run([lane.id], 1, wait)
        reason = run_trouble(stage)
        if lane.fails != bool(reason):
            if reason:
                self._broken.add(lane.id)
            return [(f"lanes[{index}].fails", reason or "is claimed, but every request was answered with success")]
        measured = stage.lane(lane.id)
        self._lit |= {at for at, reached in enumerate(measured.requests[0].nodes) if reached is not None}
        self._reached[lane.id] = rows = execution_table(stage, measured, measured.requests[0])
        return list(_claims(self._lesson.steps, rows, lane))

    async def _laws(self) -> AsyncIterator[tuple[str, str]]:
        """What the axis expects of a lane is what it takes."""
        for index, lane in enumerate(self._lesson.lanes):
            if lane.listed and not lane.fails:
                self._say(f"law of {lane.id}")
                for fault in await self._settled(partial(self._law, index, lane)):
                    yield fault

    async def _law(self, index: int, lane: Lane) -> Found:
        return await self._total(lane.id, f"lanes[{index}].formula", law.lane_formula(self._lesson, lane.id), LAW)

    async def _evidence(self) -> AsyncIterator[tuple[str, str]]:
        teaching = self._lesson.teaching
        for index, moment in enumerate(teaching.key_moments):
            for reason in self._unseen(moment.evidence):
                yield f"key_moments[{index}].evidence", reason
        for index, question in enumerate(teaching.quiz):
            for reason in self._unseen(question.evidence):
                yield f"quiz[{index}].evidence", reason

    async def _review(self) -> AsyncIterator[tuple[str, str]]:
        review = self._lesson.teaching.review
        for index, question in enumerate(review.questions if review else ()):
            for reason in self._unseen(question.evidence):
                yield f"questions[{index}].evidence", reason

    def _unseen(self, evidence: Evidence | None) -> Iterator[str]:
        """Why the evidence cannot be shown. A lane that could not be measured has been told already."""
        rows = self._reached.get(evidence.lane) if evidence else None
        if evidence and rows and not rows[evidence.step - 1].reached:
            yield f"a request of {evidence.lane} never reaches step {evidence.step}"

    async def _examples(self) -> AsyncIterator[tuple[str, str]]:
        for index, example in enumerate(self._lesson.teaching.examples):
            self._say(f"example {example.id}")
            for fault in await self._settled(partial(self._example, index, example)):
                yield fault

    async def _example(self, index: int, example: Example) -> Found:
        """As it is sent, but for waits that are longer than they need be: what is claimed shrinks with them."""
        if self._broken.intersection(example.lanes):
            return []
        shortens = self._fetches(example.ask) and not example.every  # else what is claimed does not shrink alike
        wait = self._shortened(example.wait, *example.lanes) if shortens else example.wait
        stage = await self._bench.run(example.lanes, example.requests, wait, example.workers, example.every)
        total = stage.lane(example.ask).total
        if (reason := run_trouble(stage, self._failing)) or total is None:
            return [(f"examples[{index}]", reason or "has no total")]
        claimed = example.seconds * wait / example.wait
        load, cores = machine_load()
        slowed = load > cores and not self._fetches(example.ask)  # who computes takes longer beside others
        if _agree(claimed, total, stage) or (slowed and total > claimed):
            return []
        given = f" with wait = {wait:g}" if wait != example.wait else ""
        return [(f"examples[{index}].seconds", f"it makes {claimed:.2f} s{given}, and {total:.2f} s was measured")]

    def _shortened(self, wait: float, *lanes: str) -> float:
        """Shorter than need be where nothing but this wait takes time: a view's own time limit would never be met."""
        sources = [self._source(lane) for lane in lanes]
        return wait if any(map(has_numbers, sources)) else min(wait, WAIT)

    def _fetches(self, lane: str) -> bool:
        return "import fetch_data" in self._source(lane)

    def _source(self, lane: str) -> str:
        return self._lesson.sample(lane.partition("@")[0]).source

    async def _prediction(self) -> AsyncIterator[tuple[str, str]]:
        """What is claimed to hold holds, with one worker and with some that leave a round incomplete."""
        asked = self._lesson.teaching.prediction
        if asked is None:
            return
        for requests, workers in PREDICTED:
            self._say(
                f"prediction for {wording.count_noun(requests, 'request')} and {wording.count_noun(workers, 'worker')}"
            )
            check = partial(self._total, asked.lane, "prediction.formula", (asked.formula, asked.waits))
            for fault in await self._settled(partial(check, (requests, workers))):
                yield fault

    async def _total(self, lane: str, key: str, formula: tuple[Formula, int], load: tuple[int, int]) -> Found:
        if lane in self._broken:
            return []
        requests, workers = load
        stage = await self._bench.run([lane], requests, WAIT, workers)
        measured = stage.lane(lane).total
        if (reason := run_trouble(stage)) or stage.spec is None or measured is None:
            return [(key, reason or "has no total")]
        claimed = law.formula_total(*formula, stage.spec)
        if _agree(claimed, measured, stage):
            return []
        given = f"with requests = {requests}, workers = {workers} and wait = {WAIT:g}"
        return [(key, f"{given} it makes {claimed:.2f} s, and {measured:.2f} s was measured")]

    async def _tasks(self) -> AsyncIterator[tuple[str, str]]:
        for index, task in enumerate(self._lesson.teaching.tasks):
            self._say(f"task {task.id}")
            for number, option in enumerate(task.options, 1):
                if task.lines and not option.right:
                    continue  # hundreds of ways, of which each is run when a learner chooses it
                for fault in await self._settled(partial(self._option, index, task, number)):
                    yield fault

    async def _option(self, index: int, task: Task, number: int) -> Found:
        option = task.options[number - 1]
        if syntax_error(fill_blank(task, option)):
            return []
        stage = await self._bench.run([lane_id(task, number)], 1, WAIT)
        key = f"tasks[{index}].options[{number - 1}]"
        if stage.outcome == "timed_out":
            return [(key, f"{ENDLESS}: {stage.reason}")]
        reason = run_trouble(stage) if option.right else ""
        return [(key, f"is right, but {reason}")] if reason else []

    async def _problems(self) -> AsyncIterator[tuple[str, str]]:
        examples = {each.id: each for each in self._lesson.teaching.examples}
        for index, problem in enumerate(self._lesson.teaching.problems):
            if problem.lane:
                self._say(f"problem {problem.id}")
                example = examples[problem.example]
                for fault in await self._settled(partial(self._seconds, index, problem, example)):
                    yield fault

    async def _seconds(self, index: int, problem: Problem, example: Example) -> Found:
        if self._broken.intersection(example.lanes):
            return []
        load, seconds, key = (example.requests, example.wait, example.workers), problem.seconds, "seconds"
        if draw := problem.draw:  # the largest that can come
            load = (max(draw.requests), max(draw.wait), min(draw.workers or (example.workers,)))
        stage = await self._bench.run(example.lanes, *load, example.every)
        if draw and stage.spec:
            seconds, key = law.formula_total(*law.lane_formula(self._lesson, problem.lane), stage.spec), "draw"
        total = stage.lane(problem.lane).total
        if (reason := run_trouble(stage, self._failing)) or total is None:
            return [(f"problems[{index}].example", reason or "has no total")]
        if abs(total - seconds) <= TOLERANCE * seconds:
            return []
        return [(f"problems[{index}].{key}", f"{seconds:g} is claimed, {total:.2f} was measured")]

    async def _settled(self, check: Callable[[], Awaitable[Found]]) -> Found:
        """What each of several measurements shows; one is enough when it shows nothing."""
        found, times = await check(), 1
        while _may_change(found) and (times < TIMES or (times < BUSY_TIMES and self._may_repeat())):
            keys = {key for key, _ in found}
            found, times = [(key, reason) for key, reason in await check() if key in keys], times + 1
        load, cores = machine_load()
        note = f" (measured {times} times on a busy machine: load {load:.1f}, {cores} cores)" if load > cores else ""
        return [(key, reason + note) for key, reason in found]

    def _may_repeat(self) -> bool:
        load, cores = machine_load()
        self._more -= 1
        return load > cores and self._more >= 0

    async def _build(self) -> AsyncIterator[tuple[str, str]]:
        """The author's own choice of blocks reaches the goals."""
        if build := builds.build_of(self._lesson):
            self._say("what is put together")
            for fault in await self._settled(partial(self._built, build)):
                yield fault

    async def _built(self, build: Build) -> Found:
        lane = builds.built_lane(build, builds.solution_choice(build))
        stage = await self._bench.run([lane], build.requests, build.wait)
        if reason := run_trouble(stage):
            return [("build.solution", reason)]
        missed = [goal.text for goal in check_goals(stage, build.goals) if not goal.met]
        return [("build.goals", f"are not reached by the solution: {text}") for text in missed]

    async def _project(self) -> AsyncIterator[tuple[str, str]]:
        """The solution of each step passes its checks, and what the learner starts from does not."""
        found = self._lesson.teaching.project
        before = ""
        for index, step in enumerate(found.steps if found else ()):
            solution = self._lesson.sample(step.solution).source
            for missing in (report := check_code(step, solution)).missing:
                yield f"steps[{index}].solution", f"does not pass the checks of its step: {missing}"
            if report.fault:
                yield f"steps[{index}].solution", report.fault
            if check_code(step, step.starter or before).passed:
                yield f"steps[{index}].checks", "are passed before the learner has done anything"
            before = solution


def _may_change(found: Found) -> bool:
    """Could another measurement show something else?"""
    return bool(found) and not found[0][1].startswith(ENDLESS)


def _agree(claimed: float, measured: float, stage: Stage) -> bool:
    """Is a measured total what is claimed of the waits alone? Work for each request only adds to them."""
    near = max(prediction.FINE, TOLERANCE * claimed)
    work = sum(len(lane.requests) * (PROJECT if lane.ordinary else 1) for lane in stage.lanes)
    return -near <= measured - claimed <= near + WORK * work


def run_trouble(stage: Stage, failing: Collection[str] = ()) -> str:
    """Why a run was not as it should be: done, every request answered with success, all of it seen. "" if it was.

    Requests of the lanes `failing` may fail.
    """
    if stage.outcome != "done":
        return f"the run ended as {stage.outcome}: {stage.reason}"
    for lane in stage.lanes:
        if lane.tracer_failure:
            return f"{lane.id} could not be observed: {lane.tracer_failure}"
        for request in lane.requests:
            if request.failure and lane.id not in failing:
                return f"request {request.number} of {lane.id} failed: {request.failure}"
    return ""


def _claims(steps: tuple[Step, ...], rows: tuple[StepRow, ...], lane: Lane) -> Iterator[tuple[str, str]]:
    for index, (step, row) in enumerate(zip(steps, rows, strict=True)):
        claim = step.claims.get(lane.id)
        key = f"steps[{index}].claims['{lane.id}']"
        seen = Claim(row.async_wait, row.server_block, row.response_sent)
        if claim is None and row.reached and lane.listed:
            yield key, f"is missing, but the step is reached: {_told(seen)}"
        elif claim is not None and not row.reached:
            yield key, "is claimed, but the step is never reached"
        elif claim is not None and claim != seen and not _doubtful(claim, seen, row):
            yield key, f"measured: {_told(seen)}"


def _doubtful(claim: Claim, seen: Claim, row: StepRow) -> bool:
    """Do they differ in a block alone that was measured, but so short that a probe of a busy machine may be why?"""
    return replace(claim, server_block=True) == seen and row.blocked < DOUBT


def _told(claim: Claim) -> str:
    values = {"async_wait": claim.async_wait, "server_block": claim.server_block, "response_sent": claim.response_sent}
    return "{ " + ", ".join(f"{name} = {str(value).lower()}" for name, value in values.items()) + " }"


def machine_load() -> tuple[float, int]:
    """Processes that wanted to run, averaged over the last minute, and the cores there are for them."""
    return os.getloadavg()[0], os.cpu_count() or 1
