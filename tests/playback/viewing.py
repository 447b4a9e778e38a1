"""A viewer of a small run, and the frames that it gets."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from lessons.lab.events import Event
from lessons.playback.hub import Hub
from lessons.playback.viewer import Viewer
from lessons.stage.viewpoint import Viewpoint
from tests.playback.watched import Watched
from tests.stage import scenes

ANYWHERE = Viewpoint()


@asynccontextmanager
async def watching(
    viewpoint: Viewpoint = ANYWHERE, events: Sequence[Event] = (), requests: int = 10
) -> AsyncIterator[tuple[Watched, Hub, Viewer]]:
    watched = Watched()
    await watched.begin(scenes.spec(requests=requests), events)
    async with watched.hub() as hub:
        yield watched, hub, Viewer(hub, viewpoint)
    await watched.log.close()


def shown(viewer: Viewer) -> dict[str, Any]:
    """The next frame, acknowledged."""
    frame = viewer.frame()
    assert frame is not None
    message: dict[str, Any] = json.loads(frame)
    assert viewer.acknowledge(message["frame"])
    return message
