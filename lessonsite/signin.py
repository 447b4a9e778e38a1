"""Signing in to the admin, in a limited number of attempts. Counted by address and by user name, in the cache.

With REDIS_URL all web processes share the counts; otherwise there is one process.
"""

from hashlib import sha256
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis import RedisError

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
        _key("address", client_address(request)): BY_ADDRESS,
        _key("name", request.POST.get("username", "")): BY_NAME,
    }
    try:
        # The address comes first: what it stops does not count against the name.
        if any(_attempts(key) > limit for key, limit in limits.items()):
            return _refused(request, BUSY, 429)
        response = admin.site.login(request)
        if request.user.is_authenticated:
            cache.delete_many(limits)
    except RedisError:
        return _refused(request, AWAY, 503)
    return response


def client_address(request: HttpRequest) -> str:
    """Where the request comes from; of IPv6 the network, which is what one customer of a provider has.

    Behind a proxy that ends TLS (SECURE), it is what that proxy has put at the end of `X-Forwarded-For`.
    """
    peer: str = request.META.get("REMOTE_ADDR") or ""
    if settings.SECURE_PROXY_SSL_HEADER and (passed := request.META.get("HTTP_X_FORWARDED_FOR")):
        peer = passed.rpartition(",")[2].strip()
    try:
        found = ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or found.exploded[:19])  # the first 64 bits


def _attempts(key: str) -> int:
    """How many there are with this one."""
    cache.add(key, 0, SPAN)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out just now
        return 1


def _key(kind: str, value: str) -> str:
    return f"signin-{kind}-{sha256(value.encode(errors='replace')).hexdigest()}"


def _refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    response = render(request, "signin_refused.html", {"message": message}, status=status)
    response["Retry-After"] = str(SPAN if status == 429 else 5)
    return response
