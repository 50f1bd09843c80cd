"""Printed invoices in the language of their reader."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.invoices.typst_printer import TEMPLATE, TypstInvoicePrinter
from application.invoices import texts
from application.invoices.printing import page_of
from application.kernel.catalogues import languages
from domain.ids import InvoiceId, PaymentId, PlanId, SubscriptionId, UserId
from domain.invoices.events import InvoiceIssued
from domain.money import Money
from domain.personal import Personal
from tests.printed_pages import FONT, FONTS, is_margin_empty

ADA = UserId("ada")
ISSUED = InvoiceIssued(
    kind="invoice", year=2030, number=1, seller="Kinelog", user_id=ADA,
    buyer_name=Personal(ADA, "Ada"), buyer_country=Personal(ADA, "GB"), payment_id=PaymentId("s.1"),
    subscription_id=SubscriptionId("s"), plan_id=PlanId("p"), plan_title=Personal(ADA, "Squats"),
    amount=Money(199900, "EUR"), tax_basis_points=1900, tax=Money(31917, "EUR"),
    at=datetime(2030, 3, 2, tzinfo=UTC),
)  # fmt: skip
ID = InvoiceId("2030-000001")


def shown(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("locale", "title", "date", "total", "rate"),
    [
        ("en-GB", "Invoice", "2 March 2030", "1,999.00", "19%"),
        ("ru", "Счёт", "2 марта 2030 \N{CYRILLIC SMALL LETTER GHE}.", "1 999,00", "19 %"),
        ("es", "Factura", "2 de marzo de 2030", "1.999,00", "19 %"),
    ],
)
def test_an_invoice_is_in_the_language_of_its_reader(
    locale: str, title: str, date: str, total: str, rate: str
) -> None:
    """R-PAY-08: and the same page is printed to the same bytes."""
    page = page_of(ID, ISSUED, None, locale)
    assert page.words["title"] == title
    assert [shown(each) for each in (page.date, page.total, page.tax_rate)] == [date, total, rate]
    printed = TypstInvoicePrinter().print_pdf(page)
    assert printed.startswith(b"%PDF-")
    assert printed == TypstInvoicePrinter().print_pdf(page)


def test_every_language_has_the_same_labels() -> None:
    """R-PAY-08"""
    assert languages(texts.__name__) == {"en", "es", "ru"}
    labels = {locale: set(page_of(ID, ISSUED, None, locale).words) for locale in ("en", "es", "ru")}
    assert labels["es"] == labels["ru"] == labels["en"]


def test_a_credit_note_shows_what_is_given_back() -> None:
    """R-PAY-12"""
    note = replace(ISSUED, kind="credit_note", amount=Money(500, "JPY"), tax=Money(80, "JPY"))
    page = page_of(InvoiceId("2030-000002"), note, ID, "en")
    assert (page.words["title"], page.total, page.net) == ("Credit note", "-500", "-420")
    assert page.invoice_id == ID


@pytest.mark.parametrize("name", ["m" * 200, "Squats " * 28])
def test_long_names_are_not_printed_over_amounts(name: str) -> None:
    """R-PAY-08"""
    page = page_of(ID, ISSUED, None, "en")
    assert is_margin_empty(TEMPLATE, replace(page, buyer_name=name).content(), 25)
    assert is_margin_empty(TEMPLATE, replace(page, description=name).content(), 25)
    assert is_margin_empty(TEMPLATE, replace(page, seller=name[:60]).content(), 25)


def test_letters_that_the_built_in_fonts_lack_are_printed_with_others() -> None:
    """R-PAY-08"""
    page = replace(page_of(ID, ISSUED, None, "en"), buyer_name="\N{TIFINAGH LETTER YAZ}")
    assert FONT not in TypstInvoicePrinter().print_pdf(page)
    assert FONT in TypstInvoicePrinter(FONTS).print_pdf(page)
