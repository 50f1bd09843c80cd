from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from domain.ids import SessionId, UserId
from domain.personal import Personal
from domain.recordings import commands, events
from domain.recordings.names import description_of, name_of
from domain.recordings.recording import RECORDING, Completed, NotStarted, Running
from domain.values import InvalidValue
from tests.domain.recordings import (
    ADA,
    AT,
    ATTACH,
    COMPLETE,
    DELETE,
    DELETED,
    DIGEST,
    FAIL,
    FAILED,
    FILMED,
    LATER,
    OTHER,
    RESTORE,
    STARTED,
    STOP,
    chunk,
    completed,
    given,
)
from tests.specification import for_any, is_refused

START = commands.StartRecording(
    user_id=ADA,
    session_id=SessionId("s-1"),
    name="Squats",
    description="in the garden",
    aspect_ratio=16 / 9,
    at=AT,
)


def append(first: int, frames: int = 15) -> commands.AppendFrames:
    return commands.AppendFrames(
        first_frame=first,
        frames=frames,
        start_ms=first * 33,
        end_ms=first * 33 + 495,
        digest=DIGEST,
    )


def attach(digest: str = DIGEST) -> commands.AttachVideo:
    return commands.AttachVideo(digest=digest, media_type="video/mp4")


@pytest.mark.parametrize("name", ["a\nb", "\x00", "x" * 201, "\u2029", "   ", "\u200b\u3164"])
def test_a_name_is_one_line_that_can_be_shown(name: str) -> None:
    """R-RPL-07: any text becomes a valid name, such as that of a file."""
    for build_invalid in (
        lambda: replace(START, name=name),
        lambda: commands.DescribeRecording(name=name, description=""),
    ):
        with pytest.raises(InvalidValue):
            build_invalid()
    made = name_of(name)
    assert replace(START, name=made).name == made
    assert name_of("Träning 👩‍👩‍👧.mp4") == "Träning 👩‍👩‍👧.mp4"


def test_a_description_may_have_lines() -> None:
    """R-RPL-07"""
    text = "first\n\tsecond\r\n"
    assert commands.DescribeRecording(name="", description=text).description == text
    for description in ("\x00", "x" * 2001):
        with pytest.raises(InvalidValue):
            commands.DescribeRecording(name="", description=description)
        assert replace(START, description=description_of(description)) is not None


def test_a_recording_starts_with_its_session_and_user() -> None:
    """R-RPL-01, R-RPL-07"""
    given().when(START).then(STARTED)


@pytest.mark.parametrize("history", [(STARTED,), (STARTED, completed(0))], ids=["runs", "final"])
def test_a_recording_starts_once(history: tuple[events.RecordingEvent, ...]) -> None:
    given(*history).when(START).then_rejected(commands.RecordingAlreadyStarted)


@pytest.mark.parametrize("user", ["", "  "])
def test_a_recording_belongs_to_a_user(user: str) -> None:
    """R-IDN-16"""
    fields: dict[str, Any] = {name: getattr(START, name) for name in START.__dataclass_fields__}
    is_refused(
        commands.RecordingUserMissing,
        lambda: commands.StartRecording(**fields | {"user_id": UserId(user)}),
    )


@pytest.mark.parametrize("history", [(), (STARTED, completed(0))], ids=["before", "after"])
def test_frames_are_added_only_while_the_recording_runs(
    history: tuple[events.RecordingEvent, ...],
) -> None:
    given(*history).when(append(0)).then_rejected(commands.RecordingNotUnderway)
    given().when(attach()).then_rejected(commands.RecordingNotUnderway)


def test_a_recording_that_never_ran_is_not_completed() -> None:
    given().when(COMPLETE).then_rejected(commands.RecordingNotUnderway)


def test_frames_are_recorded_as_chunks() -> None:
    """C-29: the log keeps the range and the digest, not the frames."""
    given(STARTED).when(append(0)).then(chunk(0))
    given(STARTED, chunk(0)).when(append(15)).then(chunk(15))


def test_a_chunk_sent_again_is_recorded_once() -> None:
    """R-EVT-16, C-29"""
    given(STARTED, chunk(0), chunk(15)).when(append(15)).then_nothing()
    given(STARTED, chunk(0), chunk(15)).when(append(0)).then_nothing()


@pytest.mark.parametrize("first", [14, 16], ids=["overlap", "gap"])
def test_frames_neither_overlap_nor_are_left_out(first: int) -> None:
    """R-RPL-08: frames are numbered consecutively."""
    given(STARTED, chunk(0)).when(append(first)).then_rejected(commands.FramesOutOfOrder)


def test_a_video_is_attached_once() -> None:
    """C-33, R-EVT-16"""
    given(STARTED).when(attach()).then(FILMED)
    given(STARTED, FILMED).when(attach()).then_nothing()


def test_a_better_video_replaces_the_first() -> None:
    given(STARTED, FILMED).when(attach(OTHER)).then(
        events.VideoAttached(digest=OTHER, media_type="video/mp4")
    )


def test_a_completed_recording_contains_its_frame_count() -> None:
    """R-RPL-03, R-RPL-07"""
    given(STARTED, chunk(0), chunk(15, 5)).when(COMPLETE).then(completed(20))


def test_a_recording_completed_twice_was_completed_once() -> None:
    """R-EVT-16"""
    given(STARTED, completed(0)).when(COMPLETE).then_nothing()


@pytest.mark.parametrize(
    ("command", "field", "wrong"),
    [
        (START, "aspect_ratio", 0.0),
        (START, "aspect_ratio", float("nan")),
        (append(0), "frames", 0),
        (append(0), "frames", 100_001),
        (append(0), "first_frame", -1),
        (append(0), "end_ms", -1),
        (append(0), "digest", "../../etc/passwd"),
        (attach(), "digest", DIGEST.upper()),
        (COMPLETE, "duration_ms", -1),
    ],
)
def test_a_quantity_outside_of_its_meaning_is_refused(
    command: Any, field: str, wrong: object
) -> None:
    fields = {name: getattr(command, name) for name in command.__dataclass_fields__}
    is_refused(InvalidValue, lambda: type(command)(**fields | {field: wrong}))


firsts = st.integers(min_value=0, max_value=60)
lengths = st.integers(min_value=1, max_value=20)
any_command: st.SearchStrategy[commands.RecordingCommand] = st.one_of(
    st.just(START),
    st.just(COMPLETE),
    st.builds(attach, st.sampled_from([DIGEST, OTHER])),
    st.builds(append, firsts, lengths),
)


@for_any(st.lists(st.builds(append, firsts, lengths)))
def test_frames_have_no_gap_in_any_order_of_chunks(
    sent: list[commands.AppendFrames],
) -> None:
    """C-29: resent, late and overlapping chunks leave one sequence of frames."""
    following = 0
    for event in given(STARTED).log_after(sent)[1:]:
        assert isinstance(event, events.FramesAppended)
        assert event.first_frame == following
        following += event.frames


@for_any(st.lists(any_command, max_size=30), any_command)
def test_a_repeated_command_changes_nothing(
    history: list[commands.RecordingCommand], again: commands.RecordingCommand
) -> None:
    """R-EVT-16"""
    once = given().log_after([*history, again])
    assert given(*once).log_after([again]) == once


@for_any(st.permutations([STARTED, STARTED, chunk(0), chunk(30), FILMED, completed(9)]))
def test_the_fold_accepts_every_recorded_event(history: list[events.RecordingEvent]) -> None:
    """R-EVT-14: all stored events can be replayed."""
    assert isinstance(RECORDING.fold(history), NotStarted | Running | Completed)


OVERDUE = LATER + commands.RESTORE_WINDOW + timedelta(seconds=1)
PAUSED = events.RecordingPaused(at=AT)
PAUSE, RESUME = commands.PauseRecording(at=AT), commands.ResumeRecording(at=AT)
REMOVED = events.RecordingMediaRemoved(at=OVERDUE)


def test_pictures_are_named_by_a_list_beside_their_chunk() -> None:
    """C-29, C-33"""
    fields: dict[str, Any] = {name: getattr(append(0), name) for name in COLUMNS}
    command = commands.AppendFrames(**fields, images=2, images_digest=OTHER)
    listed = events.ImagesAppended(first_frame=0, frames=15, images=2, digest=OTHER)
    given(STARTED).when(command).then(chunk(0), listed)
    given(STARTED, chunk(0), listed).when(command).then_nothing()


COLUMNS = ("first_frame", "frames", "start_ms", "end_ms", "digest")


def test_a_paused_recording_accepts_no_frames() -> None:
    """C-45"""
    given(STARTED).when(PAUSE).then(PAUSED)
    given(STARTED, PAUSED).when(PAUSE).then_nothing()
    given(STARTED, PAUSED).when(append(0)).then_rejected(commands.RecordingIsPaused)
    given(STARTED, PAUSED).when(RESUME).then(events.RecordingResumed(at=AT))
    given(STARTED).when(RESUME).then_nothing()
    given(STARTED, PAUSED).when(COMPLETE).then(completed(0))


def test_a_recording_that_failed_in_an_earlier_version_accepts_no_more_frames() -> None:
    """C-45"""
    given(STARTED, FAILED).when(append(0)).then_rejected(commands.RecordingNotUnderway)
    given(STARTED, FAILED).when(ATTACH).then_rejected(commands.RecordingNotUnderway)
    given(STARTED, FAILED).when(FAIL).then_rejected(commands.RecordingNotUnderway)


def test_a_stopped_recording_ends_with_its_last_frame() -> None:
    """C-45"""
    ended = events.RecordingCompleted(duration_ms=chunk(15).end_ms, frame_count=30, at=AT)
    frames = (chunk(0), chunk(15))
    given(STARTED).when(STOP).then(replace(ended, duration_ms=0, frame_count=0))
    given(STARTED, *frames).when(STOP).then(ended)
    given(STARTED, *frames, PAUSED).when(STOP).then(ended)


def test_a_recording_is_stopped_once() -> None:
    """C-45, R-EVT-16: the first of two requests wins."""
    given(STARTED, completed(0)).when(STOP).then_nothing()
    given(STARTED, DELETED).when(STOP).then_rejected(commands.RecordingNotUnderway)
    given().when(STOP).then_rejected(commands.RecordingNotUnderway)


def test_a_recording_is_deleted_and_restored_with_its_session() -> None:
    """R-RPL-13: a recording deleted before its session stays deleted."""
    delete = commands.DeleteWithSession(at=LATER)
    restore = commands.RestoreWithSession(deleted_at=LATER, at=LATER)
    given(STARTED, completed(0)).when(delete).then(DELETED)
    for history in ((), (STARTED, DELETED), (STARTED, DELETED, REMOVED)):
        given(*history).when(delete).then_nothing()
    given(STARTED, DELETED).when(restore).then(events.RecordingRestored(at=LATER))
    for deleted_at in (None, AT):
        given(STARTED, DELETED).when(replace(restore, deleted_at=deleted_at)).then_nothing()
    given().when(restore).then_nothing()
    given(STARTED).when(restore).then_nothing()
    given(STARTED, DELETED, REMOVED).when(restore).then_nothing()


def test_a_deleted_recording_can_be_restored_for_a_while() -> None:
    """R-RPL-13, C-45"""
    restored = events.RecordingRestored(at=LATER)
    given(STARTED, completed(0)).when(DELETE).then(DELETED)
    given(STARTED, DELETED).when(DELETE).then_nothing()
    given(STARTED, DELETED).when(append(0)).then_rejected(commands.RecordingNotUnderway)
    given(STARTED, DELETED).when(RESTORE).then(restored)
    given(STARTED, DELETED, restored).when(append(0)).then(chunk(0))
    given(STARTED).when(RESTORE).then_nothing()
    restore = commands.RestoreRecording(at=OVERDUE)
    given(STARTED, DELETED).when(restore).then_rejected(commands.RecordingGone)
    for never in (DELETE, RESTORE):
        given().when(never).then_rejected(commands.RecordingNotFound)


def test_media_are_removed_when_nothing_can_be_brought_back_any_more() -> None:
    """R-RPL-13"""
    remove = commands.RemoveMedia(at=OVERDUE)
    given(STARTED, DELETED).when(remove).then(REMOVED)
    given(STARTED, DELETED, REMOVED).when(remove).then_nothing()
    given(STARTED, DELETED, REMOVED).when(RESTORE).then_rejected(commands.RecordingGone)
    early = commands.RemoveMedia(at=LATER)
    given(STARTED, DELETED).when(early).then_rejected(commands.RecordingRestorable)
    given(STARTED).when(remove).then_rejected(commands.RecordingRestorable)


def test_old_media_are_removed_once_and_the_recording_stays() -> None:
    """R-TEN-12"""
    remove = commands.RemoveOldMedia(at=OVERDUE)
    given().when(remove).then_rejected(commands.RecordingNotFound)
    for history in ((STARTED, chunk(0)), (STARTED, completed(0)), (STARTED, FAILED)):
        given(*history).when(remove).then(REMOVED)
        given(*history, REMOVED).when(remove).then_nothing()
        given(*history, REMOVED).when(append(0)).then_rejected(commands.RecordingNotUnderway)
        given(*history, REMOVED).when(ATTACH).then_rejected(commands.RecordingNotUnderway)
        for end in (STOP, COMPLETE):
            given(*history, REMOVED).when(end).then_nothing()
    given(STARTED, REMOVED).when(DELETE).then(DELETED)
    given(STARTED, REMOVED).when(RESTORE).then_nothing()
    early = replace(REMOVED, at=LATER)
    given(STARTED, DELETED).when(commands.RemoveOldMedia(at=LATER)).then(early)
    given(STARTED, DELETED, early).when(RESTORE).then(events.RecordingRestored(at=LATER))
    given(STARTED, DELETED, early).when(commands.RemoveMedia(at=OVERDUE)).then_nothing()
    renamed = events.RecordingDescribed(
        name=Personal(ADA, "Lunges"), description=Personal(ADA, "in the garden")
    )
    given(STARTED, REMOVED).when(commands.DescribeRecording(name="Lunges")).then(renamed)


def test_a_recording_can_be_renamed_unless_deleted() -> None:
    """R-RPL-13, R-TEN-09: name and description are personal data of the owner."""
    command = commands.DescribeRecording(name="Mornings", description="")
    described = events.RecordingDescribed(
        name=Personal(ADA, "Mornings"), description=Personal(ADA, "")
    )
    for history in ((STARTED,), (STARTED, completed(0))):
        given(*history).when(command).then(described)
    given(STARTED, DELETED).when(command).then_rejected(commands.RecordingNotFound)


def test_a_recording_is_renamed_only_while_it_has_the_words_that_were_read() -> None:
    """R-RPL-13: what the owner does not change stays."""
    rename = commands.DescribeRecording(
        name="Mornings", expected=(STARTED.name, STARTED.description)
    )
    described = events.RecordingDescribed(
        name=Personal(ADA, "Mornings"), description=STARTED.description
    )
    given(STARTED).when(rename).then(described)
    given(STARTED, described).when(rename).then_rejected(commands.RecordingChanged)
    describe = commands.DescribeRecording(description="indoors")
    given(STARTED, described).when(describe).then(
        replace(described, description=Personal(ADA, "indoors"))
    )
