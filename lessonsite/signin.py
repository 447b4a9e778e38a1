"""Signing in to the admin, in a limited number of attempts. Counted by address and by user name, in the cache."""

from typing import Final
from unicodedata import normalize

from django.contrib import admin
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis import RedisError

from lessons.addresses import client_address, count_key, count_one_more

SPAN: Final = 15 * 60  # seconds from the first attempt, after which its count begins anew
BY_ADDRESS: Final = 10  # attempts that fail
BY_NAME: Final = 20  # more than by address: who mistypes is stopped by the address first, and locks nobody else out
BUSY: Final = "Too many attempts to sign in have failed. Wait a quarter of an hour, then try again."
AWAY: Final = "The site cannot count attempts to sign in at the moment, so it takes none. Try again in a moment."


def limited_login(request: HttpRequest) -> HttpResponse:
    """The admin's own page; with too many attempts behind it, a page that says so (429)."""
    if request.method != "POST":
        return admin.site.login(request)
    limits = {
        count_key("signin-address", client_address(request)): BY_ADDRESS,
        _name_key(request.POST.get("username", "")): BY_NAME,
    }
    try:
        # The address comes first: what it stops does not count against the name.
        if any(count_one_more(key, SPAN) > limit for key, limit in limits.items()):
            return _refused(request, BUSY, 429)
        response = admin.site.login(request)
        if response.status_code == 302:  # this very post has signed somebody in
            cache.delete_many(limits)
    except RedisError:
        return _refused(request, AWAY, 503)
    return response


def _name_key(name: str) -> str:
    """One for all spellings that Django takes for the same user."""
    return count_key("signin-name", normalize("NFKC", name).strip())


def _refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    response = render(request, "signin_refused.html", {"message": message}, status=status)
    response["Retry-After"] = str(SPAN if status == 429 else 5)
    return response
