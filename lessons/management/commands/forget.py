"""`manage.py forget --days 400`: delete what learners did who have not come back for so long."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from lessons.learning import retention


class Command(BaseCommand):
    help = "Delete what is kept about learners who have done nothing for some days. Their cookie lasts a year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=400, help="from 1 to 10000; 400 by default")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        if not 1 <= days <= 10_000:
            raise CommandError("--days is a whole number from 1 to 10000.")
        count = retention.forget_before(timezone.now() - timedelta(days=days))
        self.stdout.write(f"{count} rows of learners who did not come back are deleted.")
