"""`manage.py check`: every fault of the lessons, told at once."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from lessons import catalogue


@register("content")
def check_content(**kwargs: Any) -> list[CheckMessage]:
    """One error per fault of a lesson's folder or of its recorded run."""
    return [Error(str(fault), id="lessons.E001") for fault in catalogue.all_faults()]
