"""Rules of an account, beside its preferences."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from hypothesis import strategies as st

from domain.coaching.preferences import CuePreferences
from domain.ids import UserId
from domain.personal import Erased, Personal
from domain.pose_coach.key import PoseCoachKey
from domain.users import commands, events, factor_commands, identities
from domain.users.preferences import Display, Profile, TrainingProfile
from domain.users.user import USER, Registered, Unregistered
from domain.users.user import Erased as ErasedUser
from domain.values import InvalidValue
from tests.specification import for_any, is_refused, specification

given = specification(USER)

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADA = UserId("ada")
CREATED = events.UserCreated(time_zone="UTC", locale="en", at=AT)
MAIL = Personal(ADA, "ada@example.org")
HAS_MAIL = events.EmailChanged(email=MAIL)
VERIFIED = events.EmailVerified(at=AT)
HAS_PASSWORD = events.PasswordSet(at=AT)
GOOGLE = events.IdentityLinked(provider=identities.GOOGLE, subject=Personal(ADA, "1"), at=AT)
ERASED = events.UserErased(at=AT)
KEY = Personal(ADA, PoseCoachKey("abc123def456ghi789"))


def link(subject: str) -> commands.LinkIdentity:
    return commands.LinkIdentity(provider=identities.GOOGLE, subject=Personal(ADA, subject), at=AT)


def test_an_address_is_verified_once() -> None:
    """R-IDN-08, R-IDN-10: `user.email_verified`."""
    given(CREATED, HAS_MAIL).when(commands.VerifyEmail(at=AT)).then(VERIFIED)
    given(CREATED, HAS_MAIL, VERIFIED).when(commands.VerifyEmail(at=AT)).then_nothing()


def test_another_address_is_to_be_verified_again() -> None:
    other = Personal(ADA, "countess@example.org")
    changed = events.EmailChanged(email=other)
    registered = given(CREATED, HAS_MAIL, VERIFIED)
    registered.when(commands.ChangeEmail(email=other)).then(changed)
    registered.when(commands.ChangeEmail(email=MAIL)).then_nothing()
    given(CREATED, HAS_MAIL, VERIFIED, changed).when(commands.VerifyEmail(at=AT)).then(VERIFIED)


@pytest.mark.parametrize("command", [commands.VerifyEmail(at=AT), commands.SetPassword(at=AT)])
def test_without_an_address_there_is_nothing_to_verify_and_no_password(
    command: commands.UserCommand,
) -> None:
    given(CREATED).when(command).then_rejected(commands.EmailMissing)


def test_an_account_is_suspended_once_and_let_in_again() -> None:
    """R-IDN-18"""
    suspended = events.UserSuspended(at=AT)
    suspend, reactivate = commands.SuspendUser(at=AT), commands.ReactivateUser(at=AT)
    given(CREATED).when(suspend).then(suspended)
    given(CREATED, suspended).when(suspend).then_nothing()
    given(CREATED, suspended).when(reactivate).then(events.UserReactivated(at=AT))
    given(CREATED).when(reactivate).then_nothing()
    given().when(suspend).then_rejected(commands.UserUnknown)


def test_an_email_is_requested_for_a_user_with_an_address() -> None:
    """R-EVT-03: the event contains neither the address nor a secret."""
    request = commands.RequestEmail(kind="reset", at=AT)
    requested = events.EmailRequested(kind="reset", at=AT)
    given(CREATED, HAS_MAIL).when(request).then(requested)
    given(CREATED, HAS_MAIL, requested).when(request).then(requested)
    given(CREATED).when(request).then_nothing()
    given(CREATED, HAS_MAIL, ERASED).when(request).then_rejected(commands.UserUnknown)


@pytest.mark.parametrize("name", ["", "email", "password", "Google", "../google", "g" * 33])
def test_a_provider_name_is_valid_in_a_path(name: str) -> None:
    """`email` and `password` are reserved for other identities."""
    provider = identities.Provider(name)
    is_refused(InvalidValue, lambda: commands.UnlinkIdentity(provider=provider, at=AT))
    is_refused(
        InvalidValue,
        lambda: commands.LinkIdentity(provider=provider, subject=Personal(ADA, "1"), at=AT),
    )


def test_a_password_change_stores_no_password() -> None:
    """R-IDN-06, R-IDN-18: neither the password nor its hash is a field of an event."""
    given(CREATED, HAS_MAIL).when(commands.SetPassword(at=AT)).then(HAS_PASSWORD)
    assert [field.name for field in fields(events.PasswordSet)] == ["at"]


def test_an_identity_is_linked_once() -> None:
    """R-IDN-12, R-EVT-16"""
    given(CREATED).when(link("1")).then(GOOGLE)
    given(CREATED, GOOGLE).when(link("1")).then_nothing()
    given(CREATED, GOOGLE).when(link("2")).then_rejected(commands.ProviderAlreadyLinked)


def test_the_last_sign_in_method_cannot_be_removed() -> None:
    unlink = commands.UnlinkIdentity(provider=identities.GOOGLE, at=AT)
    unlinked = events.IdentityUnlinked(provider=identities.GOOGLE, at=AT)
    remove = commands.RemovePassword(at=AT)
    removed = events.PasswordRemoved(at=AT)
    given(CREATED, GOOGLE).when(unlink).then_rejected(commands.LastWayToSignIn)
    given(CREATED, HAS_MAIL, HAS_PASSWORD).when(remove).then_rejected(commands.LastWayToSignIn)
    both = (CREATED, HAS_MAIL, HAS_PASSWORD, GOOGLE)
    given(*both).when(unlink).then(unlinked)
    given(*both).when(remove).then(removed)
    given(*both, removed).when(remove).then_nothing()
    given(*both, unlinked).when(unlink).then_nothing()
    given(*both, unlinked).when(link("2")).then(
        events.IdentityLinked(provider=identities.GOOGLE, subject=Personal(ADA, "2"), at=AT)
    )


def test_consent_is_given_for_a_purpose_and_a_text_and_taken_back() -> None:
    """R-TEN-12, C-41"""
    give = commands.GiveConsent(purpose="leaderboards", version="1", at=AT, source="rest")
    given_once = events.ConsentGiven(purpose="leaderboards", version="1", at=AT, source="rest")
    newer = events.ConsentGiven(purpose="leaderboards", version="2", at=AT, source="graphql")
    withdraw = commands.WithdrawConsent(purpose="leaderboards", at=AT, source="rest")
    withdrawn = events.ConsentWithdrawn(purpose="leaderboards", at=AT, source="rest")
    given(CREATED).when(give).then(given_once)
    given(CREATED, given_once).when(give).then_nothing()
    given(CREATED, newer).when(give).then(given_once)
    given(CREATED, given_once).when(withdraw).then(withdrawn)
    given(CREATED).when(withdraw).then_nothing()
    given(CREATED, given_once, withdrawn).when(withdraw).then_nothing()


def test_details_are_changed_together() -> None:
    """R-IDN-04, R-IDN-06, R-IDN-17: username and units; the date of birth stays."""
    born = Personal(ADA, date(1990, 12, 10))
    details = events.DetailsChanged(username=None, birth_date=born, units="metric")
    change = commands.ChangeProfile(username=Personal(ADA, "Ada"), units="imperial")
    changed = events.DetailsChanged(
        username=Personal(ADA, "Ada"), birth_date=born, units="imperial"
    )
    given(CREATED, details).when(change).then(changed)
    given(CREATED, details, changed).when(change).then_nothing()
    given(CREATED).when(commands.ChangeProfile(units="metric")).then_nothing()  # the default


def test_only_the_named_parts_of_a_profile_change() -> None:
    """R-IDN-17: a name is removed only on request."""
    named = events.DetailsChanged(username=Personal(ADA, "Ada"), birth_date=None, units="imperial")
    to_tokyo = events.ProfileChanged(time_zone="Asia/Tokyo", locale="en")
    unnamed = events.DetailsChanged(username=None, birth_date=None, units="imperial")
    given(CREATED, named).when(commands.ChangeProfile(time_zone="Asia/Tokyo")).then(to_tokyo)
    given(CREATED, named).when(commands.ChangeProfile()).then_nothing()
    both = commands.ChangeProfile(time_zone="Asia/Tokyo", locale="en", clear_username=True)
    given(CREATED, named).when(both).then(to_tokyo, unnamed)


def test_settings_change_only_while_they_are_what_the_user_read() -> None:
    """R-IDN-17"""
    dark, light = Display(theme="dark"), Display(theme="light")
    often, seldom = CuePreferences("often"), CuePreferences("seldom")
    trained, untrained = TrainingProfile(healthkit=True), TrainingProfile()
    profile = Profile(None, "metric", "UTC", "en")
    tokyo = "Asia/Tokyo"
    cases = (
        (commands.ChangeDisplay(display=dark, expected=Display()), commands.DisplayMoved),
        (
            commands.ChangeCuePreferences(preferences=often, expected=CuePreferences()),
            commands.CuePreferencesMoved,
        ),
        (
            commands.ChangeTrainingProfile(profile=trained, expected=untrained),
            commands.TrainingProfileMoved,
        ),
        (commands.ChangeProfile(time_zone=tokyo, expected=profile), commands.ProfileMoved),
    )
    meanwhile = (
        events.DisplayChanged(display=light),
        events.CuePreferencesChanged(preferences=seldom),
        events.TrainingProfileChanged(body_mass_kg=Personal(ADA, 60.0), healthkit=False),
        events.ProfileChanged(time_zone="Europe/Oslo", locale="nb"),
    )
    for command, refusal in cases:
        assert len(USER.decide(command, USER.fold([CREATED]))) == 1
        given(CREATED, *meanwhile).when(command).then_rejected(refusal)


@pytest.mark.parametrize("name", ["", " Ada", "Ada\n", "a" * 101])
def test_an_invalid_username_is_refused(name: str) -> None:
    is_refused(InvalidValue, lambda: commands.ChangeProfile(username=Personal(ADA, name)))


@pytest.mark.parametrize(
    "address", ["", "ada", "@example.org", "ada@", "a b@example.org", "ada@example", "ada@a.b@c.d",
    "ada\n@example.org", "ada@example.org\n", "a" * 250 + "@b.de", "a" * 65 + "@b.de",
    "attacker,y@staff.example.org", "a;b@example.org", "<eve@example.org", "eve(x)@example.org",
    '"ada"@example.org', "=?utf-8?q?eve=40evil.example?=@example.org", "a\\b@example.org",
    ".ada@example.org", "ada.@example.org", "a..b@example.org", "ada@example..org",
    "ada@-example.org", "ada@example-.org", "ada@exam_ple.org", "ada@example,org",
    "ada@[192.0.2.1]", "a\u200bda@example.org", "ada\uff0cy@example.org", "ada@example\u3002org",
    "ada@" + "a" * 64 + ".org", "\u212aate@example.org", "e\u0301mile@example.org"],
)  # fmt: skip
def test_an_address_is_a_valid_mail_address(address: str) -> None:
    is_refused(InvalidValue, lambda: commands.ChangeEmail(email=Personal(ADA, address)))


@pytest.mark.parametrize(
    "address", ["ada@example.org", "Ada.Lovelace+kinelog@mail.example.org", "o'neil_@x1-y.example",
    "a/b=c{d}@example.org", "\u00fcli@m\u00fcnchen.example", "\u0939\u093f@\u0939\u093f.example",
    "ada@xn--mnchen-3ya.example"],
)  # fmt: skip
def test_an_address_may_be_international(address: str) -> None:
    """RFC 5321 without quotes, and the letters of RFC 6531."""
    assert identities.email_address(address) == address


def test_the_pose_coach_knows_a_user_by_a_key_that_is_no_user_id() -> None:
    """C-04, R-IDN-14, R-IDN-15: its type is neither the user id's nor text, for type checkers."""
    assign = commands.AssignPoseCoachKey(key=KEY)
    assigned = events.PoseCoachKeyAssigned(key=KEY)
    given(CREATED).when(assign).then(assigned)
    given(CREATED, assigned).when(assign).then_nothing()
    key: Any = PoseCoachKey("ada")
    assert key != UserId("ada")
    assert not isinstance(key, str)


@pytest.mark.parametrize("uid", ["", "a/b", ".", "..", "a\n", "x" * 129])
def test_a_pose_coach_key_is_never_empty_nor_a_path(uid: str) -> None:
    """R-IDN-16: the `?? ''` of a client without a signed-in user is rejected."""
    is_refused(InvalidValue, lambda: PoseCoachKey(uid))


def test_an_account_is_erased_once() -> None:
    """C-24"""
    erase = commands.EraseUser(at=AT)
    given(CREATED, HAS_MAIL).when(erase).then(ERASED)
    given(CREATED, ERASED).when(erase).then_nothing()
    given(CREATED, ERASED).when(link("1")).then_rejected(commands.UserUnknown)
    register = commands.RegisterUser(at=AT)
    given(CREATED, ERASED).when(register).then_rejected(commands.UserAlreadyRegistered)
    given().when(erase).then_rejected(commands.UserUnknown)
    assert USER.fold([CREATED, ERASED, HAS_MAIL, CREATED]) == ErasedUser()


def test_an_account_that_was_erased_in_the_log_folds_without_its_values() -> None:
    """C-24: replay continues after the key of the person is destroyed."""
    gone = events.EmailChanged(email=Personal(ADA, Erased()))
    state = USER.fold([CREATED, gone, VERIFIED])
    assert isinstance(state, Registered)
    assert state.email == Personal(ADA, Erased())


def test_a_personal_value_hides_itself_in_its_representation() -> None:
    """R-IDN-18"""
    assert "example" not in f"{MAIL} {MAIL!r} {HAS_MAIL!r}"
    with pytest.raises(AttributeError):
        MAIL.value = "x"
    assert {MAIL: 1}[Personal(ADA, "ada@example.org")] == 1
    assert MAIL not in {Personal(ADA, Erased()), "ada@example.org"}


history = st.lists(
    st.sampled_from([CREATED, HAS_MAIL, VERIFIED, HAS_PASSWORD, GOOGLE, ERASED]), max_size=8
)


@for_any(history)
def test_the_fold_accepts_every_recorded_event(happened: list[events.UserEvent]) -> None:
    """R-EVT-14"""
    assert isinstance(USER.fold(happened), Unregistered | Registered | ErasedUser)


def test_every_event_of_an_account_is_named_after_it() -> None:
    """R-EVT-01"""
    kinds: tuple[Any, ...] = get_args(events.UserEvent)
    assert all(kind.event_name.startswith("user.") for kind in kinds)


APP = events.SecondFactorAdded(factor_id="app", kind="totp", at=AT, name=None)


def passkey(number: int) -> events.SecondFactorAdded:
    name = Personal(ADA, f"Key {number}")
    return events.SecondFactorAdded(factor_id=f"key-{number}", kind="passkey", at=AT, name=name)


def test_an_account_has_one_authenticator_app() -> None:
    """R-IDN-18."""
    add = factor_commands.AddSecondFactor(factor_id="app", kind="totp", is_confirmed=False, at=AT)
    given(CREATED).when(add).then(APP)
    given(CREATED, APP).when(add).then_nothing()
    other = factor_commands.AddSecondFactor(
        factor_id="other", kind="totp", is_confirmed=True, at=AT
    )
    given(CREATED, APP).when(other).then_rejected(factor_commands.SecondFactorsFull)
    remove = factor_commands.RemoveSecondFactor(factor_id="app", at=AT)
    removed = events.SecondFactorRemoved(factor_id="app", at=AT)
    given(CREATED, APP).when(remove).then(removed)
    given(CREATED, APP, removed).when(remove).then_rejected(factor_commands.SecondFactorUnknown)


def test_a_second_factor_beside_another_one_needs_a_confirmed_sign_in() -> None:
    """R-IDN-18: also if both are added at the same moment."""
    add = factor_commands.AddSecondFactor(
        factor_id="key-1", kind="passkey", is_confirmed=False, at=AT
    )
    added = events.SecondFactorAdded(factor_id="key-1", kind="passkey", at=AT, name=None)
    given(CREATED).when(add).then(added)
    given(CREATED, added).when(add).then_nothing()
    given(CREATED, APP).when(add).then_rejected(factor_commands.SecondFactorRequired)
    given(CREATED, APP).when(replace(add, is_confirmed=True)).then(added)


def test_recovery_codes_are_replaced_only_beside_a_factor() -> None:
    """R-IDN-18."""
    renewed = factor_commands.ReplaceRecoveryCodes(at=AT)
    given(CREATED, APP).when(renewed).then(events.RecoveryCodesReplaced(at=AT))
    given(CREATED).when(renewed).then_nothing()


def test_second_factors_are_reset_together() -> None:
    """R-IDN-18."""
    reset = factor_commands.ResetSecondFactors(at=AT)
    given(CREATED, APP).when(reset).then(events.SecondFactorsReset(at=AT))
    given(CREATED).when(reset).then_nothing()


def test_an_account_has_ten_passkeys_at_most() -> None:
    """R-IDN-18: beside an authenticator app."""
    name = Personal(ADA, "Key 1")
    add = factor_commands.AddSecondFactor(
        factor_id="key-1", kind="passkey", is_confirmed=True, at=AT, name=name
    )
    given(CREATED, APP).when(add).then(passkey(1))
    given(CREATED, APP, passkey(1)).when(add).then_nothing()
    ten = [passkey(number) for number in range(2, 12)]
    given(CREATED, APP, *ten).when(add).then_rejected(factor_commands.PasskeysFull)
    given(CREATED, *ten[1:]).when(add).then(passkey(1))


@pytest.mark.parametrize("name", ["", " Laptop", "Laptop ", "x" * 101])
def test_a_passkey_has_a_readable_name(name: str) -> None:
    """R-IDN-18."""
    with pytest.raises(InvalidValue):
        factor_commands.AddSecondFactor(
            factor_id="key-1", kind="passkey", is_confirmed=True, at=AT, name=Personal(ADA, name)
        )
