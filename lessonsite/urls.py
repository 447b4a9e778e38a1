"""Addresses of the site."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.urls import include, path
from django.utils import timezone

from lessons.views.metrics import show_metrics
from lessons.views.readiness import readyz
from lessonsite import signin

PRIVATE: Final = ("/admin/", "/live/", "/runs/", "/lessons/*/runs/", "/s/")

GOOD_FOR: Final = timedelta(days=180)  # an operator who is gone is not believed for longer; RFC 9116: under a year


async def healthz(request: HttpRequest) -> HttpResponse:
    """For load balancers: this process answers."""
    return HttpResponse("ok", content_type="text/plain")


async def robots(request: HttpRequest) -> HttpResponse:
    """Lessons may be found; what is one visitor's, or the operator's, is no place for robots."""
    return HttpResponse(f"User-agent: *\n{''.join(f'Disallow: {each}\n' for each in PRIVATE)}", "text/plain")


async def favicon(request: HttpRequest) -> HttpResponse:
    """For those who ask for an icon without looking at the page."""
    return HttpResponsePermanentRedirect(static("icon.svg"))


async def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116), if the operator has said so."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {each}" for each in settings.SECURITY_CONTACT]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: en"]
    return HttpResponse("".join(f"{each}\n" for each in lines), "text/plain; charset=utf-8")


urlpatterns = [
    path("robots.txt", robots),
    path(".well-known/security.txt", security),
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
