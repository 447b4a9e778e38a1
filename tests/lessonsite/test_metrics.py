"""What an operator can see of the runs: a line in the log, a warning for what died, figures for Prometheus."""

import json
import os
import re
import signal

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import StartSite
from tests.processes import Site
from tests.visiting import LESSON, Visitor
from tests.waiting import until


def figures(site: Site) -> dict[str, float]:
    """Each sample of the page: `name{label="value"}` and its value."""
    answer = Visitor(site.url).get("/metrics")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    return {
        f"{each.name}{''.join(sorted(map(str, each.labels.values())))}": each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


def exported(visitor: Visitor, run: str) -> list[dict[str, object]]:
    lines = visitor.get(f"{LESSON}runs/{run}/export/events.jsonl").text.splitlines()
    return [json.loads(line) for line in lines]


def ended(site: Site, run: str) -> str:
    """The log's line about the end of a run."""
    return site.until_prints(rf".*Run {run} of .*")[0]


def test_a_run_is_counted_and_told(start_site: StartSite) -> None:
    site = start_site(METRICS="1")
    before = figures(site)
    visitor = Visitor(site.url)
    run = visitor.send()
    line = ended(site, run)
    assert re.search(r"why-async-matters, 2 x 2 requests: done, \d\.\d+ s after 0\.\d\d s in the queue\.$", line)
    now = figures(site)
    assert now["lesson_runs_totaldonewhy-async-matters"] == 1
    assert now["lesson_run_seconds_count"] - before["lesson_run_seconds_count"] == 1
    assert now["lesson_queue_seconds_count"] - before["lesson_queue_seconds_count"] == 1
    assert now["lesson_process_starts_totalwaitress"] == now["lesson_process_starts_totaldaphne"] == 1
    assert now["lesson_events_total"] > 30
    assert (now["lesson_runs_going"], now["lesson_runs_waiting"], now["lesson_viewers"]) == (0, 0, 0)


def test_a_refusal_is_counted(start_site: StartSite) -> None:
    site = start_site(METRICS="1")
    assert Visitor(site.url).get(f"{LESSON}runs/there-is-no-such/").status == 404
    assert figures(site)["lesson_refusals_totalRunUnknown"] == 1


def test_a_process_that_died_is_a_warning(start_site: StartSite) -> None:
    site = start_site(METRICS="1", LOG_FORMAT="JSON")
    visitor = Visitor(site.url)
    run = visitor.send(wait=3.0, lanes=("sync@waitress",))

    def pid() -> int:
        found = [each["data"]["pid"] for each in exported(visitor, run) if each.get("kind") == "lane.started"]  # type: ignore[index]
        return found[0] if found else 0

    until(lambda: bool(pid()), lambda: "the lane has started", 20)
    os.kill(pid(), signal.SIGKILL)
    line = ended(site, run)
    told = json.loads(line)
    assert (told["level"], told["run"], told["lesson"], told["outcome"]) == ("INFO", run, "why-async-matters", "failed")
    assert 0 <= told["queued"] <= told["seconds"] < 6
    warnings = [json.loads(each) for each in site.text().splitlines() if '"WARNING"' in each]
    assert [each["message"] for each in warnings] == [
        f"Run {run}: the server process of sync@waitress died (signal 9)."
    ]
    assert figures(site)["lesson_process_deaths_totalwaitress"] == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_sees_the_figures_unless_they_are_asked_for(site: str, method: str) -> None:
    assert Visitor(site).get("/metrics", method).status in (404, 403, 405)
