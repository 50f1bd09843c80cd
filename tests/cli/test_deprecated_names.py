"""Names of the previous version still work, hidden from the help, with a note on standard error."""

from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from bootstrap.cli.lazy_commands import DEPRECATED_NAMES, load
from bootstrap.cli.main import app

DEPRECATED_COMMANDS = {
    ("users", "withdraw"): "revoke",
    ("worker", "serve"): "rpc",
    ("projections", "parked"): "quarantined",
    ("privacy", "due"): "run-due",
    ("privacy", "retain"): "apply-retention",
    ("audit", "reads"): "access",
    ("knowledge", "learn"): "index",
}

OLD_PATHS = [
    ("motion", "count"),
    ("analyze",),
    ("audit", "verify"),
    ("audit", "reads"),
    ("accounts", "create-tenant"),
    ("accounts", "grant"),
    ("accounts", "withdraw"),
    ("accounts", "token"),
    ("accounts", "rotate-keys"),
    ("accounts", "cue-preferences"),
    *[
        ("work", name)
        for name in (
            "projections", "pose", "exercise", "analyses", "real-time-analytics",
            "analytics-events", "nlp", "metrics-rollup", "daily", "achievements", "serve",
        )
    ],
    ("projections", "parked"),
    ("privacy", "due"),
    ("privacy", "retain"),
    ("knowledge", "learn"),
]  # fmt: skip


@pytest.mark.parametrize("path", OLD_PATHS, ids=" ".join)
def test_every_command_of_the_previous_version_is_still_there(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*path, "--help"], prog_name="kinelog")
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


@pytest.mark.parametrize(("old", "new"), DEPRECATED_NAMES.items())
def test_a_renamed_group_is_not_listed_and_names_its_successor(old: str, new: str) -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    assert old not in group.commands
    assert new in group.commands
    result = CliRunner().invoke(app, [old, "--help"])
    assert f"'{old}' is deprecated; use '{new}'" in result.stderr


@pytest.mark.parametrize(("path", "new"), DEPRECATED_COMMANDS.items())
def test_a_renamed_command_is_hidden_and_runs_the_same_function(
    path: tuple[str, str], new: str
) -> None:
    group = load(path[0])
    assert isinstance(group, TyperGroup)
    old, successor = group.commands[path[1]], group.commands[new]
    assert old.hidden
    assert old.deprecated
    assert not successor.hidden
    assert old.params != []
    assert [each.name for each in old.params] == [each.name for each in successor.params]


@pytest.mark.parametrize(
    "path", [("audit", "anchor"), ("privacy", "erase"), ("privacy", "export")], ids=" ".join
)
def test_out_is_a_hidden_alias_of_output(path: tuple[str, str]) -> None:
    group = load(path[0])
    assert isinstance(group, TyperGroup)
    hidden = {
        option: getattr(each, "hidden", False)
        for each in group.commands[path[1]].params
        for option in each.opts
    }
    assert hidden["--out"]
    assert not hidden["--output"]


def test_privacy_export_needs_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["privacy", "export", "--user", "u"])
    assert result.exit_code == 2
    assert "--output FILE" in result.output
