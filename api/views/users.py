"""Inputs and views of accounts, sign-in and passwords."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from api.views.base import Body, StrictBody, documented
from application.users.tokens import Assurance, SignedIn, UserData
from domain.tenants.join_policy import JoinKind
from domain.users.identities import (
    MAX_ADDRESS_LENGTH,
    MAX_NAME_LENGTH,
    MAX_PASSWORD_LENGTH,
    PROVIDER_NAME,
    Provider,
    Units,
)
from domain.users.preferences import Contrast, Dates, FirstDay, Theme

MAX_SECRET_LENGTH = 4096
"""Maximum characters of a password or token."""

Address = Annotated[
    str,
    Field(
        max_length=MAX_ADDRESS_LENGTH,
        examples=["ada@example.org"],
        json_schema_extra={"minLength": 3},
    ),
]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=MAX_SECRET_LENGTH)]
Password = Annotated[Secret, documented(maxLength=MAX_PASSWORD_LENGTH)]


class Registration(StrictBody):
    """Registration form (R-IDN-03)."""

    email: Address
    password: Password
    username: Annotated[str, Field(max_length=MAX_NAME_LENGTH)] | None = None
    time_zone: Annotated[str, Field(max_length=64)] = "UTC"
    locale: Annotated[str, Field(max_length=64)] = "en"
    units: Units = "metric"


class PasswordCandidate(StrictBody):
    """A password to rate, and what an attacker may know of the user."""

    password: Password
    email: Annotated[str, Field(max_length=MAX_ADDRESS_LENGTH)] = ""
    username: Annotated[str, Field(max_length=MAX_NAME_LENGTH)] = ""


class PasswordStrength(Body):
    """Result of a password check: whether it is accepted; if not, why and what to change."""

    strong: bool
    words: str


class Login(StrictBody):
    """E-mail address and password."""

    email: Address
    password: Password


class EmailOnly(StrictBody):
    """An e-mail address."""

    email: Address


class LinkToken(StrictBody):
    """The token of a link."""

    token: Secret


class EmailVerification(LinkToken):
    """The token of a verification link, and the password chosen at sign-up.

    The browser that registered needs no password. `replace_sign_in` lets a page that is signed in
    with another account sign in with this one.
    """

    password: Password | None = None
    replace_sign_in: bool = False


class PendingVerification(Body):
    """What a verification link verifies."""

    email: str
    needs_password: bool = Field(description="False in the browser that registered.")
    signed_in_as: str | None = Field(
        description="Name or address of another account that this browser is signed in with."
    )


class Refresh(StrictBody):
    """The newest refresh token."""

    refresh_token: Secret


class NewPassword(StrictBody):
    """The token of a password reset link, and the new password."""

    token: Secret
    password: Password


class PasswordChange(StrictBody):
    """The old password and the new one."""

    old_password: Password
    new_password: Password


class Reauthentication(StrictBody):
    """Confirmation of a change to the sign-in methods: the password, unless just signed in."""

    password: Password | None = None


class Exchange(StrictBody):
    """An ID token of a provider, and the `nonce` it was requested with, if any."""

    provider: Annotated[Provider, Field(pattern=f"^{PROVIDER_NAME}$", examples=["google"])]
    id_token: Annotated[SecretStr, Field(min_length=1, max_length=16_384)]
    nonce: Annotated[str, Field(max_length=256)] | None = None


class LinkedIdentity(Exchange, Reauthentication):
    """An ID token of a provider to link, and the password, unless just signed in."""


class DisplayBody(Body):
    """Display settings of a user, for all devices."""

    first_day: FirstDay = Field("monday", description="First day of the week.")
    dates: Dates = Field("locale", description="Order of day and month in dates.")
    theme: Theme = "system"
    contrast: Contrast = "system"


class UserBody(Body):
    """The current user. Unknown values are null."""

    id: str
    tenant_id: str
    roles: list[str]
    email: str | None
    username: str | None
    time_zone: str
    locale: str
    display: DisplayBody
    pose_coach_uid: str = Field(description="Key of the user in the stores of the pose coach.")

    @classmethod
    def of(cls, data: UserData) -> "UserBody":
        """Return the view of an account."""
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
    """Tokens (R-IDN-09); `expires_in` is the lifetime of the access token in seconds."""

    access_token: str
    refresh_token: str | None = Field(description="Null if set as a cookie.")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  no secret
    expires_in: int
    user: UserBody
    assurance: Assurance = Field(
        "full",
        description="`second_factor`: confirm the sign-in first, at"
        " `/v1/auth/second-factors/confirmation`. `enrolment`: add a second factor first, as a role"
        " of the user requires. Until then, tokens give access to these endpoints only.",
    )

    @classmethod
    def of(cls, signed_in: SignedIn, *, in_cookie: bool = False) -> "Tokens":
        """Return the tokens of a sign-in."""
        return cls(
            access_token=signed_in.access_token,
            refresh_token=None if in_cookie else signed_in.refresh_token,
            expires_in=signed_in.expires_in_s,
            user=UserBody.of(signed_in.user),
            assurance=signed_in.assurance,
        )


class Accepted(Body):
    """Always the same response: it does not reveal whether an account exists."""

    status: Literal["accepted"] = "accepted"


class CurrentSession(Body):
    """The current user, or null."""

    user: UserBody | None


class SignInProvider(Body):
    """A sign-in provider, and the path where signing in starts."""

    name: str
    sign_in_path: str


class SignInProviders(Body):
    """Sign-in methods of this server (R-IDN-01), and who may open an account in the tenant."""

    password: Literal[True] = True
    join: JoinKind
    providers: list[SignInProvider]


class LinkedProviders(Body):
    """Sign-in methods of the caller's account."""

    password: bool
    providers: list[str]


class ProviderPage(Body):
    """The provider's page to open next."""

    location: str


class SignInBody(Body):
    """A signed-in device; `current` marks the caller's."""

    id: UUID
    began_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


class SignInsBody(Body):
    """Signed-in devices, most recently seen first."""

    items: list[SignInBody]
