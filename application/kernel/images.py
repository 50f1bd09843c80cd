"""Pictures of a camera: what is taken for one, and the film that is made of many."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from domain.kernel import Rejected

MOST_BYTES: Final = 512 * 1024
"""Of one picture; a JPEG of 1280 x 720 has about 150 KB."""
LONGEST_SIDE: Final = 1920
"""Pixels. Larger ones show no more of a pose, and cost memory to open."""
SHORTEST_SIDE: Final = 16

FILM_TYPE: Final = "video/mp4"


class PictureRefused(Rejected):
    """A picture is a whole JPEG of at most 512 KiB, each side of 16 to 1920 pixels."""

    code = "picture.refused"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class FramePicture:
    """The picture of a frame of a chunk, counted from 0, as the camera's owner sent it.

    Its bytes show a person: they are in no message of a log.
    """

    frame: int
    jpeg: bytes = field(repr=False)


class ImageCodec(Protocol):
    """Opens pictures and makes films of them."""

    def check(self, picture: bytes) -> None:
        """Open a picture. Raises PictureRefused."""
        ...

    def film(self, path: Path, pictures: Iterable[tuple[float, bytes]]) -> None:
        """Write an MP4 of pictures, each shown from its time in seconds until the next one's.

        All have the size of the first. Raises PictureRefused, VideoEmpty and VideoUnwritable.
        """
        ...
