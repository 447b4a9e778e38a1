"""Looking changes nothing: no GET and no HEAD writes to the database, whoever asks and whatever they did before."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from django.db.models import Model
from django.urls import URLPattern, reverse

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.learning.records import record_models
from lessons.models import ArchivedRun, Badge, ItemRun, LatestMeasurement, Share
from lessons.urls import urlpatterns
from tests.processes import Site
from tests.visiting import LESSON, Visitor
from tests.waiting import until

ROUTES = [each for each in urlpatterns if isinstance(each, URLPattern)]
LANE = "async@daphne"
SEEN = {200, 302, 405}  # 405: it is for posts alone


class Learner:
    """Somebody who leaves every kind of row on a site, and what those are called."""

    def __init__(self, visitor: Visitor, lesson: Lesson) -> None:
        self.visitor = visitor
        self._lesson = lesson
        teaching = lesson.teaching
        assert teaching.project
        assert teaching.review
        self._problem = next(each for each in teaching.problems if each.options)
        self._step = teaching.project.steps[0]
        assert teaching.path
        tried = teaching.path.steps[0].example
        turned, self._card = [each.id for each in teaching.review.cards if tried in each.after][:2]
        self.names = {
            "slug": lesson.slug,
            "mode": "learn",
            "question": teaching.quiz[0].id,
            "task": teaching.tasks[0].id,
            "problem": self._problem.id,
            "step": self._step.id,
            "example": tried,
            "analogy": teaching.analogies[0].id,
            "card": turned,  # not graded, so it can be turned
            "prompt": teaching.review.explain[0].id,
            "other": f"recorded-{lesson.slug}",
            "name": "stage.svg",
        }

    def leave_rows(self) -> None:
        names, choice = self.names, {"attempt": 1, "option": 0}
        self.visitor.get(LESSON)
        self._post("visits/try/")
        self._post(f"quiz/{names['question']}/", **choice)
        self._post(f"try/{names['task']}/", **choice)
        wrong = [index for index, option in enumerate(self._problem.options) if not option.right]
        for attempt, option in enumerate(wrong[:2], 1):
            self._post(f"challenge/{names['problem']}/", attempt=attempt, option=option)
        test = {f"answer-{number}": "0" for number in range(1, 11)}
        assert self.visitor.post(f"{LESSON}test/grade/", {"seed": 7, **test}, LESSON).status == 302
        self._post(f"project/{names['step']}/", code=self._lesson.sample(self._step.solution).source)
        self._post(f"project/{names['step']}/run/")
        self._post(f"examples/{names['example']}/answer/")  # the cards come up after it
        self._post(f"review/cards/{self._card}/grade/", rating="good", reviews=0)
        self._post(f"review/explain/{names['prompt']}/", text="in my own words")
        sent = self._post("runs/", requests=1, wait=0.1, workers=1, lanes=LANE)
        names["run"] = self._found(r"/runs/([\w-]+)/", sent)
        shared = self._post(f"runs/{names['run']}/share/", cursor=1, lane=LANE, request=1)
        names["key"] = self._found(r"/s/([\w-]{11})/", shared)
        measured = self._post("performance/measurements/")
        names["measurement"] = self._found(r"measurement=([\w-]+)", measured)
        self._post(f"performance/measurements/{names['measurement']}/cancel/")

    def _post(self, path: str, **form: object) -> str:
        answer = self.visitor.post(f"{LESSON}{path}", form, LESSON, **{"HX-Request": "true"})
        assert answer.status < 400, (path, answer.status)
        return f"{dict(answer.headers)} {answer.text}"

    @staticmethod
    def _found(pattern: str, text: str) -> str:
        match = re.search(pattern, text)
        assert match, (pattern, text)
        return match[1]


class Database:
    """The site's own, looked at from the outside."""

    def __init__(self, file: Path) -> None:
        self._rows = sqlite3.connect(file)

    def close(self) -> None:
        self._rows.close()

    def version(self) -> int:
        """Another number as soon as somebody else has changed anything."""
        version: int = self._rows.execute("pragma data_version").fetchone()[0]
        return version

    def column(self, table: str, column: str) -> list[str]:
        return [each for (each,) in self._rows.execute(f"select {column} from {table}")]

    def at_rest(self) -> bool:
        """Has everything ended that was begun, and is it archived?"""
        archived = {*self.column(ArchivedRun._meta.db_table, "run")}
        (history,) = self.column(LatestMeasurement._meta.db_table, "history")
        measured = {each["lane"] for each in json.loads(history or "[]") if each["kind"] == "request.sent"}
        shown = {*self.column(ItemRun._meta.db_table, "run")}
        return bool(history) and (measured | shown) - {""} <= archived


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[tuple[Learner, Database]]:
    """Somebody who has left every kind of row but a badge, on a site that is at rest again."""
    folder = tmp_path_factory.mktemp("safe")
    site = Site(folder, prepared)
    try:
        learner = Learner(Visitor(site.ready().url), catalogue.find_lesson("why-async-matters"))
        learner.leave_rows()
        with closing(Database(folder / "data" / "db.sqlite3")) as database:
            until(database.at_rest, "every run is archived")
            until(lambda: learner.names["run"] in database.column(ArchivedRun._meta.db_table, "run"), "the run, too")
            yield learner, database
    finally:
        site.stop()


def address(route: URLPattern, names: Mapping[str, str]) -> str:
    return reverse(f"lessons:{route.name}", kwargs={name: names[name] for name in route.pattern.converters})


def test_somebody_has_left_every_kind_of_row(left: tuple[Learner, Database]) -> None:
    _, database = left
    models: list[type[Model]] = [*record_models(), ArchivedRun, Share]
    assert [model for model in models if not database.column(model._meta.db_table, "1")] == [Badge]


def test_a_change_would_be_noticed(left: tuple[Learner, Database]) -> None:
    learner, database = left
    before = database.version()
    learner.visitor.post(f"{LESSON}visits/challenge/", {}, LESSON)
    assert database.version() != before


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_looking_changes_nothing(left: tuple[Learner, Database], route: URLPattern) -> None:
    learner, database = left
    where, stranger, before = address(route, learner.names), Visitor(learner.visitor.site), database.version()
    for visitor, method in ((learner.visitor, "GET"), (learner.visitor, "HEAD"), (stranger, "GET"), (stranger, "GET")):
        status = visitor.get(where, method).status
        assert status in SEEN or (visitor is stranger and route.name == "review-card")  # to a stranger no card is due
    assert database.version() == before
