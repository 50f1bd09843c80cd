import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from adapters.media.filesystem import FolderMediaStore
from adapters.media.pose_chunk_codec import ChunkTooLong, decode, encode
from application.kernel.ports import MediaCorrupt
from application.recordings.pose_archive import PoseArchive
from domain.ids import DEFAULT_TENANT, SessionId, UserId
from domain.motion.landmarks import PoseChunk
from tests.specification import for_any

SESSION = SessionId("s1")


def moving(frames: int, *, world: bool = True) -> PoseChunk:
    """Return a smoothly moving body, partly out of sight."""
    random = np.random.default_rng(frames)
    times = np.arange(frames) / 30
    sway = 0.1 * np.sin(times)[:, None, None]
    image = (random.random((1, 33, 4)) + sway).astype(np.float32)
    image[frames // 2 :] = np.nan
    return PoseChunk(times, image, image[:, :, :3] * 2 if world else None, 16 / 9)


def bits(array: npt.NDArray[Any] | None) -> tuple[Any, ...] | None:
    return None if array is None else (array.shape, array.dtype, array.tobytes())


def same(a: PoseChunk, b: PoseChunk) -> bool:
    return a.aspect_ratio == b.aspect_ratio and all(
        bits(getattr(a, name)) == bits(getattr(b, name)) for name in ("times_s", "image", "world")
    )


@pytest.mark.parametrize("world", [True, False])
@pytest.mark.parametrize("frames", [0, 1, 2, 15, 300])
def test_a_chunk_is_read_back_unchanged(frames: int, world: bool) -> None:  # noqa: FBT001
    """C-29: frames without a person stay empty."""
    chunk = moving(frames, world=world)
    assert same(decode(encode(chunk)), chunk)


any_float = st.floats(width=32, allow_nan=True, allow_infinity=True)


@for_any(npst.arrays(np.float32, st.tuples(st.integers(0, 4), st.just(33), st.just(4)),
                     elements=any_float))  # fmt: skip
def test_landmarks_are_read_back_bit_by_bit(image: npt.NDArray[np.float32]) -> None:
    chunk = PoseChunk(np.linspace(0, 1, len(image)), image, None, 0.5)
    assert same(decode(encode(chunk)), chunk)


def test_the_same_chunk_gives_the_same_bytes() -> None:
    """C-29: a chunk is named by its digest."""
    chunk = moving(15)
    backwards = PoseChunk(
        chunk.times_s[::-1][::-1], np.asfortranarray(chunk.image), chunk.world, 16 / 9
    )
    assert encode(moving(15)) == encode(chunk) == encode(backwards)


def test_a_decoded_chunk_may_be_worked_on() -> None:
    decoded = decode(encode(moving(15)))
    assert decoded.image.flags.writeable
    assert decoded.image.flags.c_contiguous


def test_a_chunk_is_smaller_than_its_numbers() -> None:
    chunk = moving(300)
    assert chunk.world is not None
    assert len(encode(chunk)) < 0.6 * (chunk.image.nbytes + chunk.world.nbytes)


GOOD = encode(moving(15))
HEADER = struct.pack("<4sIBd", b"KPC1", 1, 0, 1.0)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"KPC1", b"squat" * 100, b"KPC2" + GOOD[4:], GOOD[:-1], GOOD + b"\0", GOOD[:40],
        GOOD[:17], GOOD[:4] + b"\x10" + GOOD[5:], GOOD[:8] + b"\2" + GOOD[9:],
        GOOD[:4] + b"\xff" * 4 + GOOD[8:], HEADER + zlib.compress(bytes(535)),
        HEADER + zlib.compress(bytes(50_000_000)), HEADER + zlib.compress(b""),
    ],
    ids=[
        "nothing", "magic only", "garbage", "other magic", "cut", "more", "half", "header only",
        "other count", "other flag", "too many", "too little inside", "a bomb", "nothing inside",
    ],
)  # fmt: skip
def test_an_invalid_chunk_is_reported(content: bytes) -> None:
    with pytest.raises(MediaCorrupt, match="not a chunk"):
        decode(content)


@for_any(st.binary(max_size=100))
def test_random_bytes_never_crash_the_reader(tail: bytes) -> None:
    with pytest.raises(MediaCorrupt):
        decode(HEADER + tail)


def test_a_chunk_that_cannot_be_read_back_is_not_written() -> None:
    frames = 100_001
    chunk = PoseChunk(np.zeros(frames), np.zeros((frames, 33, 4), np.float32))
    with pytest.raises(ChunkTooLong):
        encode(chunk)


def test_a_recording_is_replayed_from_its_chunks(tmp_path: Path) -> None:
    """R-RPL-02, C-29: the media store keeps the chunks, the log their names."""
    archive = PoseArchive(FolderMediaStore(tmp_path), encode, decode)
    appended = archive.store(DEFAULT_TENANT, SESSION, [moving(15), moving(16)], UserId("ada"))
    replayed = [archive.read(DEFAULT_TENANT, SESSION, frames.digest) for frames in appended]
    assert [frames.first_frame for frames in appended] == [0, 15]
    assert all(same(a, b) for a, b in zip(replayed, [moving(15), moving(16)], strict=True))
