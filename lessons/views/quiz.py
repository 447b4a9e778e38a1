"""Answers to the visual quiz, and beginning a lesson anew."""

import re
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lessons import identity
from lessons.content.model import Lesson
from lessons.errors import Refused
from lessons.htmx import HtmxHttpRequest
from lessons.learning import progress
from lessons.learning.grading import total_score
from lessons.views import modes
from lessons.views.error_replies import reply_as_page
from lessons.views.evidence import EvidenceScene
from lessons.views.mode_request import ModeRequest
from lessons.views.question_cards import QUIZ, QuestionCard, QuestionInHand, build_question_cards, take_answer

RUN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # the name of a run


@require_http_methods(["GET", "POST"])
async def answer_question(request: HtmxHttpRequest, slug: str, question: str) -> HttpResponseBase:
    """Grade an answer, or give the hint; the question's card, or back to the page. Whoever just looks is led there."""
    asked = ModeRequest.read(request, slug, "visualize")
    if request.method == "GET":
        return redirect(_back(request, asked.lesson, question))
    in_hand = await take_answer(asked, QUIZ, question)
    if request.htmx:
        return await _show_card(asked, in_hand)
    if in_hand.trouble:
        return reply_as_page(request, in_hand.trouble, asked.lesson)
    return asked.keep_name(redirect(_back(request, asked.lesson, question)))


@require_POST
def start_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget what the learner did in this lesson, and begin again."""
    lesson = modes.lesson_or_404(slug)
    if name := identity.learner_name(request):
        progress.forget_progress(name, lesson)
    return redirect("lessons:lesson", slug)


async def _show_card(asked: ModeRequest, in_hand: QuestionInHand) -> HttpResponse:
    cards = await asked.ask(_cards, in_hand)
    if in_hand.id not in cards:
        raise Refused("unknown", "This lesson has no such question.")
    context = {
        "question": cards[in_hand.id],
        "score": total_score(each.standing for each in cards.values()),
        "chosen": asked.request.POST.get("option", ""),
    }
    return asked.piece("lessons/_answered.html", context, in_hand.status)


def _cards(learner: str, lesson: Lesson, in_hand: QuestionInHand) -> dict[str, QuestionCard]:
    scene = EvidenceScene().with_last_runs(learner, lesson)  # the page knows what is on its stage
    return build_question_cards(learner, lesson, QUIZ, scene, in_hand)


def _back(request: HttpRequest, lesson: Lesson, question: str) -> str:
    """The page the question was on, at the question."""
    run = request.POST.get("run", "")
    route = ("lessons:run", [lesson.slug, run]) if RUN.fullmatch(run) else ("lessons:lesson", [lesson.slug])
    page = reverse(route[0], args=route[1])
    hint = f"?hint={question}" if "hint" in request.POST or "hinted" in request.POST else ""
    return f"{page}{hint}#question-{question}"
