"""Commands of second factors, and their refusals."""

from datetime import datetime

from domain.kernel import Rejected, command
from domain.personal import Personal
from domain.users.identities import FactorKind, require_name


@command
class AddSecondFactor:
    """Add a factor; `is_confirmed` says whether another factor has confirmed the sign-in."""

    factor_id: str
    kind: FactorKind
    is_confirmed: bool
    at: datetime
    name: Personal[str] | None = None

    def __post_init__(self) -> None:
        require_name(self.name)


@command
class RenamePasskey:
    """Give a passkey another name."""

    factor_id: str
    name: Personal[str]

    def __post_init__(self) -> None:
        require_name(self.name)


@command
class RemoveSecondFactor:
    """Remove one factor."""

    factor_id: str
    at: datetime


@command
class ResetSecondFactors:
    """Remove all second factors of a person who has lost them."""

    at: datetime


@command
class ReplaceRecoveryCodes:
    """Make the recovery codes void, before new ones are given."""

    at: datetime


FactorCommand = (
    AddSecondFactor | RenamePasskey | RemoveSecondFactor | ResetSecondFactors | ReplaceRecoveryCodes
)
"""Commands about second factors."""


class SecondFactorsFull(Rejected):
    """Your account already has an authenticator app. Remove it first."""

    code = "user.second_factors_full"


class PasskeysFull(Rejected):
    """Your account already has ten passkeys. Remove one first."""

    code = "user.passkeys_full"


class SecondFactorRequired(Rejected):
    """Confirm this sign-in with your second factor first."""

    code = "auth.second_factor_required"
    kind = "forbidden"


class SecondFactorUnknown(Rejected):
    """There is no such second factor."""

    code = "user.second_factor_unknown"
    kind = "not_found"
