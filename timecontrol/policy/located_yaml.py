"""YAML 1.2 as plain values, with the line of each: `22:00` is text, `on` is a word, dates and instants stay text."""

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import JsonValue
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]

TIMESTAMP = "tag:yaml.org,2002:timestamp"


class YamlFault(Exception):
    """A file that is no YAML.

    Attributes:
        line: where reading stopped, from 1.
        reason: what the reader expected.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Located:
    """A value read from a file, and on which line each part of it stands."""

    file: str
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Line of the value at `path`, or of the nearest enclosing one that has a line; from 1."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def existing(self, base: Path, further: tuple[str | int, ...]) -> Path:
        """`base` continued by those parts of `further` that name something in the file."""
        path = base
        for part in further:
            if (*path, part) in self.lines:
                path = (*path, part)
        return path


def read_yaml(path: FilePath, name: str) -> Located:
    """Read a file, called `name` in messages; raises YamlFault."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise YamlFault(1, f"byte {error.start} is not UTF-8") from error
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> Located:
    """The value of a text in YAML 1.2; raises YamlFault."""
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
        lines: dict[Path, int] = {}
        value = None if node is None else _construct(node, (), lines, yaml.constructor)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise YamlFault(mark.line + 1 if mark else 1, reason) from error
    except (YAMLError, ValueError) as error:
        raise YamlFault(1, str(error)) from error
    return Located(name, value, lines)


def _construct(node: Node, path: Path, lines: dict[Path, int], constructor: SafeConstructor) -> JsonValue:
    """Plain value of a node; a mapping's entry has the line of its key. Raises YamlFault for a key that occurs twice."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        result: dict[str, JsonValue] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise YamlFault(line, "a key must be a word")
            key = str(key_node.value)
            if key in result:
                raise YamlFault(line, f"the key {key} occurs twice")
            lines[*path, key] = line
            result[key] = _construct(value_node, (*path, key), lines, constructor)
        return result
    if isinstance(node, SequenceNode):
        return [_construct(item, (*path, index), lines, constructor) for index, item in enumerate(node.value)]
    plain: JsonValue = node.value if node.tag == TIMESTAMP else constructor.construct_object(node, deep=True)
    return plain
