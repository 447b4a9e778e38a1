"""An ordinary project around the view of a lane: what `startproject` makes, as far as a request passes through it.

That is its middleware, the applications that this needs, and a database, whose housekeeping comes with every request.
"""

from typing import Final

from django import db
from django.apps import apps
from django.conf import settings
from django.core import signals

APPS: Final = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
)
MIDDLEWARE: Final = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


def stand_up_project() -> None:
    """Put it around every view of this process, which has been bare; before a server is given the application."""
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    settings.MIDDLEWARE = MIDDLEWARE
    apps.set_installed_apps(APPS)
    signals.request_started.connect(db.reset_queries)
    signals.request_started.connect(db.close_old_connections)
    signals.request_finished.connect(db.close_old_connections)
