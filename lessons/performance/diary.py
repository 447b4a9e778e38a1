"""What a measurement lives through, written into its history."""

import asyncio
import time
from contextlib import suppress
from typing import Final

from lessons.lab.events import Body, ClockTicked, Event
from lessons.log.protocol import EventLog, LogUnavailable

BEAT: Final = 5.0  # seconds between two signs of life


class Diary:
    """Of the measurement `name`, which begins now."""

    def __init__(self, log: EventLog, name: str) -> None:
        self._log = log
        self._name = name
        self._zero = time.monotonic()

    async def write(self, body: Body, run: str = "", point: int = 0) -> None:
        """Something has happened just now, to a point if so told. Raises `RunUnknown`, `LogUnavailable`."""
        t = round(time.monotonic() - self._zero, 6)
        await self._log.append(self._name, [Event(t, body, run, point)])

    async def beat(self) -> None:
        """Show for ever that the measurement is not forgotten while its run waits its turn."""
        while True:
            await asyncio.sleep(BEAT)
            with suppress(LogUnavailable):
                await self.write(ClockTicked())
