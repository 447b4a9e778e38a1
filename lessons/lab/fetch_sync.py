"""The slow call of the sync samples: the thread waits in a socket read."""

import socket

from lessons.lab import service


def fetch_data(times: float = 1.0) -> str:
    """Ask the upstream service and wait for its answer, which takes so many times the usual wait."""
    with socket.create_connection(service.address) as connection:
        connection.sendall(service.question(times))
        with connection.makefile(encoding="utf-8") as answer:
            return answer.readline().rstrip("\n")
