"""Addresses of the site."""

from typing import Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.urls import include, path

from lessons.views.metrics import show_metrics
from lessons.views.readiness import readyz
from lessonsite import signin

PRIVATE: Final = ("/admin/", "/live/", "/runs/", "/lessons/*/runs/", "/s/")


async def healthz(request: HttpRequest) -> HttpResponse:
    """For load balancers: this process answers."""
    return HttpResponse("ok", content_type="text/plain")


async def robots(request: HttpRequest) -> HttpResponse:
    """Lessons may be found; what is one visitor's, or the operator's, is no place for robots."""
    return HttpResponse(f"User-agent: *\n{''.join(f'Disallow: {each}\n' for each in PRIVATE)}", "text/plain")


async def favicon(request: HttpRequest) -> HttpResponse:
    """For those who ask for an icon without looking at the page."""
    return HttpResponsePermanentRedirect(static("icon.svg"))


urlpatterns = [
    path("robots.txt", robots),
    path("favicon.ico", favicon),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", show_metrics, name="metrics"),
    path("admin/login/", signin.limited_login),  # before the admin's own
    path("admin/", admin.site.urls),
    path("", include("lessons.urls")),
]

handler400 = "lessonsite.error_pages.bad_request"
handler403 = "lessonsite.error_pages.forbidden"
handler404 = "lessonsite.error_pages.not_found"
