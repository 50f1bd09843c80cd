"""Authentication provider: signs in, and has the key under which sessions are stored."""

from typing import Any, Final, NewType

import httpx2

Uid = NewType("Uid", str)
"""Key of a user in the pose coach: their Firebase UID, and never the id of their account."""

ONLY_PERSON: Final = Uid("athlete")
"""Key where nobody signs in."""


class AuthenticationProvider:
    """Signs in once. Without `sign_in`, requests have no token, and the key is `athlete`."""

    def __init__(self, http: httpx2.Client, *, tenant: str = "default") -> None:
        self._http = http
        self._tenant = tenant
        self._token: str | None = None
        self.uid = ONLY_PERSON

    def sign_in(self, email: str, password: str) -> None:
        """Get an access token, valid for ten minutes. Raises HTTPStatusError."""
        body = {"email": email, "password": password}
        answer = self._http.post("/v1/auth/login", json=body, headers=self.headers)
        answer.raise_for_status()
        tokens: dict[str, Any] = answer.json()
        self._token = str(tokens["accessToken"])
        self.uid = Uid(tokens["user"]["poseCoachUid"])

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every request."""
        token = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
        return {"X-Tenant-ID": self._tenant, **token}
