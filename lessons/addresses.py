"""Where a request comes from, and how often something has come from there: counted in the cache, for a while.

With REDIS_URL all web processes share the counts; otherwise there is one process.
"""

from collections.abc import Mapping
from hashlib import sha256
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, as `network_of` tells it.

    Behind proxies (PROXIES) it is what the first of them has put into `X-Forwarded-For`; what stands before that is the
    browser's own word, and not believed.
    """
    return _origin(request.META.get("REMOTE_ADDR") or "", request.META.get("HTTP_X_FORWARDED_FOR", ""))


def scope_address(scope: Mapping[str, Any]) -> str:
    """The same of an ASGI scope."""
    passed = [value for name, value in scope.get("headers", ()) if name == b"x-forwarded-for"]
    return _origin((scope.get("client") or ("",))[0], b",".join(passed).decode("latin-1"))


def _origin(peer: str, passed: str) -> str:
    if settings.PROXIES and passed:
        peer = passed.split(",")[-settings.PROXIES :][0].strip()
    return network_of(peer)


def network_of(peer: str) -> str:
    """An address; of IPv6 the network, which is what one customer of a provider has."""
    try:
        found = ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or found.exploded[:19])  # the first 64 bits


def count_key(kind: str, value: str) -> str:
    """Under which it is counted: says nothing of the value."""
    return f"count-{kind}-{sha256(value.encode(errors='replace')).hexdigest()}"


def count_one_more(key: str, span: float) -> int:
    """How many there are with this one, in `span` seconds from the first. Raises `RedisError`."""
    cache.add(key, 0, span)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out just now
        return 1
