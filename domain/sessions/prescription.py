"""A session over a prescription: which set comes next, what is left out, and the rests between."""

from dataclasses import replace

from domain.kernel import value
from domain.sessions import prescription_commands as commands
from domain.sessions import prescription_events as events


@value
class Resting:
    """A rest that is not over."""

    after_set: int
    planned_s: int
    started_ms: int


@value
class NextSet:
    """The set of the prescription that comes next: the `round`th of the `line`th, from 1."""

    line: int
    round: int
    prescribed: events.PrescribedLine


@value
class PrescriptionProgress:
    """How far a prescription is performed; without `lines` there is none.

    `begun` and `skipped` are sets of each line.
    """

    lines: tuple[events.PrescribedLine, ...] = ()
    begun: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    resting: Resting | None = None

    @property
    def next_set(self) -> NextSet | None:
        """Tell what comes next; None where nothing is left."""
        for index, prescribed in enumerate(self.lines):
            done = self.begun[index] + self.skipped[index]
            if done < prescribed.sets:
                return NextSet(index + 1, done + 1, prescribed)
        return None

    @property
    def left_out(self) -> int:
        """Sets that were prescribed and not begun, whether the athlete said so or not."""
        pairs = zip(self.lines, self.begun, strict=True)
        return sum(max(prescribed.sets - begun, 0) for prescribed, begun in pairs)


def decide(
    command: commands.PrescriptionCommand, execution: PrescriptionProgress, *, sets: int
) -> tuple[events.PrescriptionEvent, ...]:
    """Say what happens when this is asked between two sets, `sets` of which have been begun."""
    match command:
        case commands.TakePrescription(lines=lines):
            if lines == execution.lines:
                return ()
            if execution.lines or sets:
                raise commands.PrescriptionAlreadyTaken
            return (events.PrescriptionTaken(lines=lines),)
        case commands.SkipSets(what=what):
            coming = execution.next_set
            if coming is None:
                raise commands.NothingPrescribed
            left = coming.prescribed.sets - coming.round + 1
            return (events.SetsSkipped(line=coming.line, sets=1 if what == "set" else left),)
        case commands.StartRest(planned_s=planned, at_ms=at):
            return _rest(planned, at, execution.resting, sets)
        case commands.EndRest(at_ms=at):
            return end_rest(execution, at)


def _rest(
    planned_s: int, at_ms: int, resting: Resting | None, sets: int
) -> tuple[events.PrescriptionEvent, ...]:
    if not sets:
        raise commands.NothingToRestFrom
    if resting is None:
        return (events.RestStarted(after_set=sets, planned_s=planned_s, at_ms=at_ms),)
    if resting.planned_s == planned_s:
        return ()
    return (events.RestAdjusted(after_set=sets, planned_s=planned_s),)


def end_rest(execution: PrescriptionProgress, at_ms: int) -> tuple[events.RestEnded, ...]:
    """Say that a rest is over, if there is one."""
    resting = execution.resting
    if resting is None:
        return ()
    rested = max(at_ms - resting.started_ms, 0)
    return (events.RestEnded(after_set=resting.after_set, rested_ms=rested, at_ms=at_ms),)


PrescriptionProgressEvent = (
    events.PrescriptionTaken
    | events.SetsSkipped
    | events.RestStarted
    | events.RestAdjusted
    | events.RestEnded
)


def evolve(
    execution: PrescriptionProgress, event: PrescriptionProgressEvent
) -> PrescriptionProgress:
    """Say what this fact changes."""
    match event:
        case events.PrescriptionTaken(lines=lines):
            none = (0,) * len(lines)
            return replace(execution, lines=lines, begun=none, skipped=none)
        case events.SetsSkipped(line=line, sets=sets):
            return replace(execution, skipped=_raised(execution.skipped, line, sets))
        case events.RestStarted(after_set=number, planned_s=planned, at_ms=at):
            return replace(execution, resting=Resting(number, planned, at))
        case events.RestAdjusted(planned_s=planned):
            resting = execution.resting
            longer = None if resting is None else replace(resting, planned_s=planned)
            return replace(execution, resting=longer)
        case events.RestEnded():
            return replace(execution, resting=None)


def begin_set(execution: PrescriptionProgress, line: int | None) -> PrescriptionProgress:
    """Count a set of a line as begun; whatever rest there was is over."""
    begun = execution.begun if line is None else _raised(execution.begun, line, 1)
    return replace(execution, begun=begun, resting=None)


def _raised(numbers: tuple[int, ...], line: int, more: int) -> tuple[int, ...]:
    """Add to the number of one line. History is never refused: a line may not be there."""
    return tuple(
        number + more if index == line else number for index, number in enumerate(numbers, 1)
    )
