"""What the modes of items share, of tasks, problems and steps: one is answered, and a run shows what comes of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from lessons.htmx import HtmxHttpRequest
from lessons.lab.events import PredictionMade
from lessons.lab.spec import RunSpec
from lessons.learning import item_runs
from lessons.learning.item_runs import ItemOrder
from lessons.views.explanations import Explanation, catch_trouble, say_when
from lessons.views.mode_request import ModeRequest
from lessons.views.presses import find_press


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What a page is to show: which item, and what has come of an answer to it."""

    item: str = ""  # id
    run: str = ""  # name of the run that shows it; "" for the latest one that is known
    trouble: Explanation | None = None  # why the answer was not taken, or not run
    answered: bool = False  # was an answer taken, whatever came of its run?
    typed: Mapping[str, str] = field(default_factory=dict)  # the fields of a form that was sent and not taken

    @property
    def message(self) -> str:
        """To be said at the item."""
        if self.trouble is None:
            return ""
        return f"Your answer is kept. {self.trouble.sentence}" if self.answered else self.trouble.sentence

    @property
    def status(self) -> HTTPStatus:
        """Of the reply: an answer that was taken is one, with or without a run."""
        return self.trouble.status if self.trouble and not self.answered else HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class ItemMode:
    """A mode of items."""

    mode: str  # id
    item: str  # what one of them is called in addresses and tables: "task"
    anchor: str  # id of its element, with its own id for `{}`
    template: str  # of one of them and of what changes with it
    context: Callable[[ModeRequest, ItemOutcome], Awaitable[dict[str, Any]]]  # of the page and of the template

    async def show_page(self, request: HtmxHttpRequest, slug: str) -> HttpResponse:
        """The page; the item and the run that its address asks for."""
        asked = ModeRequest.read(request, slug, self.mode)
        outcome = ItemOutcome(request.GET.get(self.item, ""), request.GET.get("run", ""))
        context = await self.context(asked, outcome)
        return await asked.page({**context, "again": asked.look_again(self.anchor.format(outcome.item))})

    async def run_answer(
        self, asked: ModeRequest, item: str, spec: RunSpec, *, answered: bool, predicted: PredictionMade | None = None
    ) -> ItemOutcome:
        """Have a run show what comes of an item."""
        order = ItemOrder(spec, find_press(asked.request), predicted)
        started = item_runs.run_for_item(asked.learner, asked.lesson, self.item, item, order)
        run, trouble = await catch_trouble(started)
        return ItemOutcome(item, run or "", trouble, answered)

    async def show_outcome(self, asked: ModeRequest, outcome: ItemOutcome) -> HttpResponseBase:
        """What came of a post: the item for htmx, else its page, by a redirect if there is nothing to say."""
        query = {self.item: outcome.item, "run": outcome.run}
        if not asked.request.htmx and not outcome.trouble:
            return asked.redirect(self.anchor.format(outcome.item), **query)
        context = await self.context(asked, outcome)
        if not asked.request.htmx:
            return say_when(await asked.page(context, outcome.status), outcome.trouble)
        response = asked.piece(self.template, {**context, "oob": True}, outcome.status)
        response["HX-Replace-Url"] = asked.address(**query)
        return say_when(response, outcome.trouble)
