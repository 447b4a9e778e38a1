"""The upstream process as its lab sees it: started when first needed, and again when it has died."""

import asyncio

from lessons.lab.child import Child, StartError
from lessons.lab.testimony import port_of


class UpstreamOwner:
    """Keeps one upstream process for all runs of a lab."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._port = 0
        self._died: asyncio.Future[int] | None = None
        self._starting = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None

    async def port(self) -> int:
        """Where it listens on 127.0.0.1. Starts it if it does not run. Raises `StartError`."""
        async with self._starting:
            if self._died is None or self._died.done():
                await self._start()
            return self._port

    async def death(self) -> int:
        """Wait until the process that `port` told of dies; its exit code."""
        assert self._died is not None
        return await asyncio.shield(self._died)

    @property
    def pid(self) -> int:
        """0 while it does not run."""
        return self._child.pid if self._child else 0

    async def close(self) -> None:
        """Kill it and wait until it is gone."""
        if self._watch is not None:
            self._watch.cancel()
        if self._child is not None:
            await self._child.end()
            self._child = None

    async def _start(self) -> None:
        await self.close()
        self._child = child = Child("upstream")
        await child.start({})
        words = child.lines(most=1)
        try:
            self._port = port_of(dict(await anext(words)))
        except (StopAsyncIteration, ValueError):
            await child.end()
            raise StartError("the upstream process died at once") from None
        self._died = asyncio.get_running_loop().create_future()
        self._watch = asyncio.create_task(self._wait_for_death(child, self._died), name="lab-upstream")

    @staticmethod
    async def _wait_for_death(child: Child, died: "asyncio.Future[int]") -> None:
        code = await child.gone()
        if not died.done():
            died.set_result(code)
