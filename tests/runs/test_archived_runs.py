"""Ended runs outlive the event log, a restart and the process that ran them: with real sites."""

import json
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from redis import Redis
from websockets.exceptions import ConnectionClosed

from lessons.log.streams import run_keys
from tests.conftest import StartSite
from tests.frames import ended, next_frame, running, watched
from tests.runs.sending import last_frame, sent
from tests.visiting import LESSON, Visitor
from tests.waiting import until


def stage(page: str) -> str:
    """What is drawn of a run: its clocks and bars."""
    return "".join(re.findall(r'data-state="\w+">[^<]*<|<path class="bar[^>]*>', page))


def test_a_run_outlives_a_restart(start_site: StartSite, tmp_path: Path) -> None:
    data = str(tmp_path / "shared")
    first = start_site(DATA_DIR=data)
    visitor = Visitor(first.url)
    run = sent(visitor)
    address = f"{LESSON}runs/{run}/?lane=sync%40waitress&request=2"
    page, frame = visitor.page(address), last_frame(first.url, run)
    first.stop()
    second = start_site(DATA_DIR=data).url
    assert stage(visitor.at(second).page(address)) == stage(page) != ""
    assert last_frame(second, run)["seq"] == frame["seq"]
    assert run in visitor.at(second).page("/runs/")
    assert run not in Visitor(second).page("/runs/")


def test_a_run_outlives_the_event_log(start_site: StartSite, redis_url: str) -> None:
    visitor = Visitor(start_site(REDIS_URL=redis_url).url)
    run = sent(visitor)
    address = f"{LESSON}runs/{run}/"
    page = visitor.page(address)
    with Redis.from_url(redis_url) as redis, watched(visitor.site, run) as socket:
        frame = next_frame(socket, ended)
        assert redis.delete(*run_keys(run)) == 2, "its time in the log is up"
        socket.send(json.dumps({"type": "pin", "lane": "sync@waitress", "request": 2}))
        assert next_frame(socket)["seq"] == frame["seq"]
        assert stage(visitor.page(address)) == stage(page) != ""
        assert last_frame(visitor.site, run)["seq"] == frame["seq"]
        assert visitor.page(f"{address}report/")
        assert not redis.exists(*run_keys(run))


def test_only_its_learner_deletes_a_run_and_then_it_is_gone(site: str) -> None:
    visitor, other = Visitor(site), Visitor(site)
    run, kept = sent(visitor), sent(visitor)
    sent(other)
    for name in (run, "nothing", "a%00b", "recorded-why-async-matters"):
        assert other.post(f"/runs/{name}/delete/", {}, "/runs/").status == 404
    assert visitor.page(f"{LESSON}runs/{run}/")
    assert "deleted=1" in visitor.post(f"/runs/{run}/delete/", {"page": "x"}, "/runs/").headers["Location"]
    assert visitor.get(f"{LESSON}runs/{run}/").status == 404
    with pytest.raises(ConnectionClosed) as closed:
        last_frame(site, run)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4404
    assert kept in visitor.page("/runs/")
    visitor.post("/runs/delete/", {}, "/runs/")
    assert "nothing here yet" in visitor.page("/runs/")
    assert "nothing here yet" not in other.page("/runs/")


def test_what_the_database_does_not_delete_is_not_called_deleted(start_site: StartSite, tmp_path: Path) -> None:
    data = tmp_path / "data"
    visitor = Visitor(start_site(DATA_DIR=str(data)).url)
    run = sent(visitor)
    with closing(sqlite3.connect(data / "db.sqlite3")) as database:
        fault = "CREATE TRIGGER fault BEFORE DELETE ON lessons_archivedrun BEGIN SELECT RAISE(ABORT, 'fault'); END"
        database.execute(fault)
    for action in (f"{run}/delete/", "delete/"):
        answer = visitor.post(f"/runs/{action}", {}, "/runs/")
        assert (answer.status, "nothing was changed" in answer.text) == (503, True)
    assert run in visitor.page("/runs/")
    assert visitor.page(f"{LESSON}runs/{run}/")


def test_a_locked_database_delays_the_archive_and_nothing_else(start_site: StartSite, tmp_path: Path) -> None:
    data = tmp_path / "data"
    visitor = Visitor(start_site(DATA_DIR=str(data)).url)
    visitor.page(LESSON)
    run = visitor.send()
    with sqlite3.connect(data / "db.sqlite3", isolation_level=None) as database:
        database.execute("BEGIN IMMEDIATE")
        assert "Done." in last_frame(visitor.site, run)["content"]
        assert run not in visitor.page("/runs/")
        database.execute("ROLLBACK")
    until(lambda: run in visitor.page("/runs/"), "the run is archived")
    database.close()


def test_a_run_whose_process_was_killed_is_archived_by_another_as_its_learners(
    start_site: StartSite, tmp_path: Path, redis_url: str
) -> None:
    shared = {"REDIS_URL": redis_url, "SECRET_KEY": "shared-by-both-" * 4}
    shared["DATABASE_URL"] = f"sqlite:///{tmp_path}/shared.sqlite3"
    first, second = start_site(**shared), start_site(**shared)
    there = Visitor(second.url)
    run = there.at(first.url).send(wait=3, requests=10)
    with watched(second.url, run) as socket:
        next_frame(socket, running)
        first.send(signal.SIGKILL)
        next_frame(socket, ended)
    until(lambda: run in there.page("/runs/"), "the run is archived")
    assert "Failed" in there.page("/runs/")


def test_runs_are_compared_whatever_they_come_from(site: str) -> None:
    visitor = Visitor(site)
    slow, fast = sent(visitor), sent(visitor, workers=2)
    at = f"{LESSON}runs/{slow}/compare/"
    assert fast in visitor.page(at)
    assert slow not in re.findall(r"/compare/([\w-]+)/", visitor.page(at))
    assert fast not in Visitor(site).page(at), "a stranger is not shown the learner's runs"
    page = visitor.page(f"{at}{fast}/")
    assert "Run A had 1 worker thread, run B 2." in page
    assert "Run B was" in page
    recorded = visitor.page(f"{at}recorded-why-async-matters/")
    assert "the recorded run" in recorded
    ids = re.findall(r'\bid="([^"]+)"', recorded)
    assert len(ids) == len(set(ids))
    going = visitor.send(wait=3)
    assert "still going on" in visitor.page(f"{at}{going}/")
    for wrong in ("nothing", "a%00b", "recorded-await-together", "x" * 300, "%3Cscript%3E"):
        answer = visitor.get(f"{at}{wrong}/")
        assert (answer.status, "<script>" in answer.text) == (404, False), wrong
    assert visitor.post(f"{LESSON}runs/{going}/cancel/", {}, LESSON).status == 302
