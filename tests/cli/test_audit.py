"""The history of an account can be replayed by whoever has the keys, and by nobody else."""

import stat
from uuid import uuid4

from application.commanding import Request
from bootstrap.composition import platform as opened
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands
from domain.users.user import USER
from projections.user_profile import USER_PROFILE
from tests.application.identity.house import AT
from tests.cli.conftest import Shell

ADA = UserId("ada")
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4())


def ask(settings: Settings, *asked: commands.UserCommand) -> int:
    """Carry commands out, and give how many profiles there are."""
    with opened(settings) as platform:
        platform.commands.execute(
            Request(USER, ADA, asked), origin=ORIGIN, command_id=platform.new_id()
        )
        return int(platform.read.get(USER_PROFILE, DEFAULT_TENANT, ADA) is not None)


def test_an_account_is_replayed_without_telling_whose_it_is(shell: Shell) -> None:
    """R-TEN-09, C-24: personal fields are told only where they are asked for."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    email = commands.ChangeEmail(email=Personal(ADA, "ada@example.org"))
    assert ask(settings, commands.RegisterUser(at=AT), email) == 1
    told = shell.json("audit", "replay", "--stream", "user-ada")
    assert [entry["name"] for entry in told] == ["user.created", "user.email_changed"]
    assert told[1]["event"]["email"] == {"about": "ada", "sealed": True}
    shown = shell.run("audit", "replay", "--stream", "user-ada")
    assert (shown.status, "example.org" in shown.out) == (0, False)
    opened_ = shell.json("audit", "replay", "--stream", "user-ada", "--personal")
    assert opened_[1]["event"]["email"] == {"about": "ada", "value": "ada@example.org"}
    assert b"example.org" not in b"".join(
        path.read_bytes() for path in shell.home.iterdir() if path.is_file()
    )


def test_nothing_of_somebody_who_was_forgotten_can_be_replayed(shell: Shell) -> None:
    """C-24: replay goes on, and the profile is gone."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    named = commands.ChangeDetails(username=Personal(ADA, "Ada"))
    assert ask(settings, commands.RegisterUser(at=AT), named) == 1
    (shell.home / "identity.sqlite3").unlink()  # the keys
    assert ask(settings, commands.EraseUser(at=AT)) == 0
    told = shell.json("audit", "replay", "--stream", "user-ada", "--personal")
    assert told[1]["event"]["username"] == {"about": "ada", "erased": True}
    assert told[2]["state"] == "Forgotten"


def test_the_key_file_is_its_owners_alone(shell: Shell) -> None:
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    key = shell.home / "master.key"
    assert not key.exists(), "nothing has been sealed"
    ask(settings, commands.ChangeEmail(email=Personal(ADA, "ada@example.org")))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
