"""`manage.py lintlessons`: run everything that the lessons offer, and compare their claims with the measurement."""

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from lessons import catalogue
from lessons.content.faults import ContentError, Fault
from lessons.content.model import Lesson
from lessons.lab.supervisor import Lab
from lessons.management.lint import Lint
from lessons.management.measuring import LessonRuns

BAD_OPTION = 2


class Command(BaseCommand):
    help = "Run every lane, example, task and problem of the lessons live; fail where one differs from its claim."
    requires_system_checks: list[str] = []  # the content is read below, and nothing else is needed

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", metavar="SLUG", nargs="*", help="a lesson; all of them when left out")

    def handle(self, *args: Any, slugs: list[str], verbosity: int, **options: Any) -> None:
        if faults := catalogue.all_faults():
            self._report(faults, "Fix what cannot be read first")
        found = asyncio.run(self._lint(_chosen(slugs), verbosity))
        self._report(found, "Claims that differ from the measurement")
        self.stdout.write("Every claim is as measured.")

    async def _lint(self, lessons: Sequence[Lesson], verbosity: int) -> list[Fault]:
        lab = Lab(time_box=settings.LAB_TIME_BOX)
        found: list[Fault] = []
        try:
            for lesson in lessons:

                def say(what: str, slug: str = lesson.slug) -> None:
                    if verbosity:
                        self.stdout.write(f"{slug}: {what}")
                        self.stdout.flush()

                found += await Lint(LessonRuns(lab, lesson), say).differences()
        finally:
            await lab.close()
        return found

    def _report(self, faults: Sequence[Fault], title: str) -> None:
        """Tell the faults and end, if there are any."""
        if faults:
            self.stderr.write(f"{title}:")
            for fault in faults:
                self.stderr.write(str(fault))
            sys.exit(1)


def _chosen(slugs: Sequence[str]) -> list[Lesson]:
    try:
        known = catalogue.all_lessons()
    except ContentError as error:
        raise CommandError(str(error)) from None
    for slug in slugs:
        if slug not in known:
            raise CommandError(f"there is no lesson {slug!r}; choose {', '.join(known)}.", returncode=BAD_OPTION)
    return [known[slug] for slug in slugs] if slugs else list(known.values())
