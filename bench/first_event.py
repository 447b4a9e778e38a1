"""From pressing Send to the first event of the run on the page, warm."""

from collections.abc import Iterator
from statistics import quantiles

from bench.page import opened
from bench.report import Figure

RUNS = 20
KINDS = {"run.started": ("first fact of the run", 120.0), "request.received": ("first request in a server", None)}


def measure() -> dict[str, list[float]]:
    """Milliseconds from the press until the first event of each kind was painted, of each run."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with opened() as stage:
        stage.run(2, 0.1, 1)  # warm
        for _ in range(RUNS):
            seen = stage.run(2, 0.1, 1)
            for kind, values in found.items():
                event = next(each for each in seen.events if each.kind == kind)
                values.append((seen.painted(event) - seen.pressed) * 1000)
    return found


def figures() -> Iterator[Figure]:
    """p50 and p95 for each kind of event. Raises `Lacking`."""
    for kind, values in measure().items():
        name, goal = KINDS[kind]
        cuts = quantiles(values, n=20)
        yield Figure(f"press to {name}, p50", cuts[9], "ms", at_most=goal, note=f"{RUNS} warm runs")
        yield Figure(f"press to {name}, p95", cuts[18], "ms")
