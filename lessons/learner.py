"""Who is learning: an anonymous, random name in a signed cookie, and nothing more."""

import secrets

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "learner"
YEAR = 365 * 24 * 3600


def name(request: HttpRequest) -> str:
    """The learner's name; "" for one who has none yet, or whose cookie is not ours."""
    try:
        return request.get_signed_cookie(COOKIE, max_age=YEAR) or ""
    except (KeyError, BadSignature):
        return ""


def new() -> str:
    """A name for a new learner."""
    return secrets.token_urlsafe(16)


def remember(response: HttpResponse, learner: str, *, secure: bool) -> None:
    """Keep the name in the learner's browser for a year from now."""
    response.set_signed_cookie(COOKIE, learner, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)


def mark(run: str, learner: str) -> str:
    """What a run keeps of its learner: enough to know them again, too little to tell who they are."""
    return salted_hmac("lessons.learner", f"{run}:{learner}", algorithm="sha256").hexdigest()[:32]


def owns(run: str, owner: str, learner: str) -> bool:
    """Did this learner send the run that carries this mark?"""
    return bool(owner and learner) and constant_time_compare(owner, mark(run, learner))
