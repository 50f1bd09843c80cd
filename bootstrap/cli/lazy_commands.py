"""The modules of this package are the commands: each is found by its first line, run when named.

A command's module begins with a line that says its name and what it is about: three quotes,
"`kinelog name`: ..." . It has either a group of commands, `app`, or one function of that name.
Nothing else lists it, and nothing of it is imported before somebody asks for it: the libraries
behind some commands take seconds.
"""

import gc
import re
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

FOLDER: Final = Path(__file__).parent

FIRST_LINE: Final = re.compile(r'"""`kinelog (?P<name>[a-z-]+)`: (?P<about>.+?)(?:""")?')


def found() -> dict[str, str]:
    """Name the commands, in order, each with the sentence that its module begins with."""
    told: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.py")):
        with path.open(encoding="utf-8") as source:
            if line := FIRST_LINE.fullmatch(source.readline().rstrip()):
                about = line["about"]
                told[line["name"]] = about[0].upper() + about[1:]
    return told


def load(name: str) -> TyperCommand | TyperGroup:
    """Import the command of a name."""
    stem = name.replace("-", "_")
    with _uncollected():
        module: Any = import_module(f"{__package__}.{stem}")
    made: Any
    if isinstance(group := getattr(module, "app", None), typer.Typer):
        made = get_group(group)
    else:
        single = typer.Typer(add_completion=False)
        single.command(name)(getattr(module, stem))
        made = get_command(single)
    made.name = name
    return made  # type: ignore[no-any-return]  # Typer's own kinds, which it declares by their base


@contextmanager
def _uncollected() -> Generator[None]:
    """Keep the garbage collector from what is imported, now and until the process ends.

    Modules stay, so that nothing is found in them; looking takes a third of the time of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


class LazyGroup(TyperGroup):
    """A group of the commands there are: a line of help for each, and the one that is run."""

    def __init__(self, **attrs: Any) -> None:
        attrs["commands"] = {name: TyperCommand(name, help=text) for name, text in found().items()}
        super().__init__(**attrs)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Import the command that is asked for. Ends with a remark where there is none."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, None if name is None or known is None else load(name), rest
