"""What stands below the stage: key moments, the visual quiz, the concept in short."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from lessons import answers, archive, markdown, quiz
from lessons.content.model import Lesson
from lessons.views.cards import QuestionCard, card
from lessons.views.evidence import Proof, Scene, proof


@dataclass(frozen=True, slots=True)
class Moment:
    """A key moment."""

    question: SafeString
    answer: SafeString
    proof: Proof


def sections(
    lesson: Lesson, learner: str, lanes: tuple[str, ...], hint: str = "", *, recorded: bool = False
) -> dict[str, Any]:
    """The context of `lessons/_sections.html`; asks the database.

    `lanes` are the ids of those on the stage, `hint` is the id of the question whose hint is wished for; `recorded`:
    is the lesson's recorded run on the stage?
    """
    scene = Scene(lanes, recorded, last=archive.latest_by_lane(learner, lesson.slug))
    standings = quiz.standings(learner, lesson)
    return {
        "moments": tuple(
            Moment(markdown.inline(each.question), markdown.render(each.answer), proof(lesson, each.evidence, scene))
            for each in lesson.teaching.key_moments
        ),
        "questions": tuple(
            question_card(lesson, number, standings[each.id], scene, hint=each.id == hint)
            for number, each in enumerate(lesson.teaching.quiz, 1)
        ),
        "snapshot": tuple(markdown.inline(each) for each in lesson.teaching.snapshot),
        "score": answers.score(standings.values()),
    }


def question_card(
    lesson: Lesson,
    number: int,
    standing: answers.Standing,
    scene: Scene,
    *,
    hint: bool = False,
    error: str = "",
) -> QuestionCard:
    """The card of the question with this number, from 1."""
    question = lesson.teaching.quiz[number - 1]
    address = reverse("lessons:quiz", args=[lesson.slug, question.id])
    return card(lesson, question, number, standing, address, scene=scene, hint=hint, error=error)
