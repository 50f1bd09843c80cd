"""Small videos of trainers: test pictures with a tone."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.filter import Graph

PQ, BT2020 = 16, 9
"""Transfer and primaries of HDR10 (ITU-T H.273)."""


def lesson(
    path: Path,
    *,
    size: tuple[int, int] = (320, 240),
    seconds: float = 5.0,
    rate: int = 10,
    volume: float | None = 0.02,
    pixels: str = "yuv420p",
    hdr: bool = False,
) -> Path:
    """Write an MP4 of test pictures; `volume` is that of its tone, None for no sound."""
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = *size, pixels
        if hdr:
            video.codec_context.color_trc, video.codec_context.color_primaries = PQ, BT2020
        sound: Any = None if volume is None else container.add_stream("aac", rate=48_000)
        test = f"size={size[0]}x{size[1]}:rate={rate}:duration={seconds}"
        for frame in _generated([("testsrc2", test)], "buffersink"):
            picture = frame.reformat(format=pixels)
            picture.pict_type = 0
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        if sound is not None:
            tone = [
                ("sine", f"frequency=440:sample_rate=48000:duration={seconds}"),
                ("volume", str(volume)),
            ]
            for frame in _generated(tone, "abuffersink"):
                container.mux(sound.encode(frame))
            container.mux(sound.encode(None))
    return path


def _generated(steps: list[tuple[str, str]], sink: str) -> list[Any]:
    graph: Any = Graph()
    filters = [graph.add(*step) for step in steps] + [graph.add(sink)]
    for before, after in pairwise(filters):
        before.link_to(after)
    graph.configure()
    frames = []
    while True:
        try:
            frames.append(graph.pull())
        except EOFError:
            return frames
