"""Many viewers of one run of 2 x 10 on a site that has one core: how old facts are when they come, and what they cost.

The viewers have the other cores. The same facts are sent to as many viewers by Channels' `group_send`, to compare.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lessonsite.settings")
django.setup()

from bench.crowd import Viewer, crowd  # noqa: E402
from bench.report import Figure, Lacking  # noqa: E402
from lessons import catalogue  # noqa: E402
from lessons.lab.events import Event, RunStarted  # noqa: E402
from lessons.stage.facts import Fact, FactKind, RunFacts  # noqa: E402
from lessons.stage.fold import apply_event, empty_stage  # noqa: E402
from tests.processes import Process, Site, clean_environ  # noqa: E402
from tests.visiting import LESSON, Visitor  # noqa: E402

GOALS = {300: 50.0, 500: 80.0, 1000: 200.0}  # viewers -> p99 of the age, ms
COMPARED, BETTER = 500, 10.0  # viewers; times as many facts per second of processor
REPLAYED = 20  # events for `group_send`: a rate does not need all of them
LONG = 300.0  # seconds after which no more is waited for
PROBES = (FactKind.PROBED, FactKind.PROBE_ANSWERED)
CORE, *REST = sorted(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class Watched:
    """A run that a crowd has watched."""

    viewers: Sequence[Viewer]
    events: Sequence[Event]
    spent: float  # seconds of processor that the web process took
    busy: float  # share of a core that the crowd took
    load: str  # of the machine before: others on it make facts older

    @property
    def per_second(self) -> float:
        """Facts that came, per second of processor."""
        return sum(len(viewer.facts()) for viewer in self.viewers) / self.spent


def figures() -> Iterator[Figure]:
    """Age and losses for each number of viewers, and the comparison. Raises `Lacking`."""
    if not REST:
        raise Lacking("there is one core only, and the viewers need another")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with pinned(CORE):
            # One run at a time, so that viewers can come to one that waits.
            site = Site(folder / "site", LAB_MAX_RUNS="1", LAB_TIME_BOX="300")
        try:
            site.ready()
            seen = {}
            for count, goal in GOALS.items():
                seen[count] = watched(site, count)
                yield from told(seen[count], goal)
        finally:
            site.stop()
        yield from compared(folder, seen[COMPARED])


def watched(site: Site, count: int) -> Watched:
    """A run, watched by so many from before its beginning to its end."""
    load = f"load before {os.getloadavg()[0]:.1f}"
    visitor = Visitor(site.url)
    first = visitor.send(requests=100, wait=3.0, workers=1, lanes=("sync@waitress",))  # the other one waits for it
    run = visitor.send(requests=10, wait=1.0, workers=4)
    with pinned(*REST), crowd(site.url, f"/live/runs/{run}/?hold=0", count) as (viewers, listen):
        listen(2.0)  # all have their first frames
        before, began, mine = processor(site.pid), time.monotonic(), time.process_time()
        with ThreadPoolExecutor(1) as aside:  # the crowd listens while it waits for the answer
            aside.submit(visitor.post, f"{LESSON}runs/{first}/cancel/", {}, LESSON)
            listen(LONG)
        busy = (time.process_time() - mine) / (time.monotonic() - began)
        spent = processor(site.pid) - before
    records = map(json.loads, visitor.page(f"{LESSON}runs/{run}/export/events.jsonl").splitlines()[1:])
    return Watched(viewers, tuple(map(Event.from_record, records)), spent, busy, load)


def told(seen: Watched, goal: float) -> Iterator[Figure]:
    """The figures of one run."""
    facts = [fact for _, facts in batches(seen.events) for fact in facts]
    began = next(each.body.at for each in seen.events if isinstance(each.body, RunStarted))
    ages: dict[bool, list[float]] = {True: [], False: []}  # of probes, or of all else
    for viewer in seen.viewers:
        for at, (_, came) in viewer.told:
            for fact in came:
                ages[fact[2] in PROBES].append((at - began) * 1000 - fact[3])
    count = len(seen.viewers)
    lost = sum(viewer.facts() != facts for viewer in seen.viewers)
    cuts, probes = quantiles(ages[False], n=100), quantiles(ages[True], n=100)
    frames = sum(len(viewer.told) for viewer in seen.viewers)
    cost = f"{seen.spent:.3g} s; {frames / count:.0f} frames each, {seen.spent / frames * 1e6:.0f} us a frame"
    crowded = f"the crowd took {seen.busy:.0%} of a core"
    yield Figure(f"age of facts, {count:,} viewers, p50", cuts[49], "ms", note=f"{len(facts)} facts; {seen.load}")
    yield Figure(f"age of facts, {count:,} viewers, p99", cuts[98], "ms", at_most=goal, note=crowded)
    yield Figure(f"age of facts of probes, {count:,} viewers, p99", probes[98], "ms", note="they may wait for 200 ms")
    yield Figure(f"of {count:,} viewers, without all facts", lost, at_most=0)
    yield Figure(f"facts per second of processor, {count:,} viewers", seen.per_second, note=cost)


def compared(folder: Path, seen: Watched) -> Iterator[Figure]:
    """The same facts by `group_send`, one message an event."""
    first, *_ = told_at = [(t, facts) for t, facts in batches(seen.events) if facts][:REPLAYED]
    messages = [(t - first[0], facts) for t, facts in told_at]
    messages.append((messages[-1][0], [[-1, 0, FactKind.OVER.value, 0]]))
    file, known, texts = folder / "messages.json", 0, []
    for t, facts in messages:
        texts.append((t, f'{{"scene": {json.dumps({"from": known, "facts": facts})}, "now": 0}}'))
        known += len(facts)
    file.write_text(json.dumps(texts))
    count = len(seen.viewers)
    command = [sys.executable, "-m", "bench.group_site", str(file), str(count)]
    with pinned(CORE):
        site = Process(command, folder / "output.txt", clean_environ())
    try:
        address = site.until_prints(r"open at (http://\S+)/ ")[1]
        before = processor(site.pid)
        with pinned(*REST), crowd(address, "/", count) as (viewers, listen):
            joined = processor(site.pid)
            listen(LONG)
            spent = processor(site.pid) - joined
        lost = sum(len(viewer.facts()) != known for viewer in viewers)
    finally:
        site.stop()
    rate = sum(len(viewer.facts()) for viewer in viewers) / spent
    note = f"{known} facts, {spent:.3g} s; {lost} without all; {joined - before:.3g} s to connect"
    yield Figure(f"facts per second, group_send, {count} viewers", rate, note=note)
    yield Figure("facts per second, ours / group_send", seen.per_second / rate, at_least=BETTER)


def batches(events: Sequence[Event]) -> Iterator[tuple[float, list[Fact]]]:
    """The facts that each event adds, and its time."""
    lesson = catalogue.find_lesson("why-async-matters")
    found, stage = RunFacts(lesson), empty_stage(lesson)
    for event in events:
        then, known = apply_event(stage, event), len(found.facts)
        found.add(stage, then, event.t)
        stage = then
        yield event.t, found.facts[known:]


def processor(pid: int) -> float:
    """Seconds of processor that a process has taken, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def pinned(*cores: int) -> Iterator[None]:
    """What runs in it, and the processes that it starts, have these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
