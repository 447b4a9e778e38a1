"""The pages as a visitor knows them: by role and accessible name, which are contract."""

import re
from typing import Final

from playwright.sync_api import APIResponse, Locator, Page, expect

from tests.browser.lessons import content
from tests.visiting import TOKEN_FIELD

SLUG: Final = "why-async-matters"
ADDRESS: Final = f"/lessons/{SLUG}/"
RUN_ADDRESS: Final = re.compile(r"/lessons/[a-z0-9-]+/runs/[^/?#]+/")
SYNC, ASYNC = "Sync view", "Async view"
BLOCKING, THREADED = "Async view that blocks", "Sync view under ASGI"
LANES: Final = (SYNC, ASYNC, BLOCKING, THREADED)
BUSY: Final = r"The machine was too busy: up to \d+% of these times and blocks may be due to that"  # for a verdict
RUN_PATIENCE: Final = 40_000  # ms; a run ends itself after 30 s


class LessonPage:
    """The stage of the lesson, with its controls."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site.rstrip("/")
        self.requests = page.get_by_role("spinbutton", name="Requests", exact=True)
        self.wait = page.get_by_role("spinbutton", name="I/O wait", exact=True)
        self.workers = page.get_by_role("spinbutton", name="Worker threads", exact=True)
        self.prediction = page.get_by_role("spinbutton", name="Your guess", exact=True)
        self.send_button = page.get_by_role("button", name="Send requests", exact=True)
        self.cancel_button = page.get_by_role("button", name="Cancel", exact=True)
        self.hold = page.get_by_role("switch", name="Hold each step").or_(
            page.get_by_role("checkbox", name="Hold each step")
        )
        self.table = page.get_by_role("table", name="Execution table", exact=True)
        self.tracker = page.get_by_role("table", name="Variable tracker", exact=True)
        self.errors = page.get_by_role("alert")

    def open(self, address: str = ADDRESS) -> "LessonPage":
        """Go to an address of the site; by default to the lesson."""
        response = self.page.goto(self.site + address)
        assert response, address
        assert response.status < 500, f"{response.status} at {address}"
        return self

    def open_review(self) -> "LessonPage":
        """Review, with every card's topic met."""
        self.open(f"{ADDRESS}review/")
        review = content(SLUG).teaching.review
        assert review
        for example in {card.after[0] for card in review.cards if card.after}:
            assert self.post(f"{ADDRESS}examples/{example}/answer/").ok
        return self.open(f"{ADDRESS}review/")

    def open_end(self) -> "LessonPage":
        """The recorded run at its end, where all that was measured is told."""
        self.open().page.get_by_role("button", name="End", exact=True).click()
        expect(self.page.locator("#seq")).to_have_text(self.page.locator("#end").inner_text())
        return self

    def post(self, address: str, *, by_htmx: bool = True, **fields: object) -> APIResponse:
        """Post a form past the page that is open, with its token and cookies."""
        token = self.page.locator(f"[name={TOKEN_FIELD}]").first.input_value()
        form = {TOKEN_FIELD: token, **{name: str(value) for name, value in fields.items()}}
        headers = {"Referer": self.page.url, **({"HX-Request": "true"} if by_htmx else {})}
        return self.page.request.post(self.site + address, form=dict(form), headers=headers)

    # Controls

    def lane_choice(self, name: str) -> Locator:
        """The checkbox that chooses a lane."""
        return self.page.get_by_role("group", name="Lanes").get_by_role("checkbox", name=name, exact=True)

    def fill(
        self,
        requests: float | str | None = None,
        wait: float | str | None = None,
        workers: float | str | None = None,
        lanes: tuple[str, ...] | None = None,
    ) -> "LessonPage":
        """Fill in what is given and leave the rest as it stands."""
        for field, value in ((self.requests, requests), (self.wait, wait), (self.workers, workers)):
            if value is not None:
                field.fill(str(value))
        for name in LANES if lanes is not None else ():
            self.lane_choice(name).set_checked(name in (lanes or ()))
        return self

    def send(self) -> "LessonPage":
        """Press Send; the run has its own address then."""
        before = self.page.url
        self.send_button.click()
        self.page.wait_for_url(lambda url: url != before and bool(RUN_ADDRESS.search(url)))
        return self

    def cancel(self) -> "LessonPage":
        """Press Cancel."""
        self.cancel_button.click()
        return self

    # The stage

    def lane(self, name: str) -> Locator:
        """The region of a lane."""
        return self.page.get_by_role("region", name=name, exact=True)

    def holder(self, name: str) -> Locator:
        """Who holds the server of a lane."""
        return self.lane(name).get_by_role("figure", name="Who holds the server")

    def clock(self, name: str) -> float:
        """Seconds on a lane's clock."""
        text = self.lane(name).get_by_role("timer").inner_text()
        found = re.search(r"[\d,]+(\.\d+)?", text)
        assert found, f"no time on the clock of {name}: {text!r}"
        return float(found[0].replace(",", ""))

    def row(self, step: int) -> Locator:
        """The row of a step in the execution table."""
        return self.table.get_by_role("row").nth(step)

    @property
    def state(self) -> Locator:
        """The sentence that says how the run stands."""
        return self.page.locator("#status .situation")

    def wait_for_state(self, state: str) -> "LessonPage":
        """Until the run is `created`, `queued`, `starting`, `running` or `ended`."""
        expect(self.state).to_have_attribute("data-state", state, timeout=RUN_PATIENCE)
        return self

    def wait_for_lane(self, name: str, state: str) -> "LessonPage":
        """Until a lane is `starting`, `ready`, `running`, `done` or `died`."""
        digits = self.lane(name).locator(".meta [data-state]")
        expect(digits).to_have_attribute("data-state", state, timeout=RUN_PATIENCE)
        return self

    def wait_for_step(self, step: int) -> "LessonPage":
        """Until a step of the pinned request is the current one."""
        expect(self.row(step)).to_have_attribute("aria-current", "step", timeout=RUN_PATIENCE)
        return self


def choose_preset(page: Page, name: str) -> None:
    """Open the presets and take one."""
    page.get_by_text("Presets", exact=True).click()
    page.get_by_role("link", name=name).click()


def open_sharing(page: Page) -> Page:
    """Open the menu with the ways to share and to export."""
    if not page.locator(".sharing .menu-body").is_visible():
        page.locator(".sharing > summary").click()
    return page


def say_how_sure(page: Page, words: str = "rather sure") -> None:
    """At a problem, which asks it once: before the first answer."""
    if page.get_by_role("group", name="How sure are you?").count():
        page.locator("#problem").get_by_label(words).check()
