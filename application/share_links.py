"""Share links: signed, expiring, revocable access to a recording.

The signature prevents forgery. Creation and revocation are events in the log, which is read on each
use of a link.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol
from uuid import UUID, uuid5

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog
from domain.ids import RecordingId, TenantId
from domain.kernel import Origin, Rejected
from domain.share_links import commands
from domain.share_links.share_links import SHARING, Link, ShareLinks

ACTOR: Final = "share-link:"
"""Prefix of the actor who reads by a link; the link's id follows."""

State = Literal["active", "expired", "revoked"]


class ShareLinkInvalid(Rejected):
    """This share link is not valid for this recording. Ask the owner for a new one."""

    code = "share_link.invalid"
    kind = "forbidden"


class ShareLinkExpired(Rejected):
    """This link has expired. Ask the owner for a new one."""

    code = "share_link.expired"
    kind = "forbidden"


class ShareLinkRevoked(Rejected):
    """The owner has revoked this link."""

    code = "share_link.revoked"
    kind = "forbidden"


@dataclass(frozen=True, slots=True)
class SharedLink:
    """Content of a link: the recording it opens, and its expiry."""

    tenant_id: TenantId
    recording_id: RecordingId
    id: str
    expires_at: datetime


class LinkSigner(Protocol):
    """Signs links. The same link always gives the same token."""

    def sign(self, link: SharedLink) -> str:
        """Encode a link as a token for URLs. Raises StorageUnavailable and KmsUnavailable."""
        ...

    def read(self, token: str) -> SharedLink:
        """Verify and decode a token, expired or not.

        Raises ShareLinkInvalid, StorageUnavailable and KmsUnavailable.
        """
        ...


@dataclass(frozen=True)
class ShareLinkService:
    """Creates, lists, revokes and opens links."""

    log: EventLog
    commands: CommandHandler
    signer: LinkSigner
    clock: Clock

    def make(
        self, recording_id: RecordingId, lasts: timedelta, *, origin: Origin, command_id: UUID
    ) -> Link:
        """Create a link, once per `command_id`. Raises InvalidValue and TooManyLinks."""
        link_id, now = str(uuid5(command_id, "share-link")), self.clock()
        until = (now + lasts).replace(microsecond=0)
        command = commands.MakeLink(
            link_id=link_id, at=now.replace(microsecond=0), expires_at=until
        )
        request = Request(SHARING, recording_id, [command])
        self.commands.execute(request, origin=origin, command_id=command_id)
        return self._find(origin.tenant_id, recording_id, link_id)

    def revoke(
        self, recording_id: RecordingId, link_id: str, *, origin: Origin, command_id: UUID
    ) -> None:
        """Revoke a link. Raises LinkUnknown."""
        command = commands.RevokeLink(link_id=link_id, at=self.clock())
        request = Request(SHARING, recording_id, [command])
        self.commands.execute(request, origin=origin, command_id=command_id)

    def of(self, tenant_id: TenantId, recording_id: RecordingId) -> tuple[Link, ...]:
        """Return the links of a recording, newest first."""
        return tuple(reversed(self._links(tenant_id, recording_id).all))

    def state(self, link: Link) -> State:
        """Return whether a link is active, expired or revoked."""
        if link.revoked_at is not None:
            return "revoked"
        return "active" if self.clock() < link.expires_at else "expired"

    def token(self, tenant_id: TenantId, recording_id: RecordingId, link: Link) -> str:
        """Return the token of a link. Raises StorageUnavailable and KmsUnavailable."""
        return self.signer.sign(SharedLink(tenant_id, recording_id, link.id, link.expires_at))

    def opened(self, token: str, recording_id: RecordingId) -> SharedLink:
        """Return the active link to this recording that the token encodes.

        Raises ShareLinkInvalid, ShareLinkExpired, ShareLinkRevoked, StorageUnavailable and
        KmsUnavailable.
        """
        shared = self.signer.read(token)
        if shared.recording_id != recording_id:
            raise ShareLinkInvalid
        link = self._links(shared.tenant_id, recording_id).find(shared.id)
        if link is None:
            raise ShareLinkInvalid
        match self.state(link):
            case "revoked":
                raise ShareLinkRevoked
            case "expired":
                raise ShareLinkExpired
            case "active":
                return shared

    def _find(self, tenant_id: TenantId, recording_id: RecordingId, link_id: str) -> Link:
        link = self._links(tenant_id, recording_id).find(link_id)
        if link is None:
            raise commands.LinkUnknown
        return link

    def _links(self, tenant_id: TenantId, recording_id: RecordingId) -> ShareLinks:
        history = self.log.load(tenant_id, f"{SHARING.category}-{recording_id}")
        return SHARING.fold([recorded.event for recorded in history])
