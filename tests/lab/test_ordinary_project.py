"""What the texts say of an ordinary project is so: one is made by `startproject`, served by Daphne, and counted."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.part import free_port
from lessons import catalogue
from lessons.lab import ordinary
from lessons.lab.events import RequestHandled, ResponseSent
from lessons.lab.supervisor import Lab
from tests.lab.watching import Watch, a_spec, submit
from tests.processes import Process, clean_environ, get, listens
from tests.waiting import until

ORDINARY = Path(__file__).parent / "ordinary"
TEACHING = catalogue.find_lesson("why-async-matters").teaching
MANY = 50


class Shop:
    """An ordinary project that is served."""

    def __init__(self, url: str) -> None:
        self._url = url

    def get(self, path: str) -> bytes:
        """The answer's body."""
        with get(f"{self._url}{path}") as answer:
            assert answer.status == 200
            return answer.read()

    def count(self, what: str) -> int:
        """Hops since it was started, or threads just now."""
        return int(json.loads(self.get("/counts"))[what])

    def hops(self) -> int:
        """Of one request, once all that is made at the first is there."""
        self.get("/at-once/")
        before = self.count("hops")
        self.get("/at-once/")
        return self.count("hops") - before


@contextmanager
def shop(folder: Path, settings: str = "") -> Iterator[Shop]:
    """A new project with a line more in its settings."""
    subprocess.run([sys.executable, "-m", "django", "startproject", "shop", folder], check=True)
    for name in ("urls.py", "counted.py", "sync_only.py"):
        shutil.copy(ORDINARY / name, folder / "shop")
    with (folder / "shop" / "settings.py").open("a") as file:
        file.write(f"\n{settings}\n")
    port = free_port()
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "shop.counted:application"]
    server = Process(command, folder / "output.txt", clean_environ(PYTHONPATH=str(folder)), folder)
    try:
        until(lambda: listens(port), server.text)
        yield Shop(f"http://127.0.0.1:{port}")
    finally:
        server.kill()


def told(pattern: str, *texts: str) -> list[tuple[int, ...]]:
    """The numbers that the texts say, of each that says any."""
    found = (re.search(pattern, " ".join(text.split())) for text in texts)
    return [tuple(map(int, match.groups())) for match in found if match]


def test_fifty_waiting_requests_have_a_thread_each_async_or_plain(tmp_path: Path) -> None:
    card = (
        next(each for each in TEACHING.review.cards if each.id == "threads-of-async-requests")
        if TEACHING.review
        else None
    )
    assert card
    ((said,),) = told(r"(\d+), not one", card.back)
    with shop(tmp_path) as served, ThreadPoolExecutor(MANY) as visitors:
        for path in ("/waits/", "/plain/"):
            answers = [visitors.submit(served.get, path) for _ in range(MANY)]
            until(lambda: served.count("threads") == said, lambda: f"{served.count('threads')} threads", 4)
            assert [each.result() for each in answers] == [b"ok"] * MANY


@pytest.mark.parametrize(
    ("settings", "which"),
    [
        ("", 0),
        ("MIDDLEWARE.insert(0, 'shop.sync_only.SyncOnly')", 1),
        ("MIDDLEWARE.append('shop.sync_only.SyncOnly')", 2),
    ],
    ids=["as it was made", "one that knows no async first", "the same last"],
)
def test_the_hops_of_an_async_request_are_as_many_as_is_said(tmp_path: Path, settings: str, which: int) -> None:
    deep = told(
        r"an async request makes (\d+); with one sync-only middleware first, (\d+); with it last, (\d+)", TEACHING.deep
    )
    assert TEACHING.performance
    tips = told(
        r"(\d+) in an async request of a new project, (\d+) with one .* first, (\d+)", *TEACHING.performance.tips
    )
    with shop(tmp_path, settings) as served:
        hops = served.hops()
    assert [said[which] for said in (*deep, *tips)] == [hops] * 2


async def test_a_lane_of_an_ordinary_project_is_one(lab: Lab, tmp_path: Path) -> None:
    """As many hops as in the real one, and a thread per waiting request, whatever the view is."""
    with shop(tmp_path) as served:
        real = served.hops()
    project, bare, plain = "async@daphne-ordinary", "async@daphne", "sync@daphne-ordinary"
    watch = submit(lab, a_spec(project, bare, plain, requests=10, wait=1.0))
    await watch.end()
    counted = {lane: _counted(watch, lane) for lane in (project, bare, plain)}
    # The bare one has its response closed in a thread; beside that it has the main one and two that observe.
    assert counted == {project: ({real}, 13), bare: ({1}, 3), plain: ({real + 1}, 13)}


def _counted(watch: Watch, lane: str) -> tuple[set[int | None], int | None]:
    """Hops of its requests, and its threads at the first answer."""
    handled = [each.body for each in watch.of("request.handled", lane)]
    sent = [each.body for each in watch.of("response.sent", lane)]
    assert isinstance(sent[0], ResponseSent)
    return {each.hops for each in handled if isinstance(each, RequestHandled)}, sent[0].threads


def test_its_middleware_is_that_of_a_new_project(tmp_path: Path) -> None:
    with shop(tmp_path):
        made = (tmp_path / "shop" / "settings.py").read_text()
    (written,) = re.findall(r"^MIDDLEWARE = (\[.*?^\])", made, re.DOTALL | re.MULTILINE)
    assert ast.literal_eval(written) == [*ordinary.MIDDLEWARE]
    (apps,) = re.findall(r"^INSTALLED_APPS = (\[.*?^\])", made, re.DOTALL | re.MULTILINE)
    assert {*ordinary.APPS} < {*ast.literal_eval(apps)}
