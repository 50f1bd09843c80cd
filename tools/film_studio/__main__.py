"""Render the video that `kinelog demo` ships: `make sample-film`."""

import sys

from adapters.sample_athlete.sample_film import FILM, SAMPLE
from tools.film_studio.film import render_video


def main() -> None:
    """Write the sample film and its ground truth into `adapters/sample_athlete/`."""
    render_video(SAMPLE, FILM)
    sys.stdout.write(f"Wrote {FILM}, {FILM.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
