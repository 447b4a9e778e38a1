"""Processes that are started before they are needed, so that a run does not wait for them."""

import asyncio
from typing import Final

from lessons.lab.child import Child
from lessons.lab.entry import Role

KEPT: Final[tuple[Role, ...]] = ("driver", "waitress", "daphne")  # what most runs are made of


class Spares:
    """One process of each kind that has not been told yet what it is for. Each serves one run, as any other does.

    They are started only when `fill` is called: where no run goes, since starting one takes the processor from it.
    """

    def __init__(self) -> None:
        self._ready: dict[Role, Child] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def take(self, role: Role) -> Child:
        """The spare one, if it lives; else one that starts now."""
        child = self._ready.pop(role, None)
        if child is not None and not child.alive:
            self._end(child)
            child = None
        return child or Child(role)

    def fill(self) -> None:
        """Start what is missing; returns at once."""
        for role in KEPT:
            if role not in self._ready:
                self._ready[role] = Child(role)

    async def close(self) -> None:
        """End those that are left, and wait until they are gone."""
        while self._ready:
            self._end(self._ready.popitem()[1])
        await asyncio.gather(*self._leaving)

    def _end(self, child: Child) -> None:
        task = asyncio.create_task(child.end())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
