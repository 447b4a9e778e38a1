"""`manage.py recordmeasurement SLUG`: measure this machine, and keep that beside the lesson."""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.content.teaching import Performance
from lessons.lab.events import Body, Event, LaneDone, LaneScheduled, RequestSent, RunCreated, RunEnded, RunStarted
from lessons.lab.supervisor import Lab
from lessons.management.measuring import LessonRuns
from lessons.performance.model import KEY, PLAN, Point, plan_fingerprint, plan_points
from lessons.performance.recorded import dump_measurement, recorded_path


class Command(BaseCommand):
    help = "Measure this machine as Performance does, and keep it as what learners see before they measure theirs."
    requires_system_checks: list[str] = []  # a measurement that is to be replaced does not fit

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        lesson = catalogue.all_lessons().get(slug)
        if lesson is None or lesson.teaching.performance is None:
            raise CommandError(f"there is no lesson {slug!r} with something to measure.")
        events = asyncio.run(self._measure(lesson, lesson.teaching.performance))
        path = recorded_path(lesson)
        path.write_text(dump_measurement(events))
        self.stdout.write(str(path))

    async def _measure(self, lesson: Lesson, performance: Performance) -> list[Event]:
        lab, zero = Lab(time_box=settings.LAB_TIME_BOX), time.monotonic()
        runs = LessonRuns(lab, lesson)
        events: list[Event] = []
        try:
            async for body, point in self._told(runs, performance):
                at = round(time.monotonic() - zero, 3)
                events.append(Event(at, body, f"run-{point.number}" if point else "", point.number if point else 0))
        finally:
            await lab.close()
        return [replace(event, seq=seq) for seq, event in enumerate(events, 1)]

    async def _told(self, runs: LessonRuns, performance: Performance) -> AsyncIterator[tuple[Body, Point | None]]:
        yield RunCreated({KEY: runs.lesson.slug, PLAN: plan_fingerprint(performance)}), None
        for point in plan_points(performance):
            happened = await runs.events([point.lane], point.requests, performance.wait, point.workers)
            done = next((each.body for each in happened if isinstance(each.body, LaneDone)), None)
            if done is None or done.failed:
                raise CommandError(f"{point.lane} with {point.requests} requests could not be measured.")
            if point.number == 1:
                yield next(each.body for each in happened if isinstance(each.body, RunStarted)), None
            self.stdout.write(f"{point.lane}, {point.requests} requests: {done.total:.2f} s")
            yield RequestSent(), point
            for each in happened:
                if isinstance(each.body, LaneScheduled):
                    yield each.body, point
            yield done, point
        yield RunEnded("done"), None
