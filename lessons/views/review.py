"""Review: cards that the learner grades, questions, and prompts to explain in one's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lessons.content.model import Lesson
from lessons.content.teaching import Card, Explain, Review
from lessons.errors import Refused
from lessons.learning import flashcards, quiz
from lessons.learning.flashcards import RATINGS, CardStanding, Deck, Grade
from lessons.learning.grading import Choice
from lessons.runs import archive
from lessons.views import responses
from lessons.views.evidence import EvidenceScene
from lessons.views.modes import lesson_or_404
from lessons.views.question_cards import QuestionCard
from lessons.views.question_cards import build_question_card as question_card

MAX_TEXT: Final = 10_000  # bytes of what is explained; it is not kept
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


@require_safe
async def review_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything; `?card=…` shows the other side of a card."""
    lesson, name = lesson_or_404(slug, "review"), responses.learner_or_new(request)
    return await _page(request, lesson, name, shown=request.GET.get("card", ""))


@require_safe
async def card_fragment(request: HttpRequest, slug: str, card: str) -> HttpResponse:
    """The other side of a card that is due."""
    lesson, name = lesson_or_404(slug, "review"), responses.learner_or_new(request)
    deck = await sync_to_async(flashcards.load_deck)(name, lesson)
    context = {**_deck(lesson, deck, card), "oob": True}
    if not context["shown"]:
        raise Http404(f"No card {card!r} is due.")
    return responses.render_fragment(request, lesson, "_card.html", context, name)


@require_POST
async def grade_flashcard(request: HttpRequest, slug: str, card: str) -> HttpResponseBase:
    """Grade a card; the next one."""
    lesson, name = lesson_or_404(slug, "review"), responses.learner_or_new(request)
    status, message = HTTPStatus.OK, ""
    try:
        await sync_to_async(flashcards.grade_card)(name, lesson, card, Grade.read(request.POST))
    except Refused as error:
        status, message = responses.refusal_status(error), error.message
    if responses.wants_fragment(request):
        deck = await sync_to_async(flashcards.load_deck)(name, lesson)
        context = {**_deck(lesson, deck, ""), "message": message, "oob": True}
        return responses.render_fragment(request, lesson, "_card.html", context, name, status)
    if message:
        return await _page(request, lesson, name, message=message, status=status)
    return responses.redirect_after_post(request, responses.mode_address(lesson, "review", "cards"), name)


@require_POST
async def answer_review_question(request: HttpRequest, slug: str, question: str) -> HttpResponseBase:
    """Answer a question, or ask for its hint."""
    lesson, name = lesson_or_404(slug, "review"), responses.learner_or_new(request)
    status, message = HTTPStatus.OK, ""
    wished = "hint" in request.POST or "hinted" in request.POST
    if "hint" not in request.POST:
        try:
            await sync_to_async(quiz.answer_review)(name, lesson, question, Choice.read(request.POST))
        except Refused as error:
            status, message = responses.refusal_status(error), error.message
    if not responses.wants_fragment(request) and not message:
        address = responses.mode_address(lesson, "review", f"question-{question}", hint=question if wished else "")
        return responses.redirect_after_post(request, address, name)
    if not responses.wants_fragment(request):
        return await _page(request, lesson, name, hint=question, errors={question: message}, status=status)
    found = await sync_to_async(_questions)(lesson, name, question if wished else "", {question: message})
    card = next((each for each in found if each.id == question), None)
    if card is None:
        raise Http404(f"There is no question {question!r}.")
    context = {"question": card, "chosen": request.POST.get("option", "")}
    return responses.render_fragment(request, lesson, "_review_question.html", context, name, status)


@require_POST
async def explain_prompt(request: HttpRequest, slug: str, prompt: str) -> HttpResponse:
    """Show the model answer beside the learner's own, which is not kept."""
    lesson, name = lesson_or_404(slug, "review"), responses.learner_or_new(request)
    each = next((each for each in _review(lesson).explain if each.id == prompt), None)
    if each is None:
        raise Http404(f"There is no prompt {prompt!r}.")
    compared = _compared(each, request.POST.get("text", ""))
    if not compared.message:
        await sync_to_async(quiz.record_explanation)(name, lesson, prompt)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if compared.message else HTTPStatus.OK
    if responses.wants_fragment(request):
        return responses.render_fragment(request, lesson, "_explain.html", {"each": compared}, name, status)
    return await _page(request, lesson, name, compared=compared, status=status)


def _compared(prompt: Explain, text: str) -> PromptSheet:
    if not text.strip():
        return PromptSheet(prompt, message="Write a sentence or two first: comparing helps only then.")
    if len(text.encode(errors="replace")) > MAX_TEXT:
        return PromptSheet(prompt, text[:1000], message="That is too long. A few sentences are enough.")
    return PromptSheet(prompt, text, prompt.model, explained=True)


async def _page(
    request: HttpRequest,
    lesson: Lesson,
    name: str,
    *,
    shown: str = "",
    message: str = "",
    hint: str = "",
    errors: Mapping[str, str] | None = None,
    compared: PromptSheet | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    deck = await sync_to_async(flashcards.load_deck)(name, lesson)
    questions = await sync_to_async(_questions)(lesson, name, hint or request.GET.get("hint", ""), errors or {})
    explained = await sync_to_async(quiz.explained_prompts)(name, lesson)
    prompts = tuple(
        compared if compared and compared.prompt is each else PromptSheet(each, explained=explained[each.id])
        for each in _review(lesson).explain
    )
    context = {**_deck(lesson, deck, shown), "message": message, "questions": questions, "prompts": prompts}
    return await responses.mode_page(request, lesson, "review", context, name, status)


def _deck(lesson: Lesson, deck: Deck, shown: str) -> dict[str, Any]:
    """The card to look at, with its other side if that is the one to be shown."""
    contents = {each.id: each for each in _review(lesson).cards}
    due = deck.due
    standing = next((each for each in due if each.id == shown), due[0] if due else None)
    now = timezone.now()
    return {
        "card": contents[standing.id] if standing else None,
        "standing": standing,
        "shown": standing is not None and standing.id == shown,
        "grades": _grades(standing) if standing else (),
        "due": len(due),
        "later": _later(deck, contents, now),
        "next_due": interval_text(deck.next_due - now) if deck.next_due else "",
        "all": len(contents),
    }


def _grades(standing: CardStanding) -> tuple[GradeButton, ...]:
    return tuple(
        GradeButton(key, rating, interval_text(standing.intervals[rating]) if rating in standing.intervals else "")
        for key, rating in enumerate(RATINGS, 1)
    )


def _later(deck: Deck, contents: Mapping[str, Card], now: datetime) -> list[tuple[Card, str]]:
    """The cards that are not due, the soonest first, with the time until they are."""
    waiting = sorted((each.due_at, each.id) for each in deck.cards if not each.due and each.due_at)
    return [(contents[id], interval_text(at - now)) for at, id in waiting]


def interval_text(span: timedelta) -> str:
    """`1 minute`, `3 hours`, `12 days`: one unit, rounded; nothing shorter than a minute."""
    seconds = max(60.0, span.total_seconds())
    size, noun = next(unit for unit in UNITS if round(seconds / unit[0]) >= 1)
    number = round(seconds / size)
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _questions(lesson: Lesson, name: str, hint: str, errors: Mapping[str, str]) -> tuple[QuestionCard, ...]:
    standings = quiz.review_standings(name, lesson)
    scene = EvidenceScene(staged=False, last=archive.latest_by_lane(name, lesson.slug))
    return tuple(
        question_card(
            lesson,
            each,
            number,
            standings[each.id],
            reverse("lessons:review-question", args=[lesson.slug, each.id]),
            scene=scene,
            hint=each.id == hint,
            error=errors.get(each.id, ""),
        )
        for number, each in enumerate(_review(lesson).questions, 1)
    )


def _review(lesson: Lesson) -> Review:
    assert lesson.teaching.review is not None  # `lesson_or_404` has looked
    return lesson.teaching.review
