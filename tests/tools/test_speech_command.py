"""`python -m tools.speech` starts a simulator of speech recognition, unless a service is set up."""

import json
import os
import signal
import sys
from collections.abc import Iterator

import pytest

from tools.speech.__main__ import main

URL = "KINELOG_SPEECH_RECOGNITION_URL"
PRINT_SETTINGS = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.fixture(autouse=True)
def _restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Restore the handlers of signals, which a command gets."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for name in [each for each in os.environ if each.startswith("KINELOG_")]:
        monkeypatch.delenv(name)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run(capfd: pytest.CaptureFixture[str]) -> tuple[dict[str, str], str]:
    assert main([sys.executable, "-c", PRINT_SETTINGS]) == 0
    written = capfd.readouterr()
    return json.loads(written.out), written.err


def test_a_command_runs_with_a_simulated_service(capfd: pytest.CaptureFixture[str]) -> None:
    found, _ = run(capfd)
    assert found[URL].startswith("http://127.0.0.1:")
    assert found["KINELOG_SPEECH_RECOGNITION_KEY"]
    assert found["KINELOG_SPEECH_RECOGNITION_MODEL"] == "whisper-1"


def test_a_service_that_is_set_up_is_kept(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(URL, "https://speech.example")
    found, written = run(capfd)
    assert found[URL] == "https://speech.example"
    assert "KINELOG_SPEECH_RECOGNITION_KEY" not in found
    assert "a service is set up" in written


def test_there_is_no_simulator_where_others_may_reach_the_api(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its captions say nothing about a video."""
    monkeypatch.setenv("KINELOG_HOST", "0.0.0.0")  # noqa: S104  nothing listens there
    found, written = run(capfd)
    assert URL not in found
    assert "0.0.0.0 is not a loopback address" in written
