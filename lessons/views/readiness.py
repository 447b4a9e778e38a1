"""`/readyz`: can this process serve learners? A word for each part, for operators and load balancers."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from asgiref.sync import sync_to_async
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lessons import catalogue
from lessons.content.faults import ContentError
from lessons.database import later_migrations
from lessons.log.protocol import LogUnavailable
from lessons.runs.service import run_service
from lessons.stage import wording

PATIENCE: Final = 2.0  # seconds for each part
KEPT: Final = 1.0  # seconds an answer is given again: asking often costs nothing


class Unready(Exception):
    """A part that cannot serve; the text is its word."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and when by the monotonic clock."""

    ready: bool
    text: str  # a line for each part
    at: float


_latest = Report(ready=False, text="", at=float("-inf"))


@require_safe
async def readyz(request: HttpRequest) -> HttpResponse:
    """Status 200 when every part is ready, else 503; in plain text a line for each."""
    global _latest
    if time.monotonic() - _latest.at > KEPT:
        words = await asyncio.gather(*map(_word, PARTS.values()))
        lines = [f"{name}: {word}" for name, (_, word) in zip(PARTS, words, strict=True)]
        _latest = Report(all(ready for ready, _ in words), "\n".join(lines), time.monotonic())
    status = HTTPStatus.OK if _latest.ready else HTTPStatus.SERVICE_UNAVAILABLE
    response = HttpResponse(f"{_latest.text}\n", "text/plain; charset=utf-8", status)
    response["Cache-Control"] = "no-store"
    return response


async def _word(part: Callable[[], Awaitable[str]]) -> tuple[bool, str]:
    try:
        async with asyncio.timeout(PATIENCE):
            return True, await part()
    except TimeoutError:
        return False, f"no answer within {PATIENCE:g} s"
    except Unready as error:
        return False, str(error)


async def _database() -> str:
    return await sync_to_async(_look_at_database, thread_sensitive=False)()  # it may hang, and others must not


def _look_at_database() -> str:
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
        ahead = later_migrations(executor)
    except Error as error:
        raise Unready(f"away ({type(error).__name__})") from None
    finally:
        connection.close()
    if behind:
        raise Unready(f"behind by {wording.count_noun(len(behind), 'migration')}; manage.py migrate fixes that")
    if ahead:
        raise Unready(f"ahead of this version by {wording.count_noun(len(ahead), 'migration')}")
    return "ok"


async def _event_log() -> str:
    try:
        await run_service().log.claimed("readyz")
    except LogUnavailable:
        raise Unready("away") from None
    return "ok"


async def _lab() -> str:
    try:
        load = await run_service().labs.load()
    except LogUnavailable:
        raise Unready("unknown: the event log is away") from None
    if not load.labs:
        raise Unready("none is up; manage.py lab starts one")
    labs = "" if load.labs == 1 else f"{load.labs} labs, "
    return f"ok, {labs}{wording.count_noun(load.going, 'run')} going and {load.waiting} waiting"


async def _lessons() -> str:
    try:
        count, broken = len(catalogue.all_lessons()), sorted(catalogue.broken_lessons())
    except ContentError as error:
        raise Unready(str(error.faults[0].reason)) from None
    if not count:
        raise Unready(f"none; left out: {wording.join_words(broken)}" if broken else "none")
    return f"ok, {count}" + (f"; left out: {wording.join_words(broken)}" if broken else "")


PARTS: Final[Mapping[str, Callable[[], Awaitable[str]]]] = {
    "database": _database,
    "event log": _event_log,
    "lab": _lab,
    "lessons": _lessons,
}
