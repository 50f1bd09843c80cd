"""`kinelog analyze` with the real pose model: from a video to events and read models."""

import json
import signal
from pathlib import Path
from typing import Any

import av
import pytest

from adapters.video.overlay import OverlayWriter
from domain.ids import SessionId
from domain.sessions.commands import DeleteSession, RestoreSession
from domain.sessions.session import SESSION
from tests.cli.conftest import Shell
from tests.cli.written_sessions import AT, execute

Trained = tuple[Shell, Any]

DEFINITIONS = Path(__file__).parents[2] / "domain" / "motion" / "exercises"


def test_a_video_is_counted_and_measured(trained: Trained, squats: Path) -> None:
    """R-POS-12, R-POS-01: MediaPipe's landmarks, Kinelog's fold."""
    _, result = trained
    truth = json.loads(squats.with_suffix(".truth.json").read_text())
    assert result["exercise"] == "squat"
    assert result["repetitions"] == len(truth["repetitions"]) == len(result["reps"])
    assert result["frames"] == truth["frames"]
    assert result["frames_with_pose"] >= 0.97 * truth["frames"]
    for rep, true in zip(result["reps"], truth["repetitions"], strict=True):
        assert rep["start_s"] == pytest.approx(true["start_s"], abs=0.35)
        assert rep["end_s"] == pytest.approx(true["end_s"], abs=0.35)
        assert rep["range_of_motion_deg"] == pytest.approx(true["range_of_motion_deg"], abs=25)
        assert set(rep["tempo_s"]) == {"eccentric", "bottom_pause", "concentric", "top_pause"}
        assert 0 <= rep["form"] <= 1
    assert result["calories_kcal"] > 0
    assert 0 <= result["performance_score"] <= 100


@pytest.mark.slow
@pytest.mark.parametrize("by_setting", [False, True], ids=["option", "setting"])
def test_a_video_is_counted_by_movenet(shell: Shell, squats: Path, *, by_setting: bool) -> None:
    """R-POS-01, C-03: 17 points without metres. A fault that needs other points is not judged."""
    words = ("analyze", squats, "--exercise", "squat", "--user", "ada", "--json")
    ran = (
        shell.run(*words, env={"KINELOG_POSE_MODEL": "movenet"})
        if by_setting
        else shell.run(*words, "--pose-model", "movenet")
    )
    assert ran.status == 0, ran.err
    result = ran.json
    truth = json.loads(squats.with_suffix(".truth.json").read_text())
    assert result["repetitions"] == len(truth["repetitions"])
    assert result["frames_with_pose"] >= 0.97 * truth["frames"]
    for rep, true in zip(result["reps"], truth["repetitions"], strict=True):
        assert rep["start_s"] == pytest.approx(true["start_s"], abs=0.35)
        assert rep["end_s"] == pytest.approx(true["end_s"], abs=0.35)
    assert result["model"].startswith("movenet-singlepose-lightning/")
    assert "heels_rising" in result["unjudged"]
    entries = shell.json("audit", "replay", "--stream", f"session-{result['session_id']}")
    begun = next(entry["event"] for entry in entries if entry["name"] == "session.set_started")
    assert begun["counted_by"]["model"] == result["model"]


def test_the_facts_are_in_the_log_and_the_tables(trained: Trained) -> None:
    shell, result = trained
    listed = shell.json("sessions", "list")["sessions"]
    assert [(row["id"], row["repetitions"]) for row in listed] == [(result["session_id"], 3)]
    stream = f"session-{result['session_id']}"
    entries = shell.json("audit", "replay", "--stream", stream)
    assert entries[0]["name"] == "session.started"
    assert entries[-1]["name"] == "workout.completed"
    assert {entry["actor"] for entry in entries} == {"ada"}
    first = shell.json(
        "audit", "replay", "--stream", f"session-{result['session_id']}", "--as-of", "1"
    )
    assert first == entries[:1]


def test_the_same_video_again_is_the_same_session(trained: Trained, squats: Path) -> None:
    shell, result = trained
    again = shell.run_process("analyze", squats, "--exercise", "squat", "--user", "ada", "--json")
    assert again.json == {**result, "repeated": True}


def test_an_overlay_has_every_frame(trained: Trained, squats: Path, tmp_path: Path) -> None:
    shell, result = trained
    drawn = tmp_path / "drawn.mp4"
    ran = shell.run("analyze", squats, "--exercise", "squat", "--user", "ada", "--overlay", drawn)
    assert ran.status == 0, ran.err
    with av.open(str(drawn)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert sum(1 for _ in container.decode(video=0)) == result["frames"]


def test_the_analysis_is_stored_and_printed_if_the_overlay_cannot_be_written(
    trained: Trained, squats: Path, tmp_path: Path
) -> None:
    shell, result = trained
    words = ("analyze", squats, "--exercise", "squat", "--user", "ada", "--json")
    ran = shell.run(*words, "--overlay", tmp_path / "no such folder" / "drawn.mp4")
    assert ran.status not in {0, 1}
    assert list(tmp_path.iterdir()) == []
    assert ran.json["session_id"] == result["session_id"], "it is stored"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_leaves_no_part_of_an_overlay(
    trained: Trained,
    squats: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    status: int,
) -> None:
    """R-TEN-12: it shows a person."""
    shell, _ = trained
    words = ("analyze", squats, "--exercise", "squat", "--user", "ada")
    monkeypatch.setattr(OverlayWriter, "write", lambda *_: signal.raise_signal(number))
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ran = shell.run(*words, "--overlay", tmp_path / "drawn.mp4")
    signal.signal(signal.SIGTERM, before)
    assert ran.status == status
    assert list(tmp_path.iterdir()) == []


def test_projections_can_be_rebuilt(trained: Trained) -> None:
    shell, _ = trained
    before = shell.json("projections", "status")
    shell.json("projections", "rebuild", "repetition")
    after = shell.json("projections", "status")
    assert after == before
    assert {row["lag"] for row in after} == {0}


def test_what_if_reports_the_difference(trained: Trained, tmp_path: Path) -> None:
    shell, result = trained
    same = tmp_path / "same.toml"
    same.write_text((DEFINITIONS / "squat.toml").read_text())
    found = shell.json("sessions", "what-if", result["session_id"], "--exercise-definition", same)
    assert found["differences"] == []
    other = tmp_path / "other.toml"
    other.write_text((DEFINITIONS / "push_up.toml").read_text())
    found = shell.json("sessions", "what-if", result["session_id"], "--exercise-definition", other)
    assert {"what": "exercise", "before": "squat", "after": "push_up"} in found["differences"]


def test_what_if_says_that_the_session_is_deleted(trained: Trained, tmp_path: Path) -> None:
    shell, result = trained
    session_id = SessionId(result["session_id"])
    definition = tmp_path / "same.toml"
    definition.write_text((DEFINITIONS / "squat.toml").read_text())
    execute(shell, SESSION, [DeleteSession(at=AT)], session_id)
    ran = shell.run("sessions", "what-if", session_id, "--exercise-definition", definition)
    assert ran.sentence == "The session was deleted on 2030-01-01."
    execute(shell, SESSION, [RestoreSession(at=AT)], session_id)
