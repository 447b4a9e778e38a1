"""What is waited for comes, or is named."""

import asyncio

import pytest

from tests.waiting import PATIENCE, until, until_async


def test_the_first_true_answer_is_returned() -> None:
    answers = iter([0, "", 7])
    assert until(lambda: next(answers), "a seven") == 7


def test_what_does_not_come_is_told_as_it_stands_in_the_end() -> None:
    looks: list[int] = []

    def look() -> bool:
        looks.append(1)
        return False

    with pytest.raises(AssertionError, match=r"waited 0\.05 s in vain: a miracle, looked at [2-9] times"):
        until(look, lambda: f"a miracle, looked at {len(looks)} times", 0.05)


async def test_a_coroutine_is_awaited_at_each_look() -> None:
    answers = iter([None, "there"])

    async def look() -> str | None:
        return next(answers)

    assert await until_async(look, "an answer") == "there"


async def test_news_are_looked_at_at_once_and_only_then() -> None:
    news, looks, there = asyncio.Event(), 0, False

    def look() -> bool:
        nonlocal looks
        looks += 1
        return there

    waiting = asyncio.create_task(until_async(look, "news", news=news))
    await asyncio.sleep(0.1)
    assert looks == 1
    there = True
    news.set()
    async with asyncio.timeout(PATIENCE / 2):
        await waiting
    assert looks == 2


async def test_news_that_do_not_come_are_named() -> None:
    with pytest.raises(AssertionError, match=r"waited 0\.05 s in vain: news"):
        await until_async(lambda: False, "news", 0.05, news=asyncio.Event())
