"""Directories and files of a stack's home, each owned by the OS user whose server reads it."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from timecontrol.settings import Settings, given_settings, kept_settings, settings_file
from timecontrol.stack.errors import StackError

# A first start writes about 1 GiB (WAL, redo log, journal files); below this a server would die half made.
MIN_FREE_BYTES = 2 * 1024**3

# What a home has before its first stack: secrets that an operator gave, what a start that was refused has made, device files.
OWN_NAMES = ("secrets.json", "settings.json", "logs", "run", "inbox")


@cache
def server_user(name: str) -> str | None:
    """The OS user a server runs as: its Debian user when the stack is run by root (some servers refuse root)."""
    return name if os.geteuid() == 0 else None


def make_directory(path: Path, owner: str | None = None, mode: int = 0o700) -> Path:
    """The directory, made if absent, with this owner and mode."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    if owner is not None:
        shutil.chown(path, owner, owner)
    return path


def write_private(path: Path, text: str, owner: str | None = None) -> Path:
    """Replace a file in one step, readable by its owner alone."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    if owner is not None:
        shutil.chown(fresh, owner, owner)
    fresh.replace(path)
    return path


def make_home(settings: Settings) -> None:
    """The stack's directories; raises StackError where they cannot be made, are not ours, or the disk is nearly full."""
    refuse_foreign_home(settings.home)
    try:
        # 0711: the servers' own users pass through, and list nothing.
        make_directory(settings.home, mode=0o711)
        for name in ("logs", "run"):
            make_directory(settings.home / name)
    except OSError as error:
        raise StackError(
            f"TIMECONTROL_HOME={settings.home} cannot be used: {error.strerror}. Name a directory that {_who()} may write."
        ) from error
    check_free_space(settings.home, shutil.disk_usage(settings.home).free)


def holds_stack(home: Path) -> bool:
    """Whether a stack was started there."""
    return (home / "secrets.json").exists() and (home / "run").is_dir()


def refuse_foreign_home(home: Path) -> None:
    """Raise StackError for a directory that holds what is not a stack's: `stack clean` would delete that too."""
    if holds_stack(home) or not home.is_dir():
        return
    foreign = sorted(path.name for path in home.iterdir() if path.name not in OWN_NAMES)
    if foreign:
        raise StackError(
            f"TIMECONTROL_HOME={home} holds other files: {', '.join(foreign[:3])}. Name an empty directory or a new one."
        )


def keep_settings(settings: Settings) -> None:
    """Write down what the environment gives, over what is kept already: the services find it there, and other shells."""
    kept = kept_settings(settings.home)
    wanted = kept | given_settings() | {"TIMECONTROL_PORT_BASE": str(settings.port_base)}
    # The file lies in the home, so it cannot say where that is.
    wanted.pop("TIMECONTROL_HOME", None)
    if wanted != kept:
        write_private(settings_file(settings.home), json.dumps(wanted, indent=2) + "\n")


@contextmanager
def alone(home: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the home's lock for the block: two who start or stop the same stack at once take turns.

    Raises StackError where another holds it and the caller does not want to wait.
    """
    with (home / "run/lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackError(f"Another start or stop of the stack at {home} is under way") from error
        yield


def check_free_space(home: Path, free_bytes: int) -> None:
    """Refuse a start on a disk that is nearly full, before any server writes half a file."""
    if free_bytes < MIN_FREE_BYTES:
        raise StackError(
            f"Only {free_bytes / 1024**2:,.0f} MiB are free for {home}; the stack needs {MIN_FREE_BYTES / 1024**2:,.0f} MiB. "
            "Free some space or set TIMECONTROL_HOME to a directory on another disk."
        )


def _who() -> str:
    return "root" if os.geteuid() == 0 else f"user {os.environ.get('USER') or os.geteuid()}"
