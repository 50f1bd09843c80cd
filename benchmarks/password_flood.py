"""Latency of a signed-in request while others have passwords judged and checked.

`quiet` is the request alone. In the other ways, `per_second` requests arrive evenly from as many
addresses, whether or not earlier ones were answered: `refused` without a password, which is the
cost of any flood of requests; `cheap` and `costly` have an ordinary password judged, or the most
costly one; `sign-in` tries a wrong password, which is hashed. In the ways that are `paced`, the
application limits requests with passwords to `KINELOG_PASSWORDS_PER_SECOND` as it does by default;
in the others, it does not.

All run in this process and take turns. `served` and `busy` count the answers of the flood: `busy`
are 503. `cpu_ms` is the processor time of one such request alone, or for `paced`, of one that is
answered with 503, in this process, which does not hash; it does not depend on what else the machine
does.

Run `python -m benchmarks.password_flood [--rounds 400] [--per-second 100] [--json]`.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from api.app import build_app
from api.config import ApiConfig
from api.middleware.password_pace import MAX_WAITING_PER_ADDRESS
from application.platform import Platform
from benchmarks._report import Row, print_report
from benchmarks.signing_in import ask, token_of
from bootstrap.embedded import embedded
from bootstrap.settings import Settings

READ: Final = "/v1/sessions"
JUDGE: Final = "/v1/auth/password-strength"
SIGN_IN: Final = "/v1/auth/login"
ALONE: Final = "10.0.2.1"
REQUESTS_ALONE: Final = 50
"""Requests whose processor time is measured, and their address."""

TURNS: Final = 4
READ_PAUSE_S: Final = 0.01
BEFORE_S: Final = 1.0
"""Seconds of flood before the measurement, in which queues fill."""


def _judged(password: str) -> bytes:
    sent = {"password": password, "email": "ada@example.org", "username": "Ada"}
    return json.dumps(sent).encode()


REFUSED: Final = b"{}"
CHEAP: Final = _judged("three quiet walruses 1871")
COSTLY: Final = _judged("1|7!$5+4@(3{[<69&#80%2/" * 5)
WRONG: Final = b'{"email": "nobody-N@example.org", "password": "a wrong password"}'
"""`N` stands for a number: repeated attempts at one account would be refused without hashing."""


@dataclass
class Way:
    """A flood of one kind of request, and what was measured during it."""

    name: str
    build: Callable[[], Any]
    path: str = ""
    template: bytes | None = None
    times_ms: list[float] = field(default_factory=list[float])
    answers: Counter[int] = field(default_factory=Counter[int])
    cpu_ms: float | None = None

    def body(self, number: int) -> bytes:
        """Return the body of a request of the flood."""
        assert self.template is not None
        return self.template.replace(b"-N@", b"-%d@" % number)

    @property
    def is_paced(self) -> bool:
        """Whether the application limits requests with passwords."""
        return self.name.endswith("paced")

    def row(self) -> Row:
        """Return the row of the report."""
        cuts = quantiles(self.times_ms, n=100)
        row: Row = {"way": self.name, "p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1)}
        if self.template is not None:
            busy = self.answers[503]
            row |= {"served": self.answers.total() - busy, "busy": busy, "cpu_ms": self.cpu_ms}
        return row


def run(rounds: int = 400, per_second: int = 100) -> list[Row]:
    """Measure the request with and without the floods."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with embedded(Settings(home=home / "home", cache=home / "cache")) as platform:
            return asyncio.run(_measured(platform, home, rounds, per_second))


async def _measured(platform: Platform, home: Path, rounds: int, per_second: int) -> list[Row]:
    pace = Settings(home=home).passwords_per_second

    def build(passwords_per_second: int | None) -> Any:
        config = ApiConfig(sign_in_required=True, passwords_per_second=passwords_per_second)
        return build_app(platform, web=home, config=config)

    floods = {"cheap": (JUDGE, CHEAP), "costly": (JUDGE, COSTLY), "sign-in": (SIGN_IN, WRONG)}
    ways = [
        Way("quiet", partial(build, None)),
        Way("refused", partial(build, None), JUDGE, REFUSED),
    ]
    for name, (path, body) in floods.items():
        ways.append(Way(name, partial(build, None), path, body))
        ways.append(Way(f"{name}, paced", partial(build, pace), path, body))
    token = token_of(platform)
    for way in ways:
        way.cpu_ms = await _cpu_ms(way)
    for _ in range(TURNS):
        for way in ways:
            await _measure(way, token, rounds // TURNS, per_second)
    return [way.row() for way in ways]


async def _measure(way: Way, token: str, rounds: int, per_second: int) -> None:
    app = way.build()
    flood = asyncio.create_task(_flood(way, app, 0 if way.template is None else per_second))
    try:
        await asyncio.sleep(BEFORE_S)
        for _ in range(rounds):
            start = time.perf_counter()
            assert await ask(app, READ, token) == 200
            way.times_ms.append(1000 * (time.perf_counter() - start))
            await asyncio.sleep(READ_PAUSE_S)
    finally:
        flood.cancel()
        with suppress(asyncio.CancelledError):
            await flood


async def _cpu_ms(way: Way) -> float | None:
    """Return the median processor time of a request of a flood alone, over all threads.

    A paced one is answered with 503: earlier requests of its address still wait.
    """
    if way.template is None:
        return None
    app = way.build()
    before = (*(f"10.0.1.{number}" for number in range(30)), *(MAX_WAITING_PER_ADDRESS * [ALONE]))
    waiting = [
        asyncio.create_task(ask(app, way.path, None, way.body(number), address))
        for number, address in enumerate(before if way.is_paced else ())
    ]
    await asyncio.sleep(READ_PAUSE_S)
    times: list[float] = []
    for number in range(REQUESTS_ALONE):
        start = time.process_time()
        await ask(app, way.path, None, way.body(number), ALONE)
        times.append(1000 * (time.process_time() - start))
    await asyncio.gather(*waiting)
    return round(median(times), 2)


async def _flood(way: Way, app: Any, per_second: int) -> None:
    async def send(number: int) -> None:
        address = f"10.0.0.{number % per_second}"
        way.answers[await ask(app, way.path, None, way.body(number), address)] += 1

    start, sent = time.perf_counter(), 0
    async with asyncio.TaskGroup() as requests:
        while per_second:
            while sent < (time.perf_counter() - start) * per_second:
                requests.create_task(send(sent))
                sent += 1
            await asyncio.sleep(1 / per_second)


if __name__ == "__main__":
    print_report(__doc__, run, rounds=400, per_second=100)
