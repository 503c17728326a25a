"""How is a file written that only its owner may read, and one read that others named? Privately, and within bounds.

For outputs, plans, the sandbox's state and whatever else the engine leaves: attributes, tags and command lines are not
for everyone on the machine. A file is written beside its place under a name of its own and moved there, so that a link
somebody planted at the place is replaced, never followed, and a reader finds the old file or the whole new one.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

FILE_MODE = 0o600
FOLDER_MODE = 0o700
MOST_READ = 20_000_000
"""Bytes of a policy, variables or world file; ten thousand policies are a quarter of it."""


def private_folder(path: Path) -> Path:
    """Make a folder and those above it that are missing, each for its owner alone. Raises OSError.

    A folder that exists is left as it is: it may be shared on purpose.
    """
    missing = []
    at = path
    while not at.exists():
        missing.append(at)
        at = at.parent
    for each in reversed(missing):
        with suppress(FileExistsError):  # another process was faster
            each.mkdir(mode=FOLDER_MODE)
            each.chmod(FOLDER_MODE)  # whatever the umask took away
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "Not a directory", str(path))
    return path


@contextmanager
def private_text(path: Path) -> Iterator[TextIO]:
    """A text to write; it is at `path` when the block has ended without an error. Raises OSError."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "Not a regular file", str(path))  # moved onto a device it would replace it
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as text:
            os.fchmod(handle, FILE_MODE)
            yield text
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def read_bounded(path: Path, most: int = MOST_READ) -> bytes:
    """A regular file's bytes. Raises OSError, also for what is none (a pipe never ends) or is larger than `most`."""
    if not stat.S_ISREG(path.stat().st_mode):
        kind = "Is a directory" if path.is_dir() else "Not a regular file"
        raise OSError(errno.EINVAL, kind, str(path))
    with path.open("rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise OSError(errno.EFBIG, f"Larger than {most // 1_000_000} MB", str(path))
    return raw


def private_opener(path: str, flags: int) -> int:
    """For `open(…, opener=)`, of logs and locks that are written in place: 0600, never through a link.

    Raises OSError, ELOOP where the path is a link.
    """
    handle = os.open(path, flags | os.O_NOFOLLOW, FILE_MODE)
    os.fchmod(handle, FILE_MODE)
    return handle


def write_private(path: Path, text: str) -> None:
    """Write a whole text. Raises OSError."""
    with private_text(path) as out:
        out.write(text)
