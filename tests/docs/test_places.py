"""Links and paths in the documents lead to something."""

import re
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.docs.shown import PAGES, Shown, spans
from tests.processes import ROOT

FOLDERS = (
    "bench",
    "bootstrap",
    "deploy",
    "docs",
    "lessons",
    "lessonsite",
    "requirements",
    "static",
    "templates",
    "tests",
)
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.(?:py|toml|yml|md|css|js|html|template|txt|in|jsonl|png|json)")
FOLDER = re.compile(r"(?:[\w.-]+/)+")
MADE_BY_READERS = {
    "shots/": "by `make shots`",
    **dict.fromkeys(("lessons/content/two-lines/", "samples/wait.py"), "by who follows the guide for authors"),
}


@cache
def paths() -> frozenset[str]:
    """Every file and folder of the repository, each with a slash before it, folders with one at their end."""
    files = [each for name in FOLDERS for each in (ROOT / name).rglob("*") if "__pycache__" not in each.parts]
    files += [each for each in ROOT.iterdir() if each.is_file() or each.name in FOLDERS]
    return frozenset(f"/{each.relative_to(ROOT)}{'/' if each.is_dir() else ''}" for each in files)


def is_place(shown: Shown) -> bool:
    return bool(FILE.fullmatch(shown.text) or FOLDER.fullmatch(shown.text))


@pytest.mark.parametrize("shown", sorted({each for each in spans() if is_place(each)}, key=str), ids=str)
def test_a_path_that_is_named_is_there(shown: Shown):
    assert shown.text in MADE_BY_READERS or any(each.endswith(f"/{shown.text}") for each in paths())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_leads_to_a_file(page: Path):
    tokens = [child for token in MarkdownIt().parse(page.read_text()) for child in token.children or ()]
    links = [str(each.attrs.get("href") or each.attrs.get("src") or "") for each in tokens]
    ours = [link.partition("#")[0] for link in links if link and not link.startswith(("https:", "#"))]
    assert [link for link in ours if not (page.parent / link).exists()] == []
    assert ours or page.name != "README.md"
