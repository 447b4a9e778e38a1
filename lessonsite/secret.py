"""The secret key of a site whose operator has not given one."""

import os
import secrets
import tempfile
from pathlib import Path

from lessonsite.formats import SHORTEST_KEY


class SecretUnavailable(Exception):
    """There is no key, and none can be made; the text is one line that says why."""


def kept_in(folder: Path) -> str:
    """The key in `folder`/secret_key, made at first use, readable by its owner only.

    Of processes that make it at the same time one wins, and all get the winner's key. Raises `SecretUnavailable`.
    """
    path = folder / "secret_key"
    try:
        if not path.exists():
            _make(path)
        key = path.read_text()
    except OSError as error:
        raise SecretUnavailable(
            f"The secret key cannot be read from {path}, or made there: {error.strerror}."
        ) from None
    except UnicodeDecodeError:
        key = ""
    if len(key.strip()) < SHORTEST_KEY:
        raise SecretUnavailable(f"The secret key in {path} is damaged. Delete the file, or set SECRET_KEY.")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        os.link(draft, path)  # fails if another process was first; never shows half a key
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
