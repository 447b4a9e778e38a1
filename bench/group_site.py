"""`python -m bench.group_site FILE VIEWERS`: the facts of a run sent by Channels' `group_send`, as its manual has it.

Each event of the file becomes one message to the group, at its time, once so many viewers have come. It prints its
address.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

GROUP = "run"
# With the layer's usual hundred messages it would lose what it does not send in time.
LAYER = {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1_000_000}}


def serve(file: Path, viewers: int) -> None:
    """Until it is killed."""
    settings.configure(CHANNEL_LAYERS={"default": LAYER})
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import get_channel_layer
    from daphne.server import Server

    messages = json.loads(file.read_text())
    tasks = []

    async def replay() -> None:
        layer: Any = get_channel_layer()
        clock = asyncio.get_running_loop().time
        began = clock()
        for at, text in messages:
            await asyncio.sleep(max(0.0, began + at - clock()))
            await layer.group_send(GROUP, {"type": "fact", "text": text})

    class Consumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
        came = 0

        async def connect(self) -> None:
            await self.channel_layer.group_add(GROUP, self.channel_name)
            await self.accept()
            Consumer.came += 1
            if Consumer.came == viewers:
                tasks.append(asyncio.create_task(replay()))

        async def fact(self, message: dict[str, str]) -> None:
            await self.send(text_data=message["text"])

    server: Any = Server(
        Consumer.as_asgi(),
        endpoints=["tcp:port=0:interface=127.0.0.1:backlog=1024"],
        signal_handlers=False,
        ready_callable=lambda: print(f"open at http://127.0.0.1:{server.listening_addresses[0][1]}/ ", flush=True),
    )
    server.run()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
