"""Payment gateway YooKassa (formerly Yandex.Kassa): redirect payments in roubles, and refunds.

Its webhooks have no signature. They must come from its published networks, and are only a hint: the
payment itself is fetched again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid5

import httpx2
import structlog
from pydantic import SecretStr

from adapters.payments import yookassa_objects as objects
from adapters.payments.http import (
    TIMEOUT_S,
    ask,
    checked_reference,
    json_object,
    safe_code,
)
from application.payments.gateways import (
    Capabilities,
    GatewayAnswerError,
    GatewayRefusedError,
    GatewayUnavailableError,
    Intent,
    IntentOf,
    MethodRefusedError,
    Notice,
    RefundRefusedError,
    Setup,
    SetupOf,
    Webhook,
    WebhookForged,
)
from domain.money import Money
from domain.payment_methods import StoredMethod
from domain.payments import commands

logger: Any = structlog.get_logger()

API_URL: Final = "https://api.yookassa.ru/v3"

NETWORKS: Final = (
    "185.71.76.0/27",
    "185.71.77.0/27",
    "77.75.153.0/25",
    "77.75.154.128/25",
    "77.75.156.11/32",
    "77.75.156.35/32",
    "2a02:5180::/32",
)
"""Networks of its webhooks: https://yookassa.ru/developers/using-api/webhooks#ip"""

KEYS: Final = UUID("01a20131-5d0f-7d2e-a4a4-3c1d5f0b7e11")
"""Namespace of idempotency keys, which have at most 64 characters."""

SKEW: Final = timedelta(hours=1)
"""Largest difference between the clocks of YooKassa and this server."""

PAGES: Final = 100
"""Pages of a list that are read. A longer list is an error: nothing may be missed in it."""


class YooKassaGateway:
    """Gateway of one shop. `networks` are those of its webhooks.

    `stores_methods`: YooKassa must have allowed the shop to do so, or it refuses every payment.
    """

    def __init__(
        self,
        shop_id: str,
        key: SecretStr,
        *,
        return_url: str,
        stores_methods: bool = False,
        networks: Sequence[str] = NETWORKS,
        url: str = API_URL,
    ) -> None:
        self.capabilities = Capabilities(
            currencies=frozenset({"RUB"}),
            voids_at_once=False,
            authentication=False,
            stores_methods=stores_methods,
        )
        self._return_url = return_url
        self._networks = [ip_network(network) for network in networks]
        self._client = httpx2.Client(
            base_url=url, auth=(shop_id, key.get_secret_value()), timeout=TIMEOUT_S
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def create_intent(self, intent_of: IntentOf, amount: Money) -> Intent:
        """Return the payment of an attempt, created by the first call of a day."""
        self._check(amount)
        more = {"save_payment_method": True} if self.capabilities.stores_methods else {}
        created = self._create(
            f"{intent_of.key}:create",
            GatewayUnavailableError("unsupported"),  # another gateway can serve the amount
            amount=objects.amount_of(amount),
            confirmation=self._confirmation(f"payment={quote(intent_of.payment_id, safe='')}"),
            metadata=objects.metadata_of(intent_of),
            **more,
        )
        return objects.intent_of(created)

    def charge_stored(self, intent_of: IntentOf, amount: Money, method: StoredMethod) -> Intent:
        """Charge a stored method; YooKassa forgets idempotency keys after a day.

        Raises MethodRefusedError also if it does not take the amount, such as one below its
        minimum: no other gateway can charge this method.
        """
        self._check(amount)
        charged = self.find_charge(intent_of, method)
        if charged is not None:
            return charged
        created = self._create(
            f"{intent_of.key}:charge",
            MethodRefusedError("declined"),
            amount=objects.amount_of(amount),
            payment_method_id=method.method,
            metadata=objects.metadata_of(intent_of),
        )
        return objects.intent_of(created)

    def find_charge(self, intent_of: IntentOf, method: StoredMethod) -> Intent | None:
        """Return the payment of an attempt among those since it was submitted, if there is one."""
        del method  # payments are not listed by it
        submitted_at = intent_of.submitted_at or datetime.now(UTC)
        since = objects.time_of(submitted_at.astimezone(UTC) - SKEW)
        wanted = objects.metadata_of(intent_of)
        for each in self._list("/payments", {"created_at.gte": since}):
            if (each.get("metadata") or {}) == wanted:
                return objects.intent_of(each)
        return None

    def begin_setup(self, setup_of: SetupOf, customer: str | None) -> Setup:
        """Return a payment method that the user confirms without a payment."""
        del customer  # YooKassa has none
        if not self.capabilities.stores_methods:
            raise GatewayUnavailableError("unsupported")
        key = f"{setup_of.tenant_id}:{setup_of.subscription_id}:{setup_of.key}:setup"
        back = f"subscription={quote(setup_of.subscription_id, safe='')}"
        confirmation = self._confirmation(back)
        return objects.setup_of(
            self._post("/payment_methods", key, type="bank_card", confirmation=confirmation)
        )

    def look_up_setup(self, reference: str) -> Setup:
        """Return the present state of a payment method."""
        return objects.setup_of(self._get(f"/payment_methods/{checked_reference(reference)}"))

    def forget(self, method: StoredMethod) -> None:
        """Do nothing: YooKassa's protocol has no call that deletes a payment method."""
        del method

    def look_up(self, reference: str) -> Intent:
        """Return the present state of a payment."""
        return objects.intent_of(self._payment(reference))

    def list_intents(self, begin: datetime, end: datetime) -> Iterable[tuple[IntentOf, str]]:
        """Return our payments of a period, from all pages of the list."""
        period = {"created_at.gte": objects.time_of(begin), "created_at.lt": objects.time_of(end)}
        for each in self._list("/payments", period):
            try:
                owner = objects.owner_of(each)
            except GatewayAnswerError:
                logger.warning("yookassa.unreadable_metadata", payment=safe_code(str(each["id"])))
                continue
            if owner is not None:
                yield owner, str(each["id"])

    def void(self, reference: str) -> Intent:
        """Cancel a payment that waits for its capture.

        YooKassa cancels no payment that waits for the user: it expires within an hour. A payment
        that it does not know is of another account: nobody can pay it here.
        """
        try:
            found = self._payment(reference)
        except _RefusedError as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
                raise
            return Intent(reference, commands.Voided())
        if found.get("status") == "waiting_for_capture":
            found = self._post(f"/payments/{checked_reference(reference)}/cancel", reference)
        return objects.intent_of(found)

    def refund(self, intent_of: IntentOf, reference: str, amount: Money, number: int) -> Intent:
        """Return an amount of the charge of a payment, unless YooKassa has this refund already.

        A refund that was canceled is made again. YooKassa refuses one by an error, such as after a
        refund by hand, or by one that is canceled at once, such as without enough money.
        """
        name = f"{intent_of.key}:refund:{number}"
        key = str(uuid5(KEYS, name))
        listed = self._list("/refunds", {"payment_id": checked_reference(reference)})
        ours = [each for each in listed if each.get("description") == key]
        failed = [each for each in ours if each.get("status") == "canceled"]
        if len(ours) > len(failed):
            return self.look_up(reference)
        refusal = None
        try:
            made = self._post(
                "/refunds",
                f"{name}:{len(failed)}" if failed else name,
                payment_id=reference,
                amount=objects.amount_of(amount),
                description=key,
            )
            if made.get("status") == "canceled":
                refusal = "refund canceled"
        except _RefusedError as refused:
            refusal = str(refused)
        found = self.look_up(reference)
        if refusal is not None and found.outcome != commands.Refunded():
            raise RefundRefusedError(refusal, found)
        return found

    def read_question(self, webhook: Webhook) -> None:
        """Return None: the gateway asks nothing before a charge."""
        del webhook

    def read_webhook(self, webhook: Webhook) -> Notice | None:
        """Return the present state of the payment that a webhook is about, if it is about one."""
        if not self._is_published(webhook.address):
            raise WebhookForged
        try:
            notified: Any = json.loads(webhook.body)
            about: dict[str, Any] = notified["object"]
            event = str(notified["event"])
            is_refund = event.startswith("refund.")
            if not is_refund and not event.startswith("payment."):
                return None  # such as payment_method.active
            reference = about["payment_id"] if is_refund else about["id"]
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise GatewayAnswerError(f"unreadable webhook: {type(error).__name__}") from None
        try:
            found = self._payment(reference)
        except _RefusedError as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                raise WebhookForged from None
            raise
        owner = objects.owner_of(found)
        if owner is None:
            return None
        intent = objects.intent_of(found)
        refunded: Mapping[str, Any] = found.get("refunded_amount") or {}
        returned = refunded.get("value", "")
        return Notice(
            event_id=f"{intent.reference}:{found['status']}:{returned}",
            intent_of=owner,
            reference=intent.reference,
            outcome=intent.outcome,
            method=intent.method,
            event_type=safe_code(event),
        )

    def _check(self, amount: Money) -> None:
        if amount.currency not in self.capabilities.currencies:
            raise GatewayUnavailableError("unsupported")

    def _confirmation(self, query: str) -> dict[str, str]:
        return {"type": "redirect", "return_url": f"{self._return_url}?{query}"}

    def _is_published(self, address: str) -> bool:
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(ip, "ipv4_mapped", None) or ip
        return any(mapped in network for network in self._networks)

    def _payment(self, reference: object) -> dict[str, Any]:
        return self._get(f"/payments/{checked_reference(reference)}")

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        return _answer(ask(lambda: self._client.get(path, params=query)))

    def _list(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Return all objects of a list, the newest first. Raises GatewayAnswerError if too many."""
        cursor: dict[str, str] = {}
        for _ in range(PAGES):
            page = self._get(path, {**query, "limit": "100", **cursor})
            yield from page.get("items") or ()
            if not page.get("next_cursor"):
                return
            cursor = {"cursor": str(page["next_cursor"])}
        raise GatewayAnswerError(f"a list of more than {PAGES} pages")

    def _create(self, key: str, amount_refused: Exception, **body: Any) -> dict[str, Any]:
        """Create a payment. Raises `amount_refused` if YooKassa does not take the amount."""
        try:
            return self._post("/payments", key, capture=True, **body)
        except _RefusedError as refused:
            if refused.is_of_amount:
                raise amount_refused from None
            raise

    def _post(self, path: str, key: str, **body: Any) -> dict[str, Any]:
        headers = {"Idempotence-Key": str(uuid5(KEYS, key))}
        return _answer(ask(lambda: self._client.post(path, json=body, headers=headers)))


class _RefusedError(GatewayRefusedError):
    """YooKassa refused a call. `is_of_amount`: it does not take the amount or currency."""

    def __init__(self, status: int, code: str, parameter: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.is_of_amount = status == HTTPStatus.BAD_REQUEST and parameter.startswith("amount")


def _answer(response: httpx2.Response) -> dict[str, Any]:
    """Return the answer. The descriptions of errors are not passed on."""
    if response.status_code == HTTPStatus.OK:
        return json_object(response)
    found = json_object(response)
    parameter = str(found.get("parameter", ""))
    raise _RefusedError(response.status_code, safe_code(found.get("code")), parameter)
