"""Every command explains itself and can answer in JSON."""

from collections.abc import Iterator

import pytest
import typer
from typer.main import get_command

from bootstrap.cli.main import app


def commands(
    command: object, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in children.items():
        yield from commands(child, (*path, name))


ALL = dict(commands(get_command(app)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_and_json(path: tuple[str, ...]) -> None:
    command = ALL[path]
    options = {option for parameter in command.params for option in parameter.opts}  # type: ignore[attr-defined]
    assert "--json" in options or "--jsonl" in options
    assert command.help  # type: ignore[attr-defined]


def test_there_are_commands() -> None:
    assert ("analyze",) in ALL
    assert isinstance(app, typer.Typer)
