"""Every command has help and JSON output, and none imports the libraries of another."""

import gc
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import FunctionType

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bootstrap.cli.lazy_commands import command_summaries, load
from bootstrap.cli.main import app

HEAVY = {"av", "cv2", "fastapi", "faust", "mediapipe", "sqlalchemy", "strawberry"}
"""Libraries that only some commands need and that are slow to import."""

EXIT_CODES = Path(__file__).parents[2] / "docs" / "how-to" / "exit-codes.md"

NEVER_LIGHT = {"av", "cv2", "faust", "mediapipe", "strawberry"}


def commands(
    command: object, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in children.items():
        yield from commands(child, (*path, name))


ALL = {path: leaf for name in command_summaries() for path, leaf in commands(load(name), (name,))}


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_and_json(path: tuple[str, ...]) -> None:
    command = ALL[path]
    options = {option for parameter in command.params for option in parameter.opts}  # type: ignore[attr-defined]
    assert "--json" in options or "--jsonl" in options
    assert command.help  # type: ignore[attr-defined]


def may_exit_with_1(function: FunctionType) -> bool:
    """Whether a command, or a function of its module that it calls, names the status FAILED."""
    called = [function.__globals__.get(name) for name in function.__code__.co_names]
    return any(
        "FAILED" in each.__code__.co_names
        for each in (function, *called)
        if isinstance(each, FunctionType) and each.__module__ == function.__module__
    )


def test_the_commands_that_exit_with_1_are_documented() -> None:
    failing = {
        f"`kinelog {' '.join(path)}`"
        for path, leaf in ALL.items()
        if not leaf.hidden  # type: ignore[attr-defined]
        if may_exit_with_1(inspect.unwrap(leaf.callback))  # type: ignore[attr-defined]
    }
    documented = EXIT_CODES.read_text(encoding="utf-8")
    assert "`kinelog doctor`" in failing
    assert [each for each in sorted(failing) if each not in documented] == []


def test_every_module_with_a_command_line_docstring_is_a_command() -> None:
    root = get_command(app)
    assert list(root.commands) == list(command_summaries())  # type: ignore[attr-defined]
    assert {"analyze", "projections", "serve"} <= set(command_summaries())
    assert ("events", "topics", "create") in ALL


def modules_after(program: str) -> set[str]:
    """Return the modules that a program loads, in its own process."""
    tell = "import atexit, json, sys; atexit.register(lambda: print(json.dumps([*sys.modules])))"
    ran = subprocess.run(
        [sys.executable, "-c", f"{tell}\n{program}"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


def test_help_loads_no_library_that_some_command_needs() -> None:
    program = "sys.argv = ['kinelog', '--help']\nfrom bootstrap.__main__ import main\nmain()"
    assert modules_after(program) & HEAVY == set()


def test_a_command_without_video_loads_no_video_library() -> None:
    names = ("audit", "db", "dlq", "events", "projections", "sessions")
    program = f"from bootstrap.cli.lazy_commands import load\nfor name in {names}: load(name)"
    assert modules_after(program) & NEVER_LIGHT == set()


def test_the_garbage_collector_is_at_work_when_a_command_runs() -> None:
    """It is paused during imports, and never scans what was imported."""
    load("audit")
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_the_version_is_that_of_the_package() -> None:
    """Operators compare machines and report faults with it."""
    shown = CliRunner().invoke(app, ["--version"])
    assert (shown.exit_code, shown.output) == (0, f"kinelog {version('kinelog')}\n")
