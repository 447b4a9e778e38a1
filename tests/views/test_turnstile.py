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


@pytest.mark.parametrize("path", [FILE, LESSON], ids=["files", "pages"])
def test_a_flood_from_one_address_keeps_no_other_waiting(start_site: StartSite, path: str) -> None:
    site = start_site(PROXIES="1").url
    other = Visitor(site)
    with ExitStack() as stack:
        flood = [ask(stack, site, "192.0.2.1", path) for _ in range(MOST_OF_ADDRESS + 40)]
        assert other.get(path, **{"X-Forwarded-For": "192.0.2.2"}).status == 200
        waiting = sum(map(is_waiting, flood))
        assert waiting > MOST_OF_ADDRESS / 2  # the other one has overtaken them
        answers = [b"".join(iter(lambda sock=sock: sock.recv(65536), b"")) for sock in flood]  # type: ignore[misc]
    statuses = [answer.split(b" ", 2)[1] for answer in answers]
    assert set(statuses) == {b"200", b"429"}
    refused = answers[statuses.index(b"429")]
    assert b"\r\nretry-after: 5\r\n" in refused.lower()


async def test_an_address_has_so_many_turns_at_once_and_nothing_is_kept_of_it() -> None:
    turns, inside, open_ = Turnstile(PAGES), 0, asyncio.Event()

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


def test_the_threads_are_more_than_one_address_has() -> None:
    assert offload._SHORT._max_workers > FILES
