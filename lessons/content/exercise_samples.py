"""The samples and lanes that a lesson's tasks make: every option in its blank, as a file a lane can run.

The files stand outside the content, under the hash of what they hold, so that they are written once, and a change of a
task never changes a file that a run under way has been given.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from lessons.content.model import Lane, Lesson, Sample
from lessons.content.teaching import Option, Task
from lessons.content.variants import fill_blank, sample_id, syntax_error

NAME = "view.py"


def complete_lesson(lesson: Lesson, folder: Path) -> Lesson:
    """The lesson with a sample and a lane for each option that compiles; their files are written below `folder`."""
    made = [_sample(task, number, option, folder) for task, number, option in _options(lesson)]
    if not made:
        return lesson
    lanes = (Lane(each.id, each.servers[0], each.name, chosen=False, listed=False) for each in made)
    return replace(lesson, samples=(*lesson.samples, *made), lanes=(*lesson.lanes, *lanes))


def prune_samples(folder: Path, lessons: Iterable[Lesson], age: float) -> int:
    """Delete what is below `folder`, was made more than `age` seconds ago and belongs to none of the lessons; how much.

    The caller sees to it that no process with other lessons uses the folder.
    """
    used = {sample.path.parent for lesson in lessons for sample in lesson.samples}
    before = time.time() - age
    stale = [each for each in folder.glob("*/") if each not in used and each.stat().st_mtime < before]
    for each in stale:
        shutil.rmtree(each, ignore_errors=True)
    return len(stale)


def _options(lesson: Lesson) -> Iterator[tuple[Task, int, Option]]:
    for task in lesson.teaching.tasks:
        for number, option in enumerate(task.options, 1):
            if not syntax_error(fill_blank(task, option)):
                yield task, number, option


def _sample(task: Task, number: int, option: Option, folder: Path) -> Sample:
    source = fill_blank(task, option)
    return Sample(
        id=sample_id(task, number),
        name=f"Try: {option.text}",
        summary=f"{task.title}, completed with {option.text}.",
        path=_written(source, folder),
        source=source,
        servers=(task.server,),
    )


def _written(source: str, folder: Path) -> Path:
    content = source.encode()
    path = folder / sha256(content).hexdigest() / NAME
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)  # several processes may write it at once
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    return path
