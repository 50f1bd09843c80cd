"""HTTP of health clouds: time-outs, quotas, a circuit breaker, and checks of answers."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, cast

import httpx2

from adapters.circuit_breaker import CircuitOpen, circuit_breaker
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudConsentLost,
    CloudForbidden,
    CloudUnavailable,
)

TIMEOUT_S: Final = 15.0

OPEN_S: Final = 30.0
"""Seconds until a cloud that did not answer is tried again."""

MAX_BYTES: Final = 20_000_000
"""Largest answer that is read."""

LONGEST_QUOTA_S: Final = 86_400.0
"""Longest pause of all calls after a quota is used up, whatever the cloud asks for."""

NOT_NOW: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})


DEADLINE_S: Final = 60.0
"""Time for a whole answer: a cloud that sends a byte now and then keeps no thread."""


class BoundedStream(httpx2.SyncByteStream):
    """The bytes of an answer, at most MAX_BYTES, until DEADLINE_S have passed."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream
        self._until = time.monotonic() + DEADLINE_S

    def __iter__(self) -> Iterator[bytes]:
        """Yield parts. Raises CloudAnswerUnreadable and CloudUnavailable."""
        size = 0
        for part in self._stream:
            size += len(part)
            if size > MAX_BYTES:
                raise CloudAnswerUnreadable
            if time.monotonic() > self._until:
                raise CloudUnavailable
            yield part

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()


def _uncompressed(request: httpx2.Request) -> None:
    request.headers["Accept-Encoding"] = "identity"


def _bounded(response: httpx2.Response) -> None:
    """Bound an answer. A compressed one is refused, because a small one could become huge."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise CloudAnswerUnreadable
    response.stream = BoundedStream(cast("httpx2.SyncByteStream", response.stream))


BOUNDED: Final[dict[str, list[Callable[..., Any]]]] = {
    "request": [_uncompressed],
    "response": [_bounded],
}
"""Hooks of every client that calls a cloud."""


class CloudHttp:
    """Calls one cloud. After a shared quota is used up, no call is sent before it is renewed.

    `shares_quota`: the quota is that of the application, and not of each person.
    """

    def __init__(
        self,
        *,
        shares_quota: bool = False,
        quota_pause_s: Callable[[], float] = lambda: 3600.0,
        open_s: float = OPEN_S,
    ) -> None:
        self._client = httpx2.Client(timeout=TIMEOUT_S, event_hooks=BOUNDED)
        self._guard = circuit_breaker(open_s, (CloudUnavailable, _is_up), CloudConsentLost)
        self._shares_quota = shares_quota
        self._quota_pause_s = quota_pause_s
        self._closed_until = 0.0

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, token: str, query: Mapping[str, str]) -> Any:
        """Return the JSON of a URL, which is read with a token.

        Raises CloudConsentLost, CloudForbidden, CloudUnavailable and CloudAnswerUnreadable.
        """
        headers = {"Authorization": f"Bearer {token}"}
        return self.json(lambda: self._client.get(url, params=dict(query), headers=headers))

    def post_form(self, url: str, form: Mapping[str, str]) -> httpx2.Response:
        """Post a form and return any answer that is not a failure of the cloud itself."""
        return self.call(lambda: self._client.post(url, data=dict(form)))

    def send(
        self, method: str, url: str, token: str, content: Mapping[str, Any] | None = None
    ) -> httpx2.Response:
        """Send JSON with a token, and return any answer that is not a failure of the cloud."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.call(lambda: self._client.request(method, url, json=content, headers=headers))

    def upload(self, url: str, token: str, form: Mapping[str, str], file: tuple[str, bytes]) -> Any:
        """Send a file with its name in a form; return and raise what `get` does."""
        headers = {"Authorization": f"Bearer {token}"}
        name, content = file
        files = {"file": (name, content, "application/octet-stream")}
        return self.json(
            lambda: self._client.post(url, data=dict(form), files=files, headers=headers)
        )

    def json(self, send: Callable[[], httpx2.Response]) -> Any:
        """Return the JSON of a successful answer. 403 is about the resource, and not the token."""
        return self.content(self.call(send))

    def content(self, response: httpx2.Response) -> Any:
        """Return the JSON of an answer; raise what `get` does."""
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise CloudConsentLost
        if response.status_code == HTTPStatus.FORBIDDEN:
            raise CloudForbidden
        if not response.is_success:
            raise CloudAnswerUnreadable
        try:
            return response.json()
        except (ValueError, RecursionError):
            raise CloudAnswerUnreadable from None

    def call(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        """Send a request under the circuit breaker. Raises CloudUnavailable."""
        left = self._closed_until - time.monotonic()
        if left > 0:
            raise CloudUnavailable("rate_limited", left)
        try:
            with self._guard():
                response = self._sent(send)
        except CircuitOpen:
            raise CloudUnavailable("circuit_open") from None
        return response

    def _sent(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        try:
            response = send()
        except httpx2.HTTPError:
            raise CloudUnavailable from None
        self.check(response)
        return response

    def check(self, response: httpx2.Response) -> None:
        """Raise CloudUnavailable for an answer after which the same call can succeed later."""
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = retry_after_s(response.headers.get("Retry-After"))
            wait = self._quota_pause_s() if wait is None else wait
            if self._shares_quota:
                self._closed_until = time.monotonic() + min(wait, LONGEST_QUOTA_S)
            raise CloudUnavailable("rate_limited", wait)
        if status in NOT_NOW or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise CloudUnavailable("timeout", retry_after_s(response.headers.get("Retry-After")))


def retry_after_s(header: str | None) -> float | None:
    """Return the seconds of a `Retry-After` header, which has a number or a date."""
    if header is None:
        return None
    if header.isascii() and header.isdigit() and len(header) < 8:
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def json_object(found: object) -> dict[str, Any]:
    """Return a JSON object. Raises CloudAnswerUnreadable for anything else."""
    if not isinstance(found, dict):
        raise CloudAnswerUnreadable
    return cast("dict[str, Any]", found)


def json_list(found: object) -> list[dict[str, Any]]:
    """Return a list of JSON objects. Raises CloudAnswerUnreadable for anything else."""
    if not isinstance(found, list):
        raise CloudAnswerUnreadable
    return [json_object(each) for each in cast("list[object]", found)]


def _is_up(error: CloudUnavailable) -> bool:
    """Return whether the cloud answered, so that the error does not count against it."""
    return error.obstacle != "timeout"
