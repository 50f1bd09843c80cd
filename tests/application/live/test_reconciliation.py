"""Device and server both count a set with pictures, and differences are reported (C-02)."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.live.tracker_store import StoredState
from domain.motion.landmarks import PoseChunk
from domain.sessions import events
from domain.values import Look
from streams.codecs import decode_state, encode_state
from tests.application.live.image_process import Process
from tests.live.chunks import FPS, MODEL, command, cut, video
from tests.live.session_fixture import KEY, InMemoryStateStore, SessionFixture
from tests.live.stub_pose_estimator import SERVER, Album, shown, unseen

REPETITIONS = 4
WHOLE = video("squat", REPETITIONS)


def counted(fixture: SessionFixture) -> list[events.RepetitionCounted]:
    return fixture.of(events.RepetitionCounted)


def times_of_repetitions() -> list[tuple[float, float]]:
    fixture = SessionFixture()
    Process(fixture, InMemoryStateStore(), Album(WHOLE))
    perform(fixture, WHOLE, Album(WHOLE), every=1000)
    return [(each.span.start_ms / 1000, each.span.end_ms / 1000) for each in counted(fixture)]


def without(number: int) -> PoseChunk:
    """Return the video with the athlete standing still during one repetition."""
    assert WHOLE.world is not None
    start_s, end_s = times_of_repetitions()[number - 1]
    still = (WHOLE.times_s >= start_s - 0.2) & (WHOLE.times_s <= end_s + 0.2)
    image, world = WHOLE.image.copy(), WHOLE.world.copy()
    image[still], world[still] = image[2], world[2]
    return PoseChunk(WHOLE.times_s, image, world, WHOLE.aspect_ratio)


def perform(
    fixture: SessionFixture,
    device: PoseChunk,
    server: Album,
    *,
    every: int = 1,
    first: int = 0,
    prefix: InMemoryStateStore | None = None,
) -> int:
    """Stream the device's landmarks with pictures in which the server finds its own."""
    process = Process(fixture, prefix or InMemoryStateStore(), server)
    parts = list(cut(device))
    requested = [
        command("s", place, part, last=place == len(parts)) for place, part in enumerate(parts, 1)
    ]
    answers = [process.send(each) for each in shown(requested, every=every, first=first)]
    return answers[-1].result.feedback.repetitions


def test_repetitions_missed_by_the_device_are_added_with_enough_pictures() -> None:
    """C-02, R-LIV-09: the event has both counts, their sources, and the valid one."""
    fixture = SessionFixture()
    shown_at_last = perform(fixture, without(3), Album(WHOLE))
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    (completed,) = fixture.of(events.SetCompleted)
    device, server = reconciled.looks
    assert (reconciled.stands, reconciled.added, reconciled.withdrawn) == ("server", (4,), ())
    assert (device.poses, device.model, device.repetitions) == ("device", MODEL, 3)
    assert (server.poses, server.model, server.repetitions) == ("server", SERVER, 4)
    assert reconciled.counted_by.model == SERVER
    assert [each.number for each in counted(fixture)] == [1, 2, 3, 4]
    assert shown_at_last == completed.repetitions == reconciled.repetitions == 4


def test_false_repetitions_are_withdrawn_with_enough_pictures() -> None:
    """C-02."""
    fixture = SessionFixture()
    shown_at_last = perform(fixture, WHOLE, Album(without(3)))
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    (completed,) = fixture.of(events.SetCompleted)
    assert (reconciled.stands, reconciled.withdrawn, reconciled.added) == ("server", (3,), ())
    assert shown_at_last == completed.repetitions == reconciled.repetitions == 3


def test_two_pictures_a_second_show_another_count_and_the_devices_stands() -> None:
    """C-02, C-30: at 2 Hz one count in four is right, so it corrects nothing but is reported."""
    fixture = SessionFixture()
    shown_at_last = perform(fixture, WHOLE, Album(without(3)), every=FPS // 2)
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    device, server = reconciled.looks
    assert (reconciled.stands, reconciled.withdrawn, reconciled.added) == ("device", (), ())
    assert device == Look("device", MODEL, len(WHOLE), REPETITIONS, device.faults)
    assert server.frames == len(range(0, len(WHOLE), FPS // 2))
    assert reconciled.counted_by.model == MODEL
    assert shown_at_last == reconciled.repetitions == REPETITIONS


def test_pictures_without_a_person_correct_nothing() -> None:
    """C-02: if only the device detects an athlete, the server's count is the wrong one."""
    fixture = SessionFixture()
    assert perform(fixture, WHOLE, Album(unseen(WHOLE))) == REPETITIONS
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    device, server = reconciled.looks
    assert (reconciled.stands, reconciled.withdrawn) == ("device", ())
    assert (device.frames, server.frames) == (len(WHOLE), 0)


def test_a_second_count_stays_when_the_athlete_leaves_the_picture() -> None:
    """C-02: if the device detects nobody either, the server has missed nothing."""
    fixture = SessionFixture()
    still = WHOLE.times_s > WHOLE.times_s[-1] - 1.0
    gone = unseen(WHOLE)
    device, ours = without(3), Album(WHOLE)
    assert device.world is not None
    device = PoseChunk(
        WHOLE.times_s,
        np.where(still[:, None, None], gone.image, device.image),
        device.world,
        WHOLE.aspect_ratio,
    )
    ours.video = PoseChunk(
        WHOLE.times_s,
        np.where(still[:, None, None], gone.image, WHOLE.image),
        WHOLE.world,
        WHOLE.aspect_ratio,
    )
    assert perform(fixture, device, ours) == REPETITIONS
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    assert (reconciled.stands, reconciled.added) == ("server", (4,))


def test_pictures_that_stop_for_a_while_correct_nothing() -> None:
    """C-02: a source that missed half a second of a set is not trusted for that set."""
    fixture = SessionFixture()
    process = Process(fixture, InMemoryStateStore(), Album(without(3)))
    parts = list(cut(WHOLE))
    requested = [command("s", n, part, last=n == len(parts)) for n, part in enumerate(parts, 1)]
    for number, each in enumerate(shown(requested)):
        has_gap = number in {5, 6}
        process.send(requested[number] if has_gap else each)
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    assert reconciled.stands == "device"


def test_equal_counts_are_not_reported() -> None:
    """C-02."""
    fixture = SessionFixture()
    assert perform(fixture, WHOLE, Album(WHOLE)) == REPETITIONS
    assert not fixture.of(events.RepetitionsReconciled)


def test_a_second_count_that_starts_after_the_first_repetition_is_ignored() -> None:
    fixture = SessionFixture()
    (_, end_s), *_ = times_of_repetitions()
    first = round((end_s + 1.0) * FPS)
    assert perform(fixture, WHOLE, Album(without(3)), first=first) == REPETITIONS
    assert not fixture.of(events.RepetitionsReconciled)


def test_a_second_count_reports_its_own_faults() -> None:
    """C-02: counts may agree where faults do not."""
    fixture = SessionFixture()
    badly = Performance(exercise="squat", repetitions=REPETITIONS, fps=FPS, faults=("trunk_lean",))
    perform(fixture, WHOLE, Album(landmarks(badly)))
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    device, server = reconciled.looks
    assert (device.faults, server.faults) == ((), ("trunk_lean",))
    assert reconciled.repetitions == REPETITIONS


def test_a_second_count_continues_in_another_process() -> None:
    """Its state is stored exactly, with the rest of the session's state."""
    fixture, prefix = SessionFixture(), InMemoryStateStore()
    parts = list(cut(without(3)))
    requested = [command("s", n, part, last=n == len(parts)) for n, part in enumerate(parts, 1)]
    for each in shown(requested):
        Process(fixture, prefix, Album(WHOLE)).send(each)
        stored = prefix.stored[KEY]
        content = encode_state(stored.state)
        assert encode_state(decode_state(content)) == content
        prefix.stored[KEY] = StoredState(decode_state(content), stored.reached)
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    assert reconciled.added == (4,)


def test_a_set_that_the_next_one_ends_is_reviewed_too() -> None:
    fixture = SessionFixture()
    process = Process(fixture, InMemoryStateStore(), Album(WHOLE))
    parts = list(cut(without(3)))
    requested = [command("s", place, part) for place, part in enumerate(parts, 1)]
    for each in shown(requested):
        process.send(each)
    later = replace(WHOLE, times_s=WHOLE.times_s + 60.0)
    process.send(command("s", len(parts) + 1, next(cut(later)), number=2))
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    (completed,) = fixture.of(events.SetCompleted)
    assert (reconciled.stands, completed.repetitions) == ("server", 4)


@pytest.mark.parametrize("frames", [3, 8, 20])
def test_the_size_of_chunks_does_not_change_the_second_count(frames: int) -> None:
    fixture = SessionFixture()
    process = Process(fixture, InMemoryStateStore(), Album(WHOLE))
    parts = list(cut(without(2), frames=frames))
    requested = [command("s", n, part, last=n == len(parts)) for n, part in enumerate(parts, 1)]
    for each in shown(requested):
        process.send(each)
    (reconciled,) = fixture.of(events.RepetitionsReconciled)
    assert (reconciled.stands, reconciled.repetitions) == ("server", 4)
    spans = [each.span for each in counted(fixture)]
    assert all(a.end_ms <= b.start_ms + 500 for a, b in pairwise(spans[:3]))
