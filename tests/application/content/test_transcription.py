"""Transcription of published videos: drafts, their failures, and jobs that end early."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from application.content.encoding import EncodingFailed, Report
from application.content.manifest import media_prefix
from application.content.speech_recognition import (
    RecognitionUnreadable,
    SoundTooLong,
    SoundUnreadable,
    SpeechRecognitionUnavailable,
)
from application.content.speech_sound import SoundPart
from application.content.transcription import PATIENCE, Transcriber
from application.content.workers import content_worker
from application.kernel.leased_jobs import MAX_ATTEMPTS
from application.kernel.video import VideoTruncated
from domain.content import commands
from domain.content.caption_cues import Phrase
from domain.content.caption_draft import CaptionDraft
from domain.ids import DEFAULT_TENANT
from domain.kernel import Rejected
from tests.application.content.publishing import (
    NOW,
    SQUATS,
    CrashError,
    PublishingFixture,
    StubEncoder,
)

REQUEST = commands.RequestCaptionDraft(language="es", at=NOW)


@dataclass
class StubSounds:
    """Sound of two parts, and the phrases of each; `before` is called with each part."""

    before: Callable[[str], Any] = lambda _part: None
    parts: tuple[SoundPart, ...] = (SoundPart(0, 4, b"one"), SoundPart(4, 10, b"two"))
    heard: list[str] = field(default_factory=list[str])
    phrases: dict[str, Sequence[Phrase]] = field(
        default_factory=lambda: {
            "one": [Phrase(0.5, 2.5, "Baja despacio.")],
            "two": [Phrase(1, 3, "Sube & exhala.")],
        }
    )

    @contextmanager
    def extract(
        self, sound: Path, seconds: float, progress: Report
    ) -> Iterator[tuple[SoundPart, ...]]:
        assert (sound.read_bytes(), seconds) == (b"audio", 10.0)
        progress(1.0)
        self.before("extract")
        yield self.parts

    def recognize(self, sound: bytes, language: str) -> Sequence[Phrase]:
        assert language == "es"
        self.before(sound.decode())
        self.heard.append(sound.decode())
        return self.phrases[sound.decode()]


@dataclass
class Drafts:
    """A published video whose draft was requested, and its transcriber."""

    base: PublishingFixture
    stub: StubSounds
    now: datetime = NOW
    is_on: bool = True

    def work(self, stop: Event | None = None) -> None:
        transcriber = self.transcriber()
        worker = content_worker(
            "transcribe",
            self.base.jobs,
            self.base.log,
            transcriber.draft_captions,
            transcriber.give_up,
            transcriber.abandon,
            watch_s=0.0,
        )
        self.base.run(worker, stop or Event())

    def transcriber(self) -> Transcriber:
        return Transcriber(
            log=self.base.log,
            commands=self.base.commands,
            media=self.base.media,
            sounds=self.stub,
            recognition=self.stub if self.is_on else None,
            clock=lambda: self.now,
        )

    def draft(self) -> CaptionDraft:
        draft = self.base.item().draft
        assert draft is not None
        return draft

    def text(self) -> str:
        digest = self.draft().digest
        assert digest is not None
        prefix = media_prefix(SQUATS, 1)
        return self.base.media.get(DEFAULT_TENANT, digest, prefix=prefix).decode()


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    base = PublishingFixture(tmp_path, StubEncoder())
    base.upload()
    base.work()
    base.execute(REQUEST)
    return Drafts(base, StubSounds())


def test_the_phrases_of_all_parts_become_one_draft(drafts: Drafts) -> None:
    """R-UIX-07"""
    drafts.work()
    assert drafts.draft().stage == "complete"
    assert drafts.text() == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.500\nBaja despacio.\n\n"
        "00:00:05.000 --> 00:00:07.000\nSube &amp; exhala.\n"
    )
    assert drafts.base.item().captions == {}
    job = drafts.base.job()
    assert (job.step, job.state, job.progress) == ("transcribe", "finished", 1.0)
    assert drafts.base.jobs.find(DEFAULT_TENANT, job.id) == job


def test_phrases_beyond_their_part_end_with_it(drafts: Drafts) -> None:
    drafts.stub.phrases["one"] = [Phrase(3, 9, "Baja."), Phrase(8, 9, "Uno.")]
    drafts.work()
    assert "00:00:03.000 --> 00:00:04.000\nBaja." in drafts.text()
    assert "00:00:04.000 --> 00:00:05.000\nUno." in drafts.text()


@pytest.mark.parametrize(
    ("at", "refusal", "problem"),
    [
        ("one", SoundUnreadable, "not_readable"),
        ("two", SoundTooLong, "too_long"),
        ("two", RecognitionUnreadable, "failed"),
        ("extract", VideoTruncated, "not_readable"),
    ],
)
def test_a_refusal_ends_the_draft_with_its_problem(
    drafts: Drafts, at: str, refusal: type[Rejected], problem: str
) -> None:
    def refuse(part: str) -> None:
        if part == at:
            raise refusal

    drafts.stub.before = refuse
    drafts.work()
    assert (drafts.draft().stage, drafts.draft().problem) == ("failed", problem)
    assert drafts.base.item().offer == "published"


@pytest.mark.parametrize(("failures", "stage"), [(1, "complete"), (2, "failed")])
def test_a_draft_is_repeated_once_if_its_process_was_ended(
    drafts: Drafts, failures: int, stage: str
) -> None:
    """R-EVT-19: the system may have ended it for memory, which is no fault of the video."""
    left = [EncodingFailed() for _ in range(failures)]

    def refuse(part: str) -> None:
        if part == "extract" and left:
            raise left.pop()

    drafts.stub.before = refuse
    drafts.work()
    assert drafts.draft().stage == "underway"
    drafts.work()
    assert drafts.draft().stage == stage


def test_a_video_in_which_nobody_speaks_has_no_draft(drafts: Drafts) -> None:
    drafts.stub.phrases = {"one": [], "two": [Phrase(0, 1, "  ")]}
    drafts.work()
    assert drafts.draft().problem == "no_speech"


def test_a_video_without_sound_has_no_draft(tmp_path: Path) -> None:
    encoder = StubEncoder()
    encoder.source = type(encoder.source)(
        width=1280, height=720, rate=encoder.source.rate, duration_s=10.0, has_audio=False
    )
    base = PublishingFixture(tmp_path, encoder)
    base.upload()
    base.work()
    base.execute(REQUEST)
    drafts = Drafts(base, StubSounds())
    drafts.work()
    assert drafts.draft().problem == "no_sound"


def test_a_draft_fails_if_the_service_is_no_longer_set_up(drafts: Drafts) -> None:
    drafts.is_on = False
    drafts.work()
    assert drafts.draft().problem == "off"


def test_an_outage_is_waited_for_but_not_for_ever(drafts: Drafts) -> None:
    stop = Event()

    def be_away(part: str) -> None:
        if part == "two":
            stop.set()
            raise SpeechRecognitionUnavailable

    drafts.stub.before = be_away
    drafts.work(stop)
    assert drafts.draft().stage == "underway"
    assert (drafts.base.job().state, drafts.base.job().attempts) == ("queued", 0)
    drafts.now = NOW + PATIENCE + timedelta(seconds=1)
    drafts.work()
    assert drafts.draft().problem == "unavailable"


def crash_in_the_second_part(drafts: Drafts) -> None:
    def crash(part: str) -> None:
        if part == "two":
            raise CrashError

    drafts.stub.before = crash
    with pytest.raises(CrashError):
        drafts.work()
    drafts.stub.before = lambda _part: None


def test_a_draft_goes_on_after_the_parts_that_were_recognized(drafts: Drafts) -> None:
    """R-UIX-07: a crash costs no more than the part in progress."""
    crash_in_the_second_part(drafts)
    drafts.work()
    assert drafts.draft().stage == "complete"
    assert drafts.stub.heard == ["one", "two"]
    assert "Baja despacio." in drafts.text()
    assert "Sube &amp; exhala." in drafts.text()


def test_a_part_that_sounds_otherwise_is_recognized_again(drafts: Drafts) -> None:
    crash_in_the_second_part(drafts)
    drafts.stub.parts = (SoundPart(0, 4, b"uno"), SoundPart(4, 10, b"two"))
    drafts.stub.phrases["uno"] = [Phrase(0, 2, "De nuevo.")]
    drafts.work()
    assert drafts.stub.heard == ["one", "uno", "two"]
    assert "De nuevo." in drafts.text()


def test_a_discarded_draft_is_not_completed(drafts: Drafts) -> None:
    """R-UIX-07: nor is the next one by the worker of the first."""

    def discard(part: str) -> None:
        if part == "one":
            drafts.base.execute(commands.DiscardCaptionDraft(at=NOW))

    drafts.stub.before = discard
    drafts.work()
    assert drafts.base.item().draft is None
    assert drafts.base.job().state == "finished"
    assert drafts.stub.heard == ["one"]


def test_a_draft_that_was_discarded_and_requested_again_gets_its_own_result(
    drafts: Drafts,
) -> None:
    again = replace(REQUEST, language="es", at=NOW + timedelta(minutes=1))

    def request_again(part: str) -> None:
        if part == "two" and drafts.draft().requested_at == NOW:
            drafts.base.execute(commands.DiscardCaptionDraft(at=NOW), again)

    drafts.stub.before = request_again
    for _ in range(2):  # the second job is added by its own event
        drafts.work()
    assert drafts.stub.heard == ["one", "two", "one", "two"]
    assert (drafts.draft().requested_at, drafts.draft().stage) == (again.at, "complete")


def test_a_draft_that_crashes_every_process_is_given_up(drafts: Drafts) -> None:
    def crash(_part: str) -> None:
        raise CrashError

    drafts.stub.before = crash
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(CrashError):
            drafts.work()
    drafts.work()
    assert drafts.draft().problem == "failed"


@pytest.mark.parametrize(
    "command",
    [
        commands.DeleteContent(at=NOW),
        commands.TakeDownContent(reason="privacy", at=NOW),
    ],
)
def test_nothing_is_drafted_of_a_video_that_is_gone(
    drafts: Drafts, command: commands.ContentCommand
) -> None:
    def withdraw(part: str) -> None:
        if part == "extract":
            drafts.base.execute(command)

    drafts.stub.before = withdraw
    drafts.work()
    assert drafts.stub.heard == []
    assert drafts.base.job().state == "finished"


def test_a_video_that_is_deleted_in_the_last_moment_keeps_no_draft(drafts: Drafts) -> None:
    def delete(part: str) -> None:
        if part == "two":
            drafts.base.execute(commands.DeleteContent(at=NOW))

    drafts.stub.before = delete
    drafts.work()
    assert drafts.base.media.list_media(DEFAULT_TENANT, media_prefix(SQUATS, 1)) == []
    assert drafts.base.job().state == "finished"


def test_a_second_request_makes_a_second_draft(drafts: Drafts) -> None:
    drafts.work()
    first = drafts.draft().digest
    drafts.stub.phrases = {"one": [Phrase(0, 2, "Otra vez.")], "two": []}
    drafts.base.execute(REQUEST)
    drafts.work()
    assert drafts.draft().digest != first
    assert "Otra vez." in drafts.text()
