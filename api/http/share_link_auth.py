"""A share link lets whoever has it see one recording as the person in it does, and nothing else."""

import re
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID, uuid5

from fastapi import Depends, Query
from starlette.requests import HTTPConnection

from application.platform import Platform
from application.share_links import ACTOR, SharedLink
from application.users.tokens import AccessClaims
from domain.ids import RecordingId, UserId
from domain.kernel import Origin
from domain.recordings.commands import RecordingNotFound
from domain.users.user import USER, Registered
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY

PARAMETER: Final = "share"
"""Of a query."""

OPENED: Final = re.compile(r"/v1/recordings/(?!storage$)([^/:]+)(?:/video)?")
"""What is read with a link over REST: what is known of the recording, and its film."""

REPLAY: Final = "/ws/replay/"
"""How the path of the WebSocket begins that takes links."""

NAMESPACE: Final = UUID("019b2d6c-0b52-7e0a-93a4-5c1d7f20aa41")
"""Ids of notes about what was read by links: one a day for each link and path."""


@dataclass(frozen=True)
class ShareLinkAuth:
    """A link as it was brought, and the recording that is asked for with it."""

    token: str
    recording_id: RecordingId

    def claims(self, platform: Platform) -> AccessClaims:
        """Say as whom its bearer sees this recording.

        Raises ShareLinkInvalid, ShareLinkExpired, ShareLinkRevoked, and RecordingNotFound, also
        while the person is suspended or the session deleted.
        """
        return self._claims(platform, platform.sharing.opened(self.token, self.recording_id))

    def claims_noted(self, platform: Platform, path: str) -> AccessClaims:
        """Say the same, and write down for the person that their recording was looked at.

        Raises what `claims` does, and StorageUnavailable.
        """
        link = platform.sharing.opened(self.token, self.recording_id)
        claims = self._claims(platform, link)
        day = platform.clock().date().isoformat()
        origin = Origin(
            tenant_id=link.tenant_id,
            actor=f"{ACTOR}{link.id}",
            correlation_id=uuid5(NAMESPACE, f"{link.id}\x1f{path}\x1f{day}"),
        )
        platform.privacy().access.note(claims.user_id, "recording", path, origin=origin)
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
    """Whether there is nothing to see as long as it is so.

    The person in it is suspended, or has deleted the session that the recording shows.
    """
    log, read, tenant_id = platform.log, platform.read, link.tenant_id
    known = log.load(tenant_id, f"{USER.category}-{owner}")
    user = USER.fold([recorded.event for recorded in known])
    if isinstance(user, Registered) and user.suspended:
        return True
    recording = read.get(SESSION_RECORDING, tenant_id, link.recording_id)
    if recording is None:
        return False
    session = read.get(SESSION_SUMMARY, tenant_id, recording.session_id)
    return session is not None and session.status == "deleted"


def _described(
    share: Annotated[
        str | None, Query(description="That of a share link, instead of an access token.")
    ] = None,
) -> None:
    """Say in the description of the API that links are taken; the gate has read it."""


SHAREABLE_ROUTES: Final = Depends(_described)
"""For operations that `share_of` knows."""


def share_link_of(connection: HTTPConnection) -> ShareLinkAuth | None:
    """Give the link that a request comes with for what links open; None for all else."""
    token = connection.query_params.get(PARAMETER)
    if token is None or connection.scope.get("method") != "GET":
        return None
    asked = OPENED.fullmatch(connection.scope["path"])
    return None if asked is None else ShareLinkAuth(token, RecordingId(asked[1]))


def is_shared_replay(connection: HTTPConnection) -> bool:
    """Whether a WebSocket comes with a link, which it reads itself."""
    scope = connection.scope
    is_replay = scope["type"] == "websocket" and scope["path"].startswith(REPLAY)
    return is_replay and PARAMETER in connection.query_params
