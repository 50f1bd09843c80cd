"""Threads of a server that follow the log for videos and e-mails."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Event
from threading import enumerate as list_threads
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from application.kernel.command_handler import Request
from application.payments import follow_up
from application.payments.follow_up import PaymentFollowUp
from application.platform import Platform
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring import threads, videos
from bootstrap.wiring.emails import sending_emails
from bootstrap.wiring.gateways import GatewayIncomplete
from bootstrap.wiring.payments import following_payments
from bootstrap.wiring.videos import making_videos
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from domain.users.commands import RegisterUser
from domain.users.user import USER

Followers = Callable[[Settings, Platform], AbstractContextManager[None]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", cache=tmp_path / "cache")


def test_videos_are_made_after_an_unexpected_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-19: the thread goes on, without a new start of the server."""
    opened, original, failures = (
        Event(),
        videos.build_video_subscription,
        [RuntimeError("a defect")],
    )

    @contextmanager
    def build(settings: Settings, platform: Platform) -> Generator[Any]:
        if failures:
            raise failures.pop()
        with original(settings, platform) as subscription:
            opened.set()
            yield subscription

    monkeypatch.setattr(videos, "build_video_subscription", build)
    monkeypatch.setattr(threads, "RETRY_S", 0.01)
    with embedded(settings) as platform, capture_logs() as logs, making_videos(settings, platform):
        assert opened.wait(60)
    assert ("work.failed", "videos") in [(each["event"], each.get("work")) for each in logs]


def test_emails_are_sent_after_an_unexpected_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-19"""
    failed_twice, calls = Event(), [0]

    def accounts() -> Any:
        calls[0] += 1
        if calls[0] > 2:
            failed_twice.set()
        raise RuntimeError("a defect")

    monkeypatch.setattr(threads, "RETRY_S", 0.01)
    with embedded(settings) as platform:
        monkeypatch.setattr(Platform, "accounts", property(lambda _: accounts), raising=False)
        with sending_emails(settings, platform):
            assert failed_twice.wait(60)


def test_payments_are_followed_after_an_unexpected_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-19, R-PAY-07"""
    followed, failures = Event(), [RuntimeError("a defect")]

    def follow(*_: object) -> int:
        if failures:
            raise failures.pop()
        followed.set()
        return 0

    monkeypatch.setattr(follow_up, "POLL_S", 0.01)
    monkeypatch.setattr(PaymentFollowUp, "follow", follow)
    paying = settings.model_copy(
        update={
            "stripe_key": SecretStr("sk_test_1"),
            "stripe_publishable_key": "pk_test_1",
            "stripe_webhook_secrets": SecretStr("whsec_1"),
        }
    )
    with embedded(paying) as platform, capture_logs() as logs:
        platform.commands.execute(
            Request(USER, "ada", [RegisterUser(at=platform.clock())]),
            origin=Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4()),
            command_id=uuid4(),
        )
        with following_payments(paying, platform):
            assert followed.wait(60)
    assert "payments.interrupted" in [each["event"] for each in logs]
    assert "payments" not in {each.name for each in list_threads()}


def test_without_its_other_keys_stripe_is_refused(settings: Settings) -> None:
    incomplete = settings.model_copy(update={"stripe_key": SecretStr("sk_test_1")})
    with pytest.raises(GatewayIncomplete), embedded(incomplete):
        pass


@pytest.mark.parametrize(
    ("followers", "setting"),
    [(making_videos, {"analyzes": False}), (sending_emails, {"sends_emails": False})],
)
def test_a_process_that_is_frozen_between_requests_follows_nothing(
    settings: Settings, followers: Followers, setting: dict[str, bool]
) -> None:
    """R-OPS-07: it would keep the lock of the leader while it is frozen."""
    before = set(list_threads())
    with (
        embedded(settings) as platform,
        followers(settings.model_copy(update=setting), platform),
    ):
        started = {each.name for each in set(list_threads()) - before}
        assert not started & {"videos", "e-mails", "deferred e-mails"}
