"""Train the learned counters from examples, and write them into the domain.

    python -m tools.counting.train --examples LANDMARKS MANIFEST [--examples ...] [--into FOLDER]

Sets of the sample athlete are added to each exercise that has enough clips.
`tools/counting/examples.py` describes both formats. Clips with metric landmarks are converted to an
unknown scale. The same examples give the same files.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from domain.motion.counting.trained_model import FOLDER, to_plain
from tools.counting.examples import Example, add_arguments, boxed, read_sources
from tools.counting.simulated import ATHLETES, with_athletes
from tools.counting.training import Prepared, prepare, train

MODELS = Path(__file__).parents[2] / "domain" / "motion" / FOLDER


def main() -> int:
    """Write a file for each exercise with enough examples."""
    parser = argparse.ArgumentParser(description="Learn from clips what their repetitions are.")
    add_arguments(parser)
    parser.add_argument("--into", type=Path, default=MODELS, help="folder to write to")
    parser.add_argument(
        "--athletes", type=int, default=ATHLETES, help="simulated sets per exercise"
    )
    options = parser.parse_args()
    clips = [clip for source in read_sources(options) for clip in source]
    options.into.mkdir(parents=True, exist_ok=True)
    for name, model in train(with_athletes(prepared(clips), options.athletes)).items():
        path = options.into / f"{name}.json"
        lines = [
            f"  {json.dumps(key)}: {json.dumps(part)}" for key, part in to_plain(model).items()
        ]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        print(f"wrote {path.name}")
    return 0


def prepared(clips: Iterable[Example]) -> list[Prepared]:
    """Prepare every clip in which a person is detected."""
    ready = (prepare(boxed(clip)) for clip in clips)
    return [each for each in ready if each is not None]


if __name__ == "__main__":
    sys.exit(main())
