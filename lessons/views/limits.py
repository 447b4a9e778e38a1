"""How often an address may ask for what costs others: a class behind one address has room, a flood has not."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from redis import RedisError

from lessons.addresses import client_address, count_key, count_one_more

SPAN: Final = 60.0  # seconds
RUN, MEASUREMENT, SHARE = 1, 20, 2  # what one of each weighs against a run

type View[**P] = Callable[P, Coroutine[Any, Any, HttpResponseBase]]


class TooManyFromAddress(Exception):
    """As much as one address may ask for in a minute has been asked for."""


def limit_posts[**P](weight: int) -> Callable[[View[P]], View[P]]:
    """Have a view raise `TooManyFromAddress` when its posts come too often from an address."""

    def limit(view: View[P]) -> View[P]:
        @wraps(view)
        async def limiting(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request = args[0]
            assert isinstance(request, HttpRequest)
            if await sync_to_async(_exceeds)(client_address(request), weight):
                raise TooManyFromAddress
            return await view(*args, **kwargs)

        return limiting

    return limit


def _exceeds(address: str, weight: int) -> bool:
    try:
        many = count_one_more(count_key(f"posts-{weight}", address), SPAN)
    except RedisError:
        return False  # the event log is away as well, and refuses by itself
    return many * weight > settings.ADDRESS_RUNS
