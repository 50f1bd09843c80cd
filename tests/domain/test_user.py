from datetime import UTC, datetime

import pytest
from hypothesis import strategies as st

from domain.users import commands, events
from domain.users.preferences import Display
from domain.users.user import USER, Registered, Unregistered
from domain.values import InvalidValue
from tests.specification import for_any, is_refused, specification

given = specification(USER)

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
REGISTER = commands.RegisterUser(time_zone="Europe/Berlin", locale="de-DE", at=AT)
CREATED = events.UserCreated(time_zone="Europe/Berlin", locale="de-DE", at=AT)
TO_TOKYO = commands.ChangeProfile(time_zone="Asia/Tokyo", locale="ja")
IN_TOKYO = events.ProfileChanged(time_zone="Asia/Tokyo", locale="ja")


def test_a_user_registers_with_a_time_zone_and_a_language() -> None:
    """R-IDN-04, R-EVT-01: `user.created`."""
    given().when(REGISTER).then(CREATED)


def test_a_user_registers_once() -> None:
    given(CREATED).when(REGISTER).then_rejected(commands.UserAlreadyRegistered)


def test_a_user_changes_their_profile() -> None:
    """R-IDN-17"""
    given(CREATED).when(TO_TOKYO).then(IN_TOKYO)


def test_an_unchanged_profile_stores_no_event() -> None:
    """R-EVT-16"""
    given(CREATED, IN_TOKYO).when(TO_TOKYO).then_nothing()
    unchanged = commands.ChangeProfile(time_zone="Europe/Berlin", locale="de-DE")
    given(CREATED).when(unchanged).then_nothing()


def test_an_unknown_user_has_no_profile() -> None:
    given().when(TO_TOKYO).then_rejected(commands.UserUnknown)


@pytest.mark.parametrize("zone", ["", "Berlin", "Europe", "/etc/localtime"])
def test_a_time_zone_is_one_of_the_iana_database(zone: str) -> None:
    """C-52"""
    is_refused(InvalidValue, lambda: commands.RegisterUser(time_zone=zone, at=AT))
    is_refused(InvalidValue, lambda: commands.ChangeProfile(time_zone=zone, locale="en"))


@pytest.mark.parametrize("tag", ["", "e", "en_US", "en-", "english!", "en\n"])
def test_a_locale_is_a_language_tag(tag: str) -> None:
    is_refused(InvalidValue, lambda: commands.RegisterUser(locale=tag, at=AT))
    is_refused(InvalidValue, lambda: commands.ChangeProfile(time_zone="UTC", locale=tag))


profiles = st.builds(
    lambda zone, tag: commands.ChangeProfile(time_zone=zone, locale=tag),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo"]),
    st.sampled_from(["en", "de-DE", "ja"]),
)
any_command: st.SearchStrategy[commands.UserCommand] = st.one_of(st.just(REGISTER), profiles)


@for_any(st.lists(any_command, max_size=20), any_command)
def test_a_repeated_command_changes_nothing(
    history: list[commands.UserCommand], again: commands.UserCommand
) -> None:
    """R-EVT-16"""
    once = given().log_after([*history, again])
    assert given(*once).log_after([again]) == once


@for_any(st.permutations([CREATED, CREATED, IN_TOKYO, IN_TOKYO]))
def test_the_fold_accepts_every_recorded_event(history: list[events.UserEvent]) -> None:
    """R-EVT-14: all stored events can be replayed."""
    assert isinstance(USER.fold(history), Unregistered | Registered)
    assert USER.fold([IN_TOKYO]) == Unregistered()


def test_unchanged_display_preferences_store_no_event() -> None:
    """R-UIX-03"""
    dark = Display(theme="dark", first_day="sunday")
    ask, changed = commands.ChangeDisplay(display=dark), events.DisplayChanged(display=dark)
    given(CREATED).when(ask).then(changed)
    given(CREATED, changed).when(ask).then_nothing()
    given(CREATED).when(commands.ChangeDisplay(display=Display())).then_nothing()
    given().when(ask).then_rejected(commands.UserUnknown)
