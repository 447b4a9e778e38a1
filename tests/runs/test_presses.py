"""The same press, arriving twice, starts one run; every other press starts its own. By the real lab."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from django.test import RequestFactory

from lessons.lab.supervisor import Lab, LabFull
from lessons.log.memory import MemoryLog
from lessons.runs.presses import Press, new_press_key
from lessons.runs.service import Runs
from lessons.views.presses import OF_A_FORM, OF_A_SCRIPT, find_press
from tests.stage import scenes
from tests.visiting import LESSON, SPEC, Visitor

SHORT = scenes.spec(lanes=(scenes.ASYNC,))
KEY = new_press_key()
AGAIN = re.compile(r'<form id="controls".*?name="press" value="([\w-]+)"', re.DOTALL)


@pytest.fixture
async def runs() -> AsyncIterator[Runs]:
    runs = Runs(MemoryLog(ttl=60), Lab(max_runs=1, max_queue=1))
    yield runs
    await runs.close()


async def started(runs: Runs) -> list[str]:
    """The runs that there are."""
    return [name for name in await runs.log.names("") if not name.startswith("orders:")]


async def ended(runs: Runs, run: str) -> None:
    async for _ in runs.log.follow(run):
        pass


async def test_the_same_press_many_times_at_once_starts_one_run(runs: Runs) -> None:
    begun = await asyncio.gather(*(runs.begin(SHORT, "me", press=Press("press", 60)) for _ in range(8)))
    assert len({name for name, _ in begun}) == 1
    assert await started(runs) == [begun[0][0]]


async def test_it_gives_the_run_that_it_has_started_though_that_has_ended_and_the_lab_is_full(runs: Runs) -> None:
    run = await runs.send(SHORT, press=Press("press", 60))
    await ended(runs, run)
    for _ in range(2):
        await runs.send(replace(SHORT, wait=3.0))
    with pytest.raises(LabFull):
        await runs.send(SHORT, press=Press("another", 60))
    assert await runs.send(SHORT, press=Press("press", 60)) == run


async def test_a_run_that_is_gone_is_started_anew(runs: Runs) -> None:
    run = await runs.send(SHORT, press=Press("press", 60))
    await ended(runs, run)
    await runs.log.remove(run)
    assert await runs.send(SHORT, press=Press("press", 60)) != run


async def test_presses_without_a_key_start_a_run_each(runs: Runs) -> None:
    assert len({await runs.send(SHORT) for _ in range(2)}) == 2


def read(form: dict[str, str], key: str = "", path: str = "/send/") -> Press | None:
    headers = {"Idempotency-Key": key} if key else {}
    return find_press(RequestFactory().post(path, form, headers=headers))


def test_a_press_is_known_by_its_key_its_address_and_what_is_wished_for() -> None:
    press = read({"requests": "2", "press": KEY, "csrfmiddlewaretoken": "a"})
    assert press
    assert press == read({"requests": "2", "press": KEY, "csrfmiddlewaretoken": "b"})
    others = [read({"requests": "3", "press": KEY}), read({"requests": "2", "press": KEY}, path="/else/")]
    others.append(read({"requests": "2", "press": new_press_key()}))
    assert press not in others
    assert None not in others


def test_the_key_of_a_script_comes_first_and_lasts_longer() -> None:
    by_form, by_script = read({"press": KEY}), read({"press": KEY}, key=new_press_key())
    assert by_form
    assert by_script
    assert (by_form.seconds, by_script.seconds) == (OF_A_FORM, OF_A_SCRIPT)
    assert by_form.name != by_script.name
    assert by_script != read({"press": KEY}, key=new_press_key())


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "a key with spaces", "schlüssel-schlüssel"])
def test_what_is_no_key_is_no_press(key: str) -> None:
    assert read({"press": key}) is None


def test_a_form_sent_twice_without_scripts_is_one_run_and_the_next_page_has_a_new_key(site: str) -> None:
    visitor = Visitor(site)
    key = AGAIN.search(visitor.page(LESSON))
    assert key
    run = visitor.send(press=key[1])
    assert visitor.send(press=key[1]) == run
    assert visitor.send(press=key[1], requests=SPEC["requests"], wait="0.3") != run
    following = AGAIN.search(visitor.page(f"{LESSON}runs/{run}/"))
    assert following
    assert following[1] != key[1]
