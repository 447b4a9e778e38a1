"""Whoever comes back is a learner: only then is kept what they opened first. Robots leave nothing."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from lessons import catalogue, identity
from lessons.errors import Refused
from lessons.learning import progress

FRAMED: Final = "/embed/"  # who frames such a page must not learn, or change, anything of the learner

type View = Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]


@sync_and_async_middleware
def first_visit_middleware(get_response: View) -> View:
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
    return not request.path.startswith(FRAMED) and bool(identity.first_page(request))


def _opened(request: HttpRequest) -> None:
    slug, mode = identity.first_page(request) or ("", "")
    with suppress(KeyError, Refused):  # the content may have changed since
        progress.record_visit(identity.learner_name(request), catalogue.find_lesson(slug), mode)


def _told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response, with a cookie that need not tell it again."""
    if _has_come(request) and identity.COOKIE not in response.cookies:
        identity.remember_learner(response, identity.learner_name(request), secure=request.is_secure())
    return response
