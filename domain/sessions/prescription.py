"""Progress through a prescription: the next set, skipped sets, and rests."""

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
    """The next set of the prescription: the `round`th of the `line`th, from 1."""

    line: int
    round: int
    prescribed: events.PrescribedLine


@value
class PrescriptionProgress:
    """Progress through a prescription; without `lines` there is none.

    `begun` and `skipped` count the sets of each line.
    """

    lines: tuple[events.PrescribedLine, ...] = ()
    begun: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    resting: Resting | None = None

    @property
    def next_set(self) -> NextSet | None:
        """The next set; None where nothing is left."""
        for index, prescribed in enumerate(self.lines):
            done = self.begun[index] + self.skipped[index]
            if done < prescribed.sets:
                return NextSet(index + 1, done + 1, prescribed)
        return None

    @property
    def left_out(self) -> int:
        """Number of prescribed sets that were not begun, skipped or not."""
        pairs = zip(self.lines, self.begun, strict=True)
        return sum(max(prescribed.sets - begun, 0) for prescribed, begun in pairs)


def take(
    lines: tuple[events.PrescribedLine, ...], progress: PrescriptionProgress, *, sets: int
) -> tuple[events.PrescriptionTaken, ...]:
    """Take a prescription before the first set. Raises PrescriptionAlreadyTaken."""
    if lines == progress.lines:
        return ()
    if progress.lines or sets:
        raise commands.PrescriptionAlreadyTaken
    return (events.PrescriptionTaken(lines=lines),)


def skip(
    command: commands.SkipSets, progress: PrescriptionProgress
) -> tuple[events.SetsSkipped, ...]:
    """Skip the next set, or the rest of its line, if it is named. Raises NothingPrescribed."""
    coming = progress.next_set
    if coming is None and (command.line is None or not progress.lines):
        raise commands.NothingPrescribed
    if coming is None or not command.names(coming.line, coming.round):
        return ()
    left = coming.prescribed.sets - coming.round + 1
    return (events.SetsSkipped(line=coming.line, sets=1 if command.what == "set" else left),)


def start_rest(
    planned_s: int, at_ms: int, resting: Resting | None, *, sets: int
) -> tuple[events.RestStarted | events.RestAdjusted, ...]:
    """Start a rest after the last set, or change its length. Raises NothingToRestFrom."""
    if not sets:
        raise commands.NothingToRestFrom
    if resting is None:
        return (events.RestStarted(after_set=sets, planned_s=planned_s, at_ms=at_ms),)
    if resting.planned_s == planned_s:
        return ()
    return (events.RestAdjusted(after_set=sets, planned_s=planned_s),)


def end_rest(progress: PrescriptionProgress, at_ms: int) -> tuple[events.RestEnded, ...]:
    """End the rest, if there is one."""
    resting = progress.resting
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
    progress: PrescriptionProgress, event: PrescriptionProgressEvent
) -> PrescriptionProgress:
    """Apply one event to the progress."""
    match event:
        case events.PrescriptionTaken(lines=lines):
            none = (0,) * len(lines)
            return replace(progress, lines=lines, begun=none, skipped=none)
        case events.SetsSkipped(line=line, sets=sets):
            return replace(progress, skipped=_raised(progress.skipped, line, sets))
        case events.RestStarted(after_set=number, planned_s=planned, at_ms=at):
            return replace(progress, resting=Resting(number, planned, at))
        case events.RestAdjusted(planned_s=planned):
            resting = progress.resting
            longer = None if resting is None else replace(resting, planned_s=planned)
            return replace(progress, resting=longer)
        case events.RestEnded():
            return replace(progress, resting=None)


def begin_set(progress: PrescriptionProgress, line: int | None) -> PrescriptionProgress:
    """Count a set of a line as begun, which ends the rest."""
    begun = progress.begun if line is None else _raised(progress.begun, line, 1)
    return replace(progress, begun=begun, resting=None)


def _raised(numbers: tuple[int, ...], line: int, more: int) -> tuple[int, ...]:
    """Add to the number of one line. History is never refused: the line may be missing."""
    return tuple(
        number + more if index == line else number for index, number in enumerate(numbers, 1)
    )
