"""Addresses of the sockets."""

from django.urls import URLPattern, path, re_path

from lessons.live.consumer import RunConsumer

viewer = RunConsumer.as_asgi()

websocket_urlpatterns: list[URLPattern] = [
    path("ws/runs/<run>/", viewer),
    re_path(r"", viewer),  # nothing is there, and the browser is told so
]
