"""What the checks find in code, and that no code harms who looks at it."""

import ast
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lessons.content.code_checks import MAX_CODE, CodeReport, check_code
from lessons.content.teaching import Check
from lessons.errors import Refused
from tests.learning.small import step

SLEEP = "import asyncio\nasync def view(request):\n    await asyncio.sleep(3)\n"


def found(code: str, kind, name: str, value: str = "") -> bool:
    report = check_code(step("one", Check(kind, name, "missing", value)), code)
    assert not report.fault
    return report.met == (True,)


@pytest.mark.parametrize(
    ("code", "kind", "name", "value"),
    [
        ("def view(request): pass", "function", "view", ""),
        ("async def view(request): pass", "function", "view", ""),
        ("async def view(request): pass", "async-function", "view", ""),
        ("WAIT = 3", "constant", "WAIT", "3"),
        ("WAIT: int = 3", "constant", "WAIT", "3"),
        ("WAIT = 3.0", "constant", "WAIT", "3"),
        ("WAIT = (3)", "constant", "WAIT", ""),
        ("A = WAIT = -1", "constant", "WAIT", "-1"),
        (SLEEP, "awaits", "asyncio.sleep", ""),
        (SLEEP, "awaits", "asyncio.sleep", "3"),
        (SLEEP, "calls", "asyncio.sleep", "3"),
        (SLEEP, "imports", "asyncio", ""),
        ("from asyncio import sleep\nasync def view():\n await sleep(W)", "awaits", "asyncio.sleep", "W"),
        ("from asyncio import sleep as s\nasync def view():\n await s(1)", "awaits", "asyncio.sleep", ""),
        ("import asyncio as a\nasync def view():\n await a.sleep(1)", "awaits", "asyncio.sleep", ""),
        ("from django.http import HttpResponse", "imports", "django.http", ""),
        ("from django.http import HttpResponse", "imports", "django.http.HttpResponse", ""),
        ("def view():\n return HttpResponse('Done!')", "returns", "HttpResponse", '"Done!"'),
        ("def view():\n return HttpResponse(content='Done!')", "returns", "HttpResponse", '"Done!"'),
        ("from django import http\ndef view():\n return http.HttpResponse()", "returns", "HttpResponse", ""),
        ("def view():\n answer = HttpResponse('x')\n return answer", "returns", "HttpResponse", "'x'"),
        ("def view():\n if 1:\n  return g()", "returns", "g", ""),
    ],
)
def test_it_is_there(code, kind, name, value):
    assert found(code, kind, name, value)


@pytest.mark.parametrize(
    ("code", "kind", "name", "value"),
    [
        ("", "function", "view", ""),
        ("def other(): pass", "function", "view", ""),
        ("def outer():\n def view(): pass", "function", "view", ""),
        ("view = 1", "function", "view", ""),
        ("def view(request): pass", "async-function", "view", ""),
        ("# WAIT = 3", "constant", "WAIT", "3"),
        ("WAIT = 4", "constant", "WAIT", "3"),
        ("WAIT = '3'", "constant", "WAIT", "3"),
        ("WAIT = True", "constant", "WAIT", "1"),
        ("WAIT = 3\nWAIT = 4", "constant", "WAIT", "3"),
        ("def view():\n WAIT = 3", "constant", "WAIT", "3"),
        ("WAIT: int", "constant", "WAIT", ""),
        ("asyncio.sleep(1)", "awaits", "asyncio.sleep", ""),
        ("async def view():\n await sleep(1)", "awaits", "asyncio.sleep", ""),
        ("from time import sleep\nsleep(1)", "calls", "asyncio.sleep", ""),
        ("async def view():\n await asyncio.sleep(2)", "awaits", "asyncio.sleep", "3"),
        ("async def view():\n await asyncio.sleep()", "awaits", "asyncio.sleep", "3"),
        ("'asyncio.sleep(1)'", "calls", "asyncio.sleep", ""),
        ("import asyncioo", "imports", "asyncio", ""),
        ("def view():\n HttpResponse('Done!')", "returns", "HttpResponse", ""),
        ("def view():\n return HttpResponse('Done')", "returns", "HttpResponse", "'Done!'"),
        ("def view():\n return 'HttpResponse()'", "returns", "HttpResponse", ""),
        ("f()()", "calls", "g", ""),
    ],
)
def test_it_is_missing(code, kind, name, value):
    assert not found(code, kind, name, value)


WAITING = (
    "import asyncio, time\nfrom django.http import HttpResponse\nWAIT = 3\n{above}\nasync def view(request):\n{body}\n"
)
AWAITS = Check("awaits", "asyncio.sleep", "does not wait")
AVOIDS = Check("avoids", "time.sleep", "holds the loop")
ANSWERS = Check("returns", "HttpResponse", "does not answer")


def told(body: str, above: str = "") -> tuple[str, ...]:
    """What is said of a view, for three checks; its fault, if it has one."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    report = check_code(step("one", AWAITS, AVOIDS, ANSWERS), WAITING.format(above=above, body=lines))
    return (report.fault,) if report.fault else report.missing


WAIT = "await asyncio.sleep(WAIT)\n"
ANSWER = "return HttpResponse('Done')"


@pytest.mark.parametrize(
    ("body", "above"),
    [
        (WAIT + ANSWER, ""),
        ("pause = asyncio.sleep(WAIT)\nawait pause\nanswer = HttpResponse()\nreturn answer", ""),
        ("await pause()\n" + ANSWER, "async def pause():\n    await asyncio.sleep(WAIT)"),
        ("await asyncio.wait_for(asyncio.sleep(WAIT), 5)\n" + ANSWER, ""),
        ("await asyncio.gather(asyncio.sleep(WAIT), asyncio.sleep(1))\n" + ANSWER, ""),
        ("async with asyncio.timeout(5):\n    " + WAIT + ANSWER, ""),
        ("try:\n    " + WAIT + "finally:\n    print('over')\n" + ANSWER, ""),
        ("if request.GET:\n    " + WAIT + "else:\n    " + WAIT + ANSWER, ""),
        ("while True:\n    " + WAIT + "    break\n" + ANSWER, ""),
        (WAIT + "if request.GET:\n    raise ValueError\n" + ANSWER, ""),
        ("if False:\n    time.sleep(60)\n" + WAIT + ANSWER, ""),
        (WAIT + ANSWER, "def unused():\n    time.sleep(60)"),
        ("await view_again(request)\n" + WAIT + ANSWER, "async def view_again(request):\n    await view(request)"),
    ],
)
def test_a_view_that_does_what_is_asked_passes_whatever_its_words(body: str, above: str) -> None:
    assert told(body, above) == ()


@pytest.mark.parametrize(
    ("body", "above", "said"),
    [
        ("time.sleep(WAIT)\n" + WAIT + ANSWER, "", ["holds the loop"]),
        ("time.sleep(60)\n" + WAIT + ANSWER, "", ["holds the loop"]),
        (WAIT + ANSWER, "time.sleep(60)", ["holds the loop"]),
        ("pause()\n" + WAIT + ANSWER, "def pause():\n    time.sleep(60)", ["holds the loop"]),
        ("request.GET and nap(3)\n" + WAIT + ANSWER, "from time import sleep as nap", ["holds the loop"]),
        ("if False:\n    " + WAIT + ANSWER, "", ["does not wait"]),
        ("if request.GET:\n    " + WAIT + ANSWER, "", ["does not wait"]),
        (ANSWER + "\n" + WAIT, "", ["does not wait"]),
        ("asyncio.sleep(WAIT)\n" + ANSWER, "", ["does not wait"]),
        ("pause()\n" + ANSWER, "async def pause():\n    await asyncio.sleep(WAIT)", ["does not wait"]),
        (ANSWER, "async def other():\n    await asyncio.sleep(WAIT)", ["does not wait"]),
        (WAIT + ANSWER, "class asyncio: pass\nasyncio = 1", ["does not wait"]),
        ("await asyncio.sleep(WAIT)\n" + ANSWER, "import time as asyncio", ["does not wait", "holds the loop"]),
        (WAIT + "return 'Done'", "", ["does not answer"]),
        (WAIT + "if request.GET:\n    " + ANSWER, "", ["does not answer"]),
        (WAIT + "HttpResponse('Done')", "", ["does not answer"]),
        (WAIT + "raise SystemExit\n" + ANSWER, "", ["the view always ends here, so it never answers"]),
        ("while True:\n    " + WAIT + ANSWER, "", ["the view always ends here, so it never answers"]),
        ("import sys\nsys.exit()\n" + WAIT + ANSWER, "", ["the view always ends here, so it never answers"]),
        (
            "stop()\n" + WAIT + ANSWER,
            "def stop():\n    raise OSError",
            ["the view always ends here, so it never answers"],
        ),
        (WAIT + ANSWER, "raise SystemExit", ["the module always ends here, so what is below is never reached"]),
    ],
)
def test_what_a_view_does_is_judged_and_not_the_words_in_it(body: str, above: str, said: list[str]) -> None:
    assert told(body, above) == tuple(said)


def test_the_line_where_a_view_always_ends_is_told():
    report = check_code(step("one", ANSWERS), "def view(request):\n    raise SystemExit\n    return HttpResponse()")
    assert (report.line, report.passed) == (2, False)


def test_what_is_missing_is_told_in_order():
    checks = (Check("function", "a", "no a"), Check("constant", "B", "no B"), Check("imports", "c", "no c"))
    report = check_code(step("one", *checks), "B = 1")
    assert report == CodeReport(met=(False, True, False), missing=("no a", "no c"))
    assert not report.passed


@pytest.mark.parametrize(
    ("code", "fault", "line"),
    [
        ("x = 1\ndef view(:", "invalid syntax", 2),
        ("def view():\npass", "expected an indented block after function definition on line 1", 2),
        ("def view():\n    await x()", "'await' outside async function", 2),
        ("await x()", "'await' outside async function", 1),
        ("async def view():\n    lambda: await x()", "'await' outside async function", 2),
        ("async def view(a=await x()): pass", "'await' outside async function", 1),
        ("x = 1\nreturn x", "'return' outside function", 2),
        ("class A:\n    return 1", "'return' outside function", 2),
    ],
)
def test_what_is_not_python_is_told_in_its_own_words(code, fault, line):
    report = check_code(step("one", Check("function", "view", "missing")), code)
    assert (report.fault, report.line, report.passed, report.met) == (fault, line, False, ())


def test_nothing_is_run(tmp_path):
    mark = tmp_path / "mark"
    check_code(step("one"), f"open({str(mark)!r}, 'w')\n__import__('os').mkdir({str(mark)!r})")
    assert not mark.exists()


def test_escapes_that_python_warns_of_are_no_fault():
    assert found(r"WAIT = '\d'", "constant", "WAIT")


PAINFUL = {
    "minus": "-" * 9990 + "1",
    "not": "not " * 2490 + "1",
    "brackets": "(" * 4990 + ")" * 4990,
    "sum": "f = 1" + "+1" * 4990,
    "attributes": "a" + ".b" * 4990,
    "calls": "a" + "()" * 4990,
    "elif": "if 1:\n 1\n" + "elif a:\n 1\n" * 900,
    "lambda": "lambda:" * 1400 + "1",
    "conditions": "1 if 1 else " * 830 + "1",
    "powers": "1" + "**1" * 3000,
    "comprehensions": "[" * 60 + "1" + " for a in b]" * 60,  # crashes CPython's compiler
    "blocks": "\n".join(" " * depth + "if 1:" for depth in range(130)),
    "integer": "9" * 9990,
    "tower": "x = 9**9**9**9**9",
    "product": "x = 'a'" + "*4096" * 100,
    "quotes": "'''" * 3001,
    "lines": "\\\n" * 4900,
    "returned": "def view():\n return " + "f(" * 90 + ")" * 90,
    "chain": "".join(f"def f{each}():\n f{each + 1}()\n" for each in range(400)) + "def view():\n f0()",
    "statements": "def view():\n" + " f()\n" * 1900,
    "loops": "def view():\n" + "".join(" " * deep + "while x:\n" for deep in range(1, 90)) + " " * 91 + "f()",
    "formats": "f'{" * 100 + "1" + "}'" * 100,
}


@pytest.mark.parametrize("code", PAINFUL.values(), ids=PAINFUL)
def test_code_made_to_hurt_is_looked_at_or_refused(code):
    assert len(code) <= MAX_CODE
    checks = [Check(kind, "f", "missing", "1") for kind in ("constant", "awaits", "calls", "returns")]
    report = check_code(step("one", *checks), code)
    assert not report.passed


def test_what_is_too_deep_is_said_to_be_so():
    report = check_code(step("one", Check("constant", "f", "missing", "1")), PAINFUL["sum"])
    assert (report.fault, report.line) == ("This is nested too deeply to be checked.", None)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=400))
@settings(deadline=None)
def test_any_text_gives_a_report(text):
    with suppress(Refused):
        report = check_code(step("one", Check("function", "view", "missing")), text)
        assert report.fault or report.met in ((True,), (False,))


PIECES = st.sampled_from(
    [
        "async",
        "def",
        "view",
        "(",
        ")",
        ":",
        "\n",
        "    ",
        "await",
        "return",
        "import",
        "asyncio",
        ".",
        "sleep",
        "=",
        "3",
        ",",
        "class",
        "lambda",
        "[",
        "]",
        "for",
        "in",
        "x",
        "'a'",
        "if",
        "*",
        "@",
        "yield",
        "from",
        "not",
        "{",
        "}",
        ";",
        "f'{x}'",
        "\\",
    ]
)


@example("async def view ( ) : await asyncio . sleep ( x )")
@given(st.lists(PIECES, max_size=60).map(" ".join))
@settings(deadline=None, max_examples=300)
def test_code_that_is_nearly_python_gives_a_report(code):
    report = check_code(
        step("one", Check("awaits", "asyncio.sleep", "missing"), Check("returns", "x", "missing")), code
    )
    if not report.fault:
        ast.parse(code)
        assert len(report.met) == 2
