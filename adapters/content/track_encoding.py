"""Renditions and sound as fragmented MP4 (CMAF), encoded by FFmpeg in a child process.

The same video gives the same bytes: the encoders run with a fixed number of threads, and the file
has neither dates nor versions.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import av
from av.error import FFmpegError
from av.filter import Graph

from adapters.content.messages import VideoTask
from adapters.content.source_video import SourceReader
from adapters.video.encoding import TICKS_PER_S
from adapters.video.orientation import is_mirrored
from adapters.video.picture_video import PositionedFile
from application.content.encoding import SEGMENT_S, EncodingFailed
from application.kernel.video import VideoUnreadable

BITEXACT: Final = 1 << 23
"""AV_CODEC_FLAG_BITEXACT: the stream does not name its encoder."""

CMAF: Final = "+cmaf+empty_moov+default_base_moof+skip_trailer"
"""Fragments with times of their own, after an index without samples."""

AUDIO_RATE: Final = 48_000
AUDIO_FRAME: Final = 1024
AUDIO_BITS_PER_S: Final = 128_000

LOUDNESS: Final = "I=-16:TP=-1.5:LRA=11"
"""Integrated loudness in LUFS, true peak in dBTP, and range: as streaming services have it (AES
TD1008)."""

H264: Final = {
    "preset": "veryfast",
    "crf": "21",
    "sc_threshold": "0",
    "threads": "1",  # with more of them, a busy machine may give other bytes
    "profile": "high",
}
AV1: Final = {"preset": "8", "crf": "34", "svtav1-params": "lp=2:scd=0"}

BITS_PER_PIXEL: Final = 0.12
"""Limit of H.264: about 7 Mbit/s for 1080p at 30 frames a second."""

REPORT_S: Final = 0.5
"""Seconds of the video between two reports of progress."""

Report = Callable[[float], None]


def encode_video(source: SourceReader, output: int, task: VideoTask, report: Report) -> float:
    """Write a rendition to a descriptor; return its length in seconds."""
    rate = Fraction(*task.rate)
    graph, frames = None, 0

    def is_first(number: int) -> bool:
        return number % task.frames_per_segment == 0

    try:
        with _open_output(output, "+frag_keyframe") as file:
            stream = _video_stream(file, task, rate)
            for time_s, frame in source.frames():
                if graph is None:
                    graph = _FrameGraph(task, rate, frame.rotation, mirrored=is_mirrored(frame))
                for ready in graph.pass_through(time_s, frame):
                    frames += _encode(file, stream, ready, is_first=is_first(frames))
                report(time_s)
            for ready in graph.rest() if graph is not None else ():
                frames += _encode(file, stream, ready, is_first=is_first(frames))
            file.mux(stream.encode(None))
    except (FFmpegError, OSError) as failed:
        raise EncodingFailed from failed
    return float(frames / rate)


def encode_audio(source: SourceReader, output: int, report: Report) -> float:
    """Write the sound to a descriptor, at the loudness of streaming; return its seconds.

    Frames follow each other without gaps: `loudnorm` sets back the times of the last ones.
    """
    graph, samples, packets = None, 0, 0
    try:
        with _open_output(output, "", frag_duration=str(round(SEGMENT_S * 1_000_000))) as file:
            stream = file.add_stream("aac", rate=AUDIO_RATE)
            stream.layout, stream.format = "stereo", "fltp"
            stream.bit_rate = AUDIO_BITS_PER_S
            stream.codec_context.flags |= BITEXACT
            for time_s, frame in source.sound():
                if graph is None:
                    graph = _SoundGraph(frame)
                for ready in graph.pass_through(time_s, frame):
                    packets += _encode_sound(file, stream, ready, samples)
                    samples += ready.samples
                report(time_s)
            if graph is None:
                raise VideoUnreadable("The video has sound that cannot be decoded.")
            for ready in graph.rest():
                packets += _encode_sound(file, stream, ready, samples)
                samples += ready.samples
            packets += _encode_sound(file, stream, None, samples)
    except (FFmpegError, OSError) as failed:
        raise EncodingFailed from failed
    return packets * AUDIO_FRAME / AUDIO_RATE


def _open_output(output: int, flags: str, **options: str) -> Any:
    return av.open(
        PositionedFile(output),
        "w",
        format="mp4",
        container_options={"movflags": CMAF + flags, "fflags": "+bitexact", **options},
    )


def _video_stream(file: Any, task: VideoTask, rate: Fraction) -> Any:
    options = dict(H264 if task.codec == "h264" else AV1)
    codec = "libx264" if task.codec == "h264" else "libsvtav1"
    if task.codec == "h264":
        most = round(task.width * task.height * float(rate) * BITS_PER_PIXEL)
        options |= {"maxrate": str(most), "bufsize": str(2 * most)}
        options["x264-params"] = f"keyint={task.frames_per_segment}:min-keyint=1:open-gop=0"
    stream = file.add_stream(codec, rate=rate, options=options)
    stream.width, stream.height, stream.pix_fmt = task.width, task.height, "yuv420p"
    stream.codec_context.gop_size = task.frames_per_segment
    stream.codec_context.flags |= BITEXACT
    return stream


def _encode(file: Any, stream: Any, frame: Any, *, is_first: bool) -> int:
    frame.pict_type = 1 if is_first else 0  # a key frame, or what the encoder chooses
    file.mux(stream.encode(frame))
    return 1


def _encode_sound(file: Any, stream: Any, frame: Any, sample: int) -> int:
    """Encode sound that begins at a sample, or the rest; return the number of packets."""
    if frame is not None:
        frame.pts, frame.time_base = sample, Fraction(1, AUDIO_RATE)
    packets = stream.encode(frame)
    file.mux(packets)
    return len(packets)


class _Graph:
    """A chain of filters between a source and a sink."""

    def __init__(self) -> None:
        self._graph: Any = Graph()

    def chain(self, source: Any, steps: list[tuple[str, str]], sink: str) -> None:
        """Link the filters in order, and prepare them."""
        last = source
        for name, options in steps:
            following = self._graph.add(name, options or None)
            last.link_to(following)
            last = following
        last.link_to(self._graph.add(sink))
        self._graph.configure()
        self._source = source

    def rest(self) -> list[Any]:
        """Return what is left when the source ends."""
        self._source.push(None)
        return self._pulled()

    def _pulled(self) -> list[Any]:
        ready: list[Any] = []
        while True:
            try:
                ready.append(self._graph.pull())
            except (BlockingIOError, EOFError):
                return ready


class _FrameGraph(_Graph):
    """Turns frames upright, and repeats or drops some of them for a constant rate."""

    def __init__(self, task: VideoTask, rate: Fraction, rotation: int, *, mirrored: bool) -> None:
        super().__init__()
        turns = {90: ["cclock"], 180: ["cclock", "cclock"], 270: ["clock"]}
        steps = [("vflip", "")] if mirrored else []
        steps += [("transpose", f"dir={turn}") for turn in turns.get(rotation % 360, [])]
        sides = (task.width, task.height)
        self._sides = sides if rotation % 180 == 0 else (sides[1], sides[0])
        source = self._graph.add_buffer(
            width=self._sides[0],
            height=self._sides[1],
            format=av.VideoFormat("yuv420p"),
            time_base=Fraction(1, TICKS_PER_S),
        )
        fps = f"fps={rate.numerator}/{rate.denominator}:start_time=0:eof_action=pass"
        self.chain(source, [*steps, ("fps", fps)], "buffersink")

    def pass_through(self, time_s: float, frame: Any) -> list[Any]:
        """Push a frame, and return those that are ready."""
        scaled = frame.reformat(
            *self._sides, "yuv420p", interpolation="BICUBIC", dst_color_range="MPEG", threads=1
        )
        scaled.pts, scaled.time_base = round(time_s * TICKS_PER_S), Fraction(1, TICKS_PER_S)
        self._source.push(scaled)
        return self._pulled()


class _SoundGraph(_Graph):
    """Resamples sound, fills its gaps, and brings it to the loudness."""

    def __init__(self, frame: Any) -> None:
        super().__init__()
        source = self._graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format,
            layout=frame.layout,
            time_base=Fraction(1, frame.sample_rate),
        )
        stereo = f"sample_fmts=fltp:channel_layouts=stereo:sample_rates={AUDIO_RATE}"
        steps = [
            ("aresample", f"{AUDIO_RATE}:async=1:first_pts=0"),
            ("loudnorm", LOUDNESS),
            ("aresample", str(AUDIO_RATE)),
            ("aformat", stereo),
            ("asetnsamples", f"n={AUDIO_FRAME}:p=0"),
        ]
        self.chain(source, steps, "abuffersink")

    def pass_through(self, time_s: float, frame: Any) -> list[Any]:
        """Push a part of the sound, and return those that are ready."""
        frame.pts = round(time_s * frame.sample_rate)
        frame.time_base = Fraction(1, frame.sample_rate)
        self._source.push(frame)
        return self._pulled()
