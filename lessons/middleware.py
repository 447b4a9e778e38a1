"""What every answer of the site goes through.

It says what it is, so that a page's scripts know it from anything else: a proxy's error, a sign-in page.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, Literal, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware

from lessons.htmx import HtmxHttpRequest

ANSWER: Final = "Lesson-Answer"  # the header that tells what an answer of ours is; read by static/js/answers.js

LEARNERS_OWN: Final = ("page", "fragment", "token")  # answers that may differ between learners: no cache may share them

type Kind = Literal["page", "fragment", "text", "nothing", "token"]
type View = Callable[[HtmxHttpRequest], HttpResponse | Awaitable[HttpResponse]]


@sync_and_async_middleware
def answer_kind_middleware(get_response: View) -> View:
    """Says in a header what each answer is: a whole page, a part of one, a sentence, nothing, or a new token.

    What may differ between learners is kept by no cache that others share.

    A script that posts a form is told where to go on instead of being led there: it could not tell a page it was led
    to from an answer. Stands inside of whatever compresses answers, and outside of whatever may refuse a request.
    """
    if iscoroutinefunction(get_response):

        async def answering(request: HtmxHttpRequest) -> HttpResponse:
            return _declared(request, await cast(Awaitable[HttpResponse], get_response(request)))

        return answering

    def middleware(request: HtmxHttpRequest) -> HttpResponse:
        return _declared(request, cast(HttpResponse, get_response(request)))

    return middleware


@sync_and_async_middleware
def utf8_middleware(get_response: View) -> View:
    """Reads each form as UTF-8, as every browser sends the forms of our pages, whatever its charset claims to be."""
    if iscoroutinefunction(get_response):

        async def reading(request: HtmxHttpRequest) -> HttpResponse:
            request.encoding = "utf-8"
            return await cast(Awaitable[HttpResponse], get_response(request))

        return reading

    def middleware(request: HtmxHttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        return cast(HttpResponse, get_response(request))

    return middleware


def _declared(request: HtmxHttpRequest, response: HttpResponse) -> HttpResponse:
    if request.method == "POST" and request.htmx and 300 < response.status_code < 304:
        response["HX-Redirect"] = response["Location"]
        response.status_code = HTTPStatus.NO_CONTENT
        del response["Location"], response["Content-Type"]
    if ANSWER not in response and (kind := _kind(response)):
        response[ANSWER] = kind
    if response.get(ANSWER) in LEARNERS_OWN and not getattr(response, "xframe_options_exempt", False):  # an embed
        patch_vary_headers(response, ("Cookie",))
        response.setdefault("Cache-Control", "private")
    return response


def _kind(response: HttpResponse) -> Kind | None:
    """What an answer is; None for files and other things that no page takes in."""
    if response.status_code == HTTPStatus.NO_CONTENT:
        return "nothing"
    media_type = response.get("Content-Type", "").partition(";")[0]
    if response.streaming or media_type not in ("text/html", "text/plain"):
        return None
    if media_type == "text/plain":
        return "text"
    return "page" if response.content.lstrip()[:9].lower() == b"<!doctype" else "fragment"
