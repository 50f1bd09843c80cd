"""Users who set up and confirm second factors."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pyotp

from application.users.tokens import AccessClaims, SignedIn
from domain.kernel import Origin
from tests.application.users.users_fixture import UsersFixture


def claims(users: UsersFixture, signed_in: SignedIn) -> AccessClaims:
    return users.sign_in_service.authenticate_unconfirmed(signed_in.access_token)


def code_at(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def enrols(users: UsersFixture, signed_in: SignedIn) -> tuple[str, Sequence[str]]:
    """Add an app; return its secret and the recovery codes."""
    theirs = claims(users, signed_in)
    app = users.second_factors.begin_app(theirs)
    added = users.second_factors.confirm_app(
        theirs, app.id, code_at(app.secret, users.now), origin=users.origin, command_id=uuid4()
    )
    assert users.sign_in_service.authenticate(added.confirmed.access_token).assurance == "full"
    users.later(60)
    return app.secret, added.recovery_codes


def acting(users: UsersFixture, actor: str) -> Origin:
    return replace(users.origin, actor=actor)


def confirms(users: UsersFixture, signed_in: SignedIn, code: str) -> None:
    confirmed = users.second_factors.confirm(claims(users, signed_in), code, origin=users.origin)
    users.sign_in_service.authenticate(confirmed.access_token)
