"""Questions with options: the visual quiz of Visualize, and the questions of Review. As many attempts as options."""

from lessons.answers import Choice, Score, Standing
from lessons.content.model import Lesson


def answer(learner: str, lesson: Lesson, question: str, choice: Choice) -> Standing:
    """Answer a question of the quiz. Raises `Refused`."""
    raise NotImplementedError


def standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """The quiz, by question id, in order."""
    raise NotImplementedError


def answer_review(learner: str, lesson: Lesson, question: str, choice: Choice) -> Standing:
    """Answer a question of Review. Raises `Refused`."""
    raise NotImplementedError


def review_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """The questions of Review, by id, in order."""
    raise NotImplementedError


__all__ = ["Choice", "Score", "Standing", "answer", "answer_review", "review_standings", "standings"]
