"""`make chaos`: a cluster under load in which everything dies, freezes, forgets or floods, again and again.

Learners press and watch meanwhile, through nginx. In the end, what each of them was shown must be the fold of the run's
log: nothing lost, doubled or out of order; every run has ended; nobody was answered 500; no process is left.
"""

import asyncio
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import django
from redis.asyncio import Redis
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from deploy.cluster import Cluster  # noqa: E402
from deploy.part import free_port  # noqa: E402
from lessons import catalogue  # noqa: E402
from lessons.lab.events import Event  # noqa: E402
from lessons.stage.facts import RunFacts  # noqa: E402
from tests.processes import clean_environ, members_of  # noqa: E402
from tests.visiting import LESSON, RUN_NAME, SPEC, TOKEN, TOKEN_FIELD  # noqa: E402

LEARNERS: Final = 8
REST: Final = (1.0, 4.0)  # seconds between two faults
FROZEN: Final = 3.0  # seconds
FLOOD: Final = 200  # connections of one storm
CALM: Final = 60.0  # seconds in which all must be well again, and every run have ended
LOST: Final = 4404  # a run that is not there
AWAY: Final = (aiohttp.ClientError, OSError, TimeoutError)
ONCE: Final = ("request.sent", "request.received", "response.received", "request.handled")
REFUSED: Final = {429, 502, 503, 504}  # what may be answered while a part is away


@dataclass(slots=True)
class Watched:
    """A run as its learner saw it."""

    run: str
    pressed: float  # by the monotonic clock
    facts: list[Any] = field(default_factory=list)
    seq: int = 0
    links: int = 0
    over: float = 0.0  # when its end was shown, or that it is not there
    lost: bool = False


@dataclass(slots=True)
class Storm:
    """What happens, and what has come of it."""

    cluster: Cluster
    dice: random.Random
    over: bool = False
    watched: list[Watched] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    emptied: list[float] = field(default_factory=list)  # when Redis lost everything
    pids: set[int] = field(default_factory=set)  # of every program there ever was
    wrong: list[str] = field(default_factory=list)

    def note(self, status: int, what: str) -> None:
        """An answer of the site; one that must not be is told."""
        self.answers[status] += 1
        if status >= 400 and status not in REFUSED:
            self.wrong.append(f"{status} at {what}")


# Learners


async def learn(storm: Storm, number: int) -> None:
    """Press and watch, again and again."""
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=15)
    ) as client:
        while not storm.over:
            if run := await press(storm, client, number):
                watched = Watched(run, time.monotonic())
                storm.watched.append(watched)
                await watch(storm, client, watched)
            await asyncio.sleep(0.2)


async def press(storm: Storm, client: aiohttp.ClientSession, number: int) -> str:
    """The run that was sent; "" when the site could not take it just now."""
    try:
        async with client.get(storm.cluster.url + LESSON) as page:
            storm.note(page.status, LESSON)
            token = TOKEN.search(await page.text())
        if page.status != 200 or not token:
            return ""
        many = number % 4 == 0
        form: dict[str, Any] = {**SPEC, "requests": 100 if many else 4, "wait": 0.1 if many else 1}
        form[TOKEN_FIELD] = token[1]
        lanes = form.pop("lanes")
        pairs = [*((name, str(value)) for name, value in form.items()), *(("lanes", lane) for lane in lanes)]
        address = f"{storm.cluster.url}{LESSON}runs/"
        async with client.post(address, data=pairs, allow_redirects=False) as answer:
            storm.note(answer.status, "a press")
            found = RUN_NAME.search(answer.headers.get("Location", ""))
            return found[1] if found else ""
    except AWAY:
        return ""


async def watch(storm: Storm, client: aiohttp.ClientSession, watched: Watched) -> None:
    """Watch to the end, over as many links as it takes."""
    address = f"{storm.cluster.url.replace('http', 'ws')}/live/runs/{watched.run}/?hold=0"
    deadline = time.monotonic() + 2 * CALM
    while not watched.over and time.monotonic() < deadline:
        with suppress(*AWAY):
            async with client.ws_connect(address, origin=storm.cluster.url) as socket:
                watched.links += 1
                await see(socket, watched)
        await asyncio.sleep(0.3)


async def see(socket: aiohttp.ClientWebSocketResponse, watched: Watched) -> None:
    """One link: frames until the run is over or the link is."""
    async for message in socket:
        said = json.loads(message.data)
        if "frame" in said:
            scene = said["scene"]
            watched.facts = [*watched.facts[: scene["from"]], *scene["facts"]]
            watched.seq = said["seq"]
            await socket.send_json({"type": "ack", "frame": said["frame"]})
            if said["ended"]:
                watched.over = time.monotonic()
                return
        elif said.get("closed") == LOST:
            watched.over, watched.lost = time.monotonic(), True
            return


# Faults


async def kill(storm: Storm, *names: str) -> None:
    """One of these programs, unasked."""
    part = storm.dice.choice([part for name, part in storm.cluster.parts.items() if name.startswith(names)])
    part.send(signal.SIGKILL)


async def kill_of_a_run(storm: Storm) -> None:
    """A lane, a driver, an upstream or a fork server."""
    labs = {part.pid for name, part in storm.cluster.parts.items() if name.startswith("lab")}
    if found := sorted(pid for pid in members_of(labs) if pid not in labs):
        with suppress(ProcessLookupError):
            os.kill(storm.dice.choice(found), signal.SIGKILL)


async def freeze(storm: Storm, *names: str) -> None:
    """One of these programs stands still for a while."""
    part = storm.dice.choice([part for name, part in storm.cluster.parts.items() if name.startswith(names)])
    pid = part.pid
    part.send(signal.SIGSTOP)
    await asyncio.sleep(FROZEN)
    if part.pid == pid:
        part.send(signal.SIGCONT)


async def empty_redis(storm: Storm) -> None:
    """It comes back, and knows nothing."""
    shutil.rmtree(storm.cluster.folder / "redis" / "appendonlydir", ignore_errors=True)
    storm.emptied.append(time.monotonic())
    storm.cluster.parts["redis"].send(signal.SIGKILL)


async def cut_off(storm: Storm) -> None:
    """Every connection to Redis breaks, for a while."""
    until = time.monotonic() + FROZEN
    with suppress(RedisError, OSError):
        async with Redis.from_url(storm.cluster.redis_url) as redis:
            while time.monotonic() < until:
                await redis.client_kill_filter(skipme=True)
                await asyncio.sleep(0.02)


async def fill_redis(storm: Storm) -> None:
    """It takes nothing more, for a while."""
    with suppress(RedisError, OSError):
        async with Redis.from_url(storm.cluster.redis_url) as redis:
            await redis.config_set("maxmemory", 1)
            await asyncio.sleep(FROZEN)
            await redis.config_set("maxmemory", 512 * 1024 * 1024)


async def restart_database(storm: Storm) -> None:
    """It is asked to end, and starts anew."""
    storm.cluster.parts["postgres"].send(signal.SIGINT)


async def reload_nginx(storm: Storm) -> None:
    """It reads its configuration anew."""
    storm.cluster.parts["nginx"].send(signal.SIGHUP)


async def leave_half_open(storm: Storm) -> None:
    """Connections that have said half of what they want, and fall silent."""
    port = int(storm.cluster.url.rpartition(":")[2])
    writers = []
    for _ in range(FLOOD):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            writers.append(writer)
    await asyncio.sleep(FROZEN)
    for writer in writers:
        writer.close()


async def flood_with_links(storm: Storm) -> None:
    """Many open a link at once; half of them read nothing, the other half leave."""
    runs = [each.run for each in storm.watched if not each.over] or ["recorded-why-async-matters"]
    address = f"{storm.cluster.url.replace('http', 'ws')}/live/runs/{storm.dice.choice(runs)}/?hold=0"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client:

        async def link(stay: bool) -> None:
            with suppress(*AWAY):
                async with client.ws_connect(address, origin=storm.cluster.url):
                    await asyncio.sleep(FROZEN if stay else 0)

        await asyncio.gather(*(link(number % 2 == 0) for number in range(FLOOD)))


FAULTS: Final[dict[str, Callable[[Storm], Awaitable[None]]]] = {
    "a web process killed": lambda storm: kill(storm, "web"),
    "a lab killed": lambda storm: kill(storm, "lab"),
    "a process of a run killed": kill_of_a_run,
    "nginx killed": lambda storm: kill(storm, "nginx"),
    "nginx reloaded": reload_nginx,
    "Redis killed": lambda storm: kill(storm, "redis"),
    "Redis frozen": lambda storm: freeze(storm, "redis"),
    "Redis empty": empty_redis,
    "Redis cut off": cut_off,
    "Redis full": fill_redis,
    "PostgreSQL killed": lambda storm: kill(storm, "postgres"),
    "PostgreSQL restarted": restart_database,
    "PostgreSQL frozen": lambda storm: freeze(storm, "postgres"),
    "a lab frozen": lambda storm: freeze(storm, "lab"),
    "a web process frozen": lambda storm: freeze(storm, "web"),
    "every process replaced": lambda storm: storm.cluster.replace(),
    "half-open connections": leave_half_open,
    "a flood of links": flood_with_links,
}


async def strike(storm: Storm, seconds: float) -> None:
    """One fault after the other: each kind once before one comes twice."""
    until, deck = time.monotonic() + seconds, list[str]()
    while time.monotonic() < until:
        if not deck:
            deck = sorted(FAULTS)
            storm.dice.shuffle(deck)
        name = deck.pop()
        storm.faults[name] += 1
        print(f"{time.strftime('%X')} {name}", flush=True)
        await FAULTS[name](storm)
        storm.pids |= {part.pid for part in storm.cluster.parts.values()} - {0}
        await asyncio.sleep(storm.dice.uniform(*REST))


# The oracle


async def judge(storm: Storm) -> None:
    """What each learner saw, beside the log."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as client:
        for each in storm.watched:
            if not each.over:
                storm.wrong.append(f"{each.run} came to no end in {each.links} links")
                continue
            async with client.get(f"{storm.cluster.url}{LESSON}runs/{each.run}/export/events.jsonl") as answer:
                text, status = await answer.text(), answer.status
            if status == 404 or each.lost:
                if not any(each.pressed - 1 <= at <= each.over + 1 for at in storm.emptied):
                    storm.wrong.append(f"{each.run} is lost, though Redis forgot nothing while it went")
                continue
            events = [Event.from_record(json.loads(line)) for line in text.splitlines()[1:]]
            storm.wrong += [f"{each.run}: {fault}" for fault in faults_of(each, events)]


def faults_of(watched: Watched, events: list[Event]) -> list[str]:
    """What is wrong with a run's log, or with what was shown of it."""
    kinds = Counter(event.kind for event in events)
    found = []
    if events[0].kind != "run.created" or events[-1].kind != "run.ended":
        found.append(f"begins with {events[0].kind} and ends with {events[-1].kind}")
    found += [f"{kinds[kind]} x {kind}" for kind in ("run.created", "run.started", "run.ended") if kinds[kind] > 1]
    each_once = Counter((event.kind, event.lane, event.request) for event in events if event.kind in ONCE)
    found += [f"{count} x {key}" for key, count in each_once.items() if count > 1]
    facts = RunFacts.of(catalogue.find_lesson("why-async-matters"), events).facts
    if watched.facts != facts:
        found.append(f"{len(watched.facts)} facts were shown, the log has {len(facts)}")
    if watched.seq != len(events):
        found.append(f"the last frame was of event {watched.seq} of {len(events)}")
    return found


async def until_well(storm: Storm) -> None:
    """Wait until every web process says that it can serve."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as client:
        for port in storm.cluster.web_ports:
            well = False
            while not well:
                await asyncio.sleep(0.1)
                with suppress(*AWAY):
                    async with client.get(f"http://127.0.0.1:{port}/readyz") as answer:
                        well = answer.status == 200


async def rage(folder: Path, seconds: float, seed: int) -> Storm:
    """A storm of so many seconds, and what has come of it. What the programs say goes into `folder`/output.txt."""
    output = (folder / "output.txt").open("w")
    cluster = Cluster(
        folder, free_port(), webs=2, labs=2, environ=clean_environ(), tell=lambda line: print(line, file=output)
    )
    storm = Storm(cluster, random.Random(seed))
    tasks: list[asyncio.Task[None]] = []
    try:
        await cluster.start()
        storm.pids |= {part.pid for part in cluster.parts.values()}
        tending = asyncio.create_task(cluster.tend())
        tasks = [asyncio.create_task(learn(storm, number)) for number in range(LEARNERS)]
        await strike(storm, seconds)
        calm = time.monotonic()
        storm.over = True
        try:
            async with asyncio.timeout(CALM):
                await until_well(storm)
            print(f"All is well {time.monotonic() - calm:.1f} s after the last fault.")
        except TimeoutError:
            storm.wrong.append(f"not every web process is well {CALM:g} s after the last fault")
        await asyncio.wait(tasks, timeout=2 * CALM)
        await judge(storm)
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await cluster.stop()
        output.close()
    storm.pids |= {part.pid for part in cluster.parts.values()} - {0}
    if left := members_of(storm.pids):
        storm.wrong.append(f"processes are left: {left}")
    text = (folder / "output.txt").read_text()
    if tracebacks := re.findall(r"(?m)^.*Traceback.*$(?:\n.*){0,40}", text):
        storm.wrong.append(f"{len(tracebacks)} tracebacks, the first:\n{tracebacks[0]}")
    return storm


def report(storm: Storm) -> str:
    """What has happened, in a few lines."""
    ends = [each for each in storm.watched if each.over]
    lines = [
        f"{sum(storm.faults.values())} faults of {len(storm.faults)} kinds",
        f"{len(storm.watched)} runs were watched over {sum(each.links for each in storm.watched)} links, "
        f"{sum(each.lost for each in ends)} were lost with Redis' data",
        "answers: " + ", ".join(f"{count} x {status}" for status, count in sorted(storm.answers.items())),
        *(storm.wrong or ["Nothing is wrong: each learner saw what the log holds."]),
    ]
    return "\n".join(lines)


def main(seconds: float, seed: int) -> int:
    """The exit status."""
    folder = Path(tempfile.mkdtemp(prefix="lessons-chaos-"))
    folder.chmod(0o711)  # PostgreSQL's user must get in
    storm = asyncio.run(rage(folder, seconds, seed))
    print(report(storm))
    if storm.wrong:
        print(f"What the programs said is in {folder}/output.txt")
    else:
        shutil.rmtree(folder)
    return 1 if storm.wrong else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2])))
