"""Files are taken from the page of a run: what is in them is what is on the page."""

import csv
import json
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Look
from tests.browser.pages import ASYNC, SYNC, LessonPage, open_sharing
from tests.browser.watch import visit
from tests.conftest import StartSite
from tests.processes import ROOT, clean_environ

SENTENCE: Final = ".saying"


def exports(page: Page) -> None:
    """Open the list of exports."""
    open_sharing(page)


def saved(page: Page, name: str, folder: Path) -> Path:
    """The file behind a link."""
    with page.expect_download() as download:
        page.locator(".exports").get_by_role("link", name=name, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_each_file_of_an_ended_run_holds_what_the_page_shows(page: Page, lesson: LessonPage, tmp_path: Path) -> None:
    lesson.open().fill(requests=3, wait=0.3, workers=1).send().wait_for_state("ended")
    verdict = page.locator(SENTENCE).inner_text()
    exports(page)

    trace = json.loads(saved(page, "Trace", tmp_path).read_text())
    names = [each["args"]["name"] for each in trace["traceEvents"] if each["name"] == "process_name"]
    assert [name.partition(" (")[0] for name in names] == [SYNC, ASYNC]

    events = saved(page, "Events", tmp_path)
    records: list[dict[str, Any]] = [json.loads(line) for line in events.read_text().splitlines()]
    assert records[0] == {"format": "live-lessons run", "version": 1, "lesson": "why-async-matters"}
    assert records[-1]["seq"] == int(page.locator("#end").inner_text())
    assert records[1]["data"]["owner"] == ""

    picture = saved(page, "Picture", tmp_path)
    window = page.context.new_page()
    window.goto(f"data:image/svg+xml;base64,{b64encode(picture.read_bytes()).decode()}")
    expect(window.get_by_text(verdict)).to_be_visible()
    for name in (SYNC, ASYNC):
        expect(window.get_by_text(f"{lesson.clock(name):.2f} s", exact=True)).to_be_visible()
    window.close()

    # The moment of the page is the moment of the file, without loading the page anew.
    page.get_by_role("radio", name=SYNC, exact=True).check()
    page.get_by_role("spinbutton", name="Pinned request").fill("2")
    page.keyboard.press("Tab")
    expect(page.locator("#code .pinned .what")).to_contain_text("request #2")
    for _ in range(2):
        before = page.locator("#seq").inner_text()
        page.get_by_role("button", name="Step back").click()
        expect(page.locator("#seq")).not_to_have_text(before)
    cursor = page.locator("#seq").inner_text()
    table = saved(page, "Execution table", tmp_path)
    assert f"-at-{cursor}." in table.name
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert {(row["lane"], row["request"]) for row in rows} == {(SYNC, "2")}
    for row in rows:
        cell = lesson.row(int(row["step"])).get_by_role("cell").last.inner_text()
        assert cell == (f"{float(row['since_sent_ms']):,.1f}" if row["since_sent_ms"] else "–")
    assert not rows[-1]["since_sent_ms"]


def test_a_run_from_elsewhere_is_watched_like_any_other(
    browser: Browser, page: Page, lesson: LessonPage, start_site: StartSite, tmp_path: Path
) -> None:
    """What one site exports another imports; the page is the same."""
    lesson.open().fill(requests=2, wait=0.2, workers=1).send().wait_for_state("ended")
    verdict, table = page.locator(SENTENCE).inner_text(), lesson.table.inner_text()
    exports(page)
    file = saved(page, "Events", tmp_path)
    data = str(tmp_path / "data")
    other = start_site(DATA_DIR=data)
    command = [sys.executable, "manage.py", "importrun", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=clean_environ(DATA_DIR=data), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    with visit(browser, Look(), other.url) as (context, _):
        there = LessonPage(context.new_page(), other.url).open(done.stdout.decode().strip())
        expect(there.page.locator(SENTENCE)).to_have_text(verdict)
        assert there.table.inner_text() == table
        there.page.get_by_role("button", name="Event back").click()
        expect(there.page.locator("#seq")).not_to_have_text(there.page.locator("#end").inner_text())
