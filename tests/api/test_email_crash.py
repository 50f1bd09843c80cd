"""A server killed before an e-mail is sent loses none, and sends none twice.

`tests/contracts/test_deferred_emails.py` has the quick tests.
"""

import re
import sqlite3
from contextlib import closing
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from tests.adapters.users.mail_catcher import mail_catcher
from tests.api.people import LINK, PASSWORD
from tests.api.server_process import serving
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

PATIENCE_S = 60


def post(url: str, path: str, body: dict[str, Any]) -> httpx2.Response:
    return httpx2.post(f"{url}/v1/auth/{path}", json=body, timeout=60, trust_env=False)


def outcomes(home: Path) -> int:
    """Count the e-mails that the mail server is known to have accepted."""
    with closing(sqlite3.connect(home / "identity.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM sent_email").fetchone()[0])


def deferred(home: Path) -> int:
    """Count the e-mails that the mail server takes later."""
    with closing(sqlite3.connect(home / "identity.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM deferred_email").fetchone()[0])


def text_of(message: Message) -> str:
    (part,) = [each for each in message.walk() if each.get_content_type() == "text/plain"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def test_a_killed_server_sends_every_email_once(tmp_path: Path) -> None:
    """R-EVT-03, R-EVT-16: the account is stored, the mail server is busy, and the process dies."""
    ada = {"email": "ada@example.org", "password": PASSWORD}
    with mail_catcher() as catcher:
        settings = {
            "KINELOG_SIGN_IN": "required",
            "KINELOG_SMTP_URL": f"smtp+plain://127.0.0.1:{catcher.port}",
        }
        catcher.replies = ["421 busy"] * 1000
        with serving(tmp_path, **settings) as (server, url):
            assert post(url, "register", ada).status_code == 202
            wait_until(lambda: catcher.tried)
            server.kill()
            server.wait(timeout=PATIENCE_S)
        assert catcher.messages == []
        catcher.replies.clear()
        with serving(tmp_path, **settings) as (server, url):
            wait_until(lambda: catcher.messages)
            (message,) = catcher.messages
            link = re.search(r"http://\S+", text_of(message))
            assert link is not None
            assert link[0].startswith(f"{url}/verify.html"), "links lead to where the server is"
            token = LINK.search(link[0])
            assert token is not None
            answer = post(url, "verify-email", {"token": unquote(token[1]), "password": PASSWORD})
            assert answer.status_code == 200
            assert post(url, "forgot-password", {"email": ada["email"]}).status_code == 202
            wait_until(lambda: outcomes(tmp_path) == 2)
            server.kill()
            server.wait(timeout=PATIENCE_S)
        with serving(tmp_path, **settings) as (_, url):
            assert post(url, "forgot-password", {"email": ada["email"]}).status_code == 202
            wait_until(lambda: len(catcher.messages) >= 3)
        ids = [each["Message-ID"] for each in catcher.messages]
        assert len(ids) == len(set(ids)) == 3


def test_a_deferred_email_stops_no_other_one_and_survives_a_crash(tmp_path: Path) -> None:
    """R-EVT-03, R-EVT-16: the server does not know the domain of one recipient (450)."""
    with mail_catcher() as catcher:
        settings = {
            "KINELOG_SIGN_IN": "required",
            "KINELOG_SMTP_URL": f"smtp+plain://127.0.0.1:{catcher.port}",
        }
        catcher.refused["eve@nowhere.example"] = "450 4.1.2 domain not found"
        with serving(tmp_path, **settings) as (server, url):
            for address in ("eve@nowhere.example", "ada@example.org"):
                body = {"email": address, "password": PASSWORD}
                assert post(url, "register", body).status_code == 202
            wait_until(lambda: outcomes(tmp_path) == 1)
            assert [each["To"] for each in catcher.messages] == ["ada@example.org"]
            assert deferred(tmp_path) == 1
            server.kill()
            server.wait(timeout=PATIENCE_S)
        catcher.refused.clear()
        with closing(sqlite3.connect(tmp_path / "identity.sqlite3")) as database:
            database.execute("UPDATE deferred_email SET due_at = 0")  # as if a minute had passed
            database.commit()
        with serving(tmp_path, **settings):
            wait_until(lambda: deferred(tmp_path) == 0)
        sent = [each["To"] for each in catcher.messages]
        assert sent == ["ada@example.org", "eve@nowhere.example"]
