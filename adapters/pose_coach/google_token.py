"""Access tokens for Firestore: JWTs that a service account signs itself."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Final

from joserfc import jwt
from joserfc.jwk import RSAKey

from application.kernel.ports import Clock

AUDIENCE: Final = "https://firestore.googleapis.com/"
LIFETIME: Final = timedelta(hours=1)
"""The longest that Google accepts: "Using OAuth 2.0 for Server to Server Applications"."""

RENEWED: Final = timedelta(minutes=5)
"""Time before its end at which a token is replaced."""

EMULATOR_TOKEN: Final = "owner"  # noqa: S105  no secret: emulators take it from everyone
"""Token with which an emulator lets its user pass the security rules."""


class ServiceAccountTokens:
    """Returns a token when called. Thread-safe.

    `file` is the JSON key of a service account. Raises OSError, and ValueError for another file.
    """

    def __init__(self, file: Path, clock: Clock) -> None:
        content = json.loads(file.read_text())
        try:
            self._account = str(content["client_email"])
            self._key_id = str(content["private_key_id"])
            self._key = RSAKey.import_key(content["private_key"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"{file.name} is not the key of a service account.") from error
        self._clock = clock
        self._lock = Lock()
        self._token = ""
        self._ends: datetime | None = None

    def __call__(self) -> str:
        now = self._clock()
        with self._lock:
            if self._ends is None or now >= self._ends - RENEWED:
                self._ends = now + LIFETIME
                self._token = self._signed(now, self._ends)
            return self._token

    def _signed(self, now: datetime, ends: datetime) -> str:
        claims = {
            "iss": self._account,
            "sub": self._account,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int(ends.timestamp()),
        }
        return jwt.encode({"alg": "RS256", "kid": self._key_id}, claims, self._key)
