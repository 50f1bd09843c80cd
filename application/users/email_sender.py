"""What is written to people, and the links in it, each of which leads somewhere once."""

from dataclasses import dataclass
from datetime import timedelta

from application.kernel.ports import Clock
from application.users.emails import Mails
from application.users.ports import Later, Link, LinkPurpose, Mailer, NewSecret, SingleUseLinks
from application.users.tokens import digest_of, handed_out
from domain.ids import TenantId, UserId


@dataclass(frozen=True)
class Letters:
    """Writes to people. `later` does something when whoever asks has been answered."""

    links: SingleUseLinks
    mailer: Mailer
    mails: Mails
    later: Later
    clock: Clock
    new_secret: NewSecret

    def token(
        self, tenant_id: TenantId, user_id: UserId, purpose: LinkPurpose, lasts: timedelta
    ) -> str:
        """Issue a link for somebody; gives the secret in it, which is stored nowhere."""
        secret, now = self.new_secret(), self.clock()
        link = Link(
            tenant_id=tenant_id,
            digest=digest_of(secret),
            purpose=purpose,
            user_id=user_id,
            expires_at=now + lasts,
        )
        self.links.issue(link, now)
        return handed_out(tenant_id, secret)
