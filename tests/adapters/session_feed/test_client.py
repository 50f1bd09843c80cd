"""A client resumes after the last event that it received."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx2
import pytest

from adapters.api_client import follow as client
from adapters.api_client.follow import (
    FollowRefused,
    NothingToFollow,
    NotSignedIn,
    ProgressClient,
    ServerAway,
)
from adapters.api_client.live import LiveClient, ServerRefused
from adapters.clock import utc_now
from bootstrap.exit_codes import BY_KIND, exit_code
from domain.kernel import Rejected

EVENTS = [(str(number), "repetition_counted", "{}") for number in range(1, 7)]
WHOLE = [*EVENTS, ("7", "session_completed", '{"sets": 1}')]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_PAUSE_S", 0.001)


class Cut(httpx2.SyncByteStream):
    """Stream that breaks off after a number of events, within the next one."""

    def __init__(self, events: list[tuple[str, str, str]], most: int) -> None:
        self._events = events
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        yield b": ping\r\n\r\n"
        for name, kind, data in self._events[: self._most]:
            yield f"id: {name}\r\nevent: {kind}\r\ndata: {data}\r\n\r\n".encode()
        if len(self._events) > self._most:
            yield b"id: 99\r\nevent: repet"
            raise httpx2.ReadError("cut")


@dataclass
class Server:
    """Serves the events after the client's last one; each connection breaks after `most` events."""

    most: int
    statuses: list[int] = field(default_factory=list[int])
    last_ids: list[str | None] = field(default_factory=list[str | None])

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        assert request.headers["authorization"] == "Bearer t"
        assert request.headers["x-tenant-id"] == "gym"
        assert request.url.path == "/v1/sessions/s/events"
        seen = request.headers.get("last-event-id")
        self.last_ids.append(seen)
        if self.statuses:
            refusal = {"detail": "No.", "code": "because"}
            return httpx2.Response(self.statuses.pop(0), json=refusal)
        left = [one for one in WHOLE if int(one[0]) > int(seen or 0)]
        if not left:
            return httpx2.Response(204)
        headers = {"Content-Type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, stream=Cut(left, self.most))


def followed(
    answer: Callable[[httpx2.Request], httpx2.Response],
    after: str | None = None,
    patience_s: float = 60.0,
) -> list[str]:
    with httpx2.Client(
        base_url="http://s", transport=httpx2.MockTransport(answer), timeout=60
    ) as http:
        following = ProgressClient(http, tenant="gym", patience_s=patience_s, token="t")  # noqa: S106  of nobody
        return [entry["cursor"] for entry in following.follow("s", after)]


@pytest.mark.parametrize("most", range(1, 9))
def test_each_event_arrives_once_wherever_the_connection_breaks(most: int) -> None:
    """R-LIV-14, R-LIV-15."""
    server = Server(most)
    assert followed(server) == [name for name, _, _ in WHOLE]
    assert server.last_ids[1:] == [str(most * turn) for turn in range(1, -(-7 // most))]


@pytest.mark.parametrize("status", [308, 401, 404])
def test_a_server_that_is_not_kinelog_is_refused(status: int) -> None:
    """Such as a proxy that redirects to https."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, html="<p>Welcome")

    with pytest.raises(Rejected, match=f"answered {status}, without JSON"):
        followed(answer)
    with httpx2.Client(
        base_url="http://s", transport=httpx2.MockTransport(answer), timeout=60
    ) as http:
        client = LiveClient(http, tenant="gym", patience_s=60.0)
        with pytest.raises(ServerRefused, match=f"answered {status}, without JSON"):
            client.start("ada", utc_now())


def test_sending_without_a_sign_in_is_refused_as_such() -> None:
    """Commands have an exit code for it."""
    problem = {"detail": "Sign in.", "code": "auth.sign_in_required"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(401, json=problem))
    with httpx2.Client(base_url="http://s", transport=transport, timeout=60) as http:
        client = LiveClient(http, tenant="gym", patience_s=60.0)
        with pytest.raises(ServerRefused, match="Sign in") as refused:
            client.start("ada", utc_now())
    assert exit_code(refused.value) == BY_KIND["unauthenticated"]


def test_it_begins_after_a_cursor_and_ends_with_the_session() -> None:
    assert followed(Server(9), after="5") == ["6", "7"]
    assert followed(Server(9), after="7") == []


def test_a_busy_server_is_retried() -> None:
    assert len(followed(Server(9, [503, 429, 502]))) == 7


def test_waiting_ends_at_the_timeout() -> None:
    with pytest.raises(ServerAway, match="503"):
        followed(Server(9, [503] * 1000), patience_s=0.01)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(401, NotSignedIn), (404, NothingToFollow), (422, FollowRefused), (403, FollowRefused)],
)
def test_a_refused_request_is_not_retried(status: int, refusal: type[Rejected]) -> None:
    server = Server(9, [status])
    with pytest.raises(refusal, match=r"No\. \(because\)"):
        followed(server)
    assert len(server.last_ids) == 1
