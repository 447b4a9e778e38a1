"""What a browser refuses (its clipboard, its storage, editing commands) and what it does too often harm no page."""

import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

from lessons.content.teaching import Problem
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import ADDRESS, LessonPage, choose_preset, open_sharing

NO_STORAGE: Final = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The operation is insecure.", "SecurityError") }
})"""
NO_COMMANDS: Final = "document.execCommand = () => false"
NO_CLIPBOARD: Final = "Clipboard.prototype.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
COUNTED: Final = """{
  const [set, clear] = [setTimeout, clearTimeout]
  window.pending = new Set()
  window.setTimeout = (task, ...rest) => {
    const timer = set(() => { pending.delete(timer); task() }, ...rest)
    pending.add(timer)
    return timer
  }
  window.clearTimeout = timer => { pending.delete(timer); clear(timer) }
}"""
DROPPED: Final = """(exercise, told) => {
  const dataTransfer = new DataTransfer()
  dataTransfer.setData("text/x-filling", JSON.stringify({ task: exercise.id, ...told }))
  exercise.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }))
}"""
PROBLEMS: Final = content(MAIN).teaching.problems
CHOICE: Final = next(problem for problem in PROBLEMS if problem.options)


def shared(page: Page, lesson: LessonPage) -> Locator:
    """The field with the address of a moment."""
    lesson.open(f"{ADDRESS}runs/recorded-{MAIN}/?cursor=300")
    open_sharing(page).get_by_role("button", name="Share this moment").click()
    field = page.get_by_role("textbox", name="Address of this moment")
    expect(field).to_have_value(re.compile("/s/"))
    return field


def open_problem(page: Page, lesson: LessonPage, problem: Problem) -> Locator:
    """The clock of a problem, running."""
    lesson.open(f"{address(MAIN, 'challenge')}?problem={problem.id}")
    timer = page.get_by_role("timer")
    page.get_by_role("button", name="Switch the clock on").click()
    expect(timer).to_have_text(re.compile(r"\d:\d\d"))
    return timer


def test_what_cannot_be_copied_is_selected_and_told(page: Page, lesson: LessonPage) -> None:
    page.add_init_script(f"{NO_CLIPBOARD};{NO_COMMANDS}")
    field = shared(page, lesson)
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("alert").filter(has_text="Could not copy")).to_contain_text("press Ctrl+C")
    expect(field).to_be_focused()
    assert field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == field.input_value()
    expect(page.get_by_role("button", name="Copy the address")).to_be_visible()


def test_without_a_clipboard_the_older_way_copies(page: Page, lesson: LessonPage) -> None:
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })")
    shared(page, lesson)
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied the address")).to_be_focused()
    expect(page.locator("#shared").get_by_text("Could not copy")).to_have_count(0)


def test_without_storage_the_clock_is_switched_off_for_the_page(page: Page, lesson: LessonPage) -> None:
    page.add_init_script(NO_STORAGE)
    timer = open_problem(page, lesson, CHOICE)
    page.get_by_role("button", name="Switch the clock off").click()
    expect(timer).to_have_text("")
    page.get_by_role("button", name="Switch the clock on").click()
    expect(timer).to_have_text(re.compile(r"\d:\d\d"))


def test_no_timer_runs_without_a_clock_to_show(page: Page, lesson: LessonPage) -> None:
    page.add_init_script(COUNTED)
    open_problem(page, lesson, CHOICE)
    page.wait_for_function("() => pending.size > 0")
    page.get_by_role("button", name="Switch the clock off").click()
    page.wait_for_function("() => pending.size === 0")
    page.get_by_role("button", name="Switch the clock on").click()
    page.wait_for_function("() => pending.size > 0")
    page.evaluate("() => { document.querySelector('[data-countdown]').remove() }")
    page.wait_for_function("() => pending.size === 0")


def test_without_editing_commands_the_editor_indents_and_colours(page: Page, lesson: LessonPage) -> None:
    page.add_init_script(NO_COMMANDS)
    lesson.open(address(MAIN, "project"))
    editor = page.get_by_role("textbox", name="Your code")
    editor.fill("async def view(request):")
    editor.press("Enter")
    expect(editor).to_have_value("async def view(request):\n    ")
    editor.press("Tab")
    expect(editor).to_have_value("async def view(request):\n        ")
    expect(page.locator(".inked > pre")).to_have_text(re.compile(r"^async def view\(request\):\n {8}\n$"))


def test_a_key_held_down_grades_one_card(page: Page, lesson: LessonPage) -> None:
    lesson.open_review()
    card = page.get_by_role("region", name="Card", exact=True)
    first = card.get_attribute("data-card") or ""
    card.focus()
    page.keyboard.down("Space")
    expect(card.locator(".flash-back")).to_be_visible()
    page.keyboard.up("Space")
    page.keyboard.down("4")
    expect(card).not_to_have_attribute("data-card", first)
    second = card.get_attribute("data-card") or ""
    expect(card).to_be_focused()
    page.keyboard.down("Space")
    page.keyboard.down("Space")  # held: the first opens the card, the others do nothing
    page.keyboard.up("Space")
    expect(card.locator(".flash-back")).to_be_visible()
    page.keyboard.down("4")
    page.keyboard.down("4")
    expect(card).to_have_attribute("data-card", second)


def test_what_is_dropped_from_elsewhere_chooses_nothing(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "try"))
    exercise = page.locator(".exercise").filter(has=page.get_by_role("radio")).first
    right = {"name": "option", "value": "0"}
    for told in ({**right, "value": "99"}, {**right, "name": "other"}, {**right, "task": "task-of-another-page"}):
        exercise.evaluate(DROPPED, told)
    expect(exercise.get_by_role("radio", checked=True)).to_have_count(0)
    exercise.evaluate(DROPPED, right)
    expect(exercise.get_by_role("radio", checked=True)).to_have_value("0")


def test_a_stage_without_a_run_offers_the_evidence_that_it_has(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    page.evaluate("() => { delete document.getElementById('stage').dataset.run }")
    choose_preset(page, "One request")
    expect(lesson.requests).to_have_value("1")
    expect(page.get_by_role("link", name="Show me in my run").first).to_be_visible()


def test_a_link_keeps_its_moment_while_no_request_is_pinned(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    open_sharing(page)
    picture = page.get_by_role("link", name="Picture")
    before = picture.get_attribute("href")
    page.get_by_role("spinbutton", name="Pinned request").fill("")
    picture.hover()
    expect(picture).to_have_attribute("href", before or "")
    page.get_by_role("spinbutton", name="Pinned request").fill("2")
    picture.focus()
    expect(picture).to_have_attribute("href", re.compile("request=2"))
