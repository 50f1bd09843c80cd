"""The messages that accounts bring about. Each says what it is for, and what to do if unasked."""

from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlencode

from application.users.ports import Mail

PAGE: Final = (
    '<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.5">'
    "<p>{body}</p>{button}<p>{footer}</p></body></html>"
)
BUTTON: Final = '<p><a href="{url}">{label}</a></p>'


@dataclass(frozen=True, slots=True)
class Mails:
    """Writes messages with links to the pages at `base_url`, such as `https://example.org`."""

    base_url: str

    def verification(self, to: str, token: str) -> Mail:
        """Ask to confirm an address (R-IDN-07)."""
        return _mail(
            to,
            "Confirm your e-mail address",
            "Welcome to Kinelog. Confirm that this is your address:",
            ("Confirm", self._url("verify.html", token)),
            "If you did not sign up, ignore this message: the link leads nowhere after a day.",
        )

    def already_registered(self, to: str) -> Mail:
        """Tell the owner of an account that somebody tried to register with their address."""
        return _mail(
            to,
            "You already have an account",
            "Somebody, perhaps you, tried to sign up with this address. You have an account:",
            ("Sign in, or choose a new password", f"{self.base_url}/sign_in.html"),
            "If it was not you, nothing has to be done: your account is as it was.",
        )

    def reset(self, to: str, token: str) -> Mail:
        """Let somebody choose a new password."""
        return _mail(
            to,
            "Choose a new password",
            "Somebody, perhaps you, asked for a new password for your account:",
            ("Choose a password", self._url("reset.html", token)),
            "If it was not you, ignore this message: the link leads nowhere after an hour.",
        )

    def invitation(self, to: str, token: str) -> Mail:
        """Invite somebody for whom an administrator has opened an account."""
        return _mail(
            to,
            "You are invited to Kinelog",
            "Somebody has opened an account for you. Choose a password, and you are in:",
            ("Choose a password", self._url("reset.html", token)),
            "If you do not want it, ignore this message: the link leads nowhere after a week.",
        )

    def password_changed(self, to: str) -> Mail:
        """Tell somebody that their password is a new one."""
        return _mail(
            to,
            "Your password has been changed",
            "The password of your account is a new one, and every device has been signed out.",
            ("Not you? Choose a new password", f"{self.base_url}/reset.html"),
            "If it was you, nothing has to be done.",
        )

    def _url(self, page: str, token: str) -> str:
        """Address a page; browsers send the part behind # to nobody, so no log has the secret."""
        return f"{self.base_url}/{page}#{urlencode({'token': token})}"


def _mail(to: str, subject: str, body: str, action: tuple[str, str], footer: str) -> Mail:
    label, url = action
    button = BUTTON.format(url=escape(url), label=escape(label))
    html = PAGE.format(body=escape(body), button=button, footer=escape(footer))
    return Mail(to=to, subject=subject, text=f"{body}\n\n{label}: {url}\n\n{footer}\n", html=html)
