"""Rules of cue preferences, and cues that ignore them."""

from datetime import UTC, datetime

import pytest

from domain.coaching.phrasebook import CueLanguageUnknown
from domain.coaching.preferences import CuePreferences, CueUnknown, SafetyNotMuted
from domain.users import commands, events
from domain.users.user import USER, Registered
from tests.specification import is_refused, specification

given = specification(USER)

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
CREATED = events.UserCreated(time_zone="UTC", locale="en", at=AT)
ERASED = events.UserErased(at=AT)
QUIET = CuePreferences("seldom", praise=False, verbosity="captions", muted=("hurried",))
QUIETER = events.CuePreferencesChanged(preferences=QUIET)


def wanted(preferences: CuePreferences) -> commands.ChangeCuePreferences:
    return commands.ChangeCuePreferences(preferences=preferences)


def test_unchanged_cue_preferences_store_no_event() -> None:
    """R-POS-03"""
    given(CREATED).when(wanted(QUIET)).then(QUIETER)
    given(CREATED, QUIETER).when(wanted(QUIET)).then_nothing()
    given(CREATED).when(wanted(CuePreferences())).then_nothing()
    state = USER.fold([CREATED, QUIETER])
    assert isinstance(state, Registered)
    assert state.cues == QUIET


def test_an_unknown_user_has_no_preferences() -> None:
    given().when(wanted(QUIET)).then_rejected(commands.UserUnknown)
    given(CREATED, ERASED).when(wanted(QUIET)).then_rejected(commands.UserUnknown)


@pytest.mark.parametrize("muted", [("no_such_cue",), ("hurried", "hurried"), ("",)])
def test_only_existing_cues_can_be_muted_and_only_once(muted: tuple[str, ...]) -> None:
    is_refused(CueUnknown, lambda: wanted(CuePreferences(muted=muted)))


def test_safety_cues_cannot_be_muted() -> None:
    is_refused(SafetyNotMuted, lambda: wanted(CuePreferences(muted=("knees_caving_in",))))


def test_only_languages_with_phrases_can_be_chosen() -> None:
    is_refused(CueLanguageUnknown, lambda: CuePreferences(language="tlh"))


def test_preferences_outlive_the_cues_that_they_mute() -> None:
    """R-EVT-14: a fault may be renamed, but the log stays readable."""
    old = events.CuePreferencesChanged(preferences=CuePreferences(muted=("a_fault_of_old",)))
    state = USER.fold([CREATED, old])
    assert isinstance(state, Registered)
    assert state.cues.muted == ("a_fault_of_old",)
