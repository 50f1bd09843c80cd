"""How often a fault of form is seen where it was made, and only there.

    python -m scripts.form_accuracy                      # sample athletes, whose faults are exact
    python -m scripts.form_accuracy --markdown           # the same, as the README shows it
    python -m scripts.form_accuracy --sources            # every fault, its threshold and its source
    python -m scripts.form_accuracy --labelled FOLDER    # frames that people labelled
    ... --manifest FILE.csv --json

Precision is the share of the faults told that were made, recall the share of those made that were
told. Where the camera cannot see a fault it is not judged, and counts for neither. A repetition
that was not counted misses its faults. `scripts/labelled_frames.py` says what a folder looks like.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.mannequin.athlete import RepetitionTruth, landmarks, truth
from adapters.mannequin.movements import MOVEMENTS, Movement
from adapters.mannequin.performance import Performance
from domain.motion.catalogue import catalogue, exercise
from domain.motion.definition import ExerciseDefinition, Fault
from domain.motion.facts import RepetitionCounted
from domain.motion.fold import fold
from domain.motion.repetition import view_of_mean
from scripts.labelled_frames import MANIFEST, Frame, labelled_frames

VIEWS_DEG: Final = (0.0, 60.0, 90.0)
"""Front, oblique and side."""

NOISES_PX: Final = (0.0, 2.0)
"""Standard deviations of each landmark, in a picture of 640 x 480."""

IMPLIED: Final = {("biceps_curl", "swinging"): ("leaning_back",)}
"""Who swings by 34 degrees also leans back by as much when the weight is up."""


@dataclass(frozen=True)
class Verdict:
    """One fault of one repetition or frame: whether it was made, and whether it was told."""

    exercise: str
    fault: str
    made: bool
    told: bool


@dataclass(frozen=True)
class Score:
    """One fault over many repetitions or frames; None where there is nothing to divide by."""

    exercise: str
    fault: str
    judged: int
    made: int
    precision: float | None
    recall: float | None


def main() -> int:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description="Precision and recall of faults of form.")
    parser.add_argument("--labelled", type=Path, help="folder of labelled frames")
    parser.add_argument("--manifest", type=Path, default=MANIFEST, help="what its labels mean")
    parser.add_argument("--sources", action="store_true", help="print thresholds and sources")
    parser.add_argument("--markdown", action="store_true", help="print a table for a document")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    if given.sources:
        print(sources())
        return 0
    verdicts = (
        on_mannequins()
        if given.labelled is None
        else judged_frames(labelled_frames(given.labelled, given.manifest))
    )
    found = scores(verdicts)
    if given.json:
        print(json.dumps([score.__dict__ for score in found], indent=2))
    else:
        print(markdown(found) if given.markdown else table(found))
    return 0


def performances() -> Iterator[Performance]:
    """Each exercise without and with each of its faults, from each side, without and with noise."""
    for name, movement in MOVEMENTS.items():
        for fault in (None, *_performed(movement)):
            for view_deg in VIEWS_DEG:
                for noise_px in NOISES_PX:
                    yield Performance(
                        exercise=name,
                        repetitions=4,
                        faults=() if fault is None else (fault,),
                        faulty_repetitions=(2, 4) if fault else None,
                        azimuth_deg=view_deg,
                        landmark_noise_px=noise_px,
                    )


def _performed(movement: Movement) -> tuple[str, ...]:
    """The faults that a sample athlete can make."""
    return (*movement.faults, *movement.short_ranges, *movement.short_returns)


def on_mannequins() -> Iterator[Verdict]:
    """Judge what sample athletes do, whose faults are known exactly."""
    for performance in performances():
        definition = exercise(performance.exercise)
        facts = fold(definition, [landmarks(performance)]).facts
        counted = [fact for fact in facts if isinstance(fact, RepetitionCounted)]
        for made in truth(performance).repetitions:
            yield from _verdicts(definition, performance.view_deg, made, _same(made, counted))


def _same(made: RepetitionTruth, counted: Sequence[RepetitionCounted]) -> RepetitionCounted | None:
    """The repetition that was counted at the time of the one made."""
    middle_s = (made.start_s + made.end_s) / 2.0
    for each in counted:
        if each.started_s <= middle_s <= each.ended_s:
            return each
    return None


def _verdicts(
    definition: ExerciseDefinition,
    view_deg: float,
    made: RepetitionTruth,
    seen: RepetitionCounted | None,
) -> Iterator[Verdict]:
    movement = MOVEMENTS[definition.id]
    implied = [also for fault in made.faults for also in IMPLIED.get((definition.id, fault), ())]
    known = set(_performed(movement))
    known |= {also for fault in known for also in IMPLIED.get((definition.id, fault), ())}
    view = SEEN_FROM[view_deg] if seen is None or seen.view is None else seen.view
    for fault in definition.faults:
        if fault.id in known and view in fault.views:
            told = seen is not None and fault.id in seen.faults
            yield Verdict(definition.id, fault.id, fault.id in (*made.faults, *implied), told)


SEEN_FROM: Final = {0.0: "front", 60.0: "oblique", 90.0: "side"}


def judged_frames(frames: Iterable[Frame]) -> Iterator[Verdict]:
    """Judge single poses: a fault is told where its measure is beyond its bound."""
    for frame in frames:
        definition = exercise(frame.exercise)
        for fault in definition.faults:
            found = frame.found(fault) if fault.id in frame.labelled else None
            if found is not None and view_of_mean(frame.facing) in fault.views:
                yield Verdict(definition.id, fault.id, fault.id == frame.fault, found)


def scores(verdicts: Iterable[Verdict]) -> list[Score]:
    """Precision and recall of each fault, in the order they were first judged."""
    of: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        of.setdefault((verdict.exercise, verdict.fault), []).append(verdict)
    return [_score(name, fault, those) for (name, fault), those in of.items()]


def _score(name: str, fault: str, those: Sequence[Verdict]) -> Score:
    right = sum(each.made and each.told for each in those)
    told, made = sum(each.told for each in those), sum(each.made for each in those)
    return Score(
        exercise=name,
        fault=fault,
        judged=len(those),
        made=made,
        precision=right / told if told else None,
        recall=right / made if made else None,
    )


def table(found: Sequence[Score]) -> str:
    """Write a line per fault."""
    lines = [f"{'exercise':<16}{'fault':<18}{'judged':>8}{'made':>6}{'precision':>11}{'recall':>8}"]
    lines += [
        f"{each.exercise:<16}{each.fault:<18}{each.judged:>8}{each.made:>6}"
        f"{_share(each.precision):>11}{_share(each.recall):>8}"
        for each in found
    ]
    return "\n".join(lines)


def markdown(found: Sequence[Score]) -> str:
    """Write the same for a document."""
    lines = [
        "| exercise | fault | judged | made | precision | recall |",
        "|---|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {each.exercise} | {each.fault} | {each.judged} | {each.made} "
        f"| {_share(each.precision)} | {_share(each.recall)} |"
        for each in found
    ]
    return "\n".join(lines)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.2f}"


def sources() -> str:
    """Write every fault of every exercise: when it is told, from which views, and who says so."""
    lines = ["| exercise | fault | told when | views | source |", "|---|---|---|---|---|"]
    for definition in catalogue().values():
        lines += [
            f"| {definition.id} | {fault.id} | {told_when(fault)} "
            f"| {', '.join(fault.views)} | {fault.source} |"
            for fault in definition.faults
        ]
    return "\n".join(lines)


def told_when(fault: Fault) -> str:
    """Say in words what a fault's numbers say."""
    side = "" if fault.sides == "mean" else f" ({fault.sides} of both sides)"
    bound = f"above {fault.above:g}" if fault.above is not None else f"below {fault.below:g}"
    return f"{fault.statistic} `{fault.measure}`{side} in the {fault.part} {bound}"


if __name__ == "__main__":
    sys.exit(main())
