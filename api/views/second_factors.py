"""Inputs and views of second factors."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr

from api.views.base import Body, StrictBody
from api.views.users import UserBody
from application.users.second_factors import Enrolled
from application.users.tokens import Confirmed
from domain.users.identities import MAX_NAME_LENGTH, FactorKind


class ConfirmedBody(Body):
    """An access token of a confirmed sign-in, whose refresh token stays valid."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  no secret
    expires_in: int
    user: UserBody

    @classmethod
    def of(cls, confirmed: Confirmed) -> "ConfirmedBody":
        """Return the token of a confirmation."""
        return cls(
            access_token=confirmed.access_token,
            expires_in=confirmed.expires_in_s,
            user=UserBody.of(confirmed.user),
        )


class CodeInput(StrictBody):
    """A code of the authenticator app, or a recovery code."""

    code: Annotated[SecretStr, Field(min_length=1, max_length=64)]


class SecondFactorBody(Body):
    """A second factor: an authenticator app or a passkey. Only a passkey has a name."""

    id: str
    kind: FactorKind
    name: str | None
    added_at: datetime


class SecondFactorsBody(Body):
    """Second factors of the caller, and the number of recovery codes that are left."""

    items: list[SecondFactorBody]
    recovery_codes: int


class AppEnrolmentBody(Body):
    """A new authenticator app: its secret, as text, `otpauth` URI and QR code (a data URI)."""

    id: str
    secret: str
    uri: str
    qr_code: str


class PasskeyOptions(Body):
    """Options for `navigator.credentials`, in the JSON form of WebAuthn.

    Their challenge is valid once, for five minutes.
    """

    public_key: dict[str, Any]


class PasskeyResponse(StrictBody):
    """The response of `navigator.credentials`, in the JSON form of WebAuthn (`toJSON`)."""

    credential: dict[str, Any]


PasskeyName = Annotated[str, Field(min_length=1, max_length=MAX_NAME_LENGTH)]


class NewPasskey(PasskeyResponse):
    """A new passkey, and what the user calls it."""

    name: PasskeyName


class RenamedPasskey(StrictBody):
    """What the user calls a passkey from now on."""

    name: PasskeyName


class EnrolledBody(ConfirmedBody):
    """A confirmed sign-in; recovery codes if it is the first factor. They are not shown again."""

    recovery_codes: list[str]

    @classmethod
    def added(cls, result: Enrolled) -> "EnrolledBody":
        """Return the view of an added factor."""
        token = ConfirmedBody.of(result.confirmed)
        return cls(**vars(token), recovery_codes=list(result.recovery_codes))


class RecoveryCodes(Body):
    """New recovery codes. They are not shown again."""

    recovery_codes: list[str]
