"""The view that is put together from blocks, as the page of the project shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lessons.content import builds
from lessons.content.builds import BUILD, Choice
from lessons.content.teaching import Build
from lessons.content.variants import BLANK, syntax_error
from lessons.learning import builds as building
from lessons.learning import item_runs
from lessons.rendering.highlighting import highlight_source
from lessons.stage.goals import GoalLine, are_reached, check_goals
from lessons.views import run_access, summary
from lessons.views.explanations import Explanation, catch_trouble
from lessons.views.mode_request import ModeRequest


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece of a block as the page shows it."""

    index: int
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class BuildCard:
    """The view that is put together, as the page shows it."""

    build: Build
    blocks: tuple[tuple[str, str, tuple[PieceLine, ...]], ...]  # label, name of the field, pieces
    code: SafeString  # with the latest pieces in the blanks
    passed: bool
    message: str  # why the pieces were not taken, or not run
    error: str  # of compiling them
    run: Mapping[str, Any] = field(default_factory=dict)  # context of the report; empty for none
    goals: tuple[GoalLine, ...] = ()

    @property
    def reached(self) -> bool:
        """Have the goals been reached by this very run?"""
        return are_reached(self.goals)

    @property
    def waiting(self) -> bool:
        """Does its run go on?"""
        return bool(self.run) and not self.run["report"].ended


async def build_context(asked: ModeRequest, trouble: Explanation | None = None, run: str = "") -> dict[str, Any]:
    """`built`: the card, or None where the lesson has nothing to put together."""
    build = builds.build_of(asked.lesson)
    if build is None:
        return {"built": None}
    standing = await asked.ask(building.build_standing)
    run = run or (await asked.ask(item_runs.latest_item_runs, BUILD)).get(BUILD, "")
    card = BuildCard(
        build,
        tuple(_blocks(build, standing.choice)),
        _filled_code(build, standing.choice),
        standing.passed,
        trouble.sentence if trouble else "",
        syntax_error(builds.built_source(build, standing.choice)) if standing.choice else "",
    )
    return {"built": await _with_run(asked, card, run, standing.choice)}


async def _with_run(asked: ModeRequest, card: BuildCard, run: str, choice: Choice | None) -> BuildCard:
    """The card with its run, if that can be shown and is one of the pieces that are chosen."""
    if not run or choice is None:
        return card
    stage, _ = await catch_trouble(run_access.run_stage(asked.lesson, run))
    if stage is None or stage.lanes[0].id != builds.built_lane(card.build, choice):
        return card
    shown = summary.summary_of_stage(asked.lesson, run, stage)
    return replace(card, run=shown, goals=check_goals(stage, card.build.goals))


def _blocks(build: Build, choice: Choice | None) -> list[tuple[str, str, tuple[PieceLine, ...]]]:
    chosen = choice or (None,) * len(build.blocks)
    return [
        (
            block.label,
            f"block-{number}",
            tuple(PieceLine(index, text, index == mine) for index, text in enumerate(block.pieces)),
        )
        for number, (block, mine) in enumerate(zip(build.blocks, chosen, strict=True), 1)
    ]


def _filled_code(build: Build, choice: Choice | None) -> SafeString:
    """The highlighted view; each piece is one element, so that the page can put another one there."""
    pieces = [block.pieces[choice[at]] if choice else BLANK for at, block in enumerate(build.blocks)]
    filled = iter(
        f'<mark class="blank" data-blank="block-{number}">{escape(piece)}</mark>'
        for number, piece in enumerate(pieces, 1)
    )
    html = re.sub(BLANK, lambda _: next(filled), highlight_source(build.code))
    return mark_safe(html)  # noqa: S308  (the highlighter escapes, and so are the pieces)
