"""Pace of requests that try or judge passwords: a flood of them does not slow down other requests.

Judging a password holds Python's global lock, and hashing one keeps a core busy (ADR 38).
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.client_address import address_of
from api.problem_details import to_response
from application.users.errors import PasswordsBusy

JUDGING: Final = re.compile(r"/v1/auth/password-strength")
"""Pages call it while somebody types a password."""

CHECKING: Final = re.compile(
    r"/v1/auth/(register|verify-email|login|token|reset-password|change-password|identities"
    r"|oauth/[^/]+/link|second-factors/app|second-factors/passkeys/options)"
    r"|/v1/me/erasure"
)
"""Requests that have a password."""

BURST: Final = 5
"""Requests that begin at once, after a pause of as many."""

MAX_WAIT_S: Final = 4.0

MAX_WAITING_PER_ADDRESS: Final = 4
"""So no single address fills the queue."""


class Pace:
    """Schedule of requests that begin one after the other, `per_second`. For one event loop."""

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval_s = 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._last = clock() - BURST * self._interval_s
        self._waiting: Counter[str] = Counter()

    async def turn(self, address: str) -> None:
        """Wait for a turn. Raises PasswordsBusy if too many wait, in all or of the address."""
        now = self._clock()
        start = max(self._last, now - BURST * self._interval_s) + self._interval_s
        if start - now > MAX_WAIT_S or self._waiting[address] >= MAX_WAITING_PER_ADDRESS:
            raise PasswordsBusy
        self._last = start
        if start <= now:
            return
        self._waiting[address] += 1
        try:
            await self._sleep(start - now)
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]


class PasswordPaceMiddleware:
    """Delays requests with passwords to a pace, and responds with 503 beyond a short queue.

    A request is refused before its token and its body are read. Judging has a pace of its own, so
    that it delays no sign-in. `per_second` None: there is no pace.
    """

    def __init__(self, app: ASGIApp, *, per_second: float | None) -> None:
        self._app = app
        self._paces: dict[re.Pattern[str], Pace] = {}
        if per_second is not None:
            self._paces = {paths: Pace(per_second) for paths in (JUDGING, CHECKING)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pace = self._pace(scope)
        if pace is not None:
            request = Request(scope)
            try:
                await pace.turn(address_of(request))
            except PasswordsBusy as busy:
                await to_response(request, busy)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _pace(self, scope: Scope) -> Pace | None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        path = scope["path"]
        return next((pace for paths, pace in self._paces.items() if paths.fullmatch(path)), None)
