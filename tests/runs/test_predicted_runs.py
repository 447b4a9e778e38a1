"""A prediction belongs to its run: it is the second event, and stays with it for good. With real sites."""

import re
from pathlib import Path

from tests.conftest import StartSite
from tests.deploy.test_two_webs import LESSON, Visitor, watched
from tests.deploy.test_two_webs import until as until_frame
from tests.runs.test_archived_runs import sent


def told(page: str) -> str:
    """What the page says of the prediction."""
    found = re.search(r'<div id="prediction".*?</div>\s*<div id="verdict"', page, re.DOTALL)
    assert found
    return found[0]


def test_a_prediction_outlives_a_restart(start_site: StartSite, tmp_path: Path) -> None:
    visitor, data = Visitor(), str(tmp_path / "shared")
    first = start_site(DATA_DIR=data)
    run = sent(visitor, first.url, prediction="2.5")
    page = visitor.read(f"{first.url}{LESSON}runs/{run}/")
    assert "Predicted" in told(page)
    assert "2.5 s" in told(page)
    first.stop()
    second = start_site(DATA_DIR=data)
    assert told(visitor.read(f"{second.url}{LESSON}runs/{run}/")) == told(page)
    with watched(second.url, run) as socket:
        assert "Predicted" in until_frame(socket, lambda frame: True)["content"]


def test_it_is_known_from_the_second_event_on(start_site: StartSite) -> None:
    visitor, site = Visitor(), start_site()
    run = sent(visitor, site.url, prediction="2.5")
    address = f"{site.url}{LESSON}runs/{run}/"
    assert "Predicted" not in told(visitor.read(f"{address}?cursor=1"))
    assert "Predicted" in told(visitor.read(f"{address}?cursor=2"))


def test_a_run_without_a_prediction_says_nothing_of_one(start_site: StartSite) -> None:
    visitor, site = Visitor(), start_site()
    run = sent(visitor, site.url, prediction="")
    assert re.search(r'<div id="prediction"[^>]*></div>', told(visitor.read(f"{site.url}{LESSON}runs/{run}/")))
