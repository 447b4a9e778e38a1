"""Seeking in a long run: 200,000 events made of the lesson's recorded run, repeated under other numbers.

    python -m bench.seek

Going to any event takes at most 50 ms. What its picture then takes depends on the requests, not on the events; it is
measured in the recorded run as it is.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lessonsite.settings")
django.setup()

from lessons.content.model import Lesson  # noqa: E402
from lessons.lab.events import Event, RunCreated, RunEnded  # noqa: E402
from lessons.stage import catalogue  # noqa: E402
from lessons.stage.render import Viewpoint, regions  # noqa: E402
from lessons.stage.tape import Tape  # noqa: E402

EVENTS = 200_000
SEEKS = 400
GOAL = 50.0  # ms
REQUESTS = 100


def events(lesson: Lesson) -> Iterator[Event]:
    """A run of a hundred requests per lane that goes on and on."""
    recorded = catalogue.recorded(lesson)
    first = recorded[0]
    assert isinstance(first.body, RunCreated)
    each = dict(first.body.spec)
    lasted = recorded[-1].t
    yield replace(first, body=replace(first.body, spec={**each, "requests": REQUESTS}))
    numbers = count(2)
    for round in count():
        shift = int(each["requests"]) * round % REQUESTS
        for event in recorded[1:]:
            if isinstance(event.body, RunEnded):
                continue
            request = event.request and (event.request + shift - 1) % REQUESTS + 1
            yield replace(event, seq=next(numbers), t=event.t + round * lasted, request=request)


def report(what: str, action: Callable[[int], object], end: int, goal: str = "") -> float:
    """Go to random events and print how long it took; the longest, in milliseconds."""
    chance = random.Random(4)
    took = []
    for _ in range(SEEKS):
        place = chance.randint(1, end)
        began = time.process_time()  # other processes of a busy machine do not count
        action(place)
        took.append((time.process_time() - began) * 1000)
    took.sort()
    p50, p99 = took[SEEKS // 2], took[SEEKS * 99 // 100]
    print(f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {took[-1]:.1f} ms of {SEEKS} random seeks{goal}")
    return took[-1]


def main() -> int:
    lesson = catalogue.lesson("why-async-matters")
    began = time.perf_counter()
    long = Tape.of(lesson, islice(events(lesson), EVENTS))
    print(f"{long.end:,} events folded in {time.perf_counter() - began:.1f} s")
    longest = report("stage", long.stage, long.end, f"  goal <= {GOAL:.0f} ms")
    real = Tape.of(lesson, catalogue.recorded(lesson))
    report(
        "stage and every region, recorded run", lambda place: regions(real.stage(place), Viewpoint(), "run"), real.end
    )
    return int(longest > GOAL)


if __name__ == "__main__":
    sys.exit(main())
