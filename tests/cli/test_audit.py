"""`kinelog audit`: replay needs the keys of personal data; verification does not."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

import pytest

from adapters.encryption.key_file import KeyFileKms
from application.audit.stored_anchors import name_of
from application.audit.verification import AnchoredEvent
from application.kernel.command_handler import Request
from application.kernel.encryption import KeyRefused
from bootstrap.exit_codes import BY_KIND, USAGE
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.audit import DailyAnchorsOnDemand, build_anchors
from bootstrap.wiring.encryption import KEY_FILE
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands
from domain.users.user import USER
from projections.user_profile import USER_PROFILE
from tests.application.users.users_fixture import AT
from tests.cli.conftest import Shell

ADA = UserId("ada")
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4())
OTHER_ORIGIN = Origin(tenant_id=TenantId("gym"), actor="ada", correlation_id=uuid4())


def ask(settings: Settings, *request: commands.UserCommand, origin: Origin = ORIGIN) -> int:
    """Execute commands, and return the number of profiles."""
    with open_platform(settings) as platform:
        platform.commands.execute(
            Request(USER, ADA, request), origin=origin, command_id=platform.new_id()
        )
        return int(platform.read.get(USER_PROFILE, DEFAULT_TENANT, ADA) is not None)


def test_replaying_an_account_hides_its_owner(shell: Shell) -> None:
    """R-TEN-09, C-24: personal fields are shown only on request."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    email = commands.ChangeEmail(email=Personal(ADA, "ada@example.org"))
    assert ask(settings, commands.RegisterUser(at=AT), email) == 1
    result = shell.json("audit", "replay", "--stream", "user-ada")
    assert [entry["name"] for entry in result] == ["user.created", "user.email_changed"]
    assert result[1]["event"]["email"] == {"about": "ada", "sealed": True}
    shown = shell.run("audit", "replay", "--stream", "user-ada")
    assert (shown.status, "example.org" in shown.out) == (0, False)
    opened_ = shell.json("audit", "replay", "--stream", "user-ada", "--personal")
    assert opened_[1]["event"]["email"] == {"about": "ada", "value": "ada@example.org"}
    assert b"example.org" not in b"".join(
        path.read_bytes() for path in shell.home.iterdir() if path.is_file()
    )


def test_data_of_an_erased_user_cannot_be_replayed(shell: Shell) -> None:
    """C-24: replay continues, without the profile."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    named = commands.ChangeProfile(username=Personal(ADA, "Ada"))
    assert ask(settings, commands.RegisterUser(at=AT), named) == 1
    (shell.home / "identity.sqlite3").unlink()  # the keys
    assert ask(settings, commands.EraseUser(at=AT)) == 0
    result = shell.json("audit", "replay", "--stream", "user-ada", "--personal")
    assert result[1]["event"]["username"] == {"about": "ada", "erased": True}
    assert result[2]["state"] == "Erased"


def test_the_key_file_is_its_owners_alone(shell: Shell) -> None:
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    key = shell.home / "master.key"
    assert not key.exists(), "nothing has been sealed"
    ask(settings, commands.ChangeEmail(email=Personal(ADA, "ada@example.org")))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_accesses_are_listed_by_address_or_id(shell: Shell, tmp_path: Path) -> None:
    """R-TEN-13"""
    created = shell.json(
        "tenants", "create", "--tenant", "gym", "--name", "Gym", "--user", "ada@example.org"
    )
    archive = str(tmp_path / "ada.zip")
    export = ("privacy", "export", "--tenant", "gym", "--user", "ada@example.org")
    assert shell.run(*export, "--output", archive).status == 0
    lists = [
        shell.json("audit", "access", "--tenant", "gym", "--user", user)
        for user in (created["user"], "ada@example.org")
    ]
    assert lists[0] == lists[1]
    assert [(each["by"], each["what"]) for each in lists[0]] == [("operator", "export")]


def test_accesses_of_an_unknown_person_or_tenant_are_refused(shell: Shell) -> None:
    """R-TEN-13: an empty list would say that nobody has read this person's data."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    assert shell.json("audit", "access", "--user", "ada") == []
    wrong = (["--user", "eve"], ["--user", "eve@example.org"], ["--user", "ada", "--tenant", "gmy"])
    for words in wrong:
        for output in ([], ["--json"]):
            refused = shell.run("audit", "access", *words, *output)
            assert (refused.status, refused.out) == (BY_KIND["not_found"], "")
            assert f"There is no user {words[1]} in the tenant" in refused.sentence


def test_accesses_stay_listed_after_an_erasure(shell: Shell) -> None:
    """R-TEN-13: the log has them, and the id is not personal."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT), commands.EraseUser(at=AT))
    assert shell.json("audit", "access", "--user", "ada") == []


def tamper(shell: Shell, statement: str) -> None:
    """Change the database directly, as only someone with the file can."""
    with closing(sqlite3.connect(shell.home / "log.sqlite3", isolation_level=None)) as forger:
        for verb in ("UPDATE", "DELETE"):
            forger.execute(f"DROP TRIGGER IF EXISTS events_refuse_{verb}")
        forger.execute(statement)


def test_the_log_verifies_after_an_erasure(shell: Shell) -> None:
    """R-EVT-15, C-24: the chain covers the stored bytes, which stay when a key is destroyed."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    named = commands.ChangeProfile(username=Personal(ADA, "Ada"))
    ask(settings, commands.RegisterUser(at=AT), named)
    (shell.home / "identity.sqlite3").unlink()  # the keys
    ask(settings, commands.EraseUser(at=AT))
    result = shell.json("audit", "verify")
    assert (result["holds"], result["events"]) == (True, 3)
    assert [(each["tenant"], each["broken"]) for each in result["tenants"]] == [("default", None)]
    shown = shell.run("audit", "verify", "--tenant", "default")
    assert (shown.status, shown.out) == (0, "default: 3 events hold, the last at position 3\n")
    assert "Verified: 100%" in shown.err


def test_a_changed_event_is_named_with_status_1(shell: Shell) -> None:
    """R-EVT-15"""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT), commands.EraseUser(at=AT))
    tamper(shell, "UPDATE events SET actor = 'eve' WHERE position = 1")
    shown = shell.run("audit", "verify")
    assert shown.status == 1
    assert shown.out == (
        "default: CHANGED (user-ada, version 1). The event at position 1 was changed.\n"
    )
    result = shell.run("audit", "verify", "--json")
    assert result.status == 1
    (tenant,) = result.json["tenants"]
    assert tenant["broken"] == {
        "tampering": "changed",
        "position": 1,
        "stream": "user-ada",
        "version": 1,
        "sentence": "The event at position 1 was changed.",
    }
    assert shell.run("audit", "verify", "--from-position", "2").status == 0
    assert shell.run("audit", "anchor").status == 1, "what does not hold is not anchored"
    not_anchored = shell.run("audit", "anchor", "--json")
    assert (not_anchored.status, not_anchored.json["tenants"][0]["holds"]) == (1, False)


def test_a_position_that_the_log_does_not_reach_is_refused(shell: Shell, tmp_path: Path) -> None:
    """R-EVT-15: nothing would be verified; the next position is for a job in a quiet time."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    paper = tmp_path / "anchor"
    for words in (["verify"], ["verify", "--json"], ["anchor", "--output", str(paper)]):
        for position in (3, 2**63 - 1):
            refused = shell.run("audit", *words, "--from-position", str(position))
            assert (refused.status, refused.out) == (BY_KIND["not_found"], "")
            assert refused.sentence == (
                f"kinelog: The log has no event at position {position}: the newest is at 1."
            )
        assert shell.run("audit", *words, "--from-position", str(2**63)).status == USAGE
        assert not paper.exists()
        for start in ("1", "2"):
            assert shell.run("audit", *words, "--from-position", start).status == 0
            paper.unlink(missing_ok=True)
    ask(settings, commands.RegisterUser(at=AT), origin=OTHER_ORIGIN)
    tamper(shell, "DELETE FROM events WHERE position = 2")
    cut = shell.run("audit", "verify", "--from-position", "2")
    assert cut.status == 1, "the newest event was removed"


def test_an_anchor_from_a_position_has_the_tenants_without_later_events(
    shell: Shell, tmp_path: Path
) -> None:
    """R-EVT-15: else the removal of their newest events would go unnoticed."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT), origin=OTHER_ORIGIN)
    ask(settings, commands.RegisterUser(at=AT))
    whole, quiet = tmp_path / "whole", tmp_path / "quiet"
    start = ("--from-position", "2")
    result = shell.json("audit", "anchor", *start, "--output", str(whole))
    assert result["tenants"] == 2
    result = shell.json("audit", "anchor", "--tenant", "gym", *start, "--output", str(quiet))
    assert result["tenants"] == 1
    for table in ("events", "command_log"):
        tamper(shell, f"DELETE FROM {table} WHERE tenant_id = 'gym'")  # noqa: S608
    for paper in (whole, quiet):
        found = shell.run("audit", "verify", "--anchor", str(paper))
        assert found.status == 1
        assert "gym: REMOVED. The event at position 1 was removed: it is anchored." in found.out


def test_a_log_that_was_cut_without_a_trace_is_found_by_its_anchor(
    shell: Shell, tmp_path: Path
) -> None:
    """R-EVT-15: an anchor is signed with the platform's key, and kept elsewhere."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    paper = tmp_path / "anchor"
    result = shell.json("audit", "anchor", "--output", str(paper))
    assert paper.read_text() == result["anchor"] + "\n"
    assert shell.run("audit", "verify", "--anchor", str(paper)).status == 0
    for table in ("events", "command_log"):
        tamper(shell, f"DELETE FROM {table} WHERE position > 0")  # noqa: S608
    assert shell.run("audit", "verify").status == 0, "nothing that is left tells of it"
    found = shell.run("audit", "verify", "--anchor", str(paper))
    assert found.status == 1
    assert "position 1 was removed: it is anchored" in found.out
    paper.write_text(result["anchor"][:-6])
    refused = shell.run("audit", "verify", "--anchor", str(paper))
    assert refused.status == 30
    assert refused.sentence == "kinelog: This anchor was not signed by this platform."
    paper.write_bytes(b"\xff\xfe")
    assert shell.run("audit", "verify", "--anchor", str(paper)).status == 30, "1 is for the log"


def test_forged_and_removed_daily_anchors_are_reported(shell: Shell) -> None:
    """R-EVT-15: one sentence for each, with status 1."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    assert "Anchored the hash chains of 1 tenant, signed" in shell.run("audit", "anchor").err
    anchor = DailyAnchorsOnDemand(settings)(DEFAULT_TENANT)
    assert anchor is not None
    (tenant,) = shell.json("audit", "verify")["tenants"]
    assert tenant["anchors"] == {"verified": 1, "unconfirmed": [], "problems": []}
    folder = shell.home / "anchors" / DEFAULT_TENANT
    forged = anchor.name.replace("20", "30", 1)
    (folder / anchor.name).rename(folder / forged)
    found = shell.run("audit", "verify")
    assert found.status == 1
    assert found.out == (
        "default: 1 event holds, the last at position 1\n"
        f"default: ANCHOR REMOVED. The anchor {anchor.name} was removed: the database has it as the"
        " newest one.\n"
        f"default: ANCHOR RENAMED. The anchor {forged} was renamed: its content belongs to"
        f" {anchor.name}.\n"
    )
    result = shell.run("audit", "verify", "--json")
    assert (result.status, result.json["holds"]) == (1, False)
    problems = result.json["tenants"][0]["anchors"]["problems"]
    assert [each["tampering"] for each in problems] == ["removed", "renamed"]
    without = shell.run("audit", "verify", "--json", "--without-anchors")
    assert (without.status, without.json["tenants"][0]["anchors"]) == (0, None)


def test_anchors_are_not_called_forged_with_the_wrong_key_file(
    shell: Shell, tmp_path: Path
) -> None:
    """R-EVT-15: the error names the key file, so that the operator suspects no forger."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    assert DailyAnchorsOnDemand(settings)(DEFAULT_TENANT) is not None
    right = (shell.home / KEY_FILE).rename(tmp_path / "copy")
    KeyFileKms(shell.home / KEY_FILE)
    refused = shell.run("audit", "verify")
    assert (refused.status, refused.out) == (BY_KIND["unavailable"], "")
    assert refused.sentence.startswith("kinelog: The key file ")
    assert "is not the one" in refused.sentence
    with pytest.raises(KeyRefused, match="is not the one"):
        DailyAnchorsOnDemand(settings)(DEFAULT_TENANT)
    assert shell.run("audit", "verify", "--without-anchors").status == 0
    right.rename(shell.home / KEY_FILE)
    assert shell.run("audit", "verify").status == 0


def test_a_tenant_without_events_and_anchors_is_refused(shell: Shell, tmp_path: Path) -> None:
    """R-EVT-15: a wrong name must not look like a log that holds."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    ask(settings, commands.RegisterUser(at=AT), origin=OTHER_ORIGIN)
    paper = tmp_path / "anchor"
    for words in (["verify"], ["verify", "--without-anchors"], ["anchor", "--output", str(paper)]):
        refused = shell.run("audit", *words, "--tenant", "other")
        assert (refused.status, refused.out) == (BY_KIND["not_found"], "")
        assert refused.sentence.startswith("kinelog: The tenant other has n")
        assert shell.run("audit", *words, "--tenant", "default").status == 0
    assert shell.run("audit", "verify", "--tenant", "default", "--from-position", "2").status == 0


def test_a_log_replaced_by_an_empty_one_is_found_by_its_daily_anchors(shell: Shell) -> None:
    """R-EVT-15: also if the anchors were removed with it, as the database has the newest one."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    DailyAnchorsOnDemand(settings)(DEFAULT_TENANT)
    for table in ("events", "command_log"):
        tamper(shell, f"DELETE FROM {table} WHERE position > 0")  # noqa: S608
    found = shell.run("audit", "verify")
    assert found.status == 1
    assert "position 1 was removed: it is anchored" in found.out
    rmtree(shell.home / "anchors")
    found = shell.run("audit", "verify")
    assert found.status == 1
    assert "default: ANCHOR REMOVED." in found.out


def test_an_empty_database_does_not_hold_beside_anchors(shell: Shell, tmp_path: Path) -> None:
    """R-EVT-15: neither with those of the chain nor with old ones, whose keys were not recorded."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    ask(settings, commands.RegisterUser(at=AT))
    assert DailyAnchorsOnDemand(settings)(DEFAULT_TENANT) is not None
    for path in shell.home.glob("*.sqlite3*"):
        path.unlink()

    def removed() -> str:
        found = shell.run("audit", "verify", "--json")
        assert (found.status, found.json["holds"]) == (1, False)
        (tenant,) = found.json["tenants"]
        assert (tenant["tenant"], tenant["broken"]["tampering"]) == (DEFAULT_TENANT, "removed")
        return str(tenant["broken"]["sentence"])

    assert removed() == "All events were removed: the tenant has anchors, and no event."
    (chained,) = (shell.home / "anchors" / DEFAULT_TENANT).iterdir()
    chained.unlink()
    with build_anchors(settings.model_copy(update={"home": tmp_path / "lost"})) as anchors:
        document = anchors.sign([AnchoredEvent(DEFAULT_TENANT, 7, bytes(32))], at=AT)
        old = name_of(AT, anchors.read(document).key_id)
    (chained.parent / old).write_text(f"{document}\n")
    assert removed() == "All events were removed: the tenant has anchors, and no event."
