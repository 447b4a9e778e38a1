"""From pressing Send to the first event of the run on the page, warm."""

from collections.abc import Iterator
from statistics import quantiles

from bench.page import opened
from bench.report import Figure

RUNS = 20
FIRST = 75.0  # ms, goal
CHANGES = {"first": "anything on the page", "stage": "the stage of the run"}
KINDS = {"run.started": ("first fact of the run", 120.0), "request.received": ("first request in a server", None)}


def measure() -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Milliseconds from the press until a change, and until the first event of a kind, was painted, of each run."""
    changes: dict[str, list[float]] = {what: [] for what in CHANGES}
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with opened() as stage:
        stage.run(2, 0.1, 1)  # warm
        for _ in range(RUNS):
            seen = stage.run(2, 0.1, 1)
            for what, took in changes.items():
                took.append((seen.changes[what] - seen.pressed) * 1000)
            for kind, values in found.items():
                event = next(each for each in seen.events if each.kind == kind)
                values.append((seen.painted(event) - seen.pressed) * 1000)
    return changes, found


def figures() -> Iterator[Figure]:
    """p50 and p95 of each change and of each kind of event. Raises `Lacking`.

    The first change answers the press itself: the button shows that it is busy. The stage is the server's answer.
    """
    changes, found = measure()
    for what, values in changes.items():
        cuts = quantiles(values, n=20)
        goal = FIRST if what == "first" else None
        yield Figure(f"press to {CHANGES[what]}, p50", cuts[9], "ms", note=f"{RUNS} warm runs")
        yield Figure(f"press to {CHANGES[what]}, p95", cuts[18], "ms", at_most=goal)
    for kind, values in found.items():
        name, limit = KINDS[kind]
        cuts = quantiles(values, n=20)
        yield Figure(f"press to {name}, p50", cuts[9], "ms", at_most=limit, note=f"{RUNS} warm runs")
        yield Figure(f"press to {name}, p95", cuts[18], "ms")
