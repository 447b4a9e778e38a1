"""Pages for what is refused before a view is asked, or by one.

Django's own look for a token in the form first, and end as a fault (500) when it is one that cannot be read.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The host may not be ours, so the page knows nothing of the request."""
    return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Whoever has signed in may not do this."""
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing has this address."""
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)
