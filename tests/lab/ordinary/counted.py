"""The ASGI application of an ordinary project; `/counts` tells its hops so far and its threads just now."""

import json
import os
from typing import Any

import asgiref.sync
from django.core.asgi import get_asgi_application

hops = 0
_to_thread = asgiref.sync.SyncToAsync.__call__


async def _counted(self: Any, *args: Any, **kwargs: Any) -> Any:
    global hops
    hops += 1
    return await _to_thread(self, *args, **kwargs)


asgiref.sync.SyncToAsync.__call__ = _counted  # type: ignore[method-assign]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
project = get_asgi_application()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The project's own, but for one address."""
    if scope.get("path") != "/counts":
        await project(scope, receive, send)
        return
    counts = {"hops": hops, "threads": len(os.listdir("/proc/self/task"))}
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(counts).encode()})
