"""A moment of a run, as forms and addresses name it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode

from lessons import runs
from lessons.content.model import Lesson
from lessons.lab.events import Event, RunCreated
from lessons.lab.spec import RunSpec
from lessons.refusal import Refused
from lessons.stage.playback import START

WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """Where in a run somebody looks, and at what."""

    run: str
    cursor: int  # number of the last event that is shown
    lane: str  # id of the pinned one
    request: int  # number of the pinned one

    def address(self, slug: str, route: str = "lessons:run") -> str:
        """Of the page that shows it."""
        query = urlencode((("lane", self.lane), ("request", self.request), ("cursor", self.cursor)))
        return f"{reverse(route, args=[slug, self.run])}?{query}"


async def history(lesson: Lesson, run: str) -> tuple[Event, ...]:
    """Every event of a run of this lesson so far. Raises `RunUnknown`, `LogUnavailable`."""
    found, events = await runs.service().history(run)
    if found.slug != lesson.slug:
        raise runs.RunUnknown(run)
    return events


async def read(form: Mapping[str, str], lesson: Lesson, run: str) -> Moment:
    """The moment in the fields `cursor`, `lane`, `request`, which the run has. Raises `Refused`."""
    try:
        events = await history(lesson, run)
    except runs.RunUnknown:
        raise Refused("unknown", "This run is not here any more, so it cannot be shared. Send a new one.") from None
    except runs.LogUnavailable:
        raise Refused("away", "The site cannot reach its event log. Try again in a moment.") from None
    cursor = max(START, _whole(form, "cursor", 0, len(events)))  # what is shown for 0, too
    return Moment(run, cursor, *_pinned(form, events))


def _pinned(form: Mapping[str, str], events: Sequence[Event]) -> tuple[str, int]:
    created = events[0].body
    assert isinstance(created, RunCreated)  # or it is no run's history
    spec = RunSpec.from_data(created.spec)
    lane = form.get("lane", "")
    if lane not in [each.lane for each in spec.lanes]:
        raise Refused("malformed", "This run has no such lane. Choose one that is on the page, and share again.")
    return lane, _whole(form, "request", 1, spec.requests)


def _whole(form: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = form.get(name, "")
    if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise Refused("malformed", f"The {name} must be a whole number from {least} to {most}. Nothing was shared.")
    return int(text)
