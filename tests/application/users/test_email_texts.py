"""E-mails in the language of the account."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import pytest
from fluent.syntax import FluentParser, ast

from application.users import email_texts
from application.users.email_texts import email_text, language_of, languages, unsubscribe_label
from application.users.emails import EmailTemplates, page_url
from domain.ids import DEFAULT_TENANT, TenantId
from domain.users.identities import Provider
from tests.application.users.users_fixture import users

EMAIL_ID = UUID("01890000-0000-7000-8000-000000000000")


def messages(language: str) -> Mapping[str, set[str]]:
    """Return the parts of each message; fails if one is not well-formed."""
    source = (files(email_texts) / f"{language}.ftl").read_text(encoding="utf-8")
    body = FluentParser().parse(source).body
    assert not [each for each in body if isinstance(each, ast.Junk)]
    found = [each for each in body if isinstance(each, ast.Message)]
    return {each.id.name: {part.id.name for part in each.attributes} for each in found}


def test_e_mails_are_in_three_languages() -> None:
    assert languages() == {"en", "es", "ru"}


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_has_every_text(language: str) -> None:
    assert messages(language) == messages("en")
    for name in messages(language).keys() - {"unsubscribe"}:
        assert all(email_text(name, language, {"provider": "Google"}))
    assert unsubscribe_label(language)


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="identity-linked"):
        email_text("identity-linked", "ru", {})


@pytest.mark.parametrize(
    ("locale", "language"), [("ru-RU", "ru"), ("es-MX", "es"), ("en", "en"), ("pt-BR", "en")]
)
def test_the_language_of_the_account_decides(locale: str, language: str) -> None:
    """R-IDN-07"""
    assert language_of(locale) == language
    templates = EmailTemplates("https://kinelog.example").for_user(DEFAULT_TENANT, locale)
    mail = templates.identity_linked(EMAIL_ID, "ada@example.org", Provider("google"))
    assert "Google" in mail.subject
    assert f'<html lang="{language}">' in mail.html
    assert mail.subject == email_text("identity-linked", language, {"provider": "Google"}).subject


def test_an_e_mail_is_in_the_language_of_its_account(tmp_path: Path) -> None:
    """R-IDN-07"""
    with users(tmp_path) as built:
        built.registers(locale="ru-RU")
        (mail,) = built.mailbox.mails
    assert mail.subject == "Подтверди свой адрес"
    assert "Ссылка действует сутки." in mail.text
    assert "verify.html?tenant=default#token=" in mail.html


@pytest.mark.parametrize("tenant", ["default", "gym"])
def test_links_of_e_mails_name_each_tenant(tenant: str) -> None:
    """R-TEN-02: the last sign-in in the browser of the reader may be in another one."""
    base, tenant_id = "https://kinelog.example", TenantId(tenant)
    assert page_url(base, "billing.html", tenant_id) == f"{base}/billing.html?tenant={tenant}"
    plan = page_url(base, "plan.html?plan=squats", tenant_id)
    assert plan == f"{base}/plan.html?plan=squats&tenant={tenant}"
