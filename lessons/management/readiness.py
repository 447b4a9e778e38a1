"""What has to be true before the site can be served: tables and static files are up to date, old leavings are gone."""

import fcntl
import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, Final

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis, RedisError

from lessons import catalogue
from lessons.content import exercise_samples
from lessons.content.faults import ContentError
from lessons.database import later_migrations

UNUSED = ["admin/js/vendor/select2/i18n/*", "jquery.js", "select2.full.js", "xregexp.js"]  # files of the admin
MIGRATION_LOCK = 0x6C6573736F6E73  # "lessons": names the advisory lock in a PostgreSQL shared with others
PATIENCE: Final = 3.0  # seconds for Redis
DAY: Final = 24 * 3600.0  # seconds

log = logging.getLogger(__name__)

_held: list[IO[str]] = []  # kept open, and so locked, as long as this process lives


class NotReady(Exception):
    """The site cannot be served; the text says which setting is wrong, in a sentence or two."""


def make_ready(*, pages: bool = True) -> None:
    """Bring tables and, for `pages`, static files up to date; safe when several start at once. Raises `NotReady`."""
    check_event_log(settings.REDIS_URL)
    folder: Path = settings.DATA_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder / "starting.lock"):
        migrate_if_needed()
        guard_database()
        if pages and not settings.DEBUG:  # with DEBUG they are served from where they are written
            collect_if_changed()
        tidy_up()


def check_event_log(url: str) -> None:
    """Ask Redis, if there is one, for a sign of life. Raises `NotReady`."""
    if not url:
        return
    try:
        with Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as redis:
            redis.ping()
    except RedisError as error:
        raise NotReady(f"The Redis of REDIS_URL cannot be used: {str(error).rstrip('.')}.") from None


def check_version(executor: MigrationExecutor) -> None:
    """Raises `NotReady` when a later version of the site has used the database."""
    if ahead := later_migrations(executor):
        raise NotReady(
            "The database of DATABASE_URL was used by a later version of this site: it has the migration "
            f"{ahead[-1]}. Start that version, or restore a backup from before."
        )


def migrate_if_needed() -> bool:
    """Apply the migrations that are missing; whether there were any. Raises `NotReady`."""
    try:
        with _alone_in_database():
            executor = MigrationExecutor(connection)
            check_version(executor)
            missing = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
            if missing:
                log.info("The tables of the database are brought up to date.")
                call_command("migrate", interactive=False, verbosity=0)
            return missing
    finally:
        connection.close()


def guard_database() -> None:
    """A database in a file is its owner's alone; what SQLite puts beside it follows."""
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)


def collect_if_changed() -> bool:
    """Collect and compress the static files if one differs from the last time; whether it was so."""
    target = Path(settings.STATIC_ROOT)
    stamp = target.with_name(f"{target.name}.stamp")
    wanted = _fingerprint()
    if (target / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        return False
    stamp.unlink(missing_ok=True)  # an interrupted collection is done again
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED)
    stamp.write_text(wanted)
    return True


def tidy_up() -> int:
    """Delete the sources of tasks that no lesson makes any more, and use the others from now on; how many there were.

    Nothing is deleted while another web process uses the folder: its lessons may be others.
    """
    try:
        lessons = catalogue.all_lessons().values()
    except ContentError:
        return 0  # the pages tell
    handle = catalogue.variants_folder().with_suffix(".lock").open("w")
    _held.append(handle)
    count = 0
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        count = exercise_samples.prune_samples(catalogue.variants_folder(), lessons, DAY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return count


@contextmanager
def _alone_in_database() -> Iterator[None]:
    """Other machines may start, too. The lock ends with its connection, which is therefore none of the pool's."""
    if connection.vendor != "postgresql":
        yield
        return
    backend: Any = connection
    try:
        lock = backend.Database.connect(**backend.get_connection_params(), autocommit=True)
    except backend.Database.Error as error:
        raise OperationalError(str(error)) from error
    with closing(lock):
        lock.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        yield


def _fingerprint() -> str:
    """Names the state of all static files: paths, sizes, times of change, and what processes them."""
    found = []
    for finder in get_finders():
        for path, storage in finder.list(None):
            state = Path(storage.path(path)).stat()
            found.append((path, state.st_size, state.st_mtime_ns))
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    return hashlib.sha256(json.dumps([django.VERSION[:3], backend, sorted(found)]).encode()).hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
