"""What travels when somebody registers, signs in, or forgot their password."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, SecretStr

from api.views.base import Body
from application.users.tokens import SignedIn, UserData
from domain.users.commands import LONGEST_NAME
from domain.users.display import Contrast, Dates, FirstDay, Theme
from domain.users.identities import LONGEST_ADDRESS, PROVIDER_NAME, Provider, Units

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


class PasswordWish(Asked):
    """A password that somebody thinks of, and what is known of them by whoever guesses."""

    password: Secret
    email: Annotated[str, Field(max_length=LONGEST_ADDRESS)] = ""
    username: Annotated[str, Field(max_length=LONGEST_NAME)] = ""


class PasswordJudgement(Body):
    """Whether a password would be taken; if not, why, and what would be better."""

    strong: bool
    words: str


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

    provider: Annotated[Provider, Field(pattern=f"^{PROVIDER_NAME}$", examples=["google"])]
    id_token: Annotated[SecretStr, Field(min_length=1, max_length=16_384)]
    nonce: Annotated[str, Field(max_length=256)] | None = None


class DisplayBody(Body):
    """How pages are shown to somebody, on whatever device they look."""

    first_day: FirstDay = Field("monday", description="Of a week.")
    dates: Dates = Field("locale", description="The order in which dates are written.")
    theme: Theme = "system"
    contrast: Contrast = "system"


class UserBody(Body):
    """Whoever signed in. Null is what is not known of them."""

    id: str
    tenant_id: str
    roles: list[str]
    email: str | None
    username: str | None
    time_zone: str
    locale: str
    display: DisplayBody
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
            display=DisplayBody.model_validate(data.display),
            pose_coach_uid=data.pose_coach_uid,
        )


class Tokens(Body):
    """The three things of R-IDN-09, and for how many seconds the access token is valid."""

    access_token: str
    refresh_token: str | None = Field(description="Null where the browser keeps it in a cookie.")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  no secret
    expires_in: int
    user: UserBody

    @classmethod
    def of(cls, signed_in: SignedIn, *, in_cookie: bool = False) -> "Tokens":
        """Hand over what somebody who signed in gets."""
        return cls(
            access_token=signed_in.access_token,
            refresh_token=None if in_cookie else signed_in.refresh_token,
            expires_in=signed_in.expires_in_s,
            user=UserBody.of(signed_in.user),
        )


class Accepted(Body):
    """The same whoever asks about whom: nobody learns who has an account."""

    status: Literal["accepted"] = "accepted"


class WhoIsHere(Body):
    """Who has signed in, for a page; null is nobody."""

    user: UserBody | None


class ProviderDoor(Body):
    """A provider, and the path by which people sign in with it."""

    name: str
    sign_in_path: str


class WaysIn(Body):
    """How people can sign in here (R-IDN-01)."""

    password: Literal[True] = True
    providers: list[ProviderDoor]


class OwnWays(Body):
    """How whoever asks can sign in to their account."""

    password: bool
    providers: list[str]


class ProviderPage(Body):
    """Where to go next: a page of the provider."""

    location: str


class SignInBody(Body):
    """A device that somebody has signed in with; `current` is the one that asks."""

    id: UUID
    began_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


class SignInsBody(Body):
    """All devices that are signed in, whichever was seen last first."""

    items: list[SignInBody]
