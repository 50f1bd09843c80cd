"""Poster, thumbnails and storyboard of a video, as JPEG, made in a child process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from PIL import Image

from adapters.content.messages import ReportedPictures
from adapters.content.source_video import SourceReader
from adapters.video.orientation import upright
from adapters.video.picture_video import PositionedFile

POSTER_SIDE: Final = 1280
POSTER_AT: Final = 0.25
"""Share of the video at which the poster is taken: the beginning is often black."""

THUMBNAIL_SIDE: Final = 320
THUMBNAILS_AT: Final = (0.1, 0.5, 0.9)

TILE_SIDE: Final = 160
COLUMNS: Final = 10
MOST_TILES: Final = 100
SHORTEST_STEP_S: Final = 1.0

QUALITY: Final = 82


def make_pictures(
    source: SourceReader, output: int, seconds: float, report: Callable[[float], None]
) -> ReportedPictures:
    """Write the pictures of a video of some seconds to a descriptor."""
    every_s = max(SHORTEST_STEP_S, seconds / MOST_TILES)
    pictures = _Taken(seconds, every_s)
    for time_s, frame in source.frames():
        pictures.take(time_s, frame, source)
        report(time_s)
    tiles = pictures.tiles
    file = _Output(output)
    for name, image in pictures.images.items():
        file.write(name, image)
    width, height = tiles[0].size
    rows = -(-len(tiles) // COLUMNS)
    board = Image.new("RGB", (width * COLUMNS, height * rows))
    for number, tile in enumerate(tiles):
        row, column = divmod(number, COLUMNS)
        board.paste(tile.resize((width, height)), (column * width, row * height))
    file.write("storyboard.jpg", board)
    return ReportedPictures(file.ranges, width, height, COLUMNS, len(tiles), every_s)


class _Taken:
    """Pictures that were taken so far."""

    def __init__(self, seconds: float, every_s: float) -> None:
        self.images: dict[str, Image.Image] = {}
        self.tiles: list[Image.Image] = []
        self._every_s = every_s
        self._finished: set[str] = set()
        self._wanted = [("poster.jpg", POSTER_AT * seconds, POSTER_SIDE)]
        self._wanted += [
            (f"thumbnail-{number}.jpg", share * seconds, THUMBNAIL_SIDE)
            for number, share in enumerate(THUMBNAILS_AT, 1)
        ]

    def take(self, time_s: float, frame: Any, source: SourceReader) -> None:
        """Take the pictures that are due at this frame; later ones replace nothing."""
        for name, at_s, side in self._wanted:
            # A picture due after the end of the video is its first frame.
            if name not in self._finished and (time_s >= at_s or name not in self.images):
                self.images[name] = _picture(frame, source, side)
                if time_s >= at_s:
                    self._finished.add(name)
        if len(self.tiles) < MOST_TILES and time_s >= len(self.tiles) * self._every_s:
            self.tiles.append(_picture(frame, source, TILE_SIDE))


@dataclass
class _Output:
    """Files one after the other, with their offsets and sizes."""

    descriptor: int
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    end: int = 0

    def write(self, name: str, image: Image.Image) -> None:
        """Append an image."""
        content = BytesIO()
        image.save(content, "JPEG", quality=QUALITY, optimize=False)
        file = PositionedFile(self.descriptor)
        file.seek(self.end)
        file.write(content.getbuffer())
        self.ranges[name] = (self.end, content.tell())
        self.end += content.tell()


def _picture(frame: Any, source: SourceReader, longest: int) -> Image.Image:
    """Return a frame upright, with square pixels, and its longer side at most this long."""
    width, height = source.shown_size(frame)
    scale = min(1.0, longest / max(width, height))
    size = tuple(max(2, round(side * scale)) for side in (width, height))
    lying = (size[1], size[0]) if frame.rotation % 180 else size
    rgb = frame.reformat(*lying, "rgb24", interpolation="AREA", threads=1).to_ndarray()
    return Image.fromarray(upright(frame, rgb))
