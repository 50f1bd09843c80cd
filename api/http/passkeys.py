"""Passkeys over REST: added and used as second factors, and to sign in without a password."""

from fastapi import APIRouter, Depends

from api.caller import CurrentCaller, Id
from api.http.auth import CurrentTokenDelivery, Services, require_tenant
from api.http.confirmation import UnconfirmedClaims, UnconfirmedCommandId
from api.http.rate_limits import rate_limited
from api.http.second_factors import origin_of, require_confirmed_or_first, require_recent
from api.problem_details import problem_responses
from api.views.second_factors import (
    ConfirmedBody,
    EnrolledBody,
    NewPasskey,
    PasskeyOptions,
    PasskeyResponse,
    RenamedPasskey,
)
from api.views.users import Reauthentication, Tokens

router = APIRouter(
    prefix="/v1/auth/second-factors",
    tags=["auth"],
    dependencies=[Depends(rate_limited)],
    responses=problem_responses(401, 403, 422, 429, 503),
)
signing_in = APIRouter(
    prefix="/v1/auth/passkey",
    tags=["auth"],
    dependencies=[Depends(rate_limited), Depends(require_tenant)],
    responses=problem_responses(403, 404, 422, 429, 503),
)


@router.post(
    "/passkeys/options",
    operation_id="beginPasskey",
    summary="Begin to add a passkey",
    responses=problem_responses(409),
)
def begin_passkey(
    caller: CurrentCaller,
    services: Services,
    claims: UnconfirmedClaims,
    body: Reauthentication | None = None,
) -> PasskeyOptions:
    """Return the options for `navigator.credentials.create`.

    The sign-in must be recent, or the password sent.
    """
    require_recent(caller, claims, body)
    return PasskeyOptions(public_key=dict(services.passkeys.begin_enrolment(claims)))


@router.post(
    "/passkeys",
    operation_id="addPasskey",
    summary="Add a passkey",
    responses=problem_responses(409),
)
def add_passkey(
    caller: CurrentCaller,
    services: Services,
    claims: UnconfirmedClaims,
    command_id: UnconfirmedCommandId,
    body: NewPasskey,
) -> EnrolledBody:
    """Add a passkey that `navigator.credentials.create` made. The first factor has recovery codes.

    If the response is lost, repeat the request with the same key within five minutes: the recovery
    codes of the last response count.
    """
    require_confirmed_or_first(claims)
    return EnrolledBody.added(
        services.passkeys.enrol(
            claims,
            body.name.strip(),
            body.credential,
            origin=origin_of(caller, claims),
            command_id=command_id,
        )
    )


@router.patch(
    "/passkeys/{factor_id}",
    operation_id="renamePasskey",
    summary="Rename a passkey",
    status_code=204,
    responses=problem_responses(404),
)
def rename_passkey(
    caller: CurrentCaller,
    services: Services,
    claims: UnconfirmedClaims,
    command_id: UnconfirmedCommandId,
    factor_id: Id,
    body: RenamedPasskey,
) -> None:
    """Change what the user calls a passkey. The sign-in must be confirmed, if it has to be."""
    require_confirmed_or_first(claims)
    services.passkeys.rename(
        claims,
        factor_id,
        body.name.strip(),
        origin=origin_of(caller, claims),
        command_id=command_id,
    )


@router.post(
    "/passkey-confirmation/options",
    operation_id="beginPasskeyConfirmation",
    summary="Begin a confirmation with a passkey",
)
def begin_confirmation(services: Services, claims: UnconfirmedClaims) -> PasskeyOptions:
    """Return the options for `navigator.credentials.get`, with the caller's passkeys."""
    return PasskeyOptions(public_key=dict(services.passkeys.begin_confirmation(claims)))


@router.post(
    "/passkey-confirmation",
    operation_id="confirmSignInWithPasskey",
    summary="Confirm your sign-in with a passkey",
)
def confirm(services: Services, claims: UnconfirmedClaims, body: PasskeyResponse) -> ConfirmedBody:
    """Confirm the sign-in, as a code of an app does."""
    return ConfirmedBody.of(services.passkeys.confirm(claims, body.credential))


@signing_in.post(
    "/options",
    operation_id="beginPasskeySignIn",
    summary="Begin a sign-in with a passkey",
)
def begin_sign_in(caller: CurrentCaller, services: Services) -> PasskeyOptions:
    """Return the options for `navigator.credentials.get`. They are the same for everyone."""
    return PasskeyOptions(public_key=dict(services.passkeys.begin_sign_in(caller.tenant_id)))


@signing_in.post(
    "",
    operation_id="signInWithPasskey",
    summary="Sign in with a passkey",
)
def sign_in(
    caller: CurrentCaller,
    services: Services,
    deliver: CurrentTokenDelivery,
    body: PasskeyResponse,
) -> Tokens:
    """Sign in to the tenant that `X-Tenant-ID` names, without a password.

    The passkey has verified its user, so no second factor is required.
    """
    return deliver(services.passkeys.sign_in(caller.tenant_id, body.credential))
