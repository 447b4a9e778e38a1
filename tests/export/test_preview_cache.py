"""Pictures are drawn a few at a time, for a few who wait, once each; drawing is held back here to see them wait."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from lessons.export import preview_cache
from lessons.export.preview_cache import KEPT, MOST_WAITING, NotDrawn, PreviewCache
from lessons.export.shown import Shown
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes

EVENTS = scenes.one_each()


class Pen:
    """Draws the number of a stage, as often as it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.drawn: list[int] = []

    def draw(self, shown: Shown, viewpoint: Viewpoint) -> bytes:
        assert self.go.wait(30)
        self.drawn.append(shown.stage.seq)
        if viewpoint.lane == "broken":
            raise ValueError("the pen broke")
        return str(shown.stage.seq).encode()


@pytest.fixture
def pen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pen]:
    pen = Pen()
    monkeypatch.setattr(preview_cache, "draw_png", pen.draw)
    yield pen
    pen.go.set()


def asked(cache: PreviewCache, cursor: int, request: int = 0) -> "asyncio.Task[bytes]":
    moment = (scenes.lesson(), "run", EVENTS, cursor, Viewpoint(request=request))
    return asyncio.create_task(cache.png(*moment))


async def test_who_comes_when_as_many_wait_as_may_is_refused_until_they_have_theirs(pen: Pen) -> None:
    cache = PreviewCache()
    waiting = [asked(cache, cursor) for cursor in range(1, MOST_WAITING + 1)]
    await asyncio.sleep(0)
    with pytest.raises(NotDrawn, match="too many at once"):
        await asked(cache, MOST_WAITING + 1)
    pen.go.set()
    assert await asyncio.gather(*waiting) == [b"%d" % cursor for cursor in range(1, MOST_WAITING + 1)]
    assert await asked(cache, MOST_WAITING + 1) == b"%d" % (MOST_WAITING + 1)


async def test_a_moment_that_many_ask_for_is_drawn_once(pen: Pen) -> None:
    cache = PreviewCache()
    waiting = [asked(cache, 7) for _ in range(3 * MOST_WAITING)]
    await asyncio.sleep(0)
    pen.go.set()
    assert await asyncio.gather(*waiting, asked(cache, 7)) == [b"7"] * (3 * MOST_WAITING + 1)
    assert pen.drawn == [7]


async def test_what_nobody_has_asked_for_lately_is_drawn_anew(pen: Pen) -> None:
    pen.go.set()
    cache = PreviewCache()
    for request in range(KEPT + 1):
        await asked(cache, 3, request)
    await asked(cache, 3, KEPT)
    assert len(pen.drawn) == KEPT + 1
    await asked(cache, 3, 0)
    assert len(pen.drawn) == KEPT + 2


async def test_a_picture_that_failed_is_tried_again(pen: Pen) -> None:
    pen.go.set()
    cache = PreviewCache()
    for _ in range(2):
        with pytest.raises(NotDrawn, match="the pen broke"):
            await cache.png(scenes.lesson(), "run", EVENTS, 3, Viewpoint("broken"))
    assert pen.drawn == [3, 3]
