"""Dependencies that fail three times in a row are left alone for a while (R-EVT-20)."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import httpx2
import pytest
import stamina
from joserfc.jwk import RSAKey

from adapters.encryption.aws_kms import AwsKms
from adapters.mail.smtp import MailServer, SmtpMailer
from adapters.rate_limit.token_bucket import TokenBuckets
from adapters.single_flight import SingleFlight
from adapters.users.database import IdentityDatabase
from adapters.users.id_tokens import ProviderIdTokens
from adapters.users.revocation_cache import RedisRevocationCache, fail_fast_client
from adapters.users.sign_ins import SqlSignIns
from application.kernel.encryption import KeyRefused, KmsUnavailable
from application.users.emails import EmailTemplates
from application.users.errors import IdTokenRefused, MailUndelivered, ProviderUnavailable
from application.users.ports import SignIn
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.users.identities import GOOGLE
from tests.adapters.closing_peer import ClosingPeer, closing_peer
from tests.adapters.users.kms_peer import kms_peer
from tests.adapters.users.mail_catcher import OWNER, mail_catcher
from tests.adapters.users.provider_peer import AT, ProviderPeer, provider_peer

FAILURES = 3
MORE = 10
MAIL = EmailTemplates("https://kinelog.example").verification(
    UUID(int=1), "ada@example.org", "default.abc"
)


@pytest.fixture
def down() -> Iterator[ClosingPeer]:
    with closing_peer() as peer:
        yield peer


def test_the_rate_limiter_counts_alone_while_redis_is_down(down: ClosingPeer) -> None:
    """R-EVT-20: no request waits for Redis any more, and the limit holds in this process."""
    buckets = TokenBuckets("door", 5, redis_url=f"redis://127.0.0.1:{down.port}", open_s=600)
    granted = [buckets.consume("ada").granted for _ in range(MORE)]
    assert granted == [True] * 5 + [False] * 5
    assert down.connections == FAILURES


def test_sign_ins_are_read_from_the_table_while_redis_is_down(
    down: ClosingPeer, tmp_path: Path
) -> None:
    """R-EVT-20, C-22: ends of sign-ins show at once."""
    with closing(IdentityDatabase(f"sqlite:///{tmp_path / 'identity.sqlite'}")) as database:
        table = SqlSignIns(database)
        at = datetime(2030, 1, 1, tzinfo=UTC)
        sign_in = SignIn(DEFAULT_TENANT, uuid4(), UserId("ada"), at, at + timedelta(days=1))
        table.begin(sign_in, sign_in.id.bytes)
        client = fail_fast_client(f"redis://127.0.0.1:{down.port}")
        live = RedisRevocationCache(client, table, open_s=600)
        assert all(live.is_live(DEFAULT_TENANT, sign_in.id, at) for _ in range(MORE))
        table.end(DEFAULT_TENANT, sign_in.id, at)
        live.mark_ended(DEFAULT_TENANT, [sign_in.id])
        assert not live.is_live(DEFAULT_TENANT, sign_in.id, at)
    assert down.connections == FAILURES


def test_mails_fail_at_once_while_the_mail_server_is_down(down: ClosingPeer) -> None:
    """R-EVT-20: the first mail is tried three times."""
    mailer = SmtpMailer(
        MailServer("127.0.0.1", down.port, "hello@kinelog.example", "none"), open_s=600
    )
    with stamina.set_testing(True, attempts=3):
        for _ in range(MORE):
            with pytest.raises(MailUndelivered):
                mailer.send(MAIL, **OWNER)
    assert down.connections == FAILURES


def test_a_rejected_recipient_does_not_stop_the_mails_of_others() -> None:
    """R-EVT-20: the server is there; one without encryption refuses the log-in each time."""
    with mail_catcher() as catcher:
        server = MailServer(catcher.host, catcher.port, "a@kinelog.example", "none", "x", "y")
        mailer = SmtpMailer(server, open_s=600)
        with stamina.set_testing(True, attempts=1):
            reasons = set[str]()
            for _ in range(MORE):
                with pytest.raises(MailUndelivered) as failed:
                    mailer.send(MAIL, **OWNER)
                reasons.add(failed.value.detail)
        assert len(reasons) == 1
        assert "not available" not in reasons.pop()


def test_kms_is_left_alone_while_it_is_down(
    down: ClosingPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-20."""
    credentials(monkeypatch)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with closing(
        AwsKms("alias/{tenant}", endpoint_url=f"http://127.0.0.1:{down.port}", open_s=600)
    ) as kms:
        for _ in range(FAILURES):
            with pytest.raises(KmsUnavailable):
                kms.wrap(b"key", tenant_id=DEFAULT_TENANT, about="ada")
        before = down.connections
        with pytest.raises(KmsUnavailable):
            kms.wrap(b"key", tenant_id=DEFAULT_TENANT, about="ada")
        assert down.connections == before


def test_a_disabled_key_of_one_tenant_does_not_stop_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-EVT-20: KMS is there."""
    credentials(monkeypatch)
    with kms_peer() as peer:
        peer.add_key("alias/red")
        peer.add_key("alias/blue")
        peer.disabled.add("alias/red")
        with closing(AwsKms("alias/{tenant}", endpoint_url=peer.url, open_s=600)) as kms:
            for _ in range(MORE):
                with pytest.raises((KmsUnavailable, KeyRefused)):
                    kms.wrap(b"key", tenant_id=TenantId("red"), about="ada")
            assert kms.wrap(b"key", tenant_id=TenantId("blue"), about="ada")


def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


@pytest.fixture
def provider() -> Iterator[ProviderPeer]:
    with provider_peer() as peer:
        yield peer


def test_keys_of_a_provider_that_is_down_are_not_fetched_each_time(provider: ProviderPeer) -> None:
    """R-EVT-20."""
    provider.status = 500
    with httpx2.Client(timeout=60) as client:
        tokens = ProviderIdTokens({GOOGLE: provider.issuer}, client, clock=lambda: AT, open_s=600)
        for _ in range(MORE):
            with pytest.raises(ProviderUnavailable):
                tokens.read(GOOGLE, provider.token())
    assert provider.requests == FAILURES


def test_sign_ins_with_cached_keys_do_not_wait_for_a_fetch(
    provider: ProviderPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-20: while the provider does not answer who sent an unknown key."""
    fetching, release = Event(), Event()
    with httpx2.Client(timeout=60) as client, ThreadPoolExecutor(2) as pool:
        tokens = ProviderIdTokens({GOOGLE: provider.issuer}, client, clock=lambda: AT)
        tokens.read(GOOGLE, provider.token())
        monkeypatch.setattr("adapters.users.id_tokens.REFETCH_INTERVAL_S", 0.0)
        get = client.get

        def slow_get(*args: object, **keywords: object) -> httpx2.Response:
            fetching.set()
            assert release.wait(60)
            return get(*args, **keywords)  # type: ignore[arg-type]  # as they came

        monkeypatch.setattr(client, "get", slow_get)
        cached = provider.token()
        provider.keys.append(RSAKey.generate_key(2048, {"kid": "unpublished"}))
        provider.withdrawn.add("unpublished")
        unknown = pool.submit(tokens.read, GOOGLE, provider.token())
        assert fetching.wait(60)
        assert tokens.read(GOOGLE, cached).email == "ada@example.org"
        release.set()
        with pytest.raises(IdTokenRefused):
            unknown.result()


def test_callers_at_the_same_time_share_one_call() -> None:
    """R-EVT-20: they do not wait one after the other; later callers call again."""
    flight, calls, release = SingleFlight[int](), list[int](), Event()

    def call() -> int:
        calls.append(1)
        assert release.wait(60)
        raise ProviderUnavailable

    with ThreadPoolExecutor(MORE) as pool:
        waiting = [pool.submit(flight.call, call) for _ in range(MORE)]
        while flight.waiting < MORE - 1:
            time.sleep(0.001)
        release.set()
        for each in waiting:
            with pytest.raises(ProviderUnavailable):
                each.result()
    assert len(calls) == 1
    assert flight.call(lambda: 7) == 7
