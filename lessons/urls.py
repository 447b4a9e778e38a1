"""Addresses of the lessons."""

from django.urls import path

from lessons.views import index, lesson, performance, problems, project, quiz, report, review, tasks, texts

app_name = "lessons"
urlpatterns = [
    path("", index.index, name="index"),
    path("lessons/<slug:slug>/", lesson.lesson, name="lesson"),
    path("lessons/<slug:slug>/runs/", lesson.send, name="send"),
    path("lessons/<slug:slug>/runs/<str:run>/", lesson.run, name="run"),
    path("lessons/<slug:slug>/runs/<str:run>/cancel/", lesson.cancel, name="cancel"),
    path("lessons/<slug:slug>/quiz/<slug:question>/", quiz.answer, name="quiz"),
    path("lessons/<slug:slug>/start-over/", quiz.start_over, name="start-over"),
    path("lessons/<slug:slug>/learn/", texts.learn, name="learn"),
    path("lessons/<slug:slug>/why/", texts.why, name="why"),
    path("lessons/<slug:slug>/deep-dive/", texts.deep, name="deep"),
    path("lessons/<slug:slug>/runs/<str:run>/report/", report.progress, name="report"),
    path("lessons/<slug:slug>/try/", tasks.page, name="try"),
    path("lessons/<slug:slug>/try/<slug:task>/", tasks.answer, name="try-answer"),
    path("lessons/<slug:slug>/challenge/", problems.page, name="challenge"),
    path("lessons/<slug:slug>/challenge/<slug:problem>/", problems.answer, name="challenge-answer"),
    path("lessons/<slug:slug>/project/", project.page, name="project"),
    path("lessons/<slug:slug>/project/<slug:step>/", project.check, name="project-check"),
    path("lessons/<slug:slug>/project/<slug:step>/run/", project.solve, name="project-run"),
    path("lessons/<slug:slug>/review/", review.page, name="review"),
    path("lessons/<slug:slug>/review/cards/<slug:card>/", review.card, name="review-card"),
    path("lessons/<slug:slug>/review/cards/<slug:card>/grade/", review.grade, name="review-grade"),
    path("lessons/<slug:slug>/review/questions/<slug:question>/", review.question, name="review-question"),
    path("lessons/<slug:slug>/review/explain/<slug:prompt>/", review.explain, name="review-explain"),
    path("lessons/<slug:slug>/performance/", performance.page, name="performance"),
    path("lessons/<slug:slug>/performance/law/", performance.law, name="performance-law"),
    path("lessons/<slug:slug>/performance/measurements/", performance.begin, name="performance-begin"),
    path(
        "lessons/<slug:slug>/performance/measurements/<str:measurement>/",
        performance.figures,
        name="performance-figures",
    ),
    path(
        "lessons/<slug:slug>/performance/measurements/<str:measurement>/cancel/",
        performance.cancel,
        name="performance-cancel",
    ),
]
