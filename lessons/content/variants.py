"""The completed views of a task: each option put into the blank."""

import re
from typing import Final

from lessons.content.compiling import compile_quietly
from lessons.content.teaching import Option, Task

BLANK: Final = "____"
PREFIX: Final = "try-"  # of the ids of the samples that are made of tasks
_BLANKS: Final = re.compile(r"_{4,}")


def count_blanks(code: str) -> int:
    """How many blanks the code of a task has. A longer row of underscores counts as two: it is ambiguous."""
    return sum(1 if found == BLANK else 2 for found in _BLANKS.findall(code))


def fill_blank(task: Task, option: Option) -> str:
    """The source of the view with this option in its blank."""
    return put_in_blank(task.code, option.text)


def put_in_blank(code: str, text: str) -> str:
    """The code with the text in its blank; lines after its first stand as far in as the blank does."""
    before = code.partition(BLANK)[0].rpartition("\n")[2]
    indent = before if not before.strip() else ""
    return code.replace(BLANK, text.replace("\n", f"\n{indent}"), 1)


def sample_id(task: Task, number: int) -> str:
    """Of the sample that option `number` (from 1) makes."""
    return f"{PREFIX}{task.id}-{number}"


def lane_id(task: Task, number: int) -> str:
    """Of the lane that option `number` (from 1) makes; there is one iff the source has no syntax error."""
    return f"{sample_id(task, number)}@{task.server}"


def syntax_error(source: str) -> str:
    """What Python says when it cannot compile this, with the line; "" when it can. Nothing is run."""
    try:
        compile_quietly(source, "view.py")
    except SyntaxError as error:
        return f"{type(error).__name__}: {error.msg}" + (f" (line {error.lineno})" if error.lineno else "")
    except (ValueError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"
    return ""
