"""Posts at the same moment count once, on each database that the site can have."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.parts import postgres
from tests.learning import racers
from tests.processes import ROOT, clean_environ


def outcome(database_url: str, folder: Path) -> dict[str, Any]:
    environ = clean_environ(DATABASE_URL=database_url, DATA_DIR=str(folder))
    program = "from tests.learning import racers; racers.main()"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", program]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def races(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        yield outcome("", folder)
        return
    with postgres() as url:
        yield outcome(url, folder)


def test_a_double_post_counts_once(races):
    assert races["double_posts"] == {"rows": 1, "raised": {}}


def test_one_attempt_is_one_answer(races):
    assert races["one_attempt_for_three_answers"] == {"rows": 1, "raised": {"repeated": 2}}


def test_a_card_is_graded_once(races):
    assert races["first_grades"] == {"rows": [2], "raised": {"out-of-turn": 3}}


def test_two_last_answers_at_once_earn_the_badge(races):
    assert races["last_two_problems"] == {"rows": len(racers.NAMES), "raised": {}}


def test_code_and_visits_are_kept_once(races):
    assert races["code_and_visits"] == {"rows": 2, "raised": {}}


def test_start_over_breaks_no_answer(races):
    assert races["start_over_meanwhile"] == {"rows": {"Answer": 1}, "items": ["second"], "raised": {}}


def test_a_moment_has_one_address(races):
    assert races["shares_of_one_moment"] == {"rows": [1, 1], "raised": {}}
