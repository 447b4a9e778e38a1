"""From a stage to the regions of the page.

A region is an element with an id whose inside is rendered from the same template partial for the whole
page and for a frame. A `RegionRenderer` gives every region of a stage; a viewer is sent those that changed.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from django.template.loader import get_template

from lessons.rendering import contexts
from lessons.stage.model import LaneStage, Stage
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

KEPT: Final = 8  # renderings of a region that are remembered: viewers of one run look from a few places
RECENT: Final = 16  # stages of which what all viewers see alike is remembered


class Region(NamedTuple):
    """A part of the page that is sent by itself."""

    tag: str
    names: tuple[str, ...]  # of the context: everything its template asks for


LANE_REGIONS: Final = {
    "meta": Region("div", ("state", "server", "capacity", "counted", "predicted", "trouble")),
    "who": Region("p", ("hold",)),
}
RUN_REGIONS: Final = {
    "status": Region("div", ("state", "outcome", "situation", "python", "django")),
    "verdict": Region("div", ("verdict", "again", "forecast")),
    "totals": Region("div", ("totals",)),
    "prediction": Region("div", ("prediction", "goal", "known")),
}
PINNED_REGIONS: Final = {
    "code": Region("div", ("pin_number", "codes")),
    "table": Region("div", ("rows", "tab_row", "queued", "answer", "trouble")),
    "tracker": Region("div", ("columns", "variables")),
    "narration": Region("div", ("sentences",)),
    "said": Region("div", ("moment",)),
}


def render_regions(stage: Stage, viewpoint: Viewpoint) -> dict[str, str]:
    """Every region of one stage alone; see `RegionRenderer`."""
    return RegionRenderer()(stage, viewpoint)


class RegionRenderer:
    """Renders the stages of one run, and remembers what may come again: that is freed with the renderer."""

    def __init__(self) -> None:
        self.renderings = 0  # regions that had to be rendered so far
        self._kept: dict[str, deque[tuple[dict[str, Any], str]]] = {}
        self._recent: OrderedDict[int, tuple[Stage, dict[str, str]]] = OrderedDict()

    def __call__(self, stage: Stage, viewpoint: Viewpoint) -> dict[str, str]:
        """Region id -> element for a frame, to be swapped out of band. Equal input gives equal text."""
        return {**self._shared(stage), **dict(self._personal(stage, settle_viewpoint(stage, viewpoint)))}

    def _shared(self, stage: Stage) -> dict[str, str]:
        """What every viewer at this cursor sees alike. Stages are kept as long, so ids are theirs alone."""
        if (found := self._recent.get(id(stage))) is not None:
            return found[1]
        made = dict(self._render_shared(stage))
        self._recent[id(stage)] = stage, made
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return made

    def _render_shared(self, stage: Stage) -> Iterator[tuple[str, str]]:
        run = contexts.run_context(stage)
        for name, region in RUN_REGIONS.items():
            yield self._region(name, region, f"lessons/stage/_run.html#{name}", run)
        for lane in stage.lanes:
            yield from self._of_lane(lane, LANE_REGIONS, contexts.lane_context(stage, lane))

    def _personal(self, stage: Stage, viewpoint: Viewpoint) -> Iterator[tuple[str, str]]:
        """What depends on the pinned request."""
        pinned = contexts.pinned_context(stage, viewpoint)
        for name, region in PINNED_REGIONS.items() if pinned else ():
            yield self._region(name, region, f"lessons/stage/_pinned.html#{name}", pinned)

    def _of_lane(
        self, lane: LaneStage, regions: Mapping[str, Region], context: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        for name, region in regions.items():
            id = f"{name}-{contexts.lane_key(lane.id)}"
            yield self._region(id, region, f"lessons/stage/_lane.html#{name}", context, "lane")

    def _region(
        self, id: str, region: Region, template: str, context: Mapping[str, Any], prefix: str = ""
    ) -> tuple[str, str]:
        """The region made of this context, which the template sees as it is, or under the name `prefix`.

        Most regions are what they were in the frame before, and comparing is ten times as quick as rendering.
        """
        part = {name: context[name] for name in region.names}
        known = self._kept.setdefault(id, deque(maxlen=KEPT))
        for made_of, html in known:
            if made_of == part:
                return id, html
        html = _render(id, region, template, part, prefix)
        self.renderings += 1
        known.appendleft((part, html))
        return id, html


def _render(id: str, region: Region, template: str, part: dict[str, Any], prefix: str) -> str:
    inside = _renderer(template)({prefix: part} if prefix else part)
    return f'<{region.tag} id="{id}" hx-swap-oob="innerMorph">{inside}</{region.tag}>'


@cache
def _renderer(template: str) -> Callable[[dict[str, Any]], str]:
    """The loader's own cache does not keep partials. One for each region's template."""
    return get_template(template).render
