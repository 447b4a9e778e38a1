"""Places for the dots."""

from itertools import product

import pytest

from lessons import catalogue
from lessons.stage.layout import WIDTHS, Grid, Kind, Width, lay_out


@pytest.mark.parametrize(("width", "lanes"), list(product(WIDTHS, range(1, 5))))
def test_dots_on_the_shelf_and_in_the_tray_do_not_overlap(width: Width, lanes: int) -> None:
    lesson = next(iter(catalogue.all_lessons().values()))
    for requests in range(1, 101):
        for kind in ("pool", "loop"):
            layout = lay_out(lesson, kind, 4, requests, lanes, width)
            for grid in (layout.answered, layout.seats_on_shelf):
                assert closest(grid, requests) >= 2 * layout.radius - 0.02, (requests, kind)


@pytest.mark.parametrize(("width", "lanes"), list(product(WIDTHS, range(1, 5))))
def test_dots_in_the_line_do_not_overlap(width: Width, lanes: int) -> None:
    lesson = next(iter(catalogue.all_lessons().values()))
    kinds: tuple[Kind, Kind] = ("pool", "loop")
    for requests, kind in product(range(2, 101), kinds):
        layout = lay_out(lesson, kind, 4, requests, lanes, width)
        line = layout.line
        apart = ([abs(line.dx)] if requests > line.wrap else []) + ([line.dy] if line.wrap > 1 else [])
        assert min(apart) >= 2 * layout.radius - 0.02, (requests, kind)
        assert line.y - layout.radius >= layout.queue.y
        assert line.y + (line.wrap - 1) * line.dy + layout.radius <= layout.queue.y + layout.queue.h


def closest(grid: Grid, cells: int) -> float:
    """How far apart the two nearest of its cells are."""
    across = [grid.dx] if min(grid.wrap, cells) > 1 else []
    down = [grid.dy] if cells > grid.wrap else []
    return min(across + down, default=float("inf"))
