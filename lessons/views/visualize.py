"""What stands below the stage: key moments, the visual quiz, the concept in short."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from lessons.content.model import Lesson
from lessons.learning import experiments
from lessons.learning.grading import total_score
from lessons.rendering import markdown
from lessons.views.evidence import EvidenceScene, Proof, find_proof
from lessons.views.question_cards import QUIZ, QuestionInHand, build_question_cards


@dataclass(frozen=True, slots=True)
class KeyMomentCard:
    """A key moment."""

    question: SafeString
    answer: SafeString  # "" while it is covered
    proof: Proof


def visualize_sections(learner: str, lesson: Lesson, scene: EvidenceScene, hint: str = "") -> dict[str, Any]:
    """The context of `lessons/_sections.html`; `hint` is the id of the question whose hint is wished for.

    Asks the database.
    """
    scene = scene.with_last_runs(learner, lesson)
    cards = build_question_cards(learner, lesson, QUIZ, scene, QuestionInHand(hint, hint=True))
    answered = any(each.standing.attempts for each in cards.values())
    covered = not (scene.last or answered or experiments.is_stage_open(learner, lesson))
    return {
        "covered": covered,
        "moments": tuple(
            KeyMomentCard(
                markdown.render_inline(each.question),
                SafeString() if covered else markdown.render_block(each.answer),
                find_proof(lesson, each.evidence, scene),
            )
            for each in lesson.teaching.key_moments
        ),
        "questions": tuple(cards.values()),
        "snapshot": () if covered else tuple(map(markdown.render_inline, lesson.teaching.snapshot)),
        "score": total_score(each.standing for each in cards.values()),
    }
