"""Where `fetch_data()` asks, and how long the answer is to take. Set once by a lane, before it serves."""

import os

address = ("127.0.0.1", 0)  # of the upstream service
usual_wait = 1.0  # seconds it is asked to take


def set_upstream(port: int, wait: float) -> None:
    """From now on ask the upstream at `port` to take `wait` seconds."""
    global address, usual_wait
    address = ("127.0.0.1", port)
    usual_wait = wait


def question(times: float = 1.0, at_once: int | None = None) -> bytes:
    """What the upstream is asked: so many times the usual wait, and to work on so many of this lane's at once."""
    limit = f" {at_once} at once for {os.getpid()}" if at_once else ""
    return f"wait {usual_wait * times:.9g}{limit}\n".encode()
