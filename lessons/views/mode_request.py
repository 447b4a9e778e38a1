"""A request of one of the ways to learn: whose it is, and how it is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Concatenate, Final, Self

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from lessons import identity
from lessons.content.model import Lesson
from lessons.database import unless_away
from lessons.htmx import HtmxHttpRequest
from lessons.views.modes import lesson_or_404, mode_address, mode_context

SAFE: Final = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class ModeRequest:
    """Somebody asks for a mode of a lesson, or for something in it."""

    request: HtmxHttpRequest
    lesson: Lesson
    mode: str  # id
    learner: str  # who it is by the cookie; the browser of somebody new keeps this name from now on

    @classmethod
    def read(cls, request: HtmxHttpRequest, slug: str, mode: str) -> Self:
        """Raises `Http404` for a lesson that is none, or that has nothing for the mode."""
        return cls(request, lesson_or_404(slug, mode), mode, identity.learner_name(request) or identity.new_learner())

    async def ask[T, **P](self, work: Callable[Concatenate[str, Lesson, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` says, in a thread, of this learner in this lesson. Raises as it does.

        When the database is away, and nothing is to be kept, it is asked of an unknown learner, and the page says so.
        """
        if self.request.method not in SAFE:
            return await sync_to_async(work)(self.learner, self.lesson, *args, **kwargs)
        found, known = await sync_to_async(unless_away)(
            lambda: work(self.learner, self.lesson, *args, **kwargs), lambda: work("", self.lesson, *args, **kwargs)
        )
        self.request.unknown_progress = not known or getattr(self.request, "unknown_progress", False)
        return found

    def address(self, item: str = "", **query: str) -> str:
        """Of the mode's page, with its item in view."""
        return mode_address(self.lesson, self.mode, item, **query)

    async def page(
        self, context: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK, template: str = ""
    ) -> HttpResponse:
        """The whole page, by the mode's own template unless told."""
        around = await self.ask(mode_context, self.mode)
        name = template or f"lessons/modes/{self.mode}.html"
        return self.keep_name(render(self.request, name, {**around, **context}, status=status))

    def piece(self, template: str, context: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
        """A part of the page, for htmx."""
        return self.keep_name(render(self.request, template, {"lesson": self.lesson, **context}, status=status))

    def redirect(self, item: str = "", **query: str) -> HttpResponseBase:
        """To the page that shows what came of a plain post."""
        return self.keep_name(redirect(self.address(item, **query), permanent=False))

    def look_again(self, item: str) -> str:
        """Where a page without scripts looks again: a browser loads an address with a `#` anew only if it differs."""
        query = self.request.GET.copy()
        query["look"] = "2" if query.get("look") == "1" else "1"
        return f"?{query.urlencode()}#{item}"

    def keep_name[R: HttpResponse](self, response: R) -> R:
        """The response, with the learner's name kept in the browser for another year."""
        identity.remember_learner(response, self.learner, secure=self.request.is_secure())
        return response
