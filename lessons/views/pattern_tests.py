"""Test this pattern: ten questions at once, graded together; what was missed is shown with where to read it again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from lessons.content.model import Lesson
from lessons.content.sections import Mark
from lessons.errors import Refused
from lessons.htmx import HtmxHttpRequest
from lessons.learning import challenges, pattern_tests
from lessons.learning.grading import parse_whole_number
from lessons.learning.modes import find_mode, lesson_modes, mode_of_mark, text_examples
from lessons.learning.pattern_tests import AskedQuestion, GradedQuestion
from lessons.rendering import markdown
from lessons.rendering.highlighting import highlight_source
from lessons.stage import wording
from lessons.views.evidence import EvidenceScene, Proof, RunWish, find_proof
from lessons.views.explanations import Explanation, catch_trouble
from lessons.views.mode_request import ModeRequest
from lessons.views.modes import mode_address


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question of the test, before or after it was graded. Nothing of an answer is in one before."""

    number: int
    level: str
    prompt: SafeString
    code: SafeString
    options: tuple[str, ...]  # none: seconds are asked for
    given: str = ""  # as it was sent
    graded: bool = False
    right: bool = False
    chosen: str = ""  # what was answered, in words
    solution: str = ""
    why: SafeString | str = ""
    run: RunWish | None = None  # that settles it
    proof: Proof | None = None  # where it can be seen
    again: str = ""  # address of where to read it again
    again_title: str = ""


@require_safe
async def test_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """A new test; with `?taken=` one that was taken, and what came of it."""
    asked = ModeRequest.read(request, slug, "test")
    taken = request.GET.get("taken", "")
    if taken and (seed := _seed(taken)) is not None:
        graded = await asked.ask(pattern_tests.find_test, seed)
        if graded:
            return await asked.page(await _test_context(asked, seed, _graded_lines(asked.lesson, graded)))
    seed = secrets.randbelow(challenges.SEEDS)
    questions = pattern_tests.draw_test(asked.lesson, seed)
    return await asked.page(await _test_context(asked, seed, _open_lines(questions, ())))


@require_POST
async def submit_test(request: HtmxHttpRequest, slug: str) -> HttpResponseBase:
    """Grade a test and show what came of it; with what is missing, if something is."""
    asked = ModeRequest.read(request, slug, "test")
    seed = _seed(request.POST.get("seed", ""))
    given = [request.POST.get(f"answer-{number}", "")[:40] for number in range(1, pattern_tests.QUESTIONS + 1)]
    _, trouble = await catch_trouble(asked.ask(pattern_tests.record_test, -1 if seed is None else seed, given))
    if trouble is None:
        return asked.redirect(taken=str(seed))
    if seed is None or seed >= challenges.SEEDS:
        seed = secrets.randbelow(challenges.SEEDS)
    lines = _open_lines(pattern_tests.draw_test(asked.lesson, seed), given)
    return await asked.page(await _test_context(asked, seed, lines, trouble), trouble.status)


async def _test_context(
    asked: ModeRequest, seed: int, lines: list[QuestionLine], trouble: Explanation | None = None
) -> dict[str, Any]:
    results = await asked.ask(pattern_tests.list_results)
    return {
        "seed": seed,
        "lines": lines,
        "graded": lines[0].graded,
        "right": sum(each.right for each in lines),
        "total": len(lines),
        "taken": len(results),
        "best": max((right for right, _ in results), default=0),
        "message": trouble.sentence if trouble else "",
    }


def _seed(text: str) -> int | None:
    try:
        return parse_whole_number(text)
    except Refused:
        return None


def _open_lines(questions: Sequence[AskedQuestion], given: Sequence[str]) -> list[QuestionLine]:
    texts = given or [""] * len(questions)
    return [_line(number, each, text) for number, (each, text) in enumerate(zip(questions, texts, strict=True), 1)]


def _line(number: int, each: AskedQuestion, given: str, **graded: Any) -> QuestionLine:
    return QuestionLine(
        number=number,
        level=each.level,
        prompt=markdown.render_block(each.item.prompt),
        code=highlight_source(each.code),
        options=tuple(option.text for option in each.item.options),
        given=given,
        **graded,
    )


def _graded_lines(lesson: Lesson, found: Sequence[GradedQuestion]) -> list[QuestionLine]:
    return [_graded_line(lesson, number, each) for number, each in enumerate(found, 1)]


def _graded_line(lesson: Lesson, number: int, found: GradedQuestion) -> QuestionLine:
    question, item = found.question, found.question.item
    options, spec = item.options, question.spec
    mode = _text_to_read(lesson, question)
    anchor = f"example-{question.example}" if question.example in text_examples(lesson, mode) else ""
    return _line(
        number,
        question,
        found.given,
        graded=True,
        right=found.right,
        chosen=_bare(options[int(found.given)].text) if options else f"{found.given} s",
        solution=next(
            (_bare(each.text) for each in options if each.right), f"about {wording.seconds_text(item.seconds)}"
        ),
        why=markdown.render_block(found.why),
        run=RunWish.of(spec) if spec else None,
        proof=find_proof(lesson, question.evidence, EvidenceScene(staged=False)) if question.evidence else None,
        again=mode_address(lesson, mode, anchor),
        again_title=find_mode(lesson, mode).title,
    )


def _text_to_read(lesson: Lesson, question: AskedQuestion) -> str:
    """The mode that explains what was asked; the stage where no text does."""
    named = (question.read, mode_of_mark(lesson, Mark("run", question.example)))
    known = {mode.id for mode in lesson_modes(lesson)}
    return next((mode for mode in named if mode and mode in known), "visualize")


def _bare(text: str) -> str:
    """An option without its full stop, for within a sentence."""
    return text.removesuffix(".")
