"""What athletes do is summed up while they do it: by minute, by hour, and by day of their own.

The truth is the events on `kinelog.events.sessions`, and their time is that of the log
(`recorded_at`). A window is a row under its key and is never closed: an event that comes late adds
to its window, however late it is. All sums are of whole numbers, so that they are the same in
whatever order the streams of different sessions arrive.

An event of a stream counts once, by its version: one that is not newer than the last changes
nothing. One that comes before its turn is not counted, nor what follows, until its stream has been
sent again from the beginning (`kinelog events refill`): without the beginning nobody knows whose
session it is, and what of.

A session that its athlete deletes is taken out of the sums that it is in, and put into them again
when it is restored. That something happened in it, minute by minute, stays true.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.sessions import events

MILLION: Final = 1_000_000
"""Form is 0..1 and is summed in millionths."""

A_DAY: Final = timedelta(days=1)

LONGEST_ID: Final = 200
"""Characters of an identity that are told apart: windows are kept under them, in indexes."""


class Session(NamedTuple):
    """The stream of a session: `stream` is its name in the log, with the category."""

    tenant_id: str
    stream: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as it was seen: the `version` of its stream, and the log's time, UTC.

    `event` is None where it could not be read; then it still shows that somebody trains.
    """

    session: Session
    version: int
    at: datetime
    event: Any


class Minute(NamedTuple):
    """Key of a window of a minute: one session's part of it."""

    tenant_id: str
    minute: datetime
    stream: str


class Hour(NamedTuple):
    """Key of a window of an hour: one athlete's part of one exercise."""

    tenant_id: str
    hour: datetime
    exercise_id: str
    athlete_id: str


class Day(NamedTuple):
    """Key of a day of an athlete's own calendar: the one on which the session began (C-52)."""

    tenant_id: str
    day: date
    athlete_id: str


@dataclass(frozen=True)
class Tally:
    """What was done. `sessions` are completed ones; durations and calories come with them.

    `formed` repetitions have a form, and the sum of theirs is `form_millionths`. `faults` are those
    of repetitions and holds. `calories` are thousandths of a kilocalorie.
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
class Counted:
    """A repetition of the set under way, kept as long as it can be withdrawn."""

    at: datetime
    tally: Tally


@dataclass(frozen=True, slots=True)
class Added:
    """What a session comes to in windows: by minute, by hour and exercise, and in its day."""

    minutes: Mapping[datetime, int] = field(default_factory=dict[datetime, int])
    hours: Mapping[datetime, Mapping[str, Tally]] = field(
        default_factory=dict[datetime, Mapping[str, Tally]]
    )
    day: Tally = NOTHING

    def __add__(self, more: "Changes") -> "Added":
        """Add what one more of its events has changed."""
        minutes = dict(self.minutes)
        for of_minute, repetitions in more.minutes.items():
            minutes[of_minute.minute] = minutes.get(of_minute.minute, 0) + repetitions
        hours = dict(self.hours)
        for of_hour, tally in more.hours.items():
            by_exercise = hours.get(of_hour.hour, {})
            sum_of_both = by_exercise.get(of_hour.exercise_id, NOTHING) + tally
            hours[of_hour.hour] = {**by_exercise, of_hour.exercise_id: sum_of_both}
        return Added(minutes, hours, sum(more.days.values(), self.day))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a session stands after `version` events: what later ones refer to.

    `counted` are the repetitions of the newest set, whose number is `set`, by number. `day` is None
    before the session began, and where that was at either end of the calendar. `added`
    is what the session is in windows with, as long as it is not deleted.
    """

    version: int = 0
    athlete_id: str = ""
    time_zone: str = "UTC"
    day: date | None = None
    exercise_id: str = ""
    counted: Mapping[int, Counted] = field(default_factory=dict[int, Counted])
    set: int = 0
    added: Added = field(default_factory=Added)


@dataclass
class Changes:
    """What some events add to windows, and when the days that they belong to end at the latest."""

    minutes: dict[Minute, int] = field(default_factory=dict[Minute, int])
    hours: dict[Hour, Tally] = field(default_factory=dict[Hour, Tally])
    days: dict[Day, Tally] = field(default_factory=dict[Day, Tally])
    ends: dict[tuple[str, date], datetime] = field(default_factory=dict[tuple[str, date], datetime])

    def active(self, session: Session, at: datetime, repetitions: int = 0) -> None:
        """Add to a minute; a session is active in it though it has no repetition."""
        minute = at.replace(second=0, microsecond=0)
        key = Minute(session.tenant_id, minute, session.stream)
        self.minutes[key] = self.minutes.get(key, 0) + repetitions

    def add(self, session: Session, standing: Standing, at: datetime, tally: Tally) -> None:
        """Add to the athlete's day and, if an exercise is under way, to its hour."""
        if standing.day is None:
            return
        if standing.exercise_id:
            hour = at.replace(minute=0, second=0, microsecond=0)
            athlete = standing.athlete_id
            key = Hour(session.tenant_id, hour, standing.exercise_id, athlete)
            self.hours[key] = self.hours.get(key, NOTHING) + tally
        self.add_to_day(session, standing, standing.day, tally)

    def add_to_day(self, session: Session, standing: Standing, on: date, tally: Tally) -> None:
        """Add to the athlete's day, which is this one."""
        day = Day(session.tenant_id, on, standing.athlete_id)
        self.days[day] = self.days.get(day, NOTHING) + tally
        of_all = (session.tenant_id, on)
        ends = end_of(on, standing.time_zone)
        self.ends[of_all] = max(ends, self.ends.get(of_all, ends))

    def merge(self, more: "Changes") -> None:
        """Add what else was changed."""
        for minute, repetitions in more.minutes.items():
            self.minutes[minute] = self.minutes.get(minute, 0) + repetitions
        for hour, tally in more.hours.items():
            self.hours[hour] = self.hours.get(hour, NOTHING) + tally
        for day, tally in more.days.items():
            self.days[day] = self.days.get(day, NOTHING) + tally
        for of_all, ends in more.ends.items():
            self.ends[of_all] = max(ends, self.ends.get(of_all, ends))


def fold(
    standings: dict[Session, Standing], seen: Iterable[Seen], changes: Changes
) -> tuple[Session, ...]:
    """Add events to `standings` and `changes`; give the sessions of which an event is missing."""
    missing: dict[Session, None] = {}
    for each in seen:
        standing = standings.get(each.session, Standing())
        if each.version == standing.version + 1:
            standings[each.session] = _take(standing, each, changes)
        elif each.version > standing.version:
            missing[each.session] = None
    return tuple(missing)


def end_of(day: date, time_zone: str) -> datetime:
    """Say when a day ends in a zone of the IANA database, in UTC."""
    midnight = datetime.combine(day + A_DAY, time(), ZoneInfo(time_zone))
    return midnight.astimezone(UTC)


def _take(standing: Standing, seen: Seen, changes: Changes) -> Standing:
    """Take one event in. Of a deleted session nothing is heard until it is restored."""
    standing = replace(standing, version=seen.version)
    match seen.event:
        case events.SessionDeleted():
            changes.merge(_whole(standing, seen.session, times=-1))
            return standing
        case events.SessionRestored():
            changes.merge(_whole(standing, seen.session, times=1))
            return standing
        case events.TagsChanged():
            return standing  # to write about training is not to train
        case _:
            own = Changes()
            after = _evolve(standing, seen, own)
            changes.merge(own)
            return replace(after, added=standing.added + own)


def _whole(standing: Standing, session: Session, *, times: int) -> Changes:
    """Give all that a session has added to windows, so many times."""
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


def _evolve(standing: Standing, seen: Seen, changes: Changes) -> Standing:
    changes.active(seen.session, seen.at)
    match seen.event:
        case events.SessionStarted() as started:
            return _started(standing, started)
        case events.SetStarted(exercise_id=exercise, set=number):
            standing = replace(standing, exercise_id=_kept(exercise), counted={}, set=number)
            changes.add(seen.session, standing, seen.at, Tally(sets=1))
            return standing
        case events.RepetitionCounted() as counted:
            return _counted(standing, seen, counted, changes)
        case events.RepetitionsReconciled(withdrawn=withdrawn):
            return _withdrawn(standing, seen, withdrawn, changes)
        case events.RepetitionOverruled() as overruled:
            return _overruled(standing, seen, overruled, changes)
        case events.HoldMeasured(faults=faults):
            changes.add(seen.session, standing, seen.at, Tally(faults=len(faults)))
            return standing
        case events.SessionCompleted() as completed:
            return _completed(standing, seen, completed, changes)
        case _:
            return standing


def _started(standing: Standing, event: events.SessionStarted) -> Standing:
    return replace(
        standing,
        athlete_id=_kept(event.athlete_id),
        time_zone=event.time_zone,
        day=_day(event.at, event.time_zone),
    )


def _day(at: datetime, time_zone: str) -> date | None:
    """Say which day it is in a zone; None where no calendar has it, or has an end of it."""
    try:
        day = at.astimezone(ZoneInfo(time_zone)).date()
        end_of(day, time_zone)
    except OverflowError:
        return None
    return day


def _counted(
    standing: Standing, seen: Seen, event: events.RepetitionCounted, changes: Changes
) -> Standing:
    tally = _tally(event.form, event.faults)
    changes.active(seen.session, seen.at, 1)
    changes.add(seen.session, standing, seen.at, tally)
    return replace(standing, counted={**standing.counted, event.number: Counted(seen.at, tally)})


def _tally(form: float | None, faults: Sequence[str]) -> Tally:
    """Count one repetition."""
    rounded = None if form is None else round(form * MILLION)
    return Tally(
        repetitions=1, formed=int(rounded is not None), form_millionths=rounded or 0,
        faults=len(faults),
    )  # fmt: skip


def _overruled(
    standing: Standing, seen: Seen, event: events.RepetitionOverruled, changes: Changes
) -> Standing:
    """Count as the athlete says.

    What they say of an earlier set changes their day, and no hour: when it was done, and which
    exercise it was, is not known here any more.
    """
    is_current = event.set == standing.set
    if is_current and not event.accepted:
        return _withdrawn(standing, seen, (event.number,), changes)
    tally = _tally(event.movement.form, event.movement.faults)
    if not is_current:
        of_day = replace(standing, exercise_id="")
        changes.add(seen.session, of_day, seen.at, tally if event.accepted else -tally)
        return standing
    changes.active(seen.session, seen.at, 1)
    changes.add(seen.session, standing, seen.at, tally)
    return replace(standing, counted={**standing.counted, event.number: Counted(seen.at, tally)})


def _withdrawn(
    standing: Standing, seen: Seen, numbers: tuple[int, ...], changes: Changes
) -> Standing:
    """Take repetitions out of the windows in which they were counted."""
    gone = {number: standing.counted[number] for number in numbers if number in standing.counted}
    for counted in gone.values():
        changes.active(seen.session, counted.at, -1)
        changes.add(seen.session, standing, counted.at, -counted.tally)
    kept = {number: each for number, each in standing.counted.items() if number not in gone}
    return replace(standing, counted=kept)


def _completed(
    standing: Standing, seen: Seen, event: events.SessionCompleted, changes: Changes
) -> Standing:
    after = replace(standing, exercise_id="", counted={})
    calories = round(event.calories_kcal * 1000)
    tally = Tally(sessions=1, duration_ms=event.duration_ms, calories=calories)
    changes.add(seen.session, after, seen.at, tally)
    return after


def _kept(identity: str) -> str:
    """Give an identity as a key can hold it, so that an odd one stops nobody's counting."""
    return identity[:LONGEST_ID].replace("\x00", "\ufffd")
