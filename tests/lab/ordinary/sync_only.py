"""A middleware that knows no async."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SyncOnly:
    """Passes every request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer as it is."""
        return self._get_response(request)
