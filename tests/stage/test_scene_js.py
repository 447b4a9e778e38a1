"""The browser draws what the server draws: both are given the same scenes, and asked for the same moments."""

import json
import random
import re
import subprocess
from collections.abc import Iterator
from typing import Any, Final

import pytest

from lessons.lab.spec import LaneSpec, RunSpec
from lessons.stage.facts import RUN, Fact, FactKind, RunFacts
from lessons.stage.picture import axis_for, draw_lane, header, lane_heads, row_paths, strip_path
from lessons.stage.scene import read_scene
from tests.processes import ROOT
from tests.stage.scenes import lesson, one_each

DENO: Final = ROOT / ".venv/bin/deno"
ZERO: Final = 99.0
NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


def made_up(chance: random.Random, spec: RunSpec) -> list[Fact]:
    """Facts of a run that might have been: each request in the order of its own time, requests mixed."""
    told: list[Fact] = [[RUN, 0, FactKind.ZERO.value, ZERO]]
    ways = [
        list(_way(chance, lane, number)) for lane in range(len(spec.lanes)) for number in range(1, spec.requests + 1)
    ]
    ways += [list(_probes(chance, lane)) for lane in range(len(spec.lanes))]
    while any(ways):
        told.append(chance.choice([way for way in ways if way]).pop(0))
    return told


def _way(chance: random.Random, lane: int, number: int) -> Iterator[Fact]:
    t, thread = ZERO, chance.randrange(3)
    kinds: list[tuple[FactKind, *tuple[int, ...]]] = [
        (FactKind.SENT,),
        (FactKind.RECEIVED, thread),
        (FactKind.STATION, 1),
    ]
    kinds += [(FactKind.ENTERED, chance.choice((thread, thread, 5))), (FactKind.STATION, 3), (FactKind.WAITS,)]
    kinds += [(FactKind.FETCHES, 1)] + [(FactKind.SUSPENDED,), (FactKind.RESUMED,)] * chance.randrange(3)
    kinds += [(FactKind.WAITED,), (FactKind.LEFT,), (chance.choice((FactKind.ANSWERED, FactKind.FAILED)),)]
    for kind, *value in kinds[: chance.choice((len(kinds), len(kinds), chance.randrange(len(kinds))))]:
        t = round(t + chance.choice((0.1, 3.0, 30.0, 60.0, 400.0)), 1)
        yield [lane, number, kind.value, t, *value]
        if kind is FactKind.STATION and chance.random() < 0.3:  # it turns out to have been earlier
            yield [lane, number, kind.value, round(t - chance.choice((0.1, 50.0, 300.0)), 1), *value]


def _probes(chance: random.Random, lane: int) -> Iterator[Fact]:
    t = ZERO
    for _ in range(6):
        for kind in (FactKind.PROBED, FactKind.PROBE_ANSWERED):
            t = round(t + chance.choice((1.0, 20.0, 80.0, 500.0)), 1)
            yield [lane, 0, kind.value, t]


def cases() -> list[dict[str, Any]]:
    chance = random.Random(20261126)
    sizes = [(1, 1), (4, 2), (10, 1), (10, 4), (25, 16), (60, 3), (100, 16)]
    found = []
    for requests, workers in sizes:
        lanes = tuple(map(LaneSpec.parse, ("sync@waitress", "async@daphne")))
        spec = RunSpec("why-async-matters", lanes, requests=requests, wait=0.5, workers=workers)
        facts = made_up(chance, spec)
        found.append((spec, facts))
    recorded = one_each()
    stage_spec = RunSpec.from_data(recorded[0].body.spec)  # type: ignore[attr-defined]
    found.append((stage_spec, RunFacts.of(lesson(), recorded).facts))
    return [_case(chance, spec, facts) for spec, facts in found]


def _case(chance: random.Random, spec: RunSpec, facts: list[Fact]) -> dict[str, Any]:
    last = max(fact[3] for fact in facts)
    moments = sorted(round(chance.uniform(0, last + 300), 1) for _ in range(12))
    pieces = [chance.randrange(40) for _ in range(5)]
    head = header(lane_heads(lesson(), spec), spec, 2.5)
    return {"header": head, "facts": facts, "pieces": pieces, "moments": moments, "known": last, "spec": spec}


@pytest.fixture(scope="module")
def drawn() -> list[tuple[dict[str, Any], Any]]:
    """Each case, and what the browser's module makes of it."""
    made = cases()
    asked = json.dumps([{name: value for name, value in each.items() if name != "spec"} for each in made])
    command = [str(DENO), "run", "--no-config", "--no-remote", "--quiet", "tests/js/draw.js"]
    told = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    return list(zip(made, json.loads(told), strict=True))


def test_dots_slots_and_counts_are_those_of_the_server(drawn: list[tuple[dict[str, Any], Any]]) -> None:
    compared = 0
    for case, lanes in drawn:
        scene = read_scene(2, case["spec"].requests, case["facts"])
        for index, head in enumerate(lane_heads(lesson(), case["spec"])):
            for layout, theirs in zip(head.layouts.values(), lanes[index], strict=True):
                for t, picture in zip(case["moments"], theirs["moments"], strict=True):
                    mine = draw_lane(scene.lanes[index], head, layout, t, case["known"])
                    assert [list(dot) for dot in mine.dots] == [
                        [dot["number"], near(dot["x"]), near(dot["y"]), dot["look"], near(dot["alpha"], 0.001),
                         near(dot["ring"], 0.001), dot["calls"]]
                        for dot in picture["dots"]
                    ]  # fmt: skip
                    names = ("taken", "held", "over", "shelved", "threads")
                    assert [list(mine.taken), *(getattr(mine, name) for name in names[1:])] == [
                        picture[name] for name in names
                    ]
                    assert mine.looks == picture["looks"]
                    assert mine.answered == picture["answered"]
                    assert mine.elapsed == near(picture["elapsed"])
                    compared += len(mine.dots)
    assert compared > 5000


def test_bars_strip_and_axis_are_those_of_the_server(drawn: list[tuple[dict[str, Any], Any]]) -> None:
    for case, lanes in drawn:
        scene = read_scene(2, case["spec"].requests, case["facts"])
        axis = axis_for(2.5, (case["known"] - (scene.zero or 0)) / 1000)
        for index, head in enumerate(lane_heads(lesson(), case["spec"])):
            for layout, theirs in zip(head.layouts.values(), lanes[index], strict=True):
                assert list(axis) == [near(theirs["axis"]["end"]), near(theirs["axis"]["tick"])]
                paths: dict[Any, str] = {**row_paths(scene, scene.lanes[index], layout, axis, case["known"])}
                paths["strip"] = strip_path(scene, scene.lanes[index], layout, axis, case["known"])
                for look, path in paths.items():
                    their = theirs["strip"] if look == "strip" else theirs["bars"][look]
                    assert NUMBER.sub("", path) == NUMBER.sub("", their), look
                    assert numbers(path) == near(numbers(their), 0.11)


def numbers(path: str) -> list[float]:
    return [float(each) for each in NUMBER.findall(path)]


def near(value: Any, by: float = 0.011) -> Any:
    return pytest.approx(value, abs=by)
