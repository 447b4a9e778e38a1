"""Django's settings: made for production, changed by environment variables only (lessonsite/environment.py)."""

import os
import sys
from typing import Any

from django.utils.csp import CSP

from lessonsite import environment, secret

try:
    ENVIRONMENT = environment.read_environment(os.environ)
    SECRET_KEY = ENVIRONMENT.secret_key or secret.kept_in(ENVIRONMENT.data_dir)
except (environment.BadEnvironment, secret.SecretUnavailable) as error:
    sys.exit(str(error))  # every entry point imports this module first: no traceback would tell more

BASE_DIR = environment.ROOT
DATA_DIR = ENVIRONMENT.data_dir
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)

INSTALLED_APPS = [
    "servestatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django_htmx",
    "lessons",
]
# All of it can run under asyncio: no request holds a thread from end to end.
MIDDLEWARE = [
    "lessons.middleware.utf8_middleware",  # before all that reads a form
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",  # before the policy, which is for documents: files need none
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads by chance, so that lengths tell nothing of the token in a page
    "django_htmx.middleware.HtmxMiddleware",  # before all that may refuse a request
    "lessons.middleware.answer_kind_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lessonsite.staff.AdminSessionMiddleware",
    "lessonsite.staff.AdminAuthenticationMiddleware",
    "lessonsite.staff.AdminMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lessons.views.error_replies.DomainErrorMiddleware",
]
ROOT_URLCONF = "lessonsite.urls"
ASGI_APPLICATION = "lessonsite.asgi.application"
SERVE_HOST = ENVIRONMENT.host
SERVE_PORT = ENVIRONMENT.port
CONNECTIONS = ENVIRONMENT.connections
ADDRESS_CONNECTIONS = ENVIRONMENT.address_connections
REQUEST_SECONDS = ENVIRONMENT.request_seconds
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lessons.views.context.theme_context",
            ]
        },
    }
]

# The lab

LESSONS_DIR = BASE_DIR / "lessons" / "content"
REDIS_URL = ENVIRONMENT.redis_url
LAB_APART = ENVIRONMENT.lab_apart
DRAIN_SECONDS = ENVIRONMENT.drain_seconds
LAB_MAX_RUNS = ENVIRONMENT.lab_max_runs
LAB_CORES = ENVIRONMENT.lab_cores
LAB_MAX_QUEUE = ENVIRONMENT.lab_max_queue
ADDRESS_RUNS = ENVIRONMENT.address_runs
LAB_TIME_BOX = ENVIRONMENT.lab_time_box
RUN_TTL = ENVIRONMENT.run_ttl
SECURITY_CONTACT = ENVIRONMENT.security_contact
METRICS = ENVIRONMENT.metrics
ARCHIVE_DAYS = ENVIRONMENT.archive_days
ARCHIVE_MAX_RUNS = ENVIRONMENT.archive_max_runs
FORGET_DAYS = ENVIRONMENT.forget_days

# Data

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": ENVIRONMENT.database.engine,
        "NAME": ENVIRONMENT.database.name,
        "USER": ENVIRONMENT.database.user,
        "PASSWORD": ENVIRONMENT.database.password,
        "HOST": ENVIRONMENT.database.host,
        "PORT": ENVIRONMENT.database.port,
    }
}
if ENVIRONMENT.database.engine.endswith("postgresql"):
    # Who finds none free waits; one that has died meanwhile is not given to anybody.
    pool = {"min_size": 1, "max_size": ENVIRONMENT.database_connections, "timeout": 3.0}
    DATABASES["default"] |= {"OPTIONS": {"pool": pool, "connect_timeout": 3}, "CONN_HEALTH_CHECKS": True}
elif ENVIRONMENT.database.engine.endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits its turn instead of failing half-way
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
# Counts attempts to sign in to the admin, and nothing else.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "lessonsite",
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Static files: named by their content, compressed once, kept by browsers for ever

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "lessonsite.storage.ContentNamedStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
SERVESTATIC_KEEP_ONLY_HASHED_FILES = True
SERVESTATIC_ALLOW_ALL_ORIGINS = False

# Security

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Over plain HTTP browsers heed it on localhost only, and complain of it elsewhere.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if ENVIRONMENT.secure else None
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.csrf_trusted_origins)
HOST_ONLY = "__Host-" if ENVIRONMENT.secure else ""  # browsers take such a cookie from this very host alone, by HTTPS
LEARNER_COOKIE = f"{HOST_ONLY}learner"
CSRF_COOKIE_NAME = f"{HOST_ONLY}csrftoken"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # the page carries the token itself
CSRF_FAILURE_VIEW = "lessonsite.csrf.csrf_failure"
SESSION_COOKIE_PATH = "/admin/"  # lessons have no sessions, see lessonsite/staff.py
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024  # bytes; a form of ours has a few hundred
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
PROXIES = ENVIRONMENT.proxies or int(ENVIRONMENT.secure)
if ENVIRONMENT.secure:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked by machines on the inside
    SECURE_HSTS_SECONDS = ENVIRONMENT.hsts_seconds
    SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.hsts_subdomains
    SECURE_HSTS_PRELOAD = ENVIRONMENT.hsts_preload
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Language, time, log

LOGIN_REDIRECT_URL = "/admin/"
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "LINE": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "JSON": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "{asctime}{levelname}{name}{message}",
            "style": "{",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        },
    },
    "filters": {"brief": {"()": "lessonsite.brief.Brief"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": ENVIRONMENT.log_format,
            "filters": ["brief"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "lessons": {"level": ENVIRONMENT.log_level},
        "lessonsite": {"level": ENVIRONMENT.log_level},
        "psycopg.pool": {"level": "ERROR"},  # that it is away we say ourselves, once a minute
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
