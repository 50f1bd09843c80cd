"""Webhooks of gateways, read only if they are genuine and about a tenant of their sender.

`account_of` is the tenant whose own account has sent a webhook; None is the account of the
installation.
"""

from typing import Any

import structlog

from application.payments.gateways import (
    GatewayAnswerError,
    GatewayRefusedError,
    GatewayUnavailableError,
    MethodNotice,
    Notice,
    PaymentGateway,
    Webhook,
    WebhookForged,
)
from application.payments.process import GatewaySilent
from application.payments.steps import PaymentSteps
from domain.ids import TenantId
from domain.payments import commands, states
from domain.payments.events import Gateway

log: Any = structlog.get_logger()


def tenant_of(notice: Notice | MethodNotice) -> TenantId:
    """Return the tenant that a webhook is about."""
    return notice.intent_of.tenant_id if isinstance(notice, Notice) else notice.tenant_id


def read_webhook(
    payments: PaymentSteps, gateway: Gateway, webhook: Webhook, account_of: TenantId | None = None
) -> Notice | MethodNotice | None:
    """Return what a genuine webhook reports, or None if that is nothing of ours.

    Raises WebhookForged, and GatewaySilent if the gateway must be asked and does not answer or
    refuses, such as for a wrong key: it sends the webhook again.
    """
    sender = _sender(payments, gateway, account_of)
    try:
        notice = sender.read_webhook(webhook)
    except GatewayUnavailableError:
        raise GatewaySilent from None
    except GatewayRefusedError as error:
        log.warning("webhook.look_up_refused", gateway=gateway, answer=str(error))
        raise GatewaySilent from None
    except GatewayAnswerError as error:  # the same webhook would be as unreadable again
        log.warning("webhook.unreadable", gateway=gateway, answer=str(error))
        return None
    if notice is not None:
        _check_sender(payments, account_of, tenant_of(notice))
    return notice


def allows_charge(
    payments: PaymentSteps, gateway: Gateway, webhook: Webhook, account_of: TenantId | None = None
) -> bool | None:
    """Return whether a gateway that asks may take the money now, or None if it asks nothing.

    It may while the user can pay this intent, with the amount of the payment only, and if the
    gateway then reports that the intent is unpaid. Raises WebhookForged.
    """
    question = _sender(payments, gateway, account_of).read_question(webhook)
    if question is None:
        return None
    intent_of = question.intent_of
    _check_sender(payments, account_of, intent_of.tenant_id)
    payment = payments.state(intent_of.tenant_id, intent_of.payment_id)
    attempt = states.payable_intent(payment)
    is_due = (
        attempt is not None
        and isinstance(payment, states.Started)
        and payment.current == intent_of.attempt
        and (attempt.gateway, attempt.reference) == (gateway, question.reference)
        and payment.amount == question.amount
    )
    return is_due and _is_unpaid(payments, intent_of.tenant_id, gateway, question.reference)


def _is_unpaid(
    payments: PaymentSteps, tenant_id: TenantId, gateway: Gateway, reference: str
) -> bool:
    try:
        intent = payments.find_intent(tenant_id, gateway, reference)
    except GatewayAnswerError as error:
        log.warning("payment.charge_refused", gateway=gateway, answer=str(error))
        return False
    return intent is not None and intent.outcome == commands.Paying()


def _sender(
    payments: PaymentSteps, gateway: Gateway, account_of: TenantId | None
) -> PaymentGateway:
    """Return the gateway whose proof a webhook must have. Raises WebhookForged."""
    if account_of is None:
        sender = payments.gateways.get(gateway)
    else:
        own = payments.tenant_accounts.find(account_of)
        sender = None if own is None else own.gateways.get(gateway)
    if sender is None:
        raise WebhookForged("This gateway is not set up, so no webhook of it is valid.")
    return sender


def _check_sender(payments: PaymentSteps, account_of: TenantId | None, tenant_id: TenantId) -> None:
    """Check that a webhook is about a tenant of the account that has sent it.

    A tenant knows the secrets of its own account, so it could sign webhooks about payments of
    others. Raises WebhookForged.
    """
    has_own = payments.tenant_accounts.find(tenant_id) is not None
    if account_of != (tenant_id if has_own else None):
        raise WebhookForged("This webhook is about a tenant of another account.")
