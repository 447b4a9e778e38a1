"""Counts how often a request is handed to another thread: each time is a call of what `sync_to_async` made.

Django does so for a plain view, for middleware that knows no async, and for signals' receivers.
"""

from collections import Counter
from typing import Any

from asgiref.sync import SyncToAsync

from lessons.lab.tracer import current_request

_made: Counter[int] = Counter()  # by number of the request; written by the event loop's thread alone
_to_thread = SyncToAsync.__call__


def count_hops() -> None:
    """From now on count those of this process."""
    SyncToAsync.__call__ = _call  # type: ignore[method-assign]


def take_hops(request: int) -> int:
    """How many the request has made; its count begins anew."""
    return _made.pop(request, 0)


async def _call(self: Any, *args: Any, **kwargs: Any) -> Any:
    if request := current_request.get():
        _made[request] += 1
    return await _to_thread(self, *args, **kwargs)
