"""Payment gateway Stripe: PaymentIntents, refunds, and signed webhooks.

The browser gives card data to Stripe itself; this server never receives it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast

import stripe
import structlog
from pydantic import SecretStr

from adapters.payments import stripe_objects as objects
from adapters.payments.http import safe_code
from adapters.payments.metadata import TENANT
from adapters.payments.stripe_calls import (
    AmountRefusedError,
    Answer,
    CardRefusedError,
    MissingError,
    UnexpectedStateError,
    call,
)
from adapters.payments.stripe_objects import REFUND, SUBSCRIPTION, UNRETURNED
from adapters.payments.stripe_signature import is_signed
from application.payments.gateways import (
    Capabilities,
    ClientSecret,
    GatewayAnswerError,
    GatewayRefusedError,
    GatewayUnavailableError,
    Intent,
    IntentOf,
    MethodNotice,
    MethodRefusedError,
    Notice,
    RefundRefusedError,
    Setup,
    SetupOf,
    Webhook,
    WebhookForged,
)
from domain.ids import TenantId
from domain.money import MINOR_DIGITS, Money
from domain.payment_methods import StoredMethod
from domain.payments import commands

logger: Any = structlog.get_logger()

TIMEOUT_S: Final = 10.0

OVER: Final = frozenset({"succeeded", "canceled"})
"""States in which the user can give no method in a SetupIntent any more."""

LISTED: Final = 100
"""Objects of one customer or intent that are searched, newest first."""


class StripeGateway:
    """Gateway of one account. `webhook_secrets` are all that are valid, during a change two."""

    def __init__(
        self,
        key: SecretStr,
        webhook_secrets: Sequence[SecretStr],
        *,
        publishable_key: str,
        url: str | None = None,
    ) -> None:
        self.capabilities = Capabilities(
            currencies=frozenset(MINOR_DIGITS) - {"RUB"}, stores_methods=True, disputes=True
        )
        self._publishable_key = publishable_key
        self._http = stripe.RequestsClient(timeout=TIMEOUT_S)
        self._client = stripe.StripeClient(
            key.get_secret_value(),
            base_addresses={} if url is None else {"api": url},
            http_client=self._http,
            max_network_retries=0,  # the payment process repeats calls, under the same key
        )
        self._webhook_secrets = [secret.get_secret_value() for secret in webhook_secrets]

    def close(self) -> None:
        """Close the connections of this thread."""
        self._http.close()  # type: ignore[no-untyped-call]  # not annotated by stripe

    def create_intent(self, intent_of: IntentOf, amount: Money) -> Intent:
        """Return the intent of an attempt, created by the first call, with a customer of its own.

        The customer keeps the method for renewals. It has no name and no address.
        """
        customer = self._customer(intent_of.tenant_id, f"{intent_of.key}:customer")
        created = _create(
            lambda: self._client.v1.payment_intents.create(
                {
                    "amount": amount.minor,
                    "currency": amount.currency.lower(),
                    "automatic_payment_methods": {"enabled": True},
                    "customer": customer,
                    "setup_future_usage": "off_session",
                    "metadata": objects.metadata_of(intent_of),
                },
                {"idempotency_key": f"{intent_of.key}:create"},
            )
        )
        return self._intent(created.to_dict())

    def charge_stored(self, intent_of: IntentOf, amount: Money, method: StoredMethod) -> Intent:
        """Charge a stored method without the user.

        Stripe forgets idempotency keys after a day, so an earlier intent is searched first. An
        amount that it does not take, such as one below its minimum, is refused like a method: no
        other gateway can charge this method.
        """
        found = self.find_charge(intent_of, method)
        if found is not None:
            return found
        try:
            created = call(
                lambda: self._client.v1.payment_intents.create(
                    {
                        "amount": amount.minor,
                        "currency": amount.currency.lower(),
                        "customer": method.customer or "",
                        "payment_method": method.method,
                        "confirm": True,
                        "off_session": True,
                        "metadata": objects.metadata_of(intent_of),
                    },
                    {"idempotency_key": f"{intent_of.key}:charge"},
                )
            )
        except CardRefusedError as refused:
            if refused.reference is None:
                raise MethodRefusedError(refused.reason) from None
            return self.look_up(refused.reference)
        except AmountRefusedError:
            raise MethodRefusedError("declined") from None
        return self._intent(created.to_dict())

    def find_charge(self, intent_of: IntentOf, method: StoredMethod) -> Intent | None:
        """Return the intent of an attempt among those of the customer."""
        if method.customer is None:
            return None
        customer = method.customer
        try:
            page = call(
                lambda: self._client.v1.payment_intents.list(
                    {"customer": customer, "limit": LISTED}
                )
            )
        except CardRefusedError:  # the customer was deleted at Stripe
            return None
        wanted = objects.metadata_of(intent_of)
        for each in page.data:
            found = each.to_dict()
            if found["metadata"] == wanted:
                return self.look_up(found["id"])
        return None

    def begin_setup(self, setup_of: SetupOf, customer: str | None) -> Setup:
        """Return a SetupIntent of the customer, or of another one if theirs was deleted."""
        key = f"{setup_of.tenant_id}:{setup_of.subscription_id}:{setup_of.key}"
        if customer is not None:
            with suppress(CardRefusedError):  # the customer was deleted at Stripe
                return self._create_setup(setup_of, customer, f"{key}:setup")
        other = self._customer(setup_of.tenant_id, f"{key}:customer")
        return self._create_setup(setup_of, other, f"{key}:setup:{other}")

    def _create_setup(self, setup_of: SetupOf, customer: str, key: str) -> Setup:
        created = call(
            lambda: self._client.v1.setup_intents.create(
                {
                    "automatic_payment_methods": {"enabled": True},
                    "customer": customer,
                    "usage": "off_session",
                    "metadata": {
                        TENANT: setup_of.tenant_id,
                        SUBSCRIPTION: setup_of.subscription_id,
                    },
                },
                {"idempotency_key": key},
            )
        )
        return self._setup(created.to_dict())

    def look_up_setup(self, reference: str) -> Setup:
        """Return the present state of a SetupIntent."""
        found = call(
            lambda: self._client.v1.setup_intents.retrieve(
                reference, {"expand": ["latest_attempt"]}
            )
        )
        return self._setup(found.to_dict())

    def look_up(self, reference: str) -> Intent:
        """Return the present state of an intent, with the disputes of its charge."""
        return self._intent(self._retrieved(reference))

    def _retrieved(self, reference: str) -> dict[str, Any]:
        found = call(
            lambda: self._client.v1.payment_intents.retrieve(
                reference, {"expand": ["latest_charge"]}
            )
        )
        return found.to_dict()

    def list_intents(self, begin: datetime, end: datetime) -> Iterable[tuple[IntentOf, str]]:
        """Return our PaymentIntents of a period, page by page, so that a reader can stop."""
        since, until = int(begin.timestamp()), int(end.timestamp())
        listed = call(
            lambda: self._client.v1.payment_intents.list(
                {"created": {"gte": since, "lt": until}, "limit": LISTED}
            )
        ).auto_paging_iter()
        while (each := call(lambda: next(listed, None))) is not None:
            fields = each.to_dict()
            try:
                owner = objects.owner_of(fields.get("metadata") or {})
            except objects.UNREADABLE:
                logger.warning("stripe.unreadable_metadata", intent=fields["id"])
                continue
            if owner is not None:
                yield owner, fields["id"]

    def void(self, reference: str) -> Intent:
        """Make an intent unpayable. A charge that came before stays, and is reported.

        It has no idempotency key: Stripe would repeat a refusal under it, and cancelling twice
        does no harm. An intent that Stripe does not know is of another account: nobody can pay it
        here.
        """
        try:
            with suppress(UnexpectedStateError):  # charged or voided already: look_up tells which
                call(lambda: self._client.v1.payment_intents.cancel(reference))
            return self.look_up(reference)
        except MissingError:
            return Intent(reference, commands.Voided())

    def refund(self, intent_of: IntentOf, reference: str, amount: Money, number: int) -> Intent:
        """Return an amount of the charge of an intent, unless Stripe has this refund already.

        A refund that has failed is made again, under another idempotency key. Stripe refuses one
        if a person has returned money by hand, or the charge is or was disputed; that is reported
        with the refusal.
        """
        key = f"{intent_of.key}:refund:{number}"
        ours = [each for each in self._refunds(reference) if objects.key_of(each) == key]
        failed = [each for each in ours if each["status"] in UNRETURNED]
        if len(ours) > len(failed):
            return self.look_up(reference)
        try:
            made = call(
                lambda: self._client.v1.refunds.create(
                    {
                        "payment_intent": reference,
                        "amount": amount.minor,
                        "metadata": {REFUND: key},
                    },
                    {"idempotency_key": f"{key}:{len(failed)}" if failed else key},
                )
            )
        except (AmountRefusedError, UnexpectedStateError) as refused:
            intent = self.look_up(reference)
            if intent.outcome != commands.Refunded():
                raise RefundRefusedError(str(refused), intent) from None
            return intent
        except (GatewayRefusedError, MissingError) as refused:
            raise RefundRefusedError(str(refused)) from None
        intent = self.look_up(reference)
        if made.status in UNRETURNED:
            raise RefundRefusedError(f"refund {made.status}", intent)
        return intent

    def _refunds(self, reference: str) -> list[dict[str, Any]]:
        page = call(
            lambda: self._client.v1.refunds.list({"payment_intent": reference, "limit": LISTED})
        )
        return [each.to_dict() for each in page.data]

    def forget(self, method: StoredMethod) -> None:
        """Delete the customer, and with it all methods that it has stored."""
        customer = method.customer
        if customer is not None:
            with suppress(MissingError, CardRefusedError):  # deleted already
                call(lambda: self._client.v1.customers.delete(customer))

    def _customer(self, tenant_id: TenantId, key: str) -> str:
        """Return a new customer, created by the first call with this key."""
        created = call(
            lambda: self._client.v1.customers.create(
                {"metadata": {TENANT: tenant_id}}, {"idempotency_key": key}
            )
        )
        return created.id

    def read_question(self, webhook: Webhook) -> None:
        """Return None: the gateway asks nothing before a charge."""
        del webhook

    def read_webhook(self, webhook: Webhook) -> Notice | MethodNotice | None:
        """Return what a webhook reports, or None if it is about nothing of ours.

        A webhook lacks the details of a stored method, so they are fetched from Stripe. One about a
        refund can come after the refund has failed: then the present state counts.
        """
        header, body = webhook.headers.get("stripe-signature", ""), webhook.body
        if not any(is_signed(body, header, secret) for secret in self._webhook_secrets):
            raise WebhookForged
        try:
            event: dict[str, Any] = json.loads(body)
            found: dict[str, Any] = event["data"]["object"]
            if found["object"] == "dispute":
                return self._notice(event, disputes=(objects.dispute_of(found),))
            if found["object"] == "refund":
                return self._failed_refund_notice(event)
            notice = objects.notice_of(event)
            setup = objects.text_of(found, "id") if isinstance(notice, MethodNotice) else ""
        except objects.UNREADABLE as error:
            raise GatewayAnswerError(f"unreadable webhook: {type(error).__name__}") from None
        if isinstance(notice, MethodNotice):
            method = self.look_up_setup(setup).method
            return None if method is None else replace(notice, method=method)
        if notice is not None and found["object"] == "charge":
            present = self.look_up(notice.reference).outcome
            is_less = objects.returns_less(present, notice.outcome)
            return replace(notice, outcome=present) if is_less else notice
        if notice is not None and notice.method is not None:
            return replace(notice, method=self.look_up(notice.reference).method)
        return notice

    def _failed_refund_notice(self, event: Mapping[str, Any]) -> Notice | None:
        """Return what a webhook about a refund reports, if that has failed."""
        found = event["data"]["object"]
        if found["status"] not in UNRETURNED:
            return None
        notice, refund = self._notice(event), objects.text_of(found, "id")
        if notice is None:
            return None
        failed = objects.failed_refund(refund, self._refunds(notice.reference))
        return None if failed is None else replace(notice, failed_refund=failed)

    def _notice(
        self, event: Mapping[str, Any], disputes: tuple[commands.Dispute, ...] = ()
    ) -> Notice | None:
        """Return a notice about a charge whose object lacks our metadata: its intent has them."""
        reference = event["data"]["object"].get("payment_intent")
        if reference is None:
            return None
        try:
            intent = self._retrieved(reference)
        except MissingError:  # of another account
            return None
        owner = objects.owner_of(intent.get("metadata") or {})
        if owner is None:
            return None
        outcome = objects.intent_of(intent).outcome
        event_id, event_type = objects.text_of(event, "id"), safe_code(event["type"])
        return Notice(event_id, owner, reference, outcome, disputes=disputes, event_type=event_type)

    def _intent(self, found: Mapping[str, Any]) -> Intent:
        """Convert a PaymentIntent. The disputes of a charge, if any, are fetched."""
        intent = objects.intent_of(found)
        charge: Any = found.get("latest_charge")
        disputes: tuple[commands.Dispute, ...] = ()
        if isinstance(charge, dict) and cast("dict[str, Any]", charge).get("disputed"):
            page = call(
                lambda: self._client.v1.disputes.list(
                    {"payment_intent": intent.reference, "limit": LISTED}
                )
            )
            newest = [objects.dispute_of(each.to_dict()) for each in page.data]
            disputes = tuple(reversed(newest))
        return replace(intent, pay_by=self._pay_by(found), disputes=disputes)

    def _setup(self, found: Mapping[str, Any]) -> Setup:
        pay_by = None if found["status"] in OVER else self._pay_by(found)
        return Setup(found["id"], pay_by, objects.method_of_setup(found))

    def _pay_by(self, found: Mapping[str, Any]) -> ClientSecret | None:
        secret = found.get("client_secret")
        return None if secret is None else ClientSecret(secret, self._publishable_key)


def _create(ask: Callable[[], Answer]) -> Answer:
    """Create an intent. Another gateway can serve an amount that Stripe does not take."""
    try:
        return call(ask)
    except AmountRefusedError:
        raise GatewayUnavailableError("unsupported") from None
