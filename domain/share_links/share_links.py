"""The share links of a recording: each opens it for a while, unless it is revoked before."""

from dataclasses import replace
from datetime import datetime

from domain.kernel import Decider, value
from domain.share_links import commands, events


@value
class Link:
    """One of them. `revoked_at` is None for one that nobody has revoked."""

    id: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


@value
class ShareLinks:
    """All that were ever made, in that order."""

    all: tuple[Link, ...] = ()

    def find(self, link_id: str) -> Link | None:
        """Find one."""
        return next((link for link in self.all if link.id == link_id), None)


def decide(command: commands.SharingCommand, links: ShareLinks) -> tuple[events.SharingEvent, ...]:
    """Say what happens when this is asked of these links."""
    known = links.find(command.link_id)
    match command:
        case commands.MakeLink() if known is not None:
            return ()  # asked twice, made once
        case commands.MakeLink(link_id=link_id, at=at, expires_at=expires_at):
            if sum(_opens(link, at) for link in links.all) >= commands.MOST_LINKS:
                raise commands.TooManyLinks
            return (events.LinkMade(link_id=link_id, at=at, expires_at=expires_at),)
        case commands.RevokeLink(link_id=link_id, at=at):
            if known is None:
                raise commands.LinkUnknown
            revoked = events.LinkRevoked(link_id=link_id, at=at)
            return (revoked,) if known.revoked_at is None else ()


def _opens(link: Link, at: datetime) -> bool:
    return link.revoked_at is None and at < link.expires_at


def evolve(links: ShareLinks, event: events.SharingEvent) -> ShareLinks:
    """Say what this fact changes. History is never refused."""
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
