"""The stage as SVG and PNG, the execution table as CSV."""

import csv
import re
import struct
from dataclasses import replace
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.export import csv_table, svg, svg_parts
from lessons.export.picture import draw_png, draw_preview
from lessons.export.shown import Shown
from lessons.export.thumbnail import draw_thumbnail
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.playback.timeline import Timeline
from lessons.rendering.scene_context import scene_context
from lessons.stage.fold import fold_events
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\x00\x1b]]>&\"'"


def recorded() -> Shown:
    lesson = catalogue.find_lesson("why-async-matters")
    return Shown.of(lesson, catalogue.recorded_events(lesson))


def large(requests: int, lanes: int) -> Shown:
    """As many lanes and requests, all sent and none answered."""
    lesson = scenes.lesson()
    chosen = [each for each in lesson.lanes if each.listed][:lanes]
    spec = RunSpec(lesson.slug, tuple(LaneSpec.parse(each.id) for each in chosen), requests=requests)
    sent = [Event(0.1, ev.RequestSent(), each.id, number) for each in chosen for number in range(1, requests + 1)]
    return Shown.of(lesson, [Event(0.0, ev.RunCreated(spec.as_data())), *sent, Event(2.0, ev.ClockTicked())])


def hostile() -> Shown:
    """Whatever is told of a server, a failure or a lesson is hostile."""
    lesson = replace(scenes.lesson(), title=HOSTILE)
    events = [
        scenes.created(scenes.spec()),
        Event(0.0, ev.LaneStarted(HOSTILE, HOSTILE, HOSTILE, 1, 1), SYNC),
        *scenes.at(SYNC, 1, (0.1, ev.RequestSent()), (0.2, ev.RequestFailed(HOSTILE))),
        Event(0.3, ev.RunEnded("failed", HOSTILE)),
    ]
    return Shown.of(lesson, events)


def words(text: str) -> list[str]:
    """What can be read in a picture."""
    return ["".join(each.itertext()) for each in ElementTree.fromstring(text).iter(f"{SVG}text")]


def test_the_colours_are_those_of_the_light_theme() -> None:
    said = dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", TOKENS.read_text()))

    def value(name: str) -> str:
        light = re.sub(r"light-dark\((.+), .+\)", r"\1", said[name])
        reference = re.fullmatch(r"var\(--([a-z0-9-]+)\)", light)
        return value(reference[1]) if reference else light

    assert {name: value(name) for name in svg_parts.COLOURS} == svg_parts.COLOURS


def test_a_picture_says_what_the_page_says() -> None:
    told = words(svg.dump_svg(recorded(), Viewpoint()))
    for text in (
        "Why async matters in Django",
        "10 requests in each lane · I/O wait 1 s · 1 worker thread",
        "waitress 3.0.2 · WSGI · 1 worker thread · 10 done",
        "10.04 s",
        "server free – it was blocked for 99.8% of the time",
        "waiting, server blocked",
        "10.06 s",
    ):
        assert text in told
    verdict = "The last of ten answers came after 1.03 s in Async view and 10.04 s in Sync view: its one worker took"
    assert f"{verdict} them one at a time." in " ".join(told)


def test_a_picture_marks_the_pinned_request() -> None:
    root = ElementTree.fromstring(svg.dump_svg(recorded(), Viewpoint(SYNC, 3)))
    (band,) = root.iterfind(f".//{SVG}rect[@class='band']")
    first, height = (float(band.get(name, "")) for name in ("y", "height"))
    (pinned,) = root.iterfind(f".//{SVG}g[@class='dot done pinned']")
    assert pinned.get("data-request") == "3"
    rows = root.find(f".//{SVG}rect[@class='ground']")
    assert rows is not None
    assert first == pytest.approx(float(rows.get("y", "")) + 2 * height)


def test_a_picture_draws_the_scene_of_the_page() -> None:
    lesson = catalogue.find_lesson("why-async-matters")
    events = catalogue.recorded_events(lesson)
    timeline = Timeline.of(lesson, events)
    cursor = timeline.telling
    shown, stage = Shown.of(lesson, events, cursor), timeline.stage(cursor)
    page = scene_context(stage, Viewpoint(SYNC, 1), timeline.facts.facts, stage.t)["pictures"]
    for drawn, pictures in zip(shown.lanes(Viewpoint(SYNC, 1)), page, strict=True):
        assert drawn.elements in pictures["wide"]


def test_a_moment_of_an_ended_run_says_so() -> None:
    lesson = catalogue.find_lesson("why-async-matters")
    told = words(svg.dump_svg(Shown.of(lesson, catalogue.recorded_events(lesson), 300), Viewpoint()))
    assert "A moment of a run that has ended." in told


def test_a_small_picture_has_a_timeline_for_each_lane() -> None:
    root = ElementTree.fromstring(draw_thumbnail(large(10, 3)))
    assert len(root.findall(f"{SVG}svg")) == 3
    assert root.get("height") == "198"


@pytest.mark.parametrize("text", [svg.dump_svg(hostile(), Viewpoint()), draw_preview(hostile(), Viewpoint())])
def test_nothing_that_is_told_becomes_markup(text: str) -> None:
    root = ElementTree.fromstring(text)
    kinds = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert kinds <= {
        *("svg", "title", "style", "defs", "pattern", "rect", "circle", "path", "g", "text", "tspan"),
    }
    assert "<script>" in "".join(words(text))
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on") or "href" in name]


@pytest.mark.parametrize(("requests", "lanes"), [(1, 1), (10, 2), (100, 4), (37, 3)])
def test_everything_lies_within_the_picture(requests: int, lanes: int) -> None:
    for text in (svg.dump_svg(large(requests, lanes), Viewpoint()), draw_preview(large(requests, lanes), Viewpoint())):
        root = ElementTree.fromstring(text)
        width, height = float(root.get("width", "")), float(root.get("height", ""))
        cards = [
            (float(x), float(y), group.find(f"{SVG}rect[@class='card']"))
            for group in root.iterfind(f"{SVG}g")
            for x, y in re.findall(r"translate\((\S+) (\S+)\)", group.get("transform", ""))
        ]
        found = [(x, y, float(c.get("width", "")), float(c.get("height", ""))) for x, y, c in cards if c is not None]
        assert len(found) == lanes
        for x, y, w, h in found:
            assert x + w <= width
            assert y + h <= height - 60
        for index, (x, y, w, h) in enumerate(found):
            for x2, y2, _, _ in found[index + 1 :]:
                assert x2 >= x + w or y2 >= y + h


def test_a_stage_on_which_nothing_has_happened_is_drawn() -> None:
    shown = Shown.of(scenes.lesson(), [])
    assert "0.0 ms" in words(svg.dump_svg(shown, Viewpoint()))
    assert csv_table.dump_table(shown.stage, Viewpoint()).count("\r\n") == 1


@pytest.mark.parametrize("shown", [recorded(), large(100, 4), hostile()], ids=["recorded", "large", "hostile"])
def test_the_preview_is_a_png_of_the_size_that_is_asked_for(shown: Shown) -> None:
    png = draw_png(shown, Viewpoint())
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (1200, 630)
    assert 10_000 < len(png) < 300_000


def test_the_preview_is_the_same_wherever_it_is_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The fonts are the site's own."""
    here = draw_png(recorded(), Viewpoint())
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "none.conf"))
    assert draw_png(recorded(), Viewpoint()) == here


def test_the_table_holds_what_was_measured() -> None:
    stage = scenes.stage_at(scenes.one_each(), 0.9)
    rows = list(csv.DictReader(StringIO(csv_table.dump_table(stage, Viewpoint(ASYNC, 1)))))
    assert [row["step"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    third = rows[2]
    assert (third["lane"], third["action"], third["async_wait"]) == ("Async view", "Await fetch_data()", "yes")
    assert (third["since_sent_ms"], third["took_ms"], third["server_block"]) == ("6.000", "794.000", "no")
    assert set(rows[3].values()) == {"Async view", "1", "4", "Data received", ""}


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"])
def test_no_cell_is_a_formula(words: str) -> None:
    assert csv_table.defuse_formula(words) == f"'{words}"
    lesson: Lesson = replace(scenes.lesson(), lanes=tuple(replace(each, name=words) for each in scenes.lesson().lanes))
    rows = list(
        csv.DictReader(StringIO(csv_table.dump_table(fold_events(lesson, scenes.one_each()), Viewpoint(SYNC, 1))))
    )
    assert {row["lane"] for row in rows} == {f"'{words}"}
