"""Account e-mails: templates, single-use links and sending."""

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Final
from urllib.parse import urlencode

from application.kernel.ports import Clock
from application.users.ports import (
    Later,
    Link,
    LinkPurpose,
    Mail,
    Mailer,
    NewSecret,
    SingleUseLinks,
)
from application.users.tokens import digest_of, format_token
from domain.ids import TenantId, UserId
from domain.users.identities import Provider

PAGE: Final = (
    '<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.5">'
    "<p>{body}</p>{button}<p>{footer}</p></body></html>"
)
BUTTON: Final = '<p><a href="{url}">{label}</a></p>'


@dataclass(frozen=True, slots=True)
class EmailTemplates:
    """Templates of account e-mails.

    They link to the pages at `base_url`, such as `https://example.org`.
    """

    base_url: str

    def verification(self, to: str, token: str) -> Mail:
        """Return the e-mail that verifies an address (R-IDN-07)."""
        return _mail(
            to,
            "Confirm your e-mail address",
            "Welcome to Kinelog. Please confirm that this is your address:",
            ("Confirm", self._url("verify.html", token)),
            "If you did not sign up, you can ignore this message. The link expires in a day.",
        )

    def already_registered(self, to: str) -> Mail:
        """Return the e-mail about an attempt to register an existing account's address."""
        return _mail(
            to,
            "You already have an account",
            "Someone, perhaps you, tried to sign up with this address. You already have an"
            " account:",
            ("Sign in, or choose a new password", f"{self.base_url}/sign_in.html"),
            "If it was not you, you can ignore this message. Your account has not changed.",
        )

    def reset(self, to: str, token: str) -> Mail:
        """Return the e-mail with a link to choose a new password."""
        return _mail(
            to,
            "Choose a new password",
            "Someone, perhaps you, requested a new password for your account:",
            ("Choose a password", self._url("reset.html", token)),
            "If it was not you, you can ignore this message. The link expires in an hour.",
        )

    def invitation(self, to: str, token: str) -> Mail:
        """Return the e-mail that invites a user whose account an administrator has opened."""
        return _mail(
            to,
            "You are invited to Kinelog",
            "An administrator has created an account for you. Choose a password to sign in:",
            ("Choose a password", self._url("reset.html", token)),
            "If you do not want it, you can ignore this message. The link expires in a week.",
        )

    def identity_linked(self, to: str, provider: Provider) -> Mail:
        """Return the e-mail that tells the owner of an account about a new way to sign in."""
        return _mail(
            to,
            f"{provider.title()} can now sign in to your account",
            f"Your account now accepts sign-in with {provider.title()}.",
            ("Not you? Choose a new password and unlink it", f"{self.base_url}/reset.html"),
            "If it was you, you do not need to do anything.",
        )

    def linking_refused(self, to: str, provider: Provider) -> Mail:
        """Return the e-mail about a sign-in by a provider that is not linked to the account."""
        return _mail(
            to,
            f"Someone tried to sign in with {provider.title()}",
            f"Someone, perhaps you, signed in with {provider.title()} under this address. It is not"
            " linked to your account, so they did not get in. If it was you, sign in as usual, and"
            " link it on the page of your account.",
            ("Open my account", f"{self.base_url}/account.html"),
            "If it was not you, you can ignore this message. Your account has not changed.",
        )

    def password_changed(self, to: str) -> Mail:
        """Return the e-mail that confirms a changed password."""
        return _mail(
            to,
            "Your password has been changed",
            "The password of your account was changed, and all devices were signed out.",
            ("Not you? Choose a new password", f"{self.base_url}/reset.html"),
            "If it was you, you do not need to do anything.",
        )

    def _url(self, page: str, token: str) -> str:
        """Build a page's URL. Browsers send no fragment, so no server log has the secret."""
        return f"{self.base_url}/{page}#{urlencode({'token': token})}"


@dataclass(frozen=True)
class EmailSender:
    """Sends account e-mails. `later` runs a task after the response has been sent."""

    links: SingleUseLinks
    mailer: Mailer
    templates: EmailTemplates
    later: Later
    clock: Clock
    new_secret: NewSecret

    def token(
        self, tenant_id: TenantId, user_id: UserId, purpose: LinkPurpose, lifetime: timedelta
    ) -> str:
        """Issue a single-use link and return its token, which is not stored."""
        secret, now = self.new_secret(), self.clock()
        link = Link(
            tenant_id=tenant_id,
            digest=digest_of(secret),
            purpose=purpose,
            user_id=user_id,
            expires_at=now + lifetime,
        )
        self.links.issue(link, now)
        return format_token(tenant_id, secret)


def _mail(to: str, subject: str, body: str, action: tuple[str, str], footer: str) -> Mail:
    label, url = action
    button = BUTTON.format(url=escape(url), label=escape(label))
    html = PAGE.format(body=escape(body), button=button, footer=escape(footer))
    return Mail(to=to, subject=subject, text=f"{body}\n\n{label}: {url}\n\n{footer}\n", html=html)
