"""Exports on a real site: what is sent, as what, and what is refused."""

import csv
import json
from io import StringIO
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client

from lessons import catalogue
from lessons.log import jsonl
from tests.visiting import RECORDED, Answer, Visitor

SLUG: Final = "why-async-matters"
FILES: Final = ("trace.json", "events.jsonl", "stage.svg", "table.csv")


@pytest.fixture
def visitor(site: str) -> Visitor:
    return Visitor(site)


def fetch(visitor: Visitor, name: str, query: str = "") -> Answer:
    return visitor.get(f"{RECORDED}export/{name}{query}")


@pytest.mark.parametrize(
    ("name", "kind", "file"),
    [
        ("trace.json", "application/json", "trace.json"),
        ("events.jsonl", "application/x-ndjson", "events.jsonl"),
        ("stage.svg", "image/svg+xml", "stage-at-616.svg"),
        ("table.csv", "text/csv", "table-at-616.csv"),
    ],
)
def test_a_file_is_sent_as_what_it_is_and_runs_nothing(visitor: Visitor, name: str, kind: str, file: str) -> None:
    answer = fetch(visitor, name)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{SLUG}-recorded-why-async-m-{file}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert visitor.get(f"{RECORDED}export/{name}", "HEAD").body == b""


def test_the_events_can_be_imported_again(visitor: Visitor) -> None:
    lesson = catalogue.find_lesson(SLUG)
    assert jsonl.load_run(
        fetch(visitor, "events.jsonl").text, lesson, catalogue.VOCABULARY
    ) == catalogue.recorded_events(lesson)


def test_the_trace_is_of_the_whole_run_wherever_the_cursor_is(visitor: Visitor) -> None:
    assert fetch(visitor, "trace.json", "?cursor=3").body == fetch(visitor, "trace.json").body
    assert len(json.loads(fetch(visitor, "trace.json").text)["traceEvents"]) > 200


def test_picture_and_table_are_of_the_moment(visitor: Visitor) -> None:
    moment = "?cursor=60&lane=sync%40waitress&request=2"
    svg = fetch(visitor, "stage.svg", moment)
    assert "-stage-at-60.svg" in svg.headers["Content-Disposition"]
    assert svg.body != fetch(visitor, "stage.svg").body
    assert ElementTree.fromstring(svg.text).tag == "{http://www.w3.org/2000/svg}svg"
    rows = list(csv.DictReader(StringIO(fetch(visitor, "table.csv", moment).text)))
    assert {(row["lane"], row["request"]) for row in rows} == {("Sync view", "2")}
    assert [row["took_ms"] for row in rows] == [""] * 6
    first = list(csv.DictReader(StringIO(fetch(visitor, "table.csv").text)))
    assert {(row["lane"], row["request"]) for row in first} == {("Async view", "1")}


def test_before_the_first_event_there_is_a_picture(visitor: Visitor) -> None:
    assert fetch(visitor, "stage.svg", "?cursor=0").status == 200


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("cursor=617", "The cursor must be a whole number from 0 to 616 in this run."),
        ("cursor=-1", "The cursor must be a whole number from 0 to 616 in this run."),
        ("cursor=1.5", "The cursor must be"),
        ("cursor=" + "9" * 5000, "The cursor must be"),
        ("cursor=%D9%A3", "The cursor must be"),
        ("cursor=%00", "The cursor must be"),
        ("request=0", "The request must be a whole number from 1 to 10 in this run."),
        ("request=eleven", "The request must be"),
        ("lane=%3Cscript%3E", "This run has no such lane. Its lanes are sync@waitress, async@daphne."),
    ],
)
@pytest.mark.parametrize("name", ["stage.svg", "table.csv"])
def test_a_moment_that_the_run_has_not_is_refused_in_a_sentence(
    visitor: Visitor, name: str, query: str, sentence: str
) -> None:
    answer = fetch(visitor, name, f"?{query}")
    assert answer.status == 400
    assert sentence in answer.text


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("run", ["0123456789abcdef", "recorded-await-together", quote("<script>", safe=""), "x" * 500])
def test_a_run_that_is_not_this_lessons_is_not_found(visitor: Visitor, name: str, run: str) -> None:
    answer = visitor.get(f"/lessons/{SLUG}/runs/{run}/export/{name}")
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Content-Disposition" not in answer.headers


def test_there_are_no_other_files_and_no_other_methods(visitor: Visitor) -> None:
    assert fetch(visitor, "stage.exe").status == 404
    assert Client().delete(f"{RECORDED}export/stage.svg").status_code == 405
    assert visitor.get(f"{RECORDED}export/stage.svg", "DELETE").status == 403  # it has no token
