"""Texts of e-mails about enrollments, payments and subscriptions."""

from typing import Final, Literal

Kind = Literal[
    "enrolled",
    "paid",
    "payment_failed",
    "wrong_amount",
    "bank_wants_user",
    "bank_wants_user_to_resume",
    "renewal_announced",
    "renewal_by_hand",
    "past_due",
    "resume_past_due",
    "trial_unpaid",
    "pause_scheduled",
    "resume_announced",
    "plan_change_scheduled",
    "plan_change_failed",
    "plan_change_wrong_amount",
    "plan_paid_ahead",
    "trial_ending",
    "cancelled",
    "ended",
    "refunded",
    "partly_refunded",
]

TEXTS: Final[dict[Kind, tuple[str, str, str, str]]] = {
    "enrolled": (
        "You are enrolled in {plan}",
        "You are enrolled in {plan}. Your first workout is due on {date}.",
        "Open the plan",
        "You can leave the plan on its page at any time.",
    ),
    "paid": (
        "Payment received for {plan}",
        "We have received {amount} for {plan}. Its workouts are open to you now.",
        "Open the plan and its workouts",
        "Your subscriptions, payments and invoices are on the billing page.",
    ),
    "payment_failed": (
        "Your payment for {plan} failed",
        (
            "Your payment of {amount} for {plan} did not succeed, and no money was taken. You can"
            " choose the plan again and pay with another method."
        ),
        "Try again",
        "If you no longer want the plan, you do not need to do anything.",
    ),
    "wrong_amount": (
        "Your payment for {plan} did not match its price",
        (
            "What was charged for {plan} is not its price of {amount}, so we are returning it to"
            " your payment method. You can choose the plan again."
        ),
        "Try again",
        "If you no longer want the plan, you do not need to do anything.",
    ),
    "bank_wants_user": (
        "Please confirm your payment for {plan}",
        "Your bank asks you to confirm the payment of {amount} for {plan}.",
        "Confirm the payment",
        "Your access stays open in the meantime.",
    ),
    "bank_wants_user_to_resume": (
        "Please confirm your payment for {plan}",
        "Your bank asks you to confirm the payment of {amount} for {plan}.",
        "Confirm the payment",
        "Your subscription is paused. Its workouts open once the payment is confirmed.",
    ),
    "renewal_announced": (
        "{plan} will be renewed soon",
        (
            "Your subscription to {plan} renews on {date}. We will charge {amount} to your stored"
            " payment method the day before."
        ),
        "See or cancel the subscription",
        "If you want to go on, you do not need to do anything.",
    ),
    "renewal_by_hand": (
        "Please pay to renew {plan}",
        (
            "Your subscription to {plan} is due for renewal. Please pay {amount} to go on; we do"
            " not charge you automatically."
        ),
        "Pay now",
        "If you do not want to go on, cancel the subscription on the billing page.",
    ),
    "past_due": (
        "The renewal of {plan} failed",
        (
            "We could not renew your subscription to {plan}: {amount} was not paid. We will try"
            " again on {date}. Please make sure that your payment method can be charged by then."
        ),
        "See the subscription",
        "Your access stays open in the meantime. If you cancel, we stop trying.",
    ),
    "resume_past_due": (
        "The payment after your pause of {plan} failed",
        (
            "Your pause of {plan} is over, but {amount} was not paid. We will try again on {date}."
            " If you do not want to wait, resume the subscription on the billing page."
        ),
        "See the subscription",
        "Its workouts stay closed until it is paid. If you cancel, we stop trying.",
    ),
    "trial_unpaid": (
        "Your payment for {plan} failed",
        (
            "Your payment of {amount} for {plan} did not succeed, and no money was taken. Your"
            " trial goes on until {date}. To go on after it, store a payment method on the billing"
            " page before then, or choose the plan again when the trial is over."
        ),
        "See the subscription",
        "If you no longer want the plan, you do not need to do anything.",
    ),
    "plan_change_scheduled": (
        "Your plan changes to {plan}",
        (
            "Your subscription changes to {plan} on {date}. Until then you keep the plan that you"
            " have paid for, and nothing is charged. From then on it costs {amount}."
        ),
        "See or take back the change",
        "If you agree, you do not need to do anything.",
    ),
    "plan_change_failed": (
        "The payment for your change to {plan} failed",
        (
            "Your payment of {amount} for the change to {plan} did not succeed, and no money was"
            " taken. You keep your present plan."
        ),
        "See the subscription",
        "You can change the plan again on the billing page, also with another payment method.",
    ),
    "plan_change_wrong_amount": (
        "Your payment for the change to {plan} did not match its price",
        (
            "What was charged for the change to {plan} is not the {amount} that was due, so we are"
            " returning it to your payment method. You keep your present plan."
        ),
        "See the subscription",
        "You can change the plan again on the billing page.",
    ),
    "plan_paid_ahead": (
        "Payment received for {plan}",
        "We have received {amount} for {plan}. It follows your present plan on {date}.",
        "See the subscription",
        "Your subscriptions, payments and invoices are on the billing page.",
    ),
    "pause_scheduled": (
        "Your subscription to {plan} will be paused",
        (
            "Your subscription to {plan} pauses at the end of its paid period, until {date}."
            " Before that day nothing is charged, and its workouts are closed while it is paused."
        ),
        "See or change the pause",
        "If you wanted to pause, you do not need to do anything.",
    ),
    "resume_announced": (
        "Your pause of {plan} ends soon",
        (
            "Your subscription to {plan} continues on {date}. We will charge {amount} to your"
            " stored payment method on that day."
        ),
        "See or cancel the subscription",
        "If you want to go on, you do not need to do anything.",
    ),
    "trial_ending": (
        "Your trial of {plan} ends soon",
        (
            "Your trial of {plan} ends on {date}. We will charge {amount} to your stored payment"
            " method on that day. If you cancel before, it costs nothing."
        ),
        "See or cancel the subscription",
        "If you want to go on, you do not need to do anything.",
    ),
    "cancelled": (
        "Your subscription to {plan} is cancelled",
        "Your subscription to {plan} will not be renewed. You have access until {date}.",
        "Resume the subscription",
        "If you wanted to cancel, you do not need to do anything.",
    ),
    "ended": (
        "Your subscription to {plan} has ended",
        (
            "Your subscription to {plan} has ended, and its workouts are closed. What you have"
            " trained stays yours."
        ),
        "Choose the plan again",
        "No further payments will be taken for it.",
    ),
    "refunded": (
        "We have returned your payment",
        (
            "We have returned {amount} for {plan} to your payment method. It can take your bank"
            " some days to show it."
        ),
        "See my payments",
        "If you have questions, reply to this message.",
    ),
    "partly_refunded": (
        "We have returned a part of your payment",
        "We have returned {amount} of your payment for {plan}. Your access stays as it is.",
        "See my payments",
        "If you have questions, reply to this message.",
    ),
}
"""Subject, text, label of the link, and footer of each e-mail."""
