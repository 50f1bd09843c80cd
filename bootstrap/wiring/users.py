"""How people sign in, put together from settings when the first of them does."""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

import httpx2

from adapters.clock import new_id, utc_now
from adapters.encryption.blind_index import BlindIndex
from adapters.mail.folder import FolderMailer
from adapters.mail.smtp import Encryption, MailServer, SmtpMailer
from adapters.users.access_tokens import JoseTokens
from adapters.users.background_tasks import Background
from adapters.users.credentials import SqlCredentials, SqlIdentityIndex
from adapters.users.id_tokens import ProviderIdTokens, Vouching, apple, firebase, google
from adapters.users.key_ring import KeyRing
from adapters.users.oauth import OidcProviders
from adapters.users.oauth_state import JoseFlows
from adapters.users.passwords import Argon2Passwords
from adapters.users.random_secrets import mint_pose_coach_key, new_secret
from adapters.users.revocation_cache import (
    NearLiveSignIns,
    RedisLiveSignIns,
    TableLiveSignIns,
    impatient,
)
from adapters.users.sign_ins import SqlSignIns
from adapters.users.signing_keys import SqlSigningKeys
from adapters.users.single_use_links import SqlSingleUseLinks
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.privacy.user_erasure import Forgetting
from application.users.accounts import Accounts
from application.users.administration import Administering
from application.users.email_sender import Letters
from application.users.emails import Mails
from application.users.external_identities import Linking
from application.users.oauth_redirects import Redirecting
from application.users.password_reset import Resetting
from application.users.ports import Later, LiveSignIns, Mailer, SignIns
from application.users.registration import Registering
from application.users.roles import Staffing
from application.users.services import AccountServices
from application.users.sign_in import SigningIn
from bootstrap.settings import Settings, separated
from bootstrap.wiring.encryption import EncryptionServices
from bootstrap.wiring.oauth import oidc_clients
from domain.kernel import Rejected
from domain.users.identities import APPLE, FIREBASE, GOOGLE, Provider

ENCRYPTIONS: Final[dict[str, tuple[Encryption, int]]] = {
    "smtp": ("starttls", 587),
    "smtps": ("tls", 465),
    "smtp+plain": ("none", 25),
}
"""What the scheme of KINELOG_SMTP_URL means, and its port."""


class MailServerInvalid(Rejected):
    """KINELOG_SMTP_URL is smtp://, smtps:// or smtp+plain:// with a host."""

    code = "setting.mail_server_invalid"
    kind = "invalid"


@dataclass(frozen=True)
class _Kept:
    """What is kept of accounts, and what all use cases share."""

    accounts: Accounts
    credentials: SqlCredentials
    identities: SqlIdentityIndex
    links: SqlSingleUseLinks
    ring: KeyRing
    passwords: Argon2Passwords
    signing_in: SigningIn


@contextmanager
def build_user_services(
    settings: Settings, sealing: EncryptionServices, log: EventLog, commands: CommandHandler
) -> Generator[AccountServices]:
    """Lend the use cases of accounts. Raises MailServerInvalid and OidcInvalid."""
    with ExitStack() as opened:
        live = opened.enter_context(_live(settings, SqlSignIns(sealing.database)))
        kept = _kept(settings, sealing, Accounts(log, commands), live)
        later = opened.enter_context(closing(Background()))
        registering, resetting, administering = _writing(settings, kept, later)
        tls = httpx2.create_ssl_context()
        client = opened.enter_context(httpx2.Client(verify=tls))
        linking = _linking(settings, kept, client)
        yield AccountServices(
            accounts=kept.accounts,
            identities=kept.identities,
            registering=registering,
            signing_in=kept.signing_in,
            resetting=resetting,
            linking=linking,
            redirecting=Redirecting(
                providers=OidcProviders(oidc_clients(settings), client, tls=tls, clock=utc_now),
                flows=JoseFlows(kept.ring),
                linking=linking,
                base_url=settings.base_url,
                clock=utc_now,
                new_secret=new_secret,
            ),
            staffing=Staffing(commands, kept.signing_in, utc_now),
            administering=administering,
            forgetting=_forgetting(sealing, kept),
            public_keys=kept.ring.public_keys,
            succeed_after=kept.ring.succeed_after,
        )


def _kept(
    settings: Settings, sealing: EncryptionServices, accounts: Accounts, live: LiveSignIns
) -> _Kept:
    database, kms = sealing.database, sealing.kms
    credentials, passwords = SqlCredentials(database), Argon2Passwords()
    identities = SqlIdentityIndex(database, BlindIndex(sealing.keys, kms))
    ring = KeyRing(SqlSigningKeys(database), kms, clock=utc_now)
    tokens = JoseTokens(ring, issuer=settings.base_url, clock=utc_now)
    signing_in = SigningIn(
        accounts=accounts,
        passwords=passwords,
        credentials=credentials,
        identities=identities,
        sign_ins=SqlSignIns(database),
        live=live,
        signer=tokens,
        clock=utc_now,
        new_id=new_id,
        new_secret=new_secret,
    )
    links = SqlSingleUseLinks(database)
    return _Kept(accounts, credentials, identities, links, ring, passwords, signing_in)


def _writing(
    settings: Settings, kept: _Kept, later: Later
) -> tuple[Registering, Resetting, Administering]:
    """Put together what sends messages."""
    letters = Letters(
        links=kept.links,
        mailer=_mailer(settings),
        mails=Mails(settings.base_url),
        later=later,
        clock=utc_now,
        new_secret=new_secret,
    )
    registering = Registering(
        accounts=kept.accounts,
        passwords=kept.passwords,
        credentials=kept.credentials,
        identities=kept.identities,
        letters=letters,
        signing_in=kept.signing_in,
        clock=utc_now,
        new_id=new_id,
        mint_key=mint_pose_coach_key,
    )
    resetting = Resetting(
        accounts=kept.accounts,
        passwords=kept.passwords,
        credentials=kept.credentials,
        identities=kept.identities,
        letters=letters,
        signing_in=kept.signing_in,
        clock=utc_now,
    )
    administering = Administering(
        accounts=kept.accounts,
        credentials=kept.credentials,
        identities=kept.identities,
        letters=letters,
        signing_in=kept.signing_in,
        clock=utc_now,
        new_id=new_id,
        mint_key=mint_pose_coach_key,
    )
    return registering, resetting, administering


def _linking(settings: Settings, kept: _Kept, client: httpx2.Client) -> Linking:
    return Linking(
        accounts=kept.accounts,
        credentials=kept.credentials,
        identities=kept.identities,
        links=kept.links,
        id_tokens=ProviderIdTokens(_vouching(settings), client, clock=utc_now),
        signing_in=kept.signing_in,
        clock=utc_now,
        new_id=new_id,
        mint_key=mint_pose_coach_key,
    )


def _forgetting(sealing: EncryptionServices, kept: _Kept) -> Forgetting:
    return Forgetting(
        accounts=kept.accounts,
        credentials=kept.credentials,
        identities=kept.identities,
        links=kept.links,
        signing_in=kept.signing_in,
        sealer=sealing.sealer,
        clock=utc_now,
    )


@contextmanager
def _live(settings: Settings, sign_ins: SignIns) -> Generator[LiveSignIns]:
    """Ask the table, or copies of it in Redis where there is one."""
    if settings.redis_url is None:
        yield NearLiveSignIns(TableLiveSignIns(sign_ins))
        return
    with closing(impatient(settings.redis_url.get_secret_value())) as client:
        yield NearLiveSignIns(RedisLiveSignIns(client, sign_ins))


def _mailer(settings: Settings) -> Mailer:
    if settings.smtp_url is None:
        return FolderMailer(settings.home / "mail", sender=settings.mail_from, new_id=new_id)
    return SmtpMailer(mail_server(settings.smtp_url.get_secret_value(), settings.mail_from))


def mail_server(url: str, sender: str) -> MailServer:
    """Read where messages are handed over. Raises MailServerInvalid, without the URL in it."""
    try:
        parts = urlsplit(url)
        encryption, port = ENCRYPTIONS[parts.scheme]
        given = parts.port
    except (KeyError, ValueError):
        raise MailServerInvalid from None
    if not parts.hostname:
        raise MailServerInvalid
    return MailServer(
        host=parts.hostname,
        port=given or port,
        sender=sender,
        encryption=encryption,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _vouching(settings: Settings) -> dict[Provider, Vouching]:
    found: dict[Provider, Vouching] = {}
    if ids := separated(settings.google_client_ids):
        found[GOOGLE] = google(*ids)
    if ids := separated(settings.apple_client_ids):
        found[APPLE] = apple(*ids)
    if settings.firebase_project:
        found[FIREBASE] = firebase(settings.firebase_project)
    return found
