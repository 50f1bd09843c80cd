"""E-mails about payments in the language of the account, with its dates and amounts."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from application.kernel.catalogues import languages, shown_date, shown_money
from application.payments import email_texts
from application.payments.email_texts import Kind, email_text
from domain.money import Currency, Money
from domain.payments import events as payments
from domain.subscriptions import events as subscriptions
from tests.application.payments.email_events import (
    FIRST,
    PLAN,
    PRICE,
    SUBSCRIPTION,
    buyer,
    created,
    happen,
)
from tests.application.users.users_fixture import AT
from tests.application.users.users_fixture import users as opened

VALUES = {
    "plan": "Squats",
    "amount": shown_money(Money(199900, "EUR")),
    "date": shown_date(date(2030, 3, 2)),
    "months": 3,
}


class Variables(Visitor):
    """Collects the names of the variables of a message."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802  its visitor
        self.names.add(node.id.name)


def messages(language: str) -> Mapping[str, tuple[set[str], set[str]]]:
    """Return the parts and variables of each message; fails if one is not well-formed."""
    source = (files(email_texts) / f"{language}.ftl").read_text(encoding="utf-8")
    body = FluentParser().parse(source).body
    assert not [each for each in body if isinstance(each, ast.Junk)]
    found: dict[str, tuple[set[str], set[str]]] = {}
    for each in body:
        if isinstance(each, ast.Message):
            variables = Variables()
            variables.visit(each)
            found[each.id.name] = ({part.id.name for part in each.attributes}, variables.names)
    return found


@pytest.mark.parametrize("language", ["en", "es", "ru"])
def test_every_language_has_every_text_with_its_variables(language: str) -> None:
    """R-PAY-10, R-PAY-11, R-CAT-04"""
    assert languages(email_texts.__name__) == {"en", "es", "ru"}
    assert messages(language) == messages("en")
    for kind in get_args(Kind):
        assert all(email_text(kind, language, VALUES))


@pytest.mark.parametrize(
    ("locale", "amount", "day"),
    [
        ("en", "€1,999.00", "March 2, 2030"),
        ("en-GB", "€1,999.00", "2 March 2030"),
        ("ru-RU", "1 999,00 €", "2 марта 2030 \N{CYRILLIC SMALL LETTER GHE}."),
        ("es-ES", "1.999,00 €", "2 de marzo de 2030"),
        ("es-419", "EUR 1,999.00", "2 de marzo de 2030"),
        ("pt-BR", "€1,999.00", "March 2, 2030"),
        ("es-ES-x", "1.999,00 €", "2 de marzo de 2030"),
    ],
)
def test_dates_and_amounts_are_those_of_the_locale(locale: str, amount: str, day: str) -> None:
    """A locale without texts has English ones, with English dates; an odd region does no harm."""
    body = email_text("renewal_announced", locale, VALUES).body
    for blank in ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"):
        body = body.replace(blank, " ")
    assert amount in body
    assert day in body


@pytest.mark.parametrize(
    ("currency", "amount"), [("USD", "$1,999.00"), ("CHF", "CHF 1,999.00"), ("JPY", "¥199,900")]
)
def test_a_currency_in_letters_has_a_space_before_the_digits(
    currency: Currency, amount: str
) -> None:
    values = {**VALUES, "amount": shown_money(Money(199900, currency))}
    body = email_text("renewal_announced", "en", values).body
    assert f" {amount} " in body.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "untrue", "true"),
    [
        ("en", "and nothing is charged", "the plan that you have paid for."),
        ("es", "y no se cobra nada", "el plan que has pagado."),
        ("ru", "и ничего не списывается", "остаётся оплаченный план."),
    ],
)
def test_a_change_of_plan_does_not_say_that_nothing_is_charged_before_its_date(
    language: str, untrue: str, true: str
) -> None:
    """R-PAY-14: a stored method is charged a day before, and who pays by hand has to pay before."""
    body = email_text("plan_change_scheduled", language, VALUES).body
    assert untrue not in body
    assert true in body


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="paid"):
        email_text("paid", "ru", {"plan": "Squats"})


def test_an_e_mail_is_in_the_language_of_the_account(tmp_path: Path) -> None:
    """R-PAY-10: also where the plan has lost its title."""
    with opened(tmp_path) as users:
        users.registers(locale="ru-RU")
        users.mailbox.mails.clear()
        completed: Any = payments.PaymentCompleted(
            attempt=1, reference="pi_1", amount=PRICE.amount, source="webhook", at=AT
        )
        subscribed = subscriptions.SubscriptionCreated(
            user_id=buyer(users), plan_id=PLAN, plan_number=1, price=PRICE, billing_months=1, at=AT
        )
        happen(users, f"subscription-{SUBSCRIPTION}", subscribed)
        happen(users, f"payment-{FIRST}", *created(users), completed)
        (mail,) = users.mailbox.mails
    assert mail.subject == "Получена оплата за «твой план»"
    assert "19,99\N{NO-BREAK SPACE}€" in mail.text
    assert '<html lang="ru">' in mail.html
