"""Thirty learners press Send within five seconds: is everybody served, and does each run say what a lone run says?"""

import json
import os
import selectors
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lessonsite.settings")
django.setup()

from bench.crowd import Viewer  # noqa: E402
from bench.report import Figure  # noqa: E402
from lessons import catalogue  # noqa: E402
from lessons.lab.events import Event  # noqa: E402
from lessons.stage.disturbance import disturbance_sentence  # noqa: E402
from lessons.stage.fold import fold_events  # noqa: E402
from lessons.stage.law import formula_total, lane_formula  # noqa: E402
from lessons.stage.model import Stage  # noqa: E402
from lessons.stage.prediction import TOLERANCE  # noqa: E402
from lessons.stage.steps import execution_table  # noqa: E402
from tests.processes import Site  # noqa: E402
from tests.visiting import LESSON, Visitor  # noqa: E402

LEARNERS: Final = 30
WITHIN: Final = 5.0  # seconds
LONE: Final = 3  # runs of one learner alone, to compare with
LONG: Final = 900.0  # seconds after which no more is waited for
SYNC, ASYNC = "sync@waitress", "async@daphne"
RUNS: Final = {"10 x 1 s": {"requests": 10, "wait": 1.0}, "100 x 0.1 s": {"requests": 100, "wait": 0.1}}


@dataclass(slots=True)
class Learner:
    """Presses Send, and watches to the end."""

    visitor: Visitor
    sent: float = 0.0
    run: str = ""  # "": refused
    took: float = 0.0  # seconds from the press to the result


def figures() -> Iterator[Figure]:
    """For ten requests, and for a hundred."""
    with tempfile.TemporaryDirectory() as name:
        site = Site(Path(name) / "site")
        try:
            site.ready()
            for what, spec in RUNS.items():
                lone = [_stage(each) for _ in range(LONE) for each in attended(site.url, spec, 1)]
                learners = attended(site.url, spec, LEARNERS)
                yield from told(what, learners, [_stage(each) for each in learners if each.run], lone)
        finally:
            site.stop()


def attended(address: str, spec: dict[str, Any], count: int) -> list[Learner]:
    """A class of so many, whose runs have all ended."""
    learners = [Learner(Visitor(address)) for _ in range(count)]
    for each in learners:
        each.visitor.page(LESSON)
    with selectors.EpollSelector() as selector, ThreadPoolExecutor(count) as hands:
        presses = [hands.submit(_press, each, spec, at * WITHIN / count) for at, each in enumerate(learners)]
        watching: dict[Viewer, Learner] = {}
        until = time.monotonic() + LONG
        while (presses or watching) and time.monotonic() < until:
            for press in [each for each in presses if each.done()]:
                presses.remove(press)
                _watch(press, watching, selector)
            for key, _ in selector.select(0.05):
                _listen(key.data, watching, selector)
    return learners


def _press(learner: Learner, spec: dict[str, Any], after: float) -> Learner:
    time.sleep(after)
    learner.sent = time.monotonic()
    try:
        learner.run = learner.visitor.send(**spec, workers=1, lanes=(SYNC, ASYNC))
    except AssertionError:
        learner.run = ""
    return learner


def _watch(press: "Future[Learner]", watching: dict[Viewer, Learner], selector: selectors.EpollSelector) -> None:
    learner = press.result()
    if learner.run:
        viewer = Viewer(learner.visitor.site, f"/live/runs/{learner.run}/?hold=0", {})
        watching[viewer] = learner
        selector.register(viewer.socket, selectors.EVENT_READ, viewer)


def _listen(viewer: Viewer, watching: dict[Viewer, Learner], selector: selectors.EpollSelector) -> None:
    viewer.read()
    if viewer.over:
        learner = watching.pop(viewer)
        learner.took = time.monotonic() - learner.sent
        selector.unregister(viewer.socket)
        viewer.socket.close()


def _stage(learner: Learner) -> Stage:
    lines = learner.visitor.page(f"{LESSON}runs/{learner.run}/export/events.jsonl").splitlines()[1:]
    return fold_events(catalogue.find_lesson("why-async-matters"), map(Event.from_record, map(json.loads, lines)))


def told(what: str, learners: Sequence[Learner], stages: Sequence[Stage], lone: Sequence[Stage]) -> Iterator[Figure]:
    """The figures of one class."""
    took = [each.took for each in learners if each.took]
    calm = [stage for stage in stages if not disturbance_sentence(stage)]
    known = frozenset[str]().union(*map(claims, lone))
    wrong = [claims(stage) - known for stage in calm if claims(stage) - known]
    yield Figure(f"{what}: press to result, median", median(took), "s", note=_totals("async totals", stages))
    yield Figure(f"{what}: press to result, longest", max(took), "s", note=_totals("alone", lone))
    yield Figure(f"{what}: presses without a result", LEARNERS - len(took), at_most=0)
    yield Figure(f"{what}: runs told as disturbed", len(stages) - len(calm))
    note = "; ".join(sorted(frozenset[str]().union(*wrong)))
    yield Figure(f"{what}: verdicts a lone run contradicts", len(wrong), at_most=0, note=note)


def claims(stage: Stage) -> frozenset[str]:
    """What the page says of a run that may be due to a busy machine."""
    assert stage.spec
    found = set()
    for lane in stage.lanes:
        expected = formula_total(*lane_formula(stage.lesson, lane.id), stage.spec)
        if lane.id == SYNC and abs((lane.total or 0.0) - expected) > TOLERANCE * expected:
            found.add("a right prediction is called wrong")
        rows = execution_table(stage, lane, lane.requests[0])
        if lane.id == ASYNC and any(row.server_block and row.async_wait for row in rows):
            found.add("the awaiting view is said to block its server")
    return frozenset(found)


def _totals(name: str, stages: Sequence[Stage]) -> str:
    found = sorted(stage.lane(ASYNC).total or 0.0 for stage in stages)
    return f"{name} {found[0]:.2f} to {found[-1]:.2f} s, median {median(found):.2f}"
