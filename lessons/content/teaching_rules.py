"""What holds between the parts of the teaching. Works on raw documents, as `rules` does."""

from collections.abc import Iterator, Mapping
from itertools import islice
from math import perm, prod
from typing import Any, Final

from lessons.content import builds, sections, variants
from lessons.content.constraints import Faults, Placeholders, Scope, suggestion
from lessons.content.folder import DOCUMENT
from lessons.content.markup import lost_markup
from lessons.content.rules import raw_lane_id, tables_in
from lessons.content.samples import sample_fault
from lessons.text import short_repr

Raw = dict[str, Any]
Placed = Iterator[tuple[str, str, str]]  # file, key, reason
DRAWN: Final = ("requests", "wait", "workers")
LEAST_PLACES: Final = 2
MOST_PLACES: Final = 4
MOST_WAYS: Final = 120  # to put lines in order; each is a sample of its own
MAX_PLACES: Final = 20  # lines of a text that stand for nothing, of those that are told
MOST_GUESTS: Final = 12  # of an analogy; more would not fit into its picture


def teaching_faults(main: Raw, documents: Mapping[str, Raw], texts: Mapping[str, str], scope: Scope) -> Placed:
    """(name of the file, key, reason) of what no single value shows to be wrong."""
    yield from _at(DOCUMENT, _samples_keep_off_what_is_made(main))
    yield from _at(DOCUMENT, _evidence_is_in_the_table(main, main, ("key_moments", "quiz")))
    yield from _at(DOCUMENT, _readings_differ(main))
    yield from _at(DOCUMENT, _what_is_predicted_can_be_chosen(main))
    yield from _at(DOCUMENT, _examples_ask_of_their_lanes(main))
    yield from _at(DOCUMENT, _goals_can_be_reached(main))
    yield from _at(DOCUMENT, _analogies_can_be_drawn(main))
    if "path.toml" in documents:
        yield from _at("path.toml", _grid_is_of_the_path(documents["path.toml"], main))
    if "tasks.toml" in documents:
        yield from _at("tasks.toml", _tasks_can_be_completed(documents["tasks.toml"]))
    if "problems.toml" in documents:
        yield from _at("problems.toml", _problems_ask_one_thing(documents["problems.toml"], main, scope))
    if "project.toml" in documents:
        yield from _at("project.toml", _project_can_be_run(documents["project.toml"], main))
        yield from _at("project.toml", _view_can_be_built(documents["project.toml"]))
    if "review.toml" in documents:
        yield from _at("review.toml", _evidence_is_in_the_table(documents["review.toml"], main, ("questions",)))
    for name, text in texts.items():
        yield from _at(name, _marks_are_known(text, scope))
        yield from _at(name, ((f"line {line}", reason) for line, reason in islice(lost_markup(text), MAX_PLACES)))


def _at(name: str, found: Faults) -> Placed:
    return ((name, key, reason) for key, reason in found)


def _samples_keep_off_what_is_made(main: Raw) -> Faults:
    for index, sample in tables_in(main, "samples"):
        for prefix, owner in ((variants.PREFIX, "tasks"), (builds.PREFIX, "project")):
            if str(sample.get("id")).startswith(prefix):
                yield f"samples[{index}].id", f"ids that begin with {prefix!r} belong to the {owner}"


def _evidence_is_in_the_table(raw: Raw, main: Raw, keys: tuple[str, ...]) -> Faults:
    steps = len(tables_in(main, "steps"))
    for key in keys:
        for index, each in tables_in(raw, key):
            evidence = each.get("evidence")
            step = evidence.get("step") if isinstance(evidence, dict) else None
            if isinstance(step, int) and step > steps:
                yield f"{key}[{index}].evidence.step", f"there is no step {short_repr(step)}; the last one is {steps}"


def _readings_differ(main: Raw) -> Faults:
    """Two readings of one formula could not be told apart, and none can explain what is right."""
    raw = main.get("prediction")
    if not isinstance(raw, dict):
        return
    seen = [_thought(raw)]
    for index, reading in tables_in(raw, "readings"):
        if (thought := _thought(reading)) in seen:
            what = "is what holds for the lane" if thought == seen[0] else "is here twice"
            yield (
                f"prediction.readings[{index}].formula",
                f"{short_repr(thought[0])} with waits = {short_repr(reading.get('waits', 1))} {what}",
            )
        seen.append(thought)


def _thought(table: Raw) -> tuple[str, str]:
    return str(table.get("formula")), str(table.get("waits", 1))


def _what_is_predicted_can_be_chosen(main: Raw) -> Faults:
    raw = main.get("prediction")
    lane = raw.get("lane") if isinstance(raw, dict) else None
    for _, each in tables_in(main, "lanes"):
        if lane == f"{each.get('sample')}@{each.get('server')}" and each.get("listed") is False:
            yield "prediction.lane", f"lane {short_repr(lane)} is not listed, so nobody can run it from the controls"


def _examples_ask_of_their_lanes(main: Raw) -> Faults:
    for index, example in tables_in(main, "examples"):
        lanes, asked = example.get("lanes"), example.get("ask")
        known = [each for each in lanes if isinstance(each, str)] if isinstance(lanes, list) else []
        if isinstance(asked, str) and known and asked not in known:
            yield f"examples[{index}].ask", f"{short_repr(asked)} is not one of its lanes{suggestion(asked, known)}"


def _goals_can_be_reached(main: Raw) -> Faults:
    for index, example in tables_in(main, "examples"):
        if "goal" in example and not example.get("vary"):
            yield f"examples[{index}].goal", "needs `vary`, which names the number that the learner may reach it by"


def _grid_is_of_the_path(raw: Raw, main: Raw) -> Faults:
    examples = [str(each.get("id")) for _, each in tables_in(main, "examples")]
    on_path = [str(step.get("example")) for _, step in tables_in(raw, "steps")]
    grid = raw.get("grid")
    cells = grid.get("cells") if isinstance(grid, dict) else None
    for index, cell in enumerate(cells if isinstance(cells, list) else ()):
        if isinstance(cell, str) and cell in examples and cell not in on_path:
            yield f"grid.cells[{index}]", f"{short_repr(cell)} is not an experiment of this path"


def _tasks_can_be_completed(raw: Raw) -> Faults:
    for index, task in tables_in(raw, "tasks"):
        code = task.get("code")
        if isinstance(code, str) and variants.count_blanks(code) != 1:
            wrong = f"must have the blank {variants.BLANK} exactly once"
            longer = " (a longer row of underscores is none)" if "_____" in code else ""
            yield f"tasks[{index}].code", f"{wrong}, and it has {code.count(variants.BLANK)}{longer}"
        elif isinstance(code, str):
            yield from _right_options_compile(code, task, f"tasks[{index}]")
        if ("options" in task) == ("lines" in task):
            yield f"tasks[{index}]", "must have either options or lines, with why"
        elif "lines" in task:
            yield from _lines_can_be_put_in_order(task, f"tasks[{index}]")


def _lines_can_be_put_in_order(task: Raw, key: str) -> Faults:
    lines = [line for _, line in tables_in(task, "lines")]
    places = [line["place"] for line in lines if isinstance(line.get("place"), int)]
    if "why" not in task:
        yield f"{key}.why", "is missing: it is said of the right lines"
    if sorted(places) != list(range(1, len(places) + 1)) or not LEAST_PLACES <= len(places) <= MOST_PLACES:
        yield f"{key}.lines", f"places must be 1, 2 and so on, each once, {LEAST_PLACES} to {MOST_PLACES} of them"
        return
    if (ways := perm(len(lines), len(places))) > MOST_WAYS:
        yield f"{key}.lines", f"can be put in order in {ways} ways; {MOST_WAYS} are allowed"
    for index, line in enumerate(lines):
        if ("why" in line) == ("place" in line):
            yield f"{key}.lines[{index}]", "must have either place or why: why it does not belong"
    texts = {line.get("place"): line.get("text") for line in lines}
    chosen = [texts[place] for place in sorted(places)]
    code = task.get("code")
    if not isinstance(code, str) or not all(isinstance(each, str) for each in chosen):
        return
    if reason := sample_fault(variants.put_in_blank(code, "\n".join(map(str, chosen))), "view.py"):
        yield f"{key}.lines", f"in their places, the completed code {reason}"


def _right_options_compile(code: str, task: Raw, key: str) -> Faults:
    for index, option in tables_in(task, "options"):
        text = option.get("text")
        if option.get("right") is not True or not isinstance(text, str):
            continue
        if reason := sample_fault(variants.put_in_blank(code, text), "view.py"):
            yield f"{key}.options[{index}].text", f"is right, but the completed code {reason}"


def _problems_ask_one_thing(raw: Raw, main: Raw, scope: Scope) -> Faults:
    lanes = {str(each.get("id")): each.get("lanes") for _, each in tables_in(main, "examples")}
    for index, problem in tables_in(raw, "problems"):
        key = f"problems[{index}]"
        lane, example = problem.get("lane"), problem.get("example")
        if sum(each in problem for each in ("options", "seconds", "draw")) != 1:
            yield key, "must have either options or seconds or draw; the latter two with lane"
        if ("lane" in problem) == ("options" in problem):
            yield f"{key}.lane", "belongs to seconds and to draw: the lane whose total is asked for"
        if "shape" in problem and "options" not in problem:
            yield f"{key}.shape", "belongs to options, of which one is the lane that made it"
        if "draw" in problem:
            yield from _uses_what_is_drawn(problem, key, scope)
        run = lanes.get(example) if isinstance(example, str) else None
        if isinstance(lane, str) and isinstance(run, list) and lane not in run:
            known = [each for each in run if isinstance(each, str)]
            yield (
                f"{key}.lane",
                f"example {short_repr(example)} has no lane {short_repr(lane)}{suggestion(lane, known)}",
            )


def _uses_what_is_drawn(problem: Raw, key: str, scope: Scope) -> Faults:
    draw = problem["draw"]
    for name in ("requests", "workers"):
        if isinstance(draw, dict) and isinstance(counts := draw.get(name), list) and 1 in counts:
            yield (
                f"{key}.draw.{name}",
                f"must be 2 or more: the prompt says {name!r} of them",
            )
    for name, known in (("prompt", DRAWN), ("why", (*DRAWN, "rounds", "seconds"))):
        text = problem.get(name)
        if isinstance(text, str):
            yield from ((f"{key}.{name}{below}", reason) for below, reason in Placeholders(known).faults(text, scope))


def _project_can_be_run(raw: Raw, main: Raw) -> Faults:
    known = {each.get("id") for _, each in tables_in(main, "samples") if isinstance(each.get("id"), str)}
    idle = known - {each.get("sample") for _, each in tables_in(main, "lanes") if isinstance(each.get("sample"), str)}
    steps = tables_in(raw, "steps")
    if steps and steps[0][0] == 0 and "starter" not in steps[0][1]:
        yield "steps[0].starter", "is missing: the first step has no code before it"
    for index, step in steps:
        if step.get("id") == builds.BUILD:
            yield f"steps[{index}].id", f"{builds.BUILD!r} belongs to what is put together"
        solution = step.get("solution")
        if isinstance(solution, str) and solution in idle:
            yield f"steps[{index}].solution", f"sample {short_repr(solution)} has no lane (listed = false will do)"


def _view_can_be_built(raw: Raw) -> Faults:
    build = raw.get("build")
    if not isinstance(build, dict):
        return
    code, solution = build.get("code"), build.get("solution")
    blocks = tables_in(build, "blocks")
    pieces = [found for _, block in blocks if isinstance(found := block.get("pieces"), list)]
    if len(pieces) < len(blocks) or not all(isinstance(piece, str) for each in pieces for piece in each):
        return
    if (ways := prod(map(len, pieces))) > MOST_WAYS:
        yield "build.blocks", f"can be put together in {ways} ways; {MOST_WAYS} are allowed"
    if isinstance(code, str) and (blanks := variants.count_blanks(code)) != len(pieces):
        yield (
            "build.code",
            f"must have the blank {variants.BLANK} once for each block: {len(pieces)}, and it has {blanks}",
        )
        return
    if isinstance(solution, list) and isinstance(code, str) and all(isinstance(number, int) for number in solution):
        yield from _solution_is_a_view(code, pieces, solution)


def _solution_is_a_view(code: str, pieces: list[list[str]], solution: list[int]) -> Faults:
    if len(solution) != len(pieces) or any(not 0 < at <= len(of) for at, of in zip(solution, pieces, strict=False)):
        yield "build.solution", "must have the number of one piece for each block, from 1"
        return
    filled = builds.fill_blanks(code, (of[at - 1] for at, of in zip(solution, pieces, strict=True)))
    if reason := sample_fault(filled, "view.py"):
        yield "build.solution", f"is not a view: the completed code {reason}"


def _analogies_can_be_drawn(main: Raw) -> Faults:
    examples = {str(each.get("id")): each for _, each in tables_in(main, "examples")}
    failing = {raw_lane_id(each) for _, each in tables_in(main, "lanes") if each.get("fails")}
    for index, analogy in tables_in(main, "analogies"):
        key, example = f"analogies[{index}].example", examples.get(str(analogy.get("example")), {})
        requests, lanes = example.get("requests"), example.get("lanes")
        if isinstance(requests, int) and requests > MOST_GUESTS:
            yield key, f"has {requests} requests; a picture has room for {MOST_GUESTS}"
        if isinstance(lanes, list) and any(lane in failing for lane in lanes):
            yield key, "has a lane that fails: nobody there is served"


def _marks_are_known(text: str, scope: Scope) -> Faults:
    known = {"run": ("example", scope.names["example"]), "analogy": ("analogy", scope.names["analogy"])}
    marks = ((line, mark, *known[mark.kind]) for line, _, mark in sections.marked_lines(text) if mark)
    wrong = ((line, mark.id, noun, ids) for line, mark, noun, ids in marks if mark.id not in ids)
    for count, (line, id, noun, ids) in enumerate(wrong):
        if count == MAX_PLACES:
            yield "", "and more lines like these"
            return
        yield f"line {line}", f"there is no {noun} {short_repr(id)}{suggestion(id, ids)}"
