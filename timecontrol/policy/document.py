"""Writes docs/policy-parameters.md from the models: name, shape, unit, default, meaning; a test holds the page equal to it."""

import inspect
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from timecontrol.policy.parameters import GROUPS, PARAMETERS
from timecontrol.policy.registry import Parameter

Schema = Mapping[str, Any]

INTRODUCTION = """# Parameters of policies

Made from the models in `timecontrol/policy/parameters` by `python -m timecontrol.policy.document`. A parameter that is
not set switches its rule off, unless a default is named; `value: null` in a policy abolishes it from that date. Minutes may
have a fraction; `…?` marks a key that may be left out. In the database (`policy.parameters.value`) a value stands as
JSON with defaults filled in and without keys that are null.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(line for title, module in GROUPS for line in _group(title, module))]) + "\n"


def _group(title: str, module: ModuleType) -> Iterator[str]:
    yield f"## {title}"
    for declared in PARAMETERS.values():
        if declared.model.__module__ == module.__name__:
            yield from _entry(declared)


def _entry(declared: Parameter) -> Iterator[str]:
    schema = declared.model.model_json_schema(by_alias=True)
    default = "" if declared.default is None else f" · default `{json.dumps(declared.default)}`"
    yield f"### `{declared.name}`"
    yield f"`{shape(schema, schema)}` · {declared.unit}{default}\n"
    yield inspect.getdoc(declared.model) or ""
    keys = [f"- `{path}`: {meaning}" for path, meaning in _keys(schema, schema, "")]
    if keys:
        yield ""
        yield from keys
    yield ""


def shape(schema: Schema, root: Schema) -> str:
    """A JSON schema as people write the value: `{minutes: number, note_over_minutes?: number}`."""
    schema = _resolved(schema, root)
    if choices := schema.get("enum"):
        return " | ".join(choices) if isinstance(choices[0], str) else " | ".join(map(json.dumps, choices))
    if "const" in schema:
        return json.dumps(schema["const"])
    if branches := schema.get("anyOf") or schema.get("oneOf"):
        spelled = [shape(branch, root) for branch in branches if branch.get("type") != "null"]
        return " | ".join(dict.fromkeys(spelled))
    if schema["type"] == "array":
        return f"[{shape(schema['items'], root)}, …]"
    if schema["type"] == "object" and "properties" not in schema:
        [value] = schema["patternProperties"].values()
        return f"{{{shape({'type': 'string', **schema['propertyNames']}, root)}: {shape(value, root)}, …}}"
    if schema["type"] == "object":
        required = schema.get("required", ())
        return (
            "{"
            + ", ".join(
                f"{key}{'' if key in required else '?'}: {shape(value, root)}{_null(value, key, required)}{_default(value)}"
                for key, value in schema["properties"].items()
            )
            + "}"
        )
    if schema["type"] == "string":
        # The root's description is its docstring, so a clock time is known by its pattern.
        if ":" in schema.get("pattern", ""):
            return "HH:MM"
        return "date" if schema.get("format") == "date" else str(schema.get("description", "text"))
    return {"integer": "number", "boolean": "true or false"}.get(schema["type"], str(schema["type"]))


def _null(schema: Schema, key: str, required: Sequence[str]) -> str:
    """A key that must be given, as null if need be."""
    return " | null" if key in required and {"type": "null"} in schema.get("anyOf", ()) else ""


def _default(schema: Schema) -> str:
    default = schema.get("default")
    return "" if default is None else f" = {json.dumps(default)}"


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def _keys(schema: Schema, root: Schema, prefix: str) -> Iterator[tuple[str, str]]:
    """Each key below a value with its meaning, outer keys first."""
    schema = _resolved(schema, root)
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _keys(branch, root, prefix)
    if schema.get("type") == "array":
        yield from _keys(schema["items"], root, f"{prefix}[]")
    for key, value in schema.get("properties", {}).items():
        path = f"{prefix}.{key}".removeprefix(".")
        yield path, " ".join(str(value.get("description", "")).split())
        yield from _keys(value, root, path)


if __name__ == "__main__":
    sys.stdout.write(page())
