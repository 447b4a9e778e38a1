"""What the viewers of one run share: views that are rendered once, and the differences between two of them."""

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from lessons.playback import playhead
from lessons.playback.clock import Mode
from lessons.playback.playhead import PlayheadFields
from lessons.playback.timeline import Timeline
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint

VIEWS, CHANGES, HEADS = 64, 256, 64  # kept per run; the one that was used longest ago goes first

Regions = Callable[[Stage, Viewpoint], Mapping[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What is seen at one cursor from one viewpoint."""

    number: int  # tells views apart
    cursor: int
    viewpoint: Viewpoint
    stage: Stage
    regions: Mapping[str, str]  # region id -> HTML


class FrameCache:
    """Renders the views of one run by `regions`, and remembers."""

    def __init__(self, regions: Regions) -> None:
        self.spent = 0.0  # seconds of rendering; whoever watches it sets it back
        self._regions = regions
        self._numbers = count(1)
        self._views: OrderedDict[tuple[int, Viewpoint], View] = OrderedDict()
        self._changes: OrderedDict[tuple[int, int], str] = OrderedDict()
        self._scene: tuple[tuple[int, int], str] = (-1, -1), ""
        self._heads: OrderedDict[tuple[int, int, Mode, float], PlayheadFields] = OrderedDict()

    def clear(self) -> None:
        """The timeline is another one now."""
        self._views.clear()
        self._scene = (-1, -1), ""

    def view(self, timeline: Timeline, cursor: int, viewpoint: Viewpoint) -> View:
        """See `Hub.view`."""
        key = cursor, viewpoint
        if (found := self._views.get(key)) is None:
            began = time.perf_counter()
            stage = timeline.stage(cursor)
            found = View(next(self._numbers), cursor, viewpoint, stage, self._regions(stage, viewpoint))
            self.spent += time.perf_counter() - began
        _keep(self._views, key, found, VIEWS)
        return found

    def changes(self, before: View | None, after: View) -> str:
        """See `Hub.changes`."""
        key = before.number if before else 0, after.number
        if (found := self._changes.get(key)) is None:
            old: Mapping[str, str] = before.regions if before else {}
            content = "".join(html for id, html in after.regions.items() if old.get(id) != html)
            found = json.dumps(content) if content else ""
        _keep(self._changes, key, found, CHANGES)
        return found

    def scene(self, timeline: Timeline, known: int) -> str:
        """The facts that follow the first `known`, as JSON: the same text for all viewers who know as many."""
        facts = timeline.facts.facts
        key = known, len(facts)
        if self._scene[0] != key:
            told = {"from": known, "facts": facts[known:]}
            self._scene = key, json.dumps(told, separators=(",", ":"))
        return self._scene[1]

    def playhead_fields(self, timeline: Timeline, end: int, view: View, mode: Mode, rate: float) -> PlayheadFields:
        """See `Hub.playhead_fields`."""
        key = view.number, end, mode, rate
        if (found := self._heads.get(key)) is None:
            found = playhead.playhead_fields(timeline, end, view.stage, view.viewpoint, mode, rate)
        _keep(self._heads, key, found, HEADS)
        return found


def _keep[K, V](cache: OrderedDict[K, V], key: K, value: V, limit: int) -> None:
    cache[key] = value
    cache.move_to_end(key)
    if len(cache) > limit:
        cache.popitem(last=False)
