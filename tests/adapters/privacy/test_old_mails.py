"""Messages in the mail folder: unfinished ones, and the end of all."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest

from adapters.mail.folder import FolderMailer
from adapters.privacy.expiring_data import OldMails
from application.users.errors import MailUndelivered
from application.users.ports import Mail
from domain.ids import DEFAULT_TENANT, UserId

BEFORE = datetime(2030, 1, 7, tzinfo=UTC)


def test_old_messages_are_removed_with_unfinished_ones(tmp_path: Path) -> None:
    """R-TEN-12: a process that ended while it wrote leaves a part; a new part stays."""
    for name, age in (("a.eml.sealed", 1), ("b.eml", 1), ("c.eml.part", 1), ("d.eml.part", -1)):
        (tmp_path / name).write_bytes(b"sealed")
        at = (BEFORE - timedelta(days=age)).timestamp()
        os.utime(tmp_path / name, (at, at))
    remove = OldMails(tmp_path)
    assert remove(DEFAULT_TENANT, BEFORE, dry_run=True) == 3
    assert remove(DEFAULT_TENANT, BEFORE, dry_run=False) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["d.eml.part"]


def test_a_message_that_another_process_has_removed_is_left_out(tmp_path: Path) -> None:
    """R-TEN-12: retention may run on several machines; a link to nothing stands for the message."""
    (tmp_path / "gone.eml.sealed").symlink_to("nothing")
    assert OldMails(tmp_path)(DEFAULT_TENANT, BEFORE, dry_run=False) == 0


def test_a_message_that_cannot_be_written_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-12: such as on a full disk."""

    class Cipher:
        def seal(self, plain: bytes, **_: object) -> bytes:
            return plain

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", cast("Callable[..., Any]", refuse))
    mailer = FolderMailer(tmp_path, sender="gym@example.org", cipher=cast("Any", Cipher()))
    mail = Mail(uuid4(), "ada@example.org", "Hello", "Hello", "<p>Hello</p>")
    with pytest.raises(MailUndelivered):
        mailer.send(mail, tenant_id=DEFAULT_TENANT, user_id=UserId("ada"))
    assert list(tmp_path.iterdir()) == []
