"""Events of a user.

Identifying fields are `Personal`: the log stores them encrypted with a key of the person. Passwords
and their hashes are never in events. `PasswordSet` only records that there is one; the hash is in a
table, where it can be changed and deleted.
"""

from datetime import date, datetime

from domain.coaching.preferences import CuePreferences
from domain.kernel import event
from domain.personal import Personal
from domain.pose_coach.key import PoseCoachKey
from domain.users.identities import (
    ConsentPurpose,
    ConsentSource,
    EmailKind,
    FactorKind,
    Provider,
    Units,
)
from domain.users.preferences import Display, EmailPreferences, EmailPreferenceSource


@event("user.created")
class UserCreated:
    time_zone: str
    locale: str
    at: datetime


@event("user.profile_changed")
class ProfileChanged:
    time_zone: str
    locale: str


@event("user.details_changed")
class DetailsChanged:
    username: Personal[str] | None
    birth_date: Personal[date] | None
    units: Units


@event("user.training_profile_changed")
class TrainingProfileChanged:
    """Training preferences: `body_mass_kg`, None if unknown.

    `healthkit`: the person's device writes completed sessions to HealthKit.
    """

    body_mass_kg: Personal[float] | None
    healthkit: bool


@event("user.cue_preferences_changed")
class CuePreferencesChanged:
    preferences: CuePreferences


@event("user.display_changed")
class DisplayChanged:
    display: Display


@event("user.email_preferences_changed")
class EmailPreferencesChanged:
    preferences: EmailPreferences
    source: EmailPreferenceSource
    at: datetime


@event("user.email_changed")
class EmailChanged:
    email: Personal[str]


@event("user.email_verified")
class EmailVerified:
    at: datetime


@event("user.password_set")
class PasswordSet:
    at: datetime


@event("user.password_removed")
class PasswordRemoved:
    at: datetime


@event("user.identity_linked")
class IdentityLinked:
    provider: Provider
    subject: Personal[str]
    at: datetime


@event("user.identity_unlinked")
class IdentityUnlinked:
    provider: Provider
    at: datetime


@event("user.pose_coach_key_assigned")
class PoseCoachKeyAssigned:
    key: Personal[PoseCoachKey]


@event("user.consent_given", version=2)
class ConsentGiven:
    purpose: ConsentPurpose
    version: str
    at: datetime
    source: ConsentSource


@event("user.consent_withdrawn", version=2)
class ConsentWithdrawn:
    purpose: ConsentPurpose
    at: datetime
    source: ConsentSource


@event("user.leaderboards_joined")
class LeaderboardsJoined:
    """Other members see this person's results under the pseudonym from now on."""

    pseudonym: Personal[str]
    at: datetime


@event("user.leaderboards_left")
class LeaderboardsLeft:
    at: datetime


@event("user.suspended")
class UserSuspended:
    at: datetime


@event("user.reactivated")
class UserReactivated:
    at: datetime


@event("user.email_requested")
class EmailRequested:
    """An e-mail to this user is due. Its secret link is made when it is sent."""

    kind: EmailKind
    at: datetime
    provider: Provider | None = None


@event("user.erased")
class UserErased:
    at: datetime


@event("user.second_factor_added", version=2)
class SecondFactorAdded:
    """A second factor is required to sign in from now on. Its key is stored outside the log.

    `name` is what the person calls a passkey.
    """

    factor_id: str
    kind: FactorKind
    at: datetime
    name: Personal[str] | None


@event("user.second_factor_renamed")
class SecondFactorRenamed:
    """The person calls a passkey something else."""

    factor_id: str
    name: Personal[str]


@event("user.second_factor_removed")
class SecondFactorRemoved:
    factor_id: str
    at: datetime


@event("user.second_factors_reset")
class SecondFactorsReset:
    """An administrator or operator, the actor, has removed all second factors of a person."""

    at: datetime


@event("user.recovery_codes_replaced")
class RecoveryCodesReplaced:
    """The person has new recovery codes; those that came with a factor are void."""

    at: datetime


SignInEvent = (
    EmailChanged | EmailVerified | PasswordSet | PasswordRemoved | IdentityLinked | IdentityUnlinked
)
"""Events about sign-in methods."""

AgreementEvent = ConsentGiven | ConsentWithdrawn | LeaderboardsJoined | LeaderboardsLeft
"""Events about consents and leaderboard membership."""

FactorEvent = (
    SecondFactorAdded
    | SecondFactorRenamed
    | SecondFactorRemoved
    | SecondFactorsReset
    | RecoveryCodesReplaced
)
"""Events about second factors."""

AccountEvent = (
    SignInEvent
    | AgreementEvent
    | FactorEvent
    | ProfileChanged
    | DetailsChanged
    | CuePreferencesChanged
    | TrainingProfileChanged
    | DisplayChanged
    | EmailPreferencesChanged
    | PoseCoachKeyAssigned
    | UserSuspended
    | UserReactivated
    | EmailRequested
)
"""Events of an existing account."""

UserEvent = UserCreated | AccountEvent | UserErased
