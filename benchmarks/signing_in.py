"""Cost of authentication: a request with a token compared with the same request without one.

Both requests go to their ASGI application in this process, alternating. `nobody` calls a platform
that does not require sign-in; `member` calls one that does, with an access token, whose signature
is verified, and whose sign-in is looked up: in Redis with KINELOG_REDIS_URL, as in a distributed
deployment, else in the table. `more_ms` is the difference of the medians; the budget is 1 ms.

Run `python -m benchmarks.signing_in [--rounds 1000] [--json]`.
"""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from api.app import build_app
from api.config import ApiConfig
from application.kernel.command_handler import Request
from application.platform import Platform
from benchmarks._report import Row, in_turns, print_report
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.users import commands
from domain.users.user import USER, Registered

ADA: Final = UserId("ada")
SHAPES: Final = {"exercises": "/v1/exercises", "sessions": "/v1/sessions"}
"""A request that only reads memory, and a page of a list, which reads a table."""


def token_of(platform: Platform) -> str:
    """Register a user, sign in, and return the access token."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="benchmark", correlation_id=platform.new_id())
    request = Request(USER, ADA, [commands.RegisterUser(at=platform.clock())])
    platform.commands.execute(request, origin=origin, command_id=platform.new_id())
    accounts = platform.accounts()
    user = accounts.accounts.user(DEFAULT_TENANT, ADA)
    assert isinstance(user, Registered)
    return accounts.sign_in_service.begin(DEFAULT_TENANT, ADA, user).access_token


async def ask(
    app: Any, path: str, token: str | None, body: bytes | None = None, address: str = "127.0.0.1"
) -> int:
    """Send a request to an ASGI application as a server would; return the response's status.

    With a body, which must be JSON, the method is POST. `address`: that of the client.
    """
    headers = [] if token is None else [(b"authorization", f"Bearer {token}".encode())]
    if body is not None:
        headers.append((b"content-type", b"application/json"))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET" if body is None else "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": (address, 50_000),
        "server": ("benchmark", 80),
        "state": {},
    }
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]


def run(rounds: int = 1000) -> list[Row]:
    """Measure each request with and without a token."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with embedded(Settings(home=home / "home", cache=home / "cache")) as platform:
            return asyncio.run(_measured(platform, home, rounds))


async def _measured(platform: Platform, home: Path, rounds: int) -> list[Row]:
    token = token_of(platform)
    open_app = build_app(platform, web=home)
    closed_app = build_app(platform, web=home, config=ApiConfig(sign_in_required=True))
    rows: list[Row] = []
    for shape, path in SHAPES.items():
        ways: dict[str, Callable[[], Any]] = {
            "nobody": lambda: ask(open_app, path, None),
            "member": lambda: ask(closed_app, path, token),
        }
        for way in ways.values():
            assert await way() == 200
        nobody, member = await in_turns(shape, ways, rounds, to="nobody")
        rows += [nobody, member | {"more_ms": round(member["ms"] - nobody["ms"], 3)}]
    return rows


if __name__ == "__main__":
    print_report(__doc__, run, rounds=1000)
