"""Feed client: follows a session as a browser does, reconnects, and misses nothing."""

import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import httpx2

from adapters.api_client.json_responses import read_object
from domain.kernel import Rejected

END: Final = "session_completed"
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 5.0
TIMEOUT: Final = httpx2.Timeout(10.0, read=40.0)
"""A healthy server sends a heartbeat each 15 seconds."""
LATER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT})

Json = dict[str, Any]


class ServerAway(Rejected):
    """The server cannot be reached, or has no feed at the moment."""

    code = "follow.server_away"
    kind = "unavailable"


class NotSignedIn(Rejected):
    """Sign in: the server needs a valid access token."""

    code = "follow.not_signed_in"
    kind = "unauthenticated"


class NothingToFollow(Rejected):
    """There is no such session, or you may not see it."""

    code = "follow.nothing"
    kind = "not_found"


class FollowRefused(Rejected):
    """The server rejects the request."""

    code = "follow.refused"
    kind = "invalid"


REFUSALS: Final[dict[int, type[Rejected]]] = {401: NotSignedIn, 404: NothingToFollow}


class ProgressClient:
    """Follows sessions. `patience_s` is how long it reconnects without news.

    `token` is an access token, if the server needs one.
    """

    def __init__(
        self, http: httpx2.Client, *, tenant: str, patience_s: float, token: str | None = None
    ) -> None:
        self._http = http
        self._headers = {"X-Tenant-ID": tenant}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._patience_s = patience_s

    def follow(self, session: str, after: str | None = None) -> Iterator[Json]:
        """Yield each entry once, after a cursor, until the session is over.

        An entry has its `cursor` and `event`, and its data under `data`. Raises ServerAway when
        patience ends, and NotSignedIn, NothingToFollow or FollowRefused.
        """
        seen, heard_at, pause_s = after, time.monotonic(), FIRST_PAUSE_S
        while True:
            away: Exception | None = None
            try:
                for entry in self._connection(session, seen):
                    yield entry
                    seen, heard_at, pause_s = entry["cursor"], time.monotonic(), FIRST_PAUSE_S
                    if entry["event"] == END:
                        return
            except _Over:
                return
            except (httpx2.TransportError, _Later) as cut:
                away = cut
            if time.monotonic() + pause_s > heard_at + self._patience_s:
                raise ServerAway(f"The server tells nothing: {away or 'it ends streams'}.")
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _connection(self, session: str, seen: str | None) -> Iterator[Json]:
        """Yield the entries of one connection."""
        headers = self._headers if seen is None else {**self._headers, "Last-Event-ID": seen}
        path = f"/v1/sessions/{quote(session, safe='')}/events"
        with self._http.sse(path, headers=headers, timeout=TIMEOUT) as events:
            _check(events.response)
            for event in events:
                yield {"cursor": event.id, "event": event.event, "data": event.json()}


class _Over(Exception):  # noqa: N818  nothing went wrong
    """The feed has ended."""


class _Later(Exception):  # noqa: N818  the answer is to ask again
    """The server asks to reconnect later."""


def _check(response: httpx2.Response) -> None:
    """Raise the error of a response that is not a stream."""
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.NO_CONTENT:
        raise _Over
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in LATER:
        raise _Later(f"it answered {status}")
    response.read()
    refusal = REFUSALS.get(status, FollowRefused)
    problem = read_object(response, refusal)
    raise refusal(f"{problem.get('detail')} ({problem.get('code')})")
