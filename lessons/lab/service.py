"""Where `fetch_data()` asks, and how long the answer is to take. Set once by a lane, before it serves."""

address = ("127.0.0.1", 0)  # of the upstream service
question = b"wait 1.0\n"  # seconds it is asked to take


def set_upstream(port: int, wait: float) -> None:
    """From now on ask the upstream at `port` to take `wait` seconds."""
    global address, question
    address = ("127.0.0.1", port)
    question = f"wait {wait}\n".encode()
