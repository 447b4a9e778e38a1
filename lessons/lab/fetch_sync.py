"""The slow call of the sync samples: the thread waits in a socket read."""

import socket

from lessons.lab import service


def fetch_data() -> str:
    """Ask the upstream service and wait for its answer."""
    with socket.create_connection(service.address) as connection:
        connection.sendall(service.question)
        with connection.makefile(encoding="utf-8") as answer:
            return answer.readline().rstrip("\n")
