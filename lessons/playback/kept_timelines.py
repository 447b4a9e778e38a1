"""The timelines of ended runs that were looked at last: a class that opens one run has it folded once."""

from collections import OrderedDict

from lessons.content.model import Lesson
from lessons.playback.timeline import Timeline


class KeptTimelines:
    """Those looked at longest ago go first. Belongs to one event loop."""

    def __init__(self, most: int) -> None:
        """`most`: events in all of them."""
        self._most = most
        self._kept: OrderedDict[str, Timeline] = OrderedDict()

    def find(self, lesson: Lesson, run: str) -> Timeline | None:
        """That of a run of this lesson, as the lesson is now."""
        found = self._kept.get(run)
        if found is None or found.live.lesson is not lesson:
            return None
        self._kept.move_to_end(run)
        return found

    def keep(self, run: str, timeline: Timeline) -> None:
        """Keep it if its run has ended, and is not so long that it would push out all others."""
        if not timeline.live.ended or timeline.end > self._most // 2:
            return
        self._kept[run] = timeline
        self._kept.move_to_end(run)
        while sum(each.end for each in self._kept.values()) > self._most:
            self._kept.popitem(last=False)

    def drop(self, run: str) -> None:
        """Its run is gone."""
        self._kept.pop(run, None)
