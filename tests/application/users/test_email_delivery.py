"""The queue `email-notifications`: each requested e-mail is sent once, and its handler."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Event
from typing import cast
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from adapters.bus.in_process import InProcessBus
from adapters.clock import utc_now
from adapters.telemetry.redaction import hidden
from application.kernel.cloud_events import EncodedEvent, to_message
from application.kernel.consumer import consumer_subscription
from application.kernel.log_queue import FailedEvents, LogQueueProcessor
from application.kernel.subscription import LOG, Records
from application.kernel.topics import DEAD_LETTER_TOPICS, EVENT_TOPICS
from application.users.email_delivery import GROUP
from application.users.errors import LinkRefused, MailDeferred, MailRefused, MailUndelivered
from application.users.ports import Mail
from domain.ids import TenantId, UserId
from tests.application.users.users_fixture import (
    ADDRESS,
    ANOTHER,
    PASSWORD,
    Mailbox,
    UsersFixture,
)


@dataclass(frozen=True)
class Requests:
    """A log with requests of e-mails only."""

    events: Sequence[EncodedEvent]

    def scan(self, *, after: int, limit: int) -> Sequence[EncodedEvent]:
        return [each for each in self.events if each.position > after][:limit]


class Server:
    """A mailer whose server answers as it is told, and then takes everything."""

    def __init__(self, *answers: Exception) -> None:
        self._answers = list(answers)
        self.tried: list[Mail] = []

    def send(self, mail: Mail, *, tenant_id: TenantId, user_id: UserId) -> None:
        del tenant_id, user_id
        self.tried.append(mail)
        if self._answers:
            raise self._answers.pop(0)


class Position:
    """A stored position."""

    def __init__(self) -> None:
        self.position = 0

    def load(self) -> int:
        return self.position

    def store(self, position: int) -> None:
        self.position = position


def requested(users: UsersFixture) -> None:
    """Register, and send nothing yet."""
    users.delivery = replace(users.delivery, mailer=Server(MailUndelivered()))
    with pytest.raises(MailUndelivered):
        users.registers()


def test_an_email_is_sent_once_however_often_its_request_is_delivered(users: UsersFixture) -> None:
    """R-EVT-03, R-EVT-16"""
    users.registers()
    users.work()
    users.work()
    assert len(users.mailbox.mails) == 1
    (event,) = users.email_requests()
    assert users.mailbox.mails[0].id == event.event_id


def test_a_request_contains_neither_the_address_nor_a_secret(users: UsersFixture) -> None:
    """R-EVT-03, R-TEN-09: the link is made when the e-mail is sent."""
    requested(users)
    (event,) = users.email_requests()
    assert b"verification" in event.payload
    assert ADDRESS.encode() not in event.payload
    users.delivery = replace(users.delivery, mailer=users.mailbox)
    users.work()
    assert users.mailbox.token().encode() not in event.payload
    users.verifies()


def test_the_queue_on_the_bus_calls_the_same_handler(users: UsersFixture) -> None:
    """R-EVT-03: a message is handled at least once, and its e-mail is sent once."""
    requested(users)
    delivery = replace(users.delivery, mailer=users.mailbox)
    bus = InProcessBus([*EVENT_TOPICS, *DEAD_LETTER_TOPICS])
    for _ in range(2):
        bus.publish([to_message(each) for each in users.email_requests()])
        consumer_subscription(
            bus, GROUP, delivery.handle, draw=lambda: 1.0, clock=lambda: users.now
        ).run_once()
    assert [mail.to for mail in users.mailbox.mails] == [ADDRESS]
    assert GROUP.name == "email-notifications"


def test_an_undelivered_email_is_sent_again_with_the_same_id(users: UsersFixture) -> None:
    """R-EVT-03: its Message-ID lets servers recognize it."""
    server = Server(MailUndelivered(), MailUndelivered())
    users.delivery = replace(users.delivery, mailer=server)
    for _ in range(2):
        with pytest.raises(MailUndelivered):
            users.registers(command_id=None if not server.tried else uuid4())
    users.waiting.clear()
    users.work()
    assert len({mail.id for mail in server.tried[:3]}) == 1


def test_an_email_refused_for_good_stops_no_other_one(users: UsersFixture) -> None:
    """R-EVT-19: it is reported once; on the bus it becomes a dead letter."""
    server = Server(MailRefused())
    users.delivery = replace(users.delivery, mailer=server)
    with pytest.raises(MailRefused):
        users.registers()
    users.work()
    assert len(server.tried) == 1
    users.registers("bob@example.org")
    assert server.tried[-1].to == "bob@example.org"


def test_an_email_is_sent_after_an_unexpected_error(users: UsersFixture) -> None:
    """R-EVT-03, R-EVT-19: a defect refuses no e-mail; the queue keeps the request."""
    server = Server(ValueError("a defect"))
    users.delivery = replace(users.delivery, mailer=server)
    with pytest.raises(ValueError, match="a defect"):
        users.registers()
    users.work()
    assert [mail.to for mail in server.tried] == [ADDRESS, ADDRESS]


def test_an_email_that_the_server_takes_later_stops_no_other_one(users: UsersFixture) -> None:
    """R-EVT-03, R-EVT-19: it is tried again after a minute, then after two, until it is sent."""
    server = Server(MailDeferred())
    users.delivery = replace(users.delivery, mailer=server)
    users.registers()
    users.registers("bob@example.org")
    assert [mail.to for mail in server.tried] == [ADDRESS, "bob@example.org"]
    users.delivery = replace(users.delivery, mailer=(server := Server(MailDeferred())))
    tried: list[int] = []
    for _ in range(6):
        users.work()
        users.delivery.send_deferred()
        tried.append(len(server.tried))
        users.later(minutes=1)
    assert tried == [0, 1, 1, 2, 2, 2]
    assert {mail.to for mail in server.tried} == {ADDRESS}
    assert len({mail.id for mail in server.tried}) == 1


def test_log_lines_name_the_email_by_its_id(users: UsersFixture) -> None:
    """R-LIV-12: which the redaction of addresses does not hide."""
    server = Server(MailDeferred())
    users.delivery = replace(users.delivery, mailer=server)
    with capture_logs() as lines:
        users.registers()
        users.later(minutes=1)
        users.delivery.send_deferred()
    shown = [(line["event"], hidden(line)["event_id"]) for line in lines if "outcome" in line]
    deferred = [hidden(line)["event_id"] for line in lines if line["event"] == "email.deferred"]
    (email_id,) = {str(mail.id) for mail in server.tried}
    assert shown == [("email.sent", email_id)]
    assert deferred == [email_id]


def test_a_deferred_email_waits_for_the_server_and_is_given_up_in_the_end(
    users: UsersFixture,
) -> None:
    """R-EVT-03: an outage, a refusal or a week ends its attempts, and not those of others."""
    users.delivery = replace(users.delivery, mailer=Server(*[MailDeferred()] * 2))
    users.registers()
    users.registers("bob@example.org")
    users.later(minutes=1)
    server = Server(MailUndelivered(), MailRefused())
    users.delivery = replace(users.delivery, mailer=server)
    with pytest.raises(MailUndelivered):
        users.delivery.send_deferred()
    users.later(minutes=5)
    users.delivery.send_deferred()
    assert len(server.tried) == 3, "one is refused, the other one accepted"
    assert len({mail.to for mail in server.tried}) == 2
    users.delivery = replace(users.delivery, mailer=(server := Server(MailDeferred())))
    users.registers("eve@example.org")
    users.later(days=8)
    users.delivery.send_deferred()
    assert len(server.tried) == 1


def test_the_subscription_stores_its_position_and_waits_for_the_server(
    users: UsersFixture,
) -> None:
    """R-EVT-03: a new process continues with the e-mail that was not sent."""
    requested(users)
    events = users.email_requests()
    batch = Records(events, {LOG: events[-1].position})
    server, position = Server(MailUndelivered()), Position()
    send = replace(users.delivery, mailer=server).send_email

    def processor() -> LogQueueProcessor:
        return LogQueueProcessor(
            GROUP.name,
            position,
            send,
            failed=cast("FailedEvents", None),
            log=Requests(events),
            clock=utc_now,
        )

    with pytest.raises(MailUndelivered):
        processor().process(batch)
    assert processor().start(Event()) == {LOG: 0}
    processor().process(batch)
    assert processor().start(Event()) == {LOG: events[-1].position}
    assert len(server.tried) == 2


def test_an_email_that_nobody_needs_any_more_is_not_sent(users: UsersFixture) -> None:
    """R-EVT-03: the address was verified meanwhile, the person left, or a week has passed."""
    requested(users)
    users.delivery = replace(users.delivery, mailer=users.mailbox)
    users.registration.send_verification(ADDRESS, origin=users.origin)
    users.work()
    assert len(users.mailbox.mails) == 2
    server = Server(MailUndelivered())
    users.delivery = replace(users.delivery, mailer=server)
    users.registration.send_verification(ADDRESS, origin=users.origin)
    with pytest.raises(MailUndelivered):
        users.work()
    signed_in = users.verifies()
    users.work()
    assert len(server.tried) == 1

    users.delivery = replace(users.delivery, mailer=Server(MailUndelivered()))
    users.password_service.request(ADDRESS, origin=users.origin)
    with pytest.raises(MailUndelivered):
        users.work()
    users.account_erasure.erase(UserId(signed_in.user.id), origin=users.origin, command_id=uuid4())
    users.delivery = replace(users.delivery, mailer=server)
    users.work()
    assert len(server.tried) == 1

    users.delivery = replace(users.delivery, mailer=Server(MailUndelivered()))
    with pytest.raises(MailUndelivered):
        users.registers("bob@example.org", ANOTHER)
    users.now += timedelta(days=8)
    users.delivery = replace(users.delivery, mailer=server)
    users.work()
    assert len(server.tried) == 1


@dataclass
class LostReply:
    """A mailer whose server takes the message, but whose first reply is lost."""

    mailbox: Mailbox
    is_lost: bool = True

    def send(self, mail: Mail, *, tenant_id: TenantId, user_id: UserId) -> None:
        self.mailbox.send(mail, tenant_id=tenant_id, user_id=user_id)
        if self.is_lost:
            self.is_lost = False
            raise MailDeferred


def test_a_used_link_is_not_valid_again_after_its_email_is_tried_again(users: UsersFixture) -> None:
    """R-EVT-03, R-IDN-11: the server had taken the e-mail, although its reply was lost."""
    users.registers()
    users.verifies()
    users.delivery = replace(users.delivery, mailer=LostReply(users.mailbox))
    users.password_service.request(ADDRESS, origin=users.origin)
    users.work()
    token = users.mailbox.token()
    users.password_service.reset(token, ANOTHER, origin=users.origin)
    users.work()
    sent = len(users.mailbox.mails)
    users.later(minutes=1)
    users.delivery.send_deferred()
    with pytest.raises(LinkRefused):
        users.password_service.reset(token, PASSWORD, origin=users.origin)
    assert len(users.mailbox.mails) == sent


def test_an_accepted_invitation_is_not_sent_again(users: UsersFixture) -> None:
    """R-EVT-03: its link has arrived, and the invited person has set a password with it."""
    users.delivery = replace(users.delivery, mailer=LostReply(users.mailbox))
    users.administration.invite(ADDRESS, origin=users.origin, command_id=uuid4())
    users.work()
    token = users.mailbox.token()
    users.password_service.reset(token, ANOTHER, origin=users.origin)
    users.later(minutes=1)
    users.delivery.send_deferred()
    with pytest.raises(LinkRefused):
        users.password_service.reset(token, PASSWORD, origin=users.origin)
    assert len(users.mailbox.mails) == 1
