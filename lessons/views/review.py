"""Review: cards that the learner grades, questions, and prompts to explain in one's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lessons.content.model import Lesson
from lessons.content.teaching import Card, Explain, Review
from lessons.htmx import HtmxHttpRequest
from lessons.learning import flashcards, quiz
from lessons.learning.flashcards import RATINGS, CardStanding, Deck, Grade
from lessons.views.evidence import EvidenceScene
from lessons.views.experiments import build_card
from lessons.views.explanations import Explanation, catch_trouble
from lessons.views.mode_request import ModeRequest
from lessons.views.question_cards import REVIEW, QuestionCard, QuestionInHand, build_question_cards, take_answer

MAX_TEXT: Final = 10_000  # bytes of what is explained; it is not kept
NO_QUESTION: Final = QuestionInHand()
UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


@dataclass(frozen=True, slots=True)
class GradeButton:
    """One of the four grades."""

    key: int  # on the keyboard
    rating: str
    interval: str  # "10 minutes": when the card would come back


@dataclass(frozen=True, slots=True)
class PromptSheet:
    """A prompt to explain something; the model answer only beside one's own."""

    prompt: Explain
    text: str = ""  # the learner's
    model: str = ""  # "" until there is a text
    explained: bool = False  # now or at an earlier time
    message: str = ""


@dataclass(frozen=True, slots=True)
class ReviewInHand:
    """What a learner is at on the page, and what it says there."""

    turned: str = ""  # id of the card whose other side is shown
    trouble: Explanation | None = None  # why a card was not graded
    question: QuestionInHand = NO_QUESTION
    prompt: PromptSheet | None = None  # what was compared

    @property
    def message(self) -> str:
        """What is said at the cards."""
        return self.trouble.sentence if self.trouble else ""


@require_safe
async def review_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """Everything; `?card=…` shows the other side of a card, `?hint=…` the hint of a question."""
    asked = ModeRequest.read(request, slug, "review")
    question = QuestionInHand(request.GET.get("hint", ""), hint=True)
    return await asked.page(
        await asked.ask(_page_context, ReviewInHand(request.GET.get("card", ""), question=question))
    )


@require_safe
async def card_fragment(request: HtmxHttpRequest, slug: str, card: str) -> HttpResponse:
    """The other side of a card that is due."""
    asked = ModeRequest.read(request, slug, "review")
    context = await asked.ask(_deck_context, ReviewInHand(card))
    if not context["shown"]:
        raise Http404(f"No card {card!r} is due.")
    return asked.piece("lessons/modes/_card.html", {**context, "oob": True})


@require_POST
async def grade_flashcard(request: HtmxHttpRequest, slug: str, card: str) -> HttpResponseBase:
    """Grade a card; the next one."""
    asked = ModeRequest.read(request, slug, "review")
    _, trouble = await catch_trouble(asked.ask(_grade, card, request.POST))
    if request.htmx:
        context = await asked.ask(_deck_context, ReviewInHand(trouble=trouble))
        return asked.piece("lessons/modes/_card.html", {**context, "oob": True}, _status(trouble))
    if trouble is None:
        return asked.redirect("cards")
    return await asked.page(await asked.ask(_page_context, ReviewInHand(trouble=trouble)), trouble.status)


@require_POST
async def answer_review_question(request: HtmxHttpRequest, slug: str, question: str) -> HttpResponseBase:
    """Answer a question, or ask for its hint."""
    asked = ModeRequest.read(request, slug, "review")
    in_hand = await take_answer(asked, REVIEW, question)
    if not request.htmx and not in_hand.trouble:
        return asked.redirect(f"question-{question}", hint=question if in_hand.hint else "")
    if not request.htmx:
        return await asked.page(await asked.ask(_page_context, ReviewInHand(question=in_hand)), in_hand.status)
    card = (await asked.ask(_question_cards, in_hand)).get(question)
    if card is None:
        raise Http404(f"There is no question {question!r}.")
    context = {"question": card, "chosen": request.POST.get("option", "")}
    return asked.piece("lessons/modes/_review_question.html", context, in_hand.status)


@require_POST
async def explain_prompt(request: HtmxHttpRequest, slug: str, prompt: str) -> HttpResponse:
    """Show the model answer beside the learner's own, which is not kept."""
    asked = ModeRequest.read(request, slug, "review")
    each = next((each for each in _review(asked.lesson).explain if each.id == prompt), None)
    if each is None:
        raise Http404(f"There is no prompt {prompt!r}.")
    compared = _compared(each, request.POST.get("text", ""))
    if not compared.message:
        await asked.ask(quiz.record_explanation, prompt)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if compared.message else HTTPStatus.OK
    if request.htmx:
        return asked.piece("lessons/modes/_explain.html", {"each": compared}, status)
    return await asked.page(await asked.ask(_page_context, ReviewInHand(prompt=compared)), status)


def _grade(learner: str, lesson: Lesson, card: str, form: Mapping[str, str]) -> None:
    flashcards.grade_card(learner, lesson, card, Grade.read(form))


def _status(trouble: Explanation | None) -> HTTPStatus:
    return trouble.status if trouble else HTTPStatus.OK


def _compared(prompt: Explain, text: str) -> PromptSheet:
    if not text.strip():
        return PromptSheet(prompt, message="Write a sentence or two first: comparing helps only then.")
    if len(text.encode(errors="replace")) > MAX_TEXT:
        return PromptSheet(prompt, text[:1000], message="That is too long. A few sentences are enough.")
    return PromptSheet(prompt, text, prompt.model, explained=True)


def _page_context(learner: str, lesson: Lesson, in_hand: ReviewInHand) -> dict[str, Any]:
    explained = quiz.explained_prompts(learner, lesson)
    prompts = (PromptSheet(each, explained=explained[each.id]) for each in _review(lesson).explain)
    compared = in_hand.prompt
    return {
        **_deck_context(learner, lesson, in_hand),
        "questions": tuple(_question_cards(learner, lesson, in_hand.question).values()),
        "prompts": [compared if compared and compared.prompt is each.prompt else each for each in prompts],
    }


def _question_cards(learner: str, lesson: Lesson, in_hand: QuestionInHand) -> dict[str, QuestionCard]:
    scene = EvidenceScene(staged=False).with_last_runs(learner, lesson)
    return build_question_cards(learner, lesson, REVIEW, scene, in_hand)


def _deck_context(learner: str, lesson: Lesson, in_hand: ReviewInHand) -> dict[str, Any]:
    """The card to look at, with its other side if that is the one to be shown."""
    deck = flashcards.load_deck(learner, lesson)
    contents = {each.id: each for each in _review(lesson).cards}
    due = deck.due
    standing = next((each for each in due if each.id == in_hand.turned), due[0] if due else None)
    now = timezone.now()
    card = contents[standing.id] if standing else None
    return {
        "card": card,
        "experiment": build_card(lesson, card.example, {}) if card and card.example else None,
        "standing": standing,
        "shown": standing is not None and standing.id == in_hand.turned,
        "grades": _grades(standing) if standing else (),
        "due": len(due),
        "later": _later(deck, contents, now),
        "next_at": deck.next_due,
        "next_due": interval_text(deck.next_due - now) if deck.next_due else "",
        "all": len(contents),
        "locked": deck.locked,
        "message": in_hand.message,
    }


def _grades(standing: CardStanding) -> tuple[GradeButton, ...]:
    return tuple(
        GradeButton(key, rating, interval_text(standing.intervals[rating]) if rating in standing.intervals else "")
        for key, rating in enumerate(RATINGS, 1)
    )


def _later(deck: Deck, contents: Mapping[str, Card], now: datetime) -> list[tuple[Card, datetime, str]]:
    """The cards that are not due, the soonest first, with the time at which they are, and until then."""
    waiting = sorted((each.due_at, each.id) for each in deck.cards if not each.due and each.due_at)
    return [(contents[id], at, interval_text(at - now)) for at, id in waiting]


def interval_text(span: timedelta) -> str:
    """`1 minute`, `3 hours`, `12 days`: one unit, rounded; nothing shorter than a minute."""
    seconds = max(60.0, span.total_seconds())
    size, noun = next(unit for unit in UNITS if round(seconds / unit[0]) >= 1)
    number = round(seconds / size)
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _review(lesson: Lesson) -> Review:
    assert lesson.teaching.review is not None  # `lesson_or_404` has looked
    return lesson.teaching.review
