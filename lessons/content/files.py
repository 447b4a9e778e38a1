"""Files of a lesson: only those inside its folder, and none that are too large."""

from pathlib import Path, PurePosixPath
from typing import Final

MAX_BYTES: Final = 256 * 1024  # of lesson.toml and of a sample
MAX_TEXT_BYTES: Final = 64 * 1024  # of a Markdown file
MAX_NAME: Final = 200  # characters of a path
MAX_RECORDING_BYTES: Final = 2 * 1024 * 1024  # of a recorded run


class FileFault(ValueError):
    """A file that cannot be used, and why."""


def path_fault(folder: Path, name: str) -> str:
    """Why `name` cannot be the path of a file of `folder`, there or not; "" when it can."""
    if is_tricky_path(name):
        return f"{name[:60]!r} must be a plain path inside the lesson's folder"
    try:
        inside = (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:  # a loop of links, a name too long
        return f"{name[:60]!r} cannot be opened: {type(error).__name__}"
    return "" if inside else f"{name} leads out of the lesson's folder"


def file_fault(folder: Path, name: str, most: int = MAX_BYTES) -> str:
    """Why `name` cannot be read as a file of `folder`; "" when it can."""
    if reason := path_fault(folder, name):
        return reason
    try:
        path = folder / name
        if not path.is_file():
            return f"there is no file {name}"
        size = path.stat().st_size
    except OSError as error:
        return f"{name[:60]!r} cannot be opened: {type(error).__name__}"
    return f"{name} has {size:,} bytes; {most:,} are allowed" if size > most else ""


def read_text(folder: Path, name: str, most: int = MAX_BYTES) -> str:
    """The text of a file of the folder. Raises `FileFault`."""
    if reason := file_fault(folder, name, most):
        raise FileFault(reason)
    try:
        return (folder / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileFault(f"{name} cannot be read: {error}") from None


def is_tricky_path(name: str) -> bool:
    """Absolute, climbing, endless, or not a path every system reads the same way?"""
    path = PurePosixPath(name)
    return (
        len(name) > MAX_NAME
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or not name.isprintable()
    )
