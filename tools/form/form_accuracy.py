"""Precision and recall of the detection of form faults.

    python -m tools.form.form_accuracy                 # sample athletes, whose faults are exact
    python -m tools.form.form_accuracy --markdown      # the same, as docs/form.md shows it
    python -m tools.form.form_accuracy --noise videos   # with the noise of videos of people
    python -m tools.form.form_accuracy --sources       # every fault, its threshold and its source
    python -m tools.form.form_accuracy --labeled FOLDER  # frames that people labeled
    ... --manifest FILE.csv --json

Precision is the share of the detected faults that were made, recall the share of the made faults
that were detected. A fault that the camera cannot see is not judged, and counts for neither. The
faults of a repetition that was not counted are missed. Each fault is made plainly and slightly
(three fifths as much). Three athletes of different proportions perform, with different noise. A
plank is judged as a whole. With the noise of videos (`tools/form/landmark_noise.py`), which is
drawn three times, the sizes of faults are continuous: slight from 0.4 to 0.8, plain from 0.8 to 1.

The slight degree of a fault is judged if with the noise of videos at least 9 of 10 faults that are
shown were made, and at least half of the slight ones are shown. `shown` and `shown slight` are what
they would be if all slight degrees were judged.
`tools/form/labeled_frames.py` describes the format of a folder.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from adapters.sample_athlete.athlete import RepetitionTruth, landmarks, truth
from adapters.sample_athlete.movements import MOVEMENTS, Movement
from adapters.sample_athlete.performance import ORDINARY_TEMPO, Performance
from domain.motion.exercises.definition import ExerciseDefinition, Fault
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.facts import HoldMeasured, MotionFact, RepetitionCounted
from domain.motion.fold import fold
from domain.motion.form.faults import is_shown
from domain.motion.form.repetition_metrics import view_of_mean
from domain.values import Tempo, View
from tools.form.labeled_frames import MANIFEST, Frame, labeled_frames
from tools.form.landmark_noise import disturbed, landmark_noise

VIEWS_DEG: Final = (0.0, 60.0, 90.0)
"""Front, oblique and side views."""

PLAIN: Final = 1.0
SLIGHT: Final = 0.6
"""Size of a slight fault relative to a plain one."""

LEAST_PLAIN: Final = 0.8
"""Smaller faults are slight."""

IMPLIED: Final = {("biceps_curl", "swinging"): ("leaning_back",)}
"""Faults that occur together: a swing of 34 degrees also leans back as far at the top."""

DRAWS: Final = 3
"""Times that the noise of videos, and the sizes of faults, are drawn for each performance."""

LEAST_SHOWN_PRECISION: Final = 0.9
LEAST_SHOWN_SLIGHT: Final = 0.5
"""With less of either, the slight degree of a fault is not judged."""

COLUMNS: Final = (
    *("judged", "made", "precision", "plain", "slight", "shown", "shown slight"),
    "slight degree",
)
"""Of the table for a document."""

FPS: Final = 15
"""Frames per second of a phone's stream."""

STRETCHES: Final = Tempo(1.0, 2.5, 1.0, 0.5)
"""Tempo at which a fault comes and goes during a hold."""


@dataclass(frozen=True)
class Athlete:
    """Sample athlete with proportions, and landmark noise in pixels (640 x 480)."""

    seed: int
    stature_m: float
    legs: float
    arms: float
    noise_px: float


ATHLETES: Final = (
    Athlete(1, 1.75, 1.0, 1.0, 0.0),
    Athlete(2, 1.60, 0.96, 1.04, 1.0),
    Athlete(3, 1.92, 1.04, 0.96, 2.0),
)


@dataclass(frozen=True)
class Verdict:
    """One fault of one repetition or frame: whether it was made, and whether it was detected.

    `degree`: size of the fault, 1 if it was not made or is unknown. `displayed`: reported, or
    shown as slight.
    """

    exercise: str
    fault: str
    made: bool
    reported: bool
    degree: float = PLAIN
    displayed: bool = False


@dataclass(frozen=True)
class Score:
    """Score of one fault over many repetitions or frames; None if undefined.

    `recall` is that of plain faults, `recall_slight` that of slight ones. `shown_precision` and
    `shown_slight` are precision, and recall of slight faults, if those that are slight were shown
    and counted, too. `slight_judged`: as the definition says.
    """

    exercise: str
    fault: str
    judged: int
    made: int
    precision: float | None
    recall: float | None
    recall_slight: float | None
    shown_precision: float | None
    shown_slight: float | None
    slight_judged: bool

    @property
    def can_be_slight(self) -> bool:
        """Return whether the figures allow that slight faults are shown."""
        precision, recall = self.shown_precision or 0.0, self.shown_slight or 0.0
        return precision >= LEAST_SHOWN_PRECISION and recall >= LEAST_SHOWN_SLIGHT


def main() -> int:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description="Precision and recall of faults of form.")
    parser.add_argument("--labeled", type=Path, help="folder of labeled frames")
    parser.add_argument("--manifest", type=Path, default=MANIFEST, help="what its labels mean")
    parser.add_argument("--sources", action="store_true", help="print thresholds and sources")
    parser.add_argument("--markdown", action="store_true", help="print a table for a document")
    parser.add_argument("--noise", choices=("pixels", "videos"), default="pixels")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.sources:
        print(sources())
        return 0
    verdicts = (
        on_mannequins(real=options.noise == "videos")
        if options.labeled is None
        else judged_frames(labeled_frames(options.labeled, options.manifest))
    )
    results = scores(verdicts)
    if options.json:
        print(json.dumps([score.__dict__ for score in results], indent=2))
    else:
        print(markdown(results) if options.markdown else table(results))
    return 0


def noisy_performances() -> Iterator[Performance]:
    """Yield each with faults of all sizes, several times; their noise is added afterwards."""
    sizes = np.random.default_rng(0)
    for each in (one for one in performances() for _ in range(DRAWS)):
        low, high = (LEAST_PLAIN, PLAIN) if each.fault_degree == PLAIN else (0.4, LEAST_PLAIN)
        degree = float(sizes.uniform(low, high)) if each.faults else PLAIN
        yield replace(each, fault_degree=degree, landmark_noise_px=0.0)


def performances() -> Iterator[Performance]:
    """Yield each exercise without and with each of its faults, from each view, by each athlete."""
    for name, movement in MOVEMENTS.items():
        for fault in (None, *_performed(movement)):
            for degree in (PLAIN,) if fault is None else (SLIGHT, PLAIN):
                for view_deg in VIEWS_DEG:
                    for athlete in ATHLETES:
                        yield performance(name, fault, degree, view_deg, athlete)


def performance(
    name: str, fault: str | None, degree: float, view_deg: float, athlete: Athlete
) -> Performance:
    """Return a set whose second and fourth repetitions have the fault."""
    held = MOVEMENTS[name].held
    return Performance(
        exercise=name,
        repetitions=2 if held else 4,
        tempo=STRETCHES if held else ORDINARY_TEMPO,
        faults=() if fault is None else (fault,),
        faulty_repetitions=None if fault is None or held else (2, 4),
        fault_degree=degree,
        azimuth_deg=view_deg,
        landmark_noise_px=athlete.noise_px,
        fps=FPS,
        seed=athlete.seed,
        stature_m=athlete.stature_m,
        legs=athlete.legs,
        arms=athlete.arms,
    )


def _performed(movement: Movement) -> tuple[str, ...]:
    """Return the faults that a sample athlete can perform."""
    return (*movement.faults, *movement.short_ranges, *movement.short_returns)


def on_mannequins(*, real: bool = False) -> Iterator[Verdict]:
    """Judge performances of sample athletes, whose faults are known exactly.

    `real`: with the noise of videos, and faults of all sizes.
    """
    for number, each in enumerate(noisy_performances() if real else performances()):
        definition = _slight_judged(get_exercise(each.exercise))
        chunk = landmarks(each)
        if real:
            chunk = disturbed(chunk, landmark_noise()[SEEN_FROM[each.view_deg]], number)
        facts = fold(definition, [chunk]).facts
        if each.movement.held:
            yield from _held(each, facts)
            continue
        counted = [fact for fact in facts if isinstance(fact, RepetitionCounted)]
        for made in truth(each).repetitions:
            yield from _verdicts(each, made, _same(made, counted))


def _slight_judged(definition: ExerciseDefinition) -> ExerciseDefinition:
    """Return the definition with the slight degree of every fault judged."""
    faults = tuple(replace(fault, slight_judged=True) for fault in definition.faults)
    return replace(definition, faults=faults)


def _held(held: Performance, facts: Sequence[MotionFact]) -> Iterator[Verdict]:
    """Judge a hold as a whole; if no hold was detected, its faults are missed."""
    seen = [fact for fact in facts if isinstance(fact, HoldMeasured)]
    reported = {fault for fact in seen for fault in fact.faults}
    displayed = {fault for fact in seen for fault in _displayed(fact)}
    unjudged = {fault for fact in seen for fault in fact.unjudged}
    for fault in held.movement.faults:
        if fault not in unjudged:
            yield Verdict(
                held.exercise,
                fault,
                fault in held.faults,
                fault in reported,
                held.fault_degree,
                displayed=fault in displayed,
            )


def _displayed(fact: RepetitionCounted | HoldMeasured) -> set[str]:
    """Return the faults that are shown, also if slight."""
    return {*fact.faults, *(each.fault for each in fact.judgements if each.degree != "none")}


def _same(made: RepetitionTruth, counted: Sequence[RepetitionCounted]) -> RepetitionCounted | None:
    """Return the counted repetition that overlaps the performed one."""
    middle_s = (made.start_s + made.end_s) / 2.0
    for each in counted:
        if each.started_s <= middle_s <= each.ended_s:
            return each
    return None


def _verdicts(
    performed: Performance, made: RepetitionTruth, seen: RepetitionCounted | None
) -> Iterator[Verdict]:
    definition = get_exercise(performed.exercise)
    implied = [also for fault in made.faults for also in IMPLIED.get((definition.id, fault), ())]
    expected = set(_performed(performed.movement))
    expected |= {also for fault in expected for also in IMPLIED.get((definition.id, fault), ())}
    view = SEEN_FROM[performed.view_deg]
    for fault in definition.faults:
        if seen is None or seen.tempo is None:  # missed, or detected only at the end of the set
            shown = is_shown(fault, view)
        else:
            shown = fault.id not in seen.unjudged
        if fault.id in expected and shown:
            yield Verdict(
                exercise=definition.id,
                fault=fault.id,
                made=fault.id in (*made.faults, *implied),
                reported=seen is not None and fault.id in seen.faults,
                degree=performed.fault_degree,
                displayed=seen is not None and fault.id in _displayed(seen),
            )


SEEN_FROM: Final[dict[float, View]] = {0.0: "front", 60.0: "oblique", 90.0: "side"}


def judged_frames(frames: Iterable[Frame]) -> Iterator[Verdict]:
    """Judge single poses: a fault is detected if its measure is out of bounds."""
    for frame in frames:
        definition = get_exercise(frame.exercise)
        for fault in definition.faults:
            is_detected = frame.found(fault) if fault.id in frame.labeled else None
            if is_detected is not None and view_of_mean(frame.facing) in fault.views:
                yield Verdict(definition.id, fault.id, fault.id == frame.fault, is_detected)


def scores(verdicts: Iterable[Verdict]) -> list[Score]:
    """Return precision and recall of each fault, in order of first appearance."""
    of: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        of.setdefault((verdict.exercise, verdict.fault), []).append(verdict)
    return [_score(name, fault, those) for (name, fault), those in of.items()]


def _score(name: str, fault: str, those: Sequence[Verdict]) -> Score:
    right = sum(each.made and each.reported for each in those)
    reported, made = sum(each.reported for each in those), [each for each in those if each.made]
    return Score(
        exercise=name,
        fault=fault,
        judged=len(those),
        made=len(made),
        precision=right / reported if reported else None,
        recall=_recall([each for each in made if each.degree >= LEAST_PLAIN]),
        recall_slight=_recall([each for each in made if each.degree < LEAST_PLAIN]),
        shown_precision=_share_of(
            sum(each.made and each.displayed for each in those),
            sum(each.displayed for each in those),
        ),
        shown_slight=_share_of(
            sum(each.displayed for each in made if each.degree < LEAST_PLAIN),
            sum(each.degree < LEAST_PLAIN for each in made),
        ),
        slight_judged=get_exercise(name).fault(fault).slight_judged,
    )


def _share_of(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _recall(made: Sequence[Verdict]) -> float | None:
    return sum(each.reported for each in made) / len(made) if made else None


def table(results: Sequence[Score]) -> str:
    """Print a line per fault."""
    head = f"{'exercise':<16}{'fault':<18}{'judged':>8}{'made':>6}{'precision':>11}{'recall':>8}"
    lines = [f"{head}{'slight':>8}{'shown':>7}{'slight':>8}"]
    lines += [
        f"{each.exercise:<16}{each.fault:<18}{each.judged:>8}{each.made:>6}"
        f"{_share(each.precision):>11}{_share(each.recall):>8}{_share(each.recall_slight):>8}"
        f"{_share(each.shown_precision):>7}{_share(each.shown_slight):>8}"
        for each in results
    ]
    return "\n".join(lines)


def markdown(results: Sequence[Score]) -> str:
    """Print the same table as Markdown."""
    lines = [
        f"| exercise | fault | {' | '.join(COLUMNS)} |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    lines += [
        f"| {each.exercise} | {each.fault} | {each.judged} | {each.made} "
        f"| {_share(each.precision)} | {_share(each.recall)} | {_share(each.recall_slight)} "
        f"| {_share(each.shown_precision)} | {_share(each.shown_slight)} "
        f"| {'judged' if each.slight_judged else 'not judged'} |"
        for each in results
    ]
    return "\n".join(lines)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.2f}"


def sources() -> str:
    """Print every fault of every exercise: its condition, its views and its source."""
    lines = ["| exercise | fault | condition | views | source |", "|---|---|---|---|---|"]
    for definition in all_exercises().values():
        lines += [
            f"| {definition.id} | {fault.id} | {condition(fault)} "
            f"| {', '.join(fault.views)} | {fault.source} |"
            for fault in definition.faults
        ]
    return "\n".join(lines)


def condition(fault: Fault) -> str:
    """Describe the bounds of a fault in words."""
    side = "" if fault.sides == "mean" else f" ({fault.sides} of both sides)"
    bound = f"above {fault.above:g}" if fault.above is not None else f"below {fault.below:g}"
    return f"{fault.statistic} `{fault.measure}`{side} in the {fault.part} {bound}"


if __name__ == "__main__":
    sys.exit(main())
