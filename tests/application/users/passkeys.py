"""Steps of tests about passkeys."""

from collections.abc import Sequence
from uuid import uuid4

from application.users.tokens import AccessClaims, SignedIn
from domain.ids import DEFAULT_TENANT, TenantId
from tests.application.users.users_fixture import UsersFixture
from tests.peers.authenticator import Authenticator

BOB = "bob@example.org"


def claims(users: UsersFixture, signed_in: SignedIn) -> AccessClaims:
    return users.sign_in_service.authenticate_unconfirmed(signed_in.access_token)


def adds(
    users: UsersFixture, signed_in: SignedIn, device: Authenticator, name: str = "Laptop"
) -> Sequence[str]:
    """Add a passkey; return the recovery codes."""
    theirs = claims(users, signed_in)
    response = device.create(users.passkeys.begin_enrolment(theirs))
    added = users.passkeys.enrol(theirs, name, response, origin=users.origin, command_id=uuid4())
    assert users.sign_in_service.authenticate(added.confirmed.access_token).assurance == "full"
    return added.recovery_codes


def signs_in(
    users: UsersFixture, device: Authenticator, tenant_id: TenantId = DEFAULT_TENANT
) -> SignedIn:
    response = device.get(users.passkeys.begin_sign_in(tenant_id))
    return users.passkeys.sign_in(tenant_id, response)


def confirms(users: UsersFixture, signed_in: SignedIn, device: Authenticator) -> None:
    theirs = claims(users, signed_in)
    response = device.get(users.passkeys.begin_confirmation(theirs))
    confirmed = users.passkeys.confirm(theirs, response)
    users.sign_in_service.authenticate(confirmed.access_token)


def sign_ins(users: UsersFixture, signed_in: SignedIn) -> int:
    user = signed_in.user
    return len(users.sign_in_service.active_sign_ins(user.tenant_id, user.id))
