"""Seeking in a long run: 200,000 events made of the lesson's recorded run, repeated under other numbers.

Going to any event takes at most 50 ms. What its picture then takes depends on the requests, not on the events; it is
measured in the recorded run as it is.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lessonsite.settings")
django.setup()

from bench.report import Figure  # noqa: E402
from lessons import catalogue  # noqa: E402
from lessons.content.model import Lesson  # noqa: E402
from lessons.lab.events import Event, RunCreated, RunEnded  # noqa: E402
from lessons.playback.timeline import Timeline  # noqa: E402
from lessons.rendering.regions import RegionRenderer  # noqa: E402
from lessons.stage.viewpoint import Viewpoint  # noqa: E402

EVENTS = 200_000
SEEKS = 400
GOAL = 50.0  # ms
REQUESTS = 100


def events(lesson: Lesson) -> Iterator[Event]:
    """A run of a hundred requests per lane that goes on and on."""
    recorded = catalogue.recorded_events(lesson)
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


def took(action: Callable[[int], object], end: int) -> list[float]:
    """Milliseconds of processor time that each of many random events took to go to, in order of length."""
    chance = random.Random(4)
    found = []
    for _ in range(SEEKS):
        event = chance.randint(1, end)
        began = time.process_time()  # other processes of a busy machine do not count
        action(event)
        found.append((time.process_time() - began) * 1000)
    return sorted(found)


def told(what: str, times: list[float], longest: float | None = None) -> Iterator[Figure]:
    """p50, p99 and the longest of these times (in ms, sorted), with the goal of the last."""
    yield Figure(f"{what}, p50", times[SEEKS // 2], "ms", note=f"{SEEKS} random seeks")
    yield Figure(f"{what}, p99", times[SEEKS * 99 // 100], "ms")
    yield Figure(f"{what}, longest", times[-1], "ms", at_most=longest)


def figures() -> Iterator[Figure]:
    """Folding a long run, going to its events, and rendering what is found there."""
    lesson = catalogue.find_lesson("why-async-matters")
    began = time.perf_counter()
    long = Timeline.of(lesson, islice(events(lesson), EVENTS))
    yield Figure("folding all of it", time.perf_counter() - began, "s", note=f"{long.end:,} events")
    yield from told("going to an event", took(long.stage, long.end), GOAL)
    real = Timeline.of(lesson, catalogue.recorded_events(lesson))
    render = RegionRenderer()
    every_region = took(lambda event: render(real.stage(event), Viewpoint()), real.end)
    yield from told("every region, recorded run", every_region)
