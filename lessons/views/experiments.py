"""Examples in their place: the question, a guess, the run, and the answer once it is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.forms import BoundField
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from lessons.content.model import Lesson, Sample
from lessons.content.sections import Mark
from lessons.content.teaching import Example
from lessons.htmx import HtmxHttpRequest
from lessons.lab.spec import RunSpec
from lessons.learning import experiments
from lessons.learning.challenges import example_spec
from lessons.learning.experiments import Tried
from lessons.learning.modes import lesson_modes, mode_of_mark
from lessons.rendering import markdown
from lessons.rendering.highlighting import highlight_source
from lessons.stage import wording
from lessons.stage.experiment import find_example
from lessons.views import run_access
from lessons.views.evidence import RunWish
from lessons.views.explanations import catch_trouble
from lessons.views.mode_request import ModeRequest
from lessons.views.modes import mode_address
from lessons.views.run_form import RunForm

NUMBERS: Final = ("requests", "wait", "workers", "every")


@dataclass(frozen=True, slots=True)
class ExampleCode:
    """A view that runs in an example."""

    name: str
    html: SafeString  # highlighted


@dataclass(frozen=True, slots=True)
class ExampleOffer:
    """An example that can be run in place."""

    id: str
    title: str
    question: SafeString
    asked: str  # name of the lane whose seconds are guessed
    lane_names: str  # "Sync view and Async view"
    arrivals: str  # how its requests come: "all at once"
    waits: bool  # does any of its views fetch data?
    pooled: bool  # has it a lane whose workers are counted?
    goal: float | None  # seconds in which the asked lane is to be done, by the number varied
    run: RunWish
    codes: tuple[ExampleCode, ...]  # of its lanes, each once
    fixed: tuple[tuple[str, float], ...]  # name and value of the numbers that stay as they are
    varied: BoundField | None  # the number that the learner may change


@dataclass(frozen=True, slots=True)
class ExamplePlace:
    """Where an example is asked: on the path, else in a text."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class ExampleCard:
    """An example as one learner sees it."""

    offer: ExampleOffer
    tried: Tried | None  # None: not yet, and its answer is covered
    answer: SafeString  # "" while it is covered


@require_http_methods(["GET", "HEAD", "POST"])
async def show_answer(request: HtmxHttpRequest, slug: str, example: str) -> HttpResponseBase:
    """The answer if it is due, else its cover; a POST uncovers it without a run.

    `back` in the form is the mode whose page is shown again, without scripts.
    """
    asked = ModeRequest.read(request, slug, "visualize")
    if example not in [each.id for each in asked.lesson.teaching.examples]:
        raise Http404("This lesson has no such example.")
    if request.method == "POST":
        await asked.ask(experiments.note_tried, example)
    if not request.htmx:
        return asked.keep_name(redirect(_back(asked, example), permanent=False))
    if request.method == "POST":
        card = build_card(asked.lesson, example, {example: Tried(asked=True)})
        return trigger_client_event(asked.piece("lessons/_answer.html", {"card": card, "wanted": True}), "lesson:shown")
    tried = await asked.ask(experiments.tried_examples)
    _, tried = await with_latest_run(asked, example, tried)
    return asked.piece("lessons/_cover.html", {"card": build_card(asked.lesson, example, tried)})


@require_POST
async def open_stage(request: HtmxHttpRequest, slug: str) -> HttpResponseBase:
    """Uncover what stands around the stage, without a run."""
    asked = ModeRequest.read(request, slug, "visualize")
    await asked.ask(experiments.note_opened)
    return asked.redirect("moments")


@require_POST
async def open_performance(request: HtmxHttpRequest, slug: str) -> HttpResponseBase:
    """Uncover what follows from a measurement, without one."""
    asked = ModeRequest.read(request, slug, "performance")
    await asked.ask(experiments.note_opened, experiments.PERFORMANCE)
    return asked.redirect("law")


async def with_latest_run(
    asked: ModeRequest, example: str, tried: Mapping[str, Tried]
) -> tuple[str, Mapping[str, Tried]]:
    """The learner's latest run of an example, if it is there, and what is tried with it: it may just have ended."""
    run = await asked.ask(experiments.latest_run, example)
    stage, _ = await catch_trouble(run_access.run_stage(asked.lesson, run)) if run else (None, None)
    if stage is None:
        return "", tried
    found = tried.get(example, Tried())
    if found.total is not None or not stage.ended or stage.outcome == "cancelled":
        return run, tried
    ran = asked.lesson.teaching.example(example)
    total = stage.lane(ran.ask).total
    return run, {**tried, example: experiments.result_of(ran, run, stage.prediction, total, asked=found.asked)}


def build_card(lesson: Lesson, example: str, tried: Mapping[str, Tried]) -> ExampleCard:
    """The card of an example, for whoever has tried these. Raises `KeyError`."""
    found = lesson.teaching.example(example)
    done = tried.get(example)
    answer = markdown.render_block(found.answer) if done and experiments.is_due(found, done) else SafeString()
    return ExampleCard(build_offer(lesson, found), done, answer)


def example_place(lesson: Lesson, spec: RunSpec) -> ExamplePlace | None:
    """Of the example that this run is; None where it is none, or stands in no text."""
    found = find_example(lesson, spec)
    steps = [each.example for each in lesson.teaching.path.steps] if lesson.teaching.path else []
    if found and found.id in steps:
        title = f"Experiment {steps.index(found.id) + 1} of {len(steps)}"
        return ExamplePlace(title, reverse("lessons:path-step", args=[lesson.slug, found.id]))
    mode = mode_of_mark(lesson, Mark("run", found.id)) if found else ""
    if not found or not mode:
        return None
    return ExamplePlace(found.title, mode_address(lesson, mode, f"example-{found.id}"))


@cache
def build_offer(lesson: Lesson, example: Example) -> ExampleOffer:
    """What is offered, whoever sees it."""
    lanes = [lesson.lane(each) for each in example.lanes]
    samples = [lesson.sample(each) for each in dict.fromkeys(lane.sample for lane in lanes)]
    numbers = {name: getattr(example, name) for name in NUMBERS}
    return ExampleOffer(
        id=example.id,
        title=example.title,
        question=markdown.render_inline(example.question),
        asked=lesson.lane(example.ask).name,
        lane_names=wording.join_words([each.name for each in lanes]),
        arrivals=wording.arrivals(example.every),
        waits=any("import fetch_data" in each.source for each in samples),
        pooled=any(each.server == "waitress" for each in lanes),
        goal=example.goal,
        run=RunWish.of(example_spec(lesson, example)),
        codes=tuple(_code(each) for each in samples),
        fixed=tuple((name, value) for name, value in numbers.items() if value and name != example.vary),
        varied=RunForm(lesson, initial=numbers, auto_id=f"{example.id}-%s")[example.vary] if example.vary else None,
    )


def _code(sample: Sample) -> ExampleCode:
    return ExampleCode(sample.name, highlight_source(sample.source))


def _back(asked: ModeRequest, example: str) -> str:
    mode = asked.request.POST.get("back", "")
    if mode not in [each.id for each in lesson_modes(asked.lesson)]:
        mode = "visualize"
    if mode == "path":
        return reverse("lessons:path-step", args=[asked.lesson.slug, example])
    return mode_address(asked.lesson, mode, f"example-{example}")
