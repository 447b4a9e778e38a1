"""Traces real coroutines and threads, with nothing but the standard library; prints what was seen as JSON."""
# ruff: noqa: RET504  (local variables are what is traced)

import asyncio
import json
import sys
import threading
from functools import partial
from types import CodeType
from typing import Any

from lessons.lab.tracer import Tracer, current_request
from lessons.lab.wire import put_into_words
from tests.waiting import until_async


async def fetch_async() -> str:
    await asyncio.sleep(0.001)
    return "value"


async def async_view(request: object) -> str:
    data = await fetch_async()
    return data


def fetch_sync() -> str:
    return "value"


def sync_view(request: object) -> str:
    data = fetch_sync()
    return data


async def unseen_view(request: object) -> str:
    data = await fetch_async()
    return data


async def raising_view(request: object) -> str:
    data = await fetch_async()
    raise LookupError(data)


async def swallowing_view(request: object) -> str:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return "cancelled"
    return "never"


async def limited_view(request: object) -> str:
    try:
        async with asyncio.timeout(0.01):
            return await fetch_for_ever()
    except TimeoutError:
        return "too late"


async def fetch_for_ever() -> str:
    await asyncio.Event().wait()
    return "never"


async def asking_view(request: object) -> str:
    try:
        return await fetch_nothing()
    except OSError:
        return "nothing"


async def fetch_nothing() -> str:
    await asyncio.sleep(0.001)
    raise OSError("no route")


def trace(view: Any, fetch: Any, put: Any) -> Tracer:
    code: CodeType = view.__code__
    tracer = Tracer("a@lane", code, fetch.__code__, put)
    tracer.start()
    return tracer


async def as_request(number: int, view: Any) -> object:
    current_request.set(number)
    return await view(object())


async def coroutines(seen: list[Any]) -> None:
    tracer = trace(async_view, fetch_async, seen.append)
    tasks = [asyncio.create_task(as_request(number, async_view)) for number in (1, 2, 3)]
    tasks.append(asyncio.create_task(as_request(0, async_view)))
    tasks.append(asyncio.create_task(as_request(9, unseen_view)))
    await asyncio.gather(*tasks)
    tracer.stop()


def is_suspended(seen: list[Any], since: int) -> bool:
    return any(record[3] == "view.suspended" for record in seen[since:])


async def endings(seen: list[Any]) -> None:
    for view in (raising_view, swallowing_view):
        tracer = trace(view, fetch_async, seen.append)
        before = len(seen)
        task = asyncio.create_task(as_request(1, view))
        await until_async(partial(is_suspended, seen, before), "the view is suspended")
        if view is swallowing_view:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        tracer.stop()


async def raised(seen: list[Any]) -> None:
    for number, (view, fetch) in enumerate([(limited_view, fetch_for_ever), (asking_view, fetch_nothing)], 1):
        tracer = trace(view, fetch, seen.append)
        await asyncio.create_task(as_request(number, view))
        tracer.stop()


def threads(seen: list[Any]) -> None:
    def work(number: int) -> None:
        current_request.set(number)
        sync_view(object())

    tracer = trace(sync_view, fetch_sync, seen.append)
    workers = [threading.Thread(target=work, args=(number,)) for number in (1, 2, 3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    tracer.stop()


def main() -> None:
    seen: dict[str, list[Any]] = {"coroutines": [], "endings": [], "raised": [], "threads": []}
    asyncio.run(coroutines(seen["coroutines"]))
    asyncio.run(endings(seen["endings"]))
    asyncio.run(raised(seen["raised"]))
    threads(seen["threads"])
    for part in seen.values():
        for record in part:
            put_into_words(record[-1])
    first = {name: globals()[name].__code__.co_firstlineno for name in ("async_view", "sync_view")}
    json.dump({"seen": seen, "first": first, "version": sys.version}, sys.stdout)


if __name__ == "__main__":
    main()
