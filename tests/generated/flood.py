"""A real site that is asked whatever comes out of a seeded grammar, and whether it bears that.

No answer may be a fault, but for a 503 that tells when to come again; nothing may stand in the site's output that tells
of a fault; it must live and answer in the end, and need no more memory in the second half than in the first.
"""

import asyncio
import json
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from lessons import catalogue
from lessons.live.session import End
from tests.generated.requests import Request, request
from tests.generated.sessions import CLOSE, PING, TEXT, Session, frame, session
from tests.generated.values import KEY, Known, known_of
from tests.generated.wire import SWITCHED, Line, read_answer, read_frames
from tests.learner import Learner
from tests.processes import ROOT, Site, clean_environ, get
from tests.visiting import Answer, Visitor
from tests.waiting import until

SESSIONS: Final = 0.11  # of the cases; a session has many messages, so those are some 60 % of all
CLIENTS: Final = 4  # at once
PATIENCE: Final = 60.0  # seconds for one case
SAMPLES: Final = 200  # of the memory
WARM: Final = 0.3  # the part of the flood in which caches fill
SLACK: Final = 32 * 1024 * 1024  # bytes by which the second half may exceed the first: the log keeps runs for a while
MOST_WRONG: Final = 20  # beyond it nothing new is learnt
SHOWN: Final = 4000  # bytes of a case
# What the site says of a host of somebody else, and that it cannot do just now what was asked, is no fault of its own.
MEANT: Final = "django.security|django.request: Service Unavailable"
TOLD: Final = f"Traceback|Unhandled| ERROR (?!{MEANT})| CRITICAL |never retrieved|never awaited"
FAULT: Final = re.compile(rf"(?m)^.*(?:{TOLD}).*$(?:\n.*){{0,60}}")
INTERNAL: Final = 1011  # with which a socket is closed when its application has failed
PONG: Final = 10
PASSWORD: Final = "a long one, of nobody"
ENDING: Final = 30.0  # seconds
VARIABLES: Final = {
    "SECRET_KEY": KEY,
    "PROXIES": "1",  # so that an address of the grammar counts as one
    "ADDRESS_RUNS": "20",  # or one measurement; else the flood would be one of runs
    "RUN_TTL": "600",  # the shortest
    "METRICS": "1",
    "DRAIN_SECONDS": "5",
}


type Tell = Callable[[str], None]


@dataclass(slots=True)
class Flood:
    """What comes, and what has come of it."""

    site: Site
    known: Known
    seed: int
    count: int  # of requests and messages
    first: int = 0  # number of the first case
    tell: Tell = print
    sent: int = 0
    started: float = field(default_factory=time.monotonic)
    answers: Counter[int] = field(default_factory=Counter)
    ends: Counter[int] = field(default_factory=Counter)  # codes with which the site closed sockets
    memory: list[int] = field(default_factory=list)  # bytes, at equal distances
    processor: tuple[float, float] = (0.0, 0.0)  # seconds that the site and we have had
    wrong: list[str] = field(default_factory=list)
    _next: int = 0
    _read: int = 0  # bytes of the site's output
    _under_way: dict[int, bytes] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Requests and messages in a second."""
        return self.sent / self.seconds

    @property
    def growth(self) -> float:
        """By how many bytes the second half needs more memory than the first, once it is warm."""
        warm = self.memory[int(len(self.memory) * WARM) :]
        half = len(warm) // 2
        return statistics.fmean(warm[half:]) - statistics.fmean(warm[:half]) if half else 0.0

    async def pour(self) -> None:
        """All of it."""
        site, ours = self.site.processor(), time.process_time()
        await asyncio.gather(*(self._client() for _ in range(CLIENTS)))
        self.look()
        self.processor = self.site.processor() - site, time.process_time() - ours
        try:
            with closing(get(f"{self.site.url}/healthz")) as answer:
                if answer.read() != b"ok":
                    self.wrong.append(f"/healthz answers {answer.status}")
        except OSError as error:
            self.wrong.append(f"/healthz does not answer: {error}")
        if self.growth > SLACK:
            self.wrong.append(f"the second half needs {self.growth / 2**20:.1f} MB more than the first: {self.memory}")

    async def _client(self) -> None:
        line = Line(int(self.site.url.rpartition(":")[2]))
        try:
            while self.sent < self.count and len(self.wrong) < MOST_WRONG:
                await self._send_next(line)
        finally:
            line.close()

    async def _send_next(self, line: Line) -> None:
        number = self.first + self._next
        self._next += 1
        case = case_of(self.seed, number, self.known)
        self._under_way[number] = raw = case.raw if isinstance(case, Request) else case.handshake
        try:
            async with asyncio.timeout(PATIENCE):
                await (self._ask(line, case) if isinstance(case, Request) else self._meet(case))
        except TimeoutError:
            self._blame(f"nothing came in {PATIENCE:g} s", raw)
            line.close()
        except AssertionError as error:
            self._blame(f"no answer of HTTP: {error}", raw)
            line.close()
        except OSError as error:
            self._blame(f"the site is gone: {error}", raw)
        self.look()
        del self._under_way[number]
        self._sample()

    async def _ask(self, line: Line, case: Request) -> None:
        self.sent += 1
        answer = await line.ask(case)
        if answer is None:
            self.answers[0] += 1
            if case.answered:
                self._blame("closed without an answer", case.raw)
        else:
            self._judge(answer, case.raw)

    async def _meet(self, case: Session) -> None:
        self.sent += 1 + len(case.frames)
        line = Line(int(self.site.url.rpartition(":")[2]))
        reader, writer = await line.open()
        try:
            writer.write(case.handshake)
            answer = await read_answer(reader, case.handshake.split(b" ", 1)[0].decode("latin-1"))
            if answer is None:
                self._blame("closed without an answer", case.handshake)
                return
            self._judge(answer, case.handshake)
            if answer.status == SWITCHED:
                writer.writelines([*case.frames, frame(PING, b"end")])
                await self._listen(reader, writer, case)
            elif case.sound:
                self._blame(f"a sound handshake is answered {answer.status}", case.handshake)
        finally:
            line.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, case: Session) -> None:
        async for opcode, payload in read_frames(reader):
            if opcode == PONG and payload == b"end":
                writer.write(frame(CLOSE, (1000).to_bytes(2)))
            elif opcode == CLOSE:
                code = int.from_bytes(payload[:2])
                self.ends[code] += 1
                if code in (INTERNAL, End.FAULT):
                    self._blame(f"the socket was closed with {code}", case.handshake + b"".join(case.frames))
            elif opcode == TEXT and json.loads(payload).get("closed") == End.FAULT:
                self._blame(f"the end: {payload!r}", case.handshake + b"".join(case.frames))

    def _judge(self, answer: Answer, raw: bytes) -> None:
        self.answers[answer.status] += 1
        if answer.status >= 500 and not (answer.status == 503 and answer.headers.get("retry-after")):
            self._blame(f"answered {answer.status}: {answer.body[:300]!r}", raw)

    def _blame(self, what: str, raw: bytes) -> None:
        more = f" and {len(raw) - SHOWN} bytes more" if len(raw) > SHOWN else ""
        self.wrong.append(f"{what}\n    {raw[:SHOWN]!r}{more}")
        self.tell(self.wrong[-1])

    def look(self) -> None:
        """Whether the site has told of a fault since the last look."""
        with self.site.output.open("rb") as output:
            output.seek(self._read)
            new = output.read()
        self._read += len(new)
        if found := FAULT.search(new.decode(errors="replace")):
            cases = "\n    ".join(f"case {number}: {raw[:SHOWN]!r}" for number, raw in self._under_way.items())
            self.wrong.append(f"the site says:\n{found[0]}\nUnder way were\n    {cases}")
            self.tell(self.wrong[-1])

    def _sample(self) -> None:
        if self.sent * SAMPLES >= len(self.memory) * self.count:
            self.memory.append(self.site.memory())
            if len(self.memory) % (SAMPLES // 20) == 0:
                self.tell(f"{self.sent} sent, {self.rate:.0f} a second, {_mb(self.memory[-1])}")

    def end(self) -> None:
        """Ask the site to end, and see whether it leaves something behind."""
        self.site.send(signal.SIGTERM)
        if (status := self.site.wait(ENDING)) != 0:
            self.wrong.append(f"the site ended with {status}")
        until(lambda: not self.site.members(), lambda: f"processes are left: {self.site.members()}")
        self.look()

    def report(self) -> str:
        """What has happened, in a few lines."""
        warm, last = self.memory[int(len(self.memory) * WARM)], self.memory[-1]
        lines = [
            f"{self.sent} requests and messages in {self.seconds:.1f} s, {self.rate:.0f} a second; seed {self.seed}",
            f"processor: {self.processor[0]:.0f} s of the site, {self.processor[1]:.0f} s of this client",
            f"memory: {_mb(warm)} when warm, {_mb(last)} in the end; the second half: {_mb(self.growth)} more",
            f"answers: {_counted(self.answers)}",
            f"sockets closed: {_counted(self.ends)}",
            *(self.wrong or ["Nothing is wrong."]),
        ]
        return "\n".join(lines)


def _mb(size: float) -> str:
    return f"{size / 2**20:.1f} MB"


def _counted(counter: Counter[int]) -> str:
    return ", ".join(f"{count} x {key or 'none'}" for key, count in sorted(counter.items()))


def case_of(seed: int, number: int, known: Known) -> Request | Session:
    """The case with this number, whatever came before it."""
    dice = Random(f"{seed} {number}")  # text: numbers alone would make neighbours alike
    return session(dice, known) if dice.random() < SESSIONS else request(dice, known)


def flood(folder: Path, prepared: Path, count: int, seed: int, first: int = 0, tell: Tell = print) -> Flood:
    """Start a site in `folder`, and let so many requests and messages come, from this case on."""
    site = Site(folder, prepared, **VARIABLES)
    try:
        learner = Learner(Visitor(site.ready().url), catalogue.find_lesson("why-async-matters"))
        learner.leave_rows()
        poured = Flood(site, known_of(learner, staff_cookie(site)), seed, count, first, tell)
        asyncio.run(poured.pour())
        poured.end()
    finally:
        site.stop()
    return poured


def staff_cookie(site: Site) -> str:
    """That of somebody who has signed in to the admin."""
    data = str(site.output.parent / "data")
    environ = clean_environ(DATA_DIR=data, SECRET_KEY=KEY, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    words = ("createsuperuser", "--noinput", "--username=staff", "--email=staff@example.org")
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environ, check=True, capture_output=True)
    visitor = Visitor(site.url)
    answer = visitor.post("/admin/login/", {"username": "staff", "password": PASSWORD}, "/admin/login/")
    assert answer.status == 302, answer.text
    return next(f"sessionid={each.value}" for each in visitor.cookies if each.name == "sessionid")
