"""One step in all its forms: the line, node, moment and stretch of time that light up with a row of the table.

Each form knows the steps it belongs to. All of it was measured, but for which node a step names: that is the lesson's.
"""

import ast
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Final

from lessons.content.model import Lesson, Sample
from lessons.lab import events as ev
from lessons.stage.model import BLOCK, RequestStage, Stage

Steps = tuple[int, ...]  # numbers, from 1

DEFINED: Final = (ev.ViewResolved.kind, ev.ViewStarted.kind)  # what is looked at is the view's first line


@cache
def steps_by_node(lesson: Lesson, sample: str) -> Mapping[str, Steps]:
    """Node id -> its steps in this sample. A node that no step names belongs to the last step of the node before it."""
    found: dict[str, Steps] = {
        node.id: tuple(step.number for step in lesson.steps if step.at(sample) == node.id) for node in lesson.nodes
    }
    for before, after in pairwise(lesson.nodes):
        found[after.id] = found[after.id] or found[before.id][-1:]
    return found


def steps_by_line(stage: Stage, sample: Sample, request: RequestStage) -> dict[int, Steps]:
    """Line of the sample -> the steps that began there, stayed there or, where no step began, came by."""
    begun = {each[0].line for each in request.lines if each}
    found: dict[int, Steps] = {}
    for step, seen in zip(stage.lesson.steps, request.lines, strict=True):
        if seen:
            at = seen[0].line or (definition_line(sample.source) if step.start(sample.id).on in DEFINED else 0)
            ends = [*(each.t for each in seen[2:]), _left(stage, request, step.number)]
            passed = zip(seen[1:], ends, strict=False)
            for line in (at, *(each.line for each, end in passed if each.line not in begun or end - each.t > BLOCK)):
                if line:
                    found[line] = (*found.get(line, ()), step.number)
    return found


def _left(stage: Stage, request: RequestStage, step: int) -> float:
    """When the view had left the last line that it reached in this step."""
    known = [*request.begun[step:], request.left, request.ended]
    return min((t for t in known if t is not None), default=stage.t)


def running_line(request: RequestStage, lines: Mapping[int, Steps]) -> int:
    """The line that stands for the current step: the one that runs, if it is one of the step's. 0: there is none."""
    mine = [line for line, steps in lines.items() if request.step in steps]
    return request.line if request.line in mine else mine[0] if mine else 0


@cache
def definition_line(source: str) -> int:
    """The line with the name of the view; 0 when there is none."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = (each.lineno for each in ast.parse(source).body if isinstance(each, kinds) and each.name == "view")
    return next(found, 0)


@cache
def first_line(source: str) -> int:
    """The line of the first definition, decorators included: what stands before it are imports."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = (
        min([each.lineno, *(one.lineno for one in each.decorator_list)])
        for each in ast.parse(source).body
        if isinstance(each, kinds)
    )
    return next(found, 1)


def steps_by_moment(request: RequestStage) -> tuple[Steps, ...]:
    """For each moment of the lesson the steps in which its values were the newest."""
    newest: list[Steps] = [()] * len(request.moments)
    for step in range(1, request.step + 1):
        reached = (
            index
            for index, values in enumerate(request.moments)
            if values is not None and request.moment_steps[index] <= step
        )
        if (at := max(reached, default=None)) is not None:
            newest[at] = (*newest[at], step)
    return tuple(newest)
