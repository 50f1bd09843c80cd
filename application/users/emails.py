"""Templates of account e-mails."""

from dataclasses import dataclass, replace
from html import escape
from typing import Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from application.kernel.catalogues import DEFAULT_LANGUAGE
from application.users.email_texts import email_text, language_of
from application.users.ports import Mail
from domain.ids import DEFAULT_TENANT, TenantId
from domain.users.identities import Provider

PAGE: Final = (
    '<!doctype html><html lang="{language}"><body style="font-family:sans-serif;line-height:1.5">'
    "<p>{body}</p>{button}<p>{footer}</p>{unsubscribe}</body></html>"
)
SecurityNotice = Literal[
    "second_factor_added",
    "second_factor_removed",
    "recovery_code_used",
    "recovery_codes_replaced",
    "second_factors_reset",
    "erasure_requested",
]

BUTTON: Final = '<p><a href="{url}">{label}</a></p>'


@dataclass(frozen=True, slots=True)
class UnsubscribeLink:
    """Label and page for the reader of an e-mail, and the URL for their mail program."""

    label: str
    page: str
    one_click: str


@dataclass(frozen=True, slots=True)
class EmailTemplates:
    """Templates of account e-mails in a language.

    They link to the pages at `base_url`, such as `https://example.org`, in the tenant of the user.
    """

    base_url: str
    tenant_id: TenantId = DEFAULT_TENANT
    language: str = DEFAULT_LANGUAGE

    def for_user(self, tenant_id: TenantId, locale: str) -> "EmailTemplates":
        """Return the templates of a tenant in the language of a locale, or in English."""
        return replace(self, tenant_id=tenant_id, language=language_of(locale))

    def verification(self, email_id: UUID, to: str, token: str) -> Mail:
        """Return the e-mail that verifies an address (R-IDN-07)."""
        return self._mail(email_id, to, "verification", self._url("verify.html", token))

    def already_registered(self, email_id: UUID, to: str) -> Mail:
        """Return the e-mail about an attempt to register an existing account's address."""
        return self._mail(email_id, to, "already-registered", self._page("sign_in.html"))

    def reset(self, email_id: UUID, to: str, token: str) -> Mail:
        """Return the e-mail with a link to choose a new password."""
        return self._mail(email_id, to, "reset", self._url("reset.html", token))

    def invitation(self, email_id: UUID, to: str, token: str) -> Mail:
        """Return the e-mail that invites a user whose account an administrator has opened."""
        return self._mail(email_id, to, "invitation", self._url("reset.html", token))

    def identity_linked(self, email_id: UUID, to: str, provider: Provider) -> Mail:
        """Return the e-mail that tells the owner of an account about a new way to sign in."""
        url = self._page("reset.html")
        return self._mail(email_id, to, "identity-linked", url, provider=provider.title())

    def identity_unlinked(self, email_id: UUID, to: str, provider: Provider) -> Mail:
        """Return the e-mail that tells the owner of an account about a removed way to sign in."""
        url = self._page("reset.html")
        return self._mail(email_id, to, "identity-unlinked", url, provider=provider.title())

    def linking_refused(self, email_id: UUID, to: str, provider: Provider) -> Mail:
        """Return the e-mail about a sign-in by a provider that is not linked to the account."""
        url = self._page("account.html")
        return self._mail(email_id, to, "linking-refused", url, provider=provider.title())

    def security_notice(self, email_id: UUID, to: str, kind: SecurityNotice) -> Mail:
        """Return the e-mail about a change of the second factors, or a requested deletion."""
        return self._mail(email_id, to, kind.replace("_", "-"), self._page("reset.html"))

    def account_inactive(self, email_id: UUID, to: str) -> Mail:
        """Return the e-mail about the deletion of an account that is not used."""
        return self._mail(email_id, to, "account-inactive", self._page("account.html"))

    def password_changed(self, email_id: UUID, to: str) -> Mail:
        """Return the e-mail that confirms a changed password."""
        return self._mail(email_id, to, "password-changed", self._page("reset.html"))

    def _mail(self, email_id: UUID, to: str, name: str, url: str, **values: str) -> Mail:
        subject, body, action, footer = email_text(name, self.language, values)
        return compose_mail(
            email_id, to, subject, body, (action, url), footer, language=self.language
        )

    def _url(self, page: str, token: str) -> str:
        """Build a page's URL. Browsers send no fragment, so no server log has the secret."""
        return f"{self._page(page)}#{urlencode({'token': token})}"

    def _page(self, page: str) -> str:
        return page_url(self.base_url, page, self.tenant_id)


def page_url(base_url: str, page: str, tenant_id: TenantId) -> str:
    """Return the URL of a page, which may have a query, in a tenant.

    The sign-in page, to which a page sends anonymous users, takes the tenant from the URL. Without
    one it is that of the last sign-in in this browser, which may be another one.
    """
    return f"{base_url}/{page}{'&' if '?' in page else '?'}{urlencode({'tenant': tenant_id})}"


def compose_mail(
    email_id: UUID,
    to: str,
    subject: str,
    body: str,
    action: tuple[str, str],
    footer: str,
    *,
    language: str = DEFAULT_LANGUAGE,
    unsubscribe: UnsubscribeLink | None = None,
) -> Mail:
    """Return an e-mail in text and HTML, with one link, or a second one to unsubscribe."""
    label, url = action
    button = BUTTON.format(url=escape(url), label=escape(label))
    text = f"{body}\n\n{label}: {url}\n\n{footer}\n"
    last = ""
    if unsubscribe is not None:
        last = BUTTON.format(url=escape(unsubscribe.page), label=escape(unsubscribe.label))
        text += f"\n{unsubscribe.label}: {unsubscribe.page}\n"
    html = PAGE.format(
        language=language,
        body=escape(body),
        button=button,
        footer=escape(footer),
        unsubscribe=last,
    )
    return Mail(
        id=email_id,
        to=to,
        subject=subject,
        text=text,
        html=html,
        unsubscribe_url=None if unsubscribe is None else unsubscribe.one_click,
    )
