"""The site as an ASGI application: pages over HTTP, frames over WebSockets from our own pages only."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lessonsite.settings")
pages = get_asgi_application()  # sets Django up, which the next import needs

from lessons.live.routing import websocket_urlpatterns  # noqa: E402
from lessonsite.origin import OwnOrigin  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": OwnOrigin(URLRouter(websocket_urlpatterns)),
    }
)
