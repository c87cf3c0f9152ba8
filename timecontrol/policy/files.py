"""Policy files: `policies/<jurisdiction>/<policy>.yaml` and `policies/pay_codes.yaml`, read and checked one by one."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, JsonValue, ValidationError

from timecontrol.policy.located_yaml import Located, YamlFault, read_yaml
from timecontrol.policy.parameters import PARAMETERS
from timecontrol.policy.problems import InvalidFiles, Problem, problem_at, problems_of
from timecontrol.policy.values import Day, Strict, did_you_mean

PAY_CODES_FILE = "pay_codes.yaml"

#: Where the policies of a checkout stand.
DEFAULT_FOLDER = Path(__file__).parents[2] / "policies"

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PolicyName = Annotated[str, Field(pattern=f"^{NAME.pattern}$")]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]


class PayCode(Strict):
    """A pay code: what its lines are called, what an hour of it is worth, and whether it comes on top of base pay."""

    title: Sentence
    """As payroll clerks read it."""
    multiplier: Annotated[int | float, Field(ge=0, lt=1000)]
    """Of the hourly rate, three decimals at most."""
    on_top: bool
    """True: comes on top of base pay; false: replaces it."""


class _Entry(Strict):
    """The frame of one dated value; the value itself is checked by the parameter's model."""

    valid_from: Day
    value: Any
    reference: Sentence


class _Policy(Strict):
    """The frame of a policy file."""

    policy: PolicyName
    title: Sentence
    extends: PolicyName | None = None
    parameters: dict[str, list[_Entry]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One dated value of a parameter, in normal form (None: abolished), and where it stands."""

    parameter: str
    valid_from: date
    value: JsonValue
    reference: str | None
    file: str
    line: int


@dataclass(frozen=True)
class PolicyFile:
    """One policy as its file says it, before `extends` is applied; entries of a parameter rise by date."""

    policy: str
    title: str
    extends: str | None
    entries: dict[str, tuple[Entry, ...]]
    file: str
    extends_line: int


@dataclass(frozen=True)
class PolicyFolder:
    """What a folder of policies says, and what is wrong with the files that are not part of it."""

    pay_codes: dict[str, PayCode]
    policies: dict[str, PolicyFile]
    problems: tuple[Problem, ...]

    @property
    def on_top(self) -> dict[str, bool]:
        """Each declared pay code, and whether it comes on top."""
        return {code: declared.on_top for code, declared in self.pay_codes.items()}


def read_folder(folder: Path) -> PolicyFolder:
    """Read all policies below `folder`; a wrong file is left out and named in `problems`, the others are unharmed."""
    pay_codes, problems = _read_pay_codes(folder / PAY_CODES_FILE, folder)
    on_top = {code: declared.on_top for code, declared in pay_codes.items()}
    policies: dict[str, PolicyFile] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        try:
            policy = read_policy_file(path, folder, on_top)
        except InvalidFiles as error:
            problems.extend(error.problems)
            continue
        if policy.policy in policies:
            first = policies[policy.policy].file
            problems.append(Problem(policy.file, 1, "policy", f"{policy.policy} is declared in {first} already"))
            continue
        policies[policy.policy] = policy
    return PolicyFolder(pay_codes, policies, tuple(sorted(problems)))


def _name(path: Path, folder: Path) -> str:
    return str(Path(folder.name) / path.relative_to(folder))


def _read_pay_codes(path: Path, folder: Path) -> tuple[dict[str, PayCode], list[Problem]]:
    name = _name(path, folder)
    try:
        located = read_yaml(path, name)
    except FileNotFoundError:
        return {}, [Problem(name, 1, "", "the file is missing; it declares every pay code")]
    except YamlFault as fault:
        return {}, [Problem(name, fault.line, "", fault.reason)]
    if not isinstance(located.value, dict):
        return {}, [Problem(name, 1, "", "a mapping of pay codes is expected")]
    codes: dict[str, PayCode] = {}
    problems: list[Problem] = []
    for code, declared in located.value.items():
        try:
            codes[code] = PayCode.model_validate(declared)
        except ValidationError as error:
            problems.extend(problems_of(error, located, (code,)))
            continue
        if not re.fullmatch(r"[a-z][a-z0-9_]*", code):
            problems.append(problem_at(located, (code,), "a pay code is lower-case letters, digits and _"))
        if -int(Decimal(str(codes[code].multiplier)).as_tuple().exponent) > 3:
            problems.append(problem_at(located, (code, "multiplier"), "three decimals at most"))
    return codes, problems


def read_policy_file(path: Path, folder: Path, on_top: dict[str, bool]) -> PolicyFile:
    """One policy file, named in messages by its place in the folder; raises InvalidFiles with every problem in it."""
    name = _name(path, folder)
    try:
        located = read_yaml(path, name)
        frame = _Policy.model_validate(located.value)
    except YamlFault as fault:
        raise InvalidFiles([Problem(name, fault.line, "", fault.reason)]) from fault
    except ValidationError as error:
        raise InvalidFiles(problems_of(error, located)) from error
    problems = []
    if frame.policy != path.stem:
        problems.append(
            problem_at(located, ("policy",), f"the file is called {path.name}, so the policy must be {path.stem}")
        )
    entries: dict[str, tuple[Entry, ...]] = {}
    for parameter, listed in frame.parameters.items():
        checked, found = _check_entries(parameter, listed, located, on_top)
        entries[parameter] = tuple(sorted(checked, key=lambda entry: entry.valid_from))
        problems.extend(found)
    if problems:
        raise InvalidFiles(problems)
    return PolicyFile(frame.policy, frame.title, frame.extends, entries, name, located.line(("extends",)))


def _check_entries(
    parameter: str, listed: list[_Entry], located: Located, on_top: dict[str, bool]
) -> tuple[list[Entry], list[Problem]]:
    """The dated values of one parameter of a policy file in normal form, and what is wrong with them."""
    base = ("parameters", parameter)
    if parameter not in PARAMETERS:
        return [], [problem_at(located, base, f"unknown parameter{did_you_mean(parameter, PARAMETERS)}")]
    entries: list[Entry] = []
    problems: list[Problem] = []
    for index, entry in enumerate(listed):
        place = (*base, index)
        if any(entry.valid_from == earlier.valid_from for earlier in entries):
            problems.append(problem_at(located, (*place, "valid_from"), f"{entry.valid_from} occurs twice"))
        try:
            value = None if entry.value is None else PARAMETERS[parameter].normalise(entry.value, on_top)
        except ValidationError as error:
            problems.extend(problems_of(error, located, (*place, "value")))
            continue
        entries.append(Entry(parameter, entry.valid_from, value, entry.reference, located.file, located.line(place)))
    return entries, problems
