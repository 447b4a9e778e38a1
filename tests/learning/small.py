"""A lesson that is just large enough to be learnt: made of the model's own dataclasses, not of files."""

from pathlib import Path

from lessons.content.model import Lesson, Sample
from lessons.content.teaching import (
    Card,
    Check,
    Explain,
    Option,
    Problem,
    Project,
    ProjectStep,
    Question,
    Review,
    Task,
    Teaching,
)

LEARNER = "an-only_test-learner-1"
OTHER = "an-only_test-learner-2"
OPTIONS = (Option("one", "one is wrong"), Option("two", "two is right", right=True), Option("three", "three is wrong"))


def question(id: str, options: tuple[Option, ...] = OPTIONS) -> Question:
    return Question(id, f"What is {id}?", options, "think")


def task(id: str) -> Task:
    options = (*OPTIONS, Option("four", "four is wrong"), Option("five", "five is wrong"))
    return Task(id, id, "easy", "Fill it.", "def view(): ____", "daphne", "think", "a mistake", options)


def problem(id: str, seconds: float = 0.0) -> Problem:
    options = () if seconds else OPTIONS
    return Problem(
        id, "concept", f"What of {id}?", "think", f"because of {id}", "run", options=options, seconds=seconds
    )


def step(id: str, *checks: Check, starter: str = "") -> ProjectStep:
    return ProjectStep(id, id, "Write.", "think", checks, "async", starter=starter)


STEPS = (
    step("view", Check("function", "view", "Write a function `view`."), starter="# begin here\n"),
    step("wait", Check("constant", "WAIT_TIME", "Set WAIT_TIME to 3.", "3")),
    step(
        "async",
        Check("async-function", "view", "Make it async."),
        Check("awaits", "asyncio.sleep", "Await asyncio.sleep."),
    ),
    step("answer", Check("returns", "HttpResponse", "Return an HttpResponse.", "'Done waiting!'")),
)
BARE = Teaching()
TEACHING = Teaching(
    quiz=(question("first"), question("second")),
    learn="Text.",
    tasks=(task("blank"), task("gap")),
    problems=(problem("choice"), problem("number", seconds=2.0)),
    project=Project("A site.", "A view.", (), STEPS, "Work."),
    review=Review(
        (Card("front", "easy", "?", "!"), Card("back", "hard", "?", "!"), Card("side", "hard", "?", "!")),
        (question("asked"),),
        (Explain("why", "Why?", "So."),),
    ),
)


def lesson(slug: str = "small", teaching: Teaching = TEACHING) -> Lesson:
    """What a mode needs is there; the stage is as good as empty."""
    sample = Sample("async", "Async view", "Waits.", Path("async.py"), "", ("daphne",))
    return Lesson(
        slug=slug,
        title=slug.title(),
        summary="A lesson.",
        category="Django",
        kind="framework",
        focus="async@daphne",
        samples=(sample,),
        lanes=(),
        nodes=(),
        steps=(),
        moments=(),
        variables=(),
        presets=(),
        recorded=Path("none.jsonl"),
        teaching=teaching,
    )
