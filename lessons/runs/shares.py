"""Moments of runs that have a short address: anybody who has it sees the run as it was shared, for 90 days."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from redis import RedisError

from lessons.addresses import count_key, count_one_more
from lessons.errors import Refused
from lessons.models import Share

LASTS: Final = timedelta(days=90)
MOST: Final = 200  # moments of one run that get an address from one network in a day: each takes a row
DAY: Final = 24 * 3600.0  # seconds
MOST_LIVING: Final = 20_000  # of one run; more than one network can make while they last
KEY: Final = re.compile(r"[A-Za-z0-9_-]{11}")  # 64 bits, as `token_urlsafe(8)` writes them


class ShareGone(LookupError):
    """No share has this key, or not any more."""


class ShareExpired(ShareGone):
    """There was one; `lesson` is the slug of its lesson."""

    def __init__(self, lesson: str) -> None:
        super().__init__(lesson)
        self.lesson = lesson


def create_share(run: str, lesson: str, cursor: int, lane: str, request: int, network: str = "") -> Share:
    """The moment's share, which lasts 90 days from now. The same moment keeps its key.

    `lesson` is a slug, `cursor` the number of the last event shown, `lane` and `request` are the pinned ones; the
    caller has looked that the run has them. `network` is where the wish comes from, if it
    counts. Raises `Refused("too-many")`.
    """
    moment: dict[str, str | int] = {"run": run, "cursor": cursor, "lane": lane, "request": request}
    try:
        with transaction.atomic():
            return _renewed(moment) or _made(moment, lesson, network)
    except IntegrityError:  # somebody else has just shared it
        if share := _renewed(moment):
            return share
        raise


def find_share(key: str) -> Share:
    """The share with this key. Raises `ShareGone`, `ShareExpired`."""
    share = Share.objects.filter(key=key).first() if KEY.fullmatch(key) else None
    if share is None:
        raise ShareGone(key)
    if share.expires <= timezone.now():
        raise ShareExpired(share.lesson)
    return share


def share_of_moment(run: str, cursor: int, lane: str, request: int) -> Share | None:
    """The share of this very moment; None when nobody has shared it, or not lately."""
    moment = Share.objects.filter(run=run, cursor=cursor, lane=lane, request=request)
    return moment.filter(expires__gt=timezone.now()).first()


def prune_shares(now: datetime | None = None) -> int:
    """Delete the shares that have expired; how many there were."""
    return Share.objects.filter(expires__lte=now or timezone.now()).delete()[0]


def _renewed(moment: dict[str, str | int]) -> Share | None:
    share = Share.objects.filter(**moment).first()
    if share is not None:
        share.expires = timezone.now() + LASTS
        share.save(update_fields=["expires"])
    return share


def _made(moment: dict[str, str | int], lesson: str, network: str) -> Share:
    now, run = timezone.now(), moment["run"]
    living = Share.objects.filter(run=run, expires__gt=now).count()
    if living >= MOST_LIVING or (network and _count_one(f"{run} {network}") > MOST):
        sentence = "Enough moments of this run got a short address today, and more are not made. Use the long one."
        raise Refused("too-many", sentence)
    return Share.objects.create(key=secrets.token_urlsafe(8), lesson=lesson, expires=now + LASTS, **moment)


def _count_one(of: str) -> int:
    """How many this makes; 0 when it is not known."""
    try:
        return count_one_more(count_key("shares", of), DAY)
    except RedisError:
        return 0
