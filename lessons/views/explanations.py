"""What a domain error means to a learner: a status, and words. Said here, once for every form of a reply."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpResponseBase

from lessons.content.faults import ContentError
from lessons.database import is_away
from lessons.errors import Refused
from lessons.export.preview_cache import NotDrawn
from lessons.lab.supervisor import OWN_WAITING, LabFull, TooManyOwn
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.performance.service import MeasurementUnknown, TooManyMeasurements
from lessons.runs.labs import LabAway
from lessons.runs.service import NotYours
from lessons.runs.shares import LASTS, ShareExpired, ShareGone
from lessons.views.limits import TooManyFromAddress
from lessons.views.run_access import OtherRunUnknown
from lessons.views.turnstile import TooMuchFromAddress, TooMuchToMake


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something is not done or not shown."""

    status: HTTPStatus
    heading: str  # a sentence without its full stop
    advice: str  # the sentences behind it
    retry_after: int = 0  # seconds until it is worth trying again; 0: it is not known to be
    details: tuple[str, ...] = ()  # for who works on the site: shown with DEBUG alone

    @property
    def sentence(self) -> str:
        """All of it, where there is no heading."""
        return f"{self.heading}. {self.advice}" if self.heading else self.advice


TOLD: Final = 30  # faults of a lesson that are told at once

KNOWN: Final[Mapping[type[Exception], Explanation]] = {
    RunUnknown: Explanation(
        HTTPStatus.NOT_FOUND,
        "This run is not here any more",
        "A run is kept for a limited time. Nothing of the lesson is lost: send the requests again and watch a new one.",
    ),
    OtherRunUnknown: Explanation(
        HTTPStatus.NOT_FOUND,
        "One of these runs is not here any more",
        "It has been deleted, it is too old, or it belongs to another lesson.",
    ),
    MeasurementUnknown: Explanation(HTTPStatus.NOT_FOUND, "This measurement is not here any more", "Measure again."),
    NotYours: Explanation(HTTPStatus.FORBIDDEN, "Only the learner who began this can cancel it", "It goes on."),
    ShareGone: Explanation(
        HTTPStatus.NOT_FOUND,
        "There is no such moment",
        f"The address may be mistyped, or the moment was shared more than {LASTS.days} days ago. "
        "You can send requests yourself and watch a run of your own.",
    ),
    ShareExpired: Explanation(
        HTTPStatus.GONE,
        "This moment is not shared any more",
        f"A shared address works for {LASTS.days} days. "
        "You can send the same requests yourself and watch a run of your own.",
    ),
    LogUnavailable: Explanation(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The site cannot reach its event log",
        "Nothing is lost, and nothing was changed: try again in a moment.",
        5,
    ),
    LabFull: Explanation(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The lab is full, and so is its queue",
        "Nothing was run: try again in a minute.",
        60,
    ),
    LabAway: Explanation(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The lab that runs the requests cannot be reached",
        "Nothing was run: try again in a moment.",
        5,
    ),
    TooManyOwn: Explanation(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"{OWN_WAITING} runs of yours are waiting already",
        "Your runs go one at a time. Send the next one when one of these has ended.",
        10,
    ),
    TooManyFromAddress: Explanation(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Your network has asked for too much in this minute",
        "Nothing was started: others would have to wait for it. Try again in a minute.",
        60,
    ),
    TooManyMeasurements: Explanation(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Others are measuring just now",
        "Measurements at the same time would spoil each other. Try again in a minute.",
        60,
    ),
    ContentError: Explanation(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "This lesson is out of order",
        "There is a mistake in its files, which has been logged. The other lessons are not affected.",
    ),
    TooMuchFromAddress: Explanation(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Your network has asked for very much at once",
        "It is answered one after another. Try again in a moment.",
        5,
    ),
    TooMuchToMake: Explanation(
        HTTPStatus.SERVICE_UNAVAILABLE, "Very much is asked for just now", "Try again in a moment.", 5
    ),
    NotDrawn: Explanation(
        HTTPStatus.SERVICE_UNAVAILABLE, "The picture cannot be drawn just now", "Try again in a moment.", 5
    ),
}
REFUSALS: Final[Mapping[str, HTTPStatus]] = {
    "unknown": HTTPStatus.NOT_FOUND,
    "learner": HTTPStatus.FORBIDDEN,
    "malformed": HTTPStatus.BAD_REQUEST,
    "too-long": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too-many": HTTPStatus.TOO_MANY_REQUESTS,
    "out-of-turn": HTTPStatus.CONFLICT,
    "repeated": HTTPStatus.CONFLICT,
    "settled": HTTPStatus.CONFLICT,
    "not-due": HTTPStatus.CONFLICT,
}
AWAY: Final = Explanation(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The site cannot reach its database",
    "What you have just done was not kept: try again in a moment.",
    5,
)
DOMAIN_ERRORS: Final[tuple[type[Exception], ...]] = (Refused, *KNOWN)


def explain_error(error: Exception) -> Explanation | None:
    """What to tell of one of `DOMAIN_ERRORS`; None of any other error, which is a fault of ours."""
    if isinstance(error, Refused):
        return Explanation(REFUSALS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY), "", error.message)
    if is_away(error):
        return AWAY
    found = next((KNOWN[each] for each in type(error).__mro__ if each in KNOWN), None)
    if found and isinstance(error, ContentError) and settings.DEBUG:
        return replace(found, details=tuple(map(str, error.faults[:TOLD])))
    return found


def say_when[R: HttpResponseBase](response: R, trouble: Explanation | None) -> R:
    """The response, which tells when to come again, if that is known."""
    if trouble and trouble.retry_after:
        response["Retry-After"] = str(trouble.retry_after)
    return response


async def catch_trouble[T](deed: Awaitable[T]) -> tuple[T | None, Explanation | None]:
    """What the deed gives; or, for a page that says it in place, why it came to nothing.

    What does not exist has no page to say so: `Refused("unknown")` goes on.
    """
    try:
        return await deed, None
    except DOMAIN_ERRORS as error:
        if isinstance(error, Refused) and error.code == "unknown":
            raise
        return None, explain_error(error)
