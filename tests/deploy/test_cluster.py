"""`make cluster`: all parts of docker-compose.yml on this machine, by one command, until Ctrl-C."""

import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from tests.frames import ended, next_frame, watched
from tests.processes import Process, clean_environ, free_port
from tests.visiting import LESSON, Visitor
from tests.waiting import until

NAMES = ("redis-server", "postgres", "manage.py lab", "manage.py serve", "nginx: master")


class RunningCluster(Process):
    """Two web processes and two labs, in a folder that PostgreSQL's user may enter."""

    def __init__(self, output: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lessons-cluster-"))
        self.folder.chmod(0o711)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environ = clean_environ(
            PORT=str(self.port), WEBS="2", LABS="2", CLUSTER_DIR=str(self.folder), PYTHONUNBUFFERED="1"
        )
        super().__init__([sys.executable, "-m", "deploy.cluster"], output, environ)

    def ready(self) -> "RunningCluster":
        self.until_prints(rf"(?m)^The lessons are open at {self.url}/", 60)
        return self

    def children(self) -> dict[int, str]:
        """The programs that it runs: their ids and command lines."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # ended while we looked
            if parent == self.pid:
                found[int(entry.name)] = command
        return found

    def child(self, words: str) -> int:
        """One of them."""
        return next(pid for pid, command in self.children().items() if words in command)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    cluster = RunningCluster(tmp_path_factory.mktemp("cluster") / "output.txt")
    try:
        yield cluster.ready()
    finally:
        cluster.stop()
        shutil.rmtree(cluster.folder)


def test_a_run_goes_through_all_of_it(cluster: RunningCluster) -> None:
    assert "lab: ok, 2 labs" in Visitor(cluster.url).get("/readyz").text
    visitor = Visitor(cluster.url)
    run = visitor.send()
    with watched(cluster.url, run) as socket:
        assert "Done." in next_frame(socket, ended)["content"]
    until(lambda: run in visitor.page("/runs/"), "the run is archived")


def test_redis_wants_its_password(cluster: RunningCluster) -> None:
    command = cluster.children()[cluster.child("redis-server")]
    port = int(re.findall(r":(\d+)", command)[0])
    with Redis(port=port) as redis, pytest.raises(AuthenticationError):
        redis.ping()


def test_secrets_are_for_their_owner_alone(cluster: RunningCluster) -> None:
    for path in [*(cluster.folder / "secrets").iterdir(), cluster.folder / "redis" / "redis.conf"]:
        assert path.stat().st_mode & 0o077 == 0


def test_every_process_is_replaced_without_a_failed_page_or_a_cancelled_run(cluster: RunningCluster) -> None:
    before = {pid for pid, command in cluster.children().items() if "manage.py" in command}
    seen: list[int] = []
    told: list[str] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            seen.extend(Visitor(cluster.url).get(path).status for path in ("/", LESSON))

    def run() -> None:
        while not over.is_set():
            told.append(result_of_run(cluster.url))

    threads = [threading.Thread(target=each) for each in (read, run)]
    for thread in threads:
        thread.start()
    try:
        cluster.send(signal.SIGHUP)
        cluster.until_prints("Every web and lab process is new", 120)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    after = {pid for pid, command in cluster.children().items() if "manage.py" in command}
    assert len(after) == 4
    assert not before & after
    assert set(seen) == {200}
    assert set(told) == {"done"}


def result_of_run(url: str) -> str:
    """How a run ended, as its events tell it."""
    visitor = Visitor(url)
    events = f"{LESSON}runs/{visitor.send(wait=1)}/export/events.jsonl"
    last = until(lambda: re.search(r'"run.ended".*"outcome": ?"(\w+)"', visitor.page(events)), "the run has ended")
    assert last
    return last[1]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_killed_is_started_anew(cluster: RunningCluster, name: str) -> None:
    pid = cluster.child(name)
    os.kill(pid, signal.SIGKILL)
    until(lambda: any(name in each for each in cluster.children().values() if each), f"{name} is back")
    until(lambda: Visitor(cluster.url).get("/readyz").status == 200, "all is well")
    visitor = Visitor(cluster.url)
    run = visitor.send()
    with watched(cluster.url, run) as socket:
        assert "Done." in next_frame(socket, ended)["content"]


@pytest.mark.parametrize("how", ["ctrl-c", "term", "kill"])
def test_nothing_is_left_behind(tmp_path: Path, how: str) -> None:
    cluster = RunningCluster(tmp_path / "output.txt")
    try:
        cluster.ready()
        children = cluster.children()
        assert len(children) == 7
        cluster.send({"ctrl-c": signal.SIGINT, "term": signal.SIGTERM, "kill": signal.SIGKILL}[how])
        assert cluster.wait(30) == (-9 if how == "kill" else 0)
        until(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()], "every process is gone")
    finally:
        cluster.stop()
        shutil.rmtree(cluster.folder)


@pytest.mark.parametrize(
    ("variables", "words"),
    [({"WEBS": "0"}, "WEBS has the value '0'"), ({"PORT": "http"}, "PORT has the value 'http'")],
)
def test_a_bad_number_is_told_in_a_line(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    environ = clean_environ(CLUSTER_DIR=str(tmp_path), **variables)
    cluster = Process([sys.executable, "-m", "deploy.cluster"], tmp_path / "output.txt", environ)
    assert cluster.wait() == 1
    assert words in cluster.text()
    assert "Traceback" not in cluster.text()


def test_a_taken_port_is_told(tmp_path: Path, cluster: RunningCluster) -> None:
    environ = clean_environ(CLUSTER_DIR=str(tmp_path), PORT=str(cluster.port))
    second = Process([sys.executable, "-m", "deploy.cluster"], tmp_path / "output.txt", environ)
    assert second.wait() == 1
    assert f"Port {cluster.port} is taken" in second.text()
