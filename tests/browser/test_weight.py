"""What the first visit costs: bytes over the wire, all of them from our own host (the watch sees to that)."""

from collections import Counter

from playwright.sync_api import Page

from tests.browser.pages import LessonPage

ALL, SCRIPTS = 90_000, 45_000  # bytes, headers included


def test_the_first_visit_to_the_lesson_is_light(page: Page, lesson: LessonPage) -> None:
    network = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    weights: Counter[str] = Counter()
    network.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    network.on(
        "Network.loadingFinished",
        lambda told: weights.update({kinds.get(told["requestId"], ""): round(told["encodedDataLength"])}),
    )
    network.send("Network.enable")
    lesson.open()
    page.wait_for_load_state("networkidle")
    assert weights["Document"] > 0
    assert weights["Stylesheet"] > 0
    assert 0 < weights["Script"] <= SCRIPTS
    assert weights.total() <= ALL
