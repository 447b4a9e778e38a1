"""Where WebSockets are not to be had, everything works over plain HTTP."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.htmx import BOTH_HTMX
from tests.browser.link.proxy import Proxy, SocketWay
from tests.browser.link.standing import BACK, TOLD, cut, is_live, is_quiet
from tests.browser.pages import ADDRESS, LessonPage
from tests.browser.test_playback import Playhead


@pytest.mark.parametrize("way", ["302", "403", "407", "silent", "mute"])
def test_where_no_socket_is_to_be_had_everything_works_over_plain_http(
    page: Page, lesson: LessonPage, proxy: Proxy, way: SocketWay
) -> None:
    proxy.treat_sockets(way)
    lesson.open()
    assert is_live(page) < TOLD
    expect(page.get_by_text("over plain HTTP")).to_be_visible()
    is_quiet(page)
    playhead = Playhead(page)
    playhead.press("Event back", "Step back", "Event forward")
    lesson.fill(requests=3, wait=0.3, workers=1).send()
    expect(page.get_by_text("over plain HTTP")).to_be_visible()
    lesson.wait_for_state("ended")
    playhead.press("Start", "Step forward", "End")
    assert cut(page, proxy) < BACK


@BOTH_HTMX
def test_a_page_over_http_finds_the_socket_again(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    proxy.treat_sockets("403")
    page.clock.install()
    lesson.open(ADDRESS)
    is_live(page)
    expect(page.get_by_text("over plain HTTP")).to_be_visible()
    proxy.treat_sockets("free")
    page.clock.run_for(56_000)  # what is left of a minute goes by itself: an attempt must not run out of time at once
    expect(page.get_by_text("over plain HTTP")).to_be_hidden(timeout=20_000)
    is_live(page)
    Playhead(page).press("Event back")
