"""A database that is away takes the progress from the pages, and nothing else; one that is busy is waited for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lessons import catalogue
from lessons.learning.modes import text_examples
from tests.deploy.parts import PostgresServer
from tests.processes import Site
from tests.visiting import LESSON, RECORDED, Visitor
from tests.waiting import until

FEW = 8  # connections that the server takes
MANY = 3 * FEW  # learners
NOTICE = "The site cannot reach its database at the moment"
MODES = ("learn", "why", "deep-dive", "try", "challenge", "project", "review", "performance")
PAGES = ("/", LESSON, RECORDED, *(f"{LESSON}{mode}/" for mode in MODES))


@pytest.fixture
def database() -> Iterator[PostgresServer]:
    server = PostgresServer(max_connections=FEW, superuser_reserved_connections=0).start()
    yield server
    server.close()


@pytest.fixture
def own_site(database: PostgresServer, tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, DATABASE_URL=database.url, DATABASE_CONNECTIONS=str(FEW - 4))
    yield site.ready()
    site.stop()


def show_answers(visitor: Visitor) -> set[int]:
    """Ask for every answer of a text; the statuses."""
    examples = text_examples(catalogue.find_lesson("why-async-matters"), "why")
    return {visitor.post(f"{LESSON}examples/{each}/answer/", {}, LESSON).status for each in examples}


def visited(visitor: Visitor) -> bool:
    """Is it known that this learner has done all there is to do in a text?"""
    return '<span class="sr">done</span>' in visitor.page(LESSON)


def test_pages_are_shown_without_progress_and_what_cannot_be_kept_is_refused(
    own_site: Site, database: PostgresServer
) -> None:
    visitor = Visitor(own_site.url)
    assert show_answers(visitor) == {302}
    assert visited(visitor)
    database.stop()
    for path in PAGES:
        answer = visitor.get(path)
        assert (answer.status, NOTICE in answer.text) == (200, True), path
    assert not visited(visitor)

    refused = visitor.post(f"{LESSON}examples/race/answer/", {}, LESSON, **{"HX-Request": "true"})
    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    assert refused.text == (
        "The site cannot reach its database. What you have just done was not kept: try again in a moment.\n"
    )
    assert visitor.get("/runs/").status == 503
    assert visitor.get("/healthz").status == 200
    run = visitor.send()
    until(lambda: "Done. Every" in visitor.page(f"{LESSON}runs/{run}/"), lambda: "runs go on", 20)

    said = own_site.text()
    assert "Traceback" not in said
    assert said.count("The database is away") == 1

    database.start()
    until(lambda: visited(visitor), lambda: "the progress is shown again", 20)
    assert NOTICE not in visitor.page("/")
    assert show_answers(visitor) == {302}


def test_more_learners_than_connections_wait_for_one(own_site: Site) -> None:
    visitors = [Visitor(own_site.url) for _ in range(MANY)]
    for visitor in visitors:
        visitor.page(LESSON)
    with ThreadPoolExecutor(len(visitors)) as hands:
        answers = [*hands.map(show_answers, visitors)]
    assert answers == [{302}] * len(visitors)
    assert all(map(visited, visitors))
