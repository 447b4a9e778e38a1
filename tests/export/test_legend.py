"""What colours and patterns mean is said once, and drawn alike on the page and in exported pictures."""

import re

from django.template.loader import render_to_string

from lessons import catalogue
from lessons.export import svg
from lessons.export.shown import Shown
from lessons.stage.bars import PHASES
from lessons.stage.legend import LEGEND, PATTERN_TILES
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes


def exported() -> str:
    lesson = scenes.lesson()
    return svg.dump_svg(Shown.of(lesson, catalogue.recorded_events(lesson)), Viewpoint())


def test_every_phase_is_in_the_legend_and_every_one_but_running_has_a_pattern() -> None:
    assert [each.state for each in LEGEND if not each.is_dot] == list(PHASES)
    assert [each.phase for each in PATTERN_TILES] == [phase for phase in PHASES if phase != "running"]


def test_page_and_picture_have_the_same_legend() -> None:
    page = re.findall(r"</svg> (.*?)</li>", render_to_string("lessons/stage/_legend.html"))
    assert page == [each.meaning for each in LEGEND]
    assert all(f">{meaning}</text>" in exported() for meaning in page)


def test_page_and_picture_have_the_same_patterns() -> None:
    tile = r'<pattern id="(?:pattern-)?(\w+)" (width="\d+" height="\d+"[^>]*)>.*?<path [^>]*?d="([^"]+)"'
    page = re.findall(tile, render_to_string("lessons/stage/_patterns.html"))
    assert len(page) == len(PATTERN_TILES)
    assert page == re.findall(tile, exported())


def test_a_picture_has_every_pattern_that_it_draws_with() -> None:
    text = exported()
    assert set(re.findall(r"url\(#([\w-]+)\)", text)) <= set(re.findall(r'<pattern id="([\w-]+)"', text))
