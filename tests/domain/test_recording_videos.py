"""The video of a recording: requested, made once, and requested again."""

from dataclasses import replace

from domain.recordings import commands, events
from tests.domain.recordings import (
    ATTACH,
    COMPLETE,
    DELETED,
    FAIL,
    FAILED,
    FILMED,
    IMAGES,
    LATER,
    OTHER,
    REQUESTED,
    RESTORE,
    STARTED,
    STOP,
    STOPPED,
    UNFILMED,
    chunk,
    completed,
    given,
)


def test_a_recording_that_failed_in_an_earlier_version_can_request_its_video() -> None:
    """R-EVT-18: it completes with the frames and images that it has."""
    failed = (STARTED, chunk(0), IMAGES, FAILED)
    given(*failed).when(STOP).then(STOPPED, REQUESTED)
    given(STARTED, chunk(0), FAILED).when(STOP).then(STOPPED)
    completed_again = (*failed, STOPPED, REQUESTED)
    given(*completed_again).when(STOP).then_nothing()
    given(*completed_again).when(ATTACH).then(FILMED)
    given(*completed_again, UNFILMED).when(STOP).then(REQUESTED)


def test_a_completed_recording_requests_the_video_of_its_images() -> None:
    """R-EVT-18, C-33: unless it has one, or no image."""
    filmed = (STARTED, chunk(0), IMAGES)
    given(*filmed).when(STOP).then(STOPPED, REQUESTED)
    given(*filmed).when(COMPLETE).then(completed(15), REQUESTED)
    given(*filmed, FILMED).when(STOP).then(STOPPED)
    given(STARTED, chunk(0)).when(STOP).then(STOPPED)


def test_a_completed_recording_gets_one_video() -> None:
    """R-EVT-16, R-EVT-18: the first of two wins."""
    pending = (STARTED, chunk(0), IMAGES, STOPPED, REQUESTED)
    given(*pending).when(ATTACH).then(FILMED)
    given(*pending, FILMED).when(ATTACH).then_nothing()
    other = replace(ATTACH, digest=OTHER)
    given(*pending, FILMED).when(other).then_rejected(commands.RecordingHasVideo)
    given(*pending, FILMED).when(FAIL).then_nothing()
    given(STARTED, FILMED, STOPPED).when(other).then_rejected(commands.RecordingHasVideo)
    given(*pending, DELETED).when(ATTACH).then_rejected(commands.RecordingNotUnderway)


def test_a_video_that_failed_can_be_requested_again() -> None:
    """R-EVT-18"""
    pending = (STARTED, chunk(0), IMAGES, STOPPED, REQUESTED)
    given(*pending).when(FAIL).then(UNFILMED)
    given(*pending, UNFILMED).when(FAIL).then_nothing()
    given(*pending).when(STOP).then_nothing()
    given(*pending, UNFILMED).when(STOP).then(REQUESTED)
    given(*pending, UNFILMED, REQUESTED).when(STOP).then_nothing()
    given(*pending, UNFILMED).when(ATTACH).then(FILMED)
    given(STARTED).when(FAIL).then_nothing()


def test_a_restored_recording_requests_its_missing_video_again() -> None:
    """R-EVT-18, R-RPL-13: no video is made while the recording is deleted."""
    pending = (STARTED, chunk(0), IMAGES, STOPPED, REQUESTED)
    restored, again = events.RecordingRestored(at=LATER), events.VideoRequested(at=LATER)
    given(*pending, DELETED).when(RESTORE).then(restored, again)
    given(*pending, FILMED, DELETED).when(RESTORE).then(restored)
    given(*pending, UNFILMED, DELETED).when(RESTORE).then(restored)
