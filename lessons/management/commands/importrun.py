"""`manage.py importrun FILE…`: runs exported as JSON Lines, here or elsewhere, become runs of this site."""

import secrets
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.core.management import BaseCommand, CommandError
from django.urls import reverse

from lessons import catalogue
from lessons.content.faults import ContentError
from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.log import jsonl
from lessons.log.jsonl import NotARun
from lessons.runs import archive

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_EVENTS: Final = 500_000
STDIN: Final = "-"


class Command(BaseCommand):
    help = "Import runs that were exported as JSON Lines. With any fault in any file, nothing is stored."
    requires_system_checks: list[str] = []  # what is read is checked here

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", metavar="FILE", nargs="+", help=f"a run's events.jsonl; {STDIN} for standard input"
        )
        parser.add_argument("--check", action="store_true", help="only say whether the files could be imported")

    def handle(self, *args: Any, files: list[str], check: bool, **options: Any) -> None:
        found: list[tuple[str, Lesson, Sequence[Event]]] = []
        faults: list[str] = []
        for name in files:
            try:
                found.append((name, *read_run(_opened(name))))
            except NotARun as error:
                faults += [": ".join(filter(None, (name, place, reason))) for place, reason in error.faults]
        if faults:
            raise CommandError("\n".join([*faults, "Nothing was imported."]))
        rows = [archive.archive_row(secrets.token_urlsafe(12), "", events) for _, _, events in found]
        for (name, lesson, events), row in zip(found, rows, strict=True):
            if check:
                self.stdout.write(f"{name}: a run of {lesson.slug} with {len(events):,} events")
            else:
                archive.store_row(row)
                self.stdout.write(reverse("lessons:run", args=[lesson.slug, row.run]))


def read_run(file: BinaryIO) -> tuple[Lesson, Sequence[Event]]:
    """The run in the file, which is closed. Raises `NotARun`."""
    with file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise NotARun([("", f"is larger than {MAX_BYTES // 1024**2} MB")])
    if (lines := data.count(b"\n")) > MAX_EVENTS + 1:
        raise NotARun([("", f"has {lines:,} lines; a run may have {MAX_EVENTS:,} events")])
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotARun([(f"line {line}", f"is not UTF-8: {error.reason}")]) from None
    slug = jsonl.header_lesson(text)
    try:
        lesson = catalogue.find_lesson(slug)
    except KeyError:
        known = ", ".join(catalogue.all_lessons())
        raise NotARun([("line 1", f"this site has no lesson {slug[:60]!r}; it has {known}")]) from None
    except ContentError as error:
        raise CommandError(str(error)) from None
    return lesson, jsonl.load_run(text, lesson, catalogue.VOCABULARY)


def _opened(name: str) -> BinaryIO:
    if name == STDIN:
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise NotARun([("", f"cannot be opened: {error.strerror}")]) from None
