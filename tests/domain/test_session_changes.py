"""Sets with overridden checks, and deleted sessions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.personal import Erased, Personal
from domain.sessions import commands, events
from domain.sessions.session import SESSION
from domain.sessions.tag_commands import ChangeTags
from domain.values import InvalidValue
from tests.domain.session_examples import (
    AT,
    COMPLETE,
    EVERY_COMMAND,
    FIRST_SET,
    OVER,
    OVERRIDE,
    SPAN,
    STARTED,
    count,
    repetition,
    set_completed,
    set_started,
    start_set,
)
from tests.specification import is_refused, specification

given = specification(SESSION)

OVERRIDDEN = events.ChecksOverridden(set=1, checks=("light", "view"), at_ms=900)
DELETE = commands.DeleteSession(at=AT)
UNFINISHED = events.SessionDeleted(at=AT, trained=None)


def test_a_set_that_begins_against_advice_says_so_once() -> None:
    """R-UIX-01"""
    given(*FIRST_SET).when(OVERRIDE).then(OVERRIDDEN)
    given(*FIRST_SET, OVERRIDDEN).when(OVERRIDE).then_nothing()
    again = commands.OverrideChecks(set=2, checks=("body",), at_ms=9000)
    overridden = events.ChecksOverridden(set=2, checks=("body",), at_ms=9000)
    second = (*FIRST_SET, OVERRIDDEN, set_completed(1, 0), set_started(2))
    given(*second).when(again).then(overridden)


@pytest.mark.parametrize("checks", [(), ("permission",), ("light", "mood")])
def test_only_existing_checks_can_be_overridden(checks: tuple[str, ...]) -> None:
    """The camera's permission cannot be overridden: without it nothing can be counted."""
    is_refused(InvalidValue, lambda: commands.OverrideChecks(set=1, checks=checks, at_ms=0))


def test_detections_of_a_set_are_recorded_together() -> None:
    """R-WKT-10: one refusal refuses them all."""
    complete = commands.CompleteSet(set=1, span=SPAN)
    detected = commands.RecordDetections(detections=(count(1), complete))
    given(*FIRST_SET).when(detected).then(repetition(1), set_completed(1, 1))
    skipped = commands.RecordDetections(detections=(count(1), start_set(3)))
    given(*FIRST_SET).when(skipped).then_rejected(commands.SetUnderway)
    given().when(detected).then_rejected(commands.SessionNotUnderway)


def test_a_deleted_session_lists_what_no_longer_counts() -> None:
    """R-UIX-03"""
    counted = events.SessionDeleted(at=AT, trained=_trained())
    given(*OVER).when(DELETE).then(counted)
    given(*FIRST_SET).when(DELETE).then(UNFINISHED)
    given(*OVER, counted).when(DELETE).then_nothing()
    given().when(DELETE).then_rejected(commands.SessionMissing)


def _trained() -> events.Trained:
    over = OVER[-1]
    assert isinstance(over, events.SessionCompleted)
    return events.Trained(
        athlete_id=over.athlete_id,
        started_at=over.started_at,
        time_zone=over.time_zone,
        sets=over.sets,
        repetitions=over.repetitions,
        duration_ms=over.duration_ms,
        calories_kcal=over.calories_kcal,
        accuracy=over.accuracy,
        exercises=over.exercises,
        verified_repetitions=over.verified_repetitions,
        form_measured=over.form_measured,
    )


def test_a_deleted_session_can_be_brought_back_for_a_week() -> None:
    """R-UIX-03"""
    last = commands.RestoreSession(at=AT + commands.RESTORE_WINDOW)
    restore = commands.RestoreSession(at=AT + commands.RESTORE_WINDOW + timedelta(seconds=1))
    back = events.SessionRestored(at=last.at, trained=_trained())
    gone = events.SessionDeleted(at=AT, trained=_trained())
    given(*OVER, gone).when(last).then(back)
    given(*OVER, gone).when(restore).then_rejected(commands.SessionGone)
    given(*OVER, gone, back).when(last).then_nothing()
    given().when(last).then_rejected(commands.SessionMissing)


def test_restoring_adds_what_the_deletion_subtracted() -> None:
    """C-49, R-EVT-14: a deletion stored in version 1 did not record verified repetitions."""
    old = replace(_trained(), verified_repetitions=None)
    restore = commands.RestoreSession(at=AT)
    given(*OVER, events.SessionDeleted(at=AT, trained=old)).when(restore).then(
        events.SessionRestored(at=AT, trained=old)
    )


def test_a_restored_session_continues_from_its_state() -> None:
    back = events.SessionRestored(at=AT, trained=None)
    (counted,) = given(*FIRST_SET).log_after([count(1)])[2:]
    given(*FIRST_SET, UNFINISHED, back).when(count(1)).then(counted)
    given(STARTED, UNFINISHED, back).when(COMPLETE).then(*_completed())


def _completed() -> tuple[events.SessionEvent, ...]:
    return tuple(given(STARTED).log_after([COMPLETE])[1:])


@pytest.mark.parametrize("command", EVERY_COMMAND[1:], ids=lambda command: type(command).__name__)
def test_nothing_happens_in_a_deleted_session(command: commands.SessionCommand) -> None:
    given(*FIRST_SET, UNFINISHED).when(command).then_rejected(commands.SessionNotUnderway)


def tagged(*tags: str) -> events.TagsChanged:
    return events.TagsChanged(tags=Personal(_trained().athlete_id, tags))


def test_an_athlete_tags_a_session_before_and_after_its_end() -> None:
    """R-UIX-03"""
    legs = ChangeTags(tags=("legs",))
    given(*FIRST_SET).when(legs).then(tagged("legs"))
    given(*OVER).when(legs).then(tagged("legs"))
    given(*OVER, tagged("legs")).when(legs).then_nothing()
    given(FIRST_SET[0], tagged("legs"), *OVER[1:]).when(legs).then_nothing()
    given(*OVER, tagged("legs")).when(ChangeTags(tags=())).then(tagged())


def test_missing_and_deleted_sessions_take_no_tags() -> None:
    """R-UIX-03"""
    legs = ChangeTags(tags=("legs",))
    given().when(legs).then_rejected(commands.SessionMissing)
    given(*FIRST_SET, UNFINISHED).when(legs).then_rejected(commands.SessionMissing)
    back = events.SessionRestored(at=AT, trained=None)
    given(*FIRST_SET, tagged("legs"), UNFINISHED, back).when(legs).then_nothing()


def test_a_tag_is_kept_once_and_without_blanks_around_it() -> None:
    """R-UIX-03"""
    wordy = ChangeTags(tags=(" Legs ", "LEGS", "Straße", "strasse", "before breakfast"))
    given(*OVER).when(wordy).then(tagged("Legs", "Straße", "before breakfast"))


@pytest.mark.parametrize(
    "tags", [("",), ("  ",), ("x" * 31,), tuple(map(str, range(11))), ("two\nlines",)]
)
def test_invalid_or_too_many_tags_are_refused(tags: tuple[str, ...]) -> None:
    """R-UIX-03"""
    is_refused(InvalidValue, lambda: ChangeTags(tags=tags))
    assert ChangeTags(tags=("x" * 30, *map(str, range(9)), "1"))


def test_a_tag_with_a_comma_is_refused_unless_the_session_has_it() -> None:
    """R-UIX-03: forms separate tags by commas; older sessions have tags with commas."""
    given(*OVER).when(ChangeTags(tags=("legs, heavy",))).then_rejected(InvalidValue)
    stored = given(*OVER, tagged("legs, heavy"))
    stored.when(ChangeTags(tags=("legs, heavy", "arms"))).then(tagged("legs, heavy", "arms"))
    stored.when(ChangeTags(tags=("legs", "heavy"))).then(tagged("legs", "heavy"))
    stored.when(ChangeTags(tags=("legs, light",))).then_rejected(InvalidValue)
    taken_over = ChangeTags(tags=("legs, heavy",), earlier=("legs, heavy",))
    given(*OVER).when(taken_over).then(tagged("legs, heavy"))


def test_tags_of_an_erased_user_are_empty() -> None:
    """R-TEN-09"""
    forgotten = events.TagsChanged(tags=Personal(_trained().athlete_id, Erased()))
    given(*OVER, forgotten).when(ChangeTags(tags=())).then_nothing()
