"""The samples and lanes that a lesson's tasks and its build make: every filling of the blanks, as a file for a lane.

The files stand outside the content, under the hash of what they hold, so that they are written once, and a change of a
task never changes a file that a run under way has been given.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from lessons.content import builds
from lessons.content.model import Lane, Lesson, Sample
from lessons.content.variants import fill_blank, sample_id, syntax_error

NAME = "view.py"


def complete_lesson(lesson: Lesson, folder: Path) -> Lesson:
    """The lesson with a sample and a lane for each filling that compiles; their files are written below `folder`."""
    made = [_sample(each, folder) for each in (*_options(lesson), *_built(lesson)) if not syntax_error(each.source)]
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


@dataclass(frozen=True, slots=True)
class _Filled:
    """A view whose blanks are filled."""

    id: str
    name: str
    summary: str
    source: str
    server: str


def _options(lesson: Lesson) -> Iterator[_Filled]:
    for task in lesson.teaching.tasks:
        for number, option in enumerate(task.options, 1):
            summary = f"{task.title}, completed with {option.text}."
            name, source = f"Try: {task.title}", fill_blank(task, option)
            yield _Filled(sample_id(task, number), name, summary, source, task.server)


def _built(lesson: Lesson) -> Iterator[_Filled]:
    if build := builds.build_of(lesson):
        for choice in builds.choices(build):
            id, source = builds.built_sample(choice), builds.built_source(build, choice)
            yield _Filled(id, "Your view", f"{build.title}, put together from blocks.", source, build.server)


def _sample(filled: _Filled, folder: Path) -> Sample:
    path = _written(filled.source, folder)
    return Sample(filled.id, filled.name, filled.summary, path, filled.source, (filled.server,))


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
