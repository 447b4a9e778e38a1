"""Addresses of the link: a socket, or an event stream with the words beside it."""

from typing import Any

from django.urls import URLPattern, path, re_path

from lessons.live.consumer import RunConsumer
from lessons.live.stream import RunStream, WordsPost

# Django's types know of views only.
_socket: Any = RunConsumer()
_stream: Any = RunStream()
_words: Any = WordsPost()

websocket_urlpatterns: list[URLPattern] = [
    path("live/runs/<run>/", _socket),
    re_path(r"", _socket),  # nothing is there, and the browser is told so
]
http_urlpatterns: list[URLPattern] = [
    path("live/runs/<run>/", _stream),
    path("live/words/<name>/", _words),
]
