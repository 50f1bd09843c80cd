"""Authentication by share link: access to one recording as its athlete, and nothing else."""

import re
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query
from starlette.requests import HTTPConnection

from application.kernel.tracing import current_correlation_id
from application.platform import Platform
from application.recordings.queries import is_session_deleted
from application.share_links import ACTOR, SharedLink
from application.users.tokens import AccessClaims
from domain.ids import RecordingId, UserId
from domain.kernel import Origin
from domain.recordings.commands import RecordingNotFound
from domain.users.user import USER, Registered
from projections.session_recording import SESSION_RECORDING

PARAMETER: Final = "share"
"""Query parameter of the link's token."""

SHAREABLE_PATH: Final = re.compile(r"/v1/recordings/(?!storage$)([^/:]+)(?:/video)?")
"""Paths that a link opens over REST: the recording's metadata and its video."""

REPLAY: Final = "/ws/replay/"
"""Prefix of the WebSocket path that accepts links."""


@dataclass(frozen=True)
class ShareLinkAuth:
    """The token of a link, and the requested recording."""

    token: str
    recording_id: RecordingId

    def claims(self, platform: Platform) -> AccessClaims:
        """Return the claims of the link's bearer.

        Raises ShareLinkInvalid, ShareLinkExpired, ShareLinkRevoked, and RecordingNotThere, also
        while the athlete is suspended or the session is deleted.
        """
        return self._claims(platform, platform.sharing.opened(self.token, self.recording_id))

    def claims_noted(self, platform: Platform, path: str) -> AccessClaims:
        """Return the claims, and write the access to the athlete's access log.

        Raises what `claims` raises, and StorageUnavailable.
        """
        link = platform.sharing.opened(self.token, self.recording_id)
        claims = self._claims(platform, link)
        request_id = platform.new_id()
        origin = Origin(
            tenant_id=link.tenant_id,
            actor=f"{ACTOR}{link.id}",
            correlation_id=current_correlation_id() or request_id,
        )
        platform.privacy().access.note(
            claims.user_id, "recording", path, origin=origin, request_id=request_id
        )
        return claims

    def _claims(self, platform: Platform, link: SharedLink) -> AccessClaims:
        owner = platform.owners.of_recording(link.tenant_id, self.recording_id)
        if owner is None or _is_withheld(platform, link, owner):
            raise RecordingNotFound
        return AccessClaims(
            user_id=owner,
            tenant_id=link.tenant_id,
            roles=frozenset({"member"}),
            sign_in_id=UUID(link.id),
            pose_coach_uid="",
            issued_at=platform.clock(),
            expires_at=link.expires_at,
        )


def _is_withheld(platform: Platform, link: SharedLink, owner: UserId) -> bool:
    """Return whether access is withheld for now.

    It is while the athlete is suspended, or if the session of the recording is deleted.
    """
    log, read, tenant_id = platform.log, platform.read, link.tenant_id
    history = log.load(tenant_id, f"{USER.category}-{owner}")
    user = USER.fold([recorded.event for recorded in history])
    if isinstance(user, Registered) and user.suspended:
        return True
    recording = read.get(SESSION_RECORDING, tenant_id, link.recording_id)
    return recording is not None and is_session_deleted(read, tenant_id, recording)


async def _document_parameter(
    share: Annotated[
        str | None, Query(description="Token of a share link, instead of an access token.")
    ] = None,
) -> None:
    """Document the parameter in OpenAPI; the authentication middleware reads it."""


SHAREABLE_ROUTES: Final = Depends(_document_parameter)
"""Dependency of the operations that `share_link_of` matches."""


def share_link_of(connection: HTTPConnection) -> ShareLinkAuth | None:
    """Return the link of a request to a shareable path, or None."""
    token = connection.query_params.get(PARAMETER)
    if token is None or connection.scope.get("method") != "GET":
        return None
    match = SHAREABLE_PATH.fullmatch(connection.scope["path"])
    return None if match is None else ShareLinkAuth(token, RecordingId(match[1]))


def is_shared_replay(connection: HTTPConnection) -> bool:
    """Return whether a WebSocket request carries a link, which its handler verifies."""
    scope = connection.scope
    is_replay = scope["type"] == "websocket" and scope["path"].startswith(REPLAY)
    return is_replay and PARAMETER in connection.query_params
