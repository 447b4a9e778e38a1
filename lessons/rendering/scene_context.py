"""The scene for a page: the first pictures, drawn by the server, and the facts with which the browser goes on."""

from collections.abc import Sequence
from typing import Any

from lessons.lab.spec import RunSpec
from lessons.rendering import scene_svg
from lessons.rendering.timeline_svg import SceneMoment
from lessons.stage import drawing, law
from lessons.stage.facts import Fact
from lessons.stage.model import Stage
from lessons.stage.picture import header, lane_heads
from lessons.stage.scene import read_scene
from lessons.stage.viewpoint import Viewpoint


def scene_context(stage: Stage, viewpoint: Viewpoint, facts: Sequence[Fact], known: float) -> dict[str, Any]:
    """The pictures of each lane at the stage's moment, in a run known up to `known` s, and the scene for it."""
    spec = stage.spec
    assert spec is not None  # its history begins with it
    heads, at = lane_heads(stage.lesson, spec), scene_moment(stage, spec, facts, known)
    pictures = []
    for index, head in enumerate(heads):
        pinned = viewpoint.request if head.id == viewpoint.lane else 0
        drawn = {
            width: scene_svg.draw_svg(stage.lesson, at, index, head, width, pinned=pinned) for width in head.layouts
        }
        pictures.append(drawn)
    data = {"header": header(heads, spec, at.end), "from": 0, "facts": facts}
    return {"pictures": pictures, "scene": data, "axis": at.axis}


def scene_moment(stage: Stage, spec: RunSpec, facts: Sequence[Fact], known: float) -> SceneMoment:
    """The scene at the stage's moment, in a run known up to `known` s."""
    guesses = {stage.prediction.lane: stage.prediction.seconds} if stage.prediction else {}
    scene = read_scene(len(spec.lanes), spec.requests, facts)
    return SceneMoment(scene, law_end(stage, spec), stage.t * 1000, known * 1000, guesses)


def law_end(stage: Stage, spec: RunSpec) -> float:
    """Seconds of the time axis by the law, with room for a prediction."""
    need = law.BEYOND * law.expected_seconds(stage.lesson, spec)
    guess = stage.prediction
    return max(need, guess.seconds) if guess and guess.seconds <= drawing.FURTHER * need else need
