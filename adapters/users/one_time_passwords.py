"""One-time passwords of authenticator apps, on pyotp."""

import hmac
from datetime import datetime
from typing import Final

import segno
from pyotp import random_base32
from pyotp.totp import TOTP

STEP_S: Final = 30
ISSUER: Final = "Kinelog"


class TotpPasswords:
    """Implements `OneTimePasswords`: six digits, SHA-1, 30 s, as all apps support them."""

    def new_secret(self) -> str:
        return random_base32()

    def uri(self, secret: str, account: str) -> str:
        return TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)

    def qr_code(self, uri: str) -> str:
        return segno.make(uri, error="m").svg_data_uri(scale=4, border=4, light="white")

    def find_step(self, secret: str, code: str, at: datetime) -> int | None:
        passwords, now = TOTP(secret, interval=STEP_S), int(at.timestamp()) // STEP_S
        for step in (now, now - 1, now + 1):
            if hmac.compare_digest(passwords.generate_otp(step).encode(), code.encode()):
                return step
        return None
