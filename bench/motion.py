"""How often the moving picture is painted while a run goes: two lanes in a real Chromium on the same machine."""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.page import Seen, Stage, opened
from bench.report import Figure, spread

RUNS = 3
CASES = {10: (4, 58.0), 100: (16, 55.0)}  # requests -> workers, frames a second that are the goal
# What the compositor tells of each of its frames. It is little, so that telling it slows nothing down.
CATEGORY = "disabled-by-default-devtools.timeline.frame"
WHOLE = "STATE_PRESENTED_ALL"  # it brought what the page's scripts have drawn, and was shown


def figures() -> Iterator[Figure]:
    """Frames a second, the longest pause between two, and long tasks, for each number of requests. Raises `Lacking`."""
    with opened() as stage:
        stage.run(1, 0.1, 1)  # warm
        for requests, (workers, goal) in CASES.items():
            watched = [traced(stage, requests, workers) for _ in range(RUNS)]
            rates = [(len(shown) - 1) / (shown[-1] - shown[0]) for _, shown in watched]
            pauses = [after - before for _, shown in watched for before, after in pairwise(shown)]
            tasks = [each for seen, _ in watched for each in seen.tasks]
            what = f"2 x {requests} requests"
            # The worst of the runs: none may stutter.
            yield Figure(f"frames painted, {what}", min(rates), "/s", at_least=goal, note=spread(rates, "/s"))
            yield Figure(f"longest pause between two frames, {what}", max(pauses) * 1000, "ms")
            yield Figure(
                f"long tasks of the page, {what}", len(tasks), at_most=0, note=f"longest {max(tasks, default=0):.0f} ms"
            )


def traced(stage: Stage, requests: int, workers: int) -> tuple[Seen, Sequence[float]]:
    """A run, and when each frame was shown from the first request that was sent to the end, in Unix seconds."""
    browser = stage.page.context.browser
    assert browser is not None
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        browser.start_tracing(page=stage.page, path=trace, categories=[CATEGORY])
        seen = stage.run(requests, 1.0, workers)
        browser.stop_tracing()
        told = json.loads(trace.read_text())["traceEvents"]
    sent = next(each.t for each in seen.events if each.kind == "request.sent")
    first, last = seen.began + sent, seen.began + seen.events[-1].t
    return seen, [each for each in presented(told) if first <= each <= last]


def presented(told: Sequence[Mapping[str, Any]]) -> list[float]:
    """When each frame with news of the page was shown, in Unix seconds, in order."""
    shift = time.time() - time.monotonic()  # a trace has the monotonic clock
    pages = {each["pid"] for each in told if each["name"] == "process_name" and each["args"]["name"] == "Renderer"}
    begun: dict[tuple[int, str], str] = {}
    shown = []
    for each in sorted(told, key=lambda event: float(event.get("ts", 0))):
        if each["name"] != "PipelineReporter" or each["pid"] not in pages:
            continue
        key = each["pid"], each["id2"]["local"]
        if each["ph"] == "b":
            begun[key] = each["args"]["frame_reporter"]["state"]
        elif begun.pop(key, "") == WHOLE:
            shown.append(each["ts"] / 1e6 + shift)
    return sorted(shown)
