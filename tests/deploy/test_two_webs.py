"""A run belongs to one web process and is seen, and cancelled, through any other."""

import json
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.frames import ended, next_frame, running, watched
from tests.log.redis_server import RedisServer
from tests.processes import Site, free_port
from tests.visiting import LESSON, Visitor
from tests.waiting import until


@pytest.fixture(scope="module")
def webs(tmp_path_factory: pytest.TempPathFactory, prepared: Path, redis_url: str) -> Iterator[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("two-webs")
    sites = two_sites(folder, prepared, redis_url)
    try:
        yield sites[0].ready().url, sites[1].ready().url
    finally:
        for site in sites:
            site.stop()


def two_sites(folder: Path, prepared: Path, redis_url: str) -> list[Site]:
    shared = {"REDIS_URL": redis_url, "SECRET_KEY": "shared-by-both-" * 4}
    return [Site(folder / f"web{number}", prepared, **shared) for number in (1, 2)]


def test_a_run_sent_to_one_is_watched_on_the_other(webs: tuple[str, str]) -> None:
    run = Visitor(webs[0]).send()
    with watched(webs[1], run) as socket:
        last = next_frame(socket, ended)
    assert "Done. Every request has been answered." in last["content"]


def test_both_show_the_same_page_of_a_run(webs: tuple[str, str]) -> None:
    visitor = Visitor(webs[0])
    run = visitor.send()
    with watched(webs[1], run) as socket:
        next_frame(socket, ended)
    pages = [visitor.at(web).page(f"{LESSON}runs/{run}/") for web in webs]
    clocks = [re.findall(r'role="timer">.*?class="digits">([\d.]+ s)<', page) for page in pages]
    assert clocks[0] == clocks[1]
    assert len(clocks[0]) == 2


def test_words_over_plain_http_reach_the_viewer_through_the_other(webs: tuple[str, str]) -> None:
    serving, posted_to = webs
    run = Visitor(serving).send(requests=1, wait=0.1)
    with urlopen(f"{serving}/live/runs/{run}/?hold=0", timeout=20) as stream:
        messages = (json.loads(line.removeprefix(b"data: ")) for line in stream if line.strip())
        words = f"{posted_to}/live/words/{next(messages)['words']}/"
        for message in messages:
            if number := message.get("frame"):
                with urlopen(Request(words, json.dumps({"type": "ack", "frame": number}).encode())) as answer:
                    assert answer.status == 204
                if message["ended"]:
                    break
    assert message["ended"]


def test_a_run_is_cancelled_through_the_other(webs: tuple[str, str]) -> None:
    visitor = Visitor(webs[0])
    run = visitor.send(wait=3, requests=10)
    page, there = f"{LESSON}runs/{run}/", visitor.at(webs[1])
    with watched(webs[1], run) as socket:
        next_frame(socket, running)
        there.post(f"{page}cancel/", {}, page)
        last = next_frame(socket, ended)
    assert last["t"] < 20
    assert "Cancelled" in there.page(page)


def test_a_run_whose_web_process_is_killed_ends_on_the_other(tmp_path: Path, prepared: Path, redis_url: str) -> None:
    sites = two_sites(tmp_path, prepared, redis_url)
    try:
        first, second = (site.ready().url for site in sites)
        run = Visitor(first).send(wait=3, requests=10)
        with watched(second, run) as socket:
            next_frame(socket, running)
            sites[0].send(signal.SIGKILL)
            last = next_frame(socket, ended)
        assert "The process that ran it is gone" in last["content"]
    finally:
        for site in sites:
            site.stop()


def test_a_log_that_is_away_for_a_while_makes_no_run_dead(tmp_path: Path, prepared: Path) -> None:
    """Who cannot hear does not know who is silent."""
    redis = RedisServer(tmp_path, free_port())
    redis.start()
    sites = two_sites(tmp_path, prepared, redis.url)
    try:
        first, second = (site.ready().url for site in sites)
        visitor = Visitor(first)
        run = visitor.send(wait=1, requests=10, workers=1)
        with watched(second, run) as socket:
            next_frame(socket, running)
            redis.stop()
            time.sleep(7)  # longer than a process may be silent
            redis.start()
            last = next_frame(socket, ended)
        assert "Done. Every request has been answered." in last["content"]
        lines = visitor.page(f"{LESSON}runs/{run}/export/events.jsonl").splitlines()
        ends = [number for number, line in enumerate(lines, 1) if '"run.ended"' in line]
        assert ends == [len(lines)]
    finally:
        for site in sites:
            site.stop()
        redis.stop()


def test_the_same_press_through_both_at_once_is_one_run(webs: tuple[str, str]) -> None:
    visitor = Visitor(webs[0])
    visitor.page(LESSON)
    with ThreadPoolExecutor(8) as pool:
        at = [visitor.at(web) for web in webs * 4]
        runs = set(pool.map(lambda each: each.send(press="the-same-press-through-both"), at))
    assert len(runs) == 1
    (run,) = runs
    with watched(webs[1], run) as socket:
        next_frame(socket, ended)
    archived = partial(_archived, visitor, webs)
    until(archived, "the run is archived")
    assert archived() == 1


def _archived(visitor: Visitor, webs: tuple[str, str]) -> int:
    """The runs in the archives of both: each has a database of its own here."""
    return sum(visitor.at(web).page("/runs/").count('class="line-totals"') for web in webs)


def test_measuring_through_both_at_once_is_one_measurement(webs: tuple[str, str]) -> None:
    visitor = Visitor(webs[0])
    page = f"{LESSON}performance/"
    visitor.page(page)
    with ThreadPoolExecutor(4) as pool:
        at = [visitor.at(web) for web in webs * 2]
        answers = list(pool.map(lambda each: each.post(f"{page}measurements/", {}, page), at))
    measurements = {re.search(r"measurement=([\w-]+)", answer.headers["Location"]) for answer in answers}
    names = {found[1] for found in measurements if found}
    assert len(names) == 1
    (name,) = names
    assert visitor.post(f"{page}measurements/{name}/cancel/", {}, page).status == 302
