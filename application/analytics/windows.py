"""Windows of training, by minute, by hour, and by the athlete's local day, and their increments.

`session_fold.py` computes them. A window is a row under its key and never closes: a late event is
added to its window, no matter how late. All sums are of whole numbers, so the order in which
streams of different sessions arrive does not change them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

A_DAY: Final = timedelta(days=1)


class Session(NamedTuple):
    """The stream of a session: `stream` is its name in the log, with the category."""

    tenant_id: str
    stream: str


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event as received: the `version` of its stream, and the log's time, UTC.

    `event` is None if it could not be decoded; it then still counts as activity. `is_replayed` says
    that it was a dead letter: the events after it do not come again.
    """

    session: Session
    version: int
    at: datetime
    event: Any
    is_replayed: bool = False


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
    contributes to windows, unless `is_deleted`. `is_unread` says that an event could not be
    decoded, and `is_erased` that the athlete was erased: then no event counts, even if all are sent
    again.
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
    is_deleted: bool = False
    is_unread: bool = False
    is_erased: bool = False


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


def end_of(day: date, time_zone: str) -> datetime:
    """Return the end of a day in an IANA time zone, in UTC."""
    midnight = datetime.combine(day + A_DAY, time(), ZoneInfo(time_zone))
    return midnight.astimezone(UTC)
