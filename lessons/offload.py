"""Computing beside the event loop, a little at a time: it shares the interpreter with the frames of all who watch.

What is short never waits for what is long. What nobody waits for any more is not begun.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

LONG: Final = 20_000  # events; a run of 2 x 100 requests has some 3,000
SWITCH: Final = 0.0005  # seconds that a thread keeps the interpreter while the event loop wants it
_SHORT: Final = ThreadPoolExecutor(3, "short")
_LONG: Final = ThreadPoolExecutor(1, "long")


def switch_soon() -> None:
    """Have the threads of this process give the interpreter back to its event loop soon.

    By default a thread keeps it for 5 ms, and a page that asks the database goes to and fro a dozen times.
    """
    sys.setswitchinterval(SWITCH)


async def offload[T, **P](events: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` makes of so many events, in a thread."""
    pool = _LONG if events > LONG else _SHORT
    return await asyncio.get_running_loop().run_in_executor(pool, partial(work, *args, **kwargs))


async def share[T](work: asyncio.Future[T]) -> T:
    """What comes of work for which others wait, too: it goes on though who waits here leaves.

    When all have left, what it raises is nobody's, and nothing to tell of in the log.
    """
    work.add_done_callback(_heed)
    return await asyncio.shield(work)


def _heed(work: asyncio.Future[Any]) -> None:
    if not work.cancelled():
        work.exception()
