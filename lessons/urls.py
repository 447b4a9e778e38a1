"""Addresses of the lessons."""

from django.urls import path

from lessons.views import lesson

app_name = "lessons"
urlpatterns = [
    path("", lesson.index, name="index"),
    path("lessons/<slug:slug>/", lesson.lesson, name="lesson"),
    path("lessons/<slug:slug>/runs/", lesson.send, name="send"),
    path("lessons/<slug:slug>/runs/<str:run>/", lesson.run, name="run"),
    path("lessons/<slug:slug>/runs/<str:run>/cancel/", lesson.cancel, name="cancel"),
]
