"""The secret key of a site whose operator has not given one."""

import os
import secrets
import tempfile
from pathlib import Path


def kept_in(folder: Path) -> str:
    """The key in `folder`/secret_key, made at first use, readable by its owner only.

    Of processes that make it at the same time one wins, and all get the winner's key.
    """
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder)  # mode 600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(64))
            os.link(draft, path)  # fails if another process was first; never shows half a key
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text()
