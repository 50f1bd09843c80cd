"""Compare the rules of form with a learned linear model, on frames that a coach labeled.

    python -m tools.form.compare_models Exercise-Correction/core

The frames are those of `tools/form/labeled_frames.py`, and the methods those of `kinelog form
evaluate --cross-validate`. The rules judge only the faults that a file labels, each by its own
measure with a bound from the correct frames of the other sources. The models may use the measures
of all faults of the exercise. A frame is found if it is reported and its label is a fault.

The files do not name their videos. In each of them, an athlete shows every label in turn, so a
source ends when a label comes again. Where the same scene follows twice, two turns are one source.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from application.analysis.form_cross_validation import MeasuredVideo, cross_validate
from application.analysis.form_evaluation import LabeledVideo
from domain.motion.exercises.library import get_exercise
from domain.motion.form.faults import is_shown
from domain.motion.form.repetition_metrics import view_of_mean
from tools.form.labeled_frames import MANIFEST, Frame, labeled_frames

TURNS: Final = {"lunge": 2, "plank": 2}
"""Turns of all labels that are one source; one for other exercises."""

MODELS: Final = ("model", "signed model")


def main() -> int:
    """Print the figures of the rules and of the models for each exercise."""
    parser = argparse.ArgumentParser(description="Compare rules with a learned linear model.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--manifest", type=Path, default=MANIFEST)
    options = parser.parse_args()
    print("| exercise | method | frames | with a fault | sources | recall | false alarms | AUC |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    frames = list(labeled_frames(options.folder, options.manifest))
    rules = cross_validate(list(measured(frames, all_faults=False)))
    models = cross_validate(list(measured(frames, all_faults=True)))
    found = [each for each in rules if each.method == "rules"]
    found += [each for each in models if each.method in MODELS]
    for each in sorted(found, key=lambda one: one.exercise):
        print(
            f"| {each.exercise} | {each.method} | {each.videos} | {each.faulty} "
            f"| {each.sources} | {each.recall:.2f} | {each.false_alarms:.2f} | {each.auc:.2f} |"
        )
    return 0


def measured(frames: Sequence[Frame], *, all_faults: bool) -> Iterator[MeasuredVideo]:
    """Yield each frame as a measured video, with the values of faults that its view shows."""
    for number, (frame, source) in enumerate(zip(frames, sources_of(frames), strict=True)):
        view = view_of_mean(frame.facing)
        worse: dict[str, float] = {}
        spreads: dict[str, float] = {}
        for fault in get_exercise(frame.exercise).faults:
            found = frame.value(fault) if all_faults or fault.id in frame.labeled else None
            if found is not None and is_shown(fault, view):
                worse[fault.id] = fault.excess(found, fault.bound)
                spreads[fault.id] = fault.spread(view)
        video = LabeledVideo(str(number), frame.exercise, source, frame.fault is not None)
        yield MeasuredVideo(video, worse, dict.fromkeys(worse, 0.0), spreads)


def sources_of(frames: Sequence[Frame]) -> Iterator[str]:
    """Yield the source of each frame."""
    exercise, turn, label = "", 0, None
    shown: set[str | None] = set()
    for frame in frames:
        if frame.exercise != exercise:
            exercise, turn, label = frame.exercise, 0, frame.fault
            shown = set[str | None]((label,))
        elif frame.fault != label:
            label = frame.fault
            if label in shown:
                turn, shown = turn + 1, set[str | None]()
            shown.add(label)
        yield f"{exercise} {turn // TURNS.get(exercise, 1)}"


if __name__ == "__main__":
    raise SystemExit(main())
