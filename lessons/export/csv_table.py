"""The execution table of the pinned request as CSV (RFC 4180): a header, then a row per step; milliseconds."""

import csv
from io import StringIO
from typing import Final

from lessons.stage.model import Stage
from lessons.stage.steps import StepRow, execution_table
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

HEADER: Final = (
    "lane",
    "request",
    "step",
    "action",
    "since_sent_ms",
    "took_ms",
    "async_wait",
    "suspended_ms",
    "server_block",
    "blocked_ms",
    "response_sent",
)
ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a text that begins so for a formula


def dump_table(stage: Stage, viewpoint: Viewpoint) -> str:
    """The file's text. Cells of a step that was not reached are empty."""
    viewpoint = settle_viewpoint(stage, viewpoint)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    if viewpoint.lane:
        lane = stage.lane(viewpoint.lane)
        name = defuse_formula(stage.lesson.lane(lane.id).name)
        for row in execution_table(stage, lane, lane.requests[viewpoint.request - 1]):
            writer.writerow((name, viewpoint.request, row.step.number, defuse_formula(row.action), *_measured(row)))
    return out.getvalue()


def defuse_formula(words: str) -> str:
    """Words that no spreadsheet runs."""
    return f"'{words}" if words.startswith(ACTIVE) else words


def _measured(row: StepRow) -> tuple[str, ...]:
    if not row.reached:
        return ("",) * 7
    return (
        _ms(row.began),
        _ms(row.took),
        _yes(row.async_wait),
        _ms(row.suspended),
        _yes(row.server_block),
        _ms(row.blocked),
        _yes(row.response_sent),
    )


def _ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1000:.3f}"


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
