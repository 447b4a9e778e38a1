"""The HTTP client of a run, a process of its own: sends the requests of all lanes, at once or steadily, and probes."""

import asyncio
import socket
import threading
import time
from functools import partial
from typing import Any

import aiohttp

from lessons.lab.events import (
    ClockTicked,
    LaneDone,
    LoadStarted,
    ProbeAnswered,
    ProbeSent,
    RequestFailed,
    RequestSent,
    ResponseReceived,
)
from lessons.lab.handlers import NUMBER_HEADER, PROBE_PATH, TOKEN_HEADER
from lessons.lab.wire import Wire

TICK = 0.05  # seconds between two ticks of the clock
BEAT = 0.02  # seconds between two probes of a lane
MOST_BYTES = 1 << 20  # of an answer
MOST_OF_PROBE = 64  # bytes of the answer to a probe
NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)  # the run's time box ends what hangs


class TooMuch(Exception):
    """A lane does not stop answering."""


def main(sock: socket.socket, config: dict[str, Any]) -> None:
    """Drive one run. `config`: zero, token, requests, every. Waits for the word {"lanes": {lane: port}}."""
    ports: dict[str, int] = {}
    told = threading.Event()

    def heard(word: dict[str, Any]) -> None:
        ports.update(word["lanes"])
        told.set()

    wire = Wire(sock, config["zero"], heard)
    wire.start()
    told.wait()
    asyncio.run(_drive(wire, ports, config["token"], config["requests"], config["every"]))
    wire.say(bye=True)


async def _drive(wire: Wire, ports: dict[str, int], token: str, requests: int, every: float) -> None:
    headers = {TOKEN_HEADER: token}
    # Each request has a connection of its own; a probe must not queue behind them, so it has its own, too.
    fresh = aiohttp.TCPConnector(limit=0, force_close=True)
    kept = aiohttp.TCPConnector(limit_per_host=1)
    # What is packed stays packed: a few bytes may hold a memory full of them.
    session = partial(aiohttp.ClientSession, headers=headers, timeout=NO_TIMEOUT, auto_decompress=False)
    async with session(connector=fresh) as client, session(connector=kept) as prober:
        lanes = [Load(wire, lane, port, requests, client, prober) for lane, port in ports.items()]
        await asyncio.gather(*(lane.greet() for lane in lanes))
        wire.report(LoadStarted())
        ticking = asyncio.create_task(_tick(wire))
        probing = [asyncio.create_task(lane.probe()) for lane in lanes]
        opened: list[asyncio.Task[None]] = []
        clock = asyncio.get_running_loop().time
        begun = clock()
        for number in range(1, requests + 1):
            # Even if it is time already: else the first would be on its way only when the last is prepared.
            await asyncio.sleep(begun + (number - 1) * every - clock())
            opened += [asyncio.create_task(lane.request(number)) for lane in lanes]
        await asyncio.gather(*opened, *probing)
        ticking.cancel()


async def _tick(wire: Wire) -> None:
    loop = asyncio.get_running_loop()
    beat = loop.time()
    while True:
        beat += TICK
        await asyncio.sleep(beat - loop.time())
        wire.report(ClockTicked())


class Load:
    """The load on one lane: its requests and its probe."""

    def __init__(
        self,
        wire: Wire,
        lane: str,
        port: int,
        requests: int,
        client: aiohttp.ClientSession,
        prober: aiohttp.ClientSession,
    ) -> None:
        self._wire = wire
        self._lane = lane
        self._url = f"http://127.0.0.1:{port}/"
        self._probe_url = f"http://127.0.0.1:{port}{PROBE_PATH}"
        self._client = client
        self._prober = prober
        self._left = requests
        self._failed = 0
        self._waited = 0.0  # seconds from each request to its answer, in all
        self._first = 0.0  # when the first request was sent
        self._last = 0.0  # when the last answer came
        self._requests = requests
        self._over = asyncio.Event()

    async def greet(self) -> None:
        """Wait until the lane's server has answered once, or is dead: then its requests will tell."""
        await self._ask()

    async def request(self, number: int) -> None:
        """Send one request and read its response."""
        sent = time.monotonic()
        self._first = self._first or sent
        self._wire.put((sent, self._lane, number, RequestSent.kind, {}))
        try:
            async with self._client.get(self._url, headers={NUMBER_HEADER: str(number)}) as response:
                size, first = await _read_answer(response, MOST_BYTES, sent)
            self._last = self._wire.report(ResponseReceived(response.status, size, first), self._lane, number)
            self._waited += self._last - sent
        except (aiohttp.ClientError, OSError, TooMuch) as error:
            self._failed += 1
            failed = RequestFailed(f"{type(error).__name__}: {error}"[:200])
            self._last = self._wire.report(failed, self._lane, number)
        self._left -= 1
        if not self._left:
            self._over.set()

    async def probe(self) -> None:
        """Ask again and again, one probe at a time, until the lane is done; then report it done."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        number = 0
        while not self._over.is_set():
            number += 1
            self._wire.report(ProbeSent(number), self._lane)
            if not await self._ask():
                await self._over.wait()  # the lane is dead; its requests fail by themselves
                break
            self._wire.report(ProbeAnswered(number), self._lane)
            await self._next_beat(start, loop)
        done = self._requests - self._failed
        mean = round(self._waited / done, 6) if done else None
        self._wire.report(LaneDone(round(self._last - self._first, 6), done, self._failed, mean), self._lane)

    async def _next_beat(self, start: float, loop: asyncio.AbstractEventLoop) -> None:
        pause = BEAT - (loop.time() - start) % BEAT
        try:
            async with asyncio.timeout(pause):
                await self._over.wait()
        except TimeoutError:
            pass

    async def _ask(self) -> bool:
        try:
            async with self._prober.get(self._probe_url) as response:
                await _read_answer(response, MOST_OF_PROBE, 0)
                return response.status == 200
        except (aiohttp.ClientError, OSError, TooMuch):
            return False


async def _read_answer(response: aiohttp.ClientResponse, most: int, sent: float) -> tuple[int, float | None]:
    """Read to the end: bytes, and seconds from `sent` to the first of them. Raises `TooMuch`."""
    size, first = 0, None
    async for part in response.content.iter_any():
        first = first or round(time.monotonic() - sent, 6)
        size += len(part)
        if size > most:
            raise TooMuch(f"the answer has more than {most:,} bytes")
    return size, first
