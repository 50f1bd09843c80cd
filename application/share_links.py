"""A recording is shown to whoever has a link to it, as long as the person in it likes.

A link is signed, so that nobody can make one up; that it was made, and that it is revoked, are
facts in the log, which are looked at each time it is used.
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
"""How the actor is named who reads by a link, before the link's id."""

State = Literal["active", "expired", "revoked"]


class ShareLinkInvalid(Rejected):
    """This is no link to this recording; ask for it again."""

    code = "share_link.invalid"
    kind = "forbidden"


class ShareLinkExpired(Rejected):
    """This link's time is over; ask for another one."""

    code = "share_link.expired"
    kind = "forbidden"


class ShareLinkRevoked(Rejected):
    """Whoever gave this link has taken it back."""

    code = "share_link.revoked"
    kind = "forbidden"


@dataclass(frozen=True, slots=True)
class SharedLink:
    """What a link says: which recording it opens, and until when."""

    tenant_id: TenantId
    recording_id: RecordingId
    id: str
    expires_at: datetime


class LinkSigner(Protocol):
    """Writes links so that nobody else can. The same link is always written alike."""

    def sign(self, link: SharedLink) -> str:
        """Write a link as a token for URLs. Raises StorageUnavailable and KmsUnavailable."""
        ...

    def read(self, token: str) -> SharedLink:
        """Read a token, whether or not its time is over.

        Raises ShareLinkInvalid, StorageUnavailable and KmsUnavailable.
        """
        ...


@dataclass(frozen=True)
class ShareLinkService:
    """Makes, lists, revokes and opens links."""

    log: EventLog
    commands: CommandHandler
    signer: LinkSigner
    clock: Clock

    def make(
        self, recording_id: RecordingId, lasts: timedelta, *, origin: Origin, command_id: UUID
    ) -> Link:
        """Make a link, once for each `command_id`. Raises InvalidValue and TooManyLinks."""
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
        """Let a link open nothing any more. Raises LinkUnknown."""
        command = commands.RevokeLink(link_id=link_id, at=self.clock())
        request = Request(SHARING, recording_id, [command])
        self.commands.execute(request, origin=origin, command_id=command_id)

    def of(self, tenant_id: TenantId, recording_id: RecordingId) -> tuple[Link, ...]:
        """Give the links of a recording, the newest first."""
        return tuple(reversed(self._links(tenant_id, recording_id).all))

    def state(self, link: Link) -> State:
        """Say whether a link opens anything."""
        if link.revoked_at is not None:
            return "revoked"
        return "active" if self.clock() < link.expires_at else "expired"

    def token(self, tenant_id: TenantId, recording_id: RecordingId, link: Link) -> str:
        """Give what is handed out. Raises StorageUnavailable and KmsUnavailable."""
        return self.signer.sign(SharedLink(tenant_id, recording_id, link.id, link.expires_at))

    def opened(self, token: str, recording_id: RecordingId) -> SharedLink:
        """Read a link that opens this recording now.

        Raises ShareLinkInvalid, ShareLinkExpired, ShareLinkRevoked, StorageUnavailable and
        KmsUnavailable.
        """
        named = self.signer.read(token)
        if named.recording_id != recording_id:
            raise ShareLinkInvalid
        link = self._links(named.tenant_id, recording_id).find(named.id)
        if link is None:
            raise ShareLinkInvalid
        match self.state(link):
            case "revoked":
                raise ShareLinkRevoked
            case "expired":
                raise ShareLinkExpired
            case "active":
                return named

    def _find(self, tenant_id: TenantId, recording_id: RecordingId, link_id: str) -> Link:
        link = self._links(tenant_id, recording_id).find(link_id)
        if link is None:
            raise commands.LinkUnknown
        return link

    def _links(self, tenant_id: TenantId, recording_id: RecordingId) -> ShareLinks:
        history = self.log.load(tenant_id, f"{SHARING.category}-{recording_id}")
        return SHARING.fold([recorded.event for recorded in history])
