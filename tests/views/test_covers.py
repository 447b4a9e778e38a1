"""No page contains an answer before its learner has run the experiment, or has asked to be shown."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from lessons import catalogue
from lessons.learning.modes import lesson_modes
from lessons.rendering import markdown
from lessons.views.modes import mode_address

pytestmark = pytest.mark.django_db
SLUGS = ["why-async-matters", "await-together"]


def said(markup: str) -> str:
    """What can be read, in one line."""
    return " ".join(unescape(strip_tags(markup)).split())


def sentences(text: str) -> list[str]:
    """Of a Markdown text, as the page has them."""
    return [each for each in said(markdown.render_block(text)).split(". ") if len(each) > 30]


def pages(slug: str) -> list[str]:
    lesson = catalogue.find_lesson(slug)
    path = lesson.teaching.path
    steps = [reverse("lessons:path-step", args=[slug, each.example]) for each in path.steps] if path else []
    return [mode_address(lesson, each.id) for each in lesson_modes(lesson)] + steps + [reverse("lessons:index")]


def covered(slug: str) -> list[str]:
    teaching = catalogue.find_lesson(slug).teaching
    texts = [each.answer for each in teaching.examples] + [each.answer for each in teaching.key_moments]
    texts += [teaching.remark, teaching.transcript, *teaching.snapshot]
    if measured := teaching.performance:
        texts += [measured.law, *measured.tips, *(each.why for each in measured.patterns)]
    return [sentence for text in texts for sentence in sentences(text)]


@pytest.mark.parametrize("slug", SLUGS)
def test_no_page_answers_what_it_asks(client, slug):
    for page in pages(slug):
        text = said(client.get(page).content.decode())
        assert [each for each in covered(slug) if each in text] == [], page


@pytest.mark.parametrize("slug", SLUGS)
def test_an_answer_is_shown_to_whoever_asks_and_only_that_one(client, slug):
    lesson = catalogue.find_lesson(slug)
    shown = lesson.teaching.examples[0]
    client.get(mode_address(lesson, "learn"))
    fragment = client.post(reverse("lessons:show-answer", args=[slug, shown.id]), headers={"hx-request": "true"})
    assert sentences(shown.answer)[0] in said(fragment.content.decode())
    text = said(client.get(mode_address(lesson, "learn")).content.decode())
    others = [sentence for each in lesson.teaching.examples[1:] for sentence in sentences(each.answer)]
    assert all(each in text for each in sentences(shown.answer))
    assert [each for each in others if each in text] == []


def test_without_scripts_the_answer_stands_where_it_was_asked_for(client):
    slug, example = "why-async-matters", "five-at-once"
    show = reverse("lessons:show-answer", args=[slug, example])
    client.get(reverse("lessons:learn", args=[slug]))
    told = {back: client.post(show, {"back": back}).headers["Location"] for back in ("learn", "path", "nonsense", "")}
    assert told["learn"] == reverse("lessons:learn", args=[slug]) + f"#example-{example}"
    assert told["path"] == reverse("lessons:path-step", args=[slug, example])
    assert told["nonsense"] == told[""] == reverse("lessons:lesson", args=[slug]) + f"#example-{example}"


@pytest.mark.parametrize("slug", SLUGS)
def test_the_stage_is_uncovered_for_whoever_asks(client, slug):
    lesson = catalogue.find_lesson(slug)
    page = mode_address(lesson, "visualize")
    client.get(page)
    assert client.post(reverse("lessons:open-stage", args=[slug])).status_code == 302
    text = said(client.get(page).content.decode())
    moments = [sentence for each in lesson.teaching.key_moments for sentence in sentences(each.answer)]
    assert [
        each
        for each in (*moments, *map(said, map(markdown.render_inline, lesson.teaching.snapshot)))
        if each not in text
    ] == []


def test_what_follows_from_a_measurement_is_uncovered_for_whoever_asks(client):
    slug = "why-async-matters"
    measured = catalogue.find_lesson(slug).teaching.performance
    assert measured
    page = reverse("lessons:performance", args=[slug])
    client.get(page)
    assert client.post(reverse("lessons:open-performance", args=[slug])).status_code == 302
    text = said(client.get(page).content.decode())
    parts = [measured.law, *measured.tips, *(each.why for each in measured.patterns)]
    assert [each for part in parts for each in sentences(part) if each not in text] == []
    assert catalogue.find_lesson(slug).teaching.key_moments[0].answer
    visualize = said(client.get(mode_address(catalogue.find_lesson(slug), "visualize")).content.decode())
    assert [
        each
        for moment in catalogue.find_lesson(slug).teaching.key_moments
        for each in sentences(moment.answer)
        if each in visualize
    ] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_example_that_is_none_is_not_found(client, method):
    client.get(reverse("lessons:path", args=["why-async-matters"]))
    wrong = [
        reverse("lessons:show-answer", args=["why-async-matters", "nothing"]),
        reverse("lessons:path-step", args=["why-async-matters", "two-calls"]),
        reverse("lessons:path", args=["await-together"]),
    ]
    assert {getattr(client, method)(each).status_code for each in wrong} <= {404, 405}


def test_the_path_goes_on_where_it_was_left(client):
    slug = "why-async-matters"
    page = reverse("lessons:path", args=[slug])
    path = catalogue.find_lesson(slug).teaching.path
    assert path
    steps = [each.example for each in path.steps]
    for number, each in enumerate(steps, 1):
        assert client.get(page).context["number"] == number
        client.post(reverse("lessons:show-answer", args=[slug, each]))
    assert client.get(page).context["over"]


def test_a_cover_that_is_asked_for_uncovers_nothing(client):
    slug, example = "why-async-matters", "five-at-once"
    answer = catalogue.find_lesson(slug).teaching.example(example).answer
    fragment = reverse("lessons:show-answer", args=[slug, example])
    client.get(reverse("lessons:learn", args=[slug]))
    covered = said(client.get(fragment, headers={"hx-request": "true"}).content.decode())
    assert "just show me" in covered
    assert not any(each in covered for each in sentences(answer))
    assert client.get(fragment).status_code == 302  # without scripts
    client.post(fragment, headers={"hx-request": "true"})
    assert sentences(answer)[0] in said(client.get(fragment, headers={"hx-request": "true"}).content.decode())
