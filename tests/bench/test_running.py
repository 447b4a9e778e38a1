"""`python -m bench`: what is printed, and the exit status."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import names
from tests.processes import ROOT, Process, clean_environ
from tests.waiting import until


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the small benchmarks that are named, in processes like any other."""
    small = [each if each.startswith("-") else f"tests.bench.small.{each}" for each in arguments]
    return subprocess.run([sys.executable, "-m", "bench", *small], cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("met missed", 0),
        ("--check met", 0),
        ("--check missed met", 1),
        ("--check lacking", 0),
        ("broken met", 2),
        ("--check broken missed", 2),
    ],
)
def test_a_missed_goal_fails_only_when_it_is_checked_and_a_fault_always(arguments: str, status: int):
    assert bench(*arguments.split()).returncode == status


def test_each_tells_its_figures_and_the_end_tells_all():
    lines = bench("missed", "lacking", "broken", "met").stdout.splitlines()
    words = [" ".join(line.split()) for line in lines]
    assert words == [
        "== tests.bench.small.missed: A goal that cannot be met, and one that can.",
        "answers 3 ms goal <= 2 ms missed",
        "questions 3 goal >= 3 met",
        "== tests.bench.small.lacking: Something that no machine has.",
        "skipped: a perpetual motion machine was not found",
        "== tests.bench.small.broken: A benchmark with a fault.",
        "the last figure 1",
        "== tests.bench.small.met: A goal that is always met.",
        "answers 1 goal <= 2 met",
        "met every goal: tests.bench.small.met; missed a goal: tests.bench.small.missed; "
        "skipped: tests.bench.small.lacking; broke down: tests.bench.small.broken",
    ]


def test_whoever_ends_it_ends_all_that_it_started(tmp_path: Path):
    small = [f"tests.bench.small.{each}" for each in ("waiting", "met")]
    running = Process([sys.executable, "-m", "bench", *small], tmp_path / "out", clean_environ())
    running.until_prints(r"process +\d")
    assert len(running.members()) == 3
    running.send(signal.SIGTERM)
    assert running.wait() == 128 + signal.SIGTERM
    until(lambda: not running.members(), "the rest to end")
    assert "goal is always met" not in running.text()


def test_a_fault_is_shown_where_it_is():
    assert "LookupError: not found" in bench("broken").stderr


def test_an_unknown_name_is_answered_with_those_there_are():
    ended = subprocess.run([sys.executable, "-m", "bench", "cost"], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "no such benchmark: cost" in ended.stderr
    assert "seek" in ended.stderr


def test_parts_of_benchmarks_are_not_taken_for_benchmarks():
    assert {"seek", "painted", "lighthouse"} <= set(names())
    assert not {"report", "page", "totals", "__main__"} & set(names())


def test_lighthouse_is_skipped_where_there_is_no_node():
    command = [sys.executable, "-m", "bench", "--check", "lighthouse"]
    ended = subprocess.run(
        command, cwd=ROOT, env=clean_environ(PATH="/nowhere"), capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0
    assert "skipped: Lighthouse needs Node.js: npx was not found" in ended.stdout


@pytest.mark.parametrize(("check", "fails"), [("0", False), ("1", True)])
def test_make_bench_checks_when_it_is_told_to(check: str, fails: bool):
    command = ["make", "bench", "BENCH=tests.bench.small.missed", f"CHECK={check}"]
    ended = subprocess.run(command, cwd=ROOT, env=clean_environ(), capture_output=True, text=True, timeout=120)
    assert (ended.returncode != 0) == fails
    assert "missed a goal: tests.bench.small.missed" in ended.stdout
