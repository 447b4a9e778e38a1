"""Addresses of the site."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from lessons.views.metrics import show_metrics
from lessons.views.readiness import readyz
from lessonsite import signin


async def healthz(request: HttpRequest) -> HttpResponse:
    """For load balancers: this process answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", show_metrics, name="metrics"),
    path("admin/login/", signin.limited_login),  # before the admin's own
    path("admin/", admin.site.urls),
    path("", include("lessons.urls")),
]
