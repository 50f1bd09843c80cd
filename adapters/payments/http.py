"""HTTP of gateways that have no library: time-outs, errors, and answers without trust."""

import re
from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final, cast

import httpx2

from application.payments.gateways import GatewayAnswerError, GatewayUnavailableError
from domain.money import MAX_MINOR, MINOR_DIGITS, Currency, Money

TIMEOUT_S: Final = 10.0

NOT_NOW: Final = frozenset({202, 408, 425, 429})
"""Statuses after which the same call can succeed later."""

CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""Form of an error code that is safe to log."""

REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
"""Form of a reference that is safe in a path."""

DECIMAL: Final = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
"""Form of an amount: no sign, no exponent, no blanks."""

CURRENCIES: Final[dict[str, Currency]] = {str(each): each for each in MINOR_DIGITS}


def ask(send: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Return the response to a call. Raises GatewayUnavailableError if it can succeed later."""
    try:
        response = send()
    except httpx2.RequestError:
        raise GatewayUnavailableError("timeout") from None
    if response.status_code in NOT_NOW or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise GatewayUnavailableError("timeout")
    return response


def json_object(response: httpx2.Response) -> dict[str, Any]:
    """Return the JSON object of a response.

    Raises GatewayUnavailableError for anything else, such as a page of a proxy: the gateway may
    have executed the request, and report it later.
    """
    try:
        found: Any = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise GatewayUnavailableError("timeout")
    return cast("dict[str, Any]", found)


def safe_code(code: object) -> str:
    """Return an error code, or "" if it is none: texts of gateways can hold personal data."""
    return code if isinstance(code, str) and CODE.fullmatch(code) else ""


def checked_reference(reference: object) -> str:
    """Return a reference that is safe in a path. Raises GatewayAnswerError."""
    if not isinstance(reference, str) or not REFERENCE.fullmatch(reference):
        raise GatewayAnswerError("a reference of an unknown form")
    return reference


def checked_url(url: object) -> str:
    """Return a web address to which the browser may go. Raises GatewayAnswerError."""
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise GatewayAnswerError("no web address")
    return url


def decimal_money(amount: object, currency: object) -> Money:
    """Convert an amount such as "19.99". Raises GatewayAnswerError."""
    code = CURRENCIES.get(str(currency))
    if code is None:
        raise GatewayAnswerError(f"unknown currency {safe_code(currency)}")
    if not isinstance(amount, str) or not DECIMAL.fullmatch(amount):
        raise GatewayAnswerError("unreadable amount")
    minor = Decimal(amount).scaleb(MINOR_DIGITS[code])
    if minor != minor.to_integral_value() or minor > MAX_MINOR:
        raise GatewayAnswerError("unreadable amount")
    return Money(int(minor), code)
