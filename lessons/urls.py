"""Addresses of the lessons."""

from django.urls import path

from lessons.views import index, lesson, quiz, texts

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
]
