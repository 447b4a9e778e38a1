"""Try: a blank is filled by pointer or keyboard, and what was filled in is really compiled and run."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lessons.content.teaching import Task
from lessons.content.variants import fill_blank, syntax_error
from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_PATIENCE, LessonPage
from tests.browser.watch import Watch, visit
from tests.conftest import StartSite

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
ALL = content(MAIN).teaching.tasks
TASKS = tuple(each for each in ALL if not each.lines)
ORDERED = next(each for each in ALL if each.lines)


def open_try(lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "try"))


def card(page: Page, task: Task) -> Locator:
    return page.locator(f"#task-{task.id}")


def fill(page: Page, task: Task, option: int) -> None:
    card(page, task).get_by_role("radio").nth(option).check()
    card(page, task).get_by_role("button", name="Fill in and run").click()


def right(task: Task) -> int:
    return next(index for index, option in enumerate(task.options) if option.right)


def broken(besides: Task | None = None) -> tuple[Task, int]:
    """A filling that does not compile, of another task than one."""
    pairs = ((task, index) for task in TASKS if task is not besides for index in range(len(task.options)))
    return next((task, index) for task, index in pairs if syntax_error(fill_blank(task, task.options[index])))


def named(text: str) -> tuple[Task, int]:
    """The filling with exactly this text."""
    pairs = ((task, index) for task in TASKS for index in range(len(task.options)))
    return next((task, index) for task, index in pairs if task.options[index].text == text)


def wait_for_run(page: Page, task: Task) -> None:
    expect(card(page, task).locator(".situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


def test_the_tasks_go_from_easy_to_hard(page: Page, lesson: LessonPage) -> None:
    open_try(lesson)
    levels = page.locator(".exercise .level").all_inner_texts()
    assert len(levels) == len(ALL)
    assert levels == sorted(levels, key=["easy", "medium", "hard"].index)
    expect(page.get_by_text(f"0 of {len(ALL)} right")).to_be_visible()


def in_order(task: Task) -> list[int]:
    """The lines that belong, by their places."""
    placed = [(line.place, at) for at, line in enumerate(task.lines) if line.place]
    return [at for _, at in sorted(placed)]


def line_button(page: Page, at: int) -> Locator:
    return card(page, ORDERED).locator(f"[data-line='{at}']")


def test_lines_are_put_in_order_by_pressing_them_and_run(page: Page, lesson: LessonPage) -> None:
    open_try(lesson)
    stray = next(at for at, line in enumerate(ORDERED.lines) if not line.place)
    line_button(page, stray).click()
    expect(card(page, ORDERED).locator("[data-blank]")).to_contain_text(ORDERED.lines[stray].text.strip())
    line_button(page, stray).click()
    expect(card(page, ORDERED).locator("[data-blank]")).to_have_text("____")
    for place, at in enumerate(in_order(ORDERED), 1):
        line_button(page, at).click()
        expect(line_button(page, at).locator("[data-place]")).to_have_text(str(place))
    expect(line_button(page, stray).locator("[data-place]")).to_be_empty()
    assert card(page, ORDERED).locator("[data-blank]").text_content() == ORDERED.options[right(ORDERED)].text
    card(page, ORDERED).get_by_role("button", name="Fill in and run").click()
    expect(card(page, ORDERED).get_by_text("Right.", exact=True)).to_be_visible()
    wait_for_run(page, ORDERED)
    expect(card(page, ORDERED)).to_contain_text("server free")
    expect(card(page, ORDERED).locator(".report-head")).to_contain_text(f"Try: {ORDERED.title}")


def test_lines_that_are_settled_stand_in_order_and_are_marked(page: Page, lesson: LessonPage) -> None:
    open_try(lesson)
    for at in in_order(ORDERED):
        line_button(page, at).click()
    card(page, ORDERED).get_by_role("button", name="Fill in and run").click()
    lines = card(page, ORDERED).get_by_role("list", name="Lines").get_by_role("listitem")
    strays = [line for line in ORDERED.lines if not line.place]
    placed = [ORDERED.lines[at] for at in in_order(ORDERED)]
    expect(lines).to_have_count(len(ORDERED.lines))
    for at, line in enumerate([*placed, *strays]):
        expect(lines.nth(at)).to_contain_text(line.text.strip())
        expect(lines.nth(at)).to_contain_text("right" if line.place else "does not belong")


def test_lines_are_chosen_with_the_keyboard_and_a_wrong_order_meets_pythons_own_words(
    page: Page, lesson: LessonPage
) -> None:
    open_try(lesson)
    wrong = list(reversed(in_order(ORDERED)))
    for place, at in enumerate(wrong, 1):
        chosen = card(page, ORDERED).get_by_label(f"Line {place}")
        chosen.focus()
        chosen.select_option(str(at))
    expect(card(page, ORDERED).locator("[data-line][aria-pressed=true]")).to_have_count(len(wrong))
    expect(card(page, ORDERED).get_by_label("Line 1").locator("option:disabled")).to_have_count(len(wrong) - 1)
    card(page, ORDERED).get_by_role("button", name="Fill in and run").press("Enter")
    expect(card(page, ORDERED).get_by_text("Not this one.")).to_be_visible()
    expect(card(page, ORDERED).locator(".raised")).to_contain_text("Error")
    expect(card(page, ORDERED)).to_contain_text("5 of 6 attempts left")
    page.reload()
    expect(card(page, ORDERED).get_by_label("Line 1")).to_have_value(str(wrong[0]))


@NO_SCRIPTS
def test_without_scripts_lines_are_put_in_order_and_the_same_line_twice_is_refused(
    page: Page, lesson: LessonPage, watch: Watch
) -> None:
    watch.expect("status of 4")
    open_try(lesson)
    for place, _ in enumerate(in_order(ORDERED), 1):
        card(page, ORDERED).get_by_label(f"Line {place}").select_option("0")
    card(page, ORDERED).get_by_role("button", name="Fill in and run").click()
    expect(card(page, ORDERED)).to_contain_text("each line once")
    open_try(lesson)
    for place, at in enumerate(in_order(ORDERED), 1):
        card(page, ORDERED).get_by_label(f"Line {place}").select_option(str(at))
    card(page, ORDERED).get_by_role("button", name="Fill in and run").click()
    expect(card(page, ORDERED).get_by_text("Right.", exact=True)).to_be_visible()


def test_a_filling_that_does_not_compile_shows_what_python_says(page: Page, lesson: LessonPage) -> None:
    task, option = broken()
    open_try(lesson)
    fill(page, task, option)
    error = syntax_error(fill_blank(task, task.options[option]))
    expect(card(page, task).get_by_role("status")).to_contain_text(error)
    expect(card(page, task).get_by_role("status")).to_contain_text("Not this one")
    expect(card(page, task).locator(".report")).to_have_count(0)
    expect(card(page, task)).to_contain_text("2 of 3 attempts left")


def test_a_coroutine_nobody_awaits_is_run_and_its_error_shown(page: Page, lesson: LessonPage) -> None:
    task, option = named("fetch_data()")
    open_try(lesson)
    fill(page, task, option)
    wait_for_run(page, task)
    expect(card(page, task).locator(".report")).to_contain_text("TypeError: Object of type coroutine")
    expect(card(page, task).locator(".report")).to_contain_text("3 failed")


def test_a_filling_that_blocks_the_loop_is_seen_to_block_it(page: Page, lesson: LessonPage) -> None:
    task, option = named("time.sleep(0.3)")
    open_try(lesson)
    fill(page, task, option)
    wait_for_run(page, task)
    expect(card(page, task).locator(".report")).to_contain_text(re.compile(r"server blocked for"))


def test_a_stream_that_is_none_is_told_from_one_by_its_first_part(page: Page, lesson: LessonPage) -> None:
    task, plain_parts = named("StreamingHttpResponse(plain_parts())")
    open_try(lesson)
    for option, said in ((plain_parts, "It came in one piece, after"), (right(task), "The first part came after")):
        fill(page, task, option)
        wait_for_run(page, task)
        expect(card(page, task).locator(".report")).to_contain_text(said)


def test_the_right_filling_is_run_and_counted_and_stays_after_a_reload(page: Page, lesson: LessonPage) -> None:
    task = TASKS[1]
    open_try(lesson)
    fill(page, task, right(task))
    expect(card(page, task).get_by_role("status").first).to_contain_text("Right")
    wait_for_run(page, task)
    expect(card(page, task).locator(".report")).to_contain_text("3 done")
    expect(page.get_by_text(f"1 of {len(ALL)} right")).to_be_visible()
    page.reload()
    expect(page.get_by_text(f"1 of {len(ALL)} right")).to_be_visible()
    expect(card(page, task).get_by_role("button", name="Fill in and run")).to_have_count(0)
    expect(card(page, task).locator(".report")).to_contain_text("3 done")


def report(page: Page, task: Task) -> str:
    """The address of the run that the task's report is of."""
    return card(page, task).get_by_role("link", name="Open this run in Visualize").get_attribute("href") or ""


def test_earlier_answers_keep_their_outcome_and_can_be_run_again(page: Page, lesson: LessonPage) -> None:
    task, option = named("fetch_data()")
    other, broken_option = broken(besides=task)
    open_try(lesson)
    fill(page, task, option)
    wait_for_run(page, task)
    first = report(page, task)
    fill(page, other, broken_option)
    expect(card(page, other).get_by_role("status")).to_contain_text("Not this one")
    open_try(lesson)  # without a word in the address
    expect(card(page, task).locator(".report")).to_contain_text("TypeError: Object of type coroutine")
    assert report(page, task) == first
    expect(card(page, other).get_by_role("button", name=re.compile("again"))).to_have_count(0)
    card(page, task).get_by_role("button", name="Run it again").click()
    expect(card(page, task).get_by_role("link", name="Open this run in Visualize")).not_to_have_attribute("href", first)
    wait_for_run(page, task)
    expect(card(page, task)).to_contain_text("2 of 3 attempts left")


def test_the_same_post_again_starts_no_other_run(page: Page, lesson: LessonPage) -> None:
    task, option = named("fetch_data()")
    open_try(lesson)
    shown = []
    for _ in range(3):
        answer = lesson.post(f"{address(MAIN, 'try')}{task.id}/", attempt=1, option=option)
        shown += re.findall(r'id="report-([\w-]+)"', answer.text())
        open_try(lesson)
        wait_for_run(page, task)
    assert shown == [shown[0]] * 3
    none = lesson.post(f"{address(MAIN, 'try')}{TASKS[-1].id}/", by_htmx=False, again=1)
    assert none.status == 409
    assert "nothing to run yet" in none.text()


def test_after_three_attempts_the_right_filling_is_shown(page: Page, lesson: LessonPage) -> None:
    task = next(task for task in TASKS if len(task.options) > 3)
    open_try(lesson)
    for count, option in enumerate((each for each in range(4) if each != right(task)), 1):
        fill(page, task, option)
        expect(card(page, task).locator(".filling.is-wrong")).to_have_count(count)
    expect(card(page, task)).to_contain_text("no attempt left")
    expect(card(page, task).locator(".filling.is-right")).to_contain_text(task.options[right(task)].text)
    expect(card(page, task).get_by_role("radio", disabled=True)).to_have_count(4)


def test_a_hint_and_the_common_mistake_are_there_on_demand(page: Page, lesson: LessonPage) -> None:
    task, option = broken()
    open_try(lesson)
    expect(card(page, task).get_by_text(task.hint)).to_be_hidden()
    card(page, task).get_by_text("Hint", exact=True).click()
    expect(card(page, task).get_by_text(task.hint)).to_be_visible()
    expect(card(page, task).get_by_text("The common mistake")).to_have_count(0)
    fill(page, task, option)
    expect(card(page, task).get_by_text("The common mistake")).to_be_visible()


def test_the_keyboard_alone_fills_a_blank(page: Page, lesson: LessonPage) -> None:
    task = TASKS[0]
    open_try(lesson)
    card(page, task).get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(right(task)):
        page.keyboard.press("ArrowDown")
    expect(card(page, task).locator("[data-blank]")).to_have_text(task.options[right(task)].text)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card(page, task).get_by_role("status").first).to_contain_text("Right")
    expect(card(page, task).get_by_role("status").first).to_be_focused()


def test_an_option_can_be_dragged_into_the_code(page: Page, lesson: LessonPage) -> None:
    task = TASKS[0]
    open_try(lesson)
    option = card(page, task).locator(".filling").nth(right(task))
    option.drag_to(card(page, task).get_by_role("group", name="View with a blank"))
    expect(card(page, task).locator("[data-blank]")).to_have_text(task.options[right(task)].text)
    expect(card(page, task).get_by_role("radio").nth(right(task))).to_be_checked()


@NO_SCRIPTS
def test_without_scripts_a_filling_is_run_and_shown(page: Page, lesson: LessonPage) -> None:
    task, option = named("fetch_data()")
    open_try(lesson)
    fill(page, task, option)
    expect(page).to_have_url(re.compile(rf"task={task.id}&run="))
    wait_for_run(page, task)
    expect(card(page, task).locator(".report")).to_contain_text("TypeError")


def test_an_answer_is_kept_when_the_lab_is_full(browser: Browser, start_site: StartSite) -> None:
    site = start_site(LAB_MAX_RUNS="1", LAB_MAX_QUEUE="1").url
    task, option = named("fetch_data()")
    with visit(browser, Look(), site) as (context, _):
        for _ in range(2):
            LessonPage(context.new_page(), site).open().fill(requests=10, wait=3, workers=1).send()
        page = context.new_page()
        open_try(LessonPage(page, site))
        fill(page, task, option)
        expect(card(page, task).locator(".trouble")).to_contain_text("Your answer is kept. The lab is full")
        expect(card(page, task)).to_contain_text("2 of 3 attempts left")
        page.reload()
        expect(card(page, task)).to_contain_text("2 of 3 attempts left")
        expect(card(page, task).get_by_role("button", name="Run your latest answer again")).to_be_visible()


def test_nothing_tells_the_answer_before_it_is_given(page: Page, lesson: LessonPage) -> None:
    open_try(lesson)
    served = page.content() + page.request.get(page.url).text()
    for task in TASKS:
        for option in task.options:
            assert plain(option.why) not in served
        assert plain(task.mistake) not in served
    assert "is-right" not in served


def plain(text: str) -> str:
    """The first words of a text that hold no markup."""
    return max(re.split(r"[`*&'\"<>]", text), key=len).strip()[:60]


def test_an_option_that_does_not_exist_is_refused_and_costs_no_attempt(
    page: Page, lesson: LessonPage, watch: Watch
) -> None:
    task = TASKS[0]
    watch.expect("status of 422")
    open_try(lesson)
    radio = card(page, task).get_by_role("radio").first
    radio.evaluate("each => each.value = '99'")
    fill(page, task, 0)
    expect(card(page, task).locator(".trouble")).to_be_visible()
    expect(card(page, task)).to_contain_text("3 of 3 attempts left")
