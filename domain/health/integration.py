"""Integration decider: one person's consent to one source of health data, and its progress."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.health.events import (
    CloudSource,
    ConsentLoss,
    IntegrationConnected,
    IntegrationConsentLost,
    IntegrationDisconnected,
    IntegrationEvent,
    IntegrationLinked,
    IntegrationSynced,
    Source,
    UploadTokenIssued,
)
from domain.health.metrics import find_metric
from domain.ids import UserId
from domain.kernel import Decider, Rejected, command, value
from domain.personal import Erased, Personal
from domain.values import InvalidValue

LOST_ANSWER: Final = timedelta(days=1)
"""How long a renewed token is valid: a phone in the background may not ask again for hours."""

MAX_ANCHOR: Final = 4000
"""Characters of the position in its source that a device stores with a batch."""


@command
class Connect:
    """Consent to these metrics of a source."""

    user_id: UserId
    source: Source
    metrics: tuple[str, ...]
    version: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.metrics:
            raise InvalidValue("Choose at least one metric.")
        for name in self.metrics:
            find_metric(name)


@command
class NoteSync:
    """Note that a batch was taken; its records are an event of their own.

    `expected_syncs`: number of batches taken before, when the accepted records were counted; a
    different number is refused. None: any number.
    """

    user_id: UserId
    anchor: str | None
    accepted: int
    at: datetime
    expected_syncs: int | None = None

    def __post_init__(self) -> None:
        if self.anchor is not None and not 0 < len(self.anchor) <= MAX_ANCHOR:
            raise InvalidValue(f"An anchor has 1 to {MAX_ANCHOR} characters.")


@command
class Disconnect:
    """Withdraw the consent."""

    user_id: UserId
    at: datetime


@command
class IssueToken:
    """Give the device a new token for uploads, by the digest of its secret.

    A renewal keeps the sign-in of the token before.
    """

    user_id: UserId
    digest: str
    expires_at: datetime
    sign_in_id: str
    renewal: bool
    at: datetime


@command
class Link:
    """Link a cloud that granted these scopes. It follows `Connect` with their metrics."""

    user_id: UserId
    source: CloudSource
    scopes: tuple[str, ...]
    at: datetime


@command
class NoteConsentLost:
    """Note that the cloud gives no more records."""

    user_id: UserId
    reason: ConsentLoss
    at: datetime


IntegrationCommand = Connect | NoteSync | Disconnect | IssueToken | Link | NoteConsentLost


class NotConnected(Rejected):
    """This source of health data is not connected."""

    code = "health.not_connected"
    kind = "not_found"


class SyncedMeanwhile(Rejected):
    """Other records of this source were stored meanwhile. Try again."""

    code = "health.synced_meanwhile"
    kind = "conflict"


class UploadTokenRefused(Rejected):
    """This upload token is invalid, has expired or was replaced. Connect the source again."""

    code = "health.upload_token_refused"
    kind = "unauthenticated"


@value
class UploadToken:
    """A token for uploads: digest of its secret, and its end."""

    digest: str
    expires_at: datetime


@value
class Integration:
    """An integration; `active` between consent and withdrawal.

    `needs_consent`: a cloud gives no more records until the person links it again.
    `tokens` are valid until their ends: the newest one, and those that it was renewed from, because
    the phone may have lost the answer with the newest. They belong to the sign-in `sign_in_id`,
    which began at `signed_in_at`.
    """

    active: bool = False
    needs_consent: bool = False
    metrics: frozenset[str] = frozenset()
    syncs: int = 0
    last_sync_at: datetime | None = None
    tokens: tuple[UploadToken, ...] = ()
    sign_in_id: str | None = None
    signed_in_at: datetime | None = None


def decide(command: IntegrationCommand, integration: Integration) -> tuple[IntegrationEvent, ...]:
    """Return the events of a command. Raises NotConnected, SyncedMeanwhile, UploadTokenRefused."""
    match command:
        case Connect(metrics=names):
            if integration.active and integration.metrics == frozenset(names):
                return ()
            return (
                IntegrationConnected(
                    user_id=command.user_id,
                    source=command.source,
                    metrics=Personal(command.user_id, tuple(sorted(set(names)))),
                    version=command.version,
                    at=command.at,
                ),
            )
        case NoteSync(user_id=user, anchor=anchor):
            if not integration.active:
                raise NotConnected
            if command.expected_syncs not in {None, integration.syncs}:
                raise SyncedMeanwhile
            place = None if anchor is None else Personal(user, anchor)
            return (
                IntegrationSynced(
                    user_id=user, anchor=place, accepted=command.accepted, at=command.at
                ),
            )
        case IssueToken():
            if not integration.active:
                raise NotConnected
            if command.renewal and command.sign_in_id != integration.sign_in_id:
                raise UploadTokenRefused
            return (
                UploadTokenIssued(
                    user_id=command.user_id,
                    digest=command.digest,
                    expires_at=command.expires_at,
                    at=command.at,
                    sign_in_id=command.sign_in_id,
                ),
            )
        case Link() | NoteConsentLost():
            return _decide_link(command, integration)
        case Disconnect(user_id=user, at=at):
            if not (integration.active or integration.needs_consent):
                raise NotConnected
            return (IntegrationDisconnected(user_id=user, at=at),)


def _decide_link(
    command: Link | NoteConsentLost, integration: Integration
) -> tuple[IntegrationEvent, ...]:
    """Return the events of a command about a cloud."""
    match command:
        case Link(user_id=user, source=source, scopes=scopes, at=at):
            if not integration.active:
                raise NotConnected
            granted = Personal(user, tuple(sorted(set(scopes))))
            return (IntegrationLinked(user_id=user, source=source, scopes=granted, at=at),)
        case NoteConsentLost(user_id=user, reason=reason, at=at):
            if not integration.active:
                return ()
            return (IntegrationConsentLost(user_id=user, reason=reason, at=at),)


def evolve(integration: Integration, event: IntegrationEvent) -> Integration:
    """Apply one event. History is never refused."""
    match event:
        case IntegrationConnected(metrics=Personal(value=names)):
            shared = frozenset[str]() if isinstance(names, Erased) else frozenset(names)
            return replace(integration, active=True, needs_consent=False, metrics=shared)
        case IntegrationSynced(at=at):
            return replace(integration, syncs=integration.syncs + 1, last_sync_at=at)
        case IntegrationDisconnected():
            return replace(
                integration,
                active=False,
                needs_consent=False,
                metrics=frozenset(),
                tokens=(),
                sign_in_id=None,
            )
        case IntegrationLinked():
            return integration
        case IntegrationConsentLost():
            return replace(integration, active=False, needs_consent=True)
        case UploadTokenIssued():
            return _issued(integration, event)


def _issued(integration: Integration, event: UploadTokenIssued) -> Integration:
    """Add a token; a renewal leaves the ones before it valid for a while."""
    token = UploadToken(event.digest, event.expires_at)
    if event.sign_in_id is None or event.sign_in_id != integration.sign_in_id:
        return replace(
            integration, tokens=(token,), sign_in_id=event.sign_in_id, signed_in_at=event.at
        )
    older = (
        UploadToken(each.digest, min(each.expires_at, event.at + LOST_ANSWER))
        for each in integration.tokens
        if each.expires_at > event.at
    )
    return replace(integration, tokens=(token, *older))


HEALTH_INTEGRATION = Decider[IntegrationCommand, IntegrationEvent, Integration](
    "health_integration", initial=Integration(), decide=decide, evolve=evolve
)
