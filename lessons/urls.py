"""Addresses of the lessons."""

from django.urls import path

from lessons import views

app_name = "lessons"
urlpatterns = [
    path("", views.index, name="index"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/runs/", views.send, name="send"),
    path("lessons/<slug:slug>/runs/<str:run>/", views.run, name="run"),
    path("lessons/<slug:slug>/runs/<str:run>/cancel/", views.cancel, name="cancel"),
]
