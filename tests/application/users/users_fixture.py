"""Accounts and sign-in on their own store, with a mailbox and a clock that tests set."""

import re
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import unquote
from uuid import UUID, uuid4

from adapters.clock import new_id
from adapters.encryption.blind_index import BlindIndex
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.event_log.codec import EventCodec
from adapters.event_log.memory import MemoryEventLog
from adapters.mail.sent_emails import SqlDeferredEmails, SqlSentEmails
from adapters.rate_limit.attempt_delays import AttemptDelays
from adapters.rate_limit.token_bucket import TokenBuckets
from adapters.users.access_tokens import JoseTokens
from adapters.users.credentials import SqlCredentials, SqlIdentityIndex
from adapters.users.database import IdentityDatabase
from adapters.users.key_ring import KeyRing
from adapters.users.one_time_passwords import TotpPasswords
from adapters.users.passkey_challenges import SqlPasskeyChallenges
from adapters.users.random_secrets import (
    mint_pose_coach_key,
    new_challenge,
    new_recovery_code,
    new_secret,
)
from adapters.users.revocation_cache import TableRevocations
from adapters.users.second_factors import SqlSecondFactors
from adapters.users.sign_ins import SqlSignIns
from adapters.users.signing_keys import SqlSigningKeys
from adapters.users.single_use_links import SqlSingleUseLinks
from adapters.users.webauthn_passkeys import WebauthnPasskeys, relying_party
from application.content.emails import ContentEmails
from application.kernel.cloud_events import EncodedEvent, encoded
from application.kernel.command_handler import CommandHandler
from application.payments.emails import BillingEmails
from application.privacy.erasure import AccountErasure
from application.users.access_tokens import AccessTokens
from application.users.accounts import Accounts
from application.users.administration import AdministrationService
from application.users.attempts import EmailQuota, SignInAttempts
from application.users.email_delivery import EmailDelivery
from application.users.email_notices import JoinedNotices
from application.users.email_requests import EmailRequests
from application.users.emails import EmailTemplates
from application.users.errors import IdTokenRefused, PasswordTooWeak
from application.users.external_identities import ExternalIdentityService
from application.users.passkeys import PasskeyService
from application.users.password_reset import PasswordService
from application.users.plan_offers import PlanOffers
from application.users.ports import Mail, PasswordCheck
from application.users.provider_scopes import ProviderScopes
from application.users.registration import Registration, RegistrationService
from application.users.second_factors import RECOVERY_ATTEMPTS_PER_MINUTE, SecondFactorService
from application.users.sign_in import SignInService
from application.users.tenant_registry import TenantRegistry
from application.users.tokens import ProviderUser, SignedIn
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN, JoinPolicy
from domain.tenants.tenant import Uncreated
from domain.users.events import EmailRequested
from domain.users.identities import Provider

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADDRESS = "ada@example.org"
PASSWORD = "three quiet walruses 1871"  # noqa: S105  of nobody
ANOTHER = "seven loud narwhals 1872"
ACME = Provider("acme")
"""A provider of the tenant `default` that vouches for addresses of example.org alone."""
NO_PLANS: Any = Mock(by=lambda *of: {key: [] for key in of[-1]})
"""Read models without rows."""
LINK = re.compile(r"#token=(\S+)")


class QuickPasswords:
    """Hashes instantly, and counts the calls that would be slow."""

    def __init__(self) -> None:
        self.hashed = 0
        self.compared: list[str | None] = []

    def require_strong(self, password: str, about: Any) -> None:
        if password == "weak" or password in about:  # noqa: S105  of nobody
            raise PasswordTooWeak

    def hash(self, password: str) -> str:
        self.hashed += 1
        return f"hash of {password}"

    def check(self, password: str, stored: str | None) -> PasswordCheck:
        self.compared.append(stored)
        return PasswordCheck(matches=stored == f"hash of {password}")


class Mailbox:
    """Keeps sent messages, the newest last."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail, *, tenant_id: TenantId, user_id: UserId) -> None:
        del tenant_id, user_id
        self.mails.append(mail)

    def token(self) -> str:
        """Return the token in the link of the newest message."""
        found = LINK.search(self.mails[-1].text)
        assert found is not None
        return unquote(found[1])


class Vouchers:
    """Identity tokens, by their text."""

    def __init__(self) -> None:
        self.people: dict[str, ProviderUser] = {}

    def read(self, provider: Provider, token: str, nonce: str | None = None) -> ProviderUser:
        person = self.people.get(token)
        if person is None or person.provider != provider:
            raise IdTokenRefused
        return person


@dataclass
class UsersFixture:
    """The use cases, and the stores that tests inspect."""

    log: MemoryEventLog
    accounts: Accounts
    registration: RegistrationService
    sign_in_service: SignInService
    password_service: PasswordService
    external_identities: ExternalIdentityService
    account_erasure: AccountErasure
    administration: AdministrationService
    passwords: QuickPasswords
    second_factors: SecondFactorService
    passkeys: PasskeyService
    mailbox: Mailbox
    vouchers: Vouchers
    credentials: SqlCredentials
    identities: SqlIdentityIndex
    keys: SqlSubjectKeyStore
    delivery: EmailDelivery
    codec: EventCodec
    now: datetime = AT
    waiting: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])
    origin: Origin = field(
        default_factory=lambda: Origin(
            tenant_id=DEFAULT_TENANT, actor="anonymous", correlation_id=uuid4()
        )
    )

    def of(self, tenant_id: str) -> Origin:
        """Return the origin of requests to another tenant, which exists from now on."""
        origin = replace(self.origin, tenant_id=TenantId(tenant_id))
        if isinstance(self.accounts.tenant(origin.tenant_id), Uncreated):
            self.creates(origin)
        return origin

    def creates(self, origin: Origin, join: JoinPolicy = OPEN) -> None:
        """Create a tenant, led by a user without an account."""
        self.administration.create_tenant(
            "The Gym", UserId("mayor"), join=join, origin=origin, command_id=uuid4()
        )

    def work(self) -> None:
        """Do the work deferred until after the response."""
        while self.waiting:
            self.waiting.pop(0)()
        for event in self.email_requests():
            self.delivery.send_email(event)

    def email_requests(self) -> list[EncodedEvent]:
        """Return the requests of e-mails, as the queue gets them."""
        recorded = self.log.scan(after=0, limit=9999)
        due = [each for each in recorded if isinstance(each.event, EmailRequested)]
        return [encoded(each, self.codec.encode) for each in due]

    def registers(
        self, email: str = ADDRESS, password: str = PASSWORD, *, command_id: UUID | None = None,
        origin: Origin | None = None, locale: str = "en",
    ) -> str:  # fmt: skip
        proof = self.registration.register(
            Registration(email=email, password=password, locale=locale),
            origin=origin or self.origin,
            command_id=command_id or uuid4(),
        )
        self.work()
        return proof

    def verifies(
        self, *, password: str | None = PASSWORD, proof: str | None = None,
        origin: Origin | None = None,
    ) -> SignedIn:  # fmt: skip
        return self.registration.verify_email(
            self.mailbox.token(),
            password=password,
            proof=proof,
            origin=origin or self.origin,
            command_id=uuid4(),
        )

    def member(self, email: str = ADDRESS) -> SignedIn:
        self.registers(email)
        return self.verifies()

    def signs_in(
        self, email: str = ADDRESS, password: str = PASSWORD, *, address: str = "192.0.2.1",
        device: str | None = None,
    ) -> SignedIn:  # fmt: skip
        return self.sign_in_service.with_password(
            self.origin.tenant_id, email, password, address=address, device=device
        )

    def signs_in_with(self, provider: Provider, subject: str = "1", **said: Any) -> SignedIn:
        expected = {"email": None, "email_verified": False, "name": None} | said
        self.vouchers.people["token"] = ProviderUser(provider, subject, **expected)
        return self.external_identities.exchange(
            provider, "token", origin=self.origin, command_id=uuid4()
        )

    def names(self) -> list[str]:
        return [fact.event.event_name for fact in self.log.scan(after=0, limit=999)]

    def later(self, seconds: float = 0, **amount: float) -> None:
        self.now += timedelta(seconds=seconds, **amount)


@contextmanager
def users(folder: Path) -> Generator[UsersFixture]:
    """Build the fixture, as the composition root does."""
    with closing(IdentityDatabase(f"sqlite:///{folder / 'identity.sqlite'}")) as database:
        yield _built(database, KeyFileKms(folder / "master.key"))


def _built(database: IdentityDatabase, kms: KeyFileKms) -> UsersFixture:
    built: list[UsersFixture] = []
    waiting: list[Callable[[], object]] = []

    def clock() -> datetime:
        return built[0].now if built else AT

    keys = SqlSubjectKeyStore(database)
    sealer = EnvelopeCipher(keys, kms)
    log = MemoryEventLog(clock=clock, new_id=new_id, codec=EventCodec(sealer=sealer))
    commands = CommandHandler(log, settled=lambda _: None)
    accounts = Accounts(log, commands)
    passwords, mailbox, vouchers = QuickPasswords(), Mailbox(), Vouchers()
    credentials = SqlCredentials(database)
    index = BlindIndex(keys, kms)
    identities = SqlIdentityIndex(database, index)
    sign_ins, links = SqlSignIns(database), SqlSingleUseLinks(database)
    factors = SqlSecondFactors(database)
    signer = JoseTokens(
        KeyRing(SqlSigningKeys(database), kms, clock=clock),
        issuer="https://kinelog.example",
        clock=clock,
    )
    sign_in_service = SignInService(
        accounts=accounts, passwords=passwords, credentials=credentials, identities=identities,
        sign_ins=sign_ins, revocations=TableRevocations(sign_ins),
        signer=signer,
        access_tokens=AccessTokens(
            accounts, signer, factors, frozenset({"administrator", "trainer"}), clock
        ),
        clock=clock, new_id=new_id, new_secret=new_secret, derive_secret=index.derive,
        second_factors=factors,
        attempts=SignInAttempts(
            AttemptDelays(clock=lambda: clock().timestamp()), index.derive, new_secret
        ),
    )  # fmt: skip
    scopes = ProviderScopes(tenants={}, domains={ACME: frozenset({"example.org"})})
    tenants = TenantRegistry(accounts, identities, open_registration=True)
    shared: dict[str, Any] = {
        "accounts": accounts, "credentials": credentials, "identities": identities,
        "sign_in_service": sign_in_service, "clock": clock,
    }  # fmt: skip
    quota = EmailQuota(
        *(
            TokenBuckets(name, amount, window_s=3600, clock=lambda: clock().timestamp())
            for name, amount in (("emails", 6), ("unverified_emails", 18))
        )
    )
    emails = EmailRequests(accounts, links, waiting.append, clock=clock, new_id=new_id, quota=quota)
    codec = EventCodec(sealer=sealer)
    delivery = EmailDelivery(
        accounts=accounts,
        links=links,
        mailer=mailbox,
        templates=EmailTemplates("https://kinelog.example"),
        sent=SqlSentEmails(database._engine),
        deferred=SqlDeferredEmails(database._engine),
        decode=codec.decode,
        clock=clock,
        derive_secret=index.derive,
        notices=JoinedNotices(
            (
                BillingEmails(accounts.log, "https://kinelog.example"),
                ContentEmails(accounts.log, "https://kinelog.example"),
            )
        ),
    )
    second_factors = SecondFactorService(
        accounts=accounts,
        factors=factors,
        cipher=sealer,
        one_time_passwords=TotpPasswords(),
        sign_in_service=sign_in_service,
        emails=emails,
        clock=clock,
        new_id=new_id,
        new_code=new_recovery_code,
        recovery_attempts=TokenBuckets(
            "recovery_codes", RECOVERY_ATTEMPTS_PER_MINUTE, clock=lambda: clock().timestamp()
        ),
    )
    built.append(
        UsersFixture(
            log=log,
            accounts=accounts,
            registration=RegistrationService(
                **shared,
                emails=emails,
                tenants=tenants,
                passwords=passwords,
                new_id=new_id,
                mint_key=mint_pose_coach_key,
            ),
            sign_in_service=sign_in_service,
            password_service=PasswordService(**shared, emails=emails, passwords=passwords),
            external_identities=ExternalIdentityService(
                **shared,
                emails=emails,
                tenants=tenants,
                scopes=scopes,
                id_tokens=vouchers,
                new_id=new_id,
                mint_key=mint_pose_coach_key,
            ),
            account_erasure=AccountErasure(**shared, links=links, cipher=sealer),
            administration=AdministrationService(
                **shared,
                emails=emails,
                tenants=tenants,
                new_id=new_id,
                mint_key=mint_pose_coach_key,
                plan_offers=PlanOffers(log, NO_PLANS, lambda *_: True),
            ),
            passwords=passwords,
            second_factors=second_factors,
            passkeys=PasskeyService(
                second_factors=second_factors,
                challenges=SqlPasskeyChallenges(database),
                passkeys=WebauthnPasskeys(relying_party("https://kinelog.example")),
                new_challenge=new_challenge,
            ),
            mailbox=mailbox,
            vouchers=vouchers,
            credentials=credentials,
            identities=identities,
            keys=keys,
            waiting=waiting,
            delivery=delivery,
            codec=codec,
        )
    )
    return built[0]


VERIFIED: dict[str, Any] = {"email": ADDRESS, "email_verified": True}
