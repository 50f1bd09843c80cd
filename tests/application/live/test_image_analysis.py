"""Pictures become landmarks or a second count; a bad picture is reported and affects no other."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Semaphore

import numpy as np
import pytest

from application.kernel.video import FramePicture, Pose
from application.live.chunk import IngestChunk, InvalidPictures, TooManyPictures
from application.live.image_analysis import (
    MAX_CONCURRENT,
    OPINION_BUDGET_S,
    ImageAnalysisBusy,
    ImageAnalyzer,
    Pixels,
    check_images,
)
from application.live.replies import with_server_landmarks
from application.live.service import ChunkResponse
from application.live.worker_handlers import to_live_chunk
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.skeletons import COCO_17, chunk_from
from domain.sessions import events
from tests.application.live.image_process import REPETITIONS, Process, album
from tests.domain.motion.projecting import project_to
from tests.live.chunks import command, take, video
from tests.live.session_fixture import InMemoryStateStore, SessionFixture, pose_handler
from tests.live.stub_pose_estimator import SERVER, Album, shown


def pictured(every: int = 1, *, alone: bool = True) -> list[IngestChunk]:
    return list(shown(take("s", repetitions=REPETITIONS), every=every, alone=alone))


def numbers(fixture: SessionFixture) -> list[int]:
    return [counted.number for counted in fixture.of(events.RepetitionCounted)]


def test_a_set_of_nothing_but_pictures_is_counted_and_names_who_found_the_poses() -> None:
    """R-LIV-05, C-02, C-49."""
    fixture = SessionFixture()
    process = Process(fixture, InMemoryStateStore(), album())
    answers = [process.send(chunk_command) for chunk_command in pictured()]
    assert answers[-1].result.feedback.repetitions == REPETITIONS == len(numbers(fixture))
    (started,) = fixture.of(events.SetStarted)
    assert (started.counted_by.source, started.counted_by.model) == ("server", SERVER)
    assert not fixture.of(events.RepetitionsReconciled)


def test_pictures_seen_by_movenet_are_counted_without_metres() -> None:
    """R-POS-01, C-03: 17 points in the picture; the others stay absent."""
    fixture, metric = SessionFixture(), video("squat", REPETITIONS)
    points = project_to(COCO_17, metric)
    seen = chunk_from(
        COCO_17, metric.times_s, points[:, :, :2], points[:, :, 2], aspect_ratio=metric.aspect_ratio
    )
    process = Process(fixture, InMemoryStateStore(), Album(seen))
    found = [process.send(chunk_command).result.found for chunk_command in pictured()]
    assert len(numbers(fixture)) == REPETITIONS
    assert all(each is not None and each.world is None for each in found)


def test_images_without_metres_leave_the_landmarks_of_the_device_without_them() -> None:
    """C-02: metres only if all frames of a chunk can have them."""
    flat = replace(video("squat", REPETITIONS), world=None)
    analyze = ImageAnalyzer(Album(flat), Album(flat), lambda: 0.0).analyze
    sent = take("s", repetitions=REPETITIONS)[0].message
    image, world = sent.chunk.image.copy(), sent.chunk.world
    assert world is not None
    image[0], gap = np.nan, world.copy()
    gap[0] = np.nan
    message = replace(
        sent,
        chunk=replace(sent.chunk, image=image, world=gap),
        pictures=(FramePicture(0, b"0"),),
    )
    analyzed = analyze(message).chunk
    assert analyzed.has_pose.all()
    assert analyzed.world is None
    np.testing.assert_array_equal(analyzed.image[1:], image[1:])


def test_pictures_that_come_twice_are_counted_once_and_not_looked_at_again() -> None:
    """R-LIV-10, C-02."""
    fixture, seen = SessionFixture(), album()
    process = Process(fixture, InMemoryStateStore(), seen)
    for chunk_command in pictured():
        first, again = process.send(chunk_command).result, process.send(chunk_command).result
        assert first.found is not None
        assert again == replace(first, found=None)
    assert numbers(fixture) == [1, 2, 3, 4]
    assert seen.looks == sorted(set(seen.looks))


def test_a_crash_before_the_state_is_stored_loses_and_repeats_nothing() -> None:
    """R-LIV-10: the same picture has the same pose, so a repeated chunk has the same detections."""
    fixture, whole = SessionFixture(), SessionFixture()
    dies = iter([False, True] * 100)
    prefix = InMemoryStateStore(fails=lambda: next(dies))
    for chunk_command in pictured():
        try:
            Process(fixture, prefix, album()).send(chunk_command)
        except Rejected:
            Process(fixture, prefix, album()).send(chunk_command)
    undisturbed = Process(whole, InMemoryStateStore(), album())
    for chunk_command in pictured():
        undisturbed.send(chunk_command)
    assert [repr(fact) for fact in fixture.all_events()] == [
        repr(fact) for fact in whole.all_events()
    ]


def test_an_rpc_worker_analyzes_pictures() -> None:
    """C-02, C-54, R-LIV-17: a repeated chunk gets the same reply, without its poses."""
    fixture, seen = SessionFixture(), album()
    handler = pose_handler(fixture, analyze_images=ImageAnalyzer(seen, seen, lambda: 0.0).analyze)
    for chunk_command, filmed in zip(pictured(), take("s", repetitions=REPETITIONS), strict=True):
        chunk = to_live_chunk(chunk_command.session, chunk_command.message)
        first, again = handler.track(chunk), handler.track(chunk)
        found = with_server_landmarks(chunk_command.message.chunk, first.found)
        np.testing.assert_array_equal(found.image, filmed.message.chunk.image)
        assert again == replace(first, found=None)
    assert numbers(fixture) == [1, 2, 3, 4]
    assert seen.looks == sorted(set(seen.looks))


def test_an_invalid_picture_is_reported_and_the_rest_is_kept() -> None:
    """R-LIV-05, C-02."""
    fixture = SessionFixture()
    process = Process(fixture, InMemoryStateStore(), album())
    answers: list[ChunkResponse] = []
    for chunk_command in pictured(alone=False):
        broken = replace(chunk_command.message.pictures[2], jpeg=b"<script>")
        pictures = (
            *chunk_command.message.pictures[:2],
            broken,
            *chunk_command.message.pictures[3:],
        )
        answers.append(
            process.send(
                replace(chunk_command, message=replace(chunk_command.message, pictures=pictures))
            )
        )
    assert answers[-1].result.feedback.repetitions == REPETITIONS
    assert {len(answer.problems) for answer in answers} == {1}
    (problem,) = answers[0].problems
    assert problem.code == "picture.refused"
    assert problem.at_s == pytest.approx(2 / 15)


def test_a_picture_of_another_shape_than_its_chunk_says_is_not_taken() -> None:
    chunk_command = pictured()[0]
    wide = replace(chunk_command.message.chunk, aspect_ratio=3.0)
    _, problems = check_images(
        album(), replace(chunk_command, message=replace(chunk_command.message, chunk=wide))
    )
    assert {problem.code for problem in problems} == {"picture.misshapen"}


@pytest.mark.parametrize(
    ("pictures", "refusal"),
    [
        ([FramePicture(frame, b"x") for frame in range(21)], TooManyPictures),
        ([FramePicture(0, b"x" * 410_000)], TooManyPictures),
        ([FramePicture(8, b"x")], InvalidPictures),
        ([FramePicture(1, b"x"), FramePicture(1, b"y")], InvalidPictures),
        ([FramePicture(3, b"x"), FramePicture(1, b"y")], InvalidPictures),
    ],
)
def test_too_many_pictures_and_those_of_no_frame_are_refused(
    pictures: list[FramePicture], refusal: type[Rejected]
) -> None:
    """C-02."""
    chunk_command = command("s", 1)
    message = replace(chunk_command.message, pictures=tuple(pictures))
    with pytest.raises(refusal):
        replace(chunk_command, message=message)


def test_a_picture_never_appears_in_a_log_line() -> None:
    """C-02: it shows a person."""
    assert "secret" not in repr(replace(command("s", 1).message, pictures=(secret(),)))


def secret() -> FramePicture:
    return FramePicture(0, b"secret")


class Away(Rejected):
    """The pose model is unavailable."""

    code = "pose_model.unavailable"
    kind = "unavailable"


class Blind(Album):
    """Has no model, and counts the requests for one."""

    chunk_command = 0

    @contextmanager
    def image_detector(self) -> Generator[Album]:
        self.chunk_command += 1
        if self.chunk_command:
            raise Away
        yield self


def test_without_a_model_landmarks_are_counted_and_frames_of_pictures_alone_are_refused() -> None:
    """R-LIV-11: the second count is omitted; chunks with only pictures are rejected, not lost."""
    fixture, blind = SessionFixture(), Blind(video("squat", REPETITIONS))
    process = Process(fixture, InMemoryStateStore(), blind)
    for chunk_command in pictured(alone=False):
        process.send(chunk_command)
    assert numbers(fixture) == [1, 2, 3, 4]
    assert not fixture.of(events.RepetitionsReconciled)
    with pytest.raises(Away):
        Process(SessionFixture(), InMemoryStateStore(), blind).send(pictured()[0])
    assert blind.chunk_command == 2, "a model that is not there is not looked for with every chunk"


def test_pictures_sent_while_the_model_is_unavailable_are_not_kept() -> None:
    """C-02: an exception that is raised repeatedly would keep its local variables alive."""
    handler = ImageAnalyzer(Blind(video("squat", REPETITIONS)), album(), timer=lambda: 0.0)
    refusals: list[Away] = []
    for _ in range(3):
        with pytest.raises(Away) as reported:
            handler.analyze(pictured()[0].message)
        refusals.append(reported.value)
    assert len({id(refusal) for refusal in refusals}) == 3
    assert {refusal.detail for refusal in refusals} == {"The pose model is unavailable."}


class Broken(Album):
    """Its estimators fail; it records the ones that are open."""

    def __init__(self, whole: PoseChunk) -> None:
        super().__init__(whole)
        self.open_ones: list[Album] = []

    @contextmanager
    def image_detector(self) -> Generator[Album]:
        one = Breaking(self.video)
        self.open_ones.append(one)
        yield one
        self.open_ones.remove(one)


class Breaking(Album):
    """Fails at each picture."""

    def detect(self, rgb: Pixels) -> Pose | None:
        raise RuntimeError("The graph is broken.")


def test_a_failed_estimator_is_closed() -> None:
    """A model takes some hundred megabytes, and one that failed is never used again."""
    broken = Broken(video("squat", REPETITIONS))
    handler = ImageAnalyzer(broken, broken, timer=lambda: 0.0)
    for _ in range(MAX_CONCURRENT + 1):
        with pytest.raises(RuntimeError):
            handler.analyze(pictured()[0].message)
    assert not broken.open_ones


def test_an_estimator_in_use_is_not_closed() -> None:
    seen = Slow(video("squat", REPETITIONS))
    handler = ImageAnalyzer(seen, seen, timer=lambda: 0.0)
    with ThreadPoolExecutor(2) as others:
        looking = others.submit(handler.analyze, pictured()[0].message)
        assert seen.begun.acquire(timeout=60)
        closing = others.submit(handler.close)
        assert not seen.closed
        seen.go_on.set()
        assert looking.result().chunk.has_pose.all()
        closing.result(timeout=60)
    assert seen.closed == [len(seen.looks)]
    with pytest.raises(ImageAnalysisBusy):
        handler.analyze(pictured()[0].message)


def test_a_second_count_has_a_time_limit() -> None:
    """C-31: the second count has two seconds per chunk; the only count is not limited."""
    seen = album()
    times = iter(np.arange(0.0, 100.0, OPINION_BUDGET_S / 3).tolist())
    handler = ImageAnalyzer(seen, seen, timer=lambda: next(times))
    opinion = handler.analyze(pictured(alone=False)[0].message).opinion
    assert opinion is not None
    assert 0 < len(opinion.chunk) < 8
    alone = handler.analyze(pictured()[0].message)
    assert alone.chunk.has_pose.all()
    assert not alone.pictures


def test_a_busy_image_analyzer_refuses_more_work() -> None:
    """C-31: a second count is omitted; chunks with only pictures must be sent again."""
    seen = Slow(video("squat", REPETITIONS))
    handler = ImageAnalyzer(seen, seen, timer=lambda: 0.0)
    with ThreadPoolExecutor(MAX_CONCURRENT) as others:
        busy = [
            others.submit(handler.analyze, pictured()[0].message) for _ in range(MAX_CONCURRENT)
        ]
        for _ in busy:
            assert seen.begun.acquire(timeout=60)
        reported = handler.analyze(pictured(alone=False)[0].message)
        with pytest.raises(ImageAnalysisBusy):
            handler.analyze(pictured()[0].message)
        seen.go_on.set()
        assert all(each.result().chunk.has_pose.all() for each in busy)
    assert (reported.opinion, reported.pictures, len(reported.chunk)) == (None, (), 8)


class Slow(Album):
    """Signals that it has begun, and waits until it is released."""

    def __init__(self, whole: PoseChunk) -> None:
        super().__init__(whole)
        self.begun = Semaphore(0)
        self.go_on = Event()
        self.closed: list[int] = []

    @contextmanager
    def image_detector(self) -> Generator[Album]:
        yield self
        self.closed.append(len(self.looks))

    def detect(self, rgb: Pixels) -> Pose | None:
        self.begun.release()
        assert self.go_on.wait(60)
        return super().detect(rgb)
