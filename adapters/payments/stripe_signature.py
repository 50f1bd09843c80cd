"""Signatures of the webhooks of Stripe."""

import time
from typing import Final

import stripe

TOLERANCE_S: Final = 300
"""Largest difference between the clocks of Stripe and this server for a webhook, in seconds."""


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Return whether Stripe signed the body with this secret a short time ago.

    The library does not bound timestamps of the future.
    """
    if not header.isascii():
        return False
    try:
        stripe.WebhookSignature.verify_header(  # pyright: ignore[reportUnknownMemberType]
            body.decode(), header, secret, TOLERANCE_S
        )
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
    signed_at = dict(part.split("=", 1) for part in header.split(","))["t"]
    return int(signed_at) <= time.time() + TOLERANCE_S
