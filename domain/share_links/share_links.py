"""Share links decider: temporary, revocable links to a recording."""

from dataclasses import replace
from datetime import datetime

from domain.kernel import Decider, value
from domain.share_links import commands, events


@value
class Link:
    """A share link. `revoked_at` is None unless it is revoked."""

    id: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


@value
class ShareLinks:
    """All links of a recording, in order of creation."""

    all: tuple[Link, ...] = ()

    def find(self, link_id: str) -> Link | None:
        """Find a link by its id."""
        return next((link for link in self.all if link.id == link_id), None)


def decide(command: commands.SharingCommand, links: ShareLinks) -> tuple[events.SharingEvent, ...]:
    """Return the events of a command in this state, or raise its refusal."""
    existing = links.find(command.link_id)
    match command:
        case commands.MakeLink() if existing is not None:
            return ()  # idempotent
        case commands.MakeLink(link_id=link_id, at=at, expires_at=expires_at):
            if sum(_is_active(link, at) for link in links.all) >= commands.MAX_ACTIVE_LINKS:
                raise commands.TooManyLinks
            return (events.LinkMade(link_id=link_id, at=at, expires_at=expires_at),)
        case commands.RevokeLink(link_id=link_id, at=at):
            if existing is None:
                raise commands.LinkUnknown
            revoked = events.LinkRevoked(link_id=link_id, at=at)
            return (revoked,) if existing.revoked_at is None else ()


def _is_active(link: Link, at: datetime) -> bool:
    return link.revoked_at is None and at < link.expires_at


def evolve(links: ShareLinks, event: events.SharingEvent) -> ShareLinks:
    """Apply an event. History is never refused."""
    match event:
        case events.LinkMade(link_id=link_id, at=at, expires_at=expires_at):
            return ShareLinks((*links.all, Link(link_id, at, expires_at)))
        case events.LinkRevoked(link_id=link_id, at=at):
            return ShareLinks(
                tuple(
                    replace(link, revoked_at=at) if link.id == link_id else link
                    for link in links.all
                )
            )


SHARING = Decider[commands.SharingCommand, events.SharingEvent, ShareLinks](
    "sharing", initial=ShareLinks(), decide=decide, evolve=evolve
)
