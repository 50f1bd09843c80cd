"""Render the video that `kinelog demo` ships: `make sample-video`."""

import sys

from adapters.sample_athlete.sample_video import SAMPLE, VIDEO
from tools.film_studio.video import render_video


def main() -> None:
    """Write the sample video and its ground truth into `adapters/sample_athlete/`."""
    render_video(SAMPLE, VIDEO)
    sys.stdout.write(f"Wrote {VIDEO}, {VIDEO.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
