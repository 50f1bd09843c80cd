"""`python -m tools.health` starts simulated clouds with sample data, for a platform of its own."""

import json
import os
import signal
import sys
from collections.abc import Iterator

import pytest

from tools.health.__main__ import CLOUDS, main

PRINT_SETTINGS = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.fixture
def handlers() -> Iterator[None]:
    """Restore the handlers of signals, which a command gets."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ({}, None),
        ({"STRAVA_CLIENT_ID": "1", "STRAVA_SECRET": "2"}, "strava is set up."),
        ({"HOST": "0.0.0.0"}, "0.0.0.0 is not a loopback address"),  # noqa: S104  only named
        ({"BASE_URL": "https://kinelog.example"}, "kinelog.example is not a loopback address"),
    ],
)
def test_a_command_runs_with_simulated_clouds_unless_others_could_link_them(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    own: dict[str, str],
    reason: str | None,
) -> None:
    """R-HLT-01: no account is needed anywhere."""
    for name in [each for each in os.environ if each.startswith("KINELOG_")]:
        monkeypatch.delenv(name)
    for name, value in own.items():
        monkeypatch.setenv(f"KINELOG_{name}", value)
    assert main([sys.executable, "-c", PRINT_SETTINGS]) == 0
    written = capfd.readouterr()
    found = json.loads(written.out)
    urls = {name for name in CLOUDS if f"KINELOG_{name.upper()}_URL" in found}
    if reason is None:
        assert urls == {*CLOUDS}
    else:
        assert urls == set()
        assert reason in written.err
