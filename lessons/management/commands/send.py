"""`manage.py send`: a run in the terminal. The same lab as on the page, the same events, the same stage."""

import asyncio
import secrets
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from lessons import catalogue
from lessons.content.faults import ContentError
from lessons.content.model import Lesson
from lessons.lab.events import CancelRequested, Event, RunCreated, RunEnded
from lessons.lab.spec import (
    MAX_REQUESTS,
    MAX_WAIT,
    MAX_WORKERS,
    MIN_REQUESTS,
    MIN_WAIT,
    MIN_WORKERS,
    LaneSpec,
    RunSpec,
    SpecError,
)
from lessons.lab.supervisor import Lab
from lessons.log import jsonl
from lessons.log.open import open_log
from lessons.log.protocol import EventLog
from lessons.management.terminal import Screen

BAD_OPTION = 2
INTERRUPTED = 130
OPTIONS = {"requests": "--requests", "wait": "--wait", "workers": "--workers", "lanes": "--lane"}


class Command(BaseCommand):
    help = "Send a lesson's requests to real servers and watch them in the terminal."
    requires_system_checks: list[str] = []  # nothing here needs the database or the pages

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lesson", metavar="SLUG", help="the lesson; the first one when left out")
        parser.add_argument("--requests", metavar="N", help=f"of each lane, {MIN_REQUESTS} to {MAX_REQUESTS}")
        parser.add_argument("--wait", metavar="SECONDS", help=f"I/O wait, {MIN_WAIT} to {MAX_WAIT}")
        parser.add_argument("--workers", metavar="N", help=f"threads of a WSGI server, {MIN_WORKERS} to {MAX_WORKERS}")
        parser.add_argument(
            "--lane",
            metavar="SAMPLE[@SERVER]",
            action="append",
            default=[],
            help="a lane to run, repeatable; the lesson's choice when left out",
        )
        parser.add_argument("--json", action="store_true", help="one event a line on standard output, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        lesson = _lesson(options["lesson"])
        spec = _spec(lesson, options)
        screen = None if options["json"] else Screen(lesson, sys.stdout)
        try:
            ended = asyncio.run(self._send(lesson, spec, screen))
        except BrokenPipeError:  # the reader of our output has seen enough
            sys.stderr.close()
            sys.exit(1)
        if ended.outcome == "cancelled":
            raise CommandError(ended.reason, returncode=INTERRUPTED)
        if ended.outcome != "done":
            raise CommandError(ended.reason)

    async def _send(self, lesson: Lesson, spec: RunSpec, screen: Screen | None) -> RunEnded:
        lab = Lab(time_box=settings.LAB_TIME_BOX)
        log = open_log()
        sending = Sending(lab, log)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, sending.cancel)
        try:
            await sending.submit(spec, lesson)
            return await self._show(sending, lesson, screen)
        finally:
            await lab.close()
            await log.close()

    async def _show(self, sending: "Sending", lesson: Lesson, screen: Screen | None) -> RunEnded:
        if screen is None:
            self.stdout.write(jsonl.header_line(lesson.slug), ending="")
        async for batch in sending.log.follow(sending.run):
            sending.seen = batch.events[-1].t
            if screen is not None:
                screen.show(batch.events)
            else:
                self.stdout.write("".join(map(jsonl.event_line, batch.events)), ending="")
                self.stdout.flush()
            if isinstance(ended := batch.events[-1].body, RunEnded):
                return ended
        raise CommandError("The run's events ended before the run did.")


class Sending:
    """The one run of this command, from submit to cancel."""

    def __init__(self, lab: Lab, log: EventLog) -> None:
        self.lab = lab
        self.log = log
        self.run = secrets.token_urlsafe(8)
        self.seen = 0.0  # time of the event shown last, seconds since the run began
        self._cancelling: asyncio.Task[int] | None = None

    async def submit(self, spec: RunSpec, lesson: Lesson) -> None:
        """Create the run and hand it to the lab."""
        await self.log.create(self.run)
        await self.log.append(self.run, [Event(0.0, RunCreated(spec.as_data()))])
        self.lab.submit(self.run, spec, {sample.id: sample.path for sample in lesson.samples}, self._emit)

    def cancel(self) -> None:
        """End the run; `run.ended` follows when its processes are gone."""
        if self._cancelling is None:
            asked = [Event(self.seen, CancelRequested())]
            self._cancelling = asyncio.create_task(self.log.append(self.run, asked))
            self.lab.cancel(self.run)

    async def _emit(self, events: Sequence[Event]) -> None:
        await self.log.append(self.run, events)


def _lesson(slug: str | None) -> Lesson:
    try:
        known = catalogue.all_lessons()
    except ContentError as error:
        raise CommandError(str(error)) from None
    if not known:
        raise CommandError("There is no lesson.")
    if slug is None:
        return next(iter(known.values()))
    if slug not in known:
        raise CommandError(f"--lesson: there is no lesson {slug!r}; choose {_either(known)}.", returncode=BAD_OPTION)
    return known[slug]


def _spec(lesson: Lesson, options: Mapping[str, Any]) -> RunSpec:
    preset = lesson.presets[0]
    lanes = [_lane_argument(lesson, text) for text in options["lane"]]
    chosen = lanes or [LaneSpec.parse(lane.id) for lane in lesson.lanes if lane.chosen]
    try:
        return RunSpec(
            lesson.slug,
            tuple(chosen),
            _number(options["requests"], preset.requests, int),
            _number(options["wait"], preset.wait, float),
            _number(options["workers"], preset.workers, int),
        )
    except SpecError as error:
        raise CommandError(f"{OPTIONS.get(error.field, error.field)}: {error}", returncode=BAD_OPTION) from None


def _number(text: str | None, default: float, kind: type) -> Any:
    """What is not a number stays text: the spec says what is allowed instead."""
    if text is None:
        return default
    try:
        return kind(text)
    except ValueError:
        return text


def _lane_argument(lesson: Lesson, text: str) -> LaneSpec:
    sample, at, server = text.partition("@")
    servers = {each.id: each.servers for each in lesson.samples}.get(sample, ())
    wanted = f"{sample}@{server}" if at else f"{sample}@{servers[0] if servers else ''}"
    if wanted in [lane.id for lane in lesson.lanes]:
        return LaneSpec.parse(wanted)
    allowed = _either([lane.id for lane in lesson.lanes if lane.listed])
    raise CommandError(f"--lane: {lesson.slug} has no lane {text!r}; choose {allowed}.", returncode=BAD_OPTION)


def _either(names: Mapping[str, object] | Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
