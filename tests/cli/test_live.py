"""`kinelog live`: a simulated athlete trains with a server as a phone would."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.live.site import Site


def test_performed_repetitions_are_counted(tmp_path: Path) -> None:
    """R-LIV-10."""
    site, shell = Site(None, None, tmp_path / "server"), Shell(tmp_path / "phone")
    site.folder.mkdir()
    with site.run("serve") as server:
        words = ("--url", server["url"], "--speed", "0", "--reps", "2", "--sets", "2")
        result = shell.json("live", "send", "--exercise", "lunge", *words)
    assert (result["performed"], result["counted"], result["summary"]["repetitions"]) == (4, 4, 4)
    assert (result["resent"], result["degraded"]) == (0, 0)
    assert result["sent"] == result["chunks"]


def test_waiting_for_a_missing_server_ends(tmp_path: Path) -> None:
    words = ("--url", "http://127.0.0.1:1", "--patience", "0.1")
    ran = Shell(tmp_path).run("live", "send", *words)
    assert ran.status == 34
    assert "cannot be reached" in ran.sentence


@pytest.mark.filterwarnings("error")
def test_without_patience_a_request_is_sent_once(tmp_path: Path) -> None:
    ran = Shell(tmp_path).run("live", "send", "--url", "http://127.0.0.1:1", "--patience", "0")
    assert ran.status == 34
    assert "cannot be reached" in ran.sentence


@pytest.mark.parametrize("command", [("send",), ("follow", "s-1")], ids=["send", "follow"])
def test_the_url_of_a_server_begins_with_http(tmp_path: Path, command: tuple[str, ...]) -> None:
    ran = Shell(tmp_path).run("live", *command, "--url", "ftp://127.0.0.1:1", "--patience", "0")
    assert ran.status == 2
    assert "is not the URL of a server, such as http://" in ran.err


@pytest.mark.slow
def test_a_session_underway_can_be_followed(tmp_path: Path) -> None:
    """R-LIV-14, R-API-05."""
    site, shell = Site(None, None, tmp_path / "server"), Shell(tmp_path / "phone")
    site.folder.mkdir()
    with site.run("serve") as server:
        url = ("--url", server["url"])
        sent = shell.json("live", "send", *url, "--speed", "0", "--reps", "2")
        result = shell.run("live", "follow", sent["sessionId"], *url, "--json")
        entries = [json.loads(line) for line in result.out.splitlines()]
        rest = shell.run(
            "live", "follow", sent["sessionId"], *url, "--after", entries[-3]["cursor"]
        )
        unknown = shell.run("live", "follow", "nobody", *url)
    kinds = [entry["event"] for entry in entries]
    assert kinds[0] == "session_started"
    assert kinds.count("mode") == kinds.count("set_completed") == 1
    assert kinds.count("repetition_counted") == sent["counted"] == 2
    assert kinds[-1] == "session_completed"
    assert [line.split()[0] for line in rest.out.splitlines()] == kinds[-2:]
    assert (unknown.status, unknown.out) == (31, "")
    assert "session.unknown" in unknown.sentence
