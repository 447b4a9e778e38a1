"""The lint runs what a lesson offers and tells where a claim differs from the measurement. Real servers."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from lessons import catalogue
from lessons.content.faults import Fault
from lessons.lab.supervisor import Lab
from lessons.management import lint as linting
from lessons.management.lint import Lint
from lessons.management.measuring import LessonRuns
from tests.content.real import SLUG, edit

Measure = Callable[[], Awaitable[list[Fault]]]
FAILING = "from django.http import JsonResponse\n\n\nasync def view(request):\n    raise ValueError('no')\n"


@pytest.fixture
def spoilt(folder: Path, settings: Settings, tmp_path: Path) -> Path:
    """The folder of the only lesson there is."""
    settings.LESSONS_DIR = folder.parent
    settings.DATA_DIR = tmp_path / "data"
    return folder


@pytest.fixture
def lint(spoilt: Path, monkeypatch: pytest.MonkeyPatch) -> Measure:
    monkeypatch.setattr(linting, "BUSY_TIMES", 4)  # the machine is busy with tests

    async def measured() -> list[Fault]:
        lab = Lab(time_box=10.0)  # the first run of a process waits for the fork server, too
        try:
            return await Lint(LessonRuns(lab, catalogue.find_lesson(SLUG)), lambda what: None).differences()
        finally:
            await lab.close()

    return measured


async def told(lint: Measure) -> dict[tuple[str, str], str]:
    found = await lint()
    return {(fault.file.name, fault.key): fault.reason.partition(" (measured ")[0] for fault in found}


async def test_claims_that_are_as_measured_are_not_told(lint: Measure) -> None:
    assert await told(lint) == {}


async def test_each_claim_that_differs_is_told_at_its_key(folder: Path, lint: Measure) -> None:
    document = folder / "lesson.toml"
    edit(document, '"sync@daphne" = { async_wait = false', '"sync@daphne" = { async_wait = true')
    old = '"sync@waitress" = { async_wait = false, server_block = true, response_sent = false }\n'
    edit(document, old, "")
    edit(document, "fails = false", "fails = true")
    edit(document, 'formula = "rounds"', 'formula = "none"')
    edit(document, 'on = ["fetch.called"]', 'on = ["fetch.raised"]')
    edit(folder / "problems.toml", "seconds = 0.6", "seconds = 0.2")
    edit(folder / "project.toml", 'name = "view"', 'name = "glance"')
    found = await told(lint)
    assert found == {
        ("lesson.toml", "steps[0].claims['sync@daphne']"): (
            "measured: { async_wait = false, server_block = false, response_sent = false }"
        ),
        ("lesson.toml", "steps[2].claims['sync@waitress']"): (
            "is missing, but the step is reached: { async_wait = false, server_block = true, response_sent = false }"
        ),
        ("lesson.toml", "lanes[4].fails"): "is claimed, but every request was answered with success",
        ("lesson.toml", "nodes[3].on"): "no request of any lane ever reaches 'wait'",
        ("lesson.toml", "prediction.formula"): found["lesson.toml", "prediction.formula"],
        ("problems.toml", "problems[0].seconds"): found["problems.toml", "problems[0].seconds"],
        ("project.toml", "steps[0].solution"): (
            "does not pass the checks of its step: There is no coroutine function view."
        ),
    }
    formula = r"with requests = 5, workers = 2 and wait = 0\.3 it makes 0\.00 s, and ([\d.]+) s was measured"
    assert seconds_in(formula, found["lesson.toml", "prediction.formula"]) >= 0.9
    assert seconds_in(r"0\.2 is claimed, ([\d.]+) was measured", found["problems.toml", "problems[0].seconds"]) >= 0.6


def seconds_in(pattern: str, reason: str) -> float:
    match = re.fullmatch(pattern, reason)
    assert match, reason
    return float(match[1])


async def test_a_view_that_fails_is_told_once_and_a_task_that_fails_as_well(folder: Path, lint: Measure) -> None:
    (folder / "samples" / "async.py").write_text(FAILING)
    edit(folder / "tasks.toml", "    data = ____ fetch_data()", "    raise ValueError\n    data = ____ fetch_data()")
    found = await told(lint)
    failed = "request 1 of async@daphne failed: ValueError: no"
    assert found["lesson.toml", "lanes[1].fails"] == failed
    assert ("lesson.toml", "examples[0]") not in found  # it has been told of the lane
    assert found["tasks.toml", "tasks[0].options[0]"].startswith("is right, but request 1 of try-await-it-1@daphne")
    assert ("tasks.toml", "tasks[0].options[2]") not in found


async def test_a_view_with_a_time_limit_is_measured_with_the_wait_of_the_first_preset(
    folder: Path, lint: Measure
) -> None:
    """The first preset's, here a second: with less, the limit would never be met, and the claim would seem right."""
    (folder / "samples" / "async.py").write_text(
        "import asyncio\n\nfrom django.http import JsonResponse\n\nfrom lessons.lab.fetch_async import fetch_data\n\n\n"
        "async def view(request):\n"
        "    data = await asyncio.wait_for(fetch_data(), 0.6)\n"
        "    return JsonResponse({'data': data})\n"
    )
    found = await told(lint)
    assert found["lesson.toml", "lanes[1].fails"] == "request 1 of async@daphne failed: TimeoutError: "


async def test_evidence_that_no_request_shows_is_told(folder: Path, lint: Measure) -> None:
    (folder / "samples" / "async.py").write_text(
        "from django.http import JsonResponse\n\n\nasync def view(request):\n    return JsonResponse({})\n"
    )
    found = await told(lint)
    reason = "a request of async@daphne never reaches step 3"
    assert found["lesson.toml", "key_moments[0].evidence"] == reason
    assert found["review.toml", "questions[0].evidence"] == reason
    assert found["lesson.toml", "steps[2].claims['async@daphne']"] == "is claimed, but the step is never reached"


async def test_a_wrong_option_that_never_ends_is_told(spoilt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linting, "machine_load", lambda: (0.0, 2))  # an end that does not come is no doubtful figure
    edit(spoilt / "tasks.toml", 'text = "not"', "text = '''[0 for x in iter(int, 1)] and'''")
    lab = Lab(time_box=2.0)
    lint = Lint(LessonRuns(lab, catalogue.find_lesson(SLUG)), lambda what: None)
    found = [fault async for fault in lint._tasks()]
    await lab.close()
    assert found == [("tasks[0].options[2]", "does not end: The run was ended after 2 seconds.")]


def test_the_command_ends_with_1_when_a_lesson_cannot_be_read(spoilt: Path, capfd: pytest.CaptureFixture[str]) -> None:
    edit(spoilt / "tasks.toml", "____", "")
    with pytest.raises(SystemExit) as ended:
        call_command("lintlessons")
    assert ended.value.code == 1
    assert "tasks.toml:9: tasks[0].code: must have the blank" in capfd.readouterr().err


def test_the_command_names_the_lessons_there_are(spoilt: Path) -> None:
    with pytest.raises(CommandError, match="there is no lesson 'nothing'; choose why-async-matters"):
        call_command("lintlessons", "nothing")


@pytest.mark.parametrize("slug", [each.slug for each in catalogue.all_lessons().values()])
def test_every_claim_of_our_lessons_is_as_measured(slug: str, capfd: pytest.CaptureFixture[str]) -> None:
    call_command("lintlessons", slug)
    assert "Every claim is as measured." in capfd.readouterr().out


async def settled(monkeypatch: pytest.MonkeyPatch, load: float, *found: bool) -> tuple[list[str], int]:
    """What the lint tells of a claim that differs as `found` says, under such a load; and how often it measured."""
    monkeypatch.setattr("lessons.management.lint.machine_load", lambda: (load, 2))
    left = list(found)

    async def check() -> list[tuple[str, str]]:
        return [("key", "differs")] if left.pop(0) else []

    lab = Lab()
    try:
        told = await Lint(LessonRuns(lab, catalogue.find_lesson(SLUG)), lambda what: None)._settled(check)
    finally:
        await lab.close()
    return [reason for _, reason in told], len(found) - len(left)


@pytest.mark.parametrize(
    ("load", "found", "told", "times"),
    [
        (0.5, (False,), [], 1),
        (0.5, (True, False), [], 2),
        (0.5, (True, True, False), [], 3),
        (0.5, (True, True, True), ["differs"], 3),
        (9.0, (True, True, True, False), [], 4),
        (9.0, (True,) * 5, ["differs (measured 5 times on a busy machine: load 9.0, 2 cores)"], 5),
    ],
)
async def test_a_busy_machine_is_asked_more_often_and_named(
    monkeypatch: pytest.MonkeyPatch,
    spoilt: Path,
    load: float,
    found: tuple[bool, ...],
    told: list[str],
    times: int,
) -> None:
    assert await settled(monkeypatch, load, *found) == (told, times)
