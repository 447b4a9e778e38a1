"""Who is learning: an anonymous, random name in a signed cookie, and nothing more.

A browser that has not come back yet may be a robot, for which nothing is to be kept. So the cookie of a new learner
also tells the page it was given with, until it has come back once: `name`, or `name:lesson:mode`.
"""

import secrets

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "learner"
YEAR = 365 * 24 * 3600


def learner_name(request: HttpRequest) -> str:
    """The learner's name; "" for one who has none yet, or whose cookie is not ours."""
    return _kept(request).partition(":")[0]


def first_page(request: HttpRequest) -> tuple[str, str] | tuple[()]:
    """Lesson and mode of the page that a new learner opened first, as long as it is not known elsewhere; else ()."""
    _, *page = _kept(request).split(":")
    return (page[0], page[1]) if len(page) == 2 else ()


def new_learner() -> str:
    """A name for a new learner."""
    return secrets.token_urlsafe(16)


def remember_learner(
    response: HttpResponse, learner: str, *, secure: bool, first: tuple[str, str] | tuple[()] = ()
) -> None:
    """Keep the name in the learner's browser for a year from now; with the `first` page of a learner who is new."""
    value = ":".join((learner, *first))
    response.set_signed_cookie(COOKIE, value, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)


def owner_mark(run: str, learner: str) -> str:
    """What a run keeps of its learner: enough to know them again, too little to tell who they are."""
    return salted_hmac("lessons.learner", f"{run}:{learner}", algorithm="sha256").hexdigest()[:32]


def owns_run(run: str, owner: str, learner: str) -> bool:
    """Did this learner send the run that carries this mark?"""
    return bool(owner and learner) and constant_time_compare(owner, owner_mark(run, learner))


def _kept(request: HttpRequest) -> str:
    try:
        return request.get_signed_cookie(COOKIE, max_age=YEAR) or ""
    except (KeyError, BadSignature):
        return ""
