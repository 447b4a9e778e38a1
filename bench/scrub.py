"""Scrubbing in a run that has ended: picture, regions and messages of a drag of two seconds, in a real Chromium."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from math import cos, pi
from statistics import median, quantiles

from playwright.sync_api import Page

from bench.page import opened
from bench.report import Figure, spread
from bench.traffic import Messages

DRAGS = 6  # of each kind
LASTS, EVERY = 2.0, 0.016  # seconds of a drag, and between two moves of the pointer
PHASE = 0.061  # seconds by which each drag is longer than the one before: what comes now and then is met at any time
SETTLED = 800  # ms after which nothing more comes of a drag
FRAMES, REGIONS, MESSAGES = 1, 60.0, 12  # goals; of the regions in ms


@dataclass
class Drags:
    """What was seen of drags of one kind."""

    frames: list[int] = field(default_factory=list)  # animation frames from each move to its picture
    painted: list[float] = field(default_factory=list)  # the same in ms
    regions: list[float] = field(default_factory=list)  # ms from the pointer's rest to the regions of that moment
    messages: list[int] = field(default_factory=list)
    missing: int = 0  # drags after which no frame came for the last moment


def figures() -> Iterator[Figure]:
    """Frames and ms until the picture follows, ms until the regions do, and messages. Raises `Lacking`."""
    with opened() as stage:
        messages = Messages(stage.page)
        stage.run(10, 1.0, 4)
        stage.page.locator("#scrubber").scroll_into_view_if_needed()
        held, released = Drags(), Drags()
        for number in range(DRAGS):
            for drags, release in ((held, False), (released, True)):
                drag(stage.page, messages, drags, LASTS + number * PHASE, release=release)
    frames, painted = (*held.frames, *released.frames), (*held.painted, *released.painted)
    cuts = quantiles(painted, n=100)
    note = f"{len(frames)} moves; {sum(each > FRAMES for each in frames)} took more, p50 {median(frames):g}"
    yield Figure("pointer to picture, most animation frames", max(frames), at_most=FRAMES, note=note)
    yield Figure("pointer to picture, p50", cuts[49], "ms")
    yield Figure("pointer to picture, p99", cuts[98], "ms")
    for name, drags in (("pointer rests, held down", held), ("pointer released", released)):
        note = spread(drags.regions, "ms") + (f", {drags.missing} without a frame" if drags.missing else "")
        yield Figure(f"{name}, to regions, p50", median(drags.regions), "ms", note=note)
        yield Figure(f"{name}, to regions, longest", max(drags.regions), "ms", at_most=REGIONS)
    counts = list(chain(held.messages, released.messages))
    yield Figure("messages of one drag, most", max(counts), at_most=MESSAGES, note=spread([float(x) for x in counts]))


def drag(page: Page, messages: Messages, drags: Drags, lasts: float, *, release: bool) -> None:
    """Move the scrubber to and fro for so many seconds; then release it at once, or let it rest before that."""
    box = page.locator("#scrubber").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.evaluate("Object.assign(watched, { moves: [], words: [], frames: [] })")
    messages.clear()
    page.mouse.move(box["x"] + box["width"] * 0.1, y)
    page.mouse.down()
    began = time.monotonic()
    while (gone := time.monotonic() - began) < lasts:
        # To four fifths of the axis and half of the way back: what is shown in the end was not shown just before.
        share = 0.45 - 0.35 * cos(1.5 * pi * gone / lasts)
        page.mouse.move(box["x"] + box["width"] * share, y)
        time.sleep(max(0.0, EVERY - (time.monotonic() - began - gone)))
    if release:
        page.mouse.up()
    page.wait_for_timeout(SETTLED)
    note(page, drags)
    if not release:
        page.mouse.up()
        page.wait_for_timeout(SETTLED)
    drags.messages.append(sum(messages.count))


def note(page: Page, drags: Drags) -> None:
    """Take down what the page has seen since the drag began."""
    seen = page.evaluate("watched")
    drags.frames += [each["frames"] for each in seen["moves"]]
    drags.painted += [(each["painted"] - each["at"]) * 1000 for each in seen["moves"] if each["painted"]]
    last = max(each["id"] for each in seen["words"])
    told = [each["at"] for each in seen["frames"] if each["heard"] >= last]
    if told:
        drags.regions.append((told[0] - seen["pointer"]) * 1000)
    else:
        drags.missing += 1
