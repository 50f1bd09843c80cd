"""All commands, and how they end."""

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
    help="Camera-coached training: a workout video goes in, facts come out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _group() -> None:
    """Let it be a group, whose commands are found."""


def main() -> None:
    """Run the command. A refusal is one sentence on standard error and a documented status."""
    configure_logs()
    try:
        app()
    except Rejected as refusal:
        err.print(f"kinelog: {refusal.detail}", markup=False, soft_wrap=True)
        sys.exit(exit_code(refusal))
