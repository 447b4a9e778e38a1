"""The application: registers what `manage.py check` looks at, and what is deleted by itself."""

import atexit

from django.apps import AppConfig


class LessonsConfig(AppConfig):
    """Everything a live lesson needs."""

    name = "lessons"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and what is done once an hour and at the end of the process."""
        from lessons import checks, database  # noqa: F401  (checks register themselves; both need the settings)
        from lessons.learning import retention
        from lessons.runs import archiver

        archiver.tidying.connect(retention.forget_by_itself)

        atexit.register(database.close_pool)
