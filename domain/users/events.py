"""What happens to a user: a person with an account.

What identifies the person is `Personal`: it lies in the log sealed with a key of their own. A
password is never in an event, nor is its hash: `PasswordSet` only marks that there is one, and
the hash lies in a table that can be changed and emptied.
"""

from datetime import date, datetime

from domain.coaching.preferences import CuePreferences
from domain.kernel import event
from domain.personal import Personal
from domain.pose_coach import PoseCoachKey
from domain.users.identities import ConsentPurpose, ConsentSource, Provider, Units
from domain.users.preferences import Display


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
    """What training is reckoned with: `body_mass_kg`, None where nothing is said.

    `healthkit`: whether completed sessions are to be written to HealthKit by the person's device.
    """

    body_mass_kg: Personal[float] | None
    healthkit: bool


@event("user.cue_preferences_changed")
class CuePreferencesChanged:
    preferences: CuePreferences


@event("user.display_changed")
class DisplayChanged:
    display: Display


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
    """Others of the organisation see this person's results under the pseudonym from now on."""

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


@event("user.erased")
class UserErased:
    at: datetime


SignInEvent = (
    EmailChanged | EmailVerified | PasswordSet | PasswordRemoved | IdentityLinked | IdentityUnlinked
)
"""What happens to the ways to sign in to an account."""

AgreementEvent = ConsentGiven | ConsentWithdrawn | LeaderboardsJoined | LeaderboardsLeft
"""What somebody agreed to, and what they did with it."""

AccountEvent = (
    SignInEvent
    | AgreementEvent
    | ProfileChanged
    | DetailsChanged
    | CuePreferencesChanged
    | TrainingProfileChanged
    | DisplayChanged
    | PoseCoachKeyAssigned
    | UserSuspended
    | UserReactivated
)
"""What happens to an account between its beginning and its end."""

UserEvent = UserCreated | AccountEvent | UserErased
