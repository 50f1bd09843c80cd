"""User decider: a person with an account, who trains as an athlete.

An account and its stream belong to one tenant. The same person may have accounts in two tenants,
and neither tenant learns of the other (C-10). Roles are in the tenant (`domain.tenants`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from domain.coaching.preferences import CuePreferences
from domain.kernel import Decider, value
from domain.personal import Personal
from domain.pose_coach.key import PoseCoachKey
from domain.users import commands, events, factor_commands, factors, leaderboard_consent
from domain.users.factors import Factors
from domain.users.identities import Consent, ConsentPurpose, Identity, Provider, Units
from domain.users.leaderboard_consent import Consents
from domain.users.preferences import (
    Display,
    EmailPreferences,
    EmailPreferenceSource,
    Profile,
    TrainingProfile,
)


@value
class Unregistered:
    """There is no user with this id."""


@value
class Registered:
    """An existing account and its preferences."""

    time_zone: str
    locale: str
    units: Units = "metric"
    username: Personal[str] | None = None
    birth_date: Personal[date] | None = None
    email: Personal[str] | None = None
    email_verified: bool = False
    has_password: bool = False
    identities: tuple[Identity, ...] = ()
    pose_coach_key: Personal[PoseCoachKey] | None = None
    agreements: Consents = Consents()
    suspended: bool = False
    cues: CuePreferences = CuePreferences()
    training: TrainingProfile = TrainingProfile()
    display: Display = Display()
    emails: EmailPreferences = EmailPreferences()
    second_factors: Factors = ()

    def identity(self, provider: Provider) -> Identity | None:
        """Return the identity with a provider, or None."""
        return next((each for each in self.identities if each.provider == provider), None)

    @property
    def profile(self) -> Profile:
        """Profile of this user."""
        return Profile(self.username, self.units, self.time_zone, self.locale)

    @property
    def consents(self) -> tuple[Consent, ...]:
        """Consents of this user."""
        return self.agreements.consents

    def agreed(self, purpose: ConsentPurpose) -> Consent | None:
        """Return the consent for a purpose, or None."""
        return self.agreements.to(purpose)


@value
class Erased:
    """The account was erased. Its id is not used again."""


User = Unregistered | Registered | Erased


def decide(command: commands.UserCommand, user: User) -> tuple[events.UserEvent, ...]:
    """Return the events of a command in this state, or raise its refusal."""
    match command, user:
        case commands.RegisterUser(), Unregistered():
            return (
                events.UserCreated(
                    time_zone=command.time_zone, locale=command.locale, at=command.at
                ),
            )
        case commands.RegisterUser(), _:
            raise commands.UserAlreadyRegistered
        case commands.EraseUser(), Erased():
            return ()
        case _, Unregistered() | Erased():
            raise commands.UserUnknown
        case _, Registered():
            return _decide_registered(command, user)


def _decide_registered(
    command: commands.AccountCommand, user: Registered
) -> tuple[events.UserEvent, ...]:
    match command:
        case (
            commands.ChangeProfile()
            | commands.ChangeCuePreferences()
            | commands.ChangeTrainingProfile()
            | commands.ChangeDisplay()
            | commands.ChangeEmailPreferences()
            | commands.Unsubscribe()
        ):
            return _decide_preferences(command, user)
        case commands.AssignPoseCoachKey(key=key):
            return () if key == user.pose_coach_key else (events.PoseCoachKeyAssigned(key=key),)
        case commands.GiveConsent() | commands.WithdrawConsent() | commands.JoinLeaderboards():
            return leaderboard_consent.decide(command, user.agreements, (user.username, user.email))
        case (
            factor_commands.AddSecondFactor()
            | factor_commands.RenamePasskey()
            | factor_commands.RemoveSecondFactor()
            | factor_commands.ResetSecondFactors()
            | factor_commands.ReplaceRecoveryCodes()
        ):
            return factors.decide(command, user.second_factors)
        case commands.SuspendUser(at=at):
            return () if user.suspended else (events.UserSuspended(at=at),)
        case commands.ReactivateUser(at=at):
            return (events.UserReactivated(at=at),) if user.suspended else ()
        case commands.RequestEmail(kind=kind, provider=provider, at=at):
            requested = events.EmailRequested(kind=kind, provider=provider, at=at)
            return () if user.email is None else (requested,)
        case commands.EraseUser(at=at):
            return (events.UserErased(at=at),)
        case (
            commands.ChangeEmail()
            | commands.VerifyEmail()
            | commands.SetPassword()
            | commands.RemovePassword()
            | commands.LinkIdentity()
            | commands.UnlinkIdentity()
        ):
            return _decide_sign_in(command, user)


def _decide_preferences(
    command: commands.ChangeProfile
    | commands.ChangeCuePreferences
    | commands.ChangeTrainingProfile
    | commands.ChangeDisplay
    | commands.ChangeEmailPreferences
    | commands.Unsubscribe,
    user: Registered,
) -> tuple[events.UserEvent, ...]:
    match command:
        case commands.ChangeProfile(expected=expected):
            if expected not in {None, user.profile}:
                raise commands.ProfileMoved
            return tuple(_profile_changes(command, user))
        case commands.ChangeCuePreferences(preferences=wanted, expected=expected):
            if expected not in {None, user.cues}:
                raise commands.CuePreferencesMoved
            same = wanted == user.cues
            return () if same else (events.CuePreferencesChanged(preferences=wanted),)
        case commands.ChangeTrainingProfile(profile=profile, expected=expected):
            if expected not in {None, user.training}:
                raise commands.TrainingProfileMoved
            stated = events.TrainingProfileChanged(
                body_mass_kg=profile.body_mass_kg, healthkit=profile.healthkit
            )
            return () if profile == user.training else (stated,)
        case commands.ChangeDisplay(display=shown, expected=expected):
            if expected not in {None, user.display}:
                raise commands.DisplayMoved
            return () if shown == user.display else (events.DisplayChanged(display=shown),)
        case commands.ChangeEmailPreferences(preferences=emails, at=at):
            return tuple(_email_changes(user, emails, "account", at))
        case commands.Unsubscribe(topic=topic, at=at):
            return tuple(_email_changes(user, user.emails.without(topic), "link", at))


def _email_changes(
    user: Registered, emails: EmailPreferences, source: EmailPreferenceSource, at: datetime
) -> Iterator[events.EmailPreferencesChanged]:
    if emails != user.emails:
        yield events.EmailPreferencesChanged(preferences=emails, source=source, at=at)


def _profile_changes(
    command: commands.ChangeProfile, user: Registered
) -> Iterator[events.ProfileChanged | events.DetailsChanged]:
    zone, tag = command.time_zone or user.time_zone, command.locale or user.locale
    if (zone, tag) != (user.time_zone, user.locale):
        yield events.ProfileChanged(time_zone=zone, locale=tag)
    name = None if command.clear_username else command.username or user.username
    units = command.units or user.units
    if (name, units) != (user.username, user.units):
        yield events.DetailsChanged(username=name, birth_date=user.birth_date, units=units)


def _decide_sign_in(
    command: commands.SignInCommand, user: Registered
) -> tuple[events.UserEvent, ...]:
    match command:
        case commands.ChangeEmail(email=email):
            return () if email == user.email else (events.EmailChanged(email=email),)
        case commands.VerifyEmail(at=at):
            _require_email(user)
            return () if user.email_verified else (events.EmailVerified(at=at),)
        case commands.SetPassword(at=at):
            _require_email(user)
            return (events.PasswordSet(at=at),)
        case commands.RemovePassword(at=at):
            if not user.has_password:
                return ()
            _require_sign_in_method(len(user.identities))
            return (events.PasswordRemoved(at=at),)
        case commands.LinkIdentity(provider=provider, subject=subject, at=at):
            return _linked(
                user,
                provider,
                subject,
                events.IdentityLinked(provider=provider, subject=subject, at=at),
            )
        case commands.UnlinkIdentity(provider=provider, at=at, is_taken=is_taken):
            if user.identity(provider) is None:
                return ()
            if not is_taken:
                _require_sign_in_method(len(user.identities) - 1 + user.has_password)
            return (events.IdentityUnlinked(provider=provider, at=at),)


def _linked(
    user: Registered, provider: Provider, subject: Personal[str], linked: events.IdentityLinked
) -> tuple[events.UserEvent, ...]:
    existing = user.identity(provider)
    if existing is None:
        return (linked,)
    if existing.subject != subject:
        raise commands.ProviderAlreadyLinked
    return ()


def _require_email(user: Registered) -> None:
    if user.email is None:
        raise commands.EmailMissing


def _require_sign_in_method(remaining: int) -> None:
    if remaining == 0:
        raise commands.LastWayToSignIn


def evolve(user: User, event: events.UserEvent) -> User:
    """Apply an event. History is never refused."""
    match event, user:
        case events.UserErased(), _:
            return Erased()
        case _, Erased():
            return user
        case events.UserCreated(time_zone=zone, locale=tag), _:
            return Registered(zone, tag)
        case _, Unregistered():
            return user
        case _, Registered():
            return _evolve_registered(user, event)


def _evolve_registered(user: Registered, event: events.AccountEvent) -> Registered:
    match event:
        case events.ProfileChanged(time_zone=zone, locale=tag):
            return replace(user, time_zone=zone, locale=tag)
        case events.DetailsChanged(username=name, birth_date=born, units=units):
            return replace(user, username=name, birth_date=born, units=units)
        case (
            events.CuePreferencesChanged()
            | events.TrainingProfileChanged()
            | events.DisplayChanged()
            | events.EmailPreferencesChanged()
        ):
            return _evolve_preferences(user, event)
        case events.PoseCoachKeyAssigned(key=key):
            return replace(user, pose_coach_key=key)
        case (
            events.ConsentGiven()
            | events.ConsentWithdrawn()
            | events.LeaderboardsJoined()
            | events.LeaderboardsLeft()
        ):
            return replace(user, agreements=leaderboard_consent.evolve(user.agreements, event))
        case (
            events.SecondFactorAdded()
            | events.SecondFactorRenamed()
            | events.SecondFactorRemoved()
            | events.SecondFactorsReset()
            | events.RecoveryCodesReplaced()
        ):
            changed = factors.evolve(user.second_factors, event)
            return replace(user, second_factors=changed)
        case events.UserSuspended():
            return replace(user, suspended=True)
        case events.UserReactivated():
            return replace(user, suspended=False)
        case events.EmailRequested():
            return user
        case (
            events.EmailChanged()
            | events.EmailVerified()
            | events.PasswordSet()
            | events.PasswordRemoved()
            | events.IdentityLinked()
            | events.IdentityUnlinked()
        ):
            return _evolve_sign_in(user, event)


def _evolve_preferences(
    user: Registered,
    event: events.CuePreferencesChanged
    | events.TrainingProfileChanged
    | events.DisplayChanged
    | events.EmailPreferencesChanged,
) -> Registered:
    match event:
        case events.CuePreferencesChanged(preferences=wanted):
            return replace(user, cues=wanted)
        case events.TrainingProfileChanged(body_mass_kg=mass, healthkit=healthkit):
            return replace(user, training=TrainingProfile(mass, healthkit))
        case events.DisplayChanged(display=shown):
            return replace(user, display=shown)
        case events.EmailPreferencesChanged(preferences=emails):
            return replace(user, emails=emails)


def _evolve_sign_in(user: Registered, event: events.SignInEvent) -> Registered:
    match event:
        case events.EmailChanged(email=email):
            return replace(user, email=email, email_verified=False)
        case events.EmailVerified():
            return replace(user, email_verified=True)
        case events.PasswordSet():
            return replace(user, has_password=True)
        case events.PasswordRemoved():
            return replace(user, has_password=False)
        case events.IdentityLinked(provider=provider, subject=subject):
            identities = (*_other_identities(user, provider), Identity(provider, subject))
            return replace(user, identities=identities)
        case events.IdentityUnlinked(provider=provider):
            return replace(user, identities=_other_identities(user, provider))


def _other_identities(user: Registered, provider: Provider) -> tuple[Identity, ...]:
    return tuple(each for each in user.identities if each.provider != provider)


USER = Decider[commands.UserCommand, events.UserEvent, User](
    "user", initial=Unregistered(), decide=decide, evolve=evolve
)
