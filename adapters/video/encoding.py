"""Settings of the encoder of all videos that we write."""

from typing import Final

TICKS_PER_S: Final = 90_000
"""Ticks of the file's clock: every common frame rate is a whole number of them, or nearly."""

ENCODING: Final = {"crf": "20", "preset": "veryfast"}
FAST_START: Final = {"movflags": "+faststart"}
"""Write the index first, so that a browser shows the video while it loads."""
