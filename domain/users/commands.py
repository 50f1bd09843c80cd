"""Commands of a user, and their refusals."""

import re
from datetime import datetime

from domain.coaching.preferences import CuePreferences, check_mutable
from domain.kernel import Rejected, command
from domain.personal import Erased, Personal
from domain.pose_coach.key import PoseCoachKey
from domain.users.factor_commands import FactorCommand
from domain.users.identities import (
    ConsentPurpose,
    ConsentSource,
    EmailKind,
    Provider,
    Units,
    email_address,
    provider_named,
    require_name,
)
from domain.users.preferences import (
    Display,
    EmailPreferences,
    EmailTopic,
    Profile,
    TrainingProfile,
)
from domain.users.pseudonyms import pseudonym
from domain.values import InvalidValue, time_zone

LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
"""BCP 47 language tags as used for locales, such as `en` or `pt-BR`."""


def locale(tag: str) -> str:
    """Return a well-formed language tag. Raises InvalidValue."""
    if not LANGUAGE_TAG.fullmatch(tag):
        raise InvalidValue(f"{tag!r} is not a language tag. Use one such as en or pt-BR.")
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
    """Change parts of the profile; what is None stays. With `expected`, only if that is current."""

    time_zone: str | None = None
    locale: str | None = None
    username: Personal[str] | None = None
    clear_username: bool = False
    units: Units | None = None
    expected: Profile | None = None

    def __post_init__(self) -> None:
        if self.time_zone is not None:
            time_zone(self.time_zone)
        if self.locale is not None:
            locale(self.locale)
        require_name(self.username)


@command
class ChangeCuePreferences:
    """Replace all cue preferences."""

    preferences: CuePreferences
    expected: CuePreferences | None = None

    def __post_init__(self) -> None:
        check_mutable(self.preferences.muted)


@command
class ChangeTrainingProfile:
    """Replace all training preferences."""

    profile: TrainingProfile
    expected: TrainingProfile | None = None


@command
class ChangeDisplay:
    """Replace all display preferences."""

    display: Display
    expected: Display | None = None


@command
class ChangeEmailPreferences:
    """Replace all e-mail preferences."""

    preferences: EmailPreferences
    at: datetime


@command
class Unsubscribe:
    """Stop e-mails about a topic, by the link in one of them."""

    topic: EmailTopic
    at: datetime


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
class RequestEmail:
    """Request an e-mail to the user, about `provider` where its kind has one."""

    kind: EmailKind
    at: datetime
    provider: Provider | None = None


@command
class LinkIdentity:
    provider: Provider
    subject: Personal[str]
    at: datetime

    def __post_init__(self) -> None:
        provider_named(self.provider)


@command
class UnlinkIdentity:
    """Unlink a provider. `is_taken`: its identity signs in to another account, not to this one."""

    provider: Provider
    at: datetime
    is_taken: bool = False

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
    expected_pseudonym: str | None = None


@command
class JoinLeaderboards:
    """Join leaderboards under a pseudonym, or change it.

    To leave, withdraw the consent `leaderboards`. `expected_pseudonym` is the current one, "" for
    none, or None for any.
    """

    pseudonym: Personal[str]
    at: datetime
    expected_pseudonym: str | None = None

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
"""Commands about the sign-in methods of an existing account."""

AgreementCommand = GiveConsent | WithdrawConsent | JoinLeaderboards
"""Commands about consents and leaderboard membership."""

AccountCommand = (
    SignInCommand
    | AgreementCommand
    | FactorCommand
    | ChangeProfile
    | ChangeCuePreferences
    | ChangeTrainingProfile
    | ChangeDisplay
    | ChangeEmailPreferences
    | Unsubscribe
    | AssignPoseCoachKey
    | SuspendUser
    | ReactivateUser
    | RequestEmail
    | EraseUser
)
"""Commands of an existing account."""

UserCommand = RegisterUser | AccountCommand


class UserAlreadyRegistered(Rejected):
    """This user is already registered."""

    code = "user.already_registered"


class UserUnknown(Rejected):
    """There is no such user."""

    code = "user.unknown"
    kind = "not_found"


class ProfileMoved(Rejected):
    """The profile has changed. Read it again before you change it."""

    code = "user.profile_moved"
    kind = "stale"


class TrainingProfileMoved(Rejected):
    """The training settings have changed. Read them again before you change them."""

    code = "user.training_profile_moved"
    kind = "stale"


class DisplayMoved(Rejected):
    """The display settings have changed. Read them again before you change them."""

    code = "user.display_moved"
    kind = "stale"


class CuePreferencesMoved(Rejected):
    """The cue preferences have changed. Read them again before you change them."""

    code = "user.cue_preferences_moved"
    kind = "stale"


class EmailMissing(Rejected):
    """This requires an account with an e-mail address."""

    code = "user.email_missing"


class ProviderAlreadyLinked(Rejected):
    """Another identity of this provider is already linked. Unlink it first."""

    code = "user.provider_already_linked"


class LastWayToSignIn(Rejected):
    """An account needs a sign-in method. Set a password or link another identity first."""

    code = "user.last_way_to_sign_in"


class LeaderboardsNotAgreed(Rejected):
    """Leaderboards require your consent `leaderboards`."""

    code = "leaderboards.not_agreed"
    kind = "forbidden"


class PseudonymTellsName(Rejected):
    """The pseudonym must not reveal your name or address. Choose another one."""

    code = "leaderboards.pseudonym_tells_name"


class PseudonymTaken(Rejected):
    """This pseudonym, or one that looks like it, is or was used by another member."""

    code = "leaderboards.pseudonym_taken"


class MembershipMoved(Rejected):
    """The leaderboard membership has changed. Read it again before you change it."""

    code = "leaderboards.membership_moved"
    kind = "stale"
