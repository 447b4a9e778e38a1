"""Looking changes nothing: no GET and no HEAD writes to the database, whoever asks and whatever they did before."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from django.db.models import Model
from django.urls import URLPattern, reverse

from lessons import catalogue
from lessons.learning.records import record_models
from lessons.models import ArchivedRun, Badge, ItemRun, LatestMeasurement, Share
from lessons.urls import urlpatterns
from tests.learner import Learner
from tests.processes import Site
from tests.visiting import LESSON, Visitor
from tests.waiting import until

ROUTES = [each for each in urlpatterns if isinstance(each, URLPattern)]
SEEN = {200, 302, 405}  # 405: it is for posts alone


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
