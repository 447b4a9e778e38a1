"""The slow call of the sync samples: the thread waits in a socket read."""

import socket

from lessons.lab import service


def fetch_data(times: float = 1.0, at_once: int | None = None) -> str:
    """Ask the upstream service and wait for its answer, which takes so many times the usual wait.

    With `at_once`, the service works on so many at a time, and the others wait there.
    """
    with socket.create_connection(service.address) as connection:
        connection.sendall(service.question(times, at_once))
        with connection.makefile(encoding="utf-8") as answer:
            return answer.readline().rstrip("\n")
