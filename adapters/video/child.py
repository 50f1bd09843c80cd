"""Child process that works on untrusted media: decodes videos and images, and encodes videos.

It inherits one file or pipe to read, one pipe to write, for a video the file that it writes, and
nothing else: no environment, no keys, no connections. It limits its own memory, processor time and
files, and what it may ask of the kernel, before it reads the first byte.
"""

import importlib
import os
import pkgutil
import resource
import sys
from collections.abc import Iterator
from typing import BinaryIO, Final

import av
import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image

from adapters.child_messages import END, HEAD, read_exactly, send, send_refusal, write_all
from adapters.sandbox import (
    MAX_LOG_BYTES,
    MEBIBYTE,
    SPARE_FILES,
    Protection,
    confine,
    load_library,
)
from adapters.video.decoder import PyAvDecoder
from adapters.video.images import JpegPictures
from adapters.video.messages import FRAME, PIXELS, SHAPE, TIME, ChildTask, Confinement
from adapters.video.picture_video import encode_video
from domain.kernel import Rejected

MAX_VIDEO_BYTES: Final = 1024 * MEBIBYTE
"""Of an encoded video, which is in memory: an hour of a camera's images has about half of it."""

NICENESS: Final = 10
"""Of encoding: live sessions need the processors."""


def main() -> None:
    """Work on what standard input has."""
    task = msgspec.json.decode(sys.argv[1], type=ChildTask)
    load_lazy_modules()
    load_library()
    limit_resources(task)
    protections = confine()
    source = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  a descriptor
    sink = open(1, "wb", buffering=0, closefd=False)  # noqa: SIM115  a descriptor
    match task.kind:
        case "frames":
            decode_video(source, sink, task)
        case "images":
            send_confinement(sink, protections)
            decode_images(source, sink)
        case "encode":
            encode_pictures(source, sink, task.output)
        case "probe":
            send_confinement(sink, protections)


def load_lazy_modules() -> None:
    """Import what the libraries would import when they first need it: no file can be opened then.

    PyAV imports the modules of streams, codecs and their side data by their kind, and Pillow the
    reader of EXIF.
    """
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if module.name != "av.__main__":
            importlib.import_module(module.name)
    importlib.import_module("PIL.TiffImagePlugin")
    Image.preinit()


def limit_resources(task: ChildTask) -> None:
    """Give up the right to more memory, time and files, for good."""
    memory = task.limits.memory_mb * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    written = MAX_VIDEO_BYTES if task.kind == "encode" else MAX_LOG_BYTES
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_NOFILE, (SPARE_FILES, SPARE_FILES))
    if task.kind != "images":  # these are limited by the parent, one by one
        resource.setrlimit(resource.RLIMIT_CPU, (task.limits.cpu_s, task.limits.cpu_s))
    if task.kind == "encode":
        os.nice(NICENESS)


def decode_video(source: BinaryIO, sink: BinaryIO, task: ChildTask) -> None:
    """Send the shape of a video, then its frames, then the end; or a refusal."""
    decoder = PyAvDecoder(longest_side=task.longest_side, limits=task.limits)
    try:
        with decoder.open_file(source) as video:
            send(sink, SHAPE, msgspec.json.encode(video.shape))
            for frame in video.frames():
                send_pixels(sink, frame.time_s, frame.rgb)
    except Rejected as refusal:
        send_refusal(sink, refusal)
    else:
        send(sink, END, b"")


def decode_images(source: BinaryIO, sink: BinaryIO) -> None:
    """Reply to each image, which follows its length (u32), with pixels or a refusal."""
    pictures = JpegPictures()
    while head := read_exactly(source, 4):
        content = read_exactly(source, int.from_bytes(head, "little"))
        try:
            send_pixels(sink, 0.0, pictures.open(content))
        except Rejected as refusal:
            send_refusal(sink, refusal)


def encode_pictures(source: BinaryIO, sink: BinaryIO, output: int) -> None:
    """Encode the images that follow, each with its time, and send the end, or a refusal."""
    timed = timed_images(source)
    try:
        encode_video(output, timed)
    except Rejected as refusal:
        for _ in timed:  # the parent reads the refusal once it has sent everything
            pass
        send_refusal(sink, refusal)
    else:
        send(sink, END, b"")


def timed_images(source: BinaryIO) -> Iterator[tuple[float, bytes]]:
    """Yield times and images up to an empty one."""
    while size := int.from_bytes(read_exactly(source, 4), "little"):
        content = read_exactly(source, size)
        yield TIME.unpack_from(content)[0], content[TIME.size :]


def send_confinement(sink: BinaryIO, protections: tuple[Protection, ...]) -> None:
    """Report that the child is confined, and how."""
    send(sink, END, msgspec.json.encode(Confinement(protections)))


def send_pixels(sink: BinaryIO, time_s: float, rgb: npt.NDArray[np.uint8]) -> None:
    """Send a frame."""
    head = FRAME.pack(time_s, *rgb.shape[:2])
    write_all(sink, HEAD.pack(PIXELS, len(head) + rgb.nbytes) + head)
    write_all(sink, np.ascontiguousarray(rgb).data.cast("B"))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # the parent needs no more
