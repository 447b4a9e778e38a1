"""`manage.py lab`: a lab process, which carries out the runs that web processes with LAB_APART=1 hand over."""

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from lessons.lab.confinement import hide_memory
from lessons.log.open import open_log, open_orders
from lessons.management import readiness
from lessons.management.descriptors import allow_descriptors
from lessons.management.lab_start import boot_fork_server
from lessons.runs.service import open_archiver, open_lab
from lessons.runs.worker import LabWorker


class Command(BaseCommand):
    help = "Carry out the runs that web processes hand over (LAB_APART=1), until SIGTERM or Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REDIS_URL:
            raise CommandError("A lab process needs REDIS_URL, over which it is given its runs.")
        try:
            readiness.make_ready(pages=False)
        except readiness.NotReady as error:
            raise CommandError(str(error)) from None
        allow_descriptors()
        hide_memory()  # the lanes' code has this user's rights, and here are the site's secrets
        boot_fork_server()
        asyncio.run(self.work())

    async def work(self) -> None:
        """Take orders until a signal comes. At the first SIGTERM, runs that go on get DRAIN_SECONDS to end."""
        stopping, hurrying = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, hurrying.set)
        loop.add_signal_handler(signal.SIGTERM, lambda: (hurrying if stopping.is_set() else stopping).set())
        log = open_log(settings.REDIS_URL, settings.RUN_TTL)
        alive = settings.DATA_DIR / "lab.alive"  # for whoever looks after us from outside, as docker-compose.yml does
        worker = LabWorker(log, open_orders(settings.REDIS_URL), open_lab(), open_archiver(), alive.touch)
        worker.start()
        self.stdout.write(f"The lab {worker.name} takes runs.  (Ctrl-C ends)")
        self.stdout.flush()
        hurry = asyncio.create_task(hurrying.wait())
        try:
            await _first(asyncio.create_task(stopping.wait()), hurry)
            if not hurry.done():
                await _first(asyncio.create_task(worker.drain(settings.DRAIN_SECONDS)), hurry)
        finally:
            hurry.cancel()
            await worker.close()


async def _first(deed: "asyncio.Task[Any]", hurry: "asyncio.Task[Any]") -> None:
    """The deed, unless there is a hurry."""
    await asyncio.wait([deed, hurry], return_when=asyncio.FIRST_COMPLETED)
    deed.cancel()
