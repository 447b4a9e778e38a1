"""Where words go that are posted: to any web process, for the one that serves the viewer."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from functools import cache
from typing import Any, Final, Protocol

from django.conf import settings

from lessons.log.protocol import LogUnavailable
from lessons.log.streams import AWAY, connect_redis

MOST: Final = 256  # words that wait for one viewer, who may say 200 in ten seconds
PREFIX: Final = "words:"  # of a mailbox's channel in Redis


class Mailboxes(Protocol):
    """One for each viewer, by a name that only the viewer is told."""

    def open(self, name: str) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """The texts that are posted to `name` from now on, in order. Both may raise `LogUnavailable`."""
        ...

    async def post(self, name: str, text: str) -> bool:
        """Hand on a text; False when nobody has opened that mailbox. Raises `LogUnavailable`."""
        ...

    async def close(self) -> None:
        """Give back every connection."""
        ...


class MemoryMailboxes:
    """For one web process."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Queue[str]] = {}

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[AsyncIterator[str]]:
        """See `Mailboxes`."""
        queue = self._open[name] = asyncio.Queue[str](MOST)
        try:
            async with aclosing(_texts(queue)) as texts:
                yield texts
        finally:
            del self._open[name]

    async def post(self, name: str, text: str) -> bool:
        """See `Mailboxes`."""
        if name not in self._open:
            return False
        await self._open[name].put(text)
        return True

    async def close(self) -> None:
        """See `Mailboxes`."""
        return


class RedisMailboxes:
    """For several: a mailbox is a channel, which the process that serves its viewer has subscribed to."""

    def __init__(self, url: str) -> None:
        self._redis = connect_redis(url)

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[AsyncIterator[str]]:
        """See `Mailboxes`."""
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            try:
                await channel.subscribe(PREFIX + name)
            except AWAY as error:
                raise LogUnavailable(str(error)) from error
            async with aclosing(_messages(channel)) as texts:
                yield texts

    async def post(self, name: str, text: str) -> bool:
        """See `Mailboxes`."""
        try:
            return bool(await self._redis.publish(PREFIX + name, text))
        except AWAY as error:
            raise LogUnavailable(str(error)) from error

    async def close(self) -> None:
        """See `Mailboxes`."""
        await self._redis.aclose()


async def _texts(queue: asyncio.Queue[str]) -> AsyncGenerator[str]:
    while True:
        yield await queue.get()


async def _messages(channel: Any) -> AsyncGenerator[str]:
    try:
        while True:
            if (message := await channel.get_message(timeout=None)) is not None:
                yield message["data"]
    except AWAY as error:
        raise LogUnavailable(str(error)) from error


@cache
def site_mailboxes() -> Mailboxes:
    """This process's mailboxes, by the settings. They belong to the event loop that asks first."""
    return RedisMailboxes(settings.REDIS_URL) if settings.REDIS_URL else MemoryMailboxes()
