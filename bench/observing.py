"""What it costs to be observed: whole lanes, one captured step, and code that is not observed."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from statistics import median
from types import CodeType
from typing import Any

from bench.report import Figure
from bench.totals import total
from lessons.lab import tracer as tracing
from lessons.lab.spec import LaneSpec
from lessons.lab.supervisor import Lab
from lessons.lab.tracer import Tracer, current_request

LANES = (LaneSpec("sync", "waitress"), LaneSpec("async", "daphne"))
REQUESTS, WAIT = 10, 0.3
RUNS = 7
STEPS = 2000
REPEATS = 300


async def lanes() -> dict[str, float]:
    """Total with tracer / total without, by lane; runs take turns, so that both meet the same machine."""
    traced, plain = Lab(), Lab(trace=False)
    traced.prepare()
    ratios = {}
    for lane in LANES:
        pairs = [
            (await total(traced, lane, REQUESTS, WAIT), await total(plain, lane, REQUESTS, WAIT)) for _ in range(RUNS)
        ]
        ratios[lane.lane] = median(with_it for with_it, _ in pairs) / median(without for _, without in pairs)
    await traced.close()
    await plain.close()
    return ratios


def observed(request: Iterator[None]) -> object:
    """Steps with locals like those of the lesson's views: an object of some class and a string."""
    data = "Fetched data value"
    while next(request, data) is None:
        data = data
    return data


def unobserved(turns: range) -> int:
    """Work in the same process, of which nobody asked anything."""
    count = 0
    for turn in turns:
        count += turn
    return count


class Recorder:
    """Takes what the tracer puts, as a lane does, and is emptied between the measurements."""

    def __init__(self) -> None:
        self.queue: SimpleQueue[Any] = SimpleQueue()

    def drain(self) -> int:
        """Empty it; how many records there were."""
        taken = self.queue.qsize()
        for _ in range(taken):
            self.queue.get_nowait()
        return taken


def fastest(work: Callable[[], object], between: Callable[[], object] = lambda: None) -> float:
    """Seconds of this thread's processor time that the work takes when it goes best."""
    best = float("inf")
    for _ in range(REPEATS):
        between()
        start = time.thread_time()
        work()
        best = min(best, time.thread_time() - start)
    return best


def step() -> float:
    """Seconds a captured step costs the view."""
    recorder = Recorder()

    def work() -> None:
        observed(iter([None] * STEPS))

    plain = fastest(work)
    tracer = started(observed.__code__, recorder)
    work()
    recorder.drain()
    work()
    steps = recorder.drain()
    traced = fastest(work, recorder.drain)
    tracer.stop()
    return (traced - plain) / steps


def bystander() -> float:
    """Time of code that is not observed with a tracer at work / without one."""
    turns = range(20 * STEPS)
    plain = fastest(lambda: unobserved(turns))
    tracer = started(observed.__code__, Recorder())
    traced = fastest(lambda: unobserved(turns))
    tracer.stop()
    return traced / plain


def started(code: CodeType, recorder: Recorder) -> Tracer:
    """A tracer at work on that code for request 1, which captures any number of steps."""
    tracing.MAX_STEPS = 10**9  # type: ignore[misc]
    current_request.set(1)
    tracer = Tracer("sync@waitress", code, None, recorder.queue.put)
    tracer.start()
    return tracer


def figures() -> Iterator[Figure]:
    """What observing costs a lane, a step, and code beside it."""
    for lane, ratio in asyncio.run(lanes()).items():
        yield Figure(f"total with tracer / without, {lane}", ratio, at_most=1.01, note=f"{RUNS} runs each")
    gc.disable()
    yield Figure("captured step", step() * 1e6, "us", at_most=1)
    yield Figure("code not observed, with tracer / without", bystander(), at_most=1.05)
