"""Addresses of an ordinary project: an answer at once, and two kinds of waiting."""

import asyncio
import time

from django.http import HttpRequest, HttpResponse
from django.urls import path

WAIT = 4  # seconds


async def at_once(request: HttpRequest) -> HttpResponse:
    """No wait at all."""
    return HttpResponse("ok")


async def waits(request: HttpRequest) -> HttpResponse:
    """A wait that gives the loop back."""
    await asyncio.sleep(WAIT)
    return HttpResponse("ok")


def plain(request: HttpRequest) -> HttpResponse:
    """A wait that keeps its thread."""
    time.sleep(WAIT)
    return HttpResponse("ok")


urlpatterns = [path("at-once/", at_once), path("waits/", waits), path("plain/", plain)]
