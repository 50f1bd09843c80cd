"""Commands that only read answer nothing for a tenant that does not exist: its name is mistyped."""

from pathlib import Path

import pytest

from bootstrap.exit_codes import BY_KIND, OK
from tests.cli.conftest import Shell

PERIOD = ("--from", "2026-11-01", "--to", "2026-12-01")
COMMANDS = [
    ("sessions", "list", "--tenant", "TENANT"),
    ("projections", "retry", "--projection", "session_summary", "--tenant", "TENANT"),
    ("payments", "accounts", "show", "TENANT"),
    ("payments", "accounts", "remove", "TENANT"),
    ("payments", "reconcile", *PERIOD, "--tenant", "TENANT"),
    ("pose-coach", "verify", "--tenant", "TENANT"),
    ("pose-coach", "repair", "--from", "log", "--tenant", "TENANT"),
    ("privacy", "run-due", "--tenant", "TENANT"),
    ("privacy", "apply-retention", "--tenant", "TENANT"),
    ("form", "feedback", "FOLDER", "--tenant", "TENANT"),
]


@pytest.fixture
def studio(shell: Shell) -> None:
    words = ("--name", "Gym", "--user", "boss@example.org", "--tenant", "gym")
    assert shell.run("tenants", "create", *words).status == OK


@pytest.mark.usefixtures("studio")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_mistyped_tenant_is_refused(shell: Shell, tmp_path: Path, words: tuple[str, ...]) -> None:
    """R-TEN-12: an empty answer would say that all is well."""

    def status(tenant: str) -> int:
        given: dict[str, str | Path] = {"TENANT": tenant, "FOLDER": tmp_path / tenant}
        return shell.run(*(given.get(word, word) for word in words)).status

    assert status("gmy") == BY_KIND["not_found"]
    assert not (tmp_path / "gmy").exists()
    assert status("gym") == OK
    assert status("default") == OK, "the tenant of a new installation, which has no events yet"
