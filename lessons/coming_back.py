"""Whoever comes back is a learner: only then is kept what they opened first. Robots leave nothing."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from lessons import learner, progress
from lessons.refusal import Refused
from lessons.stage import catalogue

FRAMED: Final = "/embed/"  # who frames such a page must not learn, or change, anything of the learner

type View = Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]


@sync_and_async_middleware
def coming_back(get_response: View) -> View:
    """The first page of a learner, which the cookie has told until now, counts as opened."""
    if iscoroutinefunction(get_response):
        opened = sync_to_async(_opened)

        async def following(request: HttpRequest) -> HttpResponse:
            if _has_come(request):
                await opened(request)
            return _told(request, await cast(Awaitable[HttpResponse], get_response(request)))

        return following

    def middleware(request: HttpRequest) -> HttpResponse:
        if _has_come(request):
            _opened(request)
        return _told(request, cast(HttpResponse, get_response(request)))

    return middleware


def _has_come(request: HttpRequest) -> bool:
    """Has a learner come back, to a page that may know them?"""
    return not request.path.startswith(FRAMED) and bool(learner.first(request))


def _opened(request: HttpRequest) -> None:
    slug, mode = learner.first(request) or ("", "")
    with suppress(KeyError, Refused):  # the content may have changed since
        progress.visit(learner.name(request), catalogue.lesson(slug), mode)


def _told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response, with a cookie that need not tell it again."""
    if _has_come(request) and learner.COOKIE not in response.cookies:
        learner.remember(response, learner.name(request), secure=request.is_secure())
    return response
