"""Names of environment variables that nothing reads, and that can only be meant for one of ours.

`ALOWED_HOSTS`, `DJANGO_SECRET_KEY` or `REDIS_URI` would leave the site at its default without a word. What ordinary
environments hold (`HOSTNAME`, `DEBUG_COLORS`, `DATABASE_SSL`, the `DJANGO_PORT` of a Kubernetes service) is not ours.
"""

from collections.abc import Iterator, Mapping
from typing import Final

PREFIXES: Final = ("DJANGO_", "LESSONS_", "LESSONSITE_")
SERVICE: Final = ("HOST", "PORT")  # behind a prefix they tell where a service of that name is
LETTERS_PER_MISTAKE: Final = 8  # a shorter name is too near to others
OTHER_NAMES: Final[Mapping[str, str]] = {
    "DATABASE_DSN": "DATABASE_URL",
    "DB_URL": "DATABASE_URL",
    "REDIS_DSN": "REDIS_URL",
    "CSRF_ORIGINS": "CSRF_TRUSTED_ORIGINS",
    "TRUSTED_ORIGINS": "CSRF_TRUSTED_ORIGINS",
    "LAB_TIMEOUT": "LAB_TIME_BOX",
    # Django's settings, which are not variables here
    "SECURE_SSL_REDIRECT": "SECURE",
    "SECURE_PROXY_SSL_HEADER": "SECURE",
    "SECURE_HSTS_SECONDS": "HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": "HSTS_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD": "HSTS_PRELOAD",
}


def among(environ: Mapping[str, str], own: frozenset[str], known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each name in `environ` that looks like one of `known`, with the one that is meant.

    Mistakes in writing are looked for in the names `own`, which no other program uses. An empty value says nothing;
    and whoever has set the variable that would be meant has said what it shall be.
    """
    for name, value in environ.items():
        if value.strip() and name not in known and (meant := _meant(name, own, known)) and meant not in environ:
            yield name, meant


def _meant(name: str, own: frozenset[str], known: frozenset[str]) -> str | None:
    if name.upper() in OTHER_NAMES:
        return OTHER_NAMES[name.upper()]
    for prefix in PREFIXES:
        rest = name.upper().removeprefix(prefix)
        if rest != name.upper() and rest in known and rest not in SERVICE:
            return rest
    return next((each for each in sorted(own) if _is_near(_core(name), _core(each))), None)


def _core(name: str) -> str:
    """The letters in capitals, without what parts words and without the S of a plural."""
    return name.upper().replace("_", "").replace("-", "").removesuffix("S")


def _is_near(given: str, ours: str) -> bool:
    mistakes = len(ours) // LETTERS_PER_MISTAKE
    return abs(len(given) - len(ours)) <= mistakes and _distance(given, ours) <= mistakes


def _distance(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong, or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, right in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and (left, one[i - 2]) == (other[j - 2], right):
                best = min(best, above[j - 2] + 1)
            row.append(best)
    return row[-1]
