"""The small JSON files that a home keeps: secrets, settings and the first accounts."""

import json
import os
from pathlib import Path
from typing import Any

from timecontrol.errors import UserError


class KeptFileError(UserError):
    """A file of the home that nobody can read any more, or not this user."""


def read_kept(path: Path) -> dict[str, Any]:
    """The JSON object in a file of the home, empty where there is no file; raises KeptFileError where it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except PermissionError as error:
        raise KeptFileError(
            f"{path} may not be read by user {os.geteuid()}: run this as the user it belongs to."
        ) from error
    except OSError as error:
        raise KeptFileError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise KeptFileError(f"{path} is damaged: {error}. {_way_out(path)}") from error
    if not isinstance(content, dict):
        raise KeptFileError(f"{path} is damaged: it holds no JSON object. {_way_out(path)}")
    return content


def read_kept_texts(path: Path) -> dict[str, str]:
    """The same where every value must be a text; raises KeptFileError naming one that is not."""
    content = read_kept(path)
    for name, value in content.items():
        if not isinstance(value, str):
            raise KeptFileError(
                f"{path} is damaged: {name} is {json.dumps(value)}, no text in quotes. {_way_out(path)}"
            )
    return content


def _way_out(path: Path) -> str:
    if path.name == "secrets.json":
        return "Put it back from a copy: the servers' data open with the passwords in it alone."
    return f"Correct it, or remove it: what it held is then the default again, or made anew ({path.name})."
