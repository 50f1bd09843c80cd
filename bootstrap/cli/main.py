"""Command line: build the `kinelog` application, run it, and map refusals to exit codes."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final, NoReturn, TextIO, cast

import typer
from pydantic import ValidationError

from bootstrap.cli.lazy_commands import LazyGroup
from bootstrap.cli.output import err, out
from bootstrap.cli.standard_output import StandardOutput
from bootstrap.deprecated_settings import PREFIX
from bootstrap.exit_codes import exit_code
from bootstrap.settings import Settings
from bootstrap.wiring.logs import configure_logs
from domain.kernel import Rejected


class SettingInvalid(Rejected):
    """A setting has no valid value."""

    code = "settings.invalid"
    kind = "invalid"


HAS_PARTS: Final = frozenset({"dict_type", "model_type"})
"""Pydantic's error types if one variable is set for a setting that has a variable for each part."""

app = typer.Typer(
    cls=LazyGroup,
    name="kinelog",
    help="Count, measure and coach workouts on video.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_requested: bool) -> None:  # noqa: FBT001  as Typer calls it
    if is_requested:
        out.print(f"kinelog {version('kinelog')}")
        raise typer.Exit


@app.callback()
def _group(
    *,
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Make the application a group; LazyGroup finds its commands."""


def main() -> None:
    """Run a command. A refusal prints one sentence on standard error and sets the exit code."""
    configure_logs()
    if sys.stdout is None:  # the shell has closed it
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  until the end
    sys.stdout = cast("TextIO", StandardOutput(sys.stdout))
    try:
        app()
    except Rejected as refusal:
        _refuse(refusal)
    except ValidationError as invalid:
        if invalid.title != Settings.__name__:
            raise
        _refuse(SettingInvalid(_sentence(invalid)))


def _refuse(refusal: Rejected) -> NoReturn:
    err.print(f"kinelog: {refusal.detail}", soft_wrap=True)
    sys.exit(exit_code(refusal))


def _sentence(invalid: ValidationError) -> str:
    """Return the first setting that is wrong, and why; what it is set to can be a secret."""
    first = invalid.errors(include_input=False)[0]
    name = f"{PREFIX}{'_'.join(map(str, first['loc']))}".upper()
    if first["type"] in HAS_PARTS:
        return f"{name}: it is set in parts, {name}_<NAME>."
    reason = first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{name}: {reason}." if first["loc"] else f"{reason}."
