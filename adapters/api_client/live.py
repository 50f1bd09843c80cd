"""Live client: sends chunks as a phone does, and drops one only when it is acknowledged.

Chunks wait in a buffer and go in order, one at a time. A chunk that does not get through is sent
again, with growing pauses.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, TypeVar
from uuid import uuid4

import httpx2
import stamina

from adapters.api_client.json_responses import read_object
from application.live.chunk import IngestChunk
from application.live.chunk_codec import MEDIA_TYPE, encode
from domain.kernel import Rejected

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 2.0
TIMEOUT_S: Final = 10.0
"""Timeout of one request; a response takes at most the platform's deadline and a little more."""
NOT_YET: Final = frozenset({"session.set_underway", "live.sequence_gap"})
"""The workers are behind; the same request succeeds later."""

Json = dict[str, Any]
T = TypeVar("T")


class NotDelivered(Rejected):
    """The server did not accept a request: it is unreachable, or cannot store it now."""

    code = "live.not_delivered"
    kind = "unavailable"


class ServerRefused(Rejected):
    """The server rejects the request; a retry does not help."""

    code = "live.server_refused"


class SignInRefused(ServerRefused):
    """The server needs a valid access token."""

    code = "live.not_signed_in"
    kind = "unauthenticated"


@dataclass
class ClientStatistics:
    """Statistics of a client: chunks `sent` more than once are in `resent` too."""

    sent: int = 0
    resent: int = 0
    degraded: int = 0
    took_ms: list[float] = field(default_factory=list[float])


class LiveClient:
    """Sends the chunks of one session. `patience_s` is how long it tries to deliver one.

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
        self._buffer: deque[IngestChunk] = deque()
        self._tried = 0
        self.statistics = ClientStatistics()

    def start(self, athlete: str, at: datetime) -> str:
        """Start a session; return its id."""
        body = {"athleteId": athlete, "at": at.isoformat()}
        return str(self._once("/v1/sessions", body)["sessionId"])

    def start_set(self, session_id: str, **body: object) -> Json:
        """Announce a set, with the fields of the API."""
        return self._once(f"/v1/sessions/{session_id}/sets", body)

    def complete(self, session_id: str, **body: object) -> Json:
        """Complete the session; return its summary. Waits until the last set is recorded."""
        return self._once(f"/v1/sessions/{session_id}:complete", body)

    def send(self, command: IngestChunk) -> Json:
        """Send a chunk after all before it, and return the response once acknowledged.

        Raises NotDelivered when patience ends, and ServerRefused.
        """
        self.offer(command)
        return self._patiently(self.deliver)

    def offer(self, command: IngestChunk) -> None:
        """Append a chunk to the buffer."""
        self._buffer.append(command)

    def deliver(self) -> Json:
        """Send the buffer, in order, until all is acknowledged.

        Raises NotDelivered at the first failure, and ServerRefused.
        """
        answer: Json = {}
        while self._buffer:
            command = self._buffer[0]
            answer = self._post(command)
            self._forget(int(answer["seqAck"]))
            if self._buffer and self._buffer[0] is command:
                raise NotDelivered(f"Chunk {command.sequence} was not acknowledged.")
        return answer

    def _post(self, command: IngestChunk) -> Json:
        statistics = self.statistics
        statistics.sent += 1
        statistics.resent += command.sequence <= self._tried
        self._tried = max(self._tried, command.sequence)
        began = time.monotonic()
        headers = {**self._headers, "Content-Type": MEDIA_TYPE}
        answer = self._request("/v1/workouts/streaming", headers, content=encode(command))
        statistics.took_ms.append(1000.0 * (time.monotonic() - began))
        statistics.degraded += answer["mode"] == "degraded"
        return answer

    def _forget(self, acknowledged: int) -> None:
        while self._buffer and self._buffer[0].sequence <= acknowledged:
            self._buffer.popleft()

    def _once(self, path: str, body: Mapping[str, object]) -> Json:
        """Send an idempotent request."""
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        return self._patiently(lambda: self._request(path, headers, json=body))

    def _request(self, path: str, headers: Mapping[str, str], **content: Any) -> Json:
        try:
            answer = self._http.post(path, headers=headers, timeout=TIMEOUT_S, **content)
        except httpx2.TransportError as error:
            raise NotDelivered(f"The server cannot be reached: {error!r}.") from error
        is_limited = answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        if is_limited or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NotDelivered(f"The server answered {answer.status_code}: {answer.text[:200]}")
        reply = read_object(answer, ServerRefused)
        if answer.is_success:
            return reply
        if reply.get("code") in NOT_YET:
            raise NotDelivered(str(reply["detail"]))
        is_signed_out = answer.status_code == HTTPStatus.UNAUTHORIZED
        refusal = SignInRefused if is_signed_out else ServerRefused
        raise refusal(f"{reply.get('detail')} ({reply.get('code')})")

    def _patiently(self, work: Callable[[], T]) -> T:
        for attempt in stamina.retry_context(
            on=NotDelivered,
            attempts=None if self._patience_s else 1,
            timeout=self._patience_s or None,
            wait_initial=FIRST_PAUSE_S,
            wait_max=LONGEST_PAUSE_S,
        ):
            with attempt:
                return work()
        raise NotDelivered  # no attempt is left; stamina raises before
