"""What travels when somebody registers, signs in, or forgot their password."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, SecretStr

from api.http.body import Body
from application.identity.tokens import SignedIn, UserData
from domain.users.commands import LONGEST_NAME
from domain.users.identities import LONGEST_ADDRESS, Provider, Units

LONGEST_SECRET = 4096
"""Characters that are taken of any password or token; longer ones are nobody's."""

Address = Annotated[str, Field(max_length=LONGEST_ADDRESS, examples=["ada@example.org"])]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST_SECRET)]


class Asked(Body):
    """A body with these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Registration(Asked):
    """The form of R-IDN-03."""

    email: Address
    password: Secret
    username: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    time_zone: Annotated[str, Field(max_length=64)] = "UTC"
    locale: Annotated[str, Field(max_length=64)] = "en"
    units: Units = "metric"


class Login(Asked):
    """An address and the password that belongs to it."""

    email: Address
    password: Secret


class EmailOnly(Asked):
    """An address to write to."""

    email: Address


class LinkToken(Asked):
    """The secret of a link."""

    token: Secret


class Refresh(Asked):
    """The newest refresh token."""

    refresh_token: Secret


class NewPassword(Asked):
    """The secret of a link to a new password, and that password."""

    token: Secret
    password: Secret


class PasswordChange(Asked):
    """The old password and the new one."""

    old_password: Secret
    new_password: Secret


class Exchange(Asked):
    """An identity token of another provider; `nonce` is what it was asked for with, if any."""

    provider: Provider
    id_token: Annotated[SecretStr, Field(min_length=1, max_length=16_384)]
    nonce: Annotated[str, Field(max_length=256)] | None = None


class UserBody(Body):
    """Whoever signed in. Null is what is not known of them."""

    id: str
    tenant_id: str
    roles: list[str]
    email: str | None
    username: str | None
    time_zone: str
    locale: str
    pose_coach_uid: str = Field(description="Their key in the stores of the pose coach.")

    @classmethod
    def of(cls, data: UserData) -> "UserBody":
        """Tell what a client shows."""
        return cls(
            id=data.id,
            tenant_id=data.tenant_id,
            roles=sorted(data.roles),
            email=data.email,
            username=data.username,
            time_zone=data.time_zone,
            locale=data.locale,
            pose_coach_uid=data.pose_coach_uid,
        )


class Tokens(Body):
    """The three things of R-IDN-09, and for how many seconds the access token is valid."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  no secret
    expires_in: int
    user: UserBody

    @classmethod
    def of(cls, signed_in: SignedIn) -> "Tokens":
        """Hand over what somebody who signed in gets."""
        return cls(
            access_token=signed_in.access_token,
            refresh_token=signed_in.refresh_token,
            expires_in=signed_in.expires_in_s,
            user=UserBody.of(signed_in.user),
        )


class Accepted(Body):
    """The same whoever asks about whom: nobody learns who has an account."""

    status: Literal["accepted"] = "accepted"
