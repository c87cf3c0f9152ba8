"""What clients of the User API rely on, as lines: `python -m tests.contract.openapi` prints them for the snapshot.

One line for each operation, parameter, body and answer, and one for each field of their schemas: `in` for what clients
send, `out` for what they get.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import Mock

from user_api.app import make_app, openapi
from user_api.services import Services

Schema = Mapping[str, Any]
REFERENCE = "#/components/schemas/"


def contract_lines() -> list[str]:
    """All lines, sorted."""
    # The document follows from the routes alone; no service is asked.
    document = openapi(make_app(Mock(spec=Services)))
    schemas = document["components"]["schemas"]
    lines: set[str] = set()
    used: dict[str, set[str]] = {"in": set(), "out": set()}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            lines.add(name)
            for parameter in operation.get("parameters", []):
                need = "required" if parameter.get("required") else "optional"
                where = f"in {name} {parameter['in']} {parameter['name']}"
                lines.add(f"{where}: {type_of(parameter['schema'])}, {need}")
            for media, content in operation.get("requestBody", {}).get("content", {}).items():
                lines.add(f"in {name} body {media}: {type_of(content['schema'])}")
                used["in"] |= references(content["schema"])
            for status, answer in operation["responses"].items():
                for media, content in answer.get("content", {"none": {"schema": {}}}).items():
                    lines.add(f"out {name} {status} {media}: {type_of(content.get('schema', {}))}")
                    used["out"] |= references(content.get("schema", {}))
    for direction, names in used.items():
        lines |= set(_field_lines(direction, names, schemas))
    return sorted(lines)


def type_of(schema: Schema) -> str:
    """A schema in one word or few."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REFERENCE)
    if "anyOf" in schema:
        return " or ".join(type_of(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " ".join(map(repr, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    return " ".join(str(schema[key]) for key in ("type", "format") if key in schema) or "anything"


def references(schema: object) -> set[str]:
    """The names of the component schemas in a schema."""
    if isinstance(schema, Mapping):
        found = {str(schema["$ref"]).removeprefix(REFERENCE)} if "$ref" in schema else set()
        return found.union(*(references(value) for value in schema.values()))
    if isinstance(schema, list):
        return set().union(*(references(value) for value in schema))
    return set()


def _field_lines(direction: str, names: set[str], schemas: Mapping[str, Schema]) -> Iterator[str]:
    waiting, done = set(names), set[str]()
    while waiting:
        name = waiting.pop()
        done.add(name)
        schema = schemas[name]
        for field, kind in schema.get("properties", {}).items():
            need = "required" if field in schema.get("required", []) else "optional"
            yield f"{direction} {name}.{field}: {type_of(kind)}, {need}"
        if "enum" in schema:
            yield f"{direction} {name}: {type_of(schema)}"
        waiting |= references(schema) - done


if __name__ == "__main__":
    sys.stdout.write("\n".join(contract_lines()) + "\n")
