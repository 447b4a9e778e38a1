"""A request as django-htmx's middleware hands it on."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxHttpRequest(HttpRequest):
    """`htmx` is true when htmx asked, and not a form, a link or an address."""

    htmx: HtmxDetails
    unknown_progress: bool  # the database is away: the page is shown as to somebody new, and says so
