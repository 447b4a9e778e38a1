#!/usr/bin/env python3
"""Django's command line for this site."""

import os
import sys


def main() -> None:
    """Run the command that was asked for; a database that cannot be used is told in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lessonsite.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from lessons.database import why_away

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"The database of DATABASE_URL cannot be used: {why_away(error)}")


if __name__ == "__main__":  # child processes of multiprocessing import this file: they must not start a command
    main()
