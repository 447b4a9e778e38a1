"""Every address of the site, as its own resolvers know them: one that is new is asked for without a word here."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver

from lessons.live.routing import http_urlpatterns, websocket_urlpatterns
from lessonsite.staff import ADMIN

PARAMETER: Final = re.compile(r"<(?:\w+:)?(\w+)>")  # of a route: <slug:slug>
GROUP: Final = re.compile(r"\(\?P<(\w+)>[^)]*\)")  # of an expression: (?P<url>.*)
ANCHOR: Final = re.compile(r"[\^$]")
BESIDE: Final = ("/static/<name>", "/<name>", "/<name>/<name>/")  # what no resolver knows


@cache
def page_routes() -> tuple[str, ...]:
    """What is asked over HTTP: `/lessons/<slug>/runs/`."""
    known = [*_below("/", get_resolver().url_patterns), *_below("/", http_urlpatterns), *BESIDE]
    return tuple(dict.fromkeys(each for each in known if not each.startswith(ADMIN)))


@cache
def staff_routes() -> tuple[str, ...]:
    """The admin's, of which there are as many as of all others."""
    return tuple(each for each in _below("/", get_resolver().url_patterns) if each.startswith(ADMIN))


@cache
def socket_routes() -> tuple[str, ...]:
    """What a WebSocket may be opened at."""
    return tuple(dict.fromkeys([*_below("/", websocket_urlpatterns), *BESIDE]))


def _below(prefix: str, patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for each in patterns:
        route = prefix + ANCHOR.sub("", PARAMETER.sub(r"<\1>", GROUP.sub(r"<\1>", str(each.pattern))))
        if isinstance(each, URLResolver):
            yield from _below(route, each.url_patterns)
        else:
            yield route
