"""Addresses of the lessons."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from lessons.views import (
    analogies,
    builds,
    challenges,
    compare,
    embed,
    exercises,
    experiments,
    exports,
    lesson,
    lesson_list,
    lesson_map,
    my_runs,
    paths,
    pattern_tests,
    performance,
    preview,
    projects,
    quiz,
    review,
    run_text,
    share,
    summary,
    texts,
    thumbnail,
    visits,
)
from lessons.views.turnstile import page_in_turn

app_name = "lessons"


def place(route: str, view: Callable[..., Any], *, name: str) -> URLPattern:
    """An address whose answers are made in turn: who asks for many makes nobody else wait."""
    return path(route, page_in_turn(view), name=name)


urlpatterns = [
    place("", lesson_list.lesson_list, name="index"),
    place("runs/", my_runs.my_runs_page, name="runs"),
    place("runs/delete/", my_runs.delete_my_runs, name="runs-delete"),
    place("runs/<str:run>/delete/", my_runs.delete_my_run, name="run-delete"),
    place("lessons/<slug:slug>/", lesson.lesson_page, name="lesson"),
    place("lessons/<slug:slug>/runs/", lesson.send_run, name="send"),
    place("lessons/<slug:slug>/runs/<str:run>/", lesson.run_page, name="run"),
    place("lessons/<slug:slug>/runs/<str:run>/small.svg", thumbnail.run_thumbnail, name="thumbnail"),
    place("lessons/<slug:slug>/runs/<str:run>/text/", run_text.run_text_page, name="run-text"),
    place("lessons/<slug:slug>/runs/<str:run>/text.txt", run_text.run_text_file, name="run-plain"),
    place("lessons/<slug:slug>/runs/<str:run>/cancel/", lesson.cancel_run, name="cancel"),
    place("lessons/<slug:slug>/runs/<str:run>/share/", share.share_moment, name="share"),
    place("s/<str:key>/", share.follow_share, name="shared"),
    place("s/<str:key>/picture.png", preview.shared_picture, name="shared-picture"),
    place("lessons/<slug:slug>/picture.png", preview.lesson_picture, name="picture"),
    place("embed/lessons/<slug:slug>/runs/<str:run>/", embed.embedded_run, name="embed"),
    place("embed/s/<str:key>/", embed.embedded_share, name="embed-shared"),
    place("lessons/<slug:slug>/runs/<str:run>/compare/", compare.choose_run, name="compare"),
    place("lessons/<slug:slug>/runs/<str:run>/compare/<str:other>/", compare.compare_page, name="compared"),
    place("lessons/<slug:slug>/quiz/<slug:question>/", quiz.answer_question, name="quiz"),
    place("lessons/<slug:slug>/start-over/", quiz.start_over, name="start-over"),
    place("lessons/<slug:slug>/visits/<slug:mode>/", visits.note_visit, name="visit"),
    place("lessons/<slug:slug>/map/", lesson_map.map_page, name="map"),
    place("lessons/<slug:slug>/path/", paths.path_page, name="path"),
    place("lessons/<slug:slug>/path/<slug:example>/", paths.path_page, name="path-step"),
    place("lessons/<slug:slug>/examples/<slug:example>/answer/", experiments.show_answer, name="show-answer"),
    place("lessons/<slug:slug>/open/", experiments.open_stage, name="open-stage"),
    place("lessons/<slug:slug>/learn/", texts.learn_page, name="learn"),
    place("lessons/<slug:slug>/why/", texts.why_page, name="why"),
    place("lessons/<slug:slug>/deep-dive/", texts.deep_page, name="deep"),
    place("lessons/<slug:slug>/runs/<str:run>/export/<str:name>", exports.export_file, name="export"),
    place("lessons/<slug:slug>/runs/<str:run>/report/", summary.summary_fragment, name="report"),
    place("lessons/<slug:slug>/try/", exercises.try_page, name="try"),
    place("lessons/<slug:slug>/try/<slug:task>/", exercises.answer_exercise, name="try-answer"),
    place("lessons/<slug:slug>/challenge/", challenges.challenge_page, name="challenge"),
    place("lessons/<slug:slug>/challenge/<slug:problem>/", challenges.answer_challenge, name="challenge-answer"),
    place("lessons/<slug:slug>/project/", projects.project_page, name="project"),
    place("lessons/<slug:slug>/analogies/<slug:analogy>/", analogies.analogy_fragment, name="analogy"),
    place("lessons/<slug:slug>/build/", builds.build_fragment, name="build"),
    place("lessons/<slug:slug>/build/run/", builds.run_build, name="build-run"),
    place("lessons/<slug:slug>/build/settle/", builds.settle_build, name="build-settle"),
    place("lessons/<slug:slug>/project/<slug:step>/", projects.check_step, name="project-check"),
    place("lessons/<slug:slug>/project/<slug:step>/run/", projects.run_solution, name="project-run"),
    place("lessons/<slug:slug>/review/", review.review_page, name="review"),
    place("lessons/<slug:slug>/review/cards/<slug:card>/", review.card_fragment, name="review-card"),
    place("lessons/<slug:slug>/review/cards/<slug:card>/grade/", review.grade_flashcard, name="review-grade"),
    place(
        "lessons/<slug:slug>/review/questions/<slug:question>/", review.answer_review_question, name="review-question"
    ),
    place("lessons/<slug:slug>/review/explain/<slug:prompt>/", review.explain_prompt, name="review-explain"),
    place("lessons/<slug:slug>/test/", pattern_tests.test_page, name="test"),
    place("lessons/<slug:slug>/test/grade/", pattern_tests.submit_test, name="test-grade"),
    place("lessons/<slug:slug>/performance/", performance.performance_page, name="performance"),
    place("lessons/<slug:slug>/performance/open/", experiments.open_performance, name="open-performance"),
    place("lessons/<slug:slug>/performance/law/", performance.law_fragment, name="performance-law"),
    place("lessons/<slug:slug>/performance/measurements/", performance.begin_measurement, name="performance-begin"),
    place(
        "lessons/<slug:slug>/performance/measurements/<str:measurement>/",
        performance.figures_fragment,
        name="performance-figures",
    ),
    place(
        "lessons/<slug:slug>/performance/measurements/<str:measurement>/cancel/",
        performance.cancel_measurement,
        name="performance-cancel",
    ),
]
