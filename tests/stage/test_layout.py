"""Places for the dots."""

from itertools import product

import pytest

from lessons import catalogue
from lessons.stage.layout import WIDTHS, Grid, Width, lay_out


@pytest.mark.parametrize(("width", "lanes"), list(product(WIDTHS, range(1, 5))))
def test_dots_on_the_shelf_and_in_the_tray_do_not_overlap(width: Width, lanes: int) -> None:
    lesson = next(iter(catalogue.all_lessons().values()))
    for requests in range(1, 101):
        for kind in ("pool", "loop"):
            layout = lay_out(lesson, kind, 4, requests, lanes, width)
            for grid in (layout.answered, layout.seats_on_shelf):
                assert closest(grid, requests) >= 2 * layout.radius - 0.02, (requests, kind)


def closest(grid: Grid, cells: int) -> float:
    """How far apart the two nearest of its cells are."""
    across = [grid.dx] if min(grid.wrap, cells) > 1 else []
    down = [grid.dy] if cells > grid.wrap else []
    return min(across + down, default=float("inf"))
