"""From an event to its picture: two lanes in a real Chromium on the same machine."""

from collections.abc import Iterator
from statistics import quantiles

from bench.page import opened
from bench.report import Figure

RUNS = 3
CASES = {10: (4, 25.0, 60.0), 100: (16, 50.0, 120.0)}  # requests -> workers, goals of p50 and p99 in ms


def figures() -> Iterator[Figure]:
    """p50 and p99 of event to painted, and long tasks, for each number of requests. Raises `Lacking`."""
    with opened() as stage:
        stage.run(1, 0.1, 1)  # warm
        for requests, (workers, p50, p99) in CASES.items():
            runs = [stage.run(requests, 1.0, workers) for _ in range(RUNS)]
            latencies = [each for seen in runs for each in seen.latencies()]
            tasks = [each for seen in runs for each in seen.tasks]
            cuts = quantiles(latencies, n=100)
            what = f"2 x {requests} requests"
            yield Figure(f"event to painted, {what}, p50", cuts[49], "ms", at_most=p50, note=f"{len(latencies)} events")
            yield Figure(f"event to painted, {what}, p99", cuts[98], "ms", at_most=p99)
            yield Figure(
                f"long tasks of the page, {what}", len(tasks), at_most=0, note=f"longest {max(tasks, default=0):.0f} ms"
            )
