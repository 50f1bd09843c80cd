"""What the browser of a user needs to pay at a gateway."""

from typing import Literal

from pydantic import Field

from api.views.base import Body
from application.caller import Caller, checked_id
from application.payments.gateways import ClientSecret, Form, Redirect
from application.payments.process import Payable
from domain.ids import PaymentId
from domain.payments.commands import PaymentNotFound
from domain.payments.events import Gateway


class PayFormField(Body):
    """A hidden field of a form that the browser posts to the gateway."""

    name: str
    value: str


class PayableIntent(Body):
    """What the browser needs to pay at the gateway. It is for this user alone.

    `client_secret`: pay with the gateway's script. `redirect`: go to `url`, which sends the browser
    back. `form`: post `fields` to `url`.
    """

    gateway: Gateway
    reference: str
    kind: Literal["client_secret", "redirect", "form"]
    client_secret: str | None = Field(default=None, description="Of the kind `client_secret`.")
    publishable_key: str | None = Field(default=None, description="Of the kind `client_secret`.")
    url: str | None = Field(default=None, description="Of the kinds `redirect` and `form`.")
    fields: list[PayFormField] | None = Field(default=None, description="Of the kind `form`.")

    @classmethod
    def of(cls, payable: Payable) -> "PayableIntent":
        """Convert what the process returns."""
        gateway, reference = payable.gateway, payable.reference
        match payable.pay_by:
            case ClientSecret(secret=secret, publishable_key=key):
                return cls(
                    gateway=gateway,
                    reference=reference,
                    kind="client_secret",
                    client_secret=secret,
                    publishable_key=key,
                )
            case Redirect(url=url):
                return cls(gateway=gateway, reference=reference, kind="redirect", url=url)
            case Form(url=url, fields=fields):
                return cls(
                    gateway=gateway,
                    reference=reference,
                    kind="form",
                    url=url,
                    fields=[PayFormField(name=name, value=value) for name, value in fields],
                )


def payable_intent(caller: Caller, payment_id: str) -> PayableIntent:
    """Return the intent that the caller can pay now.

    Raises PaymentNotFound, NotPayable, PaymentProcessing and GatewaySilent.
    """
    key = PaymentId(checked_id(payment_id))
    owner = caller.platform.owners.of_payment(caller.tenant_id, key)
    if owner is None or not caller.is_allowed("write", "subscription", owner):
        raise PaymentNotFound
    return PayableIntent.of(caller.platform.payments.payable(caller.tenant_id, key))
