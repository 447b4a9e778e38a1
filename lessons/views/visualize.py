"""What stands below the stage: key moments, the visual quiz, the concept in short."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from lessons.content.model import Lesson
from lessons.learning import grading, quiz
from lessons.rendering import markdown
from lessons.runs import archive
from lessons.views.evidence import EvidenceScene, Proof, find_proof
from lessons.views.question_cards import QuestionCard, build_question_card


@dataclass(frozen=True, slots=True)
class KeyMoment:
    """A key moment."""

    question: SafeString
    answer: SafeString
    proof: Proof


def visualize_sections(
    lesson: Lesson, learner: str, lanes: tuple[str, ...], hint: str = "", *, recorded: bool = False
) -> dict[str, Any]:
    """The context of `lessons/_sections.html`; asks the database.

    `lanes` are the ids of those on the stage, `hint` is the id of the question whose hint is wished for; `recorded`:
    is the lesson's recorded run on the stage?
    """
    scene = EvidenceScene(lanes, recorded, last=archive.latest_by_lane(learner, lesson.slug))
    standings = quiz.quiz_standings(learner, lesson)
    return {
        "moments": tuple(
            KeyMoment(
                markdown.render_inline(each.question),
                markdown.render_block(each.answer),
                find_proof(lesson, each.evidence, scene),
            )
            for each in lesson.teaching.key_moments
        ),
        "questions": tuple(
            quiz_question_card(lesson, number, standings[each.id], scene, hint=each.id == hint)
            for number, each in enumerate(lesson.teaching.quiz, 1)
        ),
        "snapshot": tuple(markdown.render_inline(each) for each in lesson.teaching.snapshot),
        "score": grading.total_score(standings.values()),
    }


def quiz_question_card(
    lesson: Lesson,
    number: int,
    standing: grading.Standing,
    scene: EvidenceScene,
    *,
    hint: bool = False,
    error: str = "",
) -> QuestionCard:
    """The card of the question with this number, from 1."""
    question = lesson.teaching.quiz[number - 1]
    address = reverse("lessons:quiz", args=[lesson.slug, question.id])
    return build_question_card(lesson, question, number, standing, address, scene=scene, hint=hint, error=error)
