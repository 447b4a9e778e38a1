"""Markdown becomes HTML that can do nothing but be read."""

import re

import pytest

from lessons.content.sections import Mark
from lessons.rendering.highlighting import highlight_lines
from lessons.rendering.markdown import Section, render_block, render_inline, split_sections


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='x'>b</b>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\tscript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](data:text/html;base64,xxxx)",
        "[a](vbscript:x)",
        "[a](file:///etc/passwd)",
        "[a](//evil.example/x)",
        "[a](http:evil)",
        "[a]: javascript:alert(1)\n\n[a]",
        "<javascript:alert(1)>",
        "![a](javascript:alert(1))",
        "```<script>\n</script>\n```",
        '```python" onclick="x\n1\n```',
        "<!-- comment -->",
        "<style>*{}</style>",
        "<svg/onload=x>",
    ],
)
def test_nothing_that_acts_gets_through(text: str) -> None:
    html = render_block(text)
    tags = re.findall(r"<[^>]*>", html)
    assert not [
        tag
        for tag in tags
        if not re.fullmatch(r'</?(p|pre|code|span|em)( class="\w+"| tabindex="0"| translate="no")*>', tag)
    ]


@pytest.mark.parametrize(
    "address", ["https://docs.python.org/3/", "http://example.org/a?b=c#d", "/lessons/", "deep/", "#a"]
)
def test_links_lead_to_the_web_or_within_the_site(address: str) -> None:
    assert render_block(f"[a]({address})") == f'<p><a href="{address}">a</a></p>\n'


def test_a_bare_address_stays_text() -> None:
    assert "<a" not in render_block("see https://example.org and example.org")


def test_a_picture_is_not_fetched_from_anywhere() -> None:
    assert "<img" not in render_block("![a](https://example.org/a.png)")


def test_python_is_highlighted_as_on_the_stage() -> None:
    source = "async def view(request):\n    return '<b>'"
    assert "\n".join(highlight_lines(source)) in render_block(f"```python\n{source}\n```")


def test_other_code_is_plain() -> None:
    assert (
        render_block("```text\n<b> & c\n```")
        == '<pre class="code" translate="no" tabindex="0"><code>&lt;b&gt; &amp; c\n</code></pre>\n'
    )


def test_tables_lists_and_emphasis_are_there() -> None:
    html = render_block("| a | b |\n|---|---|\n| *1* | **2** |\n\n- x\n")
    assert all(tag in html for tag in ("<table>", "<td><em>1</em></td>", "<strong>2</strong>", "<li>x</li>"))


def test_a_text_is_rendered_once() -> None:
    assert render_block("once") is render_block("once")


@pytest.mark.parametrize("piece", ["[", "*", "`", "> ", "- ", "<", "![](", "**a", "[a](", "&", "\\", "| a ", "  - "])
def test_a_text_made_to_hurt_is_rendered_all_the_same(piece: str) -> None:
    assert render_block(piece * 2_000)


def test_sections_end_at_the_examples() -> None:
    assert split_sections("# A\n\n@run one\n\nb\n") == (
        Section(render_block("# A\n"), Mark("run", "one")),
        Section(render_block("\nb\n"), None),
    )


def test_a_text_that_ends_in_an_example_has_no_empty_section() -> None:
    assert [each.mark and each.mark.id for each in split_sections("a\n\n@run one\n")] == ["one"]


def test_an_empty_text_is_one_empty_section() -> None:
    assert split_sections("") == (Section(render_block(""), None),)


def test_a_header_that_heads_nothing_is_no_header() -> None:
    html = render_block("| | a |\n|---|---|\n| b | 1 |\n")
    assert "<td></td>\n<th>a</th>" in html


def test_inline_text_has_no_paragraph_of_its_own() -> None:
    assert render_inline("look at `data` <b>") == 'look at <code translate="no">data</code> &lt;b&gt;'


def test_a_text_begins_below_the_heading_of_its_page() -> None:
    assert render_block("# A\n\n## B\n\n### C\n") == "<h2>A</h2>\n<h2>B</h2>\n<h3>C</h3>\n"
