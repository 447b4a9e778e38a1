"""Imported by the fork server, so that a lane forks with everything in place.

Configures Django for the lanes: no middleware, no database, no logging. Never imports `daphne.server` nor the
Twisted reactor: a reactor must not be shared by forks.
"""

import gc
import importlib
import logging
import multiprocessing
import os

import django
from django import db
from django.conf import settings
from django.core import signals

from lessons.lab import confinement

OWNER = "LESSONS_LAB_OWNER"  # environment variable: id of the process that the fork server belongs to
WANTED = (
    "asyncio",
    "aiohttp",
    "waitress.server",
    "django.core.handlers.asgi",
    "django.core.handlers.wsgi",
    "django.http",
    "django.urls",
    "twisted.web.http",
    "twisted.internet.endpoints",
    "twisted.internet.tcp",
    "twisted.internet.asyncioreactor",
    "twisted.web._newclient",
    "autobahn.websocket.protocol",
    "lessons.lab.driver",
    "lessons.lab.fetch_async",
    "lessons.lab.fetch_sync",
    "lessons.lab.lane",
    "lessons.lab.upstream",
)


def configure_django() -> None:
    """Settings of the lane servers, in place of the site's own, which `DJANGO_SETTINGS_MODULE` may name."""
    if settings.configured:
        return
    settings.configure(
        ROOT_URLCONF="lessons.lab.routes",
        MIDDLEWARE=[],
        INSTALLED_APPS=[],
        DATABASES={},
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="a lane signs nothing",  # noqa: S106
        DEBUG=False,
        USE_I18N=False,
        LOGGING_CONFIG=None,
    )
    _forget_the_database()
    logging.disable()  # what a lane has to say it says in events
    django.setup(set_prefix=False)


def _forget_the_database() -> None:
    """There is none. Its housekeeping would cost every async request a thread of its own before it begins."""
    signals.request_started.disconnect(db.reset_queries)
    signals.request_started.disconnect(db.close_old_connections)
    signals.request_finished.disconnect(db.close_old_connections)


def preload_modules() -> None:
    """Configure, import and warm everything. Ends the process when its owner dies in the meantime."""
    told = os.environ.get(OWNER) if multiprocessing.parent_process() is None else None
    owner = int(told or os.getppid())
    confinement.hide_memory()  # what it holds is every lane's; a fork takes this over
    configure_django()
    for name in WANTED:
        importlib.import_module(name)
        if os.getppid() != owner:
            os._exit(0)  # the fork server itself would notice only when all is loaded
    importlib.import_module("lessons.lab.warmup").warm_up()  # only now is Django configured
    gc.freeze()  # keeps the collector from touching, and so copying, the shared pages


if __name__ == "lessons.lab.preload":
    preload_modules()
