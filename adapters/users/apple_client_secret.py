"""Apple client secret: a short-lived JWT signed with the team's key."""

from datetime import timedelta
from typing import Final

from joserfc import jwt
from joserfc.jwk import ECKey

from application.kernel.ports import Clock

AUDIENCE: Final = "https://appleid.apple.com"
ALGORITHM: Final = "ES256"

LIFETIME: Final = timedelta(minutes=5)
"""Apple accepts up to six months; a secret is used immediately."""


class AppleSecret:
    """Creates client secrets as in Apple's "Creating a client secret". Thread-safe.

    `private_key` is the content of the `.p8` file. Raises ValueError if it is not a private key.
    """

    def __init__(
        self, *, client_id: str, team_id: str, key_id: str, private_key: bytes, clock: Clock
    ) -> None:
        self._client_id = client_id
        self._team_id = team_id
        self._key_id = key_id
        self._key = ECKey.import_key(private_key)
        self._clock = clock

    def __call__(self) -> str:
        now = self._clock()
        content = {
            "iss": self._team_id,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "aud": AUDIENCE,
            "sub": self._client_id,
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self._key_id}, content, self._key)
