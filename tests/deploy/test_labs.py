"""Runs are carried out by lab processes: each of them may die or be replaced, and no run is lost that had not begun."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection

from lessons.runs.patrol import GONE
from tests.frames import Frame, ended, next_frame, running, watched
from tests.log.redis_server import RedisServer
from tests.processes import LabProcess, Site, free_port
from tests.visiting import LESSON, SPEC, Visitor
from tests.waiting import until

DONE = "Done. Every request has been answered."


@dataclass
class Apart:
    """A web process without a lab, and lab processes beside it."""

    folder: Path
    prepared: Path
    variables: dict[str, str]
    web: str = ""
    labs: list[LabProcess] = field(default_factory=list)

    def lab(self, **variables: str) -> LabProcess:
        folder = self.folder / f"lab{len(self.labs)}"
        folder.mkdir()
        self.labs.append(LabProcess(folder, self.prepared, **{**self.variables, **variables}))
        return self.labs[-1]

    def reported(self, words: str) -> None:
        """Wait until `/readyz` says so of the labs."""
        until(lambda: f"lab: {words}" in Visitor(self.web).get("/readyz").text, f"the lab is {words}")


@pytest.fixture
def apart(tmp_path: Path, prepared: Path, redis_server: RedisServer) -> Iterator[Apart]:
    shared = {"REDIS_URL": redis_server.url, "SECRET_KEY": "shared-by-all-" * 4, "LAB_APART": "1"}
    site = Site(tmp_path / "web", prepared, **shared)
    found = Apart(tmp_path, prepared, shared)
    try:
        found.web = site.ready().url
        yield found
    finally:
        for each in (site, *found.labs):
            each.kill()


def queued(frame: Frame) -> bool:
    return "in the queue" in frame["content"]


@contextmanager
def one_goes_one_waits(
    apart: Apart, **spec: int
) -> Iterator[tuple[LabProcess, ClientConnection, ClientConnection, str]]:
    """A lab that takes one run at a time, the links of a run that goes there and of one that waits, and its name."""
    lab = apart.lab(LAB_MAX_RUNS="1").ready()
    apart.reported("ok")
    begun, waits = (Visitor(apart.web).send(**spec) for _ in range(2))
    with watched(apart.web, begun) as one, watched(apart.web, waits) as other:
        next_frame(one, running)
        next_frame(other, queued)
        yield lab, one, other, waits


def last_of(web: str, run: str) -> str:
    with watched(web, run) as socket:
        return str(next_frame(socket, ended)["content"])


def test_without_a_lab_nothing_is_run_and_the_page_says_so(apart: Apart) -> None:
    answer = Visitor(apart.web).post(f"{LESSON}runs/", SPEC, LESSON)
    assert answer.status == 503
    assert "The lab that runs the requests cannot be reached" in answer.text
    ready = Visitor(apart.web).get("/readyz")
    assert (ready.status, "lab: none is up" in ready.text) == (503, True)
    apart.lab().ready()
    apart.reported("ok, 0 runs going")
    assert DONE in last_of(apart.web, Visitor(apart.web).send())


def test_a_run_is_watched_cancelled_and_archived(apart: Apart) -> None:
    apart.lab().ready()
    visitor = Visitor(apart.web)
    apart.reported("ok")
    run = visitor.send(wait=3, requests=10)
    page = f"{LESSON}runs/{run}/"
    with watched(apart.web, run) as socket:
        next_frame(socket, running)
        visitor.post(f"{page}cancel/", {}, page)
        next_frame(socket, ended)
    assert "Cancelled" in visitor.page(page)


def test_a_run_that_had_begun_is_told_as_gone_and_one_that_had_not_begins_elsewhere(apart: Apart) -> None:
    with one_goes_one_waits(apart, wait=3, requests=10) as (first, one, other, _):
        apart.lab().ready()
        died = time.monotonic()
        first.kill()
        assert GONE in next_frame(one, ended)["content"]
        assert time.monotonic() - died < 7
        next_frame(other, running)
        assert time.monotonic() - died < 7


def test_a_lab_that_is_replaced_ends_what_has_begun_and_gives_back_what_has_not(apart: Apart) -> None:
    with one_goes_one_waits(apart, wait=1, requests=4) as (first, one, other, _):
        first.send(signal.SIGTERM)
        apart.lab().ready()
        assert DONE in next_frame(one, ended)["content"]
        assert DONE in next_frame(other, ended)["content"]
    assert first.wait() == 0


def test_a_run_that_waits_outlives_its_lab_and_waits_for_another(apart: Apart) -> None:
    """For longer than a run that has begun may be silent: a lab that starts on a slow machine takes its time."""
    with one_goes_one_waits(apart, wait=1, requests=4) as (first, one, other, _):
        first.kill()
        assert GONE in next_frame(one, ended)["content"]  # as would the other, had it begun
        apart.lab().ready()
        assert DONE in next_frame(other, ended)["content"]


def test_who_sleeps_while_its_run_begins_elsewhere_does_not_begin_it_again(apart: Apart) -> None:
    with one_goes_one_waits(apart, wait=2, requests=2) as (first, _, other, waits):
        first.send(signal.SIGSTOP)
        apart.lab().ready()
        next_frame(other, running)
        first.send(signal.SIGCONT)
        assert DONE in next_frame(other, ended)["content"]
    text = Visitor(apart.web).page(f"{LESSON}runs/{waits}/export/events.jsonl")
    assert text.count('"run.started"') == text.count('"run.ended"') == 1


def test_redis_that_was_away_and_lost_everything_does_no_lasting_harm(apart: Apart, redis_server: RedisServer) -> None:
    apart.lab().ready()
    apart.reported("ok")
    redis_server.stop()
    time.sleep(2)
    redis_server.start(keep=False)
    apart.reported("ok")
    assert DONE in last_of(apart.web, Visitor(apart.web).send())


def test_a_lab_says_what_it_needs(tmp_path: Path, prepared: Path) -> None:
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    for number, (url, words) in enumerate({"": "needs REDIS_URL", nowhere: "REDIS_URL cannot be used"}.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        lab = LabProcess(folder, prepared, REDIS_URL=url)
        assert lab.wait() == 1
        assert words in lab.text()
