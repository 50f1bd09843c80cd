"""Messages are delivered to a real mail server, which speaks SMTP and keeps them."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from uuid import UUID

import pytest
import stamina

from adapters.mail.smtp import Encryption, MailServer, SmtpMailer
from application.users.emails import EmailTemplates
from application.users.errors import MailDeferred, MailRefused, MailUndelivered
from tests.adapters.users.mail_catcher import OWNER, MailCatcher, certificate, mail_catcher

EMAIL_ID = UUID("01890000-0000-7000-8000-000000000000")
TEMPLATES = EmailTemplates("https://kinelog.example")
MAIL = TEMPLATES.verification(EMAIL_ID, "Ada@example.org", "default.abc&<")


def server_at(
    catcher: MailCatcher, encryption: Encryption = "none", user: str | None = None,
    password: str = "secret",  # noqa: S107  the mail catcher's
) -> MailServer:  # fmt: skip
    return MailServer(
        catcher.host, catcher.port, "Kinelog <hello@kinelog.example>", encryption, user, password
    )


@pytest.fixture(autouse=True)
def no_waiting_between_attempts() -> Iterator[None]:
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)


def part(message: Message, kind: str) -> str:
    (found,) = [each for each in message.walk() if each.get_content_type() == kind]
    content = found.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def test_a_message_arrives_as_text_and_html_with_its_link() -> None:
    """R-IDN-07"""
    with mail_catcher() as catcher:
        SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)
        (message,) = catcher.messages
    assert message["To"] == "Ada@example.org"
    assert message["From"] == "Kinelog <hello@kinelog.example>"
    assert message["Message-ID"] == f"<{EMAIL_ID}@kinelog.example>", "a repetition has the same"
    link = "https://kinelog.example/verify.html?tenant=default#token=default.abc%26%3C"
    assert link in part(message, "text/plain")
    assert f'href="{link}"' in part(message, "text/html")


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_a_message_travels_over_tls_and_only_then_a_password(
    tmp_path: Path, encryption: Encryption
) -> None:
    """R-TEN-11"""
    shown, trusted = certificate(tmp_path)
    with mail_catcher(shown, implicit=encryption == "tls") as catcher:
        SmtpMailer(server_at(catcher, encryption, "kinelog"), tls=trusted).send(MAIL, **OWNER)
        assert catcher.encrypted == [True]
        assert catcher.logins == [(b"kinelog", b"secret")]
        with pytest.raises(MailUndelivered, match="SMTPAuthenticationError"):
            SmtpMailer(server_at(catcher, encryption, "kinelog", "wrong"), tls=trusted).send(
                MAIL, **OWNER
            )


def test_a_server_with_a_strangers_certificate_gets_nothing(tmp_path: Path) -> None:
    """R-TEN-11"""
    shown, _ = certificate(tmp_path)
    with mail_catcher(shown) as catcher:
        with pytest.raises(MailUndelivered, match="SSLCertVerificationError"):
            SmtpMailer(server_at(catcher, "starttls")).send(MAIL, **OWNER)
        assert catcher.messages == []


def test_a_server_without_tls_gets_nothing_where_tls_is_wanted() -> None:
    """R-TEN-11"""
    with mail_catcher() as catcher:
        with pytest.raises(MailUndelivered, match="SMTPNotSupportedError"):
            SmtpMailer(server_at(catcher, "starttls")).send(MAIL, **OWNER)
        assert catcher.messages == []


def test_a_busy_server_is_retried() -> None:
    with mail_catcher() as catcher:
        catcher.replies = ["451 later", "421 later"]
        SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)
        assert catcher.tried == 3
        assert len(catcher.messages) == 1


def test_a_refusing_server_is_not_retried() -> None:
    with mail_catcher() as catcher:
        catcher.replies = ["550 no such person"]
        with pytest.raises(MailRefused):
            SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)
        assert catcher.tried == 1


@pytest.mark.parametrize("reply", ["450 4.1.2 domain not found", "451 4.7.1 greylisted"])
def test_a_recipient_whom_the_server_does_not_take_now_is_no_outage(reply: str) -> None:
    """R-EVT-03: only that e-mail is sent later."""
    with mail_catcher() as catcher:
        catcher.refused[MAIL.to] = reply
        with pytest.raises(MailDeferred):
            SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)
        assert set(catcher.recipients) == {MAIL.to}


def test_a_message_that_the_server_does_not_take_now_is_no_outage() -> None:
    """R-EVT-03: only that e-mail is sent later."""
    with mail_catcher() as catcher:
        catcher.replies = ["452 mailbox full"] * 3
        with pytest.raises(MailDeferred):
            SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)


def test_a_server_that_closes_is_an_outage() -> None:
    """R-EVT-03: all e-mails wait (RFC 5321, 3.8)."""
    with mail_catcher() as catcher:
        catcher.replies = ["421 closing"] * 3
        with pytest.raises(MailUndelivered):
            SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)


def test_a_server_that_scans_a_message_for_long_gets_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-IDN-07: servers may take their time to reply to a message (RFC 5321, 4.5.3.2.6)."""
    monkeypatch.setattr("adapters.mail.smtp.TIMEOUT_S", 0.5)
    with mail_catcher() as catcher:
        catcher.scan_s = 1.5
        SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)
        assert catcher.tried == 1


def test_a_message_whose_reply_is_lost_is_not_sent_again_at_once() -> None:
    """R-IDN-07: the server may have accepted it; the user would get it three times."""
    with mail_catcher() as catcher:
        catcher.loses_replies = True
        with pytest.raises(MailDeferred, match="ReplyLost"):
            SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)
        assert catcher.tried == 1


def test_an_international_address_is_refused_by_a_server_without_such() -> None:
    """R-EVT-03: the server does not offer SMTPUTF8 (RFC 6531), and a retry is no use."""
    with mail_catcher() as catcher:
        mail = TEMPLATES.already_registered(EMAIL_ID, "\u00fcli@example.org")
        with pytest.raises(MailRefused):
            SmtpMailer(server_at(catcher)).send(mail, **OWNER)
        assert catcher.recipients == []


def test_an_international_domain_is_written_in_ascii() -> None:
    """R-EVT-03: every server accepts that, but a domain that IDNA 2003 would change is refused."""
    with mail_catcher() as catcher:
        mailer = SmtpMailer(server_at(catcher))
        for domain in ("b\u00fccher.example", "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"):
            mailer.send(TEMPLATES.already_registered(EMAIL_ID, f"ada@{domain}"), **OWNER)
        for domain in ("stra\u00dfe.example", "\u212ainelog.example", "\u00fc" * 63 + ".example"):
            with pytest.raises(MailRefused):
                mailer.send(TEMPLATES.already_registered(EMAIL_ID, f"ada@{domain}"), **OWNER)
        expected = ["ada@xn--bcher-kva.example", "ada@xn--e1afmkfd.xn--p1ai"]
        assert catcher.recipients == expected
        assert [message["To"] for message in catcher.messages] == expected


def test_an_unavailable_server_is_reported_without_a_password() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening
        server = MailServer("127.0.0.1", taken.getsockname()[1], "a@b.example", "none", "u", "pw!")
        with pytest.raises(MailUndelivered, match="ConnectionRefusedError") as refusal:
            SmtpMailer(server).send(MAIL, **OWNER)
    assert "pw!" not in f"{refusal.value} {server}"


def test_an_address_cannot_smuggle_in_a_header() -> None:
    with mail_catcher() as catcher:
        mail = TEMPLATES.already_registered(EMAIL_ID, "a@b.de\nBcc: eve@b.de")
        with pytest.raises(ValueError, match="linefeed"):
            SmtpMailer(server_at(catcher)).send(mail, **OWNER)
        assert catcher.messages == []


def test_headers_are_folded_and_the_url_to_unsubscribe_is_not() -> None:
    """R-EVT-03: RFC 2047, 2 allows 75 characters for an encoded word."""
    subject = "Платёж за переход на план «Силовые тренировки для начинающих» не удался"
    url = "https://kinelog.example/v1/unsubscribe?token=" + "x" * 200
    mail = replace(MAIL, subject=subject, unsubscribe_url=url)
    with mail_catcher() as catcher:
        SmtpMailer(server_at(catcher)).send(mail, **OWNER)
        (message,) = catcher.messages
    assert message["List-Unsubscribe"] == f"<{url}>"
    assert max(map(len, message["Subject"].split())) <= 75
    assert str(make_header(decode_header(message["Subject"]))) == subject


def test_a_message_goes_to_its_address_alone() -> None:
    """R-IDN-03: a stored address that a header would divide or decode gets none."""
    divided = ["eve,y@example.org", "=?utf-8?q?eve=40evil.example?=@example.org", "x<eve@b.de>"]
    exact = ["Ada.Lovelace+kinelog@Example.org", "a/b=c{d}_o'neil@example.org"]
    with mail_catcher() as catcher:
        mailer = SmtpMailer(server_at(catcher))
        for address in divided:
            with pytest.raises(MailRefused):
                mailer.send(TEMPLATES.already_registered(EMAIL_ID, address), **OWNER)
        for address in exact:
            mailer.send(TEMPLATES.already_registered(EMAIL_ID, address), **OWNER)
        assert catcher.recipients == exact


def test_an_accepted_message_is_not_resent_after_a_failed_quit() -> None:
    """R-EVT-16: the server accepts it, then hangs up."""
    with mail_catcher() as catcher:
        catcher.goodbye = "421 gone"
        SmtpMailer(server_at(catcher)).send(MAIL, **OWNER)
        assert len(catcher.messages) == 1
