"""What the pages are made of, read from the content, so that no test depends on a sentence of an author."""

from functools import cache
from pathlib import Path
from typing import Final

from lessons.catalogue import VOCABULARY
from lessons.content.loader import load_lessons
from lessons.content.model import Lesson
from lessons.content.teaching import Question
from lessons.learning.pattern_tests import has_test

FOLDER: Final = Path(__file__).resolve().parents[2] / "lessons" / "content"
MAIN: Final = "why-async-matters"
SECOND: Final = "await-together"
ADDRESSES: Final = {  # mode -> below the lesson, title of its tab
    "path": ("path/", "Start here"),
    "learn": ("learn/", "Learn"),
    "why": ("why/", "Why"),
    "deep": ("deep-dive/", "Deep dive"),
    "visualize": ("", "Visualize"),
    "try": ("try/", "Try"),
    "challenge": ("challenge/", "Challenge"),
    "project": ("project/", "Project"),
    "review": ("review/", "Review"),
    "test": ("test/", "Test"),
    "performance": ("performance/", "Performance"),
}
FIELDS: Final = {"try": "tasks", "challenge": "problems"}  # of the teaching, where they are not named after the mode


@cache
def content(slug: str) -> Lesson:
    """The lesson as its author wrote it."""
    return load_lessons(FOLDER, VOCABULARY)[slug]


def modes(slug: str) -> list[str]:
    """Modes that the lesson has content for, in the order of the tabs."""
    teaching = content(slug).teaching
    has = {"visualize": True, "test": has_test(content(slug))}
    return [mode for mode in ADDRESSES if has.get(mode) or getattr(teaching, FIELDS.get(mode, mode), None)]


def address(slug: str, mode: str) -> str:
    """Where the mode is."""
    return f"/lessons/{slug}/{ADDRESSES[mode][0]}"


def question(slug: str, number: int) -> Question:
    """A question of the quiz, from 1."""
    return content(slug).teaching.quiz[number - 1]


def right(question: Question) -> int:
    """Index of the right option."""
    return next(index for index, option in enumerate(question.options) if option.right)


def wrong(question: Question) -> int:
    """Index of a wrong option."""
    return next(index for index, option in enumerate(question.options) if not option.right)
