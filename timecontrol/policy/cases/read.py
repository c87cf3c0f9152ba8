"""Reads case files: each case checked alone, so that a wrong one is named and the others still run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import JsonValue, ValidationError

from timecontrol.policy.cases.inputs import CaseFault, CaseInputs, DatedValue, inputs_of, parameter_set
from timecontrol.policy.cases.model import Case
from timecontrol.policy.files import PolicyFolder
from timecontrol.policy.located_yaml import Located, YamlFault, read_yaml
from timecontrol.policy.parameters import PARAMETERS
from timecontrol.policy.problems import InvalidFiles, Problem, problem_at, problems_of
from timecontrol.policy.resolve import Entries, resolve
from timecontrol.policy.values import did_you_mean


@dataclass(frozen=True)
class SoundCase:
    """A case that can run.

    Attributes:
        name: unique among all files of a run.
        file: where it stands, with `line`.
        employee_id: the employee that it is for the models.
        expect: what is named, as plain values; None where nothing is.
    """

    name: str
    file: str
    line: int
    employee_id: str
    inputs: CaseInputs
    expect: dict[str, JsonValue] | None


@dataclass(frozen=True)
class WrongCase:
    """A case, or a whole file, that cannot run, and why."""

    name: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Vocabulary:
    """What cases may name: the policies of a folder with what they inherit, pay codes, and what the models compute."""

    policies: Mapping[str, Entries]
    pay_codes: Mapping[str, bool]
    computed: frozenset[str]

    @classmethod
    def of(cls, folder: PolicyFolder, computed: Iterable[str]) -> "Vocabulary":
        """The vocabulary of a folder; a policy that is wrong is unknown to it."""
        return cls(resolve(folder.policies)[0], folder.on_top, frozenset(computed))


def read_cases(paths: Iterable[Path], vocabulary: Vocabulary) -> tuple[list[SoundCase], list[WrongCase]]:
    """All cases of these files, in their order."""
    sound: list[SoundCase] = []
    wrong: list[WrongCase] = []
    places: dict[str, str] = {}
    for path in paths:
        try:
            located = _file(path)
        except InvalidFiles as error:
            wrong.append(WrongCase(str(path), tuple(error.problems)))
            continue
        for index in range(len(located.value)):
            name = _name(located, index)
            place = f"{located.file}:{located.line((index,))}"
            if name in places:
                # Answers are kept by name: the second case needs another one to be told at all.
                problem = problem_at(located, (index, "case"), f"a case of this name stands at {places[name]} already")
                wrong.append(WrongCase(f"{name} ({place})", tuple(_named(name, index, [problem]))))
                continue
            places[name] = place
            try:
                sound.append(_case(located, index, name, f"case-{len(sound):06}", vocabulary))
            except InvalidFiles as error:
                wrong.append(WrongCase(name, tuple(error.problems)))
    return sound, wrong


def _file(path: Path) -> Located:
    """The list of cases in a file; raises InvalidFiles for one that holds none."""
    try:
        located = read_yaml(path, str(path))
    except YamlFault as fault:
        raise InvalidFiles([Problem(str(path), fault.line, "", fault.reason)]) from fault
    except OSError as error:
        raise InvalidFiles([Problem(str(path), 1, "", error.strerror or str(error))]) from error
    if not isinstance(located.value, list):
        raise InvalidFiles([Problem(str(path), 1, "", "a list of cases is expected")])
    return located


def _name(located: Located, index: int) -> str:
    raw = located.value[index]
    name = raw.get("case") if isinstance(raw, dict) else None
    return name if isinstance(name, str) and name else f"{located.file}:{located.line((index,))}"


def _case(located: Located, index: int, name: str, employee_id: str, vocabulary: Vocabulary) -> SoundCase:
    """One case; raises InvalidFiles with everything that is wrong in it."""
    try:
        case = Case.model_validate(located.value[index], context={"pay_codes": vocabulary.pay_codes})
    except ValidationError as error:
        raise InvalidFiles(_named(name, index, problems_of(error, located, (index,)))) from error
    problems: list[Problem] = []
    policy: Entries = {}
    if case.policy is not None and case.policy not in vocabulary.policies:
        reason = f"unknown policy {case.policy}{did_you_mean(case.policy, vocabulary.policies)}"
        problems.append(problem_at(located, (index, "policy"), reason))
    elif case.policy is not None:
        policy = vocabulary.policies[case.policy]
    by_value, found = _by_value(case, located, index, vocabulary)
    problems.extend(found)
    problems.extend(
        problem_at(located, (index, "policy"), f"parameter not yet computed: {parameter}")
        for parameter, entries in sorted(policy.items())
        if parameter not in vocabulary.computed
        and parameter not in by_value
        and any(entry.value is not None for entry in entries)
    )
    try:
        inputs = inputs_of(case, employee_id, parameter_set(policy, by_value))
    except CaseFault as fault:
        problems.append(problem_at(located, (index, *fault.path), fault.reason))
    if problems:
        raise InvalidFiles(_named(name, index, problems))
    expect = None if case.expect is None else case.expect.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return SoundCase(name, located.file, located.line((index,)), employee_id, inputs, expect)


def _by_value(
    case: Case, located: Located, index: int, vocabulary: Vocabulary
) -> tuple[dict[str, DatedValue], list[Problem]]:
    """The case's own parameters in normal form, valid always, and what is wrong with them."""
    values: dict[str, DatedValue] = {}
    problems: list[Problem] = []
    for name, value in case.parameters.items():
        place = (index, "parameters", name)
        if name not in PARAMETERS:
            problems.append(problem_at(located, place, f"unknown parameter{did_you_mean(name, PARAMETERS)}"))
            continue
        if value is not None and name not in vocabulary.computed:
            problems.append(problem_at(located, place, "parameter not yet computed"))
        try:
            normal = None if value is None else PARAMETERS[name].normalise(value, vocabulary.pay_codes)
        except ValidationError as error:
            problems.extend(problems_of(error, located, place))
            continue
        values[name] = (name, "-infinity", normal, None, located.file, located.line(place))
    return values, problems


def _named(name: str, index: int, problems: list[Problem]) -> list[Problem]:
    """Problems that lead from the case's name instead of its number in the file."""
    places = [problem.place.removeprefix(f"[{index}]").removeprefix(".") for problem in problems]
    return [
        replace(problem, place=": ".join(part for part in (name, place) if part))
        for problem, place in zip(problems, places, strict=True)
    ]
