"""Windowed aggregation of training: folds the events of sessions into increments of windows.

The source is the events on `kinelog.events.sessions`, with the log's time (`recorded_at`).

Each event of a stream counts once, by its version: an event that is not newer than the last one
changes nothing. After a gap, no event counts until the stream is sent again from the beginning
(`kinelog events refill`): without the first events, the session's athlete and exercise are unknown.
A session with an event that could not be decoded is then counted anew. Nothing is counted of an
athlete who was erased.

Deleting a session subtracts it from its sums, and restoring it adds it again. Its activity by
minute stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from application.analytics.windows import (
    Changes,
    CountedRepetition,
    EarlierSet,
    Hour,
    Minute,
    ReceivedEvent,
    Session,
    SessionState,
    Tally,
    end_of,
)
from application.privacy.redaction import Redacted
from domain.sessions import events, prescription_events

MILLION: Final = 1_000_000
"""Form is 0..1 and is summed in millionths."""

LONGEST_ID: Final = 200
"""Maximum length of an id in characters, because ids are part of index keys."""

EventOfSet = (
    events.RepetitionCounted
    | events.RepetitionsReconciled
    | events.RepetitionOverruled
    | events.HoldMeasured
)


def fold(
    standings: dict[Session, SessionState], seen: Iterable[ReceivedEvent], changes: Changes
) -> tuple[Session, ...]:
    """Fold events into `standings` and `changes`; return the sessions with a missing event."""
    missing: dict[Session, None] = {}
    for each in seen:
        standing = standings.get(each.session, SessionState())
        if standing.is_erased:
            continue
        if each.version == 1 and standing.is_unread and not each.is_replayed:
            standing = _withdraw(standing, each.session, changes)
        if each.version == standing.version + 1:
            standings[each.session] = _fold_event(standing, each, changes)
        elif each.version > standing.version:
            missing[each.session] = None
    return tuple(missing)


def _fold_event(standing: SessionState, seen: ReceivedEvent, changes: Changes) -> SessionState:
    """Fold one event. A deleted session has no other events until it is restored."""
    is_unread = standing.is_unread or seen.event is None
    standing = replace(standing, version=seen.version, is_unread=is_unread)
    match seen.event:
        case Redacted():
            return SessionState(version=seen.version, is_erased=True)
        case events.SessionDeleted():
            changes.merge(_whole(standing, seen.session, times=-1))
            return replace(standing, is_deleted=True)
        case events.SessionRestored():
            changes.merge(_whole(standing, seen.session, times=1))
            return replace(standing, is_deleted=False)
        case (
            events.TagsChanged()
            | events.ExerciseCorrected()
            | events.FaultFeedbackGiven()
            | events.SetRated()
            | prescription_events.HealthKitRequested()
            | prescription_events.HealthKitSynced()
            | prescription_events.HealthKitFailed()
        ):
            return standing  # notes and transfers are not training
        case _:
            own = Changes()
            after = _evolve(standing, seen, own)
            changes.merge(own)
            return replace(after, added=standing.added + own)


def _withdraw(standing: SessionState, session: Session, changes: Changes) -> SessionState:
    """Subtract a session as far as it counts, so that it can be counted from its first event."""
    if not standing.is_deleted:
        changes.merge(_whole(standing, session, times=-1))
    return SessionState()


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
