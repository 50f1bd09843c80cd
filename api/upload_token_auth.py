"""Authentication by upload token: a phone sends health records of one source, and nothing else."""

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection

from application.health.upload_tokens import PREFIX
from application.platform import Platform
from application.users.tokens import AccessClaims
from domain.health.integration import UploadTokenRefused

PATH: Final = re.compile(r"/v1/me/health/sources/([^/]+)/(?:records|upload-token)")
"""Paths that a token opens: sending records of its source, and renewing it."""


@dataclass(frozen=True)
class UploadTokenAuth:
    """The token of a request, and the source that its path names."""

    token: str
    source: str

    def claims(self, platform: Platform) -> AccessClaims:
        """Return the claims of the token's bearer. Raises UploadTokenRefused."""
        upload = platform.upload_tokens.verify(self.token)
        if upload.source != self.source:
            raise UploadTokenRefused
        return AccessClaims(
            user_id=upload.user_id,
            tenant_id=upload.tenant_id,
            roles=frozenset({"member"}),
            sign_in_id=upload.sign_in_id,
            pose_coach_uid="",
            issued_at=platform.clock(),
            expires_at=upload.expires_at,
        )


def upload_token_of(connection: HTTPConnection, bearer: str | None) -> UploadTokenAuth | None:
    """Return the upload token of a request, or None if the bearer token is another one.

    Raises UploadTokenRefused for an upload token on any path that it does not open.
    """
    if bearer is None or not bearer.startswith(f"{PREFIX}~"):
        return None
    match = PATH.fullmatch(connection.scope["path"])
    if match is None or connection.scope.get("method") != "POST":
        raise UploadTokenRefused
    return UploadTokenAuth(bearer, match[1])
