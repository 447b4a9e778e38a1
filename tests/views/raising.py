"""Addresses of views that raise what they are asked to, in every form of a reply, async or not."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from django.http import HttpRequest
from django.urls import include, path
from django.views.decorators.http import require_safe

from lessons.content.faults import ContentError, Fault
from lessons.errors import Refused
from lessons.export.preview_cache import NotDrawn
from lessons.lab.supervisor import LabFull, TooManyOwn
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.performance.service import MeasurementUnknown, TooManyMeasurements
from lessons.runs.labs import LabAway
from lessons.runs.service import NotYours
from lessons.runs.shares import ShareExpired, ShareGone
from lessons.views.error_replies import frameable, reply_as_text, reply_form
from lessons.views.limits import TooManyFromAddress
from lessons.views.run_access import OtherRunUnknown
from lessons.views.turnstile import TooMuchFromAddress, TooMuchToMake

ERRORS: Final[Mapping[str, Exception]] = {
    "run": RunUnknown("a-run"),
    "other-run": OtherRunUnknown("a-run", "another"),
    "measurement": MeasurementUnknown("a-measurement"),
    "foreign": NotYours("a-run"),
    "share": ShareGone("a-key"),
    "expired": ShareExpired("await-together"),
    "log": LogUnavailable("it is away"),
    "full": LabFull("64 runs wait"),
    "own": TooManyOwn("3 wait"),
    "no lab": LabAway("no lab is up"),
    "flooding": TooManyFromAddress(),
    "measuring": TooManyMeasurements("2 go on"),
    "content": ContentError([Fault(Path("lesson.toml"), "title", "must be a text")]),
    "picture": NotDrawn("too many at once"),
    "making": TooMuchToMake(),
    "making for one": TooMuchFromAddress(),
    "refused": Refused("too-many", "No more than <200>."),
    "unknown": Refused("unknown", "There is no such thing."),
    "fault": ValueError("a fault of ours"),
}


def raise_it(request: HttpRequest, name: str, slug: str = "") -> NoReturn:
    raise ERRORS[name]


async def raise_it_async(request: HttpRequest, name: str, slug: str = "") -> NoReturn:
    raise ERRORS[name]


@reply_form(reply_as_text)
def raise_as_text(request: HttpRequest, name: str) -> NoReturn:
    raise ERRORS[name]


@reply_form(reply_as_text)
async def raise_as_text_async(request: HttpRequest, name: str) -> NoReturn:
    raise ERRORS[name]


@frameable
def raise_in_frame(request: HttpRequest, name: str) -> NoReturn:
    raise ERRORS[name]


@frameable
@require_safe
async def raise_in_frame_async(request: HttpRequest, name: str) -> NoReturn:
    raise ERRORS[name]


VIEWS: Final[Mapping[str, Callable[..., Any]]] = {
    "page": raise_it,
    "page-async": raise_it_async,
    "text": raise_as_text,
    "text-async": raise_as_text_async,
    "frame": raise_in_frame,
    "frame-async": raise_in_frame_async,
}
urlpatterns = [
    path("", include("lessons.urls")),
    path("raise/lesson/<slug:slug>/<str:name>/", raise_it),
    *(path(f"raise/{form}/<str:name>/", each) for form, each in VIEWS.items()),
]
