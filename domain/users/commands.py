"""What may be asked of a user's account, and how it is refused."""

import re
from datetime import date, datetime

from domain.coaching.preferences import CuePreferences, check_mutable
from domain.kernel import Rejected, command
from domain.personal import Erased, Personal
from domain.pose_coach import PoseCoachKey
from domain.users.identities import (
    ConsentPurpose,
    ConsentSource,
    Provider,
    Units,
    email_address,
    provider_named,
)
from domain.users.preferences import Display, TrainingProfile
from domain.users.pseudonyms import pseudonym
from domain.values import InvalidValue, time_zone

LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
"""The shape of the tags of BCP 47 that locales use, such as `en` or `pt-BR`."""

MAX_NAME_LENGTH = 100
"""Characters of a name; those of every language fit."""


def locale(tag: str) -> str:
    """Return the tag if it has the shape of a language tag; InvalidValue otherwise."""
    if not LANGUAGE_TAG.fullmatch(tag):
        raise InvalidValue(f"{tag!r} is not a language tag such as en or pt-BR.")
    return tag


@command
class RegisterUser:
    time_zone: str = "UTC"
    locale: str = "en"
    at: datetime

    def __post_init__(self) -> None:
        time_zone(self.time_zone)
        locale(self.locale)


@command
class ChangeProfile:
    time_zone: str
    locale: str

    def __post_init__(self) -> None:
        time_zone(self.time_zone)
        locale(self.locale)


@command
class ChangeDetails:
    username: Personal[str] | None = None
    birth_date: Personal[date] | None = None
    units: Units = "metric"

    def __post_init__(self) -> None:
        name = None if self.username is None else self.username.value
        if isinstance(name, str) and not (0 < len(name.strip()) == len(name) <= MAX_NAME_LENGTH):
            raise InvalidValue(
                f"A name has 1 to {MAX_NAME_LENGTH} characters, none blank at its ends."
            )


@command
class ChangeCuePreferences:
    """How an athlete wants to be coached, all of it."""

    preferences: CuePreferences

    def __post_init__(self) -> None:
        check_mutable(self.preferences.muted)


@command
class ChangeTrainingProfile:
    """What training is reckoned with, all of it."""

    profile: TrainingProfile


@command
class ChangeDisplay:
    """How pages are to be shown to somebody, all of it."""

    display: Display


@command
class ChangeEmail:
    email: Personal[str]

    def __post_init__(self) -> None:
        if not isinstance(self.email.value, Erased):
            email_address(self.email.value)


@command
class VerifyEmail:
    at: datetime


@command
class SetPassword:
    at: datetime


@command
class RemovePassword:
    at: datetime


@command
class LinkIdentity:
    provider: Provider
    subject: Personal[str]
    at: datetime

    def __post_init__(self) -> None:
        provider_named(self.provider)


@command
class UnlinkIdentity:
    provider: Provider
    at: datetime

    def __post_init__(self) -> None:
        provider_named(self.provider)


@command
class AssignPoseCoachKey:
    key: Personal[PoseCoachKey]


@command
class GiveConsent:
    purpose: ConsentPurpose
    version: str
    at: datetime
    source: ConsentSource = "unknown"


@command
class WithdrawConsent:
    purpose: ConsentPurpose
    at: datetime
    source: ConsentSource = "unknown"


@command
class JoinLeaderboards:
    """Let others of the organisation see one's results under a pseudonym, or under another one.

    Whoever wants to leave takes the consent `leaderboards` back.
    """

    pseudonym: Personal[str]
    at: datetime

    def __post_init__(self) -> None:
        if not isinstance(self.pseudonym.value, Erased):
            pseudonym(self.pseudonym.value)


@command
class SuspendUser:
    at: datetime


@command
class ReactivateUser:
    at: datetime


@command
class EraseUser:
    at: datetime


SignInCommand = (
    ChangeEmail | VerifyEmail | SetPassword | RemovePassword | LinkIdentity | UnlinkIdentity
)
"""What concerns the ways to sign in to an account that is there."""

AgreementCommand = GiveConsent | WithdrawConsent | JoinLeaderboards
"""What concerns what somebody agrees to, and what they do with it."""

AccountCommand = (
    SignInCommand
    | AgreementCommand
    | ChangeProfile
    | ChangeDetails
    | ChangeCuePreferences
    | ChangeTrainingProfile
    | ChangeDisplay
    | AssignPoseCoachKey
    | SuspendUser
    | ReactivateUser
    | EraseUser
)
"""What may be asked of an account that is there."""

UserCommand = RegisterUser | AccountCommand


class UserAlreadyRegistered(Rejected):
    """A user registers once."""

    code = "user.already_registered"


class UserUnknown(Rejected):
    """Nobody is registered under this id."""

    code = "user.unknown"
    kind = "not_found"


class ProfileMoved(Rejected):
    """The profile was changed meanwhile; look at it again before changing it."""

    code = "user.profile_moved"
    kind = "stale"


class TrainingProfileMoved(Rejected):
    """The training profile was changed meanwhile; look at it again before changing it."""

    code = "user.training_profile_moved"
    kind = "stale"


class DisplayMoved(Rejected):
    """How pages are shown was changed meanwhile; look at it again before changing it."""

    code = "user.display_moved"
    kind = "stale"


class CuePreferencesMoved(Rejected):
    """The cue preferences were changed meanwhile; look at them again before changing them."""

    code = "user.cue_preferences_moved"
    kind = "stale"


class EmailMissing(Rejected):
    """Only an account with an e-mail address can have it verified or sign in with a password."""

    code = "user.email_missing"


class ProviderAlreadyLinked(Rejected):
    """An account has one identity of each provider; unlink the other one first."""

    code = "user.provider_already_linked"


class LastWayToSignIn(Rejected):
    """An account keeps a way to sign in: set a password or link another identity first."""

    code = "user.last_way_to_sign_in"


class LeaderboardsNotAgreed(Rejected):
    """Others see somebody's results only with that person's consent `leaderboards`."""

    code = "leaderboards.not_agreed"
    kind = "forbidden"


class PseudonymTellsName(Rejected):
    """A pseudonym says nothing of one's own name or address; choose another one."""

    code = "leaderboards.pseudonym_tells_name"


class PseudonymTaken(Rejected):
    """Somebody else of the organisation has or had this pseudonym, or one that looks like it."""

    code = "leaderboards.pseudonym_taken"


class MembershipMoved(Rejected):
    """It was changed meanwhile how others see you; look at it again before changing it."""

    code = "leaderboards.membership_moved"
    kind = "stale"
