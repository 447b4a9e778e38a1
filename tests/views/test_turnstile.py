"""Who asks for many files at once waits for them alone; who asks for too many is told."""

import asyncio
import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from lessons import offload
from lessons.views.turnstile import FILES, MOST, MOST_OF_ADDRESS, PAGES, TooMuchFromAddress, TooMuchToMake, Turnstile
from tests.conftest import StartSite
from tests.visiting import LESSON, RECORDED, Visitor
from tests.waiting import until_async

FILE = f"{RECORDED}export/trace.json"


def ask(stack: ExitStack, site: str, address: str, path: str) -> socket.socket:
    """Ask for it, and do not wait for it."""
    parts = urlsplit(site)
    assert parts.hostname
    sock = stack.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=60))
    head = ("Host: 127.0.0.1", f"X-Forwarded-For: {address}", "Connection: close")
    sock.sendall(f"GET {path} HTTP/1.1\r\n{''.join(f'{line}\r\n' for line in head)}\r\n".encode())
    return sock


def is_waiting(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        return not sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    finally:
        sock.settimeout(60)


def test_pages_of_one_address_are_made_in_turn_and_another_overtakes_them(start_site: StartSite) -> None:
    site = start_site(PROXIES="1").url
    other = Visitor(site)
    with ExitStack() as stack:
        flood = [ask(stack, site, "192.0.2.1", LESSON) for _ in range(60)]
        assert other.get(LESSON, **{"X-Forwarded-For": "192.0.2.2"}).status == 200
        assert sum(map(is_waiting, flood)) > 30


def test_a_flood_from_one_address_keeps_no_other_waiting(start_site: StartSite) -> None:
    site = start_site(PROXIES="1").url
    other = Visitor(site)
    with ExitStack() as stack:
        flood = [ask(stack, site, "192.0.2.1", FILE) for _ in range(MOST_OF_ADDRESS + 40)]
        assert other.get(FILE, **{"X-Forwarded-For": "192.0.2.2"}).status == 200
        waiting = sum(map(is_waiting, flood))
        assert waiting > MOST_OF_ADDRESS / 2  # the other one has overtaken them
        answers = [b"".join(iter(lambda sock=sock: sock.recv(65536), b"")) for sock in flood]  # type: ignore[misc]
    statuses = [answer.split(b" ", 2)[1] for answer in answers]
    assert set(statuses) == {b"200", b"429"}
    refused = answers[statuses.index(b"429")]
    assert b"\r\nretry-after: 5\r\n" in refused.lower()


async def test_an_address_has_so_many_turns_at_once_and_nothing_is_kept_of_it() -> None:
    turns, inside, open_ = Turnstile(PAGES, 60.0), 0, asyncio.Event()

    async def pass_through(address: str) -> None:
        nonlocal inside
        async with turns.turn(address):
            inside += 1
            await open_.wait()

    tasks = [asyncio.create_task(pass_through("one")) for _ in range(MOST_OF_ADDRESS)]
    await until_async(lambda: inside == PAGES, "the first ones are inside")
    with pytest.raises(TooMuchFromAddress):
        await pass_through("one")
    tasks += [asyncio.create_task(pass_through(f"other-{number}")) for number in range(MOST - MOST_OF_ADDRESS)]
    await until_async(lambda: inside == PAGES + MOST - MOST_OF_ADDRESS, "all others are inside, too")
    with pytest.raises(TooMuchToMake):
        await pass_through("one more")
    tasks[0].cancel()
    tasks[1].cancel()
    await until_async(lambda: inside == 2 * PAGES + MOST - MOST_OF_ADDRESS, "who leaves makes room")
    open_.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (turns._asked, turns._places) == ({}, {})


async def test_who_takes_long_for_what_others_do_not_take_either_leaves_the_place_to_them() -> None:
    """A page that waits for a Redis that is away must not have all pages of its network wait in turn."""
    turns, open_ = Turnstile(1, 0.05), asyncio.Event()

    async def wait() -> None:
        async with turns.turn("one"):
            await open_.wait()

    slow = [asyncio.create_task(wait()) for _ in range(3)]
    async with asyncio.timeout(5), turns.turn("one"):
        assert not any(each.done() for each in slow)
    open_.set()
    await asyncio.gather(*slow)
    for _ in range(2):  # no place was given back twice
        async with turns.turn("one"):
            assert turns._places["one"].locked()
    assert (turns._asked, turns._places) == ({}, {})


def test_the_threads_are_more_than_one_address_has() -> None:
    assert offload._SHORT._max_workers > FILES
