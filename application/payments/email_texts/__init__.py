"""Texts of e-mails about enrollments, payments and subscriptions, by kind and language."""

from collections.abc import Mapping
from typing import Any, Literal

from application.kernel import catalogues
from application.users.email_texts import EmailText, parts_of

Kind = Literal[
    "enrolled",
    "paid",
    "payment_failed",
    "wrong_amount",
    "bank_wants_user",
    "bank_wants_user_in_time",
    "bank_wants_user_after_trial",
    "bank_wants_user_to_resume",
    "renewal_announced",
    "renewal_by_hand",
    "past_due",
    "past_due_by_hand",
    "past_due_until_date",
    "resume_by_hand",
    "resume_trial_by_hand",
    "resume_past_due",
    "resume_past_due_by_hand",
    "trial_unpaid",
    "pause_scheduled",
    "resume_announced",
    "plan_change_scheduled",
    "plan_change_failed",
    "plan_change_wrong_amount",
    "plan_paid_ahead",
    "trial_ending",
    "trial_ending_by_hand",
    "cancelled",
    "ends_after_refund",
    "ends_without_trainer",
    "ends_while_suspended",
    "ended",
    "ended_unpaid",
    "ended_not_offered",
    "refunded",
    "refunded_and_ended",
    "partly_refunded",
]


def language_of(locale: str) -> str:
    """Return the language of e-mails to a person with this locale."""
    return catalogues.language_of(__name__, locale)


def email_text(kind: Kind, locale: str, values: Mapping[str, Any]) -> EmailText:
    """Return the text of an e-mail. A plan without a title is named as such.

    Raises ValueError if a value is missing.
    """
    plan = values.get("plan") or catalogues.texts_of(__name__, "your-plan", locale, {})[""]
    name = kind.replace("_", "-")
    return parts_of(catalogues.texts_of(__name__, name, locale, {**values, "plan": plan}))
