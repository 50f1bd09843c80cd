"""The sample video of `kinelog demo`, and the performance it shows.

`make sample-video` renders it again. Rendering is a tool and not part of the package.
"""

from pathlib import Path
from typing import Final

from adapters.sample_athlete.performance import Performance

SAMPLE: Final = Performance(exercise="squat", repetitions=6, azimuth_deg=60.0)

VIDEO: Final = Path(__file__).with_name("squat.mp4")
"""Path of the video; its ground truth is beside it, in squat.truth.json."""
