"""A process that owns a lab, for the tests that kill it: prints a line when the requests are in the views."""

import asyncio
import sys
from collections.abc import Sequence

from lessons.lab.events import Event
from lessons.lab.supervisor import Lab
from tests.lab.watching import SAMPLES, a_spec


async def main(moment: str) -> None:
    async def emit(events: Sequence[Event]) -> None:
        if any(event.kind == moment for event in events):
            print(moment, flush=True)

    lab = Lab(spares=True)
    lab.prepare()
    await lab.submit("a-run", a_spec("sync@waitress", "async@daphne", requests=2, wait=3.0), SAMPLES, emit)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
