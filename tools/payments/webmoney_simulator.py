"""Simulator of WebMoney Merchant: its form, its question before a payment, and its notifications.

On the page, or by `act`, a person pays a posted form. `ask` posts the question to the seller and
returns the answer; a payment goes on only after YES. Refused methods are reported to nobody.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from tools.payments.simulator import (
    FIRST,
    SECOND,
    Call,
    Choice,
    Reply,
    Sent,
    Simulator,
    choices_page,
)

PAGE: Final = "/lmi/payment_utf.asp"


@dataclass
class WebMoneySimulator(Simulator):
    """One WM identifier."""

    wmid: str = "123456789012"
    secret: str = "merchant_secret"  # noqa: S105  of the simulator
    ask: Callable[[Sent], str] = lambda _: "YES"
    paid: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    underway: set[str] = field(default_factory=set[str])

    def act(self, form: dict[str, str], choice: Choice) -> None:
        """Do what a person does on the page of a posted form. Raises ValueError if refused."""
        if choice not in {"succeed", "pass"}:
            return
        payer = {"LMI_MODE": str(int("LMI_SIM_MODE" in form)), "LMI_PAYER_WM": "200000000001"}
        payer["LMI_PAYER_PURSE"] = f"{form['LMI_PAYEE_PURSE'][0]}200000000001"
        hidden = {"LMI_SUCCESS_URL", "LMI_FAIL_URL", "LMI_SIM_MODE"}
        fields = {name: value for name, value in form.items() if name not in hidden} | payer
        answer = self.ask(_sent(fields | {"LMI_PREREQUEST": "1"}))
        if answer != "YES":
            raise ValueError(answer)
        with self.lock:
            number = str(len(self.paid) + 1)
            fields |= {
                "LMI_SYS_INVS_NO": number,
                "LMI_SYS_TRANS_NO": number,
                "LMI_SYS_TRANS_DATE": "20300101 00:00:00",
            }
            fields["LMI_HASH"] = self.hash_of(fields)
            self.paid[form["LMI_PAYMENT_NO"]] = fields
            self.send(_sent(fields))

    def serve(self, call: Call) -> Reply | None:
        """Answer a call. The page is shown without the lock: the seller may ask us meanwhile."""
        return self.show(call) or super().serve(call)

    def hash_of(self, fields: dict[str, str]) -> str:
        """Return the hash of a notification."""
        amount = ("LMI_PAYEE_PURSE", "LMI_PAYMENT_AMOUNT", "LMI_PAYMENT_NO", "LMI_MODE")
        number = ("LMI_SYS_INVS_NO", "LMI_SYS_TRANS_NO", "LMI_SYS_TRANS_DATE")
        text = "".join(fields[name] for name in (*amount, *number)) + self.secret
        text += fields["LMI_PAYER_PURSE"] + fields["LMI_PAYER_WM"]
        return hashlib.sha256(text.encode()).hexdigest().upper()

    def show(self, call: Call) -> Reply | None:
        """Return the page of a posted form, or act and send the browser back."""
        if call.path != PAGE:
            return None
        form = call.form()
        choice: Any = form.pop("choice", None)
        if choice in {None, "authenticate"}:
            choices = FIRST if choice is None else SECOND
            title = f"Simulated WebMoney: {form['LMI_PAYMENT_AMOUNT']}"
            return choices_page(title, choices, form)
        try:
            self.act(form, choice)
        except ValueError as refused:
            return Reply(200, str(refused).encode(), "text/plain")
        paid = choice in {"succeed", "pass"}
        return Reply.redirect(form["LMI_SUCCESS_URL" if paid else "LMI_FAIL_URL"])

    def answer(self, call: Call) -> Reply:
        """Answer a question about a payment (interface X18), which is posted."""
        if call.method != "POST":
            return Reply.of(404, {})  # such as a browser's request for an icon
        request = ET.fromstring(call.body)  # noqa: S314  of our own adapter
        names = ("wmid", "lmi_payee_purse", "lmi_payment_no")
        wmid, purse, number = (request.findtext(name, "") for name in names)
        signed = hashlib.sha256(f"{wmid}{purse}{number}{self.secret}".encode()).hexdigest()
        if signed != request.findtext("sha256", ""):
            return _result("-7")
        fields = self.paid.get(number)
        if fields is None or fields["LMI_PAYEE_PURSE"] != purse:
            return _result("8" if number in self.underway else "7")
        operation = (
            f'<operation wmtransid="{fields["LMI_SYS_TRANS_NO"]}" wminvoiceid="1">'
            f"<amount>{fields['LMI_PAYMENT_AMOUNT']}</amount>"
            f"<purpose>{fields['LMI_PAYMENT_DESC']}</purpose></operation>"
        )
        return _result("0", operation)


def _result(code: str, operation: str = "") -> Reply:
    body = f"<merchant.response>{operation}<retval>{code}</retval></merchant.response>"
    return Reply(200, body.encode(), "application/xml")


def _sent(fields: dict[str, str]) -> Sent:
    return Sent(urlencode(fields).encode(), "POST", "application/x-www-form-urlencoded")
