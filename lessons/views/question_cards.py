"""Questions as cards of a page. Nothing of an answer is in one before that answer is due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, Literal

from django.urls import reverse
from django.utils.safestring import SafeString

from lessons.content.model import Lesson
from lessons.content.teaching import Question
from lessons.learning import quiz
from lessons.learning.grading import Choice, Standing
from lessons.rendering import markdown
from lessons.views.evidence import EvidenceScene, Proof, find_proof
from lessons.views.explanations import Explanation, catch_trouble
from lessons.views.mode_request import ModeRequest

type Answering = Callable[[str, Lesson, str, Choice], Standing]  # learner, lesson, id of the question, choice


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that are asked together."""

    route: str  # name of the address to post an answer to
    questions: Callable[[Lesson], tuple[Question, ...]]
    standings: Callable[[str, Lesson], dict[str, Standing]]  # of a learner, by id
    answer: Answering  # raises `Refused`


QUIZ: Final = QuestionSet("lessons:quiz", lambda lesson: lesson.teaching.quiz, quiz.quiz_standings, quiz.answer_quiz)
REVIEW: Final = QuestionSet(
    "lessons:review-question",
    lambda lesson: lesson.teaching.review.questions if lesson.teaching.review else (),
    quiz.review_standings,
    quiz.answer_review,
)


@dataclass(frozen=True, slots=True)
class QuestionInHand:
    """The question that a learner is at, and what the page says there besides."""

    id: str = ""  # "": none
    hint: bool = False
    trouble: Explanation | None = None  # why the last answer was not taken

    @property
    def status(self) -> HTTPStatus:
        """Of the reply."""
        return self.trouble.status if self.trouble else HTTPStatus.OK


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
    number: int  # from 1
    prompt: SafeString
    lines: tuple[OptionLine, ...]
    standing: Standing
    address: str  # to post the answer to
    hint: SafeString  # "" until asked for
    error: str
    proof: Proof | None  # once settled


async def take_answer(asked: ModeRequest, questions: QuestionSet, id: str) -> QuestionInHand:
    """Grade the answer in a form, or give the hint; a hint once shown stays."""
    form = asked.request.POST
    in_hand = QuestionInHand(id, "hint" in form or "hinted" in form)
    if "hint" in form:
        return in_hand
    _, trouble = await catch_trouble(asked.ask(_grade, questions, id, form))
    return replace(in_hand, trouble=trouble)


def _grade(learner: str, lesson: Lesson, questions: QuestionSet, id: str, form: Mapping[str, str]) -> None:
    questions.answer(learner, lesson, id, Choice.read(form))


def build_question_cards(
    learner: str, lesson: Lesson, asked: QuestionSet, scene: EvidenceScene, in_hand: QuestionInHand
) -> dict[str, QuestionCard]:
    """The cards of all these questions by id, in order. Asks the database."""
    standings = asked.standings(learner, lesson)
    cards = {}
    for number, question in enumerate(asked.questions(lesson), 1):
        standing, mine = standings[question.id], question.id == in_hand.id
        evidence = question.evidence if standing.settled else None
        cards[question.id] = QuestionCard(
            id=question.id,
            number=number,
            prompt=markdown.render_block(question.prompt),
            lines=tuple(_option_line(question, standing, index) for index in range(len(question.options))),
            standing=standing,
            address=reverse(asked.route, args=[lesson.slug, question.id]),
            hint=markdown.render_inline(question.hint) if mine and in_hand.hint else SafeString(""),
            error=in_hand.trouble.sentence if mine and in_hand.trouble else "",
            proof=find_proof(lesson, evidence, scene) if evidence else None,
        )
    return cards


def _option_line(question: Question, standing: Standing, index: int) -> OptionLine:
    given = next((each for each in standing.given if each.option == index), None)
    return OptionLine(
        index=index,
        letter="ABCDEF"[index],
        text=markdown.render_inline(question.options[index].text),
        state="" if given is None else "right" if given.right else "wrong",
        why=markdown.render_block(given.why) if given else SafeString(""),
    )
