"""The application: registers what `manage.py check` looks at."""

from django.apps import AppConfig


class LessonsConfig(AppConfig):
    """Everything a live lesson needs."""

    name = "lessons"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks."""
        from lessons import checks  # noqa: F401  (registers itself; needs the settings)
