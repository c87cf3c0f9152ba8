"""The `timecontrol` command.

Each command lives in a module of its own and is imported when it is called, so that the others start fast. To add one,
write a `typer.Typer()` or a function with typer's annotations and name it in `COMMANDS`. Raise a `UserError` for what a
person can put right: its message is printed alone.
"""

import logging
import sys
from importlib import import_module
from typing import Any

import structlog
import typer
from typer.core import TyperGroup

from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.errors import UserError

#: Command -> module:attribute of a function or of a `typer.Typer()` with sub-commands.
COMMANDS = {
    "run": "timecontrol.first_run.command:run",
    "stack": "timecontrol.stack.command:app",
    "status": "timecontrol.stack.status:status",
    "env": "timecontrol.stack.environment:env",
    "import": "ingestion.sources.device_files.command:import_command",
    "simulate": "timecontrol.simulator.command:simulate",
    "reconcile": "ingestion.reconcile:reconcile",
    "explain": "timecontrol.serving.explain.command:explain",
    "hours": "timecontrol.serving.hours_command:hours",
    "export": "timecontrol.serving.exports.command:export",
    "compute": "timecontrol.serving.compute_command:compute",
    "policy": "timecontrol.policy.command:app",
    "quarantine": "ingestion.quarantine:app",
}


class LazyGroup(TyperGroup):
    """Imports a command when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  typer keeps this type to itself
        """All commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002  typer keeps these types to itself
        """The command of this name."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False)
            single.command()(found)
            found = single
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Employee Time Control.",
)


@app.callback()
def _root() -> None:
    """Employee Time Control: from a punch at a terminal to a paid hour on a screen."""


def main() -> None:
    """Run the command line; a mistake that a person can put right is one message on standard error and exit code 1."""
    # What a person sees is written by the commands themselves; what is logged beside it is only what is wrong.
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    try:
        app()
    except (UserError, Rejected, Transient) as error:
        typer.secho(f"Error: {error}", fg="red", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
