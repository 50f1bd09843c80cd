"""Child process that finds poses in pixels of untrusted media: `python -m adapters.pose.child`.

It loads the model, tries it on a black image, so that libraries open all their files, and then
confines itself for good (ADR 26).
"""

import mmap
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from adapters.child_messages import END, read_exactly, send, send_refusal
from adapters.pose.mediapipe import MediaPipePoseEstimator
from adapters.pose.messages import (
    PEOPLE,
    POSE,
    SHARED_BYTES,
    Find,
    Open,
    PoseTask,
    Request,
    Started,
)
from adapters.pose.model_file import PoseModelSource
from adapters.pose.movenet import MoveNetPoseEstimator
from adapters.sandbox import MAX_LOG_BYTES, confine, load_library
from application.kernel.video import Pose, PoseTracker, VideoFrame
from domain.kernel import Rejected

MEMORY_BYTES: Final = 4 * 1024**3
"""Address space; MediaPipe's threads reserve much more of it than they use."""

Answer = Callable[[VideoFrame], tuple[bytes, bytes]]
"""Returns the kind and the content of the message about an image."""


class ImageDetector(Protocol):
    """Finds the pose in single images."""

    def detect(self, rgb: npt.NDArray[np.uint8]) -> Pose | None: ...


class Estimator(Protocol):
    """Runs a model that finds at least one person."""

    def tracker(self) -> AbstractContextManager[PoseTracker]: ...

    def image_detector(self) -> AbstractContextManager[ImageDetector]: ...


def main() -> None:
    """Answer requests until the parent is gone."""
    task = msgspec.json.decode(sys.argv[1], type=PoseTask)
    shared = mmap.mmap(task.shared, SHARED_BYTES, prot=mmap.PROT_READ)
    source = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  a descriptor
    sink = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # libraries and drivers print, too: not messages
    estimator = make_estimator(task)
    # A GPU is reached by memory, system calls and files that only its driver knows.
    is_on_cpu = task.delegate == "cpu"
    if is_on_cpu:
        try:
            warm_up(estimator)
        except Rejected as refusal:
            send_refusal(sink, refusal)
            return
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    load_library()
    limit_resources()
    protections = confine(filters=is_on_cpu)
    send(sink, END, msgspec.json.encode(Started(protections)))
    answer_all(estimator, shared, source, sink)


def make_estimator(task: PoseTask) -> Estimator:
    """Return what runs the model."""
    path = Path(task.model)
    if task.engine == "movenet":
        return MoveNetPoseEstimator(path)
    return MediaPipePoseEstimator(PoseModelSource(Path("/nowhere"), path), task.delegate)


def warm_up(estimator: Estimator) -> None:
    """Use the model once. Raises PoseModelUnavailable and SystemLibraryMissing."""
    black = np.zeros((64, 64, 3), np.uint8)
    with estimator.tracker() as tracker:
        tracker.track(VideoFrame(0.0, black))
    if isinstance(estimator, MediaPipePoseEstimator):
        for _ in estimator.people([VideoFrame(0.0, black)]):
            pass


def limit_resources() -> None:
    """Give up the right to larger files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_LOG_BYTES, MAX_LOG_BYTES))


def answer_all(estimator: Estimator, shared: mmap.mmap, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer each request, which follows its length (u32)."""
    answer: Answer | None = None
    with ExitStack() as opened:
        for request in requests(source):
            match request:
                case Open():
                    opened.close()
                    try:
                        answer = opener(estimator, request, opened)
                    except Rejected as refusal:
                        send_refusal(sink, refusal)
                    else:
                        send(sink, END, b"")
                case Find() if answer is not None:
                    send(sink, *answer(VideoFrame(request.time_s, pixels(shared, request))))
                case Find():
                    raise ValueError("Nothing is open.")


def requests(source: BinaryIO) -> Iterator[Request]:
    """Yield the requests of the parent until it is gone."""
    while head := read_exactly(source, 4):
        content = read_exactly(source, int.from_bytes(head, "little"))
        yield msgspec.json.decode(content, type=Request)


def opener(estimator: Estimator, request: Open, opened: ExitStack) -> Answer:
    """Return what answers for a purpose, with a model of its own until `opened` is closed."""
    match request.purpose:
        case "track":
            tracker = opened.enter_context(estimator.tracker())
            return lambda frame: (POSE, pose_bytes(tracker.track(frame)))
        case "look":
            detector = opened.enter_context(estimator.image_detector())
            return lambda frame: (POSE, pose_bytes(detector.detect(frame.rgb)))
        case "count" if isinstance(estimator, MediaPipePoseEstimator):
            counter = opened.enter_context(estimator.counter())
            return lambda frame: (PEOPLE, bytes([counter(frame.rgb)]))
        case "count":
            raise ValueError("MoveNet finds one person.")


def pixels(shared: mmap.mmap, request: Find) -> npt.NDArray[np.uint8]:
    """Return the shared image."""
    height, width = request.height, request.width
    return np.frombuffer(shared, np.uint8, height * width * 3).reshape(height, width, 3)


def pose_bytes(pose: Pose | None) -> bytes:
    """Return the landmarks of a pose, nothing without one."""
    if pose is None:
        return b""
    return pose.image.tobytes() + (b"" if pose.world is None else pose.world.tobytes())


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # the parent needs no more
