"""What is wrong in a file that people wrote: the place, the reason, and every fault at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from timecontrol.errors import UserError
from timecontrol.policy.located_yaml import Located, Path


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: the file, its line (from 1), the keys that lead there, and a sentence that says what is wrong."""

    file: str
    line: int
    place: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.place}: {self.reason}" if self.place else f"{where}: {self.reason}"


class InvalidFiles(UserError):
    """Files that cannot be used; the message lists every problem.

    Attributes:
        problems: all of them, in the order of files and lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def problem_at(located: Located, path: Path, reason: str) -> Problem:
    """A problem of the value at `path` (keys and list indexes) of a file."""
    return Problem(located.file, located.line(path), _spell(path), reason)


def problems_of(error: ValidationError, located: Located, base: Path = ()) -> list[Problem]:
    """What pydantic found in the value at `base` of a file, one problem for each place."""
    found: dict[Path, str] = {}
    for item in error.errors(include_url=False):
        path = located.existing(base, item["loc"])
        if item["type"] == "unknown_key":
            path = located.existing(path, (item["ctx"]["key"],))
        if item["type"] == "missing":
            found[path] = f"{item['loc'][-1]} is missing"
        else:
            # Branches of a union report the same place one after the other; the last is the widest.
            found[path] = _say(item)
    return [problem_at(located, path, reason) for path, reason in found.items()]


def _say(item: ErrorDetails) -> str:
    reason = str(item["msg"]).removeprefix("Value error, ")
    plain = isinstance(item["input"], (str, int, float, bool)) and item["type"] not in {"unknown_key", "value_error"}
    return f"{reason}, not {item['input']!r}" if plain else reason


def _spell(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
