"""A prediction belongs to its run: it is the second event, and stays with it for good. With real sites."""

import re
from pathlib import Path

from tests.conftest import StartSite
from tests.frames import next_frame, watched
from tests.runs.sending import sent
from tests.visiting import LESSON, Visitor


def told(page: str) -> str:
    """What the page says of the prediction."""
    found = re.search(r'<div id="prediction".*?</div>\s*<div class="told', page, re.DOTALL)
    assert found
    return found[0]


def test_a_prediction_outlives_a_restart(start_site: StartSite, tmp_path: Path) -> None:
    data = str(tmp_path / "shared")
    first = start_site(DATA_DIR=data)
    visitor = Visitor(first.url)
    run = sent(visitor, prediction=2.5)
    page = visitor.page(f"{LESSON}runs/{run}/")
    assert "Guess" in told(page)
    assert "2.5 s" in told(page)
    first.stop()
    second = start_site(DATA_DIR=data)
    assert told(visitor.at(second.url).page(f"{LESSON}runs/{run}/")) == told(page)
    with watched(second.url, run) as socket:
        assert "Guess" in next_frame(socket)["content"]


def test_it_is_known_from_the_second_event_on(site: str) -> None:
    visitor = Visitor(site)
    address = f"{LESSON}runs/{sent(visitor, prediction=2.5)}/"
    assert "Guess" not in told(visitor.page(f"{address}?cursor=1"))
    assert "Guess" in told(visitor.page(f"{address}?cursor=2"))


def test_a_run_without_a_prediction_says_nothing_of_one(site: str) -> None:
    visitor = Visitor(site)
    run = sent(visitor, prediction="")
    assert re.search(r'<div id="prediction"[^>]*></div>', told(visitor.page(f"{LESSON}runs/{run}/")))
