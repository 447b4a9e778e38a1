"""A new version comes in while people read: one web process after the other starts anew, and no page fails."""

import signal
import threading
from pathlib import Path

from tests.deploy import parts
from tests.processes import Site, free_port
from tests.visiting import LESSON, Visitor

PATHS = ("/", LESSON, f"{LESSON}learn/")


def test_no_page_fails_while_one_after_the_other_starts_anew(tmp_path: Path, prepared: Path) -> None:
    ports = [free_port(), free_port()]

    def started(number: int) -> Site:
        secret = "shared-by-both-" * 4
        return Site(tmp_path / f"web{number}", prepared, PORT=str(ports[number]), SECRET_KEY=secret)

    sites = [started(0), started(1)]
    seen: list[int] = []
    over = threading.Event()

    def read(front: str) -> None:
        while not over.is_set():
            seen.extend(Visitor(front).get(path).status for path in PATHS)

    try:
        for site in sites:
            site.ready()
        with parts.nginx(tmp_path, [f"127.0.0.1:{port}" for port in ports]) as front:
            reader = threading.Thread(target=read, args=[front])
            reader.start()
            try:
                for number in (0, 1):
                    sites[number].send(signal.SIGTERM)
                    assert sites[number].wait() == 0
                    before = len(seen)
                    while len(seen) < before + 2 * len(PATHS):  # what is read meanwhile
                        over.wait(0.05)
                    sites[number] = started(number).ready()
            finally:
                over.set()
                reader.join()
    finally:
        for site in sites:
            site.stop()
    assert set(seen) == {200}
    assert len(seen) > 8 * len(PATHS)
