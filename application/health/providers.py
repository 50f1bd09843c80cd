"""Port of health clouds: OAuth, records of a period, and webhooks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from domain.health.batch import Measured
from domain.health.events import CloudSource
from domain.kernel import Rejected

Obstacle = Literal["timeout", "rate_limited", "circuit_open"]
"""Why a cloud does not answer now: it is down, too many requests were sent, or it was just down."""


class CloudUnavailable(Rejected):
    """The health service does not answer at the moment. Try again later."""

    code = "health.cloud_unavailable"
    kind = "unavailable"

    def __init__(self, obstacle: Obstacle = "timeout", retry_after_s: float | None = None) -> None:
        super().__init__()
        self.obstacle: Obstacle = obstacle
        self.retry_after_s = retry_after_s


class CloudAnswerUnreadable(Rejected):
    """The health service answered in an unexpected way."""

    code = "health.cloud_answer_unreadable"
    kind = "unavailable"


class CloudConsentLost(Rejected):
    """The health service refuses its tokens: the person has withdrawn their consent there."""

    code = "health.cloud_consent_lost"
    kind = "conflict"


class CloudForbidden(Rejected):
    """The health service does not let this account share this type of data."""

    code = "health.cloud_forbidden"
    kind = "forbidden"


class LinkRefused(Rejected):
    """Linking was interrupted, took too long, or was already completed. Start again."""

    code = "health.link_refused"
    kind = "invalid"


class LinkCancelled(Rejected):
    """The health service was not linked, because you did not agree there."""

    code = "health.link_cancelled"
    kind = "conflict"


class RevocationUnfinished(Exception):  # noqa: N818  the cloud is asked again
    """A cloud has renewed tokens that are to be revoked, but not revoked them: revoke `renewed`."""

    def __init__(self, renewed: "Grant") -> None:
        super().__init__()
        self.renewed = renewed


class CloudWebhookForged(Rejected):
    """The webhook does not prove that it is from the health service."""

    code = "health.webhook_forged"
    kind = "unauthenticated"


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission of a cloud: its name there, its meaning in words, and the metrics it opens."""

    name: str
    meaning: str
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Tokens of one account at a cloud. `repr` hides them.

    `account` is the person's id there, by which webhooks name them.
    """

    account: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """Records of one page of a period.

    `unreadable` counts records without the expected content. `forbidden` are metrics that the cloud
    refuses to list.
    """

    measured: Sequence[Measured]
    unreadable: int = 0
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CloudWebhook:
    """A webhook as it was received. Names of headers are in lower case."""

    body: bytes
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class CloudNotice:
    """A webhook says that an account has new records, or that its consent was withdrawn.

    `delivery` is what a `DeliveringCloud` has to read later; None if nothing is.
    """

    account: str = field(repr=False)
    is_withdrawal: bool = False
    delivery: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CloudChallenge:
    """A cloud checks the address of its webhooks, and expects this answer."""

    status: int
    body: Mapping[str, str]


class HealthProvider(Protocol):
    """A health cloud.

    Methods that call it raise CloudUnavailable and CloudAnswerUnreadable.
    """

    @property
    def scopes(self) -> Sequence[Scope]:
        """The permissions that are asked for."""
        ...

    @property
    def reach(self) -> timedelta | None:
        """Time before now of which the cloud lists all records; None for no end."""
        ...

    def page(self, state: str, verifier: str, callback: str) -> str:
        """Return the URL of the page on which the person agrees (PKCE, RFC 7636)."""
        ...

    def redeem(self, code: str, verifier: str, callback: str, scope: str | None) -> Grant:
        """Exchange a code for tokens. `scope` is what the callback names. Raises LinkRefused."""
        ...

    def refresh(self, grant: Grant) -> Grant:
        """Return new tokens, which can replace the refresh token. Raises CloudConsentLost."""
        ...

    def revoke(self, grant: Grant) -> None:
        """End the tokens at the cloud. It is not an error if they have ended already.

        Raises RevocationUnfinished if they were renewed for it, and then could not be ended.
        """
        ...

    def fetch(self, grant: Grant, start: datetime, end: datetime) -> Iterable[FetchedPage]:
        """Return all records that start in a period, page by page.

        Raises CloudConsentLost if the access token is refused.
        """
        ...

    def read_webhook(self, webhook: CloudWebhook) -> Sequence[CloudNotice] | CloudChallenge:
        """Verify a webhook and return what it says. Raises CloudWebhookForged."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


HealthProviders = Mapping[CloudSource, HealthProvider]
"""The clouds that are set up."""
