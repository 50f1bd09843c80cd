"""Templates of account e-mails."""

from dataclasses import dataclass
from html import escape
from typing import Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from application.users.ports import Mail
from domain.users.identities import Provider

PAGE: Final = (
    '<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.5">'
    "<p>{body}</p>{button}<p>{footer}</p></body></html>"
)
SecurityNotice = Literal[
    "second_factor_added", "second_factor_removed", "recovery_code_used", "second_factors_reset"
]

SECURITY_NOTICES: Final[dict[SecurityNotice, tuple[str, str]]] = {
    "second_factor_added": (
        "A second factor was added to your account",
        "From now on, signing in also takes your authenticator app or a passkey.",
    ),
    "second_factor_removed": (
        "A second factor was removed",
        "A second factor of your account was removed.",
    ),
    "recovery_code_used": (
        "A recovery code was used",
        "Someone, perhaps you, used a recovery code of your account. It cannot be used again.",
    ),
    "second_factors_reset": (
        "Your second factors were removed",
        "An administrator removed all second factors of your account, and signed you out.",
    ),
}
"""Subjects and texts of the e-mails about second factors."""

BUTTON: Final = '<p><a href="{url}">{label}</a></p>'


@dataclass(frozen=True, slots=True)
class EmailTemplates:
    """Templates of account e-mails.

    They link to the pages at `base_url`, such as `https://example.org`.
    """

    base_url: str

    def verification(self, email_id: UUID, to: str, token: str) -> Mail:
        """Return the e-mail that verifies an address (R-IDN-07)."""
        return _mail(
            email_id,
            to,
            "Confirm your e-mail address",
            "Welcome to Kinelog. Please confirm that this is your address:",
            ("Confirm", self._url("verify.html", token)),
            "If you did not sign up, you can ignore this message. The link expires in a day.",
        )

    def already_registered(self, email_id: UUID, to: str) -> Mail:
        """Return the e-mail about an attempt to register an existing account's address."""
        return _mail(
            email_id,
            to,
            "You already have an account",
            "Someone, perhaps you, tried to sign up with this address. You already have an"
            " account:",
            ("Sign in, or choose a new password", f"{self.base_url}/sign_in.html"),
            "If it was not you, you can ignore this message. Your account has not changed.",
        )

    def reset(self, email_id: UUID, to: str, token: str) -> Mail:
        """Return the e-mail with a link to choose a new password."""
        return _mail(
            email_id,
            to,
            "Choose a new password",
            "Someone, perhaps you, requested a new password for your account:",
            ("Choose a password", self._url("reset.html", token)),
            "If it was not you, you can ignore this message. The link expires in an hour.",
        )

    def invitation(self, email_id: UUID, to: str, token: str) -> Mail:
        """Return the e-mail that invites a user whose account an administrator has opened."""
        return _mail(
            email_id,
            to,
            "You are invited to Kinelog",
            "An administrator has created an account for you. Choose a password to sign in:",
            ("Choose a password", self._url("reset.html", token)),
            "If you do not want it, you can ignore this message. The link expires in a week.",
        )

    def identity_linked(self, email_id: UUID, to: str, provider: Provider) -> Mail:
        """Return the e-mail that tells the owner of an account about a new way to sign in."""
        return _mail(
            email_id,
            to,
            f"{provider.title()} can now sign in to your account",
            f"Your account now accepts sign-in with {provider.title()}.",
            ("Not you? Choose a new password and unlink it", f"{self.base_url}/reset.html"),
            "If it was you, you do not need to do anything.",
        )

    def linking_refused(self, email_id: UUID, to: str, provider: Provider) -> Mail:
        """Return the e-mail about a sign-in by a provider that is not linked to the account."""
        return _mail(
            email_id,
            to,
            f"Someone tried to sign in with {provider.title()}",
            f"Someone, perhaps you, signed in with {provider.title()} under this address. It is not"
            " linked to your account, so they did not get in. If it was you, sign in as usual, and"
            " link it on the page of your account.",
            ("Open my account", f"{self.base_url}/account.html"),
            "If it was not you, you can ignore this message. Your account has not changed.",
        )

    def security_notice(self, email_id: UUID, to: str, kind: SecurityNotice) -> Mail:
        """Return the e-mail about a change of the second factors."""
        subject, body = SECURITY_NOTICES[kind]
        return _mail(
            email_id,
            to,
            subject,
            body,
            ("Not you? Choose a new password", f"{self.base_url}/reset.html"),
            "If it was you, or you know about it, you do not need to do anything.",
        )

    def password_changed(self, email_id: UUID, to: str) -> Mail:
        """Return the e-mail that confirms a changed password."""
        return _mail(
            email_id,
            to,
            "Your password has been changed",
            "The password of your account was changed, and all devices were signed out.",
            ("Not you? Choose a new password", f"{self.base_url}/reset.html"),
            "If it was you, you do not need to do anything.",
        )

    def _url(self, page: str, token: str) -> str:
        """Build a page's URL. Browsers send no fragment, so no server log has the secret."""
        return f"{self.base_url}/{page}#{urlencode({'token': token})}"


def _mail(
    email_id: UUID, to: str, subject: str, body: str, action: tuple[str, str], footer: str
) -> Mail:
    label, url = action
    button = BUTTON.format(url=escape(url), label=escape(label))
    html = PAGE.format(body=escape(body), button=button, footer=escape(footer))
    text = f"{body}\n\n{label}: {url}\n\n{footer}\n"
    return Mail(id=email_id, to=to, subject=subject, text=text, html=html)
