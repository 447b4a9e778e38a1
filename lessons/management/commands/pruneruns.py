"""`manage.py pruneruns`: delete ended runs that are too old or too many, and shared moments that have expired."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from lessons.runs import archiver


class Command(BaseCommand):
    help = "Delete ended runs that are too old or too many, and expired shares. The site does so once an hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=settings.ARCHIVE_DAYS, help="how long to keep runs (ARCHIVE_DAYS)"
        )
        parser.add_argument(
            "--runs", type=int, default=settings.ARCHIVE_MAX_RUNS, help="how many to keep at most (ARCHIVE_MAX_RUNS)"
        )

    def handle(self, *args: Any, days: int, runs: int, **options: Any) -> None:
        if not 1 <= days <= 36_500:
            raise CommandError("--days is a whole number from 1 to 36500.")
        if not 0 <= runs <= 10_000_000:
            raise CommandError("--runs is a whole number from 0 to 10000000.")
        shares, pruned = archiver.prune_expired(days, runs)
        self.stdout.write(f"{pruned} runs and {shares} expired shares are deleted. Runs with a living share stay.")
