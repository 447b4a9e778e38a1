"""A database that does not answer: known as such, not asked again at once, and told in the log once a minute."""

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
    connection,
)
from django.db.migrations.executor import MigrationExecutor

RESPITE: Final = 5.0  # seconds in which one that was away is not asked again for what a page can do without
EVERY: Final = 60.0  # seconds between two lines in the log
FAULTS: Final = (DataError, IntegrityError, NotSupportedError, ProgrammingError)  # of a statement, not of the database

log = logging.getLogger(__name__)

_away_at = 0.0  # when it was last found away, by the monotonic clock; 0: it is there, as far as is known
_told_at = float("-inf")


def is_away(error: BaseException) -> bool:
    """Does an error say that the database cannot be reached, is full, or cannot be read?"""
    return isinstance(error, DatabaseError | InterfaceError) and not isinstance(error, FAULTS)


def close_pool() -> None:
    """Give back every connection, for a process that is about to end: its pool would be waited for 5 s else."""
    pooled: Any = connection
    if hasattr(pooled, "close_pool"):
        pooled.close_pool()


def later_migrations(executor: MigrationExecutor) -> list[str]:
    """Those of our apps that the database has and this version has not: a later one has used it. In order."""
    graph = executor.loader.graph
    ours = {app for app, _ in graph.nodes}
    applied = executor.loader.applied_migrations
    return sorted(f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in graph.nodes)


def why_away(error: BaseException) -> str:
    """In a line, as the database tells who asks it without a pool; else as the error does."""
    backend: Any = connection
    try:
        if connection.vendor == "postgresql":
            backend.Database.connect(**backend.get_connection_params()).close()
    except backend.Database.Error as found:
        error = found
    return str(error).strip().partition("\n")[0]


def note_away(error: Exception) -> None:
    """The database has been found away."""
    global _away_at, _told_at
    _away_at = time.monotonic()
    if _away_at - _told_at > EVERY:
        _told_at = _away_at
        log.warning("The database is away; pages are shown without progress: %s", error)


def unless_away[T](ask: Callable[[], T], instead: Callable[[], T]) -> tuple[T, bool]:
    """What the database says; or, when it is away or was a moment ago, something else. With it: was it the former?

    After a respite one finds out whether it is back, and the others do not wait for that.
    """
    global _away_at
    if _away_at and time.monotonic() - _away_at < RESPITE:
        return instead(), False
    if _away_at:
        _away_at = time.monotonic()
    try:
        found = ask()
    except Exception as error:
        if not is_away(error):
            raise
        note_away(error)
        return instead(), False
    _away_at = 0.0
    return found, True
