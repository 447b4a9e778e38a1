"""`manage.py check`: every fault of the lessons, told at once."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from lessons import catalogue
from lessons.performance.recorded import measurement_faults


@register("content")
def check_content(**kwargs: Any) -> list[CheckMessage]:
    """One error per fault of a lesson's folder, or of what it has recorded."""
    faults = catalogue.all_faults()
    if not faults:
        faults = tuple(fault for lesson in catalogue.all_lessons().values() for fault in measurement_faults(lesson))
    return [Error(str(fault), id="lessons.E001") for fault in faults]
