"""The sample athlete as Chromium's fake camera."""

from pathlib import Path

import av

from adapters.sample_athlete.performance import Performance
from tools.film_studio.video import render_video


def shown_by_camera(performance: Performance, folder: Path) -> Path:
    """Render a performance in the raw format of the fake camera, which repeats it."""
    render_video(performance, folder / "performed.mp4")
    raw = folder / "performed.y4m"
    size = f"W{performance.width} H{performance.height} F{performance.fps}:1"
    with av.open(folder / "performed.mp4") as whole, raw.open("wb") as written:
        written.write(f"YUV4MPEG2 {size} Ip A1:1 C420jpeg\n".encode())
        for frame in whole.decode(video=0):
            written.write(b"FRAME\n" + frame.to_ndarray(format="yuv420p").tobytes())
    return raw
