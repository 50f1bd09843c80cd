"""Command line: build the `kinelog` application, run it, and map refusals to exit codes."""

import sys

import typer

from bootstrap.cli.lazy_commands import LazyGroup
from bootstrap.cli.output import err
from bootstrap.exit_codes import exit_code
from bootstrap.wiring.logs import configure_logs
from domain.kernel import Rejected

app = typer.Typer(
    cls=LazyGroup,
    name="kinelog",
    help="Count, measure and coach workouts on video.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _group() -> None:
    """Make the application a group; LazyGroup finds its commands."""


def main() -> None:
    """Run a command. A refusal prints one sentence on standard error and sets the exit code."""
    configure_logs()
    try:
        app()
    except Rejected as refusal:
        err.print(f"kinelog: {refusal.detail}", markup=False, soft_wrap=True)
        sys.exit(exit_code(refusal))
