"""Which parameters exist: each model declares its name, its unit and, where the vocabulary gives one, its default."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter


@dataclass(frozen=True)
class Parameter:
    """One parameter of the vocabulary.

    Attributes:
        name: as written in policies, `group.parameter`.
        model: checks a value and normalises it; its docstring says what the parameter means.
        unit: what its numbers count (`minutes`, `seconds`, `clock time` …).
        default: the value in normal form that counts where a policy does not set it; None switches the rule off.
    """

    name: str
    model: type[BaseModel]
    unit: str
    default: JsonValue = None

    def normalise(self, value: object, pay_codes: Mapping[str, bool] | None = None) -> JsonValue:
        """The value in normal form: JSON with defaults filled in and without keys that are null.

        `pay_codes` maps each declared code to whether it comes on top; raises pydantic.ValidationError.
        """
        checked = self.model.model_validate(value, context={"pay_codes": pay_codes})
        return JSON.validate_python(checked.model_dump(mode="json", by_alias=True, exclude_none=True))


JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)

DECLARED: dict[str, Parameter] = {}


Model = TypeVar("Model", bound=type[BaseModel])


def parameter(name: str, *, unit: str, default: JsonValue = None) -> Callable[[Model], Model]:
    """Class decorator that enters a model into the vocabulary."""

    def declare(model: Model) -> Model:
        DECLARED[name] = Parameter(name, model, unit, default)
        return model

    return declare
