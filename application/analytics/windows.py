"""Windowed aggregation of training: by minute, by hour, and by the athlete's local day.

The source is the events on `kinelog.events.sessions`, with the log's time (`recorded_at`). A window
is a row under its key and never closes: a late event is added to its window, no matter how late.
All sums are of whole numbers, so the order in which streams of different sessions arrive does not
change them.

Each event of a stream counts once, by its version: an event that is not newer than the last one
changes nothing. After a gap, no event counts until the stream is sent again from the beginning
(`kinelog events refill`): without the first events, the session's athlete and exercise are unknown.

Deleting a session subtracts it from its sums, and restoring it adds it again. Its activity by
minute stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.sessions import events, prescription_events

MILLION: Final = 1_000_000
"""Form is 0..1 and is summed in millionths."""

A_DAY: Final = timedelta(days=1)

LONGEST_ID: Final = 200
"""Maximum length of an id in characters, because ids are part of index keys."""


class Session(NamedTuple):
    """The stream of a session: `stream` is its name in the log, with the category."""

    tenant_id: str
    stream: str


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event as received: the `version` of its stream, and the log's time, UTC.

    `event` is None if it could not be decoded; it then still counts as activity.
    """

    session: Session
    version: int
    at: datetime
    event: Any


class Minute(NamedTuple):
    """Key of a minute window: one session's activity."""

    tenant_id: str
    minute: datetime
    stream: str


class Hour(NamedTuple):
    """Key of an hour window: one athlete's work on one exercise."""

    tenant_id: str
    hour: datetime
    exercise_id: str
    athlete_id: str


class Day(NamedTuple):
    """Key of a day in an athlete's local calendar: the day on which the session began (C-52)."""

    tenant_id: str
    day: date
    athlete_id: str


@dataclass(frozen=True)
class Tally:
    """Totals of training. `sessions` are completed ones; they add durations and calories.

    `formed` counts the repetitions that have a form, and `form_millionths` is the sum of theirs.
    `faults` are those of repetitions and holds. `calories` are thousandths of a kilocalorie.
    """

    sessions: int = 0
    sets: int = 0
    repetitions: int = 0
    formed: int = 0
    form_millionths: int = 0
    faults: int = 0
    duration_ms: int = 0
    calories: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in TALLIED))

    def __mul__(self, times: int) -> "Tally":
        return Tally(*(times * getattr(self, name) for name in TALLIED))

    def __neg__(self) -> "Tally":
        return self * -1


TALLIED: Final = tuple(each.name for each in fields(Tally))
NOTHING: Final = Tally()


@dataclass(frozen=True, slots=True)
class CountedRepetition:
    """A repetition, kept while it can still be withdrawn."""

    at: datetime
    tally: Tally


@dataclass(frozen=True, slots=True)
class EarlierSet:
    """The exercise and the counted repetitions, by number, of a set before the newest one."""

    exercise_id: str = ""
    counted: Mapping[int, CountedRepetition] = field(default_factory=dict[int, CountedRepetition])


@dataclass(frozen=True, slots=True)
class Contributions:
    """A session's contributions to windows: by minute, by hour and exercise, and to its day."""

    minutes: Mapping[datetime, int] = field(default_factory=dict[datetime, int])
    hours: Mapping[datetime, Mapping[str, Tally]] = field(
        default_factory=dict[datetime, Mapping[str, Tally]]
    )
    day: Tally = NOTHING

    def __add__(self, more: "Changes") -> "Contributions":
        """Add the changes of one more of its events."""
        minutes = dict(self.minutes)
        for of_minute, repetitions in more.minutes.items():
            minutes[of_minute.minute] = minutes.get(of_minute.minute, 0) + repetitions
        hours = dict(self.hours)
        for of_hour, tally in more.hours.items():
            by_exercise = hours.get(of_hour.hour, {})
            sum_of_both = by_exercise.get(of_hour.exercise_id, NOTHING) + tally
            hours[of_hour.hour] = {**by_exercise, of_hour.exercise_id: sum_of_both}
        return Contributions(minutes, hours, sum(more.days.values(), self.day))


@dataclass(frozen=True, slots=True)
class SessionState:
    """State of a session after `version` events, as far as later events refer to it.

    `counted` are the repetitions of the newest set, whose number is `set`, by number. `earlier` are
    the sets before it, by number, until the session is completed. `day` is None before the session
    began, and where it would be at either end of the calendar. `added` is what the session
    contributes to windows while it is not deleted.
    """

    version: int = 0
    athlete_id: str = ""
    time_zone: str = "UTC"
    day: date | None = None
    exercise_id: str = ""
    counted: Mapping[int, CountedRepetition] = field(default_factory=dict[int, CountedRepetition])
    set: int = 0
    earlier: Mapping[int, EarlierSet] = field(default_factory=dict[int, EarlierSet])
    added: Contributions = field(default_factory=Contributions)


@dataclass
class Changes:
    """Increments of windows from some events, and the latest end of each affected day."""

    minutes: dict[Minute, int] = field(default_factory=dict[Minute, int])
    hours: dict[Hour, Tally] = field(default_factory=dict[Hour, Tally])
    days: dict[Day, Tally] = field(default_factory=dict[Day, Tally])
    ends: dict[tuple[str, date], datetime] = field(default_factory=dict[tuple[str, date], datetime])

    def active(self, session: Session, at: datetime, repetitions: int = 0) -> None:
        """Add to a minute; a session without a repetition in it is active, too."""
        minute = at.replace(second=0, microsecond=0)
        key = Minute(session.tenant_id, minute, session.stream)
        self.minutes[key] = self.minutes.get(key, 0) + repetitions

    def add(self, session: Session, standing: SessionState, at: datetime, tally: Tally) -> None:
        """Add to the athlete's day and, during an exercise, to the hour."""
        if standing.day is None:
            return
        if standing.exercise_id:
            hour = at.replace(minute=0, second=0, microsecond=0)
            athlete = standing.athlete_id
            key = Hour(session.tenant_id, hour, standing.exercise_id, athlete)
            self.hours[key] = self.hours.get(key, NOTHING) + tally
        self.add_to_day(session, standing, standing.day, tally)

    def add_to_day(self, session: Session, standing: SessionState, on: date, tally: Tally) -> None:
        """Add to this day of the athlete."""
        day = Day(session.tenant_id, on, standing.athlete_id)
        self.days[day] = self.days.get(day, NOTHING) + tally
        of_all = (session.tenant_id, on)
        ends = end_of(on, standing.time_zone)
        self.ends[of_all] = max(ends, self.ends.get(of_all, ends))

    def merge(self, more: "Changes") -> None:
        """Add other changes."""
        for minute, repetitions in more.minutes.items():
            self.minutes[minute] = self.minutes.get(minute, 0) + repetitions
        for hour, tally in more.hours.items():
            self.hours[hour] = self.hours.get(hour, NOTHING) + tally
        for day, tally in more.days.items():
            self.days[day] = self.days.get(day, NOTHING) + tally
        for of_all, ends in more.ends.items():
            self.ends[of_all] = max(ends, self.ends.get(of_all, ends))


def fold(
    standings: dict[Session, SessionState], seen: Iterable[ReceivedEvent], changes: Changes
) -> tuple[Session, ...]:
    """Fold events into `standings` and `changes`; return the sessions with a missing event."""
    missing: dict[Session, None] = {}
    for each in seen:
        standing = standings.get(each.session, SessionState())
        if each.version == standing.version + 1:
            standings[each.session] = _fold_event(standing, each, changes)
        elif each.version > standing.version:
            missing[each.session] = None
    return tuple(missing)


def end_of(day: date, time_zone: str) -> datetime:
    """Return the end of a day in an IANA time zone, in UTC."""
    midnight = datetime.combine(day + A_DAY, time(), ZoneInfo(time_zone))
    return midnight.astimezone(UTC)


EventOfSet = (
    events.RepetitionCounted
    | events.RepetitionsReconciled
    | events.RepetitionOverruled
    | events.HoldMeasured
)


def _fold_event(standing: SessionState, seen: ReceivedEvent, changes: Changes) -> SessionState:
    """Fold one event. A deleted session has no other events until it is restored."""
    standing = replace(standing, version=seen.version)
    match seen.event:
        case events.SessionDeleted():
            changes.merge(_whole(standing, seen.session, times=-1))
            return standing
        case events.SessionRestored():
            changes.merge(_whole(standing, seen.session, times=1))
            return standing
        case (
            events.TagsChanged()
            | events.ExerciseCorrected()
            | events.FaultFeedbackGiven()
            | events.SetRated()
            | prescription_events.HealthKitRequested()
            | prescription_events.HealthKitSynced()
            | prescription_events.HealthKitFailed()
        ):
            return standing  # to write about training is not to train
        case _:
            own = Changes()
            after = _evolve(standing, seen, own)
            changes.merge(own)
            return replace(after, added=standing.added + own)


def _whole(standing: SessionState, session: Session, *, times: int) -> Changes:
    """Return all of a session's contributions to windows, multiplied by `times`."""
    added, (tenant_id, stream) = standing.added, session
    whole = Changes()
    for minute, repetitions in added.minutes.items():
        whole.minutes[Minute(tenant_id, minute, stream)] = times * repetitions
    for hour, by_exercise in added.hours.items():
        for exercise, tally in by_exercise.items():
            key = Hour(tenant_id, hour, exercise, standing.athlete_id)
            whole.hours[key] = tally * times
    if standing.day is not None:
        whole.add_to_day(session, standing, standing.day, added.day * times)
    return whole


def _evolve(standing: SessionState, seen: ReceivedEvent, changes: Changes) -> SessionState:
    changes.active(seen.session, seen.at)
    if isinstance(seen.event, EventOfSet):
        apply = _of_set if seen.event.set == standing.set else _of_earlier_set
        return apply(standing, seen, seen.event, changes)
    match seen.event:
        case events.SessionStarted() as started:
            return _started(standing, started)
        case events.SetStarted() as begun:
            standing = _set_started(standing, begun)
            changes.add(seen.session, standing, seen.at, Tally(sets=1))
            return standing
        case events.SessionCompleted() as completed:
            return _completed(standing, seen, completed, changes)
        case _:
            return standing


def _started(standing: SessionState, event: events.SessionStarted) -> SessionState:
    return replace(
        standing,
        athlete_id=_kept(event.athlete_id),
        time_zone=event.time_zone,
        day=_day(event.at, event.time_zone),
    )


def _day(at: datetime, time_zone: str) -> date | None:
    """Return the local date in a time zone; None outside the calendar's range."""
    try:
        day = at.astimezone(ZoneInfo(time_zone)).date()
        end_of(day, time_zone)
    except OverflowError:
        return None
    return day


def _set_started(standing: SessionState, event: events.SetStarted) -> SessionState:
    before = EarlierSet(standing.exercise_id, standing.counted)
    earlier = {**standing.earlier, standing.set: before} if standing.set else standing.earlier
    exercise = _kept(event.exercise_id)
    return replace(standing, exercise_id=exercise, counted={}, set=event.set, earlier=earlier)


def _of_earlier_set(
    standing: SessionState, seen: ReceivedEvent, event: EventOfSet, changes: Changes
) -> SessionState:
    """Apply an event to its set, as if that were the newest one."""
    before = standing.earlier.get(event.set, EarlierSet())
    as_newest = replace(standing, exercise_id=before.exercise_id, counted=before.counted)
    after = replace(before, counted=_of_set(as_newest, seen, event, changes).counted)
    return replace(standing, earlier={**standing.earlier, event.set: after})


def _of_set(
    standing: SessionState, seen: ReceivedEvent, event: EventOfSet, changes: Changes
) -> SessionState:
    match event:
        case events.RepetitionCounted(number=number, form=form, faults=faults):
            return _counted(standing, seen, number, _tally(form, faults), changes)
        case events.RepetitionsReconciled(withdrawn=withdrawn):
            return _withdrawn(standing, seen, withdrawn, changes)
        case events.RepetitionOverruled(number=number, accepted=True, movement=movement):
            return _counted(standing, seen, number, _tally(movement.form, movement.faults), changes)
        case events.RepetitionOverruled(number=number):
            return _withdrawn(standing, seen, (number,), changes)
        case events.HoldMeasured(faults=faults):
            changes.add(seen.session, standing, seen.at, Tally(faults=len(faults)))
            return standing


def _counted(
    standing: SessionState, seen: ReceivedEvent, number: int, tally: Tally, changes: Changes
) -> SessionState:
    changes.active(seen.session, seen.at, 1)
    changes.add(seen.session, standing, seen.at, tally)
    return replace(
        standing, counted={**standing.counted, number: CountedRepetition(seen.at, tally)}
    )


def _tally(form: float | None, faults: Sequence[str]) -> Tally:
    """Return the totals of one repetition."""
    rounded = None if form is None else round(form * MILLION)
    return Tally(
        repetitions=1, formed=int(rounded is not None), form_millionths=rounded or 0,
        faults=len(faults),
    )  # fmt: skip


def _withdrawn(
    standing: SessionState, seen: ReceivedEvent, numbers: tuple[int, ...], changes: Changes
) -> SessionState:
    """Subtract repetitions from the windows in which they were counted."""
    gone = {number: standing.counted[number] for number in numbers if number in standing.counted}
    for counted in gone.values():
        changes.active(seen.session, counted.at, -1)
        changes.add(seen.session, standing, counted.at, -counted.tally)
    kept = {number: each for number, each in standing.counted.items() if number not in gone}
    return replace(standing, counted=kept)


def _completed(
    standing: SessionState, seen: ReceivedEvent, event: events.SessionCompleted, changes: Changes
) -> SessionState:
    after = replace(standing, exercise_id="", counted={}, earlier={})
    calories = round(event.calories_kcal * 1000)
    tally = Tally(sessions=1, duration_ms=event.duration_ms, calories=calories)
    changes.add(seen.session, after, seen.at, tally)
    return after


def _kept(identity: str) -> str:
    """Truncate and clean an id for use in a key, so that an invalid one does not stop counting."""
    return identity[:LONGEST_ID].replace("\x00", "\ufffd")
