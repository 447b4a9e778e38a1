"""The admin: what learners did, to look at and not to change."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.db.models.query import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from lessons import catalogue
from lessons.learning import statistics
from lessons.models import (
    Answer,
    AnswerStatistics,
    ArchivedRun,
    Badge,
    CardState,
    ItemRun,
    LatestMeasurement,
    PatternTest,
    ProjectCode,
    Share,
    Visit,
)

admin.site.site_header = admin.site.site_title = "Lessonsite"
admin.site.index_title = "What learners did"


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for type checkers only
    """Rows are looked at. They change by what learners do, and in no other way."""

    actions = None
    actions_on_top = True  # without it the page brings a style of its own, which our content policy forbids
    date_hierarchy = "at"
    list_per_page = 50
    ordering = ("-at", "-pk")  # the newest first

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds rows here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes rows here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes rows here; `manage.py forget` and `pruneruns` do."""
        return False


@admin.register(Answer)
class AnswerAdmin(ReadOnly):
    """What was answered, attempt by attempt."""

    list_display = ("at", "lesson", "group", "item", "attempt", "option", "number", "right")
    list_filter = ("lesson", "group", "right", "attempt")


@admin.register(Visit)
class VisitAdmin(ReadOnly):
    """Which modes were opened."""

    list_display = ("at", "lesson", "mode")
    list_filter = ("lesson", "mode")


@admin.register(CardState)
class CardStateAdmin(ReadOnly):
    """How well cards are remembered, and when they are due."""

    list_display = ("at", "lesson", "card", "reviews", "rating", "due")
    list_filter = ("lesson", "card", "rating")


@admin.register(Badge)
class BadgeAdmin(ReadOnly):
    """Which badges were earned."""

    list_display = ("at", "lesson", "name")
    list_filter = ("lesson", "name")


@admin.register(ProjectCode)
class ProjectCodeAdmin(ReadOnly):
    """What was written in projects."""

    list_display = ("at", "lesson", "step", "passed")
    list_filter = ("lesson", "step", "passed")


@admin.register(LatestMeasurement)
class LatestMeasurementAdmin(ReadOnly):
    """The latest measurement of each learner and lesson."""

    list_display = ("at", "lesson", "measurement", "complete")
    list_filter = ("lesson", "complete")


@admin.register(PatternTest)
class PatternTestAdmin(ReadOnly):
    """What came of each test."""

    list_display = ("at", "lesson", "right", "total", "seed")
    list_filter = ("lesson", "right")


@admin.register(ItemRun)
class ItemRunAdmin(ReadOnly):
    """Which run shows a task, a problem or a step to its learner."""

    list_display = ("at", "lesson", "group", "item", "run")
    list_filter = ("lesson", "group")


@admin.register(ArchivedRun)
class ArchivedRunAdmin(ReadOnly):
    """Runs that have ended."""

    list_display = ("at", "lesson", "run", "outcome", "count", "load", "archived_at")
    list_filter = ("lesson", "outcome")
    search_fields = ("run",)
    exclude = ("learner", "events")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArchivedRun]:
        """The rows without their events."""
        found: QuerySet[ArchivedRun] = super().get_queryset(request)
        return found.defer("events")  # kilobytes each, and nothing to look at


@admin.register(Share)
class ShareAdmin(ReadOnly):
    """Moments that were shared."""

    list_display = ("key", "lesson", "run", "cursor", "lane", "request", "expires")
    list_filter = ("lesson",)
    date_hierarchy = "expires"
    ordering = ("-expires", "-pk")


@admin.register(AnswerStatistics)
class AnswerStatisticsAdmin(ReadOnly):
    """A table per question in place of the list."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The tables of every lesson. Raises `PermissionDenied`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        lessons = catalogue.all_lessons().values()
        context = {
            **self.admin_site.each_context(request),
            "title": "How often each option was chosen",
            "opts": self.opts,
            "tables": [table for lesson in lessons for table in statistics.answer_tables(lesson)],
        }
        return TemplateResponse(request, "admin/lessons/answerstatistics/tables.html", context)
