"""Latency of a signed-in request while others have passwords judged.

`quiet` is the request alone. In the other ways, `clients` send a request each to
`/v1/auth/password-strength` twice a second: `refused` without a password, which is the cost of any
flood of requests, `cheap` and `costly` with an ordinary password or the most costly one to judge.
So the differences to `refused` are the cost of judging. All run in this process, one way after the
other. `judged` and `rejected` count the answers. `cpu_ms` is the processor time of one such request
alone, which does not depend on what else the machine does.

Run `python -m benchmarks.password_flood [--rounds 300] [--clients 50] [--json]`.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from benchmarks._report import Row, print_report
from benchmarks.signing_in import ask, token_of
from bootstrap.embedded import embedded
from bootstrap.settings import Settings

READ: Final = "/v1/sessions"
JUDGE: Final = "/v1/auth/password-strength"
PAUSE_S: Final = 0.5
ALONE: Final = 50
"""Requests whose processor time is measured."""


def _body(password: str) -> bytes:
    sent = {"password": password, "email": "ada@example.org", "username": "Ada"}
    return json.dumps(sent).encode()


REFUSED: Final = b"{}"
CHEAP: Final = _body("three quiet walruses 1871")
COSTLY: Final = _body("1|7!$5+4@(3{[<69&#80%2/" * 5)


def run(rounds: int = 300, clients: int = 50) -> list[Row]:
    """Measure the request with and without the flood."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with embedded(Settings(home=home / "home", cache=home / "cache")) as platform:
            return asyncio.run(_measured(platform, home, rounds, clients))


async def _measured(platform: Platform, home: Path, rounds: int, clients: int) -> list[Row]:
    app = build_app(platform, web=home, config=ApiConfig(sign_in_required=True))
    token = token_of(platform)
    rows = [_row("quiet", await _times_ms(app, token, rounds))]
    for way, body in {"refused": REFUSED, "cheap": CHEAP, "costly": COSTLY}.items():
        cpu_ms = await _cpu_ms(app, body)
        answers: Counter[int] = Counter()
        flood = [asyncio.create_task(_send(app, body, answers)) for _ in range(clients)]
        try:
            row = _row(way, await _times_ms(app, token, rounds))
        finally:
            for each in flood:
                each.cancel()
            await asyncio.gather(*flood, return_exceptions=True)
        counts = {"judged": answers[200], "rejected": answers[503]}
        rows.append(row | counts | {"cpu_ms": cpu_ms})
    return rows


async def _times_ms(app: Any, token: str, rounds: int) -> list[float]:
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        assert await ask(app, READ, token) == 200
        times.append(1000 * (time.perf_counter() - start))
        await asyncio.sleep(0.01)
    return times


async def _cpu_ms(app: Any, body: bytes) -> float:
    """Return the median processor time of a request, over all threads."""
    times: list[float] = []
    for _ in range(ALONE):
        start = time.process_time()
        await ask(app, JUDGE, None, body)
        times.append(1000 * (time.process_time() - start))
    return round(median(times), 1)


async def _send(app: Any, body: bytes, answers: Counter[int]) -> None:
    while True:
        answers[await ask(app, JUDGE, None, body)] += 1
        await asyncio.sleep(PAUSE_S)


def _row(way: str, times_ms: list[float]) -> Row:
    cuts = quantiles(times_ms, n=100)
    return {"way": way, "p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1)}


if __name__ == "__main__":
    print_report(__doc__, run, rounds=300, clients=50)
