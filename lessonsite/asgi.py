"""The site as an ASGI application: pages over HTTP, and the link of our own pages over WebSockets or over HTTP."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lessonsite.settings")
pages = get_asgi_application()  # sets Django up, which the next import needs

from lessons.live.routing import http_urlpatterns, websocket_urlpatterns  # noqa: E402
from lessonsite.origin import OwnOrigin  # noqa: E402

link: Any = OwnOrigin(URLRouter(http_urlpatterns))  # Django's types know of views only
every_page: Any = pages
application = ProtocolTypeRouter(
    {
        "http": URLRouter([re_path(r"^(?=live/)", link), re_path(r"", every_page)]),
        "websocket": OwnOrigin(URLRouter(websocket_urlpatterns)),
    }
)
