"""A question as a card of the page. Nothing of an answer is in it before that answer is due."""

from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from lessons.content.model import Lesson
from lessons.content.teaching import Evidence, Question
from lessons.learning.grading import Standing
from lessons.rendering import markdown
from lessons.views.evidence import EvidenceScene, Proof, find_proof


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option, and what there is to say of it once it was chosen."""

    index: int
    letter: str  # "A"
    text: SafeString
    state: Literal["", "right", "wrong"]
    why: SafeString  # "" until it was chosen


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """What `lessons/_question.html` shows."""

    id: str
    number: int
    prompt: SafeString
    lines: tuple[OptionLine, ...]
    standing: Standing
    address: str  # to post the answer to
    hint: SafeString  # "" until asked for
    error: str  # what was wrong with the last post
    proof: Proof | None  # once settled


def build_question_card(
    lesson: Lesson,
    question: Question,
    number: int,
    standing: Standing,
    address: str,
    *,
    hint: bool = False,
    error: str = "",
    scene: EvidenceScene,
) -> QuestionCard:
    """The card of a question. `number` counts from 1."""
    evidence: Evidence | None = question.evidence if standing.settled else None
    return QuestionCard(
        id=question.id,
        number=number,
        prompt=markdown.render_block(question.prompt),
        lines=tuple(_line(question, standing, index) for index in range(len(question.options))),
        standing=standing,
        address=address,
        hint=markdown.render_inline(question.hint) if hint else SafeString(""),
        error=error,
        proof=find_proof(lesson, evidence, scene) if evidence else None,
    )


def _line(question: Question, standing: Standing, index: int) -> OptionLine:
    given = next((each for each in standing.given if each.option == index), None)
    return OptionLine(
        index=index,
        letter="ABCDEF"[index],
        text=markdown.render_inline(question.options[index].text),
        state="" if given is None else "right" if given.right else "wrong",
        why=markdown.render_block(given.why) if given else SafeString(""),
    )
