"""Online repetition counter."""

from itertools import pairwise
from math import inf

from domain.motion.counting.median_count import reconsider
from domain.motion.counting.partial_repetitions import accept_partial, shallow_before_first
from domain.motion.counting.set_review import Return, Turns, count_by_signals
from domain.motion.counting.trained_model import TrainedModel
from domain.motion.counting.turning_points import REGAINED, Zigzag
from domain.motion.exercises.definition import ExerciseDefinition, Fault
from domain.motion.facts import (
    FaultSeen,
    MotionFact,
    Phase,
    PraiseEarned,
    RejectionReason,
    RepetitionCounted,
    RepetitionRejected,
    RepetitionsReconciled,
    TraceSample,
)
from domain.motion.form.faults import find_faults, form_inputs
from domain.motion.form.form_score import form_error, form_score
from domain.motion.form.repetition_metrics import (
    REST_S,
    Span,
    confidence,
    range_of_motion,
    span_of,
    symmetry,
    tempo_of,
    view_of,
)
from domain.motion.signals.columns import ANGLE, ColumnLayout
from domain.motion.signals.resampling import COLUMNS, SMOOTH, TIME, to_number
from domain.motion.state import PoseBuffer, Progress, Row, SignalTurns
from domain.values import is_same_movement

LONGEST_TRACK = 250
"""Maximum rows of one repetition: 16.7 s, more than any definition allows."""

UNSEEN_S = 2.0
"""A repetition with a longer gap than this is not counted."""

REVIEWED_CONFIDENCE = 0.5
"""Confidence of a repetition that was found only at the end of the set."""

STILL = 0.025
"""Standing still: the effort changes by less than this share of the range between samples."""


class RepetitionCounter:
    """Counts the repetitions of a set sample by sample."""

    def __init__(
        self, definition: ExerciseDefinition, plan: ColumnLayout, progress: Progress
    ) -> None:
        self._definition = definition
        self._zigzag = Zigzag.resume(progress.cycle)
        self._track = list(progress.track)
        self._repetitions = progress.repetitions
        self._rest_since_s = progress.rest_since_s
        self._first_signal = COLUMNS + plan.first_signal
        channels = progress.channels or (SignalTurns(),) * (1 + plan.signals)
        self._turns = [Turns.resume(channel) for channel in channels]
        self._counted = list(progress.counted)

    def progress(self) -> Progress:
        return Progress(
            repetitions=self._repetitions,
            track=tuple(self._track),
            cycle=self._zigzag.pause(),
            rest_since_s=self._rest_since_s,
            channels=tuple(turns.pause() for turns in self._turns),
            counted=tuple(self._counted),
        )

    def step(self, row: Row, facts: list[MotionFact]) -> TraceSample:
        """Process the next sample: append new facts to `facts`, return its point of the curve."""
        time_s, effort = to_number(row[TIME]), to_number(row[SMOOTH])
        for turns, share in zip(self._turns, (effort, *row[self._first_signal :]), strict=True):
            if share is not None:
                turns.step(time_s, share)
        self._track.append(row[: self._first_signal])
        turn = self._zigzag.step(self._definition.counting, time_s, effort)
        if turn == "returned":
            self._complete_movement(facts)
        elif turn == "bumped":
            facts.append(RepetitionRejected("too_shallow", self._zigzag.bump_s, time_s))
        self._trim_track()
        return TraceSample(time_s, effort, row[COLUMNS + ANGLE], self._phase())

    def finish(
        self, facts: list[MotionFact], memory: PoseBuffer, model: TrainedModel | None
    ) -> None:
        """Judge the movement that the end of the set interrupted, then review the whole set."""
        zigzag = self._zigzag
        if zigzag.direction == -1 and not zigzag.closed:
            zigzag.closed = True
            if zigzag.high - zigzag.low >= REGAINED * zigzag.out:
                self._complete_movement(facts, latest_s=to_number(self._track[-1][TIME]))
            else:
                self._reject("incomplete", facts)
        elif zigzag.direction == 1:
            self._reject("incomplete", facts)
        self._track.clear()
        self._reject_shallow_start(facts)
        self._reconcile(self._review(memory, model), facts)

    def _reject_shallow_start(self, facts: list[MotionFact]) -> None:
        points, counting = self._turns[0].all(), self._definition.counting
        facts.extend(
            RepetitionRejected("too_shallow", *times)
            for times in shallow_before_first(points, self._counted, counting)
        )

    def _review(self, memory: PoseBuffer, model: TrainedModel | None) -> list[Return]:
        """Return the repetitions of the whole set; without a rhythm, those counted live."""
        least_swing = self._definition.counting.least_swing
        returns = count_by_signals(self._turns, self._counted, least_swing)
        return returns if model is None else reconsider(returns, memory, model)

    def _reconcile(self, returns: list[Return], facts: list[MotionFact]) -> None:
        """Let the whole set correct the live count."""
        if len(returns) == self._repetitions:
            return
        withdrawn = dict(enumerate(self._counted, start=1))
        missed: list[Return] = []
        for each in returns:
            within = {
                number: abs(peak_s - each.peak_s)
                for number, (_, peak_s, _, _) in withdrawn.items()
                if each.started_s <= peak_s <= each.ended_s
            }
            if within:
                del withdrawn[min(within, key=within.__getitem__)]
            else:
                missed.append(each)
        for kept in accept_partial(withdrawn, self._counted, returns):
            del withdrawn[kept]
        recovered = [
            _reviewed_repetition(number, each, self._definition)
            for number, each in enumerate(missed, start=self._repetitions + 1)
        ]
        facts[:] = [fact for fact in facts if not _is_rejection_of(fact, missed)]
        facts.extend(
            RepetitionRejected("not_periodic", started_s, ended_s)
            for started_s, _, ended_s, _ in withdrawn.values()
        )
        facts.extend(recovered)
        added = tuple(each.number for each in recovered)
        if withdrawn or added:
            self._repetitions += len(added) - len(withdrawn)
            facts.append(RepetitionsReconciled(self._repetitions, tuple(withdrawn), added))

    def _reject(self, reason: RejectionReason, facts: list[MotionFact]) -> None:
        lowest = min(self._track, key=lambda row: to_number(row[SMOOTH]))
        times = to_number(lowest[TIME]), to_number(self._track[-1][TIME])
        facts.append(RepetitionRejected(reason, *times))

    def _complete_movement(self, facts: list[MotionFact], *, latest_s: float = inf) -> None:
        earliest_s = to_number(self._track[0][TIME])
        if self._rest_since_s is not None:
            earliest_s = max(earliest_s, self._rest_since_s)
        span = span_of(self._track, self._zigzag.peak_s, earliest_s, latest_s)
        reason = self._rejection_reason(span)
        if reason is not None:
            facts.append(RepetitionRejected(reason, span.started_s, span.ended_s))
        else:
            self._count(span, facts)
        self._rest_since_s = span.ended_s

    def _rejection_reason(self, span: Span) -> RejectionReason | None:
        seconds = span.ended_s - span.started_s
        if seconds < self._definition.counting.least_s:
            return "too_fast"
        times = [to_number(row[TIME]) for row in self._track[span.first : span.last + 1]]
        longest = max((b - a for a, b in pairwise(times)), default=0.0)
        if longest > UNSEEN_S:
            return "pose_lost"
        if seconds > self._definition.counting.most_s:
            return "too_slow"
        return None

    def _count(self, span: Span, facts: list[MotionFact]) -> None:
        definition, rows = self._definition, self._track[span.first : span.last + 1]
        view = view_of(rows)
        tempo = tempo_of(definition, span, self._rest_since_s)
        rom = range_of_motion(definition, rows, span)
        even = symmetry(definition, rows, view)
        judgement = find_faults(definition, self._track, span, view)
        faults = judgement.faults
        inputs = form_inputs(definition, judgement.judgements, rom, tempo, even)
        self._repetitions += 1
        self._counted.append((span.started_s, self._zigzag.peak_s, span.ended_s, rom))
        facts.append(
            RepetitionCounted(
                number=self._repetitions,
                started_s=span.started_s,
                ended_s=span.ended_s,
                tempo=tempo,
                range_of_motion_deg=rom,
                symmetry=even,
                form=None if inputs is None else form_score(inputs),
                confidence=confidence(rows),
                faults=tuple(fault.id for fault in faults),
                view=view,
                unjudged=tuple(fault.id for fault in judgement.unjudged),
                judgements=judgement.judgements,
                form_error=None if inputs is None else form_error(inputs),
            )
        )
        self._coach(faults, span, facts)

    def _coach(self, faults: tuple[Fault, ...], span: Span, facts: list[MotionFact]) -> None:
        at_s, counted = span.ended_s, self._repetitions
        facts.extend(FaultSeen(fault.id, fault.cue, at_s, counted) for fault in faults)
        if not faults:
            praise = self._definition.praise[(counted - 1) % len(self._definition.praise)]
            facts.append(PraiseEarned(praise, at_s, counted))

    def _trim_track(self) -> None:
        """Drop the rows before the latest rest of the athlete."""
        zigzag = self._zigzag
        if zigzag.direction == -1 and zigzag.closed:
            while len(self._track) > 1 and to_number(self._track[0][TIME]) < zigzag.low_s - REST_S:
                del self._track[0]
        if len(self._track) > LONGEST_TRACK:
            del self._track[0]

    def _phase(self) -> Phase:
        zigzag = self._zigzag
        if zigzag.last is None or zigzag.reach == 0.0:
            return "rest"
        change = zigzag.last[1] - zigzag.last[2]
        if abs(change) >= STILL * zigzag.reach:
            outward = self._definition.outward
            inward: Phase = "concentric" if outward == "eccentric" else "eccentric"
            return outward if change > 0.0 else inward
        return "effort" if zigzag.direction == 1 else "rest"


def _is_rejection_of(fact: MotionFact, counted: list[Return]) -> bool:
    """Return whether an unsent fact rejects a movement that counts after all."""
    return isinstance(fact, RepetitionRejected) and any(
        is_same_movement((fact.started_s, fact.ended_s), (each.started_s, each.ended_s))
        for each in counted
    )


def _reviewed_repetition(
    number: int, found: Return, definition: ExerciseDefinition
) -> RepetitionCounted:
    """Count a repetition of which only the turning points are remembered."""
    return RepetitionCounted(
        number=number,
        started_s=found.started_s,
        ended_s=found.ended_s,
        tempo=None,
        range_of_motion_deg=None,
        symmetry=None,
        form=None,
        confidence=REVIEWED_CONFIDENCE,
        faults=(),
        unjudged=tuple(fault.id for fault in definition.faults),
    )
