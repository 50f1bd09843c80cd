"""Chunks with pictures, and their comparison."""

from dataclasses import replace

from application.kernel.video import FramePicture
from application.live.chunk import FrameChunk


def same(one: FrameChunk, other: FrameChunk) -> bool:
    header = replace(one, chunk=other.chunk)
    return (
        all(
            getattr(header, name) == getattr(other, name)
            for name in ("set", "sequence", "exercise", "model", "last", "preferences")
        )
        and one.chunk.image.tobytes() == other.chunk.image.tobytes()
        and one.chunk.times_s.tobytes() == other.chunk.times_s.tobytes()
    )


PICTURES = (FramePicture(0, b"\xff\xd8one"), FramePicture(14, b"\xff\xd8two" * 1000))
