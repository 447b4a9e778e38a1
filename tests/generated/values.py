"""Values for whatever a request or a message can carry: those that the site knows, and those that nobody sends."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from random import Random
from typing import Any, Final

from django.core.signing import TimestampSigner

from lessons import identity
from lessons.runs.presses import FIELD as PRESS
from tests.learner import Learner
from tests.processes import ROOT
from tests.visiting import TOKEN_FIELD

KEY: Final = "the key of a site that is asked whatever comes to mind"  # so that its cookies can be signed here
TOKEN: Final = "t" * 32  # against forgery: any will do that stands in the cookie, too
LATE: Final = 0  # the second since 1970 at which a cookie was signed that has expired

SMALL: Final = tuple(map(str, range(12)))
STRANGE: Final = (
    *("", " ", "-1", "-0", "+1", "1.5", "1e3", "1e309", "NaN", "-inf", "0x10", "1_000", "007", " 1 ", "1,5", "١", "१"),
    *("9" * 15, "9" * 16, str(2**31), str(2**63), str(-(2**63) - 1), "9" * 5000, "0." + "3" * 400),
    *("\0", "a\0b", "\r\nX-Injected: 1", "\n", "\t", "\x7f", "\x1b[2J", "\ud800", "\udfff\ud800", "\ufeff", "\u2028"),
    *("é", "e\u0301", "ß", "İ", "ｆｕｌｌ", "😀", "👩‍👩‍👧", "\u202e", "a" * 255, "a" * 5000, "é" * 3000, "a" * 70_000),
    *("<script>alert(1)</script>", "{{ 1 }}", "{% load x %}", "%s%n", "%", "%zz", "${x}", "' OR 1=1 --", '"', "\\"),
    *(".", "..", "../../../etc/passwd", "..%2f..%2f", "//", "/", "//evil.example/", "https://evil.example"),
    *("None", "null", "true", "[]", "{}", '{"a": 1}', "on", "off", "a b", "a+b", "a&b=c", "a;b", "#", "?", "*", "-"),
)
# Names of fields that are written out where they are read or shown.
READ: Final = re.compile(r"""(?:GET|POST|form|data|fields|query)\.get(?:list)?\(f?"([\w-]+)""")
SHOWN: Final = re.compile(r"""\bname="([\w-]+)""")


@dataclass(frozen=True, slots=True)
class Known:
    """What the site knows: sent as it is, much of it is taken."""

    origin: str  # of the site: http://127.0.0.1:8000
    names: Mapping[str, tuple[str, ...]]  # valid values of path parameters and fields, by their names
    words: tuple[str, ...]  # all of these, and every id in the lesson
    fields: tuple[str, ...]  # of any form or query of the site
    cookies: tuple[str, ...]  # of learners
    staff: str  # a cookie with which the admin can be looked at

    @property
    def host(self) -> str:
        """For the header."""
        return self.origin.partition("//")[2]


def known_of(learner: Learner, staff: str) -> Known:
    """What a site knows on which a learner has done everything."""
    lesson = learner.lesson
    lanes = tuple(each.id for each in lesson.lanes if each.listed)
    ids = dict.fromkeys(_ids(lesson))
    names: dict[str, tuple[str, ...]] = {name: (value,) for name, value in learner.names.items()}
    recorded = f"recorded-{lesson.slug}"
    names |= {
        "run": (names["run"][0], recorded),
        "other": (names["run"][0], recorded),
        "mode": ("learn", "try", "quiz", "visualize", "review", "path"),
        "name": ("stage.svg", "stage.png", "events.jsonl", "trace.json", "events.csv"),
        "lane": lanes,
        "lanes": lanes,
        "requests": ("1", "2"),
        "wait": ("0.1",),
        "workers": ("1", "4"),
        "code": (lesson.samples[0].source, "def view(request):\n    return 1\n", "(" * 300, "x = 1\n" * 3000),
        "seed": ("7", "123"),
        "rating": ("again", "hard", "good", "easy"),
        "step": (*names["step"], *SMALL),
        "hold": ("0", "1"),
        "rate": ("0.5", "4"),
        "object_id": SMALL,
        "id": SMALL,
        "content_type_id": SMALL,
        "app_label": ("auth", "lessons"),
        "by": ("1", "-1"),
        "unit": ("step", "event"),
        "on": ("true", "false"),
        PRESS: ("k" * 20, "l" * 20),
    }
    words = tuple(dict.fromkeys([*(value for values in names.values() for value in values), *ids, *SMALL]))
    return Known(learner.visitor.site, names, words, known_fields(), tuple(_cookies(learner)), staff)


def known_fields() -> tuple[str, ...]:
    """Names of the fields of every form and query, as templates show them and views read them."""
    found = {PRESS, TOKEN_FIELD}
    for folder, suffix, pattern in (("templates", "html", SHOWN), ("lessons", "py", READ), ("lessonsite", "py", READ)):
        for file in sorted((ROOT / folder).rglob(f"*.{suffix}")):
            found.update(pattern.findall(file.read_text()))
    return tuple(sorted(found))


def _ids(part: Any) -> Iterator[str]:
    """Every `id` in a lesson, at any depth."""
    if isinstance(part, tuple):
        for each in part:
            yield from _ids(each)
    elif is_dataclass(part):
        for each in fields(part):
            value = getattr(part, each.name)
            if each.name == "id" and isinstance(value, str):
                yield value
            else:
                yield from _ids(value)


def _cookies(learner: Learner) -> Iterator[str]:
    own = next(each.value for each in learner.visitor.cookies if each.name == identity.COOKIE)
    assert own
    yield f"{identity.COOKIE}={own}"
    for name in ("a-newcomer", "o'ther", "x" * 500, "é", ""):
        yield f"{identity.COOKIE}={signed(name)}"
    yield f"{identity.COOKIE}={signed('late', LATE)}"


def signed(value: str, second: int | None = None) -> str:
    """A learner's name as the site signs it, now or at another second since 1970."""

    class At(TimestampSigner):
        def timestamp(self) -> str:
            return super().timestamp() if second is None else str(second)

    return At(key=f"django.http.cookies{KEY}", salt=identity.COOKIE).sign(value)


def value_for(dice: Random, known: Known, name: str, valid: float = 0.6) -> str:
    """Something for a parameter or a field of this name, valid with about this probability."""
    if dice.random() < valid:
        return dice.choice(known.names.get(name, known.words))
    return strange(dice, known)


def strange(dice: Random, known: Known) -> str:
    """Something that nobody sends, or that belongs elsewhere."""
    kind = dice.randrange(6)
    if kind == 0:
        return dice.choice(known.words)
    if kind == 1:
        return "".join(chr(dice.randrange(dice.choice((128, 0x3000)))) for _ in range(dice.randrange(30)))
    if kind == 2:
        return dice.choice(known.words) + dice.choice(STRANGE)
    return dice.choice(STRANGE)


def encoded(text: str) -> bytes:
    """As UTF-8, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")
