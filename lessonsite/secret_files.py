"""Secrets that stand in files: `SECRET_KEY_FILE=/run/secrets/key` in place of `SECRET_KEY=…`.

An environment is seen by whoever may look at the process or at its container; a file has an owner and a mode.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

SUFFIX: Final = "_FILE"
MOST: Final = 4096  # bytes


def file_name(variable: str) -> str:
    """The variable that says in which file the value of this one stands."""
    return variable + SUFFIX


def read_files(environ: Mapping[str, str], secrets: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The values of the variables `secrets` that stand in files, and what is wrong with those files."""
    values: dict[str, str] = {}
    faults: list[str] = []
    for name in secrets:
        path = environ.get(file_name(name), "").strip()
        if not path:
            continue
        if environ.get(name, "").strip():
            faults.append(f"{name} and {file_name(name)} are both set. Keep one of them.")
            continue
        try:
            values[name] = _read_secret(Path(path))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            faults.append(f"The file that {file_name(name)} names, {path}, cannot be used: {reason}.")
    return values, faults


def _read_secret(path: Path) -> str:
    """Raises `OSError`, `ValueError`."""
    with path.open("rb") as file:
        found = file.read(MOST + 1)
    if len(found) > MOST:
        raise ValueError(f"it is larger than {MOST} bytes")
    try:
        text = found.decode().strip()
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None
    if not text:
        raise ValueError("it is empty")
    return text
