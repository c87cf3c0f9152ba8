"""Files that appear whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

# What people are to take away may be read by all.
READABLE = 0o644
# What only the stack's own user has to do with.
PRIVATE = 0o600


def write_atomically(target: Path, content: bytes, mode: int) -> None:
    """Put `content` at `target`: on disk before the name points at it. Raises OSError (disk full) leaving nothing."""
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as partial:
        try:
            partial.write(content)
            partial.flush()
            os.fsync(partial.fileno())
            Path(partial.name).chmod(mode)
            Path(partial.name).replace(target)
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise
    sync_names(target.parent)


def sync_names(folder: Path) -> None:
    """Have the names in a folder on disk: a file is durable when its content and its name are."""
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
