"""Links to health clouds: what is stored of each, and the store's port."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

from application.health.providers import Grant
from domain.health.events import CloudSource
from domain.ids import TenantId, UserId

LinkState = Literal["active", "needs_consent", "failed", "ending"]
"""`needs_consent`: the person links it again. `failed`: no sync has succeeded for days; the next
webhook, or linking it again, tries again. `ending`: the tokens are to be revoked at the cloud."""

PREFIX_END: Final = ":"
"""Last character of the prefix of an account's record ids, which no id of a cloud has."""


@dataclass(frozen=True, slots=True)
class HealthLink:
    """A link of a person to a cloud. `grant` is None once its tokens have ended.

    Records up to `synced_until` were fetched. A sync is due at `due_at`; `claims` counts those that
    were begun, so that one that lost its lease stores nothing. `reason` is the code of the last
    obstacle.

    `account` is the person's id there, also after its tokens have ended; ids of its records begin
    with `prefix`, so that those of another account stay. Tokens of accounts linked before are
    `former` until they are revoked. At the last sync, the cloud refused the metrics `forbidden`,
    and `refused` records could not be read or were impossible.
    """

    tenant_id: TenantId
    user_id: UserId
    source: CloudSource
    grant: Grant | None = field(repr=False)
    due_at: datetime
    changed_at: datetime
    state: LinkState = "active"
    synced_until: datetime | None = None
    attempts: int = 0
    claims: int = 0
    reason: str | None = None
    account: str | None = field(default=None, repr=False)
    prefix: str = ""
    former: tuple[Grant, ...] = field(default=(), repr=False)
    forbidden: tuple[str, ...] = ()
    refused: int = 0


class HealthLinks(Protocol):
    """Store of links. Tokens are encrypted with the person's key.

    Every method raises StorageUnavailable and KmsUnavailable.
    """

    def put(self, link: HealthLink) -> None:
        """Store a new link, or replace one. Raises SubjectErased."""
        ...

    def get(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> HealthLink | None:
        """Return a link."""
        ...

    def delete(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> None:
        """Delete a link with its tokens. Idempotent."""
        ...

    def save(self, link: HealthLink) -> bool:
        """Replace a link and end its lease, unless it was claimed again or replaced since.

        A time that `wake` has set meanwhile stays, and so do the stored tokens that are to be
        revoked. Returns whether it was replaced.
        """
        ...

    def save_grant(self, link: HealthLink, until: datetime) -> bool:
        """Store new tokens of a claimed link, and lease it until then; otherwise like `save`."""
        ...

    def claim_due(self, now: datetime, until: datetime) -> HealthLink | None:
        """Lease an active or ending link of any tenant that is due, the longest due first.

        Raises KeyDisabled and KeyRefused for a link that cannot be decrypted. It is leased all the
        same, so that the next call returns another one.
        """
        ...

    def wake(self, source: CloudSource, account: str, now: datetime) -> int:
        """Make links of an account at a cloud due now; return how many.

        A link whose last sync met an obstacle is left to its own time.
        """
        ...

    def wake_person(
        self, tenant_id: TenantId, user_id: UserId, sources: Sequence[CloudSource], now: datetime
    ) -> int:
        """Make active links of a person to these clouds due now, as `wake` does."""
        ...

    def change_former(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        source: CloudSource,
        change: Callable[[tuple[Grant, ...]], tuple[Grant, ...]],
    ) -> None:
        """Change the tokens that are to be revoked, and nothing else of a link.

        Tokens that a sync or another flow has stored meanwhile stay.
        """
        ...

    def of_account(self, source: CloudSource, account: str) -> Iterator[HealthLink]:
        """Iterate over the links of an account at a cloud, of all tenants.

        Raises KeyDisabled and KeyRefused at the end, after the links that can be decrypted.
        """
        ...

    def has_other(self, link: HealthLink, account: str) -> bool:
        """Return whether another user, of any tenant, has an account linked, active or failed.

        This needs no key of that user: a tenant can disable its key.
        """
        ...

    def of_person(self, tenant_id: TenantId, user_id: UserId) -> Sequence[HealthLink]:
        """Return the links of a person."""
        ...

    def count_failed(self) -> int:
        """Return the number of links whose syncs have failed for good."""
        ...

    def prefix_of(self, source: CloudSource, account: str) -> str:
        """Return the prefix of an account's record ids, which does not tell the account."""
        ...
