"""Command discovery: each module of this package that names a command is one, imported on use.

The first line of a command's module is `kinelog <name>: <summary>` in a docstring, with backquotes
around `kinelog <name>`. The module has either a Typer group, `app`, or one function with the name
of the module. There is no other list of commands. A module is imported only when its command runs:
the libraries behind some commands take seconds to load.
"""

import gc
import re
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from bootstrap.cli.output import err

FOLDER: Final = Path(__file__).parent

FIRST_LINE: Final = re.compile(r'"""`kinelog (?P<name>[a-z-]+)`: (?P<summary>.+?)(?:""")?')

DEPRECATED_NAMES: Final = {"accounts": "users", "motion": "landmarks", "work": "worker"}
"""Groups of 0.1 and their new names; accepted for one more version, and not listed in the help."""


def command_summaries() -> dict[str, str]:
    """Return the name and the one-line summary of every command, in alphabetical order."""
    summaries: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.py")):
        with path.open(encoding="utf-8") as source:
            if line := FIRST_LINE.fullmatch(source.readline().rstrip()):
                summary = line["summary"]
                summaries[line["name"]] = summary[0].upper() + summary[1:]
    return summaries


def load(name: str) -> TyperCommand | TyperGroup:
    """Import a command by its name."""
    stem = name.replace("-", "_")
    with _garbage_collection_paused():
        module: Any = import_module(f"{__package__}.{stem}")
    command: Any
    if isinstance(group := getattr(module, "app", None), typer.Typer):
        command = get_group(group)
    else:
        single = typer.Typer(add_completion=False)
        single.command(name)(getattr(module, stem))
        command = get_command(single)
    command.name = name
    _require_utf8(command)
    return command  # type: ignore[no-any-return]  # Typer declares these by their base class


def _require_utf8(command: Any) -> None:
    """Make a command, or all commands of a group, refuse texts that are not UTF-8, except paths."""
    for child in getattr(command, "commands", {}).values():
        _require_utf8(child)
    for parameter in command.params:
        parameter.callback = _utf8_callback(parameter.callback)


def _utf8_callback(callback: Callable[..., Any] | None) -> Callable[..., Any]:
    def check(context: Any, parameter: Any, value: Any) -> Any:
        for each in _items(value):
            if isinstance(each, str) and not _is_utf8(each):
                raise typer.BadParameter(f"{each!r} is not UTF-8.", context, parameter)
        return value if callback is None else callback(context, parameter, value)

    return check


def _items(value: Any) -> Iterable[Any]:
    """Return the values of a parameter, which can be repeatable."""
    return cast("Iterable[Any]", value) if isinstance(value, list | tuple) else (value,)


def _is_utf8(text: str) -> bool:
    """Return whether an argument of the command line was decoded without surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _garbage_collection_paused() -> Generator[None]:
    """Pause garbage collection during imports, and exempt the imported objects from it afterwards.

    Modules live as long as the process. Scanning them takes a third of the start-up time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


class LazyGroup(TyperGroup):
    """A group that lists every command by its summary and imports only the one that runs."""

    def __init__(self, **attrs: Any) -> None:
        attrs["commands"] = {
            name: TyperCommand(name, help=summary) for name, summary in command_summaries().items()
        }
        super().__init__(**attrs)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Import the requested command. An unknown name ends with a usage error."""
        if args and (replacement := DEPRECATED_NAMES.get(args[0])):
            err.print(f"kinelog: '{args[0]}' is deprecated; use '{replacement}'.")
            args = [replacement, *args[1:]]
        name, command, rest = super().resolve_command(ctx, args)
        return name, None if name is None or command is None else load(name), rest
