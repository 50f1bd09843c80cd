"""Kinds of e-mails about payments that depend on the state of the subscription."""

from application.payments.email_texts import Kind
from domain.ids import PaymentId
from domain.subscriptions.states import Active, Subscription


def by_hand_kind(active: Active) -> Kind:
    """Return the e-mail about a payment by hand: after a pause or a trial, or of a renewal."""
    if active.is_paused:
        return "resume_trial_by_hand" if active.on_trial else "resume_by_hand"
    return "trial_ending_by_hand" if active.on_trial else "renewal_by_hand"


def confirmation_kind(subscription: Subscription, payment_id: PaymentId) -> Kind:
    """Return the e-mail about a payment that the user must confirm at the bank."""
    if not isinstance(subscription, Active):
        return "bank_wants_user"
    if subscription.on_trial:
        return "bank_wants_user_after_trial"
    if subscription.is_paused:
        return "bank_wants_user_to_resume"
    is_renewal = payment_id == subscription.renewing
    is_last = is_renewal and subscription.must_pay_by_date
    return "bank_wants_user_in_time" if is_last else "bank_wants_user"


def past_due_kind(active: Active) -> Kind:
    """Return the e-mail about a failed renewal, by what happens next."""
    is_by_hand = active.method is None
    if active.is_paused:
        return "resume_past_due_by_hand" if is_by_hand else "resume_past_due"
    if active.on_trial:
        return "trial_unpaid"
    if is_by_hand and active.must_pay_by_date:
        return "past_due_until_date"
    return "past_due_by_hand" if is_by_hand else "past_due"
