"""Answers to the visual quiz, and beginning a lesson anew."""

import re
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lessons import identity
from lessons.content.model import Lesson
from lessons.errors import Refused
from lessons.learning import grading, progress, quiz
from lessons.runs import archive
from lessons.views import modes, responses, visualize
from lessons.views.evidence import EvidenceScene
from lessons.views.htmx import HtmxHttpRequest

RUN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # the name of a run


@require_http_methods(["GET", "POST"])
def answer_question(request: HtmxHttpRequest, slug: str, question: str) -> HttpResponse:
    """Grade an answer, or give the hint; the question's card, or back to the page. Whoever just looks is led there."""
    lesson = modes.lesson_or_404(slug)
    if request.method == "GET":
        return redirect(_back(request, lesson, question))
    name = responses.learner_or_new(request)
    error, status = "", HTTPStatus.OK
    if "hint" not in request.POST:
        try:
            quiz.answer_quiz(name, lesson, question, grading.Choice.read(request.POST))
        except Refused as refused:
            if not request.htmx:
                raise
            error, status = refused.message, responses.refusal_status(refused)
    if request.htmx:
        response = _card(request, lesson, question, name, error, status)
    else:
        response = redirect(_back(request, lesson, question))
    return responses.with_learner_cookie(request, response, name)


@require_POST
def start_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget what the learner did in this lesson, and begin again."""
    lesson = modes.lesson_or_404(slug)
    if name := identity.learner_name(request):
        progress.forget_progress(name, lesson)
    return redirect("lessons:lesson", slug)


def _card(
    request: HttpRequest, lesson: Lesson, question: str, name: str, error: str, status: HTTPStatus
) -> HttpResponse:
    standings = quiz.quiz_standings(name, lesson)
    ids = list(standings)
    if question not in ids:
        return responses.plain_refusal(error or "There is no such question.", HTTPStatus.NOT_FOUND)
    number = ids.index(question) + 1
    scene = EvidenceScene(last=archive.latest_by_lane(name, lesson.slug))  # the page knows what is on its stage
    wished = "hint" in request.POST or "hinted" in request.POST
    context = {
        "lesson": lesson,
        "question": visualize.quiz_question_card(lesson, number, standings[question], scene, hint=wished, error=error),
        "score": grading.total_score(standings.values()),
        "chosen": request.POST.get("option", ""),
    }
    return render(request, "lessons/_answered.html", context, status=status)


def _back(request: HttpRequest, lesson: Lesson, question: str) -> str:
    """The page the question was on, at the question."""
    run = request.POST.get("run", "")
    route = ("lessons:run", [lesson.slug, run]) if RUN.fullmatch(run) else ("lessons:lesson", [lesson.slug])
    page = reverse(route[0], args=route[1])
    hint = f"?hint={question}" if "hint" in request.POST or "hinted" in request.POST else ""
    return f"{page}{hint}#question-{question}"
