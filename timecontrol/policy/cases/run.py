"""One run of any number of cases through the models of production, in a scratch database."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog
from pydantic import JsonValue

from timecontrol.errors import UserError
from timecontrol.policy.cases.compare import Difference, differences
from timecontrol.policy.cases.fill import fill
from timecontrol.policy.cases.read import SoundCase, Vocabulary, WrongCase, read_cases
from timecontrol.policy.cases.results import read_marts, results
from timecontrol.policy.files import PolicyFolder, read_folder
from timecontrol.policy.located_yaml import YamlFault, read_yaml
from timecontrol.policy.parameters import PARAMETERS
from timecontrol.policy.rows import rows_of
from timecontrol.settings import Settings
from timecontrol.warehouse.dbt import PROJECT, run_models
from timecontrol.warehouse.pools import connect
from timecontrol.warehouse.scratch import scratch

log = structlog.get_logger()

SUPPORTED_PARAMETERS_FILE = PROJECT / "supported_parameters.yml"


@dataclass(frozen=True)
class CheckedCase:
    """A case that ran: its answer, and where the answer is not what is expected."""

    case: SoundCase
    answer: dict[str, JsonValue]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Report:
    """What became of the cases of a run, in the order of their files."""

    checked: tuple[CheckedCase, ...]
    wrong: tuple[WrongCase, ...]

    @property
    def passed(self) -> bool:
        """Whether every case could run and agrees with what it expects."""
        return not self.wrong and not any(checked.differences for checked in self.checked)

    def to_json(self) -> dict[str, JsonValue]:
        """Each case's answer, or its error, by name."""
        errors: dict[str, JsonValue] = {
            wrong.name: {"error": "; ".join(str(problem) for problem in wrong.problems)} for wrong in self.wrong
        }
        return {checked.case.name: dict(checked.answer) for checked in self.checked} | errors


def supported_parameters() -> frozenset[str]:
    """Names of the parameters that the models compute, as the dbt project lists them; raises UserError for a wrong list."""
    try:
        listed = read_yaml(SUPPORTED_PARAMETERS_FILE, SUPPORTED_PARAMETERS_FILE.name).value
    except (OSError, YamlFault) as error:
        raise UserError(f"{SUPPORTED_PARAMETERS_FILE} cannot be read: {error}") from error
    if not isinstance(listed, list) or not set(listed) <= set(PARAMETERS):
        raise UserError(f"{SUPPORTED_PARAMETERS_FILE} must be a list of parameters of the vocabulary")
    return frozenset(listed)


def check(settings: Settings, paths: Iterable[Path], policies: Path) -> Report:
    """Run all cases of these files in one pass and compare them with what they expect."""
    folder = read_folder(policies)
    for problem in folder.problems:
        log.warning("policy left out", problem=str(problem))
    sound, wrong = read_cases(paths, Vocabulary.of(folder, supported_parameters()))
    answers = compute(settings, sound, folder) if sound else {}
    return Report(
        checked=tuple(
            CheckedCase(
                case,
                answers[case.name],
                tuple(differences(case.expect or {}, answers[case.name], case.inputs.time_zone)),
            )
            for case in sound
        ),
        wrong=tuple(wrong),
    )


def compute(settings: Settings, cases: list[SoundCase], folder: PolicyFolder) -> dict[str, dict[str, JsonValue]]:
    """The answers of cases by name, computed by all models in one invocation."""
    with connect(settings, "transform") as connection, tempfile.TemporaryDirectory(prefix="timecontrol-cases-") as work:
        connection.autocommit = True
        with scratch(connection) as made:
            fill(connection, made, cases, rows_of(folder).pay_codes)
            run_models(settings, Path(work), variables=made.variables, full_refresh=True)
            return results(cases, read_marts(connection, made.prefix + "marts"))
