"""The signing key of a copy that runs on one machine."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def kept_key(file: Path) -> str:
    """Return the key in `file`, which only its owner may read, making it on the first start.

    Processes that start together all get the same key: a file appears whole and is never replaced.
    """
    if not file.exists():
        # mkstemp gives its file the mode 0600, and linking it carries that over.
        descriptor, draft = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(secrets.token_urlsafe(64))
        # If another process was first, its key holds.
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(draft)
        Path(draft).unlink()
    return file.read_text()
