"""A small site for the tests of delivery: the real consumer, and a door through which a test plays the lab.

`POST /runs/<run>` with packed events, one a line, appends them (and begins the run if it is new); `DELETE` lets it
expire; `GET /state` tells what the process holds.
"""

import asyncio
import json
import os
import resource
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from lessons.live.consumer import RunConsumer  # noqa: E402
from lessons.live.mailbox import MemoryMailboxes  # noqa: E402
from lessons.live.stream import RunStream, WordsPost  # noqa: E402
from lessons.log.codec import unpack_event  # noqa: E402
from lessons.log.memory import MemoryLog  # noqa: E402
from lessons.log.protocol import RunUnknown  # noqa: E402
from lessons.playback.hub import Hubs  # noqa: E402
from lessons.stage.model import Stage  # noqa: E402
from lessons.stage.viewpoint import Viewpoint  # noqa: E402
from tests.playback.watched import readable  # noqa: E402
from tests.stage import scenes  # noqa: E402

PADDING = "x" * int(os.environ.get("PADDING", "0"))


def regions(stage: Stage, viewpoint: Viewpoint) -> dict[str, str]:
    """The readable regions, the first one made as large as is asked."""
    made = readable(stage, viewpoint)
    return made | {"clock": made["clock"] + PADDING}


log = MemoryLog(ttl=600)
hubs = Hubs(log, lambda spec: scenes.lesson(), lambda: regions, check=0.05)


async def door(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    run = scope["path"].rpartition("/")[2]
    last = 0
    if scope["method"] == "POST":
        last = await _append(run, body.decode())
    elif scope["method"] == "DELETE":
        log._forget(run)
    answer = json.dumps(_state() | {"appended": last}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]})
    await send({"type": "http.response.body", "body": answer})


async def _append(run: str, text: str) -> int:
    events = [unpack_event(line, 0) for line in text.splitlines()]
    try:
        return await log.append(run, events)
    except RunUnknown:
        await log.create(run)
        return await log.append(run, events)


def _state() -> dict[str, Any]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    names = (task.get_name() for task in asyncio.all_tasks())
    return {
        "tasks": sorted(name for name in names if name.startswith(("viewer", "hub"))),
        "ends": {run: hub.end for run, hub in hubs._hubs.items()},
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": _memory(),
    }


def _memory() -> int:
    """Bytes of memory that this process holds."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


mailboxes = MemoryMailboxes()
TIMES: dict[str, dict[str, float]] = {"runs": {}, "hasty": {"patience": 0.3}, "pulse": {"beat": 0.05}}
route: Any = path  # Django's types know of views only
other: Any = re_path
application = ProtocolTypeRouter(
    {
        "http": URLRouter(
            [
                *(
                    route(f"live/{name}/<run>/", RunStream(lambda: hubs, lambda: mailboxes, **times))
                    for name, times in TIMES.items()
                ),
                route("live/words/<name>/", WordsPost(lambda: mailboxes)),
                other(r"", door),
            ]
        ),
        "websocket": AllowedHostsOriginValidator(
            URLRouter(
                [
                    *(
                        route(f"live/{name}/<run>/", RunConsumer(lambda: hubs, **times))
                        for name, times in TIMES.items()
                    ),
                    other(r"", RunConsumer(lambda: hubs)),
                ]
            )
        ),
    }
)
