"""A form whose token is not the browser's own, most often because its cookies have been cleared since."""

from http import HTTPStatus
from typing import Final

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from lessons.htmx import HtmxHttpRequest
from lessons.middleware import ANSWER
from lessons.views.error_replies import say_plainly

FRESH: Final = "Lesson-Token"  # the header with a new token; read by static/js/token.js
LOST: Final = (
    "This browser has lost the site's cookie, so nothing was accepted. Allow cookies for this site, then try again."
)
ELSEWHERE: Final = (
    "The site does not accept what is sent from this address. Whoever runs it can allow it: CSRF_TRUSTED_ORIGINS."
)


def csrf_failure(request: HtmxHttpRequest, reason: str = "") -> HttpResponse:
    """The page that says so; for a script of ours a new token, with which it posts the form once more.

    No other site can make a browser send the header `HX-Request` to us, nor read the token.
    """
    if not request.htmx:
        return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
    if reason.startswith(("Origin", "Referer")):
        return say_plainly(ELSEWHERE, HTTPStatus.FORBIDDEN)
    response = say_plainly(LOST, HTTPStatus.FORBIDDEN)
    response[ANSWER], response[FRESH] = "token", get_token(request)
    return response
