"""Who is learning: an anonymous, random name in a signed cookie, and nothing more."""

import secrets
from contextlib import suppress

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "learner"  # of a site without HTTPS; on one with it, what an earlier version has kept
YEAR = 365 * 24 * 3600


def learner_name(request: HttpRequest) -> str:
    """The learner's name; "" for one who has none yet, or whose cookie is not ours."""
    for cookie in dict.fromkeys((settings.LEARNER_COOKIE, COOKIE)):
        with suppress(KeyError, BadSignature):
            kept = request.get_signed_cookie(cookie, max_age=YEAR) or ""
            return kept.partition(":")[0]  # a cookie of an earlier version may tell a page behind the name
    return ""


def new_learner() -> str:
    """A name for a new learner."""
    return secrets.token_urlsafe(16)


def remember_learner(response: HttpResponse, learner: str, *, secure: bool) -> None:
    """Keep the name in the learner's browser for a year from now.

    A cookie of the former name stays, until it expires: while a site is upgraded, and when it goes back, the earlier
    version reads that.
    """
    response.set_signed_cookie(
        settings.LEARNER_COOKIE, learner, max_age=YEAR, httponly=True, samesite="Lax", secure=secure
    )


def owner_mark(run: str, learner: str) -> str:
    """What a run keeps of its learner: enough to know them again, too little to tell who they are."""
    return salted_hmac("lessons.learner", f"{run}:{learner}", algorithm="sha256").hexdigest()[:32]


def owns_run(run: str, owner: str, learner: str) -> bool:
    """Did this learner send the run that carries this mark?"""
    return bool(owner and learner) and constant_time_compare(owner, owner_mark(run, learner))
