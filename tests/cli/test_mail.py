"""`kinelog mail` shows the e-mails of an installation without a mail server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest

from adapters.clock import utc_now
from adapters.encryption.envelope import EnvelopeCipher
from adapters.mail.folder import FolderMailer
from application.users.emails import EmailTemplates, compose_mail
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from domain.ids import DEFAULT_TENANT, UserId
from tests.cli.conftest import Shell

ADA, BOB = UserId("ada"), UserId("bob")
FIRST, SECOND, THIRD = (UUID(f"0192f0c4-5d1e-7c3a-9a44-{number:012d}") for number in (1, 2, 3))


@pytest.fixture
def cipher(shell: Shell) -> Iterator[EnvelopeCipher]:
    """Send three e-mails; yield the cipher."""
    templates = EmailTemplates("https://gym.example")
    with build_encryption(Settings(home=shell.home, postgres_url=None)) as encryption:
        mailer = FolderMailer(shell.home / "mail", sender="gym@x.org", cipher=encryption.sealer)
        for mail, user in (
            (templates.verification(FIRST, "ada@example.org", "one"), ADA),
            (templates.reset(SECOND, "bob@example.org", "two"), BOB),
            (templates.reset(THIRD, "ada@example.org", "three"), ADA),
        ):
            mailer.send(mail, tenant_id=DEFAULT_TENANT, user_id=user)
        yield encryption.sealer


@pytest.mark.usefixtures("cipher")
def test_mails_are_listed_the_newest_first(shell: Shell) -> None:
    """R-TEN-09"""
    mails = shell.json("mail", "list")["mails"]
    assert [(each["id"], each["to"]) for each in mails] == [
        (str(THIRD), "ada@example.org"),
        (str(SECOND), "bob@example.org"),
        (str(FIRST), "ada@example.org"),
    ]
    assert len(shell.json("mail", "list", "--first", "2")["mails"]) == 2
    assert "bob@example.org" in shell.run("mail", "list").out


@pytest.mark.usefixtures("cipher")
def test_a_mail_is_one_line_of_a_list_for_another_program(shell: Shell) -> None:
    """R-TEN-09: such as `grep`, which then finds the id of the mail to an address."""
    environment = {name: text for name, text in os.environ.items() if name != "COLUMNS"}
    listed = subprocess.run(
        [sys.executable, "-m", "bootstrap", "mail", "list"],
        env={**environment, "KINELOG_HOME": str(shell.home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    (line,) = (each for each in listed.stdout.splitlines() if "bob@example.org" in each)
    assert str(SECOND) in line


@pytest.mark.usefixtures("cipher")
def test_a_mail_is_shown_with_its_link(shell: Shell) -> None:
    """R-TEN-09: the newest, that to an address, or that with an id."""
    assert "token=three" in shell.run("mail", "show").out
    assert "token=two" in shell.run("mail", "show", "--to", "Bob@example.org").out
    shown = shell.json("mail", "show", str(FIRST))
    assert shown["to"] == "ada@example.org"
    assert "token=one" in shown["text"]


def test_nobody_reads_the_mails_of_an_erased_person(shell: Shell, cipher: EnvelopeCipher) -> None:
    """R-TEN-09, C-24: as of that moment, also before their files are deleted."""
    cipher.destroy(DEFAULT_TENANT, ADA, utc_now())
    assert [each["id"] for each in shell.json("mail", "list")["mails"]] == [str(SECOND)]
    refused = shell.run("mail", "show", str(FIRST))
    assert refused.status != 0
    assert "No such e-mail" in refused.sentence


@pytest.mark.usefixtures("cipher")
def test_a_changed_or_copied_mail_is_refused(shell: Shell) -> None:
    """R-TEN-09"""
    newest = shell.home / "mail" / f"{THIRD}.eml.sealed"
    (shell.home / "mail" / f"{FIRST}.eml.sealed").write_bytes(newest.read_bytes())
    assert "changed" in shell.run("mail", "show", str(FIRST)).sentence
    newest.write_bytes(b"no owner")
    assert "changed" in shell.run("mail", "list").sentence


def test_brackets_in_a_subject_are_shown(shell: Shell) -> None:
    """R-TEN-09: the title of a plan may have them."""
    titles = ("Legs [advanced]", "Strength [/beginner]")
    with build_encryption(Settings(home=shell.home, postgres_url=None)) as encryption:
        mailer = FolderMailer(shell.home / "mail", sender="gym@x.org", cipher=encryption.sealer)
        for mail_id, title in zip((FIRST, SECOND), titles, strict=True):
            link = ("Open", "https://gym.example")
            mail = compose_mail(mail_id, "ada@example.org", title, "", link, "", language="en")
            mailer.send(mail, tenant_id=DEFAULT_TENANT, user_id=ADA)
    listed = shell.run("mail", "list")
    assert listed.status == 0, listed.err
    assert all(title in listed.out for title in titles)


@pytest.mark.usefixtures("cipher")
def test_a_missing_key_file_is_named_and_not_replaced(shell: Shell) -> None:
    """C-23: such as after a restore without it."""
    key_file = shell.home / "master.key"
    key_file.unlink()
    refused = shell.run("mail", "show")
    assert f"The key file {key_file} is missing" in refused.sentence
    assert not key_file.exists()
