"""`kinelog form evaluate`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from adapters.video.decoder import PyAvDecoder
from application.analysis.video_analyzer import AnalysisRequest, VideoAnalyzer
from application.kernel.command_handler import Request
from application.privacy.consents import TEXTS
from bootstrap.exit_codes import BY_KIND
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.sessions.feedback_commands import GiveFaultFeedback
from domain.users.commands import GiveConsent, RegisterUser
from domain.users.user import USER
from domain.values import FaultFeedback
from tests.cli.conftest import Shell
from tests.web.server import StubPoseEstimator, filmed

AT = datetime(2030, 1, 1, tzinfo=UTC)
ATHLETE = UserId("jane")
LONGEST_PATH = 4095


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """Landmarks of a correct and of a shallow set, and their labels."""
    for name, faults in (("good", ()), ("short", ("partial_range",))):
        chunk = landmarks(Performance(exercise="push_up", repetitions=3, faults=faults, fps=15))
        assert chunk.world is not None
        np.savez(
            tmp_path / f"{name}.npz",
            times_s=chunk.times_s,
            image=chunk.image,
            world=chunk.world,
            aspect_ratio=chunk.aspect_ratio,
        )
    labels = "file,label,exercise,source\ngood.npz,correct,push_up,x\n"
    (tmp_path / "labels.csv").write_text(labels + "short.npz,partial_range,push_up,y\n")
    return tmp_path


def test_labels_and_verdicts_are_compared(shell: Shell, videos: Path) -> None:
    """R-POS-05."""
    ran = shell.run("form", "evaluate", videos, "--labels", videos / "labels.csv", "--json")
    assert ran.status == 0, ran.err
    any_fault, short = ran.json["figures"]
    assert (any_fault["fault"], short["fault"]) == (None, "partial_range")
    assert any_fault["auc"] == short["auc"] == short["precision"] == short["recall"] == 1.0
    assert short["false_alarms"] == 0.0
    assert [video["label"]["source"] for video in ran.json["videos"]] == ["x", "y"]
    assert ran.json["refused"] == {}


def test_a_table_is_printed(shell: Shell, videos: Path) -> None:
    """R-POS-05."""
    ran = shell.run("form", "evaluate", videos, "--labels", videos / "labels.csv")
    assert ran.status == 0, ran.err
    assert "partial_range" in ran.out
    assert "false alarms" in ran.out


def test_videos_are_judged_by_bounds_of_other_sources(shell: Shell, videos: Path) -> None:
    """R-POS-05: four sources more of the same movement."""
    with (videos / "labels.csv").open("a") as labels:
        labels.writelines(f"good.npz,correct,push_up,{source}\n" for source in "abcd")
    command = "form", "evaluate", videos, "--labels", videos / "labels.csv", "--cross-validate"
    ran = shell.run(*command, "--json")
    assert ran.status == 0, ran.err
    rules = ran.json["cross_validated"][0]
    assert (rules["method"], rules["videos"], rules["sources"]) == ("rules", 6, 6)
    assert (rules["recall"], rules["false_alarms"], rules["auc"]) == (1.0, 0.0, 1.0)
    assert "own best" in shell.run(*command).out


def test_few_sources_are_not_cross_validated(shell: Shell, videos: Path) -> None:
    """R-POS-05."""
    ran = shell.run(
        "form", "evaluate", videos, "--labels", videos / "labels.csv", "--cross-validate"
    )
    assert ran.status == 0, ran.err
    assert "at least five sources" in ran.out


def test_recognition_of_videos_is_counted(shell: Shell, videos: Path) -> None:
    """R-POS-02"""
    ran = shell.run("form", "recognize", videos, "--labels", videos / "labels.csv")
    assert ran.status == 0, ran.err
    assert "2 videos: 2 right, 0 wrong, 0 asked about" in ran.out


def test_cues_of_videos_are_listed_with_their_verdicts(shell: Shell, videos: Path) -> None:
    """R-POS-06."""
    ran = shell.run("form", "cues", videos, "--labels", videos / "labels.csv")
    assert ran.status == 0, ran.err
    assert "right" in ran.out
    assert "0 wrong cues in 3 repetitions of 1 correct video, 0.0 in 100 repetitions." in ran.out


def test_a_video_that_cannot_be_analyzed_is_named_and_the_others_are_evaluated(
    shell: Shell, videos: Path
) -> None:
    """R-POS-05."""
    with (videos / "labels.csv").open("a") as labels:
        labels.write("missing.mp4,wrong,push_up,z\nbroken.npz,wrong,push_up,z\n")
        labels.write("empty.npz,wrong,push_up,z\n")
    (videos / "broken.npz").write_bytes(b"no landmarks")
    (videos / "empty.npz").write_bytes(b"")
    ran = shell.run("form", "evaluate", videos, "--labels", videos / "labels.csv", "--json")
    assert ran.status == 1
    assert ran.json["refused"] == {
        "missing.mp4": "video.missing",
        "broken.npz": "landmarks.invalid",
        "empty.npz": "landmarks.invalid",
    }
    assert len(ran.json["videos"]) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"times_s": np.array(["now"] * 3)},
        {"times_s": np.array([0.0, np.nan, 0.2])},
        {"times_s": np.array([0.0, 0.2, 0.1])},
        {"image": np.full((3, 33, 4), "left")},
        {"aspect_ratio": np.array(0.0)},
        {"aspect_ratio": np.array(np.nan)},
    ],
    ids=["no times", "no time", "backwards", "no landmarks", "no width", "no ratio"],
)
def test_landmarks_that_no_video_has_are_refused(
    shell: Shell, videos: Path, wrong: dict[str, Any]
) -> None:
    """R-POS-05."""
    arrays: dict[str, Any] = {
        "times_s": np.array([0.0, 0.1, 0.2]),
        "image": np.zeros((3, 33, 4)),
        "aspect_ratio": np.array(1.5),
    }
    np.savez(videos / "good.npz", **(arrays | wrong))
    for command in ("evaluate", "cues", "recognize"):
        ran = shell.run("form", command, videos, "--labels", videos / "labels.csv", "--json")
        assert (ran.status, ran.json["refused"]) == (1, {"good.npz": "landmarks.invalid"})


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("file,label\ngood.npz,correct\n", 16, "exercise"),
        ("file,label,exercise\ngood.npz,round_back,push_up\n", 30, "line 2"),
        ("file,label,exercise\ngood.npz,correct hips_piked,push_up\n", 30, "line 2"),
        ("file,label\n", 30, "no video"),
        ("file,exercise\ngood.npz,push_up\n", 30, "label are required"),
    ],
)
def test_invalid_labels_are_refused(
    shell: Shell, videos: Path, text: str, status: int, words: str
) -> None:
    """R-POS-05."""
    (videos / "labels.csv").write_text(text)
    ran = shell.run("form", "evaluate", videos, "--labels", videos / "labels.csv")
    assert ran.status == status
    assert words in ran.sentence


@pytest.mark.slow
def test_a_video_is_analyzed_by_the_pose_model_once(
    shell: Shell, squats: Path, tmp_path: Path
) -> None:
    """R-POS-05, R-POS-01: an interrupted evaluation continues where it stopped."""
    labels, cache = tmp_path / "videos.csv", tmp_path / "landmarks"
    labels.write_text(f"file,label,exercise\n{squats.name},correct,squat\n")
    arguments = ("form", "evaluate", squats.parent, "--labels", labels, "--cache", cache, "--json")
    first = shell.run(*arguments)
    assert first.status == 0, first.err
    (kept,) = cache.iterdir()
    written = kept.stat().st_mtime_ns
    assert shell.run(*arguments).json == first.json
    assert kept.stat().st_mtime_ns == written
    assert first.json["videos"][0]["repetitions"] == 3


@pytest.fixture
def reviewed(shell: Shell, tmp_path: Path) -> Shell:
    """Four squats: the third leans, which its athlete denies; the second is shallow to them."""
    video = filmed(tmp_path)
    with open_platform(settings(shell)) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=ATHLETE, correlation_id=platform.new_id())
        request = AnalysisRequest(video=video, athlete_id=ATHLETE, exercise="squat")
        analyzer = VideoAnalyzer(
            decoder=PyAvDecoder(),
            estimator=StubPoseEstimator(),
            log=platform.log,
            commands=platform.commands,
            media=platform.media,
            archive=platform.archive,
            clock=platform.clock,
        )
        done = analyzer.analyze(request, origin=origin, progress=lambda _: None)
        said: tuple[tuple[int, str, FaultFeedback], ...] = (
            (3, "trunk_lean", "wrong"),
            (2, "shallow", "missed"),
        )
        for repetition, fault, feedback in said:
            command = GiveFaultFeedback(
                set=1, repetition=repetition, fault=fault, feedback=feedback, at=AT
            )
            platform.sessions.execute(
                done.report.session_id, command, origin=origin, command_id=platform.new_id()
            )
    return shell


def settings(shell: Shell) -> Settings:
    return Settings(home=shell.home, cache=shell.home, postgres_url=None)


def register(shell: Shell, *consents: GiveConsent) -> None:
    """Give the athlete an account, with these consents."""
    with open_platform(settings(shell)) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=ATHLETE, correlation_id=platform.new_id())
        sent = Request(USER, ATHLETE, [RegisterUser(at=AT), *consents])
        platform.commands.execute(sent, origin=origin, command_id=platform.new_id())


def agreed(version: str) -> GiveConsent:
    return GiveConsent(purpose="research", version=version, at=AT, source="rest")


def test_a_folder_in_which_no_file_can_be_written_is_refused(shell: Shell, tmp_path: Path) -> None:
    """Such as one whose path leaves no room for the name of a file."""
    folder = tmp_path
    while (room := LONGEST_PATH - len(str(folder))) > 1:
        folder /= "x" * min(200, room - 1)
    ran = shell.run("form", "feedback", folder)
    assert (ran.status, ran.out) == (BY_KIND["invalid"], "")
    assert ran.err == f"kinelog: {folder / 'labels.csv'} cannot be written: File name too long.\n"


def test_feedback_of_athletes_becomes_labels(reviewed: Shell, tmp_path: Path) -> None:
    """R-POS-05: a contradicted fault is not in the label, a missed one is; nobody is named."""
    folder = tmp_path / "feedback"
    ran = reviewed.run("form", "feedback", folder, "--json")
    assert ran.status == 0, ran.err
    assert ran.json == {"sets": 1, "skipped": {"unrecorded": 0, "unconsented": 0}}
    assert (folder / "labels.csv").read_text().splitlines() == [
        "file,label,exercise,source",
        "00001.npz,shallow,squat,athlete 1",
    ]
    compared = reviewed.run("form", "evaluate", folder, "--labels", folder / "labels.csv", "--json")
    assert compared.status == 0, compared.err
    assert compared.json["videos"][0]["repetitions"] == 4
    again = reviewed.run("form", "feedback", folder)
    assert again.status != 0
    assert "has files already" in again.err
    occupied = reviewed.run("form", "feedback", folder / "labels.csv")
    assert (occupied.status, "labels.csv cannot be written" in occupied.sentence) == (30, True)


def test_feedback_is_exported_with_the_current_consent_only(
    reviewed: Shell, tmp_path: Path
) -> None:
    """R-POS-05: an account without consent to research, or to an earlier text, is left out."""
    register(reviewed, agreed("2026-12"))
    ran = reviewed.run("form", "feedback", tmp_path / "before", "--json")
    assert ran.json == {"sets": 0, "skipped": {"unrecorded": 0, "unconsented": 1}}
    with open_platform(settings(reviewed)) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=ATHLETE, correlation_id=platform.new_id())
        sent = Request(USER, ATHLETE, [agreed(TEXTS["research"].version)])
        platform.commands.execute(sent, origin=origin, command_id=platform.new_id())
    ran = reviewed.run("form", "feedback", tmp_path / "after")
    assert ran.out.startswith("1 sets written")
